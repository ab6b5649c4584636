//! The demo company's service: products, assets, plans, requests, work orders, visits, complaints and care.

use chrono::NaiveDate;

use super::customer::Customer;
use super::made::MadeRecords;
use super::random::Random;
use super::seed::{Seed, day, instant, money, shift, workday};

/// Code, name, kind, price in yuan, unit, minutes, content.
const PRODUCTS: [(&str, &str, &str, i64, &str, i64, &str); 8] = [
    (
        "FW01",
        "现场施工技术指导",
        "TECHNICAL",
        0,
        "次",
        240,
        "到现场看基材与环境，定配比、膜厚和间隔时间。",
    ),
    ("FW02", "电脑调色", "COLOUR", 80, "色", 60, "按来样或 RAL 号出色板，色差不超过 0.8。"),
    ("FW03", "涂层附着力与膜厚检测", "TESTING", 300, "点", 90, "划格、拉拔和膜厚，出检测报告。"),
    ("FW04", "注塑工艺调试", "TECHNICAL", 0, "次", 300, "料温、模温、保压调整，留工艺参数表。"),
    ("FW05", "喷涂设备季度巡检", "INSPECTION", 500, "次", 180, "滤芯、密封件、压力与接地检查。"),
    ("FW06", "调色机维修", "REPAIR", 200, "次", 120, "更换泵阀和色浆桶搅拌，校准注出量。"),
    (
        "FW07",
        "施工人员培训",
        "TRAINING",
        1_200,
        "场",
        360,
        "半天理论半天实操，含安全与危险品知识。",
    ),
    ("FW08", "退换货办理", "RETURN", 0, "单", 45, "核对批号与数量，安排取回和补发。"),
];

/// Returns the service products.
pub(super) fn products() -> Vec<Seed> {
    let product =
        |(code, name, kind, yuan, unit, minutes, text): (&'static str, _, _, i64, _, i64, _)| {
            let (name, kind, unit, text): (&str, &str, &str, &str) = (name, kind, unit, text);
            Seed::new("ServiceProduct", code)
                .with("code", code)
                .with("name", name)
                .with("kind", kind)
                .with("price", money(yuan * 100))
                .with("unit", unit)
                .with("standardMinutes", minutes)
                .with("description", text)
        };
    PRODUCTS.into_iter().map(product).collect()
}

/// What an asset is, its ownership, and the product of its plan.
const ASSETS: [(&str, &str, &str); 5] = [
    ("自动调色机", "LENT", "FW05"),
    ("无气喷涂机", "CUSTOMER", "FW05"),
    ("IBC 吨桶", "LENT", "FW08"),
    ("除湿干燥机", "CUSTOMER", "FW04"),
    ("真空灌注设备", "LEASED", "FW05"),
];

/// Returns the assets, and a plan for two of three.
pub(super) fn assets_and_plans(made: &MadeRecords<'_>) -> Vec<Seed> {
    let random = &mut Random::new(0x6173_7365_7473_0001);
    let (mut assets, mut plans) = (Vec::new(), Vec::new());
    for (place, (index, customer)) in made.spread(0, 20).into_iter().enumerate() {
        let key = format!("ZC{:03}", place + 1);
        let &(name, ownership, product) = random.pick(&ASSETS);
        let installed = shift(made.today, -random.between(60, 900));
        let order = made.order_of(index).map(|order| order.key.as_str());
        assets.push(
            Seed::new("CustomerAsset", key.as_str())
                .with("code", key.as_str())
                .with("name", format!("{name} {}", customer.short_name))
                .link("customer", "Customer", &customer.key)
                .with("serialNumber", format!("SN{}", random.digits(8)))
                .with("ownership", ownership)
                .with("status", *random.pick(&["IN_USE", "IN_USE", "IN_USE", "IDLE", "IN_REPAIR"]))
                .maybe_link("salesOrder", "SalesOrder", order)
                .maybe_link("contact", "Contact", customer.first_contact())
                .with("installedOn", day(installed))
                .with("warrantyUntil", day(shift(installed, 730)))
                .with("place", customer.address.as_str()),
        );
        if place % 3 == 2 {
            continue;
        }
        let status = *random.pick(&["RUNNING", "RUNNING", "RUNNING", "PAUSED", "DRAFT"]);
        let next = (status == "RUNNING").then(|| day(shift(made.today, random.between(3, 80))));
        plans.push(
            Seed::new("ServicePlan", format!("JH{:03}", place + 1))
                .with("name", format!("{} {name}服务计划", customer.short_name))
                .link("customer", "Customer", &customer.key)
                .maybe_link("contact", "Contact", customer.first_contact())
                .link("asset", "CustomerAsset", &key)
                .link("product", "ServiceProduct", product)
                .with("status", status)
                .with("startsOn", day(shift(made.today, -90)))
                .with("endsOn", day(shift(made.today, 275)))
                .with("cycle", *random.pick(&["MONTHLY", "QUARTERLY", "HALF_YEARLY"]))
                .maybe("nextOn", next)
                .link("owner", "Employee", customer.served_by()),
        );
    }
    assets.extend(plans);
    assets
}

/// What a customer asks, its kind, the product of the work, the answer, the article.
struct Ask {
    subject: &'static str,
    kind: &'static str,
    product: &'static str,
    says: &'static str,
    answer: &'static str,
    article: Option<&'static str>,
}

const ASKS: [Ask; 7] = [
    Ask {
        subject: "面漆低温下干燥慢",
        kind: "TECHNICAL",
        product: "FW01",
        says: "车间 6 ℃，聚氨酯面漆 24 小时仍粘手。",
        answer: "改用冬用型固化剂，基材预热至 12 ℃ 以上。",
        article: Some("ZS01"),
    },
    Ask {
        subject: "注塑件有银纹",
        kind: "TECHNICAL",
        product: "FW04",
        says: "PA66 GF30 制品表面银纹，烘料 2 小时。",
        answer: "烘料提高到 110 ℃ 四小时，降低背压后消失。",
        article: Some("ZS02"),
    },
    Ask {
        subject: "询问订单发货进度",
        kind: "DELIVERY",
        product: "FW08",
        says: "合同约定本周到货，尚未收到发货通知。",
        answer: "已出库，运单号发给客户。",
        article: None,
    },
    Ask {
        subject: "索取 MSDS 与质检报告",
        kind: "DOCUMENT",
        product: "FW03",
        says: "客户审厂需要本批次报告和安全技术说明书。",
        answer: "电子版已发，纸质盖章件随下批货送达。",
        article: Some("ZS04"),
    },
    Ask {
        subject: "色板与来样有色差",
        kind: "QUALITY",
        product: "FW02",
        says: "RAL7035 大货偏黄。",
        answer: "重新打板，色差 0.5，客户认可。",
        article: Some("ZS03"),
    },
    Ask {
        subject: "桶盖变形要求退换",
        kind: "RETURN",
        product: "FW08",
        says: "运输挤压，三桶盖变形，其中一桶漏料。",
        answer: "当日补发三桶，旧桶随车取回。",
        article: None,
    },
    Ask {
        subject: "咨询生物基环氧牌号选择",
        kind: "CONSULTING",
        product: "FW01",
        says: "灌注工艺，要求低粘度、适用期四小时。",
        answer: "推荐低粘型，先寄 5 kg 小试。",
        article: Some("ZS05"),
    },
];

const CHANNELS: [&str; 6] = ["PHONE", "PHONE", "WECHAT", "EMAIL", "WEB", "SALESPERSON"];

/// Returns the requests, work orders for the solved ones of them, and how these were carried out.
pub(super) fn requests_and_work(made: &MadeRecords<'_>) -> Vec<Seed> {
    let random = &mut Random::new(0x7265_7175_6573_7473);
    let (mut requests, mut orders, mut done) = (Vec::new(), Vec::new(), Vec::new());
    for (place, (index, customer)) in made.spread(2, 28).into_iter().enumerate() {
        let key = format!("FQ{:03}", place + 1);
        let ask = random.pick(&ASKS);
        let days = if place % 5 == 0 { 1 } else { random.between(1, 60) };
        let opened = workday(shift(made.today, -days));
        let minutes = random.between(5, 300);
        let age = (made.today - opened).num_days();
        let status = match age {
            ..4 => "OPEN",
            4..8 => *random.pick(&["WORKING", "WAITING"]),
            8..20 => "SOLVED",
            _ => "CLOSED",
        };
        let solved = matches!(status, "SOLVED" | "CLOSED");
        let order = made.order_of(index).map(|order| order.key.as_str());
        let answered = minutes + random.between(5, 150);
        let end = workday(shift(opened, random.between(1, 3))).max(opened);
        requests.push(
            Seed::new("ServiceRequest", key.as_str())
                .with("subject", format!("{} {}", customer.short_name, ask.subject))
                .link("customer", "Customer", &customer.key)
                .maybe_link("contact", "Contact", customer.first_contact())
                .with("channel", *random.pick(&CHANNELS))
                .with("kind", ask.kind)
                .with("priority", *random.pick(&["NORMAL", "NORMAL", "HIGH", "URGENT", "LOW"]))
                .with("status", status)
                .maybe_link("salesOrder", "SalesOrder", order)
                .with("openedAt", instant(opened, minutes))
                .maybe("answeredAt", (status != "OPEN").then(|| instant(opened, answered)))
                .maybe("solvedAt", solved.then(|| instant(end, 480)))
                .with("dueAt", instant(shift(opened, 3), 540))
                .link("owner", "Employee", customer.served_by())
                .with("description", ask.says)
                .maybe_link("article", "KnowledgeArticle", ask.article.filter(|_| solved))
                .maybe("solution", solved.then_some(ask.answer)),
        );
        if status == "OPEN" {
            continue;
        }
        let (order, work) = work(customer, &key, ask, (opened, end, solved), random);
        orders.push(order);
        done.extend(work);
    }
    requests.extend(orders);
    requests.extend(done);
    requests
}

/// Returns the work order of a request, and its execution if it is solved.
fn work(
    customer: &Customer,
    request: &str,
    ask: &Ask,
    (opened, end, solved): (NaiveDate, NaiveDate, bool),
    random: &mut Random,
) -> (Seed, Option<Seed>) {
    let key = request.replace("FQ", "GD");
    let start = random.between(20, 200);
    let length = random.between(3, 30) * 10;
    let status = if solved { "DONE" } else { *random.pick(&["ASSIGNED", "WORKING"]) };
    let started = (status != "ASSIGNED").then(|| instant(end.min(opened), start + 120));
    let order = Seed::new("WorkOrder", key.as_str())
        .with("subject", format!("{} {}", customer.short_name, ask.subject))
        .link("request", "ServiceRequest", request)
        .link("customer", "Customer", &customer.key)
        .maybe_link("contact", "Contact", customer.first_contact())
        .link("product", "ServiceProduct", ask.product)
        .with("priority", "NORMAL")
        .with("status", status)
        .link("assignee", "Employee", customer.served_by())
        .with("plannedAt", instant(end, start))
        .maybe("startedAt", started)
        .maybe("finishedAt", solved.then(|| instant(end, start + 120 + length)))
        .with("place", customer.address.as_str())
        .with("instructions", "带检测仪器和样品，到场先与现场负责人确认。");
    let execution = solved.then(|| {
        Seed::new("ServiceExecution", key.replace("GD", "ZX"))
            .link("workOrder", "WorkOrder", &key)
            .link("customer", "Customer", &customer.key)
            .link("employee", "Employee", customer.served_by())
            .with("startedAt", instant(end, start))
            .with("finishedAt", instant(end, start + length))
            .with("workMinutes", length)
            .with("result", *random.pick(&["SOLVED", "SOLVED", "SOLVED", "PARTLY"]))
            .with("work", ask.answer)
            .maybe_link("signedBy", "Contact", customer.first_contact())
            .with("satisfaction", *random.pick(&["VERY_SATISFIED", "SATISFIED", "NEUTRAL"]))
    });
    (order, execution)
}

const OPINIONS: [&str; 4] = ["VERY_SATISFIED", "SATISFIED", "NEUTRAL", "DISSATISFIED"];

/// Returns the follow-up visits.
pub(super) fn visits(made: &MadeRecords<'_>) -> Vec<Seed> {
    let random = &mut Random::new(0x7669_7369_7473_0001);
    let says = [
        "业务员跟进及时，希望送货提前电话通知。",
        "近两批货颜色一致，满意。",
        "开票慢，月底对账要催。",
        "技术员指导到位，工人已会用新固化剂。",
        "同行报价更低，望给年度价。",
    ];
    let mut seeds = Vec::new();
    for (place, (index, customer)) in made.spread(1, 24).into_iter().enumerate() {
        let order = made.order_of(index).map(|order| order.key.as_str());
        let bad = random.chance(25);
        seeds.push(
            Seed::new("FollowUpVisit", format!("HF{:03}", place + 1))
                .link("customer", "Customer", &customer.key)
                .maybe_link("contact", "Contact", customer.first_contact())
                .with("visitedOn", day(workday(shift(made.today, -random.between(1, 120)))))
                .with("channel", *random.pick(&["PHONE", "PHONE", "WECHAT", "ON_SITE"]))
                .maybe_link("salesOrder", "SalesOrder", order)
                .with("opinionOnStaff", *random.pick(&OPINIONS))
                .with("opinionOnCompany", *random.pick(&OPINIONS))
                .with("opinionOnGoods", *random.pick(&OPINIONS))
                .with("comments", *random.pick(&says))
                .with("needsAction", bad)
                .link("employee", "Employee", customer.served_by()),
        );
    }
    seeds
}

/// Subject, kind, severity, cause, responsible department, solution.
const COMPLAINTS: [(&str, &str, &str, &str, &str, &str); 5] = [
    ("批次色差", "QUALITY", "MAJOR", "调色配方录入错误", "KF", "换货并补偿一次调色费。"),
    ("到货少两桶", "QUANTITY", "MINOR", "装车漏点", "CY", "次日补送，司机当面致歉。"),
    (
        "延期五天到货",
        "DELIVERY",
        "MAJOR",
        "危险品车辆紧张",
        "CY",
        "改走铁路专线，下单提前三天备车。",
    ),
    ("外包装破损漏料", "PACKAGING", "MAJOR", "托盘缠膜不足", "CY", "补货，托盘加护角。"),
    ("发票税号写错", "DOCUMENT", "MINOR", "客户改制未更新档案", "CW", "红冲重开，档案已更新。"),
];

/// Returns the complaints.
pub(super) fn complaints(made: &MadeRecords<'_>) -> Vec<Seed> {
    let random = &mut Random::new(0x636F_6D70_6C61_696E);
    let mut seeds = Vec::new();
    for (place, (index, customer)) in made.spread(3, 16).into_iter().enumerate() {
        let &(subject, kind, severity, cause, department, solution) = random.pick(&COMPLAINTS);
        let received = workday(shift(made.today, -random.between(1, 90)));
        let status = match (made.today - received).num_days() {
            ..5 => "OPEN",
            5..15 => "INVESTIGATING",
            15..25 => "PROPOSED",
            _ => "CLOSED",
        };
        let closed = status == "CLOSED";
        let proposed = closed || status == "PROPOSED";
        let order = made.order_of(index).map(|order| order.key.as_str());
        let owned = made.items.iter().filter(|item| item.line == customer.line);
        let item = owned.map(|item| item.key.as_str()).nth(place);
        let lot = format!("L{}{}", received.format("%y%m"), random.digits(3));
        seeds.push(
            Seed::new("Complaint", format!("TS{:03}", place + 1))
                .with("subject", format!("{} {subject}", customer.short_name))
                .link("customer", "Customer", &customer.key)
                .maybe_link("contact", "Contact", customer.first_contact())
                .with("kind", kind)
                .with("severity", severity)
                .with("status", status)
                .with("channel", *random.pick(&CHANNELS))
                .with("receivedAt", instant(received, random.between(10, 400)))
                .maybe_link("salesOrder", "SalesOrder", order)
                .maybe_link("item", "InventoryItem", item)
                .with("lotNumber", lot)
                .with("quantity", random.between(1, 20).to_string())
                .with("description", format!("{subject}，客户要求三日内给出处理意见。"))
                .maybe("cause", proposed.then_some(cause))
                .maybe_link("responsibleDepartment", "Department", proposed.then_some(department))
                .maybe("solution", proposed.then_some(solution))
                .maybe("compensation", closed.then(|| money(random.between(0, 20) * 10_000)))
                .maybe("closedOn", closed.then(|| day(workday(shift(received, 20)))))
                .maybe("satisfaction", closed.then(|| *random.pick(&OPINIONS)))
                .link("owner", "Employee", customer.served_by()),
        );
    }
    seeds
}

/// Returns the care records.
pub(super) fn care(made: &MadeRecords<'_>) -> Vec<Seed> {
    let random = &mut Random::new(0x6361_7265_0000_0001);
    let ways = [
        ("FESTIVAL", "GIFT", Some("中秋月饼礼盒"), 16_800),
        ("FESTIVAL", "CALL", None, 0),
        ("BIRTHDAY", "MESSAGE", None, 0),
        ("OPENING", "GIFT", Some("开业花篮"), 58_000),
        ("THANKS", "GIFT", Some("定制台历"), 4_500),
        ("SYMPATHY", "VISIT", Some("防暑饮品"), 30_000),
    ];
    let mut seeds = Vec::new();
    for (place, (_, customer)) in made.spread(4, 20).into_iter().enumerate() {
        let &(occasion, way, gift, cents) = random.pick(&ways);
        let planned = workday(shift(made.today, random.between(-100, 20)));
        let done = planned < made.today;
        seeds.push(
            Seed::new("CareRecord", format!("GH{:03}", place + 1))
                .link("customer", "Customer", &customer.key)
                .maybe_link("contact", "Contact", customer.first_contact())
                .with("occasion", occasion)
                .with("way", way)
                .with("status", if done { "DONE" } else { "PLANNED" })
                .with("plannedOn", day(planned))
                .maybe("gift", gift)
                .with("cost", money(cents))
                .maybe("feedback", done.then_some("对方致谢，近期有补货计划。"))
                .link("employee", "Employee", customer.served_by()),
        );
    }
    seeds
}
