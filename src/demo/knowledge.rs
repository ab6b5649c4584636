//! The demo company's knowledge articles and resources.

use chrono::NaiveDate;

use super::seed::{Seed, day, shift};

/// Key, title, topic, categories, keywords, question, answer, whether customers may have it.
struct Article {
    key: &'static str,
    title: &'static str,
    topic: &'static str,
    categories: &'static [&'static str],
    keywords: &'static str,
    question: &'static str,
    answer: &'static str,
    is_public: bool,
}

const ARTICLES: [Article; 9] = [
    Article {
        key: "ZS01",
        title: "聚氨酯面漆冬季施工要点",
        topic: "APPLICATION",
        categories: &["TL02", "TL06"],
        keywords: "低温 干燥慢 冬用型 固化剂",
        question: "气温低于 10 ℃ 时面漆不干怎么办？",
        answer: "改用冬用型固化剂；基材温度高于露点 3 ℃；漆料预热到 15 ℃ 以上；两道间隔延长到 36 小时。",
        is_public: true,
    },
    Article {
        key: "ZS02",
        title: "PA66 GF30 烘料与银纹处理",
        topic: "TROUBLE",
        categories: &["SL01"],
        keywords: "尼龙 银纹 水分 烘料",
        question: "玻纤增强尼龙制品出现银纹的原因？",
        answer: "多为水分超标：除湿烘干 110 ℃ 四小时，含水率低于 0.2%；其次查背压和料筒残料。",
        is_public: true,
    },
    Article {
        key: "ZS03",
        title: "调色色差的判定与复调流程",
        topic: "TROUBLE",
        categories: &["TL02", "TL03", "TL04"],
        keywords: "色差 RAL 调色 打板",
        question: "客户反映大货与色板不一致如何处理？",
        answer: "同光源比对并测 ΔE；超过 0.8 复调，免费出新板；留样编号记入投诉单。",
        is_public: false,
    },
    Article {
        key: "ZS04",
        title: "MSDS 与质检报告的提供规则",
        topic: "POLICY",
        categories: &[],
        keywords: "MSDS 质检报告 盖章",
        question: "客户要资料，谁可以发、多久发？",
        answer: "公开资料客服当日发电子版；盖章件由商务部两个工作日内出；批次报告须写明批号。",
        is_public: false,
    },
    Article {
        key: "ZS05",
        title: "生物基环氧牌号选型表",
        topic: "PRODUCT",
        categories: &["SZ09"],
        keywords: "生物基 低粘 灌注 浇注",
        question: "灌注、浇注、拉挤各选哪个牌号？",
        answer: "灌注用低粘型；浇注用浇注型；拉挤用 B-45；碳含量报告随样寄出。",
        is_public: true,
    },
    Article {
        key: "ZS06",
        title: "危险品运输与仓储须知",
        topic: "SAFETY",
        categories: &["TL01", "TL02", "TL06", "SZ01"],
        keywords: "危险品 UN1263 运输 仓储",
        question: "油漆、固化剂送货有哪些限制？",
        answer: "须危险品车辆与押运员；提前三天预约；客户仓须有防爆照明；夏季 10 点至 16 点不装卸。",
        is_public: true,
    },
    Article {
        key: "ZS07",
        title: "国产替代进口环氧的话术与证据",
        topic: "SELLING",
        categories: &["SZ02"],
        keywords: "国产替代 环氧 对比",
        question: "客户担心国产料不稳定怎么谈？",
        answer: "先给三批次检测对比，再约小试；列同行案例；谈总成本而非单价。",
        is_public: false,
    },
    Article {
        key: "ZS08",
        title: "客户账期与信用额度申请",
        topic: "POLICY",
        categories: &[],
        keywords: "账期 信用额度 审批",
        question: "客户要求月结 60 天怎么办？",
        answer: "年采购额 50 万以上可申请；附近一年付款记录，部门经理与财务会签。",
        is_public: false,
    },
    Article {
        key: "ZS09",
        title: "光固化树脂常见问题（整理中）",
        topic: "PRODUCT",
        categories: &["SZ09"],
        keywords: "光固化 官能度",
        question: "不同官能度如何选？",
        answer: "",
        is_public: false,
    },
];

/// Returns the articles: all are published but the last.
pub(super) fn articles(today: NaiveDate) -> Vec<Seed> {
    let article = |article: &Article| {
        let published = !article.answer.is_empty();
        let author = if article.topic == "PRODUCT" { "wu" } else { "dong" };
        Seed::new("KnowledgeArticle", article.key)
            .with("title", article.title)
            .with("topic", article.topic)
            .with("status", if published { "PUBLISHED" } else { "DRAFT" })
            .links("categories", "ItemCategory", article.categories)
            .with("keywords", article.keywords)
            .with("question", article.question)
            .maybe("answer", published.then_some(article.answer))
            .with("isPublic", article.is_public)
            .link("owner", "Employee", author)
            .maybe("publishedOn", published.then(|| day(shift(today, -150))))
            .maybe("reviewOn", published.then(|| day(shift(today, 215))))
    };
    ARTICLES.iter().map(article).collect()
}

/// Code, name, kind, status, quantity, department, keeper, place.
const RESOURCES: [(&str, &str, &str, &str, i64, &str, &str, &str); 10] = [
    ("ZY01", "公司产品手册", "DOCUMENT", "AVAILABLE", 500, "SC", "tang", "市场部资料柜"),
    ("ZY02", "RAL 工业色卡", "SAMPLE_BOARD", "AVAILABLE", 60, "SC", "tang", "市场部资料柜"),
    ("ZY03", "防腐体系样板箱", "SAMPLE_BOARD", "IN_USE", 8, "SH-TL", "zhao", "涂料事业部"),
    ("ZY04", "拉拔附着力测试仪", "INSTRUMENT", "AVAILABLE", 2, "KF", "cao", "客服仪器室"),
    ("ZY05", "涂层测厚仪", "INSTRUMENT", "AVAILABLE", 6, "KF", "cao", "客服仪器室"),
    ("ZY06", "便携色差仪", "INSTRUMENT", "MAINTENANCE", 1, "KF", "cao", "送检"),
    ("ZY07", "天津分公司商务车", "VEHICLE", "AVAILABLE", 1, "TJ-FGS", "wang", "天津"),
    ("ZY08", "总部三楼会议室", "ROOM", "AVAILABLE", 1, "SW", "xie", "上海总部"),
    ("ZY09", "展会易拉宝与灯箱", "EXHIBIT", "AVAILABLE", 12, "SC", "tang", "市场部库房"),
    ("ZY10", "安全技术说明书汇编", "DOCUMENT", "AVAILABLE", 200, "SW", "xie", "商务部"),
];

/// Returns the resources.
pub(super) fn resources() -> Vec<Seed> {
    let resource = |(code, name, kind, status, quantity, department, keeper, place): (
        &'static str,
        &'static str,
        &'static str,
        &'static str,
        i64,
        &'static str,
        &'static str,
        &'static str,
    )| {
        Seed::new("Resource", code)
            .with("code", code)
            .with("name", name)
            .with("kind", kind)
            .with("status", status)
            .with("quantity", quantity)
            .link("department", "Department", department)
            .link("keeper", "Employee", keeper)
            .with("place", place)
    };
    RESOURCES.into_iter().map(resource).collect()
}
