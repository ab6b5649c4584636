//! The demo company's sales stages, opportunities and contracts.

use chrono::{Datelike, NaiveDate};

use super::customer::Customer;
use super::order::Quote;
use super::random::Random;
use super::seed::{Seed, day, money, shift, workday};
use super::{supply, words};

/// The state of an opportunity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OpportunityState {
    Open,
    Won,
    Lost,
}

/// The data of an opportunity that quotes, orders and activities need.
pub(super) struct Opportunity {
    pub(super) key: String,
    pub(super) name: String,
    /// Index of the customer.
    pub(super) customer: usize,
    /// Sequence of the stage.
    pub(super) stage: i64,
    pub(super) outcome: OpportunityState,
    pub(super) opened: NaiveDate,
    pub(super) closed: Option<NaiveDate>,
}

/// The data of a contract that orders need.
pub(super) struct Contract {
    pub(super) key: String,
    pub(super) customer: usize,
    pub(super) opportunity: Option<usize>,
    pub(super) starts: NaiveDate,
    pub(super) ends: NaiveDate,
}

/// The number of opportunities.
pub(super) const OPPORTUNITIES: usize = 250;
/// The number of contracts.
pub(super) const CONTRACTS: usize = 60;

/// Code, name, probability, guidance.
const STAGES: [(&str, &str, i64, &str); 7] = [
    ("S1", "初步接触", 10, "确认客户用途、现用牌号和年用量，找到采购与技术两条线的联系人。"),
    ("S2", "需求确认", 25, "拿到技术指标、包装与交期要求，明确预算和决策人。"),
    ("S3", "样品试用", 40, "登记样品借用，跟进试样结果并留存检测报告。"),
    ("S4", "方案报价", 60, "按存货价格和客户价格出具报价，超权限先申请。"),
    ("S5", "商务谈判", 80, "确定付款条件、信用额度和供货计划。"),
    ("S6", "赢单", 100, "签订合同或下达订单，关闭销售机会。"),
    ("S7", "输单", 0, "写明输单原因和竞争对手，三个月后回访。"),
];

/// Returns the stages in order.
pub(super) fn stages() -> Vec<Seed> {
    let stage =
        |(sequence, (code, name, probability, guidance)): (i64, (&'static str, _, i64, _))| {
            let name: &str = name;
            let guidance: &str = guidance;
            Seed::new("SalesStage", code)
                .with("code", code)
                .with("name", name)
                .with("sequence", sequence)
                .with("probability", probability)
                .with("isWon", code == "S6")
                .with("isLost", code == "S7")
                .with("guidance", guidance)
        };
    (1_i64..).zip(STAGES).map(stage).collect()
}

/// Returns the opportunities: won ones at active customers, open ones also at potential customers.
pub(super) fn opportunities(
    today: NaiveDate,
    customers: &[Customer],
    random: &mut Random,
) -> (Vec<Opportunity>, Vec<Seed>) {
    let who = |lifecycles: &[&str]| -> Vec<usize> {
        let fits = |(_, customer): &(usize, &Customer)| lifecycles.contains(&customer.lifecycle);
        customers.iter().enumerate().filter(fits).map(|(index, _)| index).collect()
    };
    let buying = who(&["ACTIVE"]);
    let open = who(&["ACTIVE", "POTENTIAL", "POTENTIAL"]);
    let lost = who(&["POTENTIAL", "DORMANT", "LOST", "ACTIVE"]);
    let mut opportunities = Vec::new();
    let mut seeds = Vec::new();
    for index in 0..OPPORTUNITIES {
        let stage = *random.pick(&[1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 5, 6, 6, 6, 7, 7]);
        let (outcome, pool) = match stage {
            6 => (OpportunityState::Won, &buying),
            7 => (OpportunityState::Lost, &lost),
            _ => (OpportunityState::Open, &open),
        };
        let chosen = *random.pick(pool);
        let Some(customer) = customers.get(chosen) else { continue };
        let closed = (outcome != OpportunityState::Open)
            .then(|| workday(shift(today, -random.between(5, 300))));
        let opened = match closed {
            Some(closed) => workday(shift(closed, -random.between(20, 120))),
            None => workday(shift(today, -random.between(3, 60) - stage * 12)),
        };
        let expected = match closed {
            Some(closed) => shift(closed, random.between(-10, 20)),
            None => shift(today, random.between(-8, 25) + (6 - stage) * 20),
        };
        let category = *random.pick(&supply::categories_of(customer.line));
        let purpose =
            random.pick(&["新项目", "替代进口料", "二期扩产", "年度招标", "配方改进", "新品打样"]);
        let key = format!("SJ{:04}", index + 1);
        let name = format!("{} {} {purpose}", customer.short_name, supply::category_name(category));
        let probability = STAGES.get(usize::try_from(stage - 1).unwrap_or(0)).map(|stage| stage.2);
        let reasons = ["PRICE", "PRICE", "QUALITY", "DELIVERY", "CREDIT", "CANCELLED", "OTHER"];
        let reason = (outcome == OpportunityState::Lost).then(|| *random.pick(&reasons));
        let next = ["约技术部试样", "更新报价", "拜访总经理", "确认信用额度", "寄送检测报告"];
        let next = (outcome == OpportunityState::Open).then(|| *random.pick(&next));
        let contact = random.any(&customer.contacts).map(|contact| contact.key.as_str());
        let seed = Seed::new("Opportunity", key.as_str())
            .with("name", name.as_str())
            .link("customer", "Customer", &customer.key)
            .maybe_link("contact", "Contact", contact)
            .link("stage", "SalesStage", &format!("S{stage}"))
            .with("amount", money(random.between(20, 1_500) * 100_000))
            .maybe("probability", probability)
            .links("categories", "ItemCategory", &[category])
            .with("source", *random.pick(&words::SOURCES))
            .with("openedOn", day(opened))
            .with("expectedCloseOn", day(expected))
            .maybe("closedOn", closed.map(day))
            .maybe("competition", random.chance(50).then(|| *random.pick(&words::COMPETITION)))
            .maybe("lossReason", reason)
            .maybe("nextStep", next)
            .link("department", "Department", customer.department)
            .link("owner", "Employee", customer.owner);
        seeds.push(seed);
        opportunities.push(Opportunity {
            key,
            name,
            customer: chosen,
            stage,
            outcome,
            opened,
            closed,
        });
    }
    (opportunities, seeds)
}

/// Returns the contracts: one each for the first 30 won opportunities, the rest yearly contracts.
pub(super) fn contracts(
    today: NaiveDate,
    customers: &[Customer],
    opportunities: &[Opportunity],
    quotes: &[Quote],
    random: &mut Random,
) -> (Vec<Contract>, Vec<Seed>) {
    let won = opportunities.iter().enumerate().filter(|(_, o)| o.outcome == OpportunityState::Won);
    let single = won.take(30).map(|(index, opportunity)| (opportunity.customer, Some(index)));
    let strategic = customers.iter().enumerate().filter(|(_, customer)| {
        customer.lifecycle == "ACTIVE" && matches!(customer.level, "A" | "B" | "C")
    });
    let framework = strategic.map(|(index, _)| (index, None));
    let parties: Vec<_> = single.chain(framework).take(CONTRACTS).collect();
    let first = NaiveDate::from_ymd_opt(today.year(), 1, 1).unwrap_or(today);
    let last = NaiveDate::from_ymd_opt(today.year(), 12, 31).unwrap_or(today);

    let mut contracts = Vec::new();
    let mut seeds = Vec::new();
    for (index, (party, chosen)) in parties.into_iter().enumerate() {
        let Some(customer) = customers.get(party) else { continue };
        let key = format!("HT{:04}", index + 1);
        let opportunity = chosen.and_then(|chosen| opportunities.get(chosen));
        let quote = quotes.iter().find(|quote| Some(quote.opportunity) == chosen);
        let signed = opportunity.and_then(|opportunity| opportunity.closed);
        let (kind, starts, ends) = match signed {
            Some(signed) => ("SINGLE", signed, shift(signed, 180)),
            None if random.chance(15) => ("CONSIGNMENT", first, last),
            None => ("FRAMEWORK", first, last),
        };
        let signed = signed.unwrap_or_else(|| workday(shift(first, -random.between(3, 40))));
        let status = match kind {
            "SINGLE" if ends < today => "COMPLETED",
            _ if random.chance(4) => "TERMINATED",
            _ => "RUNNING",
        };
        let name = match opportunity {
            Some(opportunity) => format!("{} 销售合同", opportunity.name),
            None => format!("{} {}年度供货合同", customer.short_name, today.year()),
        };
        let number = random.chance(40).then(|| format!("CG-{}-{}", today.year(), random.digits(4)));
        let contact = random.any(&customer.contacts).map(|contact| contact.key.as_str());
        let cents = match quote {
            Some(quote) => quote.cents,
            None => random.between(20, 600) * 1_000_000,
        };
        let seed = Seed::new("Contract", key.as_str())
            .with("name", name)
            .maybe("customerContractNumber", number)
            .link("customer", "Customer", &customer.key)
            .maybe_link("contact", "Contact", contact)
            .maybe_link("opportunity", "Opportunity", opportunity.map(|o| o.key.as_str()))
            .maybe_link("quote", "Quote", quote.map(|quote| quote.key.as_str()))
            .with("type", kind)
            .with("status", status)
            .with("amount", money(cents))
            .with("signedOn", day(signed))
            .with("startsOn", day(starts))
            .with("endsOn", day(ends))
            .with("paymentTerms", *random.pick(&words::PAYMENT_TERMS))
            .link("department", "Department", customer.department)
            .link("owner", "Employee", customer.owner);
        seeds.push(seed);
        contracts.push(Contract { key, customer: party, opportunity: chosen, starts, ends });
    }
    (contracts, seeds)
}
