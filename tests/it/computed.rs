//! Formulas that are computed when they are read: the same values as stored ones, always of now, and never more than
//! the reader may see.

use serde_json::{Value, json};

use crate::{
    agreement::Random,
    both_dbs,
    support::{Client, Poster, office::Office},
};

both_dbs! {
    what_is_computed_is_what_would_be_stored
    reads_lead_over_relations_and_days
    how_a_formula_is_computed_does_not_change
    too_large_results_are_null
    what_is_computed_tells_nothing_hidden
}

/// Fields that random formulas read.
const FIELDS: &str = "code: String! @field(unique: true)
  a: Decimal
  b: Decimal @field(scale: 2)
  m: Int
  n: Int
  d: Date
  e: Date
  t: String
  u: String
  f: Boolean
  k: Kind
  ks: [Kind!]
";

/// Writes random formulas of each type, whose results are never too large.
struct Writer(Random);

impl Writer {
    fn one(&mut self, of: &[&'static str]) -> String {
        (*self.0.pick(of)).to_owned()
    }

    fn number(&mut self, depth: usize) -> String {
        let leaf = ["a", "b", "a", "b", "m", "2.5", "-0.125", "7"];
        if depth == 0 {
            return self.one(&leaf);
        }
        let sub = depth - 1;
        match self.0.below(12) {
            0 => format!("({} + {})", self.number(sub), self.one(&["a", "b", "1.05"])),
            1 => format!("({} - {})", self.one(&["a", "b", "0.3"]), self.number(sub)),
            2 => format!("round({} * a, 6)", self.number(0)),
            3 => {
                format!("round({} * 1.0 / {}, 8)", self.number(0), self.one(&["a", "b", "3", "m"]))
            }
            4 => format!(
                "({} * 1.0 % {})",
                self.one(&["a", "b", "7.25"]),
                self.one(&["a", "b", "0.7"])
            ),
            5 => format!("round({} * 1.0, {})", self.number(sub), self.0.below(4)),
            6 => format!("abs(-({} * 1.0))", self.number(sub)),
            7 => format!("min({} * 1.0, {} * 1.0)", self.number(sub), self.number(sub)),
            8 => format!("max({} * 1.0, a)", self.number(sub)),
            9 => format!("coalesce({} * 1.0, b, 0.5)", self.number(sub)),
            10 => format!("({} ? {} * 1.0 : b)", self.truth(sub), self.number(sub)),
            _ => format!("({} * 1.0)", self.whole(sub)),
        }
    }

    fn whole(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.one(&["m", "n", "3", "-11"]);
        }
        let sub = depth - 1;
        match self.0.below(9) {
            0 => format!("({} + {})", self.whole(sub), self.whole(sub)),
            1 => format!("({} * n)", self.one(&["m", "n", "5"])),
            2 => format!("({} % {})", self.whole(sub), self.one(&["m", "n", "4"])),
            3 => format!("floor({} * 1.0)", self.number(0)),
            4 => format!("ceil({} * 1.0)", self.number(0)),
            5 => format!("daysBetween({}, {})", self.day(sub), self.day(sub)),
            6 => format!("size({})", self.one(&["t", "u", "ks"])),
            7 => format!("({}({}) - n)", self.one(&["year", "month", "day"]), self.day(sub)),
            _ => format!("abs(min({}, m))", self.whole(sub)),
        }
    }

    fn day(&mut self, depth: usize) -> String {
        match if depth == 0 { 0 } else { self.0.below(4) } {
            1 => format!("addDays({}, n)", self.day(depth - 1)),
            2 => format!("addMonths({}, m)", self.day(depth - 1)),
            3 => format!("({} ? d : e)", self.truth(depth - 1)),
            _ => self.one(&["d", "e"]),
        }
    }

    fn text(&mut self, depth: usize) -> String {
        match if depth == 0 { 0 } else { self.0.below(5) } {
            1 => format!("({} + {})", self.text(depth - 1), self.one(&["t", "u", "'-'"])),
            2 => format!("trim(' ' + {} + ' ')", self.text(depth - 1)),
            3 => format!("coalesce({}, 'none')", self.text(depth - 1)),
            4 => format!("({} ? t : u + 'y')", self.truth(depth - 1)),
            _ => self.one(&["t", "u", "'x'"]),
        }
    }

    fn truth(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.one(&[
                "f",
                "m > n",
                "d <= e",
                "t == null",
                "k == 'FIRST'",
                "'THIRD' in ks",
            ]);
        }
        let sub = depth - 1;
        match self.0.below(8) {
            0 => format!("({} && {})", self.truth(sub), self.truth(sub)),
            1 => format!("({} || {})", self.truth(sub), self.truth(sub)),
            2 => format!("!({})", self.truth(sub)),
            3 => {
                let sign = self.one(&["==", "!=", "<", "<=", ">", ">="]);
                format!("({} * 1.0 {sign} {} * 1.0)", self.number(sub), self.number(sub))
            }
            4 => format!(
                "{}.{}({})",
                self.one(&["t", "u"]),
                self.one(&["contains", "startsWith", "endsWith"]),
                self.text(0)
            ),
            5 => format!("({} in [1, n, 12])", self.whole(sub)),
            6 => format!("({} > {})", self.text(sub), self.text(0)),
            _ => format!("(k in ['FIRST', 'SECOND'] || {} != null)", self.day(sub)),
        }
    }
}

/// A random record of the fields.
fn record(random: &mut Random, at: usize) -> Value {
    let mut input = json!({ "code": format!("R{at}") });
    let mut put = |random: &mut Random, name: &str, value: Value| {
        if !random.chance(15) {
            input[name] = value;
        }
    };
    let number = |random: &mut Random, most: usize, scale: u32| {
        let digits = i64::try_from(random.below(most)).unwrap();
        let number =
            rust_decimal::Decimal::new(if random.chance(40) { -digits } else { digits }, scale);
        json!(number.to_string())
    };
    for (name, scale) in [("a", 4), ("b", 2)] {
        let most = *random.pick(&[1_usize, 30, 99_999, 99_999_999]);
        let value = number(random, most, scale);
        put(random, name, value);
    }
    for name in ["m", "n"] {
        let value = json!(i64::try_from(random.below(60)).unwrap() - 20);
        put(random, name, value);
    }
    for name in ["d", "e"] {
        let days = ["2024-02-29", "2026-01-31", "2026-06-15", "1999-12-31", "2025-08-31"];
        let day = json!(*random.pick(&days));
        put(random, name, day);
    }
    for name in ["t", "u"] {
        let text = json!(*random.pick(&["x", "甲乙", "ab%c", "x甲", "Zx", "\u{1F600}x"]));
        put(random, name, text);
    }
    let value = json!(random.chance(50));
    put(random, "f", value);
    let value = json!(*random.pick(&["FIRST", "SECOND", "THIRD"]));
    put(random, "k", value);
    let value = json!(*random.pick(&[&["FIRST"][..], &["SECOND", "THIRD"]]));
    put(random, "ks", value);
    input
}

/// Every formula is there twice, stored and computed when it is read. What is stored is evaluated in memory.
async fn what_is_computed_is_what_would_be_stored(client: &Client) {
    let mut writer = Writer(Random(20_261_129));
    let mut text = String::from("enum Kind { FIRST SECOND THIRD }\n");
    let mut fields = FIELDS.to_owned();
    let mut names = Vec::new();
    for at in 0..60 {
        let depth = 1 + at % 2;
        let (ty, formula) = match at % 5 {
            0 | 1 => ("Decimal @field(scale: 4)", writer.number(depth) + " * 1.0"),
            2 => ("Int", writer.whole(depth)),
            3 => ("String @field(max: 200)", writer.text(depth)),
            _ if at % 2 == 0 => ("Date", writer.day(depth)),
            _ => ("Boolean", writer.truth(depth)),
        };
        for (kind, stored) in [("s", ""), ("r", ", stored: false")] {
            fields += &format!("  {kind}{at}: {ty} @formula(expr: \"{formula}\"{stored})\n");
        }
        names.push((at, formula));
    }
    text += &format!("type Probe @object(kind: MASTER, plural: \"probes\") {{\n{fields}}}\n");
    let applied = client.apply(&text, false).await;
    assert_eq!(applied["diagnostics"], json!([]), "{text}");
    let mut drafts = Vec::new();
    for at in 0..40 {
        let input = record(&mut writer.0, at);
        drafts.push(input.clone());
        let query = "mutation($input: CreateProbeInput!) { createProbe(input: $input) { userErrors { code path message } } }";
        let made = client.ask(query, json!({ "input": input })).await.data();
        assert_eq!(made["createProbe"]["userErrors"], json!([]), "{input} {text}");
    }
    for part in names.chunks(20) {
        let selected: String = part.iter().map(|(at, _)| format!(" s{at} r{at}")).collect();
        let query = format!(
            "{{ probes(first: 50) {{ nodes {{ code a b m n d e t u f k ks{selected} }} }} }}"
        );
        let told = client.data(&query).await;
        for node in told["probes"]["nodes"].as_array().unwrap() {
            for (at, formula) in part {
                assert_eq!(node[format!("r{at}")], node[format!("s{at}")], "{formula}\n{node:#}");
            }
        }
    }
    // A draft shows them before anything is stored.
    let selected: String = names[..20].iter().map(|(at, _)| format!(" s{at} r{at}")).collect();
    let query = format!(
        "query($patch: UpdateProbeInput!) {{ draftProbe(patch: $patch) {{ record {{ {selected} }} }} }}"
    );
    for input in &drafts[..12] {
        let told = client.ask(&query, json!({ "patch": input })).await.data();
        let record = &told["draftProbe"]["record"];
        for (at, formula) in &names[..20] {
            assert_eq!(record[format!("r{at}")], record[format!("s{at}")], "{formula}\n{input:#}");
        }
    }
    // Filters, orders and groups take the same values.
    let order = "orderBy: [{@: DESC}, {code: ASC}]";
    let ask = |kind: &str| {
        let field = format!("{kind}0");
        let order = order.replace('@', &field);
        format!(
            "{{ a: probes({order}, first: 50) {{ nodes {{ code }} }} b: probes(filter: {{{field}: {{gte: 1}}}}) {{ totalCount }} c: probeAggregate {{ sum {{ v: {field} }} max {{ v: {field} }} }} }}"
        )
    };
    let stored = client.ask(&ask("s"), json!({})).await.data();
    assert_eq!(client.ask(&ask("r"), json!({})).await.data(), stored);
}

/// A case of a customer, whose values are computed of the customer and the day.
pub(crate) const CASE: &str = "type Case @object(kind: MASTER, plural: \"cases\") {
  code: String! @field(unique: true)
  customer: Customer
  due: Date
  share: Decimal @field(type: MONEY) @formula(expr: \"customer.creditLimit * 0.105\", stored: false)
  late: Int @formula(expr: \"daysBetween(due, today())\", stored: false)
  place: String @formula(expr: \"customer.department.code + '/' + code\", stored: false)
  urgent: Boolean @formula(expr: \"late > 3 && share > 100\", stored: false)
}";

async fn reads_lead_over_relations_and_days(client: &Client) {
    assert_eq!(client.apply(CASE, false).await["diagnostics"], json!([]));
    let department = client.department("TJ").await;
    let mut customers = Vec::new();
    for (code, limit) in [("C1", "1000.10"), ("C2", "10.00")] {
        let more = json!({ "creditLimit": limit });
        customers.push(client.customer(&department, code, more).await);
    }
    for (code, customer, due) in
        [("A", Some(0), "2026-06-10"), ("B", Some(1), "2026-06-16"), ("C", None, "2026-06-01")]
    {
        let mut input = json!({ "code": code, "due": due });
        if let Some(customer) = customer {
            input["customer"] = json!({ "id": customers[customer] });
        }
        client.create("Case", input).await;
    }
    let read = "{ cases(orderBy: [{code: ASC}]) { nodes { code share late place urgent } } }";
    let is = async |poster: &Poster, expected: Value| {
        let told = poster.ask(read, json!({})).await.data()["cases"]["nodes"].clone();
        assert_eq!(told, expected);
    };
    is(
        &client.poster(),
        json!([
            { "code": "A", "share": "105.01", "late": 5, "place": "TJ/A", "urgent": true },
            { "code": "B", "share": "1.05", "late": -1, "place": "TJ/B", "urgent": false },
            { "code": "C", "share": null, "late": 14, "place": null, "urgent": null },
        ]),
    )
    .await;
    // The next day, with another limit: nothing of the cases was written.
    client.update("Customer", &customers[1], json!({ "creditLimit": "2000.00" })).await;
    client.world.advance(std::time::Duration::from_hours(6 * 24));
    let later = client.poster_of("admin").await;
    is(
        &later,
        json!([
            { "code": "A", "share": "105.01", "late": 11, "place": "TJ/A", "urgent": true },
            { "code": "B", "share": "210.00", "late": 5, "place": "TJ/B", "urgent": true },
            { "code": "C", "share": null, "late": 20, "place": null, "urgent": null },
        ]),
    )
    .await;
    // Filtered, sorted and paged, grouped and added up, and below another record.
    let asked = "{
        some: cases(filter: {share: {gt: \"105.00\"}, late: {between: [5, 11]}}) { totalCount }
        none: cases(filter: {share: {isNull: true}}) { nodes { code } }
        over: customers(filter: {code: {eq: \"C1\"}}) { nodes { code } }
        sums: caseAggregate(groupBy: [{urgent: true}], orderBy: [{count: DESC}]) { key { urgent } count sum { share } max { late } }
        first: cases(orderBy: [{share: DESC}, {place: ASC}], first: 1) { nodes { code } pageInfo { endCursor hasNextPage } }
    }";
    let told = later.ask(asked, json!({})).await.data();
    assert_eq!(told["some"]["totalCount"], 2);
    assert_eq!(told["none"]["nodes"], json!([{ "code": "C" }]));
    assert_eq!(
        told["sums"],
        json!([
            { "key": { "urgent": true }, "count": 2, "sum": { "share": "315.01" }, "max": { "late": 11 } },
            { "key": { "urgent": null }, "count": 1, "sum": { "share": null }, "max": { "late": 20 } },
        ])
    );
    let mut codes = vec![told["first"]["nodes"][0]["code"].clone()];
    let mut after = told["first"]["pageInfo"]["endCursor"].clone();
    for _ in 0..2 {
        let query = format!(
            "{{ cases(orderBy: [{{share: DESC}}, {{place: ASC}}], first: 1, after: {after}) {{ nodes {{ code }} pageInfo {{ endCursor }} }} }}"
        );
        let page = later.ask(&query, json!({})).await.data()["cases"].clone();
        codes.push(page["nodes"][0]["code"].clone());
        after = page["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(json!(codes), json!(["C", "B", "A"]));
    // Nobody gives it, and the past has no such value.
    let input = "{ __type(name: \"UpdateCaseInput\") { inputFields { name } } }";
    let input = later.ask(input, json!({})).await.data()["__type"]["inputFields"].to_string();
    assert!(input.contains("\"due\"") && !input.contains("\"share\""), "{input}");
    let past = "{ cases(asOf: \"2026-06-15T03:00:00Z\") { nodes { share } } }";
    assert_eq!(later.ask(past, json!({})).await.codes(), ["INPUT_INVALID"]);
}

async fn how_a_formula_is_computed_does_not_change(client: &Client) {
    assert_eq!(client.apply(CASE, false).await["diagnostics"], json!([]));
    let kept = CASE.replace(
        "@formula(expr: \"daysBetween(due, today())\", stored: false)",
        "@formula(expr: \"1\")",
    );
    let refused = client.apply(&kept, false).await["diagnostics"].to_string();
    assert!(
        refused.contains("CATALOG_DESTRUCTIVE") || refused.contains("stays stored"),
        "{refused}"
    );
}

async fn too_large_results_are_null(client: &Client) {
    let text = "type Large @object(kind: MASTER, plural: \"larges\") {
      code: String!
      a: Decimal @field(scale: 4)
      b: Decimal @field(scale: 4)
      product: Decimal @field(scale: 4) @formula(expr: \"a * b\", stored: false)
      exact: Decimal @field(scale: 8) @formula(expr: \"a * b / b\", stored: false)
      square: Decimal @formula(expr: \"a * a * b * b / 1000000\", stored: false)
      ratio: Decimal @field(scale: 8) @formula(expr: \"a / b\", stored: false)
      rest: Decimal @field(scale: 4) @formula(expr: \"a % b\", stored: false)
      count: Int @formula(expr: \"floor(a)\", stored: false)
      same: Boolean @formula(expr: \"a * b == b * a && a * b - 0.00000001 < b * a\", stored: false)
    }";
    assert_eq!(client.apply(text, false).await["diagnostics"], json!([]));
    for (code, a, b) in [
        ("1", "99999999999999.9999", "99999999999999.9999"),
        ("2", "12345678.9012", "98765.4321"),
        ("3", "-99999999999999.9999", "0.0003"),
        ("4", "1", "0"),
        ("5", "-7.5", "2.0001"),
    ] {
        client.create("Large", json!({ "code": code, "a": a, "b": b })).await;
    }
    let read = "{ larges(orderBy: [{code: ASC}]) { nodes { product exact square ratio rest count same } } }";
    let told = client.data(read).await["larges"]["nodes"].clone();
    assert_eq!(
        told,
        json!([
            { "product": null, "exact": null, "square": null, "ratio": null, "rest": null, "count": null, "same": true },
            { "product": "1219326311244.8712", "exact": "12345678.90120000", "square": null, "ratio": "124.99999887", "rest": "98765.3208", "count": 12_345_678, "same": true },
            { "product": "-30000000000.0000", "exact": null, "square": null, "ratio": null, "rest": "0.0000", "count": null, "same": true },
            { "product": "0.0000", "exact": null, "square": "0.0000", "ratio": null, "rest": null, "count": 1, "same": true },
            { "product": "-15.0008", "exact": "-7.50000000", "square": "0.0002", "ratio": "-3.74981251", "rest": "-1.4997", "count": -8, "same": true },
        ])
    );
}

/// Reads cases all over, but customers only where `new` is related to them, and no limits.
pub(crate) const ROLE: &str = r#"
code = "some"
label = "x"
label_en = "x"
[[grants]]
objects = ["Customer"]
actions = ["read"]
employees = "related"
[[grants]]
objects = ["Case", "Department", "Employee"]
actions = ["read"]
open = true
[[fields]]
object = "Customer"
hidden = ["creditLimit"]
"#;

async fn what_is_computed_tells_nothing_hidden(client: &Client) {
    let mut office = Office::open(client).await;
    assert_eq!(client.apply(CASE, false).await["diagnostics"], json!([]));
    let query = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(query, json!({ "d": ROLE })).await;
    office.give("new", &["some"], &[]).await;
    let row = json!([{ "employee": { "id": office.id("new") } }]);
    let related = json!({ "relatedEmployees": { "create": row }, "creditLimit": "1000.00" });
    client.update("Customer", &office.id("CL"), related).await;
    client.update("Customer", &office.id("CS"), json!({ "creditLimit": "1000.00" })).await;
    for (code, customer) in [("A", Some("CL")), ("B", Some("CS")), ("C", None)] {
        let mut input = json!({ "code": code, "due": "2026-06-10" });
        if let Some(customer) = customer {
            input["customer"] = json!({ "id": office.id(customer) });
        }
        office.make(code, "Case", input).await;
    }
    // What reads a hidden field does not exist, nor does what reads that.
    for field in ["share", "urgent"] {
        let told = office.ask("new", &format!("{{ cases {{ nodes {{ {field} }} }} }}")).await;
        let other = office.ask("new", "{ cases { nodes { shore } } }").await;
        let other = other.to_string().replace("shore", field);
        assert_eq!(told["data"], Value::Null, "{told}");
        assert_eq!(
            told["errors"][0]["extensions"]["code"],
            serde_json::from_str::<Value>(&other).unwrap()["errors"][0]["extensions"]["code"]
        );
    }
    // A hidden customer looks like none: in values, states, filters, orders and groups.
    let query = "{
        cases(orderBy: [{code: ASC}]) { nodes { code place _fieldStates(fields: [\"place\"]) { field state } } }
        one: cases(filter: {place: {startsWith: \"TJ-SL\"}}) { totalCount }
        none: cases(filter: {place: {isNull: true}}, orderBy: [{place: ASC}, {code: ASC}]) { nodes { code } }
        caseAggregate(groupBy: [{place: true}], orderBy: [{count: DESC}]) { key { place } count }
    }";
    let told = office.ask("new", query).await["data"].clone();
    let state = |code: &str, place: Value, state: &str| json!({ "code": code, "place": place, "_fieldStates": [{ "field": "place", "state": state }] });
    assert_eq!(
        told["cases"]["nodes"],
        json!([
            state("A", json!("TJ-TL/A"), "VISIBLE"),
            state("B", Value::Null, "HIDDEN"),
            state("C", Value::Null, "HIDDEN"),
        ])
    );
    assert_eq!(told["one"]["totalCount"], 0);
    assert_eq!(told["none"]["nodes"], json!([{ "code": "B" }, { "code": "C" }]));
    assert_eq!(
        told["caseAggregate"],
        json!([
            { "key": { "place": null }, "count": 2 },
            { "key": { "place": "TJ-TL/A" }, "count": 1 },
        ])
    );
    // Who sees all customers sees all of it, and an empty reference is no secret to them.
    let told = client.data("{ cases(orderBy: [{code: ASC}]) { nodes { place _fieldStates(fields: [\"place\"]) { state } } } }").await;
    let told = told["cases"]["nodes"].clone();
    assert_eq!(told[1]["place"], "TJ-SL/B");
    assert_eq!(told[2], json!({ "place": null, "_fieldStates": [{ "state": "VISIBLE" }] }));
}
