//! What selling costs the demo company: applications, expenses and reimbursements.

use super::made::MadeRecords;
use super::random::Random;
use super::seed::{Seed, day, money, shift, workday};

/// Reason, and kinds of expenses with yuan.
const TRIPS: [(&str, &[(&str, i64)]); 5] = [
    ("拜访客户并送样", &[("TRAVEL", 860), ("SAMPLE", 240)]),
    ("年度合同谈判", &[("TRAVEL", 1_450), ("ENTERTAINMENT", 1_200)]),
    ("现场施工指导", &[("TRAVEL", 620), ("FREIGHT", 180)]),
    ("中秋客户走访", &[("GIFT", 2_400), ("TRAVEL", 500)]),
    ("催收货款", &[("TRAVEL", 980)]),
];

/// Returns the applications, then the expenses they allowed, then what was paid back.
pub(super) fn expenses(made: &MadeRecords<'_>) -> Vec<Seed> {
    let random = &mut Random::new(0x6578_7065_6E73_6573);
    let (mut applications, mut expenses, mut paid) = (Vec::new(), Vec::new(), Vec::new());
    for (place, (index, customer)) in made.spread(0, 20).into_iter().enumerate() {
        let key = format!("FS{:03}", place + 1);
        let &(reason, parts) = random.pick(&TRIPS);
        let applied = workday(shift(made.today, -random.between(0, 75)));
        let age = (made.today - applied).num_days();
        let status = match age {
            ..2 => "DRAFT",
            2..6 => "SUBMITTED",
            6..30 => *random.pick(&["APPROVED", "APPROVED", "APPROVED", "REJECTED"]),
            _ => "CLOSED",
        };
        let starts = shift(applied, 3);
        let lines = parts.iter().map(|(kind, yuan)| {
            Seed::new("ExpenseApplicationLine", "")
                .with("kind", *kind)
                .with("amount", money(yuan * 100))
        });
        let opportunity = made.opportunity_of(index).map(|opportunity| opportunity.key.as_str());
        applications.push(
            Seed::new("ExpenseApplication", key.as_str())
                .with("reason", format!("{} {reason}", customer.short_name))
                .with("appliedOn", day(applied))
                .with("status", status)
                .link("customer", "Customer", &customer.key)
                .maybe_link("opportunity", "Opportunity", opportunity)
                .with("startsOn", day(starts))
                .with("endsOn", day(shift(starts, 2)))
                .link("employee", "Employee", customer.owner)
                .link("department", "Department", customer.department)
                .lines(lines),
        );
        if !matches!(status, "APPROVED" | "CLOSED") {
            continue;
        }
        let mut total = 0;
        for (step, (kind, yuan)) in parts.iter().enumerate() {
            let cents = yuan * random.between(80, 100);
            total += cents;
            expenses.push(
                Seed::new("SalesExpense", format!("{key}-{step}"))
                    .with("kind", *kind)
                    .with("amount", money(cents))
                    .with("spentOn", day(shift(starts, 1).min(made.today)))
                    .link("customer", "Customer", &customer.key)
                    .maybe_link("opportunity", "Opportunity", opportunity)
                    .link("application", "ExpenseApplication", &key)
                    .link("employee", "Employee", customer.owner)
                    .link("department", "Department", customer.department)
                    .with("voucherNumber", format!("PJ{}", random.digits(8)))
                    .with("remark", reason),
            );
        }
        if status == "CLOSED" {
            let submitted = workday(shift(starts, 5));
            paid.push(
                Seed::new("ExpenseReimbursement", format!("BX{:05}", place + 1))
                    .with("code", format!("BX{:05}", place + 1))
                    .link("application", "ExpenseApplication", &key)
                    .link("employee", "Employee", customer.owner)
                    .link("department", "Department", customer.department)
                    .with("submittedOn", day(submitted))
                    .with("amount", money(total))
                    .with("paidAmount", money(total))
                    .with("status", "PAID")
                    .with("paidOn", day(workday(shift(submitted, 8)))),
            );
        }
    }
    applications.extend(expenses);
    applications.extend(paid);
    applications
}
