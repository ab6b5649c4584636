//! What came of a wish as the payload that was asked for.

use async_graphql::parser::types::Field as Asked;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{mutations::Verb, records::Run, select::Collected};
use crate::{
    base::{Error, Lang, Result, Value},
    catalog::{FieldIx, Object},
    query::{
        Compare, ConnectionPart, Filter, Find, Item, Listing, Page, Part, Selection, What,
        render::quoted,
    },
    records::Outcome,
};

/// The key of an id that nobody asked for; no response key can be the same.
const OWN: &str = " ";
/// Records read by one statement.
const READ: usize = 1_000;

impl<'r> Run<'r> {
    /// Writes the payload of a root field.
    pub(super) async fn payload(
        &self,
        verb: Verb,
        object: &Object,
        asked: &Collected<'r>,
        outcome: &Outcome,
    ) -> Result<String> {
        let ty = verb.payload(object);
        let rows = || outcome.rows.iter().flatten();
        let mut out = String::from("{");
        for (key, fields) in asked {
            let Some(first) = fields.first() else { continue };
            if out.len() > 1 {
                out.push(',');
            }
            quoted(key, &mut out);
            out.push(':');
            match first.name.node.as_str() {
                "__typename" => quoted(&ty, &mut out),
                "userErrors" => {
                    let listed = outcome.faults.iter().map(|fault| self.user_error(fault, fields));
                    out.push_str(&Json::Array(listed.collect()).to_string());
                }
                "count" => out.push_str(&rows().count().to_string()),
                "id" => out.push_str(&json!(rows().next()).to_string()),
                "ids" => out.push_str(&json!(rows().collect::<Vec<_>>()).to_string()),
                "nodes" => {
                    let found = self.written(object, outcome, fields).await?;
                    let seen = found.into_iter().flatten().collect::<Vec<_>>();
                    listed(seen.iter().map(String::as_str), &mut out);
                }
                "records" => {
                    let found = self.written(object, outcome, fields).await?;
                    let all = found.iter().map(|found| found.as_deref().unwrap_or("null"));
                    listed(all, &mut out);
                }
                _ => out.push_str(&self.record(object, outcome, fields).await?),
            }
        }
        out.push('}');
        Ok(out)
    }

    /// The one record of an outcome, as far as the caller may read it.
    async fn record(
        &self,
        object: &Object,
        outcome: &Outcome,
        fields: &[&'r Asked],
    ) -> Result<String> {
        let Some(id) = outcome.rows.iter().flatten().next() else { return Ok("null".to_owned()) };
        let selection = self.reader.record(object, fields)?;
        match known(*id, &selection).filter(|_| outcome.seen) {
            Some(record) => Ok(record),
            None => {
                let key = vec![(FieldIx(0), Value::Id(*id))];
                self.found(Find { object: object.ix, what: What::One { key, selection } }).await
            }
        }
    }

    /// The records of an outcome in its order; none for what was refused, or the caller may not read.
    async fn written(
        &self,
        object: &Object,
        outcome: &Outcome,
        fields: &[&'r Asked],
    ) -> Result<Vec<Option<String>>> {
        let selection = self.reader.record(object, fields)?;
        let row = |row: &Option<Uuid>| row.and_then(|id| known(id, &selection));
        if outcome.seen && outcome.rows.iter().flatten().all(|id| known(*id, &selection).is_some())
        {
            return Ok(outcome.rows.iter().map(row).collect());
        }
        let mut found = std::collections::HashMap::new();
        let ids: Vec<_> = outcome.rows.iter().flatten().copied().collect();
        for ids in ids.chunks(READ) {
            for (id, text) in self.listed(object, ids, &selection).await? {
                found.insert(id, text);
            }
        }
        Ok(outcome.rows.iter().map(|row| found.remove(&(*row)?)).collect())
    }

    /// Records by their ids, as far as the caller may read them.
    async fn listed(
        &self,
        object: &Object,
        ids: &[Uuid],
        selection: &Selection,
    ) -> Result<Vec<(Uuid, String)>> {
        let mut parts = vec![Part { key: OWN.to_owned(), what: Item::Field(FieldIx(0)) }];
        parts.extend(selection.0.iter().cloned());
        let size = u32::try_from(ids.len()).map_err(Error::internal)?;
        let ids = ids.iter().copied().map(Value::Id).collect();
        let nodes = ConnectionPart::Nodes(Selection(parts));
        let listing = Listing {
            filter: Some(Filter::Field(FieldIx(0), Compare::In(ids))),
            page: Page { size: size.max(1), ..Page::default() },
            parts: vec![Part { key: "n".to_owned(), what: nodes }],
            ..Listing::default()
        };
        let found = self.found(Find { object: object.ix, what: What::List(listing) }).await?;
        let found: Listed<'_> = serde_json::from_str(&found).map_err(Error::internal)?;
        found.n.into_iter().map(|node| own(node.get())).collect()
    }

    /// A fault as a member of `userErrors`.
    pub(super) fn user_error(&self, error: &Error, fields: &[&'r Asked]) -> Json {
        let lang: Lang = self.caller.lang;
        let sets: Vec<_> = fields.iter().map(|field| &field.selection_set.node).collect();
        let mut shown = serde_json::Map::new();
        for (key, fields) in self.reader.collect(&sets, "UserError") {
            let Some(first) = fields.first() else { continue };
            let value = match first.name.node.as_str() {
                "code" => json!(error.code.name()),
                "path" => json!(error.path),
                "message" => json!(error.message.text(lang)),
                "hint" => json!(error.hint.as_ref().map(|hint| hint.text(lang))),
                _ => json!("UserError"),
            };
            shown.insert(key, value);
        }
        Json::Object(shown)
    }
}

/// A list as it was answered, its records left as they are.
#[derive(serde::Deserialize)]
struct Listed<'f> {
    #[serde(borrow)]
    n: Vec<&'f serde_json::value::RawValue>,
}

fn listed<'l>(items: impl Iterator<Item = &'l str>, out: &mut String) {
    out.push('[');
    for (at, item) in items.enumerate() {
        if at > 0 {
            out.push(',');
        }
        out.push_str(item);
    }
    out.push(']');
}

/// A record's id, and the record without it: `{" ":"019…","code":"C1"}`.
fn own(node: &str) -> Result<(Uuid, String)> {
    let rest = node.strip_prefix("{\" \":\"").and_then(|rest| rest.split_once('"'));
    let (id, rest) = rest.ok_or_else(|| Error::internal("a record without its id"))?;
    let id = id.parse().map_err(Error::internal)?;
    Ok((id, format!("{{{}", rest.strip_prefix(',').unwrap_or(rest))))
}

/// A saved record of which no more than the id is asked: it need not be read again for a caller who sees it.
fn known(id: Uuid, selection: &Selection) -> Option<String> {
    let mut out = String::from("{");
    for part in &selection.0 {
        if out.len() > 1 {
            out.push(',');
        }
        quoted(&part.key, &mut out);
        out.push(':');
        match &part.what {
            Item::Field(FieldIx(0)) => quoted(&id.to_string(), &mut out),
            Item::Typename(name) => quoted(name, &mut out),
            _ => return None,
        }
    }
    out.push('}');
    Some(out)
}
