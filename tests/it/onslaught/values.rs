//! Values of the schema's types: ordinary ones, and wild ones that lie on bounds or beyond.

use serde_json::{Value, json};

use super::attacker::Attacker;

/// One of some values.
fn of(attacker: &mut Attacker<'_>, all: &[Value]) -> Value {
    all[attacker.random.below(all.len())].clone()
}

impl Attacker<'_> {
    pub(super) fn text(&mut self) -> String {
        let long = |count: usize| "ab涂".repeat(count / 3 + 1).chars().take(count).collect();
        if !self.wild {
            return match self.stretched(4) {
                Some(count) => long(count),
                None => ["a", "涂料", "KH0001", "B", "王", "a@b.example"][self.random.below(6)]
                    .to_owned(),
            };
        }
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

    /// A text that no other record of a run has: keys are taken seldom.
    pub(super) fn key(&mut self) -> String {
        format!("K{}{}", self.random.below(100_000), ["", "涂", "-1"][self.random.below(3)])
    }

    /// An id of an object if it has records, else of any.
    pub(super) fn id(&mut self, object: &str) -> String {
        match self.random.below(if self.wild { 6 } else { 60 }) {
            0 => "019f0000-0000-7000-8000-000000000001".to_owned(),
            1 => self.text(),
            _ => {
                let own = self.ids.get(object).filter(|ids| !ids.is_empty());
                let ids = own.unwrap_or_else(|| &self.ids[""]);
                ids[self.random.below(ids.len())].clone()
            }
        }
    }

    fn tame(&mut self, ty: &str) -> Value {
        match ty {
            "Int" => of(self, &[json!(0), json!(1), json!(2), json!(7), json!(50)]),
            "Decimal" => {
                of(self, &[json!("0"), json!("1.50"), json!("100"), json!("20.25"), json!(3)])
            }
            "Date" => of(self, &[json!("2026-06-15"), json!("2026-01-01"), json!("2027-02-28")]),
            "DateTime" => {
                of(self, &[json!("2026-06-15T00:00:00Z"), json!("2026-06-01T08:00:00+08:00")])
            }
            _ => json!({ "a": [1, "x"] }),
        }
    }

    pub(super) fn scalar(&mut self, ty: &str, object: &str) -> Value {
        match ty {
            "Boolean" => return json!(self.random.chance(if self.wild { 50 } else { 90 })),
            "ID" => return json!(self.id(object)),
            "Int" | "Decimal" | "Date" | "DateTime" | "JSON" if !self.wild => return self.tame(ty),
            _ => {}
        }
        match ty {
            "Int" => of(
                self,
                &[
                    json!(0),
                    json!(1),
                    json!(-1),
                    json!(1_000),
                    json!(1_001),
                    json!(5_000),
                    json!(36_600),
                    json!(i32::MAX),
                    json!(i32::MIN),
                    json!(i64::from(i32::MAX) + 1),
                ],
            ),
            "Decimal" => of(
                self,
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
                self,
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
                self,
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
                self,
                &[json!(null), json!({"a": [1, "\0", {"b": 1e300}]}), json!("x"), json!([[[[]]]])],
            ),
            _ => json!(self.text()),
        }
    }
}
