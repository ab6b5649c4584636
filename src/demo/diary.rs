//! The days of the demo company's people: schedules, tracks, mails, short messages, trainings and alerts.

use chrono::NaiveDate;
use serde_json::json;

use super::made::MadeRecords;
use super::people::STAFF;
use super::random::Random;
use super::seed::{Seed, day, instant, shift, workday};

/// Returns schedules of the past and next weeks, with customers of one's own.
pub(super) fn schedules(made: &MadeRecords<'_>) -> Vec<Seed> {
    let random = &mut Random::new(0x7363_6865_6475_6C65);
    let mut seeds = Vec::new();
    for (place, (_, customer)) in made.spread(0, 26).into_iter().enumerate() {
        let date = workday(shift(made.today, random.between(-14, 14)));
        let start = random.between(0, 80) * 5;
        let length = random.between(4, 24) * 5;
        let (kind, what) =
            *random.pick(&[("VISIT", "拜访"), ("VISIT", "送样"), ("MEETING", "会谈")]);
        seeds.push(
            Seed::new("Schedule", format!("RC{:03}", place + 1))
                .with("subject", format!("{what} {}", customer.short_name))
                .with("kind", kind)
                .with("startsAt", instant(date, start))
                .with("endsAt", instant(date, start + length))
                .with("status", if date < made.today { "DONE" } else { "PLANNED" })
                .with("place", customer.address.as_str())
                .link("customer", "Customer", &customer.key)
                .link("employee", "Employee", customer.owner)
                .link("department", "Department", customer.department)
                .with("remindMinutes", 60),
        );
    }
    for (place, (who, department)) in
        [("zhang", "TJ-TL"), ("wang", "TJ-FGS"), ("wu", "SC"), ("zheng", "TJ-FGS")]
            .iter()
            .enumerate()
    {
        let date = workday(shift(made.today, 7));
        seeds.push(
            Seed::new("Schedule", format!("RC9{place:02}"))
                .with("subject", "部门周例会")
                .with("kind", "MEETING")
                .with("startsAt", instant(date, 0))
                .with("endsAt", instant(date, 60))
                .link("employee", "Employee", who)
                .link("department", "Department", department),
        );
    }
    seeds
}

/// Latitude and longitude of a region's city, in millionths of a degree.
fn position(region: &str) -> (i64, i64) {
    match region {
        "TJ" | "HB" => (39_084_200, 117_201_000),
        "QZ" | "DN" => (24_874_100, 118_675_700),
        "QD" => (36_067_100, 120_382_600),
        "ZN" => (30_593_100, 114_305_400),
        "XB" => (34_341_600, 108_939_800),
        _ => (31_230_400, 121_473_700),
    }
}

/// Returns a check-in and a check-out at some customers.
pub(super) fn tracks(made: &MadeRecords<'_>) -> Vec<Seed> {
    let random = &mut Random::new(0x7472_6163_6B73_0001);
    let mut seeds = Vec::new();
    for (place, (_, customer)) in made.spread(0, 14).into_iter().enumerate() {
        let date = workday(shift(made.today, -random.between(1, 20)));
        let start = random.between(10, 300);
        let (north, east) = position(customer.region);
        let (north, east) = (north + random.between(0, 90_000), east + random.between(0, 90_000));
        let degrees =
            |millionths: i64| format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000);
        for (kind, minutes) in [("CHECK_IN", start), ("CHECK_OUT", start + random.between(30, 120))]
        {
            seeds.push(
                Seed::new("Track", format!("GJ{:03}-{kind}", place + 1))
                    .with("locatedAt", instant(date, minutes))
                    .with("kind", kind)
                    .with("latitude", degrees(north))
                    .with("longitude", degrees(east))
                    .with("accuracyMeters", random.between(5, 60))
                    .with("address", customer.address.as_str())
                    .link("employee", "Employee", customer.owner)
                    .link("department", "Department", customer.department)
                    .with("device", "移动端"),
            );
        }
    }
    seeds
}

const MAILS: [(&str, &str, &str); 5] = [
    ("OUT", "报价单与付款条件", "附上本次报价，有效期三十天，含运费。如需调整数量请告知。"),
    ("IN", "询问样品到货时间", "样品是否已寄出？我司下周二安排小试。"),
    ("OUT", "质检报告与 MSDS", "按贵司要求寄上本批次质检报告与安全技术说明书。"),
    ("OUT", "研讨会邀请函", "诚邀参加生物基树脂应用研讨会，会后安排参观实验室。"),
    ("IN", "请确认下月供货计划", "下月计划用量见正文，请确认交期。"),
];

/// Returns mails to and from contacts.
pub(super) fn emails(made: &MadeRecords<'_>) -> Vec<Seed> {
    let random = &mut Random::new(0x656D_6169_6C73_0001);
    let mut seeds = Vec::new();
    for (place, (index, customer)) in made.spread(0, 22).into_iter().enumerate() {
        let Some(contact) = customer.contacts.first() else { continue };
        let &(direction, subject, body) = random.pick(&MAILS);
        let draft = direction == "OUT" && random.chance(10);
        let sent =
            instant(workday(shift(made.today, -random.between(1, 40))), random.between(0, 500));
        let site = format!("{}.example", customer.key.to_lowercase());
        let opportunity = made.opportunity_of(index).map(|opportunity| opportunity.key.as_str());
        let campaign = (subject == "研讨会邀请函").then_some("HD02");
        seeds.push(
            Seed::new("Email", format!("YJ{:03}", place + 1))
                .with("subject", subject)
                .with("direction", direction)
                .with("status", if draft { "DRAFT" } else { "SENT" })
                .link("customer", "Customer", &customer.key)
                .link("contact", "Contact", &contact.key)
                .with("address", format!("{}@{site}", contact.key.to_lowercase()))
                .with("body", format!("{}您好：\n{body}", contact.name))
                .maybe_link("opportunity", "Opportunity", opportunity)
                .maybe_link("campaign", "Campaign", campaign)
                .maybe("sentAt", (!draft).then_some(sent))
                .link("employee", "Employee", customer.owner)
                .link("department", "Department", customer.department),
        );
    }
    seeds
}

/// Returns short messages to contacts.
pub(super) fn messages(made: &MadeRecords<'_>) -> Vec<Seed> {
    let random = &mut Random::new(0x736D_7300_0000_0001);
    let texts = [
        "您订购的货物已发出，预计明日到达，请安排卸货。",
        "样品已寄出，单号见微信，收到后请告知试样结果。",
        "中秋将至，信风化工祝您阖家团圆。",
        "下月起部分环氧产品调价，如需备货请于本周五前下单。",
    ];
    let mut seeds = Vec::new();
    for (place, (_, customer)) in made.spread(1, 18).into_iter().enumerate() {
        let Some(contact) = customer.contacts.first() else { continue };
        let failed = random.chance(8);
        let sent = workday(shift(made.today, -random.between(1, 60)));
        seeds.push(
            Seed::new("SmsMessage", format!("DX{:03}", place + 1))
                .with("text", format!("【信风化工】{}", random.pick(&texts)))
                .with("status", if failed { "FAILED" } else { "SENT" })
                .link("customer", "Customer", &customer.key)
                .link("contact", "Contact", &contact.key)
                .with("mobile", contact.mobile.as_str())
                .with("sentAt", instant(sent, random.between(0, 480)))
                .link("employee", "Employee", customer.owner)
                .link("department", "Department", customer.department),
        );
    }
    seeds
}

/// Course, kind, provider, hours, days ago, who took it.
const COURSES: [(&str, &str, &str, &str, i64, &[&str]); 5] = [
    (
        "危险化学品经营安全培训",
        "SAFETY",
        "市应急管理培训中心",
        "24",
        200,
        &["fan", "shi", "zhang", "chen"],
    ),
    ("工业涂料配套方案", "PRODUCT", "涂料事业部", "8", 90, &["zhang", "li", "liu", "xu"]),
    ("顾问式销售", "SALES", "外聘讲师", "16", 150, &["sun", "guo", "lin", "tian"]),
    ("投诉处理与回访话术", "SERVICE", "客户服务部", "6", 60, &["zheng", "dong"]),
    ("客户系统操作", "SYSTEM", "商务部", "3", 30, &["zhang", "zhou", "wu", "feng", "yan"]),
];

/// Returns the trainings.
pub(super) fn trainings(today: NaiveDate) -> Vec<Seed> {
    let random = &mut Random::new(0x7472_6169_6E00_0001);
    let mut seeds = Vec::new();
    for (course, kind, provider, hours, ago, people) in COURSES {
        let starts = workday(shift(today, -ago));
        for who in people {
            let certificate = (kind == "SAFETY").then(|| format!("AQ{}", random.digits(8)));
            let valid = certificate.is_some().then(|| day(shift(starts, 3 * 365)));
            seeds.push(
                Seed::new("EmployeeTraining", format!("{who}-{kind}"))
                    .with("name", course)
                    .link("employee", "Employee", who)
                    .with("kind", kind)
                    .with("provider", provider)
                    .with("startsOn", day(starts))
                    .with("endsOn", day(shift(starts, 1)))
                    .with("hours", hours)
                    .with("result", "PASSED")
                    .with("score", random.between(72, 98).to_string())
                    .maybe("certificateNumber", certificate)
                    .maybe("validUntil", valid),
            );
        }
    }
    seeds
}

/// Returns alerts of customers that nobody has been to, for their salespeople and these people's managers.
pub(super) fn alerts(made: &MadeRecords<'_>) -> Vec<Seed> {
    let mut seeds = Vec::new();
    for (place, (_, customer)) in made.spread(5, 8).into_iter().enumerate() {
        let manager = STAFF.iter().find(|staff| staff.key == customer.owner);
        let receivers = [Some(customer.owner), manager.and_then(|staff| staff.manager)];
        let receivers: Vec<_> = receivers
            .into_iter()
            .flatten()
            .map(|who| json!({ "employee": { "id": format!("@Employee/{who}") } }))
            .collect();
        let since = shift(made.today, -3);
        let over = (place % 4 == 3).then(|| instant(shift(made.today, -1), 300));
        seeds.push(
            Seed::new("Alert", format!("YJ{:03}", place + 1))
                .with("watch", "customer_silent")
                .with("record", format!("@Customer/{}", customer.key))
                .with("key", day(since))
                .with("since", instant(since, 0))
                .maybe("until", over)
                .with("relatedEmployees", json!({ "create": receivers })),
        );
    }
    seeds
}
