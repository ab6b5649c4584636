//! Who sways the purchases of the demo company's customers.

use super::made::MadeRecords;
use super::random::Random;
use super::seed::Seed;

const CONCERNS: [(&str, &str); 6] = [
    ("DECIDES", "总成本和账期"),
    ("SPECIFIES", "批次稳定与检测报告"),
    ("BUYS", "单价和到货时间"),
    ("USES", "施工方便、气味小"),
    ("RECOMMENDS", "同行使用案例"),
    ("PAYS", "发票及时、对账清楚"),
];

/// Returns the influences.
pub(super) fn influences(made: &MadeRecords<'_>) -> Vec<Seed> {
    let random = &mut Random::new(0x696E_666C_7565_6E63);
    let mut seeds = Vec::new();
    for (place, (index, customer)) in made.spread(0, 24).into_iter().enumerate() {
        let Some(contact) = customer.first_contact() else { continue };
        let opportunity = made.opportunity_of(index).map(|opportunity| opportunity.key.as_str());
        let sways = customer.contacts.get(1).map(|other| other.key.as_str());
        let &(kind, concern) = random.pick(&CONCERNS);
        seeds.push(
            Seed::new("Influence", format!("YX{:03}", place + 1))
                .link("customer", "Customer", &customer.key)
                .link("contact", "Contact", contact)
                .maybe_link("opportunity", "Opportunity", opportunity)
                .with("kind", kind)
                .with("strength", *random.pick(&["HIGH", "MEDIUM", "MEDIUM", "LOW"]))
                .with("attitude", *random.pick(&["SUPPORTS", "SUPPORTS", "NEUTRAL", "OPPOSES"]))
                .maybe_link("sways", "Contact", sways)
                .with("concern", concern),
        );
    }
    seeds
}
