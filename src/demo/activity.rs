//! The demo company's activities with customers: visits, calls, samples, care.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::customer::Customer;
use super::marketing::Lead;
use super::order::SalesOrder;
use super::random::Random;
use super::sales::Opportunity;
use super::seed::{Seed, instant, shift, workday};

/// The records that activities refer to.
pub(super) struct Subjects<'a> {
    pub(super) customers: &'a [Customer],
    pub(super) opportunities: &'a [Opportunity],
    pub(super) orders: &'a [SalesOrder],
    pub(super) leads: &'a [Lead],
}

/// The number of activities.
pub(super) const ACTIVITIES: usize = 1_500;

/// A kind of activity with its subject and possible results.
struct Deed {
    kind: &'static str,
    about: &'static str,
    results: [&'static str; 3],
}

const SELLING: [Deed; 7] = [
    Deed {
        kind: "VISIT",
        about: "拜访",
        results: [
            "与采购和技术当面沟通，对方认可质量，要求月底前给出最终价格。",
            "看了生产线，现用料库存还有三周，约定下月试样。",
            "见到总经理，同意纳入合格供应商名录。",
        ],
    },
    Deed {
        kind: "VISIT",
        about: "现场技术交流",
        results: [
            "施工温度偏低导致干燥慢，建议换冬用型固化剂。",
            "调整注塑温度后制品无缺料，客户满意。",
            "配方可行，等对方小试报告。",
        ],
    },
    Deed {
        kind: "CALL",
        about: "电话跟进",
        results: [
            "对方在开会，约明天上午再联系。",
            "近期订单不足，采购计划推迟两周。",
            "确认下周补货，数量待邮件通知。",
        ],
    },
    Deed {
        kind: "MESSAGE",
        about: "微信沟通价格",
        results: [
            "已发送最新价目，对方要求再优惠两个点。",
            "客户确认价格，等流程审批。",
            "对方称同行更低，需申请客户价格。",
        ],
    },
    Deed {
        kind: "SAMPLE",
        about: "送样",
        results: [
            "样品已签收，一周后出检测结果。",
            "试样合格，进入小批量阶段。",
            "硬度略低，改送另一牌号。",
        ],
    },
    Deed {
        kind: "MEETING",
        about: "商务会谈",
        results: [
            "谈定月结条件，信用额度提交财务评估。",
            "年度框架条款基本一致，等法务审核。",
            "交期分歧，改为分批供货。",
        ],
    },
    Deed {
        kind: "RECEPTION",
        about: "来访接待",
        results: [
            "参观仓库和实验室，对备货能力满意。",
            "与事业部总监交流，双方约定联合开发。",
            "客户来访验货，当场确认发货。",
        ],
    },
];

const ORDERING: [Deed; 2] = [
    Deed {
        kind: "COLLECTION",
        about: "对账催款",
        results: [
            "账目一致，承诺月底付清。",
            "差一张发票，已补寄。",
            "对方资金紧张，约定分两次支付。",
        ],
    },
    Deed {
        kind: "CALL",
        about: "确认发货",
        results: ["货已到厂，数量无误。", "要求改送新厂区。", "提前两天到货，客户满意。"],
    },
];

const SERVING: [Deed; 3] = [
    Deed {
        kind: "FOLLOW_UP",
        about: "客户回访",
        results: [
            "对业务员服务满意，希望报价再快一些。",
            "产品使用正常，无质量异议。",
            "反映最近两次送货偏晚，已转储运部。",
        ],
    },
    Deed {
        kind: "COMPLAINT",
        about: "投诉处理",
        results: [
            "桶盖变形漏料两桶，同意补货。",
            "批次色差，取样送检。",
            "送货单与实物不符，已更正。",
        ],
    },
    Deed {
        kind: "CARE",
        about: "节日关怀",
        results: [
            "寄送台历，对方致谢。",
            "电话问候，了解到采购负责人将调岗。",
            "祝贺新厂投产，送花篮。",
        ],
    },
];

const NEXT: [&str; 5] = ["三天后再电话确认", "安排送样", "更新报价单", "约总经理拜访", "跟进付款"];

/// An activity to generate: its kind and subject, and the range of its date.
struct Plan<'a> {
    deed: &'a Deed,
    subject: String,
    employee: &'static str,
    department: &'static str,
    from: NaiveDate,
    to: NaiveDate,
    seed: Seed,
}

/// Returns the activities, and by customer key the end of the last one.
pub(super) fn activities(
    today: NaiveDate,
    subjects: &Subjects<'_>,
    random: &mut Random,
) -> (Vec<Seed>, HashMap<String, String>) {
    let weighted = weighted(subjects.customers);
    let mut last_done: HashMap<String, String> = HashMap::new();
    let mut seeds = Vec::new();
    for index in 0..ACTIVITIES {
        let seed = Seed::new("Activity", format!("XD{:05}", index + 1));
        let worked: Vec<&Lead> = subjects.leads.iter().filter(|lead| lead.worked).collect();
        let (plan, customer) = match random.any(&worked) {
            Some(lead) if index % 25 == 0 => (for_lead(today, lead, seed), None),
            _ => {
                let chosen = *random.pick(&weighted);
                let Some(customer) = subjects.customers.get(chosen) else { continue };
                (for_customer(today, subjects, chosen, customer, seed, random), Some(customer))
            }
        };
        let open = plan.to >= today;
        let status = match random.between(1, 100) {
            1..=5 => "CANCELLED",
            6..=17 if open => "PLANNED",
            _ => "DONE",
        };
        let date = if status == "PLANNED" {
            workday(shift(today, random.between(3, 20)))
        } else {
            let days = (plan.to.min(shift(today, -1)) - plan.from).num_days();
            workday(shift(plan.from, random.between(0, days.max(0)))).max(plan.from)
        };
        let minutes = random.between(0, 96) * 5;
        let length = random.between(1, 18) * 10;
        let done = (status == "DONE").then(|| instant(date, minutes + length));
        if let (Some(done), Some(customer)) = (&done, customer) {
            let last = last_done.entry(customer.key.clone()).or_default();
            if *last < *done {
                last.clone_from(done);
            }
        }
        let result = done.is_some().then(|| *random.pick(&plan.deed.results));
        let next = (done.is_some() && random.chance(40)).then(|| *random.pick(&NEXT));
        let place = matches!(plan.deed.kind, "VISIT" | "SAMPLE")
            .then_some(customer)
            .flatten()
            .map(|customer| customer.address.as_str());
        let seed = plan
            .seed
            .with("subject", plan.subject)
            .with("kind", plan.deed.kind)
            .with("status", status)
            .with("plannedAt", instant(date, minutes))
            .maybe("doneAt", done.clone())
            .maybe("durationMinutes", done.is_some().then_some(length))
            .maybe("place", place)
            .link("employee", "Employee", plan.employee)
            .link("department", "Department", plan.department)
            .maybe("result", result)
            .maybe("nextStep", next);
        seeds.push(seed);
    }
    (seeds, last_done)
}

/// Indexes of customers, each repeated by the attention it gets.
fn weighted(customers: &[Customer]) -> Vec<usize> {
    let mut weighted = Vec::new();
    for (index, customer) in customers.iter().enumerate() {
        let weight = match (customer.lifecycle, customer.level) {
            ("ACTIVE", "A") => 6,
            ("ACTIVE" | "POTENTIAL", "A" | "B") => 4,
            ("ACTIVE" | "POTENTIAL", _) => 2,
            _ => 1,
        };
        weighted.extend(std::iter::repeat_n(index, weight));
    }
    weighted
}

fn for_lead(today: NaiveDate, lead: &Lead, seed: Seed) -> Plan<'static> {
    let [.., deed] = &ORDERING;
    let deed = SELLING.iter().find(|deed| deed.kind == "CALL").unwrap_or(deed);
    Plan {
        deed,
        subject: format!("{} {}", deed.about, lead.name),
        employee: lead.owner,
        department: lead.department,
        from: lead.received,
        to: today,
        seed: seed.link("lead", "Lead", &lead.key),
    }
}

fn for_customer(
    today: NaiveDate,
    subjects: &Subjects<'_>,
    chosen: usize,
    customer: &Customer,
    seed: Seed,
    random: &mut Random,
) -> Plan<'static> {
    let contact = random.any(&customer.contacts);
    let seed = seed.link("customer", "Customer", &customer.key).maybe_link(
        "contact",
        "Contact",
        contact.map(|contact| contact.key.as_str()),
    );
    let (deed, from, to, seed) = match random.between(1, 100) {
        1..=15 => (random.pick(&SERVING), shift(today, -300), today, seed),
        16..=30 => {
            let orders: Vec<&SalesOrder> =
                subjects.orders.iter().filter(|order| order.customer == chosen).collect();
            match random.any(&orders) {
                Some(order) => {
                    let to = shift(order.date, 45);
                    let seed = seed.link("salesOrder", "SalesOrder", &order.key);
                    (random.pick(&ORDERING), order.date, to, seed)
                }
                None => (random.pick(&SELLING), shift(today, -300), today, seed),
            }
        }
        _ => {
            let own = subjects.opportunities.iter().filter(|o| o.customer == chosen);
            let own: Vec<&Opportunity> = own.collect();
            match random.any(&own) {
                Some(opportunity) => {
                    let to = opportunity.closed.unwrap_or(today);
                    let seed = seed.link("opportunity", "Opportunity", &opportunity.key);
                    (random.pick(&SELLING), opportunity.opened, to, seed)
                }
                None => (random.pick(&SELLING), shift(today, -300), today, seed),
            }
        }
    };
    let serving = SERVING.iter().any(|service| service.about == deed.about);
    let employee = match customer.region {
        _ if !serving => customer.owner,
        "TJ" => "zheng",
        _ => "dong",
    };
    Plan {
        deed,
        subject: format!("{} {}", deed.about, customer.short_name),
        employee,
        department: customer.department,
        from,
        to,
        seed,
    }
}
