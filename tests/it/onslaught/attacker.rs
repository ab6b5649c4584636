//! Writes the requests: a document with its variables, from the types that a person knows.
//!
//! A wild one has values, shapes and lengths at random and is nearly always refused; a tame one is sound but for
//! one thing that it stretches to a bound or just beyond, so that what lies behind the checks is reached.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::types::{Kind, Types, named};
use crate::agreement::Random;

/// Largest request, in bytes, before its bound on the server is met by its length alone.
pub(super) const LARGE: usize = 900_000;

/// Lengths at the server's bounds and just beyond.
const LENGTHS: [usize; 16] =
    [16, 17, 20, 21, 40, 41, 100, 101, 499, 500, 501, 1_000, 1_001, 5_000, 5_001, 10_001];

/// In place of an object's name: what is written are the two ends of a span.
const BETWEEN: &str = "between";

/// Writes one request.
pub(super) struct Attacker<'a> {
    pub(super) types: &'a Types,
    /// Ids of records by their object; under no name those of all.
    pub(super) ids: &'a HashMap<String, Vec<String>>,
    pub(super) random: &'a mut Random,
    pub(super) wild: bool,
    /// Whether one thing of a tame request is still to be stretched.
    stretch: bool,
    variables: Map<String, Value>,
    declared: String,
    /// What may still be written, roughly in bytes.
    left: usize,
}

fn is_telephone(name: &str) -> bool {
    ["phone", "Phone", "mobile", "fax"].iter().any(|end| name.ends_with(end))
}

impl<'a> Attacker<'a> {
    pub(super) fn new(
        types: &'a Types,
        ids: &'a HashMap<String, Vec<String>>,
        random: &'a mut Random,
        wild: bool,
    ) -> Self {
        let (variables, declared) = (Map::new(), String::new());
        let stretch = !wild && random.chance(45);
        Self { types, ids, random, wild, stretch, variables, declared, left: LARGE }
    }

    /// The length of what a tame request stretches, if it is this, one time in so many.
    pub(super) fn stretched(&mut self, often: usize) -> Option<usize> {
        let now = self.stretch && self.random.below(often) == 0;
        now.then(|| {
            self.stretch = false;
            LENGTHS[self.random.below(LENGTHS.len())]
        })
    }

    /// The object that an input, a filter or a payload is of.
    fn object_of(&self, ty: &str) -> Option<&'a str> {
        let bare = ty.strip_prefix("Create").or(ty.strip_prefix("Update")).unwrap_or(ty);
        let ends = [
            "RefInput",
            "PatchInput",
            "Input",
            "FilterMany",
            "Filter",
            "Payload",
            "Connection",
            "Key",
        ];
        let bare = ends.iter().find_map(|end| bare.strip_suffix(end)).unwrap_or(bare);
        self.ids.get_key_value(bare).map(|(object, _)| object.as_str())
    }

    fn items(&mut self, inner: &str, depth: usize, object: &str) -> Value {
        let stretched = if depth < 6 { self.stretched(3) } else { None };
        let count = match self.random.below(40) {
            _ if !self.wild && object == BETWEEN => 2,
            _ if !self.wild => stretched.unwrap_or(1 + self.random.below(2)),
            0 => LENGTHS[self.random.below(LENGTHS.len())],
            1..5 => 0,
            _ => 1 + self.random.below(3),
        };
        // Some that differ, again and again: as many as there is room for.
        let some: Vec<_> =
            (0..count.min(12)).map(|_| self.value(inner, depth + 1, object)).collect();
        let size = json!(some).to_string().len() / some.len().max(1) + 1;
        let count = count.min(some.len().max(self.left / size));
        self.left = self.left.saturating_sub(count * size);
        some.iter().cycle().take(count).cloned().collect()
    }

    /// The fields of an input that are given, by their place.
    fn given(&mut self, base: &str, fields: &[(String, String)], depth: usize) -> Vec<usize> {
        let mut given: Vec<_> = (0..fields.len())
            .filter(|at| fields[*at].1.ends_with('!') && (!self.wild || !self.random.chance(3)))
            .collect();
        let simple = |ty: &str| {
            !ty.starts_with('[')
                && (ty.ends_with("RefInput")
                    || !matches!(self.types.0.get(ty), Some(Kind::Input(_))))
        };
        // A reference to an object of which there is nothing, and lines that are not there, are not sound.
        let absent = |ty: &str| {
            let object = ty.strip_suffix("RefInput").and_then(|of| self.ids.get(of));
            !self.wild && object.is_some_and(Vec::is_empty)
        };
        if !self.wild && base.ends_with("ListInput") {
            return vec![0];
        }
        if !self.wild && base.starts_with("Create") {
            for (at, (_, ty)) in fields.iter().enumerate() {
                let often = match (simple(ty), depth) {
                    (true, _) => 85,
                    (false, 0 | 1) => 20,
                    (false, _) => 0,
                };
                if self.random.chance(often) && !absent(ty) {
                    given.push(at);
                }
            }
            return given;
        }
        if base.ends_with("RefInput") && self.random.chance(if self.wild { 60 } else { 95 }) {
            return vec![0];
        }
        let one = base.ends_with("Order") || base.ends_with("GroupBy");
        let most = match (self.wild, one) {
            (true, _) if depth > 6 && !self.random.chance(80) => 0,
            (_, true) => 1,
            (true, false) => self.random.below(4),
            (false, false) => 1 + self.random.below(2),
        };
        // Of one that is sound, what leads no deeper once it is deep.
        let shallow = |ty: &str| match self.types.0.get(ty.trim_end_matches('!')) {
            Some(Kind::Input(inner)) => inner.iter().all(|(_, ty)| {
                !matches!(self.types.0.get(ty.trim_matches(['[', ']', '!'])), Some(Kind::Input(_)))
            }),
            _ => !ty.starts_with('['),
        };
        let open: Vec<_> = (0..fields.len())
            .filter(|at| self.wild || depth < 3 || shallow(&fields[*at].1))
            .filter(|at| !absent(&fields[*at].1))
            .collect();
        for _ in 0..most {
            if !open.is_empty() {
                given.push(open[self.random.below(open.len())]);
            }
        }
        given.sort_unstable();
        given.dedup();
        given
    }

    /// A value of a type; of a tame request a sound one.
    fn value(&mut self, ty: &str, depth: usize, object: &str) -> Value {
        let (base, nullable) = match ty.strip_suffix('!') {
            Some(base) => (base, false),
            None => (ty, true),
        };
        let seldom = if self.wild { 400 } else { 4_000 };
        if nullable && self.wild && self.random.chance(3) || self.random.below(seldom) == 0 {
            return Value::Null;
        }
        if let Some(inner) = base.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')) {
            return self.items(inner, depth, object);
        }
        let types = self.types;
        match types.0.get(base) {
            Some(Kind::Enum(values)) if !self.wild || !self.random.chance(2) => {
                json!(values[self.random.below(values.len())])
            }
            Some(Kind::Enum(_)) => json!("NOT_ONE"),
            Some(Kind::Input(fields)) => {
                let object = self.object_of(base).unwrap_or(object);
                let mut given = Map::new();
                for at in self.given(base, fields, depth) {
                    let (name, ty) = &fields[at];
                    if depth < 40 && self.left > 100 {
                        self.left -= name.len() + 6;
                        let value = match name.as_str() {
                            "code" | "number" if !self.wild && ty == "String" => json!(self.key()),
                            "mail" | "email" if !self.wild && ty == "String" => {
                                json!(format!("{}@b.example", self.random.below(100_000)))
                            }
                            name if !self.wild && ty == "String" && is_telephone(name) => {
                                json!("022-55551234")
                            }
                            "between" => self.value(ty, depth + 1, BETWEEN),
                            _ => self.value(ty, depth + 1, object),
                        };
                        given.insert(name.clone(), value);
                    }
                }
                Value::Object(given)
            }
            _ => {
                let value = self.scalar(base, object);
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

    fn arguments(&mut self, arguments: &[(String, String)], object: &str) -> String {
        let mut written: Vec<String> = Vec::new();
        let has = |name: &str| arguments.iter().any(|(known, _)| known == name);
        // One record is asked for by one key.
        let keyed = !self.wild && has("id") && arguments.iter().all(|(_, ty)| !ty.ends_with('!'));
        for (name, ty) in arguments {
            let often = if keyed { 0 } else { 55 };
            let twice = name == "last" && written.iter().any(|w| w.starts_with("first:"))
                || keyed && !written.is_empty();
            if !ty.ends_with('!') && self.random.chance(often) || !self.wild && twice {
                continue;
            }
            let value = match (name.as_str(), !self.wild || self.random.chance(75)) {
                // Else hardly anything is done.
                ("atMost", true) => json!(50),
                ("first" | "last", true) => {
                    json!(self.stretched(3).unwrap_or(self.random.below(4)))
                }
                ("after" | "before", true) => continue,
                ("idempotencyKey" | "expectedVersion" | "asOf" | "field" | "all", true) => continue,
                _ => self.value(ty, 0, object),
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
            let often = self.random.below(120);
            let times = match (self.stretched(12), often) {
                (Some(count), _) => count.min(99),
                (_, 0) if self.wild => [20, 90, 100, 101][self.random.below(4)],
                (_, 1..8) => 2,
                _ => 1,
            };
            let leaf = types.fields(named(of)).is_empty();
            // A key is there of what is grouped by; twice is for an alias, of which there are few.
            let again = inner.contains(&format!(" {name}")) && self.random.chance(90);
            if !self.wild && times < 3 && (name == "key" || again) {
                continue;
            }
            if !leaf && depth + self.random.below(6) > 8 {
                continue;
            }
            let object = self.object_of(named(of)).unwrap_or_default();
            let arguments = self.arguments(arguments, object);
            let selected = self.selection(named(of), depth + 1);
            for at in 0..times {
                if self.left < selected.len() + arguments.len() + 100 {
                    break;
                }
                self.left -= selected.len() + arguments.len() + name.len();
                // Under its own name only what has no arguments and comes once: others would not merge.
                let own =
                    times == 1 && arguments.is_empty() && !inner.contains(&format!(" {name}"));
                let alias = if own { String::new() } else { format!("{name}{}_{at}: ", self.left) };
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
        let mutation =
            self.random.chance(if self.types.fields("Mutation").is_empty() { 0 } else { 40 });
        let root = if mutation { "Mutation" } else { "Query" };
        let types = self.types;
        let fields = types.fields(root);
        let count = match (self.stretched(20), self.random.below(30)) {
            (Some(count), _) => count.min(21),
            (_, 0) if self.wild => 21,
            (_, 2..8) => 3,
            _ => 1,
        };
        let mut inner = String::new();
        for at in 0..count {
            let (name, arguments, of) = &fields[self.random.below(fields.len())];
            let object = self.object_of(named(of)).unwrap_or_default();
            let arguments = self.arguments(arguments, object);
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
}
