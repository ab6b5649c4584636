//! Definitions and roles: what administrators send, wild or sound.

use serde_json::{Value, json};

use super::attacker::{Attacker, LARGE};

impl Attacker<'_> {
    /// A definition, tried or applied.
    pub(super) fn definition(mut self) -> Value {
        if self.wild { self.wild_definition() } else { self.sound_definition() }
    }

    /// A new object, or one more version of one of a few, whose fields, rules and relations hold together; some of
    /// it may be stretched.
    fn sound_definition(&mut self) -> Value {
        let name = format!("Sound{}", self.random.below(12));
        let count = self.stretched(2).unwrap_or(2 + self.random.below(8)).min(1_001);
        let mut fields = String::new();
        let mut numbers = Vec::new();
        for at in 0..count {
            let ty = ["Int", "String", "Decimal", "Boolean", "Date", "Customer", "[ItemCategory!]"]
                [if at == 0 { 0 } else { self.random.below(7) }];
            // A field keeps its type over all versions: the name tells it.
            let field = format!("f{}{at}", ty.trim_matches(['[', ']', '!']).to_lowercase());
            let more = match ty {
                "Int" => {
                    numbers.push(field.clone());
                    let terms = self.stretched(3).unwrap_or(1 + self.random.below(3)).min(501);
                    let own: Vec<_> =
                        (0..terms).map(|_| self.random.pick(&numbers).clone()).collect();
                    match self.random.below(4) {
                        0 => format!(", check: \"{} < 1000000\"", own.join(" + ")),
                        1 => format!(", default: \"{}\"", self.random.below(9)),
                        _ => String::new(),
                    }
                }
                // A key costs an index whose making takes a while; nobody has hundreds.
                "String" => match self.random.below(4) {
                    0 if at < 12 => ", unique: true, max: 60".to_owned(),
                    1 => ", search: true".to_owned(),
                    _ => String::new(),
                },
                "Decimal" => ", scale: 2".to_owned(),
                _ => String::new(),
            };
            fields += &format!("{field}: {ty} @field(label: \"字{at}\"{more})\n");
        }
        let (plural, kind) = (name.to_lowercase(), ["MASTER", "SETUP"][self.random.below(2)]);
        let sdl = format!(
            "type {name} @object(kind: MASTER, label: \"物\", plural: \"{plural}s\") {{\n{fields}}}"
        )
        .replacen("MASTER", kind, 1);
        self.applied(sdl, 60)
    }

    fn applied(&mut self, sdl: String, tried: usize) -> Value {
        let tried = self.random.chance(tried);
        let query = "mutation($s: String!, $d: Boolean!) { applySchema(sdl: $s, dryRun: $d) \
                     { version changes { kind object field risk reason } diagnostics { code path line column message hint } } }";
        json!({ "query": query, "variables": { "s": sdl, "d": tried } })
    }

    fn wild_definition(&mut self) -> Value {
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
        self.applied(sdl, if count > 100 { 100 } else { 85 })
    }

    /// A role, or what is set on a person.
    pub(super) fn rights(mut self) -> Value {
        let text = |attacker: &mut Self| json!(attacker.text()).to_string();
        if self.random.chance(40) {
            let count = match (self.wild, self.random.below(10)) {
                (true, 0) => 5_000,
                (true, _) => self.random.below(4),
                (false, _) => self.stretched(1).unwrap_or(self.random.below(3)),
            };
            let values: Vec<_> = (0..count).map(|_| self.id("Department")).collect();
            let wild = ["NONE", "OWN", "BELOW", "SET", "ALL", "PERSON", "\0"];
            let level = if self.wild { wild[self.random.below(7)] } else { "set" };
            let wild = ["DEPARTMENT", "CUSTOMER", "REGION", "\0"];
            let dimension = if self.wild { wild[self.random.below(4)] } else { "DEPARTMENT" };
            let query = "mutation($v: [String!]!, $l: ReachLevel!, $d: String!) \
                         { setReach(account: \"p0\", dimension: $d, level: $l, values: $v) }";
            return json!({ "query": query, "variables": { "v": values, "l": level, "d": dimension } });
        }
        let (code, label) = if self.wild {
            (text(&mut self), text(&mut self))
        } else {
            (format!("\"tame{}\"", self.random.below(9)), "\"角\"".to_owned())
        };
        let mut role = format!(
            "code = {code}\nlabel = {label}\nlabel_en = \"x\"\n[dimensions]\nDEPARTMENT = \"all\"\nCUSTOMER = \"all\"\n"
        );
        let wild = if self.random.chance(10) { 2_000 } else { self.random.below(4) };
        let count =
            if self.wild { wild } else { self.stretched(1).unwrap_or(1 + self.random.below(3)) };
        let objects = ["Customer", "Contact", "SalesOrder", "Nothing"];
        for at in 0..count {
            let object = objects[if self.wild { self.random.below(4) } else { at % 3 }];
            role += &format!(
                "[[grants]]\nobjects = [\"{object}\"]\nactions = [\"read\", \"edit\"]\nemployees = \"related\"\ndimensions = true\n"
            );
        }
        if self.random.chance(30) {
            let hidden = if self.wild { text(&mut self) } else { "\"phone\"".to_owned() };
            role += &format!("[[fields]]\nobject = \"Customer\"\nhidden = [{hidden}]\n");
        }
        json!({
            "query": "mutation($d: String!) { saveRole(definition: $d) { code } }",
            "variables": { "d": role },
        })
    }
}
