//! Writes outcomes of commands as payloads.

use std::collections::HashMap;

use async_graphql::parser::types::Field as Asked;
use indexmap::IndexMap;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{
    execution::Run,
    fault_redaction::readable,
    faults,
    groups::steps,
    mutate::Intent,
    mutations::{DUPLICATE, MOVED},
};
use crate::{
    access::Visible,
    base::{Error, Lang, LooksLike, Result, Value},
    catalog::{FieldIx, Object, ObjectIx},
    graphql::{optional, reader::Collected},
    query::{
        Compare, ConnectionPart, Filter, Find, Item, Listing, Page, Part, Selection, What,
        render::{quoted, typename},
    },
    records::{Duplicate, Outcome, duplicates_of, named_duplicates},
};

/// The key of an id that was not selected. No response key can equal it.
const OWN: &str = " ";
/// The key under which records are read together. No response key can equal it.
const NODES: &str = " n";
/// Most records per statement.
const READ: usize = 1_000;

impl<'r> Run<'r> {
    /// Writes the payload of a root field.
    pub(super) async fn payload(
        &self,
        intent: &Intent<'_, 'r>,
        outcome: &Outcome,
    ) -> Result<String> {
        self.forget_goes_on();
        let told = self.payload_text(intent, outcome, None).await?;
        match self.watch.held_back(self.session).await? {
            None => Ok(told),
            // The change is stored; only its records are withheld.
            Some(fault) => {
                self.forget_goes_on();
                self.payload_text(intent, outcome, Some(&fault)).await
            }
        }
    }

    /// Writes the payload. If its records are withheld, `held` is reported as a fault.
    async fn payload_text(
        &self,
        intent: &Intent<'_, 'r>,
        outcome: &Outcome,
        held: Option<&Error>,
    ) -> Result<String> {
        let Intent { object, payload, action, leaves, asked, .. } = intent;
        let ids = outcome.ids();
        let one = match held {
            Some(fault) => One::Gone(fault.clone()),
            None => match self.one(object, asked, outcome).await? {
                One::Gone(_) if *leaves => One::None,
                one => one,
            },
        };
        let mut out = String::from("{");
        for (key, fields) in asked {
            let Some(first) = fields.first() else { continue };
            if out.len() > 1 {
                out.push(',');
            }
            quoted(key, &mut out);
            out.push(':');
            match first.name.node.as_str() {
                "__typename" => typename(&optional::told(first, payload), &mut out),
                "userErrors" => {
                    let faults = outcome.faults().iter().chain(one.fault());
                    let faults = self.readable_of(intent, faults);
                    let listed = faults.into_iter().map(|fault| {
                        let sides = fault.sides.clone().filter(|_| held.is_none());
                        self.user_error(&Error { sides, ..fault }, fields)
                    });
                    out.push_str(&Json::Array(listed.collect()).to_string());
                }
                "moved" => self.moved(outcome, fields, &mut out),
                "duplicates" if held.is_some() => out.push_str("[]"),
                "duplicates" => {
                    let found = self.duplicates(intent, outcome).await?;
                    self.listed_duplicates(&found, fields, &mut out);
                }
                "count" => out.push_str(&ids.len().to_string()),
                "id" => out.push_str(&json!(ids.first()).to_string()),
                "ids" => out.push_str(&json!(ids).to_string()),
                "nodes" if held.is_some() => out.push_str("[]"),
                "records" if held.is_some() => {
                    listed(outcome.rows().iter().map(|_| "null"), &mut out);
                }
                "nodes" => {
                    let found = self.written(object, outcome, fields).await?;
                    self.goes_on_below(key);
                    let seen = found.into_iter().flatten().collect::<Vec<_>>();
                    listed(seen.iter().map(String::as_str), &mut out);
                }
                "records" => {
                    let found = self.written(object, outcome, fields).await?;
                    self.goes_on_below(key);
                    let all = found.iter().map(|found| found.as_deref().unwrap_or("null"));
                    listed(all, &mut out);
                }
                name => match action.and_then(|action| action.made(name)) {
                    None => out.push_str(one.text(key)),
                    Some(_) if held.is_some() => out.push_str("null"),
                    Some(step) => {
                        let target = self.session.catalog.object(step.object);
                        let made = match outcome.made(name) {
                            Some(id) => self.record(target, id, false, fields).await?,
                            None => None,
                        };
                        self.goes_on_below(key);
                        out.push_str(made.as_deref().unwrap_or("null"));
                    }
                },
            }
        }
        out.push('}');
        Ok(out)
    }

    /// The records that the saved one looks like, or for which it was refused. What an action makes looks like records
    /// of its own object.
    async fn duplicates(
        &self,
        intent: &Intent<'_, 'r>,
        outcome: &Outcome,
    ) -> Result<Vec<Duplicate>> {
        let faults = match (outcome.ids().first(), outcome.faults()) {
            (Some(id), []) => match intent.action {
                None => return duplicates_of(self.session, intent.object, *id).await,
                Some(action) => {
                    let mut found = Vec::new();
                    for step in action.creates() {
                        if let Some(made) = outcome.made(&step.name) {
                            let object = self.session.catalog.object(step.object);
                            found.extend(duplicates_of(self.session, object, made).await?);
                        }
                    }
                    return Ok(found);
                }
            },
            (_, faults) => faults,
        };
        let mut like: IndexMap<ObjectIx, Vec<LooksLike>> = IndexMap::new();
        for fault in faults {
            let name = fault.path.first();
            let made = name.and_then(|name| intent.action?.made(name));
            let object = made.map_or(intent.object.ix, |step| step.object);
            like.entry(object).or_default().extend(fault.like.clone());
        }
        let mut found = Vec::new();
        for (object, like) in like {
            let object = self.session.catalog.object(object);
            found.extend(named_duplicates(self.session, object, &like).await?);
        }
        Ok(found)
    }

    /// The faults of a mutation as the caller may read them. Those of what an action makes and asks for are of its object,
    /// behind the name of the step, and behind the id in the plural.
    fn readable_of<'f>(
        &self,
        intent: &Intent<'_, 'r>,
        faults: impl Iterator<Item = &'f Error>,
    ) -> Vec<Error> {
        let catalog = &self.session.catalog;
        let visible = Visible { catalog, access: &self.session.access };
        let Some(action) = intent.action else {
            return readable(visible, intent.object, faults);
        };
        let mut told: Vec<Error> = Vec::new();
        for fault in faults {
            let by_id = fault.path.first().is_some_and(|part| part.parse::<Uuid>().is_ok());
            let at = usize::from(by_id);
            let name = fault.path.get(at).map(String::as_str).unwrap_or_default();
            let asked = action.input.named(name).map(|(_, field)| field.target());
            let (object, steps) = match (action.made(name), asked) {
                (_, Some(Some(target)))
                    if fault.path.get(at + 1).is_some_and(|s| s == "create") =>
                {
                    (catalog.object(target), at + 2)
                }
                (Some(step), _) => (catalog.object(step.object), at + 1),
                (None, Some(_)) => (&action.input, at),
                (None, None) => (intent.object, at),
            };
            let (begins, rest) = fault.path.split_at(steps.min(fault.path.len()));
            let rest = Error { path: rest.to_vec(), ..fault.clone() };
            for mut found in readable(visible, object, std::iter::once(&rest)) {
                found.path.splice(0..0, begins.iter().cloned());
                if !told.contains(&found) {
                    told.push(found);
                }
            }
        }
        told
    }

    /// Writes records that look like another one.
    pub(super) fn listed_duplicates(
        &self,
        found: &[Duplicate],
        fields: &[&'r Asked],
        out: &mut String,
    ) {
        let sets: Vec<_> = fields.iter().map(|field| &field.selection_set.node).collect();
        let parts = self.reader.collect(&sets, DUPLICATE);
        let each = found.iter().map(|duplicate| {
            let mut shown = serde_json::Map::new();
            for (key, fields) in &parts {
                let name = fields.first().map(|field| field.name.node.as_str());
                let absent = fields.first().is_some_and(|field| optional::absent(field));
                let value = match name {
                    _ if absent => Json::Null,
                    Some("id") => json!(duplicate.id),
                    Some("text") => json!(duplicate.text),
                    Some("rule") => json!(duplicate.rule),
                    _ => json!(DUPLICATE),
                };
                shown.insert(key.clone(), value);
            }
            Json::Object(shown)
        });
        out.push_str(&Json::Array(each.collect()).to_string());
    }

    /// Writes how many records of each object refer to another record now.
    fn moved(&self, outcome: &Outcome, fields: &[&'r Asked], out: &mut String) {
        let sets: Vec<_> = fields.iter().map(|field| &field.selection_set.node).collect();
        let parts = self.reader.collect(&sets, MOVED);
        let each = outcome.redirected().iter().map(|moved| {
            let mut shown = serde_json::Map::new();
            for (key, fields) in &parts {
                let name = fields.first().map(|field| field.name.node.as_str());
                let value = match name {
                    Some("object") => json!(moved.object),
                    Some("count") => json!(moved.count),
                    _ => json!(MOVED),
                };
                shown.insert(key.clone(), value);
            }
            Json::Object(shown)
        });
        out.push_str(&Json::Array(each.collect()).to_string());
    }

    /// Returns the record of an outcome under each key that selects it, or why there is none.
    async fn one(&self, object: &Object, asked: &Collected<'r>, outcome: &Outcome) -> Result<One> {
        let mut texts = HashMap::new();
        let named = |fields: &[&'r Asked]| fields.first().map(|field| field.name.node.as_str());
        for (key, fields) in asked.iter().filter(|(_, fields)| named(fields) == Some("record")) {
            let Some(id) = outcome.ids().first().copied() else {
                return if outcome.faults().is_empty() {
                    Err(Error::internal("a save of nothing"))
                } else {
                    Ok(One::None)
                };
            };
            match self.record(object, id, outcome.seen(), fields).await? {
                Some(text) => {
                    self.goes_on_below(key);
                    texts.insert(key.clone(), text)
                }
                // Deleted since, as a repeated idempotent request may find it, or not readable for the caller.
                None => return Ok(One::Gone(faults::saved_out_of_sight())),
            };
        }
        Ok(One::There(texts))
    }

    /// Returns a saved record, if the caller may read it.
    async fn record(
        &self,
        object: &Object,
        id: Uuid,
        seen: bool,
        fields: &[&'r Asked],
    ) -> Result<Option<String>> {
        let selection = self.reader.record(object, fields)?;
        if let Some(record) = known(id, &selection).filter(|_| seen) {
            return Ok(Some(record));
        }
        let key = vec![(FieldIx::ID, Value::Id(id))];
        let find = Find { object: object.ix, what: What::One { key, selection } };
        Ok(Some(self.found(find).await?).filter(|found| found != "null"))
    }

    /// Returns the records of an outcome in its order. None for refused ones and those that the caller may
    /// not read.
    async fn written(
        &self,
        object: &Object,
        outcome: &Outcome,
        fields: &[&'r Asked],
    ) -> Result<Vec<Option<String>>> {
        let selection = self.reader.record(object, fields)?;
        let row = |row: &Option<Uuid>| row.and_then(|id| known(id, &selection));
        let (rows, ids) = (outcome.rows(), outcome.ids());
        if outcome.seen() && ids.iter().all(|id| known(*id, &selection).is_some()) {
            return Ok(rows.iter().map(row).collect());
        }
        let mut found = HashMap::new();
        for ids in ids.chunks(READ) {
            for (id, text) in self.listed(object, ids, &selection).await? {
                found.insert(id, text);
            }
        }
        Ok(rows.iter().map(|row| found.remove(&(*row)?)).collect())
    }

    /// Returns the records with these ids that the caller may read.
    async fn listed(
        &self,
        object: &Object,
        ids: &[Uuid],
        selection: &Selection,
    ) -> Result<Vec<(Uuid, String)>> {
        let mut parts = vec![Part { key: OWN.to_owned(), what: Item::Field(FieldIx::ID) }];
        parts.extend(selection.0.iter().cloned());
        let size = u32::try_from(ids.len()).map_err(Error::internal)?;
        let ids = ids.iter().copied().map(Value::Id).collect();
        let nodes = ConnectionPart::Nodes(Selection(parts));
        let listing = Listing {
            filter: Some(Filter::Field(FieldIx::ID, Compare::In(ids))),
            page: Page { size: size.max(1), ..Page::default() },
            parts: vec![Part { key: NODES.to_owned(), what: nodes }],
            ..Listing::default()
        };
        let found = self.found(Find { object: object.ix, what: What::List(listing) }).await?;
        let found: Listed<'_> = serde_json::from_str(&found).map_err(Error::internal)?;
        found.n.into_iter().map(|node| own(node.get())).collect()
    }

    /// Formats a fault for `userErrors`.
    pub(super) fn user_error(&self, error: &Error, fields: &[&'r Asked]) -> Json {
        let lang: Lang = self.caller.lang;
        let sets: Vec<_> = fields.iter().map(|field| &field.selection_set.node).collect();
        let mut shown = serde_json::Map::new();
        for (key, fields) in self.reader.collect(&sets, "UserError") {
            let Some(first) = fields.first() else { continue };
            let value = match first.name.node.as_str() {
                _ if optional::absent(first) => Json::Null,
                "code" => json!(error.code.name()),
                "path" => json!(steps(&error.path)),
                "message" => json!(error.message.text(lang)),
                "hint" => json!(error.hint.as_ref().map(|hint| hint.text(lang))),
                "mine" => json!(error.sides.as_ref().and_then(|sides| sides.mine.as_ref())),
                "theirs" => {
                    if let (Some(sides), Some(reads)) = (&error.sides, &self.session.reads) {
                        sides.tells.iter().for_each(|id| reads.add(*id));
                    }
                    json!(error.sides.as_ref().map(|sides| &sides.theirs))
                }
                _ => json!("UserError"),
            };
            shown.insert(key, value);
        }
        Json::Object(shown)
    }
}

/// The single record of a payload.
enum One {
    /// The record as selected under each key.
    There(HashMap<String, String>),
    /// Refused. The faults say why.
    None,
    /// Saved, but it cannot be shown.
    Gone(Error),
}

impl One {
    fn text(&self, key: &str) -> &str {
        match self {
            Self::There(texts) => texts.get(key).map_or("null", String::as_str),
            Self::None | Self::Gone(_) => "null",
        }
    }

    fn fault(&self) -> Option<&Error> {
        match self {
            Self::Gone(fault) => Some(fault),
            Self::There(_) | Self::None => None,
        }
    }
}

/// A list with its records as raw JSON.
#[derive(serde::Deserialize)]
struct Listed<'f> {
    #[serde(borrow, rename = " n")]
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

/// Splits a record into its id and the rest: `{" ":"019…","code":"C1"}`.
fn own(node: &str) -> Result<(Uuid, String)> {
    let rest = node.strip_prefix("{\" \":\"").and_then(|rest| rest.split_once('"'));
    let (id, rest) = rest.ok_or_else(|| Error::internal("a record without its id"))?;
    let id = id.parse().map_err(Error::internal)?;
    Ok((id, format!("{{{}", rest.strip_prefix(',').unwrap_or(rest))))
}

/// Returns the JSON of a saved record if only its id is selected, so that it need not be read again. Only for
/// callers who see it.
fn known(id: Uuid, selection: &Selection) -> Option<String> {
    let mut out = String::from("{");
    for part in &selection.0 {
        if out.len() > 1 {
            out.push(',');
        }
        quoted(&part.key, &mut out);
        out.push(':');
        match &part.what {
            Item::Field(FieldIx::ID) => quoted(&id.to_string(), &mut out),
            Item::Typename(name) => typename(name, &mut out),
            _ => return None,
        }
    }
    out.push('}');
    Some(out)
}
