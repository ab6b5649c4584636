//! Writes the requests: documents, variables, inputs, definitions and roles, from the schema's own types and
//! from values that lie on bounds.

use serde_json::{Map, Value, json};

use super::types::{Kind, Types, named};
use crate::agreement::Random;

/// Largest request, in bytes, before its bound on the server is met by its length alone.
const LARGE: usize = 900_000;

/// Lengths at the server's bounds and just beyond.
const LENGTHS: [usize; 14] =
    [16, 17, 20, 21, 40, 100, 101, 499, 500, 501, 5_000, 5_001, 10_001, 25_000];

/// Writes one request.
pub(super) struct Attacker<'a> {
    types: &'a Types,
    ids: &'a [String],
    random: &'a mut Random,
    variables: Map<String, Value>,
    declared: String,
    /// What may still be written, roughly in bytes.
    left: usize,
}

impl<'a> Attacker<'a> {
    pub(super) fn new(types: &'a Types, ids: &'a [String], random: &'a mut Random) -> Self {
        let (variables, declared) = (Map::new(), String::new());
        Self { types, ids, random, variables, declared, left: LARGE }
    }

    fn text(&mut self) -> String {
        let long = |count: usize| "ab涂".repeat(count / 3 + 1).chars().take(count).collect();
        match self.random.below(26) {
            0 => String::new(),
            1 => "a\0b".to_owned(),
            2 => "\0".to_owned(),
            3 => long(1_000),
            4 => long(1_001),
            5 => long(20_000),
            6 => "%_\\%[*?".to_owned(),
            7 => "\\".to_owned(),
            8 => "\u{10ffff}\u{200b}\u{feff}".to_owned(),
            9 => "a.b(c)*+?^$|{}[]".to_owned(),
            10 => "ÉéßİıŞ".repeat(20),
            11 => "a@b.example".to_owned(),
            12 => " \t\n\r ".to_owned(),
            13 => "%".repeat(300),
            14 => "a*".repeat(200),
            15 => "'; DROP TABLE region; --".to_owned(),
            16 => long(60),
            17 => long(200),
            18 => "customer".to_owned(),
            _ => ["a", "涂料", "KH0001", "B", "王"][self.random.below(5)].to_owned(),
        }
    }

    fn id(&mut self) -> String {
        match self.random.below(6) {
            0 => "019f0000-0000-7000-8000-000000000001".to_owned(),
            1 => self.text(),
            _ => self.ids[self.random.below(self.ids.len())].clone(),
        }
    }

    fn scalar(&mut self, ty: &str) -> Value {
        let of = |random: &mut Random, all: &[Value]| all[random.below(all.len())].clone();
        match ty {
            "Int" => of(
                self.random,
                &[
                    json!(0),
                    json!(1),
                    json!(2),
                    json!(-1),
                    json!(50),
                    json!(1_000),
                    json!(1_001),
                    json!(5_000),
                    json!(36_600),
                    json!(i32::MAX),
                    json!(i32::MIN),
                    json!(i64::from(i32::MAX) + 1),
                ],
            ),
            "Boolean" => json!(self.random.chance(50)),
            "ID" => json!(self.id()),
            "Decimal" => of(
                self.random,
                &[
                    json!("0"),
                    json!("-0.00"),
                    json!("1.005"),
                    json!("99999999999999.99"),
                    json!("-9223372036854775808"),
                    json!("92233720368547758.07"),
                    json!("9".repeat(28)),
                    json!("9".repeat(40)),
                    json!("1e5"),
                    json!("."),
                    json!("+.5"),
                    json!(i64::MAX),
                ],
            ),
            "Date" => of(
                self.random,
                &[
                    json!("2026-06-15"),
                    json!("0001-01-01"),
                    json!("9999-12-31"),
                    json!("2026-02-30"),
                    json!("+10000-01-01"),
                    json!("-0001-01-01"),
                    json!("262142-12-31"),
                ],
            ),
            "DateTime" => of(
                self.random,
                &[
                    json!("2026-06-15T00:00:00Z"),
                    json!("0001-01-01T00:00:00+23:59"),
                    json!("9999-12-31T23:59:59.999999999-23:59"),
                    json!("2026-06-15T24:00:00Z"),
                    json!("2026-06-15T23:59:60Z"),
                    json!("2026-06-01T08:00:00+08:00"),
                ],
            ),
            "JSON" => of(
                self.random,
                &[json!(null), json!({"a": [1, "\0", {"b": 1e300}]}), json!("x"), json!([[[[]]]])],
            ),
            _ => json!(self.text()),
        }
    }

    /// A value of a type, seldom a wrong one.
    fn value(&mut self, ty: &str, depth: usize) -> Value {
        let (base, nullable) = match ty.strip_suffix('!') {
            Some(base) => (base, false),
            None => (ty, true),
        };
        if nullable && self.random.chance(3) || self.random.below(400) == 0 {
            return Value::Null;
        }
        if let Some(inner) = base.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')) {
            let count = match self.random.below(40) {
                0 => LENGTHS[self.random.below(LENGTHS.len())],
                1..5 => 0,
                _ => 1 + self.random.below(3),
            };
            if count > 3 {
                let one = self.value(inner, depth + 1);
                let size = one.to_string().len() + 1;
                let count = count.min(self.left / size);
                self.left -= count * size;
                return Value::Array(vec![one; count]);
            }
            return (0..count).map(|_| self.value(inner, depth + 1)).collect();
        }
        match self.types.0.get(base) {
            Some(Kind::Enum(values)) if !self.random.chance(2) => {
                json!(values[self.random.below(values.len())])
            }
            Some(Kind::Input(fields)) => {
                let most = if depth > 6 && !self.random.chance(80) { 0 } else { 3 };
                let mut given = Map::new();
                for (name, ty) in fields.iter().filter(|(_, ty)| ty.ends_with('!')) {
                    if !self.random.chance(3) {
                        given.insert(name.clone(), self.value(ty, depth + 1));
                    }
                }
                let exact = base.ends_with("Order") || base.ends_with("GroupBy");
                let count = if exact { 1 } else { self.random.below(most + 1) };
                for _ in 0..count {
                    let (name, ty) = &fields[self.random.below(fields.len())];
                    if depth < 40 && self.left > 100 {
                        self.left -= name.len() + 6;
                        let value = self.value(ty, depth + 1);
                        given.insert(name.clone(), value);
                    }
                }
                Value::Object(given)
            }
            Some(Kind::Enum(_)) => json!("NOT_ONE"),
            _ => {
                let value = self.scalar(base);
                self.left = self.left.saturating_sub(value.to_string().len());
                value
            }
        }
    }

    /// A value as a document has it: names of enums without marks.
    fn literal(&self, ty: &str, value: &Value) -> String {
        let base = ty.strip_suffix('!').unwrap_or(ty);
        let inner = base.strip_prefix('[').and_then(|inner| inner.strip_suffix(']'));
        match (value, inner, self.types.0.get(base)) {
            (Value::Array(items), Some(inner), _) => {
                let items: Vec<_> = items.iter().map(|item| self.literal(inner, item)).collect();
                format!("[{}]", items.join(","))
            }
            (Value::Object(given), _, Some(Kind::Input(fields))) => {
                let of = |name: &str| fields.iter().find(|(known, _)| known == name);
                let given: Vec<_> = given
                    .iter()
                    .map(|(name, value)| {
                        format!("{name}:{}", self.literal(of(name).map_or("", |f| &f.1), value))
                    })
                    .collect();
                format!("{{{}}}", given.join(","))
            }
            (Value::Object(given), ..) => {
                let given: Vec<_> = given
                    .iter()
                    .map(|(name, value)| format!("{name}:{}", self.literal("", value)))
                    .collect();
                format!("{{{}}}", given.join(","))
            }
            (Value::Array(items), ..) => {
                let items: Vec<_> = items.iter().map(|item| self.literal("", item)).collect();
                format!("[{}]", items.join(","))
            }
            (Value::String(name), _, Some(Kind::Enum(_))) => name.clone(),
            (value, ..) => value.to_string(),
        }
    }

    fn arguments(&mut self, arguments: &[(String, String)]) -> String {
        let mut written = Vec::new();
        for (name, ty) in arguments {
            if !ty.ends_with('!') && self.random.chance(55) {
                continue;
            }
            let value = match (name.as_str(), self.random.chance(75)) {
                // Else hardly anything is done.
                ("atMost", true) => json!(5),
                ("first" | "last", true) => json!(self.random.below(4)),
                ("after" | "before", true) => continue,
                ("idempotencyKey", true) => continue,
                _ => self.value(ty, 0),
            };
            if self.random.chance(60) {
                let variable = format!("v{}", self.variables.len());
                self.declared += &format!("${variable}: {ty} ");
                written.push(format!("{name}: ${variable}"));
                self.variables.insert(variable, value);
            } else {
                written.push(format!("{name}: {}", self.literal(ty, &value)));
            }
        }
        if written.is_empty() { String::new() } else { format!("({})", written.join(", ")) }
    }

    fn selection(&mut self, ty: &str, depth: usize) -> String {
        if let Some(Kind::Union) = self.types.0.get(ty) {
            return " { __typename }".to_owned();
        }
        let types = self.types;
        let fields = types.fields(ty);
        if fields.is_empty() {
            return String::new();
        }
        let mut inner = String::new();
        let count = if depth > 12 { 0 } else { 1 + self.random.below(4) };
        for _ in 0..count {
            let (name, arguments, of) = &fields[self.random.below(fields.len())];
            let times = match self.random.below(120) {
                0 => [20, 90, 100, 101][self.random.below(4)],
                1..8 => 2,
                _ => 1,
            };
            let leaf = types.fields(named(of)).is_empty();
            if !leaf && depth + self.random.below(6) > 8 {
                continue;
            }
            let arguments = self.arguments(arguments);
            let selected = self.selection(named(of), depth + 1);
            for at in 0..times {
                if self.left < selected.len() + arguments.len() + 100 {
                    break;
                }
                self.left -= selected.len() + arguments.len() + name.len();
                let alias = if times > 1 || self.random.chance(70) {
                    format!("{name}{}_{at}: ", self.left)
                } else {
                    String::new()
                };
                inner += &format!("{alias}{name}{arguments}{selected} ");
            }
        }
        format!(" {{ __typename {inner}}}")
    }

    /// The longest way over relations to one record that is found, from a type.
    fn far(&mut self, ty: &str, steps: usize) -> String {
        let types = self.types;
        let ways: Vec<_> = types
            .fields(ty)
            .iter()
            .filter(|(_, arguments, of)| {
                arguments.is_empty() && !of.starts_with('[') && !types.fields(named(of)).is_empty()
            })
            .collect();
        match (ways.is_empty(), steps) {
            (true, _) | (_, 0) => " { __typename }".to_owned(),
            _ => {
                let some: Vec<_> = (0..=self.random.below(2))
                    .map(|_| ways[self.random.below(ways.len())])
                    .collect();
                let mut inner = String::new();
                for (at, (name, _, of)) in some.into_iter().enumerate() {
                    if self.left > 1_000 {
                        self.left -= 40;
                        let rest = self.far(named(of), steps - 1);
                        inner += &format!(" x{at}: {name}{rest}");
                    }
                }
                format!(" {{ __typename{inner} }}")
            }
        }
    }

    /// A document with its variables.
    pub(super) fn operation(mut self) -> Value {
        let mutation = self.random.chance(40);
        let root = if mutation { "Mutation" } else { "Query" };
        let types = self.types;
        let fields = types.fields(root);
        let count = match self.random.below(30) {
            0 => 20,
            1 => 21,
            2..8 => 3,
            _ => 1,
        };
        let mut inner = String::new();
        for at in 0..count {
            let (name, arguments, of) = &fields[self.random.below(fields.len())];
            let arguments = self.arguments(arguments);
            let selected = if self.random.chance(8) {
                let list = format!("{{ nodes{} }}", {
                    let node = named(of).strip_suffix("Connection").unwrap_or("Customer");
                    let steps = [3, 10, 20, 22][self.random.below(4)];
                    self.far(node, steps)
                });
                if of.contains("Connection") { list } else { self.selection(named(of), 1) }
            } else {
                self.selection(named(of), 1)
            };
            inner += &format!("r{at}: {name}{arguments}{selected} ");
        }
        let declared =
            if self.declared.is_empty() { String::new() } else { format!("({})", self.declared) };
        let atomic = if mutation && self.random.chance(20) { " @atomic" } else { "" };
        let query = format!("{} q{declared}{atomic} {{ {inner} }}", root.to_lowercase());
        json!({ "query": query, "variables": self.variables })
    }

    /// A definition, tried or applied.
    pub(super) fn definition(self) -> Value {
        let name = match self.random.below(8) {
            0 => "A".repeat(40 + self.random.below(40)),
            1 => "Customer".to_owned(),
            2 => "__X".to_owned(),
            _ => format!("Thing{}", self.random.below(1_000)),
        };
        let plain = ["String", "Int", "Decimal", "Boolean", "Date", "DateTime", "JSON"];
        let others =
            ["Customer", "Employee", "[ItemCategory!]", "[Customer!]!", "Nothing", "CustomerLevel"];
        let mut fields = String::new();
        let count = match self.random.below(12) {
            0 => [99, 500, 1_001, 1_700][self.random.below(4)],
            _ => 1 + self.random.below(5),
        };
        let expressions = [
            "1",
            "today()",
            "viewer",
            "viewer.department",
            "f0",
            "f0 > 1",
            "(((((((((1)))))))))",
            "1/0",
            "f0 + ",
            "name.size() > 99999999999999999999",
            "a\\u0000",
            "!!!!!!!!true",
            "\\\"",
        ];
        for at in 0..count {
            let ty = if self.random.chance(80) {
                plain[self.random.below(plain.len())]
            } else {
                others[self.random.below(others.len())]
            };
            let mut more = String::new();
            for word in
                ["unique: true", "search: true", "max: 100000", "max: 0", "scale: 9", "scale: 2"]
            {
                if self.random.chance(6) {
                    more += &format!(", {word}");
                }
            }
            for word in ["default", "check", "formula"] {
                if self.random.chance(8) {
                    let text = match self.random.below(10) {
                        0 => "(".repeat([60, 500, 5_000][self.random.below(3)]),
                        1 => format!("1{}", " + 1".repeat([50, 5_000][self.random.below(2)])),
                        _ => expressions[self.random.below(expressions.len())].to_owned(),
                    };
                    more += &format!(", {word}: \"{text}\"");
                }
            }
            if self.random.chance(3) {
                more += ", label: \"再\"";
            }
            let need = if self.random.chance(20) { "!" } else { "" };
            let repeated = if self.random.chance(2) { 0 } else { at };
            fields += &format!("f{repeated}: {ty}{need} @field(label: \"字\"{more})\n");
        }
        let kind = ["MASTER", "DOCUMENT", "SETUP", "LINE", "WRONG"][self.random.below(5)];
        let verb = if self.random.chance(15) { "extend type" } else { "type" };
        let head = if verb == "type" {
            format!("@object(kind: {kind}, label: \"物\", plural: \"{}s\")", name.to_lowercase())
        } else {
            String::new()
        };
        let mut sdl = format!("{verb} {name} {head} {{\n{fields}}}");
        match self.random.below(25) {
            0 => sdl = "{".repeat(100_000),
            1 => sdl.push('\0'),
            2 => sdl = sdl.replacen('@', "", 1),
            3 => sdl = format!("# {}", "x".repeat(LARGE)),
            _ => {}
        }
        let tried = self.random.chance(85) || count > 100;
        let query = "mutation($s: String!, $d: Boolean!) { applySchema(sdl: $s, dryRun: $d) \
                     { version changes { kind object field risk reason } diagnostics { code path line column message hint } } }";
        json!({ "query": query, "variables": { "s": sdl, "d": tried } })
    }

    /// A role, or what is set on a person.
    pub(super) fn rights(mut self) -> Value {
        let text = |attacker: &mut Self| json!(attacker.text()).to_string();
        if self.random.chance(40) {
            let count = if self.random.chance(10) { 5_000 } else { self.random.below(4) };
            let values: Vec<_> = (0..count).map(|_| self.id()).collect();
            let level =
                ["none", "own", "below", "set", "all", "person", "\0"][self.random.below(7)];
            let dimension = ["DEPARTMENT", "CUSTOMER", "REGION", "\0"][self.random.below(4)];
            let query = "mutation($v: [String!]!, $l: String!, $d: String!) \
                         { setReach(account: \"p0\", dimension: $d, level: $l, values: $v) { __typename } }";
            let old = query.replace(" { __typename }", "");
            let query = if self.random.chance(50) { query.to_owned() } else { old };
            return json!({ "query": query, "variables": { "v": values, "l": level, "d": dimension } });
        }
        let mut role =
            format!("code = {}\nlabel = {}\nlabel_en = \"x\"\n", text(&mut self), text(&mut self));
        let count = if self.random.chance(10) { 2_000 } else { self.random.below(4) };
        for _ in 0..count {
            let object = ["Customer", "Contact", "SalesOrder", "Nothing"][self.random.below(4)];
            role += &format!(
                "[[grants]]\nobjects = [\"{object}\"]\nactions = [\"read\", \"edit\"]\nemployees = \"related\"\ndimensions = true\n"
            );
        }
        if self.random.chance(30) {
            role += &format!("[[fields]]\nobject = \"Customer\"\nhidden = [{}]\n", text(&mut self));
        }
        json!({
            "query": "mutation($d: String!) { saveRole(definition: $d) { code } }",
            "variables": { "d": role },
        })
    }
}
