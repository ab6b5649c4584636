//! Answers `draftCustomer`: the record as it would be saved, the states of its fields, and what a save would refuse.
//!
//! What the draft leaves as it is stored is read like any record. Where the draft changes a field, its value is shown
//! if the caller sees the field on every record or has given it, and is null otherwise. What is computed when it is
//! read is null where the draft changes what it goes by.

use std::collections::HashMap;

use async_graphql::{Name, Value as Given, parser::types::Field as Asked};
use indexmap::IndexMap;
use serde_json::{Value as Json, json, value::RawValue};
use uuid::Uuid;

use super::{
    argument_parts::id,
    execution::Run,
    fault_redaction::readable,
    groups::steps,
    inputs::to_correct,
    record_draft_schema::{STATE, draft_type},
    selection_cost::weight,
};
use crate::{
    base::{Error, Result, Value},
    catalog::{Catalog, Field, FieldIx, Object},
    graphql::optional,
    query::{
        CanPart, ConnectionPart, Extent, Find, HistoryPart, Item, Listing, PageInfoPart, Part,
        Selection, What,
        render::{quoted, typename},
    },
    records::{Drafted, DraftedState, Duplicate, Input, drafted, duplicates_of_values, json_in},
    rules::Values,
};

/// A parsed `draftCustomer`.
pub(super) struct Drafting<'r> {
    object: &'r Object,
    /// The record to change; None for a new one.
    id: Option<Uuid>,
    /// The patch, or its faults.
    input: Result<Input, Vec<Error>>,
    fields: Vec<&'r Asked>,
}

/// A row of which parts are rendered: the record or a line.
struct Row<'d> {
    object: &'d Object,
    values: &'d Values,
    /// What the caller gave, whoever sees it.
    given: &'d [FieldIx],
    lines: &'d [(FieldIx, Vec<Values>)],
}

impl Row<'_> {
    fn value(&self, ix: FieldIx) -> &Value {
        self.values.get(&ix).unwrap_or(&Value::Null)
    }
}

impl<'r> Run<'r> {
    /// Parses a root field and counts the record.
    pub(super) fn drafting(
        &self,
        object: &'r Object,
        given: &IndexMap<Name, Given>,
        fields: &[&'r Asked],
    ) -> Result<Drafting<'r>> {
        let own = match given.get("id") {
            None | Some(Given::Null) => None,
            // A text that is no id is the id of no record.
            Some(text) => Some(id(text).unwrap_or_default()),
        };
        let patch = given.get("patch").unwrap_or(&Given::Null);
        let mut input = match self.reader.args.input(object, patch) {
            Ok(input) => Ok(input),
            Err(mut faults) => match faults.iter().position(|fault| fault.code.is_limit()) {
                Some(at) => return Err(faults.swap_remove(at)),
                None => Err(faults.into_iter().map(to_correct).collect()),
            },
        };
        if let (Ok(input), Some(Given::List(changed))) = (&mut input, given.get("changed")) {
            // What a form shows of an earlier draft is no wish: defaults are computed again. A stored record has only
            // those that are filled anew.
            let named = |field: &Field| {
                // A group stands for each of its fields.
                let known = |name: &str| name == field.name || field.place().0 == Some(name);
                let name = |item: &Given| matches!(item, Given::String(name) if known(name));
                changed.iter().any(name)
            };
            input.values.retain(|(ix, _)| {
                let field = object.field(*ix);
                let filled = object.fills.iter().any(|fill| fill.field == *ix);
                let computed =
                    filled || field.default.is_some() && (own.is_none() || field.refills);
                !computed || named(field)
            });
        }
        let drafting = Drafting { object, id: own, input, fields: fields.to_vec() };
        for fields in self.selected(&drafting, "record") {
            let selection = self.reader.record(object, &fields)?;
            let (catalog, access) = (&self.session.catalog, &self.session.access);
            let extent = Extent::of_record(catalog, access, object.ix, &selection);
            self.spend(|spent| {
                spent.count(weight(&selection));
                spent.size.add(extent);
            });
        }
        Ok(drafting)
    }

    /// The selections of a part of a draft, by response key.
    fn selected(&self, drafting: &Drafting<'r>, name: &str) -> Vec<Vec<&'r Asked>> {
        let sets: Vec<_> = drafting.fields.iter().map(|field| &field.selection_set.node).collect();
        let parts = self.reader.collect(&sets, &draft_type(drafting.object)).into_values();
        let named = |fields: &Vec<&'r Asked>| {
            fields.first().is_some_and(|field| field.name.node.as_str() == name)
        };
        parts.filter(named).collect()
    }

    /// Drafts the record and writes what was selected.
    pub(super) async fn draft(&self, drafting: Drafting<'r>) -> Result<String> {
        let Drafting { object, id, input, fields } = drafting;
        let drafted = match &input {
            Ok(input) => drafted(self.session, object, id, input).await?,
            Err(faults) => Drafted { faults: faults.clone(), ..Drafted::default() },
        };
        let ty = draft_type(object);
        let sets: Vec<_> = fields.iter().map(|field| &field.selection_set.node).collect();
        let mut out = JsonObject::new();
        for (key, fields) in self.reader.collect(&sets, &ty) {
            let Some(first) = fields.first() else { continue };
            let part = match first.name.node.as_str() {
                "__typename" => named(&optional::told(first, &ty)),
                "record" => {
                    let selection = self.reader.record(object, &fields)?;
                    self.drafted_record(object, id, &drafted, &selection).await?
                }
                "states" => {
                    let states = drafted.states.iter();
                    let told = states.map(|state| self.drafted_state(state, &fields));
                    Json::Array(told.collect()).to_string()
                }
                "duplicates" => {
                    let found = self.drafted_duplicates(object, id, &drafted).await?;
                    let mut listed = String::new();
                    self.listed_duplicates(&found, &fields, &mut listed);
                    listed
                }
                _ => {
                    let visible = self.visible();
                    let faults = readable(visible, object, drafted.faults.iter());
                    let told = faults.iter().map(|fault| self.user_error(fault, &fields));
                    Json::Array(told.collect()).to_string()
                }
            };
            out.put(&key, &part);
        }
        Ok(out.finish())
    }

    fn drafted_state(&self, told: &DraftedState, fields: &[&'r Asked]) -> Json {
        self.object(STATE, fields, |name, _| match name {
            "path" => json!(steps(&told.path)),
            "visible" => json!(told.state.visible),
            "required" => json!(told.state.required),
            "options" => json!(told.options),
            _ => json!(told.state.read_only),
        })
    }

    /// The records that the drafted one looks like, by what of it the caller sees or has given.
    async fn drafted_duplicates(
        &self,
        object: &Object,
        id: Option<Uuid>,
        drafted: &Drafted,
    ) -> Result<Vec<Duplicate>> {
        let Some(values) = &drafted.values else { return Ok(Vec::new()) };
        let access = &self.session.access;
        let mut values = values.clone();
        values.retain(|ix, _| {
            access.field_rule(object.ix, *ix).is_none() || drafted.given.contains(ix)
        });
        duplicates_of_values(self.session, object, id, &values).await
    }

    async fn drafted_record(
        &self,
        object: &Object,
        id: Option<Uuid>,
        drafted: &Drafted,
        selection: &Selection,
    ) -> Result<String> {
        let Some(values) = &drafted.values else { return Ok("null".to_owned()) };
        let text;
        let mut stored: HashMap<&str, &RawValue> = HashMap::new();
        if let Some(id) = id {
            let key = vec![(FieldIx::ID, Value::Id(id))];
            let what = What::One { key, selection: selection.clone() };
            text = self.found(Find { object: object.ix, what }).await?;
            if text == "null" {
                return Ok(text);
            }
            stored = serde_json::from_str(&text).map_err(Error::internal)?;
        }
        let row = Row { object, values, given: &drafted.given, lines: &drafted.lines };
        let mut out = JsonObject::new();
        for part in &selection.0 {
            let kept = stored.get(part.key.as_str());
            let kept = kept.filter(|_| !drafted.alters(&self.session.catalog, object, &part.what));
            let told = match kept {
                Some(kept) => kept.get().to_owned(),
                None => self.drafted_item(&row, &part.what).await?,
            };
            out.put(&part.key, &told);
        }
        Ok(out.finish())
    }

    /// Writes one part of a drafted row.
    async fn drafted_item(&self, row: &Row<'_>, item: &Item) -> Result<String> {
        let object = row.object;
        let shown = |ix: FieldIx| {
            let open = self.session.access.field_rule(object.ix, ix).is_none();
            open || row.given.contains(&ix)
        };
        Ok(match item {
            Item::Typename(name) => named(name),
            Item::Field(ix) if shown(*ix) => json_in(object.field(*ix), row.value(*ix)).to_string(),
            Item::Group(selection) => {
                let mut group = JsonObject::new();
                for part in &selection.0 {
                    // Boxed: groups have no groups, but the compiler cannot know.
                    let told = Box::pin(self.drafted_item(row, &part.what)).await?;
                    group.put(&part.key, &told);
                }
                group.finish()
            }
            Item::One(ix, selection) if shown(*ix) => {
                self.drafted_relation(object.field(*ix), row.value(*ix), selection).await?
            }
            Item::OneOf(ix, each) if shown(*ix) => {
                let set = each.iter().find(|(ix, _)| !row.value(*ix).is_null());
                match set {
                    Some((ix, selection)) => {
                        let field = object.field(*ix);
                        self.drafted_relation(field, row.value(*ix), selection).await?
                    }
                    None => "null".to_owned(),
                }
            }
            Item::Title(path) => match path.split_first() {
                Some((ix, [])) if shown(*ix) => {
                    json_in(object.field(*ix), row.value(*ix)).to_string()
                }
                Some((ix, rest)) if shown(*ix) => {
                    self.drafted_title(object.field(*ix), row.value(*ix), rest).await?
                }
                _ => "null".to_owned(),
            },
            Item::Many(ix, listing) if shown(*ix) => {
                let lines = row.lines.iter().find(|(field, _)| field == ix);
                let lines = lines.map(|(_, lines)| lines.as_slice()).unwrap_or_default();
                self.drafted_lines(object.field(*ix), lines, listing).await?
            }
            Item::Many(..)
            | Item::Responsible(..)
            | Item::Aggregate(..)
            | Item::Moves(_)
            | Item::States(..) => "[]".to_owned(),
            Item::Connection(_, listing) => nothing_listed(&listing.parts),
            Item::History(history) => no_history(&history.parts),
            Item::Can(parts) => no_actions(parts),
            Item::Field(_) | Item::One(..) | Item::OneOf(..) => "null".to_owned(),
        })
    }

    /// Reads the record to which a drafted relation refers.
    async fn drafted_relation(
        &self,
        field: &Field,
        value: &Value,
        selection: &Selection,
    ) -> Result<String> {
        let (Some(target), Some(id)) = (field.target(), value.as_id()) else {
            return Ok("null".to_owned());
        };
        let key = vec![(FieldIx::ID, Value::Id(id))];
        let what = What::One { key, selection: selection.clone() };
        self.found(Find { object: target, what }).await
    }

    async fn drafted_title(
        &self,
        field: &Field,
        value: &Value,
        path: &[FieldIx],
    ) -> Result<String> {
        let title = Part { key: TITLE.to_owned(), what: Item::Title(path.to_vec()) };
        let found = self.drafted_relation(field, value, &Selection(vec![title])).await?;
        let found: Option<HashMap<&str, &RawValue>> =
            serde_json::from_str(&found).map_err(Error::internal)?;
        let title = found.and_then(|found| found.get(TITLE).map(|title| title.get().to_owned()));
        Ok(title.unwrap_or_else(|| "null".to_owned()))
    }

    /// Writes drafted lines. Their order is that of the document; conditions and orders of the list do not apply.
    async fn drafted_lines(
        &self,
        field: &Field,
        lines: &[Values],
        listing: &Listing,
    ) -> Result<String> {
        let Some(target) = field.target() else { return Ok("[]".to_owned()) };
        let object = self.session.catalog.object(target);
        let nodes = listing.parts.iter().find_map(|part| match &part.what {
            ConnectionPart::Nodes(selection) => Some(selection),
            _ => None,
        });
        let Some(selection) = nodes else { return Ok("[]".to_owned()) };
        let (skip, take) = (listing.page.offset as usize, listing.page.size as usize);
        let mut out = String::from("[");
        for values in lines.iter().skip(skip).take(take) {
            if out.len() > 1 {
                out.push(',');
            }
            let row = Row { object, values, given: &[], lines: &[] };
            let mut line = JsonObject::new();
            for part in &selection.0 {
                // Boxed: lines have no lines, but the compiler cannot know.
                let told = Box::pin(self.drafted_item(&row, &part.what)).await?;
                line.put(&part.key, &told);
            }
            out.push_str(&line.finish());
        }
        out.push(']');
        Ok(out)
    }
}

/// The key of a title that is read for a draft.
const TITLE: &str = "title";

impl Drafted {
    /// Whether the draft changes what a part of the stored record shows.
    fn alters(&self, catalog: &Catalog, object: &Object, item: &Item) -> bool {
        match item {
            Item::Field(ix) | Item::One(ix, _) => {
                let mut by = catalog.goes_by(object, *ix).into_iter();
                self.changed.contains(ix) || by.any(|by| self.changed.contains(&by))
            }
            Item::OneOf(_, each) => each.iter().any(|(ix, _)| self.changed.contains(ix)),
            Item::Title(path) => path.first().is_some_and(|ix| self.changed.contains(ix)),
            Item::Many(ix, _) => self.lines.iter().any(|(field, _)| field == ix),
            Item::Group(inner) => {
                inner.0.iter().any(|part| self.alters(catalog, object, &part.what))
            }
            _ => false,
        }
    }
}

/// A JSON object in the making.
struct JsonObject(String);

impl JsonObject {
    fn new() -> Self {
        Self(String::from("{"))
    }

    fn put(&mut self, key: &str, value: &str) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        quoted(key, &mut self.0);
        self.0.push(':');
        self.0.push_str(value);
    }

    fn finish(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

fn named(name: &str) -> String {
    let mut out = String::new();
    typename(name, &mut out);
    out
}

/// An empty list of a record that is not stored yet.
fn nothing_listed(parts: &[Part<ConnectionPart>]) -> String {
    let mut out = JsonObject::new();
    for part in parts {
        let told = match &part.what {
            ConnectionPart::Typename(name) => named(name),
            ConnectionPart::Edges(_) | ConnectionPart::Nodes(_) => "[]".to_owned(),
            ConnectionPart::PageInfo(parts) => no_page(parts),
            ConnectionPart::TotalCount => "0".to_owned(),
        };
        out.put(&part.key, &told);
    }
    out.finish()
}

fn no_page(parts: &[Part<PageInfoPart>]) -> String {
    let mut out = JsonObject::new();
    for part in parts {
        let told = match &part.what {
            PageInfoPart::Typename(name) => named(name),
            PageInfoPart::HasNextPage | PageInfoPart::HasPreviousPage => "false".to_owned(),
            PageInfoPart::StartCursor | PageInfoPart::EndCursor => "null".to_owned(),
        };
        out.put(&part.key, &told);
    }
    out.finish()
}

fn no_history(parts: &[Part<HistoryPart>]) -> String {
    let mut out = JsonObject::new();
    for part in parts {
        let told = match &part.what {
            HistoryPart::Typename(name) => named(name),
            HistoryPart::Nodes(_) => "[]".to_owned(),
            HistoryPart::PageInfo(parts) => no_page(parts),
        };
        out.put(&part.key, &told);
    }
    out.finish()
}

/// Nothing can be done yet with a record that is not stored.
fn no_actions(parts: &[Part<CanPart>]) -> String {
    let mut out = JsonObject::new();
    for part in parts {
        let told = match &part.what {
            CanPart::Typename(name) => named(name),
            CanPart::All(_) => "false".to_owned(),
        };
        out.put(&part.key, &told);
    }
    out.finish()
}
