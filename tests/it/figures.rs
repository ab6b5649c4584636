//! A property of sums and means at the ends of every scale: both databases answer, compare and order them as
//! whole numbers without an end do.
//!
//! `TRADEWIND_WORLDS=50 cargo test --test it figures` draws more values than every run does.

use std::{cmp::Ordering, time::Duration};

use serde_json::{Value, json};

use crate::{
    agreement::Random,
    both_dbs,
    support::{Client, setting},
};

both_dbs! {
    zero_has_no_sign
    figures_are_exact_at_the_ends
    figures_of_reports
}

const PROBE: &str = "type Probe @object(kind: MASTER, label: \"探针\", plural: \"probes\") {
    code: String! @field(label: \"编码\", unique: true) name: String @field(label: \"名称\")
    n: Int @field(label: \"整数\") d0: Decimal @field(label: \"零位\", scale: 0)
    d2: Decimal @field(type: MONEY, label: \"金额\") d8: Decimal @field(label: \"八位\", scale: 8)
    boss: Probe @field(label: \"上级\") @relation(inverse: \"kids\")
}";

/// The fields with the digits they have, and the largest value in units of the last of them.
const FIELDS: [(&str, u32, i128); 4] = [
    ("n", 0, 2_147_483_647),
    ("d0", 0, 999_999_999_999_999_999),
    ("d2", 2, 999_999_999_999_999_999),
    ("d8", 8, 999_999_999_999_999_999),
];

/// A number as decimals are written.
fn written(units: i128, scale: u32) -> String {
    let sign = if units < 0 { "-" } else { "" };
    let whole = units.unsigned_abs() / 10_u128.pow(scale);
    let rest = units.unsigned_abs() % 10_u128.pow(scale);
    match scale {
        0 => format!("{sign}{whole}"),
        _ => format!("{sign}{whole}.{rest:0>width$}", width = scale as usize),
    }
}

/// The mean, half away from zero, with four digits more.
fn mean(values: &[i128]) -> Option<i128> {
    let count = i128::try_from(values.len()).unwrap();
    let sum = values.iter().sum::<i128>() * 10_000;
    (count > 0).then(|| sum.signum() * ((sum.abs() * 2 + count) / (count * 2)))
}

/// A group: its name and what its records have of each field.
struct Group {
    name: String,
    values: [Vec<i128>; 4],
}

/// Something made of a field of a group.
#[derive(Clone, Copy)]
struct Measure {
    function: &'static str,
    field: usize,
}

impl Measure {
    fn scale(self) -> u32 {
        FIELDS[self.field].1 + if self.function == "avg" { 4 } else { 0 }
    }

    fn of(self, group: &Group) -> Option<i128> {
        let values = &group.values[self.field];
        match self.function {
            "sum" => (!values.is_empty()).then(|| values.iter().sum()),
            "avg" => mean(values),
            "min" => values.iter().min().copied(),
            _ => values.iter().max().copied(),
        }
    }

    /// As it is answered: extremes of whole numbers are numbers.
    fn shown(self, group: &Group) -> Value {
        match (self.of(group), self.function, self.field) {
            (None, ..) => Value::Null,
            (Some(value), "min" | "max", 0) => json!(i64::try_from(value).unwrap()),
            (Some(value), ..) => json!(written(value, self.scale())),
        }
    }
}

fn drawn(random: &mut Random, most: i128) -> i128 {
    let near = i128::try_from(random.below(3)).unwrap();
    let size = match random.below(7) {
        0..3 => most - near,
        3 => near,
        4 => most / 2 + near,
        5 => (1_000_000_000 - 1 + near).min(most),
        _ => (1_000_000_000_000_000_000 / 7 * (near + 1)) % (most + 1),
    };
    if random.chance(50) { -size } else { size }
}

async fn groups(client: &Client, random: &mut Random) -> Vec<Group> {
    client.apply(PROBE, false).await;
    let mut groups = Vec::new();
    let mut inputs = Vec::new();
    for at in 0..14 {
        let name = format!("g{at:02}");
        let boss =
            client.create("Probe", json!({ "code": format!("B{at:02}"), "name": "boss" })).await;
        let mut values: [Vec<i128>; 4] = Default::default();
        // Some have values of one sign only, so that sums leave 64 bits.
        let sign = random.below(3);
        for child in 0..random.below(13) {
            let mut input =
                json!({ "code": format!("{name}-{child}"), "name": name, "boss": { "id": boss } });
            for (ix, (field, scale, most)) in FIELDS.into_iter().enumerate() {
                if random.chance(15) {
                    continue;
                }
                let value = match (sign, drawn(random, most)) {
                    (0, value) => value.abs(),
                    (1, value) => -value.abs(),
                    (_, value) => value,
                };
                values[ix].push(value);
                input[field] = match ix {
                    0 => json!(i64::try_from(value).unwrap()),
                    _ => json!(written(value, scale)),
                };
            }
            inputs.push(input);
        }
        groups.push(Group { name, values });
    }
    let make = "mutation($i: [CreateProbeInput!]!) { createProbes(inputs: $i) { count userErrors { code path message } } }";
    let made = client.ask(make, json!({ "i": inputs })).await.data()["createProbes"].clone();
    assert_eq!(made["count"], inputs.len(), "{made}");
    groups
}

const ALL: &str =
    "count sum { n d0 d2 d8 } avg { n d0 d2 d8 } min { n d0 d2 d8 } max { n d0 d2 d8 }";
const FUNCTIONS: [&str; 4] = ["sum", "avg", "min", "max"];

fn expected(group: &Group) -> Value {
    let of = |function: &'static str| {
        let each = FIELDS.iter().enumerate().map(|(field, (name, ..))| {
            ((*name).to_owned(), Measure { function, field }.shown(group))
        });
        Value::Object(each.collect())
    };
    let [sum, avg, min, max] = FUNCTIONS.map(of);
    json!({ "sum": sum, "avg": avg, "min": min, "max": max })
}

fn without_count(mut row: Value) -> Value {
    let row = row.as_object_mut().unwrap();
    row.remove("count");
    row.remove("key");
    json!(row)
}

/// A condition on a measure, and which values meet it.
fn condition(
    random: &mut Random,
    groups: &[Group],
    measure: Measure,
) -> (String, Box<dyn Fn(i128) -> bool>) {
    let scale = measure.scale();
    // Bounds lie on a measure or a tenth of its last digit beside it, or far out.
    let mut bound = || {
        let on = measure.of(random.pick(groups)).unwrap_or_default() * 10;
        let beside = i128::try_from(random.below(5)).unwrap() - 2;
        match random.below(6) {
            0 => 10_i128.pow(22) * 10 * beside.signum(),
            1 | 2 => on,
            _ => on + beside,
        }
    };
    let (one, two) = (bound(), bound());
    let told = |bound: i128| format!("\"{}\"", written(bound, scale + 1));
    let (low, high) = (one.min(two), one.max(two));
    match random.below(9) {
        0 => (format!("gt: {}", told(one)), Box::new(move |value| value * 10 > one)),
        1 => (format!("gte: {}", told(one)), Box::new(move |value| value * 10 >= one)),
        2 => (format!("lt: {}", told(one)), Box::new(move |value| value * 10 < one)),
        3 => (format!("lte: {}", told(one)), Box::new(move |value| value * 10 <= one)),
        4 => (format!("eq: {}", told(one)), Box::new(move |value| value * 10 == one)),
        5 => (format!("ne: {}", told(one)), Box::new(move |value| value * 10 != one)),
        6 => (
            format!("in: [{}, {}]", told(one), told(two)),
            Box::new(move |value| value * 10 == one || value * 10 == two),
        ),
        7 => (
            format!("notIn: [{}, {}]", told(one), told(two)),
            Box::new(move |value| value * 10 != one && value * 10 != two),
        ),
        _ => (
            format!("between: [{}, {}]", told(low), told(high)),
            Box::new(move |value| (low..=high).contains(&(value * 10))),
        ),
    }
}

async fn figures_are_exact_at_the_ends(client: &Client) {
    let worlds = setting("TRADEWIND_WORLDS").and_then(|text| text.parse().ok()).unwrap_or(1_usize);
    let mut random = Random(20_261_128);
    let all = groups(client, &mut random).await;
    let there: Vec<&Group> =
        all.iter().filter(|g| g.values.iter().any(|v| !v.is_empty())).collect();
    // Groups, also of a moment.
    let at = client.ask(
        "{ probes(first: 1, orderBy: [{createdAt: DESC}]) { nodes { createdAt } } }",
        json!({}),
    );
    let at = at.await.data()["probes"]["nodes"][0]["createdAt"].clone();
    client.world.advance(Duration::from_mins(1));
    for of in [String::new(), format!(", asOf: {at}")] {
        let query = format!(
            "{{ probeAggregate(filter: {{name: {{startsWith: \"g\"}}}}, groupBy: [{{name: true}}]{of}) {{ key {{ name }} {ALL} }} }}"
        );
        let found = client.data(&query).await["probeAggregate"].clone();
        for row in found.as_array().unwrap() {
            let group = all.iter().find(|group| row["key"]["name"] == group.name.as_str()).unwrap();
            assert_eq!(without_count(row.clone()), expected(group), "{}", group.name);
        }
    }
    // What the lists of records come to.
    let query = format!(
        "{{ probes(filter: {{code: {{startsWith: \"B\"}}}}, orderBy: [{{code: ASC}}]) {{ nodes {{ kidsAggregate {{ {ALL} }} }} }} }}"
    );
    let found = client.data(&query).await["probes"]["nodes"].clone();
    for (row, group) in found.as_array().unwrap().iter().zip(&all) {
        assert_eq!(without_count(row["kidsAggregate"][0].clone()), expected(group));
    }
    // Orders.
    for function in FUNCTIONS {
        for (field, (name, ..)) in FIELDS.iter().enumerate() {
            for (direction, turned) in [("ASC", false), ("DESC", true)] {
                let query = format!(
                    "{{ probeAggregate(filter: {{name: {{startsWith: \"g\"}}}}, groupBy: [{{name: true}}], orderBy: [{{{function}: {{{name}: {direction}}}}}]) {{ key {{ name }} {function} {{ {name} }} }} }}"
                );
                let found = client.data(&query).await["probeAggregate"].clone();
                let measure = Measure { function, field };
                let mut sorted: Vec<&Group> = all
                    .iter()
                    .filter(|group| {
                        found
                            .as_array()
                            .unwrap()
                            .iter()
                            .any(|row| row["key"]["name"] == group.name.as_str())
                    })
                    .collect();
                assert!(sorted.len() >= there.len());
                sorted.sort_by(|one, two| {
                    let order = match (measure.of(one), measure.of(two)) {
                        (Some(one), Some(two)) => one.cmp(&two),
                        (None, None) => Ordering::Equal,
                        (None, _) => Ordering::Greater,
                        (_, None) => Ordering::Less,
                    };
                    let order = if turned { order.reverse() } else { order };
                    order.then_with(|| one.name.cmp(&two.name))
                });
                let names: Vec<_> = sorted.iter().map(|group| json!(group.name)).collect();
                let found: Vec<_> = found
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|row| row["key"]["name"].clone())
                    .collect();
                assert_eq!(found, names, "{function} {name} {direction}");
            }
        }
    }
    // Conditions on groups, and on records by what their lists come to.
    for _ in 0..worlds * 60 {
        let function = *random.pick(&FUNCTIONS);
        // Extremes of whole numbers are compared with whole numbers.
        let field = if function.starts_with('m') { 1 + random.below(3) } else { random.below(4) };
        let measure = Measure { function, field };
        let (told, meets) = condition(&mut random, &all, measure);
        let told = format!("{function}: {{{}: {{{told}}}}}", FIELDS[field].0);
        let expected: Vec<_> = all
            .iter()
            .enumerate()
            .filter(|(_, group)| measure.of(group).is_some_and(&meets))
            .collect();
        let query = format!(
            "{{ groups: probeAggregate(filter: {{name: {{startsWith: \"g\"}}}}, groupBy: [{{name: true}}], having: {{{told}}}) {{ key {{ name }} }}
               records: probes(filter: {{code: {{startsWith: \"B\"}}, kids: {{{told}}}}}, orderBy: [{{code: ASC}}]) {{ nodes {{ code }} }} }}"
        );
        let found = client.data(&query).await;
        let names: Vec<_> = found["groups"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["key"]["name"].clone())
            .collect();
        let wanted: Vec<_> = expected.iter().map(|(_, group)| json!(group.name)).collect();
        assert_eq!(names, wanted, "{told}");
        let codes: Vec<_> = found["records"]["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["code"].clone())
            .collect();
        let wanted: Vec<_> = expected.iter().map(|(at, _)| json!(format!("B{at:02}"))).collect();
        assert_eq!(codes, wanted, "{told}");
    }
}

async fn figures_of_reports(client: &Client) {
    client.apply(PROBE, false).await;
    let mut inputs = Vec::new();
    for (code, field, value) in [
        ("A1", "d2", "92233720368547.75"),
        ("A2", "d2", "92233720368547.77"),
        ("B1", "d8", "9999999999.99999999"),
        ("B2", "d8", "9999999999.99999998"),
        ("B3", "d8", "0.00000001"),
        ("C1", "d2", "922337203685477.00"),
    ] {
        inputs.push(json!({ "code": code, "name": &code[..1], field: value }));
    }
    for at in 0..12 {
        inputs.push(json!({ "code": format!("D{at}"), "name": "D", "d2": "9999999999999999.99" }));
        inputs.push(json!({ "code": format!("E{at}"), "name": "E", "d8": "9999999999.99999999" }));
    }
    let make = "mutation($i: [CreateProbeInput!]!) { createProbes(inputs: $i) { count } }";
    client.ask(make, json!({ "i": inputs })).await.data();
    let query = "{ probeAggregate(groupBy: [{name: true}]) { sum { d2 d8 } avg { d2 d8 } } }";
    let row = |sum2: Value, sum8: Value, avg2: Value, avg8: Value| json!({ "sum": { "d2": sum2, "d8": sum8 }, "avg": { "d2": avg2, "d8": avg8 } });
    let none = || Value::Null;
    assert_eq!(
        client.data(query).await["probeAggregate"],
        json!([
            row(json!("184467440737095.52"), none(), json!("92233720368547.760000"), none()),
            row(none(), json!("19999999999.99999998"), none(), json!("6666666666.666666660000")),
            row(json!("922337203685477.00"), none(), json!("922337203685477.000000"), none()),
            row(json!("119999999999999999.88"), none(), json!("9999999999999999.990000"), none()),
            row(none(), json!("119999999999.99999988"), none(), json!("9999999999.999999990000")),
        ])
    );
    for (having, names) in [
        ("avg: {d2: {lt: \"9999999999999999\"}}", vec!["A", "C"]),
        ("avg: {d2: {gt: \"9999999999999999\"}}", vec!["D"]),
        ("sum: {d2: {gt: \"200000000000000000\"}}", vec![]),
        ("sum: {d2: {lt: \"200000000000000000\"}}", vec!["A", "C", "D"]),
        ("sum: {d2: {eq: \"119999999999999999.88\"}}", vec!["D"]),
        ("sum: {d2: {gte: \"-79228162514264337593543950335\"}}", vec!["A", "C", "D"]),
        ("not: {sum: {d8: {lt: \"119999999999.99999988\"}}}", vec!["E"]),
    ] {
        let query = format!(
            "{{ probeAggregate(groupBy: [{{name: true}}], having: {{{having}}}) {{ key {{ name }} }} }}"
        );
        let found = client.data(&query).await["probeAggregate"].clone();
        let found: Vec<_> =
            found.as_array().unwrap().iter().map(|row| row["key"]["name"].clone()).collect();
        assert_eq!(json!(found), json!(names), "{having}");
    }
    // A decimal that could not be kept whole is not taken for one nearby.
    let query =
        "{ probes(filter: {d8: {eq: \"1.00000000000000000000000000001\"}}) { totalCount } }";
    assert_eq!(client.ask(query, json!({})).await.codes(), ["INPUT_VALUE"]);
}

async fn zero_has_no_sign(client: &Client) {
    let sdl = "type Nought @object(kind: MASTER, label: \"零\", plural: \"noughts\") {
        n: Int @field(label: \"整数\") d: Decimal @field(label: \"小数\", scale: 2) t: String @field(label: \"文本\") j: JSON @field(label: \"杂项\") }";
    assert_eq!(client.apply(sdl, false).await["diagnostics"], json!([]));
    let written = "mutation { createNought(input: {n: -0, d: -0, t: \"-0\", j: [-0]}) { record { n d t j } userErrors { code } } }";
    let expected =
        json!({ "record": { "n": 0, "d": "0.00", "t": "-0", "j": [0] }, "userErrors": [] });
    assert_eq!(client.data(written).await["createNought"], expected);
    let given = "mutation($i: CreateNoughtInput!, $n: Int = -0) { createNought(input: $i) { record { n d } userErrors { code } } }";
    for input in [
        json!({ "n": -0.0, "d": -0.0 }),
        json!({ "n": 0, "d": "-0" }),
        json!({ "n": 0, "d": "-0.00" }),
    ] {
        let query = given.replace(", $n: Int = -0", "");
        let made = client.ask(&query, json!({ "i": input })).await.data();
        assert_eq!(made["createNought"]["record"], json!({ "n": 0, "d": "0.00" }), "{input}");
    }
    // In conditions, on groups, in defaults, and where a number is an argument.
    let query = "query($n: Int = -0, $d: Decimal) {
        a: noughts(filter: {n: {eq: -0}, d: {eq: -0}}) { totalCount }
        b: noughts(filter: {n: {in: [-0, 1]}, d: {between: [-0, -0]}}) { totalCount }
        c: noughts(filter: {n: {gte: $n}, d: {lte: $d}}) { totalCount }
        d: noughts(filter: {n: {lt: -0}}) { totalCount }
        e: noughtAggregate(having: {sum: {n: {gte: -0}}, count: {gt: -0}}) { count }
        f: noughts(first: -0) { nodes { n } } }";
    let told = client.ask(query, json!({ "d": -0.0 })).await.data();
    let four = json!({ "totalCount": 4 });
    assert_eq!(
        told,
        json!({ "a": four, "b": four, "c": four, "d": { "totalCount": 0 }, "e": [{ "count": 4 }], "f": { "nodes": [] } })
    );
    // One with a point is no whole number.
    let refused =
        client.ask("{ noughts(filter: {n: {eq: -0.0}}) { totalCount } }", json!({})).await;
    assert_eq!(refused.codes(), ["INPUT_INVALID"]);
}
