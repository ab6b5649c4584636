//! Renamed fields in what a saved view asks for: its filter, orders, groups and columns.

use serde_json::{Map, Value as Json};

use super::Renames;
use crate::catalog::{
    field_group::{grouped, place_of},
    object::Object,
};

impl Renames<'_> {
    /// A question on an object, if it names something renamed.
    pub fn question(&self, object: &Object, question: &Json) -> Option<Json> {
        let Json::Object(parts) = question else { return None };
        let renamed = parts.iter().map(|(part, value)| {
            let value = match part.as_str() {
                "columns" => self.columns(object, value),
                "filter" | "orderBy" | "groupBy" => self.keys(object, value),
                _ => value.clone(),
            };
            (part.clone(), value)
        });
        let renamed = Json::Object(renamed.collect());
        (renamed != *question).then_some(renamed)
    }

    /// The fields that are keys of a filter, an order or a group, at any depth.
    fn keys(&self, object: &Object, value: &Json) -> Json {
        match value {
            Json::Array(items) => items.iter().map(|item| self.keys(object, item)).collect(),
            Json::Object(fields) => {
                let each = fields.iter().map(|(key, value)| self.key(object, key, value));
                Json::Object(each.collect::<Map<_, _>>())
            }
            other => other.clone(),
        }
    }

    fn key(&self, object: &Object, key: &str, value: &Json) -> (String, Json) {
        let name = self.name(&object.name, key).unwrap_or(key).to_owned();
        if let (true, Json::Object(inner)) = (object.leads_into(key), value) {
            let each = inner.iter().map(|(inner, value)| {
                let (path, value) = self.key(object, &grouped(key, inner), value);
                (place_of(&path).1.to_owned(), value)
            });
            return (name, Json::Object(each.collect::<Map<_, _>>()));
        }
        match (object.called(key), self.target(object, key)) {
            (None, _) => (name, self.keys(object, value)),
            (Some(_), Some(target)) => (name, self.keys(target, value)),
            // What is below a value are operators.
            (Some(_), None) => (name, value.clone()),
        }
    }

    fn columns(&self, object: &Object, value: &Json) -> Json {
        let of =
            |path: &str| Json::from(self.path(object, path).unwrap_or_else(|| path.to_owned()));
        let column = |column: &Json| match column {
            Json::String(path) => of(path),
            Json::Object(parts) => {
                let mut parts = parts.clone();
                if let Some(Json::String(path)) = parts.get("field") {
                    let path = of(path);
                    parts.insert("field".to_owned(), path);
                }
                Json::Object(parts)
            }
            other => other.clone(),
        };
        match value {
            Json::Array(columns) => columns.iter().map(column).collect(),
            other => other.clone(),
        }
    }
}
