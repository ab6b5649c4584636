//! The types of a schema as a person is told them.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::support::Poster;

/// A field: its name, its arguments with their types, its own type.
pub(super) type Field = (String, Vec<(String, String)>, String);

/// What a type is made of.
pub(super) enum Kind {
    Object(Vec<Field>),
    Input(Vec<(String, String)>),
    Enum(Vec<String>),
    Union,
    Scalar,
}

/// The types of a schema by name.
pub(super) struct Types(pub(super) HashMap<String, Kind>);

const ASKED: &str = "{ __schema { types { kind name
    fields { name type { ...T } args { name type { ...T } } }
    inputFields { name type { ...T } } enumValues { name } } } }
  fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";

/// A type as it is written: `[X!]!`.
fn written(ty: &Value) -> String {
    match ty["kind"].as_str() {
        Some("NON_NULL") => format!("{}!", written(&ty["ofType"])),
        Some("LIST") => format!("[{}]", written(&ty["ofType"])),
        _ => ty["name"].as_str().unwrap().to_owned(),
    }
}

fn named_and_typed(fields: &Value) -> Vec<(String, String)> {
    let fields = fields.as_array().unwrap().iter();
    fields.map(|f| (f["name"].as_str().unwrap().to_owned(), written(&f["type"]))).collect()
}

impl Types {
    /// The types that one person knows now.
    pub(super) async fn read(person: &Poster) -> Self {
        let told = person.ask(ASKED, json!({})).await.data();
        let mut types = HashMap::new();
        for ty in told["__schema"]["types"].as_array().unwrap() {
            let name = ty["name"].as_str().unwrap().to_owned();
            let kind = match ty["kind"].as_str().unwrap() {
                "OBJECT" | "INTERFACE" => {
                    let fields = ty["fields"].as_array().unwrap().iter();
                    let each = fields.map(|field| {
                        let name = field["name"].as_str().unwrap().to_owned();
                        (name, named_and_typed(&field["args"]), written(&field["type"]))
                    });
                    Kind::Object(each.collect())
                }
                "INPUT_OBJECT" => Kind::Input(named_and_typed(&ty["inputFields"])),
                "ENUM" => {
                    let values = ty["enumValues"].as_array().unwrap().iter();
                    Kind::Enum(values.map(|v| v["name"].as_str().unwrap().to_owned()).collect())
                }
                "UNION" => Kind::Union,
                _ => Kind::Scalar,
            };
            types.insert(name, kind);
        }
        Self(types)
    }

    pub(super) fn fields(&self, ty: &str) -> &[Field] {
        match self.0.get(ty) {
            Some(Kind::Object(fields)) => fields,
            _ => &[],
        }
    }

    /// Every object with a list of its own: its name and the list's.
    pub(super) fn lists(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields("Query").iter().filter_map(|(name, arguments, of)| {
            // What must be told which record is no list of an object.
            if arguments.iter().any(|(_, ty)| ty.ends_with('!')) {
                return None;
            }
            named(of).strip_suffix("Connection").map(|object| (object, name.as_str()))
        })
    }
}

/// The name within `[X!]!`.
pub(super) fn named(ty: &str) -> &str {
    ty.trim_matches(['[', ']', '!'])
}
