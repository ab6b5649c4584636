//! The demo company's market: competitors, segments, campaigns with members, surveys and what was answered.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::made::MadeRecords;
use super::random::Random;
use super::seed::{Seed, day, instant, money, shift, workday};

/// Name, strength, categories, region, share; advantages, weaknesses, policy, our answer.
type Rival = (
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static str,
    &'static str,
    [&'static str; 4],
);

const RIVALS: [Rival; 6] = [
    (
        "海川涂料经销",
        "EQUAL",
        &["TL01", "TL02"],
        "TJ",
        "12",
        [
            "本地有调色中心，当天出色板",
            "防腐品种不全，常缺货",
            "现款优惠三个点，账期不超过 30 天",
            "强调配套方案和检测报告",
        ],
    ),
    (
        "联正化工贸易",
        "STRONGER",
        &["SZ01", "SZ02"],
        "SH",
        "18",
        [
            "代理两家进口环氧，价格透明",
            "技术服务靠厂家，响应慢",
            "年度返利，量大账期 90 天",
            "以国产替代样品切入，先做小试",
        ],
    ),
    (
        "南港塑料",
        "EQUAL",
        &["SL01", "SL02"],
        "QZ",
        "15",
        ["保税仓现货多", "改性料批次稳定性差", "随行就市，一单一议", "提供批次检测和留样"],
    ),
    (
        "鲁胶商贸",
        "WEAKER",
        &["XJ01", "XJ02"],
        "QD",
        "8",
        ["与本地轮胎厂关系深", "只做通用胶种", "低价抢单，只接现款", "主推特种橡胶和助剂配套"],
    ),
    (
        "恒远材料直销",
        "STRONGER",
        &["SL04", "SL05"],
        "HD",
        "22",
        ["厂家直销，交期稳定", "小客户不接，起订量高", "季度合同价", "对中小客户拆包供货"],
    ),
    (
        "津树新材",
        "WEAKER",
        &["SZ09"],
        "TJ",
        "4",
        ["生物基树脂有专利宣传", "产能小，供货不稳", "首单免费试样", "用第三方碳足迹报告比较"],
    ),
];

/// Returns the competitors.
pub(super) fn competitors() -> Vec<Seed> {
    let rival = |(place, rival): (usize, Rival)| {
        let (name, strength, categories, region, share, [good, bad, policy, answer]) = rival;
        let code = format!("JZ{:02}", place + 1);
        Seed::new("Competitor", code.as_str())
            .with("code", code.as_str())
            .with("name", name)
            .with("strength", strength)
            .links("categories", "ItemCategory", categories)
            .link("region", "Region", region)
            .with("marketShare", share)
            .with("advantages", good)
            .with("weaknesses", bad)
            .with("policy", policy)
            .with("response", answer)
    };
    RIVALS.into_iter().enumerate().map(rival).collect()
}

/// Returns the segments.
pub(super) fn segments() -> Vec<Seed> {
    let segment = |key: &str, name: &str, subject: &str, filter: Value, approach: &str| {
        Seed::new("Segment", key)
            .with("name", name)
            .with("subject", subject)
            .with("filter", filter)
            .link("owner", "Employee", "wu")
            .with("approach", approach)
    };
    vec![
        segment(
            "XF01",
            "战略与重点复合材料客户",
            "CUSTOMER",
            json!({ "industry": { "eq": "COMPOSITES" }, "level": { "in": ["A", "B"] } }),
            "关注树脂批次稳定与碳足迹，适合推介生物基环氧。",
        ),
        segment(
            "XF02",
            "休眠客户",
            "CUSTOMER",
            json!({ "lifecycle": { "eq": "DORMANT" } }),
            "半年未下单，先由客服回访，再由业务员带新品样上门。",
        ),
        segment(
            "XF03",
            "华北钢结构与船舶防腐",
            "CUSTOMER",
            json!({ "industry": { "in": ["STEEL_STRUCTURE", "MARINE"] }, "region": { "code": { "eq": "TJ" } } }),
            "冬季施工难，主推冬用型固化剂和水性防锈底漆。",
        ),
        segment(
            "XF04",
            "技术决策联系人",
            "CONTACT",
            json!({ "role": { "eq": "TECHNICIAN" }, "isActive": { "eq": true } }),
            "技术研讨会首选邀请对象。",
        ),
        segment(
            "XF05",
            "待跟进的网络线索",
            "LEAD",
            json!({ "source": { "eq": "WEB" }, "status": { "in": ["OPEN", "WORKING"] } }),
            "两个工作日内必须首次联系。",
        ),
    ]
}

/// A campaign: `starts` are days from today, `yuan` the budget and the cost.
struct Event {
    key: &'static str,
    name: &'static str,
    kind: &'static str,
    status: &'static str,
    starts: i64,
    days: i64,
    place: &'static str,
    region: &'static str,
    categories: &'static [&'static str],
    segment: Option<&'static str>,
    yuan: (i64, Option<i64>),
    leads: i64,
    department: &'static str,
    owner: &'static str,
}

const EVENTS: [Event; 6] = [
    Event {
        key: "HD01",
        name: "国际涂料展信风展位",
        kind: "EXHIBITION",
        status: "CLOSED",
        starts: -75,
        days: 3,
        place: "国家会展中心 4.1 馆",
        region: "SH",
        categories: &["TL01", "TL04"],
        segment: None,
        yuan: (120_000, Some(113_600)),
        leads: 40,
        department: "SC",
        owner: "tang",
    },
    Event {
        key: "HD02",
        name: "生物基树脂应用研讨会",
        kind: "SEMINAR",
        status: "CLOSED",
        starts: -40,
        days: 1,
        place: "苏州 吴中会议中心",
        region: "SH",
        categories: &["SZ09", "SZ02"],
        segment: Some("XF01"),
        yuan: (35_000, Some(31_280)),
        leads: 15,
        department: "SC",
        owner: "wu",
    },
    Event {
        key: "HD03",
        name: "华北冬季施工走访月",
        kind: "TOUR",
        status: "RUNNING",
        starts: -12,
        days: 30,
        place: "天津、唐山",
        region: "TJ",
        categories: &["TL01", "TL06"],
        segment: Some("XF03"),
        yuan: (20_000, None),
        leads: 10,
        department: "TJ-FGS",
        owner: "wang",
    },
    Event {
        key: "HD04",
        name: "光固化新品线上推介",
        kind: "ONLINE",
        status: "RUNNING",
        starts: -5,
        days: 20,
        place: "直播间",
        region: "SH",
        categories: &["SZ09"],
        segment: Some("XF04"),
        yuan: (8_000, None),
        leads: 25,
        department: "SC",
        owner: "wu",
    },
    Event {
        key: "HD05",
        name: "休眠客户唤醒电话行动",
        kind: "TELEMARKETING",
        status: "PLANNED",
        starts: 10,
        days: 14,
        place: "客户服务部",
        region: "SH",
        categories: &[],
        segment: Some("XF02"),
        yuan: (3_000, None),
        leads: 12,
        department: "SC",
        owner: "wu",
    },
    Event {
        key: "HD06",
        name: "晋江鞋材橡塑展",
        kind: "EXHIBITION",
        status: "PLANNED",
        starts: 45,
        days: 3,
        place: "晋江国际展览馆",
        region: "QZ",
        categories: &["SL06", "XJ02"],
        segment: None,
        yuan: (60_000, None),
        leads: 30,
        department: "SC",
        owner: "tang",
    },
];

/// Returns the campaigns. Leads come later, so that only customers and contacts are members.
pub(super) fn campaigns(made: &MadeRecords<'_>) -> Vec<Seed> {
    let random = &mut Random::new(0x6361_6D70_6169_676E);
    let mut seeds = Vec::new();
    for (place, event) in EVENTS.iter().enumerate() {
        let starts = workday(shift(made.today, event.starts));
        let mut members = Vec::new();
        for (_, customer) in made.spread(place * 3, 6) {
            let Some(contact) = customer.first_contact() else { continue };
            let status = match event.status {
                "CLOSED" => *random.pick(&["ATTENDED", "ATTENDED", "DECLINED", "ABSENT"]),
                "RUNNING" => *random.pick(&["INVITED", "ACCEPTED", "DECLINED"]),
                _ => "INVITED",
            };
            let answered = (status != "INVITED").then(|| day(shift(starts, -3)));
            members.push(
                Seed::new("CampaignMember", "")
                    .link("customer", "Customer", &customer.key)
                    .link("contact", "Contact", contact)
                    .with("status", status)
                    .maybe("respondedOn", answered),
            );
        }
        let (budget, cost) = event.yuan;
        let summary = match event.status {
            "CLOSED" => "到场人数符合预期，会后一周内由业务员逐一跟进。",
            _ => "邀请名单由市场部拟定，业务员确认后发邀请。",
        };
        seeds.push(
            Seed::new("Campaign", event.key)
                .with("name", event.name)
                .with("kind", event.kind)
                .with("status", event.status)
                .with("startsOn", day(starts))
                .with("endsOn", day(shift(starts, event.days - 1)))
                .with("place", event.place)
                .link("region", "Region", event.region)
                .links("categories", "ItemCategory", event.categories)
                .maybe_link("segment", "Segment", event.segment)
                .with("budget", money(budget * 100))
                .maybe("actualCost", cost.map(|yuan| money(yuan * 100)))
                .with("expectedLeads", event.leads)
                .link("department", "Department", event.department)
                .link("owner", "Employee", event.owner)
                .rows("members", members)
                .with("summary", summary),
        );
    }
    seeds
}

/// Returns the key of the campaign that brought a lead, if one did: the newest that fits and had begun.
pub(super) fn campaign_of(lead: &Seed, today: NaiveDate) -> Option<&'static str> {
    let fits = |event: &&Event| match lead.text("source") {
        "EXHIBITION" => event.kind == "EXHIBITION",
        "CAMPAIGN" => event.kind != "EXHIBITION",
        _ => false,
    };
    let begun = |event: &&Event| {
        day(workday(shift(today, event.starts))).as_str() <= lead.text("receivedOn")
    };
    EVENTS.iter().rev().filter(begun).find(fits).map(|event| event.key)
}

const QUESTIONS: [(&str, &str, Option<&str>); 4] = [
    ("对业务员专业能力的评价", "RATING", None),
    ("对交货准时的评价", "RATING", None),
    ("对产品质量稳定性的评价", "RATING", None),
    ("最希望改进的方面", "SINGLE", Some("价格\n交期\n技术支持\n账期")),
];

/// Returns the surveys.
pub(super) fn surveys(today: NaiveDate) -> Vec<Seed> {
    let survey = |key: &str, name: &str, purpose: &str, status: &str, opens: i64, closes: i64| {
        Seed::new("Survey", key)
            .with("name", name)
            .with("purpose", purpose)
            .with("status", status)
            .with("opensOn", day(shift(today, opens)))
            .with("closesOn", day(shift(today, closes)))
            .link("department", "Department", "SC")
            .link("owner", "Employee", "wu")
    };
    let questions = QUESTIONS.map(|(text, kind, choices)| {
        Seed::new("SurveyQuestion", "")
            .with("text", text)
            .with("kind", kind)
            .maybe("choices", choices)
    });
    let demand = [
        ("目前树脂的主要用途", "TEXT", None),
        ("年用量（吨）", "NUMBER", None),
        ("考虑生物基材料的原因", "MULTIPLE", Some("客户要求\n出口认证\n环保政策\n成本")),
    ]
    .map(|(text, kind, choices)| {
        Seed::new("SurveyQuestion", "")
            .with("text", text)
            .with("kind", kind)
            .maybe("choices", choices)
    });
    vec![
        survey("WJ01", "年度客户满意度调查", "SATISFACTION", "OPEN", -60, 20)
            .with("introduction", "请用三分钟评价我们过去一年的工作，每项 1 至 5 分。")
            .rows("questions", questions),
        survey("WJ02", "生物基树脂需求调查", "DEMAND", "CLOSED", -45, -10)
            .link("campaign", "Campaign", "HD02")
            .rows("questions", demand),
        survey("WJ03", "光固化新品试用意见", "PRODUCT", "DRAFT", 5, 40)
            .link("campaign", "Campaign", "HD04"),
    ]
}

/// Returns the responses to the yearly survey.
pub(super) fn responses(made: &MadeRecords<'_>) -> Vec<Seed> {
    let random = &mut Random::new(0x7375_7276_6579_0001);
    let improve = ["价格", "交期", "技术支持", "账期"];
    let says = ["希望提前通知调价。", "送货司机服务很好。", "技术员到场慢。", "报价再快一些。"];
    let mut seeds = Vec::new();
    for (place, (_, customer)) in made.spread(0, 18).into_iter().enumerate() {
        let Some(contact) = customer.first_contact() else { continue };
        let answers = QUESTIONS.map(|(text, kind, _)| {
            let answer = Seed::new("SurveyAnswer", "").with("question", text);
            match kind {
                "RATING" => answer.with("score", random.between(2, 5)),
                _ => answer.with("text", *random.pick(&improve)),
            }
        });
        let at = workday(shift(made.today, -random.between(2, 55)));
        seeds.push(
            Seed::new("SurveyResponse", format!("DJ{:03}", place + 1))
                .link("survey", "Survey", "WJ01")
                .link("customer", "Customer", &customer.key)
                .link("contact", "Contact", contact)
                .with("respondedAt", instant(at, random.between(10, 420)))
                .with("channel", *random.pick(&["PHONE", "PHONE", "WECHAT", "WEB"]))
                .link("employee", "Employee", customer.served_by())
                .with("recommendation", random.between(5, 10))
                .rows("answers", answers)
                .maybe("suggestion", random.chance(60).then(|| *random.pick(&says))),
        );
    }
    seeds
}
