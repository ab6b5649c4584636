//! Sentences for checks, as a table.

use chrono::{DateTime, Utc};

use super::*;
use crate::{
    base::{Lang, foreign},
    catalog::{DefinitionPart, Origin, resolve, standard_sources},
    rules::{Facts, Values},
};

const DEAL: &str = r#"
type Deal @object(label: "交易", labelEn: "Deal", plural: "deals") CHECK {
  opened: Date @field(label: "开立日期", labelEn: "Opened on")
  closed: Date @field(label: "成交日期", labelEn: "Closed on")
  days: Int @field(label: "账期(天)", labelEn: "Credit days")
  rate: Decimal @field(label: "税率%", labelEn: "Tax rate %")
  name: String @field(label: "名称", labelEn: "Name")
  won: Boolean @field(label: "赢单", labelEn: "Won")
  lost: Boolean @field(label: "输单", labelEn: "Lost")
  state: DealState @field(label: "状态", labelEn: "State")
  customer: Customer @field(label: "客户", labelEn: "Customer")
}
enum DealState { OPEN @label(zh: "未结", en: "Open") DONE @label(zh: "已结", en: "Done") }
"#;

/// The sentences for a check of a record that has only the given values.
fn told(check: &str, given: &[(&str, Value)]) -> (String, String) {
    let mut sources = standard_sources();
    let text = DEAL.replace("CHECK", &format!("@check(expr: \"{check}\")"));
    sources.push(DefinitionPart::objects("deal".to_owned(), text, Origin::Custom));
    let catalog = resolve(&sources, 1).unwrap();
    let object = catalog.named("Deal").unwrap();
    let place = |name: &str| object.named(name).unwrap().0;
    let values: Values = given.iter().map(|(name, value)| (place(name), value.clone())).collect();
    let (facts, now) = (Facts::default(), DateTime::<Utc>::UNIX_EPOCH);
    let scope = RuleContext {
        values: &values,
        old: None,
        facts: &facts,
        viewer: Value::Null,
        today: now.date_naive(),
        now,
        zone: chrono_tz::Tz::UTC,
        object,
        trial: false,
        restored: false,
        given: &[],
        unread: &[],
    };
    let told = sentence(&catalog, &scope, &object.checks[0].expr);
    assert_eq!(foreign(&told.zh, Lang::Zh), None, "{told:?}");
    assert_eq!(foreign(&told.en, Lang::En), None, "{told:?}");
    (told.en.into_owned(), told.zh.into_owned())
}

#[test]
fn checks_read_as_sentences() {
    for (check, en, zh) in [
        ("closed >= opened", "Closed on must not be before opened on", "成交日期不能早于开立日期"),
        (
            "days >= 0 && days <= 365",
            "Credit days must be between 0 and 365",
            "账期(天)须在 0 到 365 之间",
        ),
        ("rate > 0.5", "Tax rate % must be more than 0.5", "税率%须大于 0.5"),
        ("!(won && lost)", "Won must be no, or Lost must be no", "赢单须为“否”，或输单须为“否”"),
        (
            "closed == null || closed <= today()",
            "Closed on must not be after today",
            "成交日期不能晚于今天",
        ),
        ("state != DONE", "State must not be Done", "状态不能为已结"),
        ("state in [OPEN, DONE]", "State must be one of Open, Done", "状态须为未结、已结之一"),
        (
            "won ? closed != null : true",
            "If Won is yes, Closed on must not be empty",
            "若赢单为“是”，则成交日期不能为空",
        ),
        (
            "size(name) < 9 || name.startsWith('A')",
            "The length of name must be less than 9, or Name must start with “A”",
            "名称的长度须小于 9，或名称须以“A”开头",
        ),
        (
            "rate <= customer.creditLimit",
            "Tax rate % must not be more than credit limit of customer",
            "税率%不能大于客户的信用额度",
        ),
        (
            "closed < addDays(opened, 30)",
            "Closed on must be before 30 days after opened on",
            "成交日期须早于开立日期加 30 天",
        ),
        ("0 < days", "Credit days must be more than 0", "账期(天)须大于 0"),
        (
            "rate * 2 + 1 >= max(rate, 3)",
            "(tax rate % × 2) + 1 must not be less than the greater of tax rate % and 3",
            "（税率% × 2） + 1 不能小于税率%与 3 中的较大值",
        ),
    ] {
        assert_eq!(told(check, &[]), (en.to_owned(), zh.to_owned()), "{check}");
    }
}

#[test]
fn only_what_is_broken_is_told() {
    let check = "days > 0 && rate > 0 && won";
    let given = [("days", Value::Int(1)), ("rate", Value::Decimal((-1).into()))];
    assert_eq!(told(check, &given).0, "Tax rate % must be more than 0");
}
