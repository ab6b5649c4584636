//! Parts from which the demo company's names and texts are combined.

use super::random::Random;

/// The trade of a customer.
#[derive(Clone, Copy)]
pub(super) struct Trade {
    /// The middle part of the company's name.
    pub(super) business: &'static str,
    /// API name of the industry.
    pub(super) industry: &'static str,
    pub(super) products: &'static str,
}

const fn trade(business: &'static str, industry: &'static str, products: &'static str) -> Trade {
    Trade { business, industry, products }
}

const PAINTERS: [Trade; 8] = [
    trade("钢结构工程", "STEEL_STRUCTURE", "厂房钢结构、桥梁构件"),
    trade("防腐工程", "COATINGS", "储罐与管道防腐施工"),
    trade("船舶重工", "MARINE", "船体分段、甲板机械"),
    trade("机械制造", "MACHINERY", "工程机械结构件"),
    trade("家具", "FURNITURE", "办公与民用家具"),
    trade("涂装科技", "COATINGS", "工业涂装加工"),
    trade("集装箱", "STEEL_STRUCTURE", "特种集装箱、模块房"),
    trade("地坪建材", "BUILDING_MATERIALS", "工业地坪与建材"),
];
const MOULDERS: [Trade; 7] = [
    trade("塑胶制品", "PLASTICS", "注塑件、电器外壳"),
    trade("汽车部件", "AUTOMOTIVE", "内外饰件、发动机周边件"),
    trade("精密模塑", "PLASTICS", "精密齿轮、连接器"),
    trade("电器", "ELECTRONICS", "小家电、开关插座"),
    trade("电子科技", "ELECTRONICS", "线束与接插件"),
    trade("包装材料", "PLASTICS", "薄壁容器、周转箱"),
    trade("新材料科技", "PLASTICS", "改性塑料粒子"),
];
const RUBBER_MAKERS: [Trade; 6] = [
    trade("橡塑制品", "RUBBER", "密封条、减震件"),
    trade("密封件", "RUBBER", "油封、O 型圈"),
    trade("胶管", "RUBBER", "液压胶管、空调管"),
    trade("鞋材", "FOOTWEAR", "鞋底、发泡鞋材"),
    trade("轮胎", "RUBBER", "工程胎、实心胎"),
    trade("汽车密封系统", "AUTOMOTIVE", "车门密封条"),
];
const RESIN_USERS: [Trade; 6] = [
    trade("复合材料", "COMPOSITES", "玻璃钢管道、拉挤型材"),
    trade("玻璃钢", "COMPOSITES", "储罐、格栅、洁具"),
    trade("电子材料", "ELECTRONICS", "覆铜板、灌封胶"),
    trade("磨料磨具", "MACHINERY", "树脂砂轮"),
    trade("风电叶片", "COMPOSITES", "叶片与机舱罩"),
    trade("人造石", "BUILDING_MATERIALS", "人造石台面"),
];

/// The trades that buy goods of a top-level category.
pub(super) fn trades(line: &str) -> &'static [Trade] {
    match line {
        "TL" => &PAINTERS,
        "SL" => &MOULDERS,
        "XJ" => &RUBBER_MAKERS,
        _ => &RESIN_USERS,
    }
}

/// Cities of a region, each with a street.
pub(super) fn cities(region: &str) -> &'static [(&'static str, &'static str)] {
    match region {
        "TJ" => &[
            ("天津", "西青区泰康道"),
            ("天津", "津南区双港工业园"),
            ("天津", "北辰区景丽路"),
            ("天津", "滨海新区盛达街"),
        ],
        "HB" => &[("北京", "通州区工业大道"), ("唐山", "丰润区建设路"), ("廊坊", "开发区友谊路")],
        "QZ" | "DN" => &[
            ("泉州", "洛江区万安路"),
            ("晋江", "陈埭镇鞋都路"),
            ("厦门", "同安区集安路"),
            ("石狮", "灵秀镇创业路"),
        ],
        "QD" => &[
            ("青岛", "城阳区春阳路"),
            ("青岛", "胶州市云溪路"),
            ("烟台", "福山区永达街"),
            ("潍坊", "坊子区北海路"),
        ],
        "ZN" => &[("武汉", "蔡甸区凤凰大道"), ("长沙", "望城区腾飞路"), ("郑州", "中牟县广惠街")],
        "XB" => &[("西安", "长安区创新路"), ("兰州", "新区纬一路"), ("银川", "贺兰县德胜路")],
        "HD" => &[("南京", "江宁区秣周路"), ("无锡", "惠山区堰新路"), ("杭州", "余杭区兴国路")],
        _ => &[
            ("上海", "松江区新飞路"),
            ("上海", "嘉定区宝钱公路"),
            ("昆山", "玉山镇城北路"),
            ("苏州", "吴中区吴淞路"),
            ("嘉兴", "秀洲区康和路"),
            ("宁波", "北仑区大港路"),
        ],
    }
}

/// The telephone area code of a region.
pub(super) fn area(region: &str) -> &'static str {
    match region {
        "TJ" | "HB" => "022",
        "QZ" | "DN" => "0595",
        "QD" => "0532",
        "ZN" => "027",
        "XB" => "029",
        _ => "021",
    }
}

/// First characters of company names.
pub(super) const FIRST: [&str; 30] = [
    "鑫", "恒", "盛", "瑞", "宏", "远", "凯", "泰", "嘉", "华", "德", "祥", "博", "金", "永", "汇",
    "正", "利", "顺", "安", "天", "晟", "铭", "润", "启", "翔", "锦", "隆", "东", "海",
];
/// Second characters of company names.
pub(super) const SECOND: [&str; 26] = [
    "源", "达", "泽", "腾", "峰", "洋", "通", "辉", "科", "信", "诚", "邦", "岳", "帆", "宇", "航",
    "川", "屹", "朗", "益", "骏", "昇", "佳", "美", "丰", "耀",
];

const SURNAMES: [&str; 32] = [
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭",
    "何", "林", "高", "罗", "郑", "梁", "谢", "宋", "唐", "许", "邓", "韩", "冯", "曹", "彭", "曾",
];
const GIVEN: [&str; 40] = [
    "建国", "志强", "丽娟", "海燕", "文军", "晓明", "国平", "秀英", "伟", "敏", "静", "磊", "洋",
    "勇", "艳", "杰", "涛", "明", "超", "霞", "桂兰", "俊峰", "玉梅", "永刚", "春生", "雪梅",
    "宏伟", "金龙", "立军", "红霞", "少波", "思琪", "浩宇", "子轩", "雨桐", "嘉怡", "振华", "新民",
    "成林", "德明",
];

/// Returns a random person's name.
pub(super) fn person(random: &mut Random) -> String {
    format!("{}{}", random.pick(&SURNAMES), random.pick(&GIVEN))
}

/// Customer types, repeated by frequency: mostly industrial end users.
pub(super) const CUSTOMER_TYPES: [&str; 8] = [
    "INDUSTRIAL_END",
    "INDUSTRIAL_END",
    "INDUSTRIAL_END",
    "INDUSTRIAL_END",
    "INDUSTRIAL_END",
    "DEALER",
    "TRADER",
    "CONTRACTOR",
];
/// Sources of customers, leads and opportunities.
pub(super) const SOURCES: [&str; 6] =
    ["CAMPAIGN", "EXHIBITION", "PHONE", "WEB", "REFERRAL", "COLD_VISIT"];
/// Payment terms.
pub(super) const PAYMENT_TERMS: [&str; 5] =
    ["PREPAID", "ON_DELIVERY", "NET_30", "NET_60", "NET_90"];

/// Job title, division and role in a purchase.
pub(super) const JOBS: [(&str, &str, &str); 9] = [
    ("采购经理", "采购部", "BUYER"),
    ("采购员", "采购部", "BUYER"),
    ("总经理", "总经办", "DECISION_MAKER"),
    ("副总经理", "总经办", "DECISION_MAKER"),
    ("技术部长", "技术部", "TECHNICIAN"),
    ("工艺工程师", "技术部", "TECHNICIAN"),
    ("生产主管", "生产部", "USER"),
    ("质量经理", "品质部", "INFLUENCER"),
    ("财务经理", "财务部", "ACCOUNTANT"),
];

/// Remarks on customers.
pub(super) const CUSTOMER_REMARKS: [&str; 6] = [
    "每季度末集中采购，需提前两周备货。",
    "对气味和环保指标要求严格，送货须附检测报告。",
    "现用进口料，有国产替代意向。",
    "扩建二期厂房，明年用量预计增加三成。",
    "付款准时，可优先供货。",
    "送货须提前一天预约，只收上午。",
];

/// Notes on the competition for an opportunity.
pub(super) const COMPETITION: [&str; 5] = [
    "现供应商账期更长",
    "本地两家贸易商同时报价",
    "客户倾向进口品牌",
    "同行报价低约三个百分点",
    "暂无明显竞争对手",
];
