//! Renamed fields in every kind of text that names them.

use serde_json::json;

use super::*;
use crate::catalog::{DefinitionPart, Origin, resolve};

const TEXT: &str = r#"
type Loan @object(plural: "loans", display: "topic") @unique(fields: ["topic", "state"])
  @check(expr: "topic != 'topic' && customer.level != \"topic\"", message: "topic") {
  topic: String! @field(label: "topic", check: "size(topic) > 1 || topic.startsWith('x')")
  state: String @field(default: "'topic'")
  customer: Buyer
  lines: [LoanLine!]! @lines
  total: Decimal @rollup(of: "lines", sum: "amount")
  most: Decimal @rollup(of: "lines", max: "amount", where: "amount > 10 && other != null")
  twice: Decimal @formula(expr: "total * 2")
}
type LoanLine @object(kind: LINE) { amount: Decimal other: Decimal @formula(expr: "amount + amount") }
type Buyer @object(plural: "buyers") { level: String topic: String }
extend type Loan @index(fields: ["topic"]) { more: Int }
"#;

fn catalog(text: &str) -> Catalog {
    let part = DefinitionPart::objects("t.graphql".to_owned(), text.to_owned(), Origin::Custom);
    resolve(&[part], 1).unwrap()
}

fn rename(text: &str, object: &str, field: &str, to: &str) -> String {
    let field = RenamedField { object, field, to, known: true };
    renamed_text(text, &catalog(text), field).unwrap()
}

#[test]
fn definitions_follow() {
    let text = rename(TEXT, "Loan", "topic", "subject");
    let expected = TEXT
        .replace("display: \"topic\"", "display: \"subject\"")
        .replace("[\"topic\", \"state\"]", "[\"subject\", \"state\"]")
        .replace("\"topic != 'topic'", "\"subject != 'topic'")
        .replace("  topic: String!", "  subject: String! @renamed(from: \"topic\")")
        .replace("size(topic) > 1 || topic.starts", "size(subject) > 1 || subject.starts")
        .replace("@index(fields: [\"topic\"])", "@index(fields: [\"subject\"])");
    assert_eq!(text, expected);
    let (old, new) = (catalog(TEXT), catalog(&text));
    let columns = |catalog: &Catalog, name: &str| {
        catalog.named("Loan").unwrap().named(name).unwrap().1.column.clone()
    };
    assert_eq!(columns(&old, "topic"), columns(&new, "subject"));
    let kinds: Vec<_> = crate::catalog::diff(&old, &new)
        .into_iter()
        .map(|change| format!("{} {:?}", change.kind.as_ref(), change.field))
        .collect();
    assert_eq!(kinds[1..], ["RENAME_FIELD Some(\"subject\")", "UPDATE_FIELD Some(\"subject\")"]);
    assert!(kinds[0].starts_with("UPDATE_OBJECT"), "{kinds:?}");

    let text = rename(TEXT, "Buyer", "level", "grade");
    let expected = TEXT
        .replace("customer.level", "customer.grade")
        .replace("level: String", "grade: String @renamed(from: \"level\")");
    assert_eq!(text, expected);
    let text = rename(TEXT, "LoanLine", "amount", "price");
    let expected = TEXT
        .replace("sum: \"amount\"", "sum: \"price\"")
        .replace("max: \"amount\", where: \"amount >", "max: \"price\", where: \"price >")
        .replace("amount: Decimal", "price: Decimal @renamed(from: \"amount\")")
        .replace("amount + amount", "price + price");
    assert_eq!(text, expected);
    catalog(&text);
    // Back to the first name: what it was called meanwhile is known.
    let back = rename(&rename(TEXT, "Buyer", "level", "grade"), "Buyer", "grade", "level");
    assert_eq!(catalog(&back).named("Buyer").unwrap().named("level").unwrap().1.stored, "level");
}

#[test]
fn what_a_field_was_by_its_name_it_stays() {
    let text = "type A @object @responsible { name: String owner: Employee }\n\
        type Employee @object(plural: \"employees\") { name: String }\nenum RelatedSource { MANUAL }\n";
    let text = text.replace("@object @", "@object(plural: \"as\") @");
    let renamed = rename(&rename(&text, "A", "owner", "keeper"), "A", "name", "title");
    let expected = text
        .replace("\"as\")", "\"as\", display: \"title\")")
        .replace("@responsible", "@responsible(owner: keeper)")
        .replace(
            "{ name: String owner: Employee",
            "{ title: String @renamed(from: \"name\") keeper: Employee @renamed(from: \"owner\")",
        );
    assert_eq!(renamed, expected);
    let catalog = catalog(&renamed);
    let object = catalog.named("A").unwrap();
    assert_eq!(object.owner.map(|ix| object.field(ix).stored.as_str()), Some("owner"));
    assert_eq!(object.display.map(|ix| object.field(ix).stored.as_str()), Some("name"));
}

#[test]
fn questions_follow() {
    let (old, new) = (catalog(TEXT), catalog(&rename(TEXT, "Buyer", "level", "grade")));
    let renames = Renames::between(&old, &new);
    let loan = old.named("Loan").unwrap();
    let question = |level: &str| {
        json!({
            "filter": { "or": [{ "customer": { level: { "eq": "level" } } }, { "topic": { "eq": "level" } }] },
            "orderBy": [{ "customer": { level: "ASC" } }], "groupBy": [{ "customer": { level: true } }],
            "search": "level", "columns": [format!("customer.{level}"), { "field": format!("customer.{level}"), "width": 90 }, "topic"],
        })
    };
    assert_eq!(renames.question(loan, &question("level")), Some(question("grade")));
    assert_eq!(renames.question(loan, &question("other")), None);
    assert_eq!(renames.path(loan, "customer.topic"), None);
}

#[test]
fn dashboards_follow() {
    let (old, new) = (catalog(TEXT), catalog(&rename(TEXT, "Buyer", "level", "grade")));
    let renames = Renames::between(&old, &new);
    let content = |level: &str| {
        json!({ "parameters": [{ "name": "level" }], "widgets": [
            { "object": null, "question": {}, "text": "level" },
            { "object": "Loan", "question": { "filter": { "customer": { level: { "eq": "level" } } } },
              "chart": null, "parameters": [{ "parameter": "level", "path": format!("customer.{level}") }] },
            { "object": "Buyer", "question": { "groupBy": [{ level: true }] }, "parameters": [],
              "chart": { "measures": [{ "function": "COUNT_DISTINCT", "field": level }] } },
        ] })
    };
    assert_eq!(renames.dashboard(&content("level")), Some(content("grade")));
    assert_eq!(renames.dashboard(&content("other")), None);
}

#[test]
fn expressions_follow() {
    let (old, new) = (catalog(TEXT), catalog(&rename(TEXT, "Loan", "topic", "subject")));
    let renames = Renames::between(&old, &new);
    let loan = old.named("Loan").unwrap();
    let of = |text: &str| renames.expression(loan, text);
    assert_eq!(of("topic"), Some("subject".to_owned()));
    assert_eq!(of("customer.topic == topic"), Some("customer.topic == subject".to_owned()));
    assert_eq!(of("topic . contains('topic')"), Some("subject . contains('topic')".to_owned()));
    assert_eq!(of("1.5 > 2 && 'it\\'s topic' != \"topic\" && topics == 1"), None);
    assert_eq!(of("topic("), None);
}

#[test]
fn rules_choices_and_numbers_follow() {
    let text = r#"
type Claim @object(kind: DOCUMENT, plural: "claims", number: "C{kind}{yyyy}-{seq:4}") {
  kind: String! @field(max: 20)
  closed: Boolean
  reason: String @field(visibleWhen: "closed", requiredWhen: "kind == 'kind'", readOnlyWhen: "kind == 'x'")
  mark: String @number(format: "{yyyy}/{kind}-{seq:3}", per: ["yyyy", "kind"])
  buyer: Buyer
  contact: Person @relation(choose: "contact.buyer == buyer")
  land: Land
  town: Town @dependent(on: "land")
}
type Buyer @object(plural: "buyers") { name: String }
type Person @object(plural: "people") { name: String buyer: Buyer }
enum Land { CN DE }
enum Town { TIANJIN @option(under: [CN]) }
"#;
    let expected = text
        .replace("C{kind}", "C{sort}")
        .replace(
            "  kind: String! @field(max: 20)",
            "  sort: String! @renamed(from: \"kind\") @field(max: 20)",
        )
        .replace("kind == 'kind'", "sort == 'kind'")
        .replace("kind == 'x'", "sort == 'x'")
        .replace("/{kind}", "/{sort}")
        .replace("[\"yyyy\", \"kind\"]", "[\"yyyy\", \"sort\"]");
    assert_eq!(rename(text, "Claim", "kind", "sort"), expected);
    let expected = text
        .replace("visibleWhen: \"closed\"", "visibleWhen: \"over\"")
        .replace("  closed: Boolean", "  over: Boolean @renamed(from: \"closed\")");
    assert_eq!(rename(text, "Claim", "closed", "over"), expected);
    let expected = text
        .replace("on: \"land\"", "on: \"country\"")
        .replace("  land: Land", "  country: Land @renamed(from: \"land\")");
    assert_eq!(rename(text, "Claim", "land", "country"), expected);
    let renamed = rename(text, "Person", "buyer", "client");
    assert!(renamed.contains("choose: \"contact.client == buyer\""), "{renamed}");
    catalog(&renamed);
    let renamed = rename(text, "Claim", "contact", "person");
    assert!(renamed.contains("choose: \"person.buyer == buyer\""), "{renamed}");
    catalog(&renamed);
}
