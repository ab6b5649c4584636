//! The changes of records, with time and author, as far as the caller may see them today.
//!
//! Stored entries name fields by their former names and records by id. Fields that the caller does not see on
//! every record are omitted. References to records they may not see become null. An entry without visible
//! changes is omitted.

use std::{
    collections::{HashMap, HashSet},
    fmt::Write,
    sync::Arc,
};

use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{
    approvals,
    entries::{HistoryEntry, entries},
    line_history::{line_changes, line_values, named_by_lines, noticed, valued},
    names::{self, Known},
    session::Session,
};
use crate::{
    access::{Action, RowRule},
    base::{Error, Lang, Message, Result},
    catalog::{FieldIx, FieldType, Flow, Object, ObjectIx, PicklistIx},
    query::{
        self, ChangePart, EntryPart, HistoryListing, HistoryPart, PageInfoPart, PendingHistory,
        render::{instant, quoted, typename},
    },
    storage::HistoryAction,
};

/// The list name to which cursors of histories are bound.
pub(super) const LIST: &str = "history";

/// An entry with its visible changes.
struct Told<'c> {
    entry: HistoryEntry,
    changes: Vec<Change<'c>>,
}

/// A change as the caller sees it.
struct Change<'c> {
    field: &'c str,
    /// The union field for one of whose objects it is a relation.
    of_union: Option<&'c str>,
    old: Json,
    new: Json,
    names: Names,
    /// What the old value refers to, where that is something else.
    old_names: Option<Names>,
}

/// What the values of a change refer to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    /// Nothing.
    Nothing,
    /// Values of a picklist.
    Values(PicklistIx),
    /// Records of an object.
    Records(ObjectIx),
    /// The records that fields of a line object refer to.
    Lines(ObjectIx),
}

/// Inserts the histories into a response at their places.
pub(super) async fn fill(
    session: &Session,
    text: String,
    due: Vec<PendingHistory>,
) -> Result<String> {
    let mut filled: Vec<String> = vec![String::new(); due.len()];
    let mut done = vec![false; due.len()];
    for first in 0..due.len() {
        if done[first] {
            continue;
        }
        let alike = |other: &PendingHistory| {
            Arc::ptr_eq(&other.listing, &due[first].listing) && other.object == due[first].object
        };
        let places: Vec<usize> = (first..due.len()).filter(|at| alike(&due[*at])).collect();
        let records: HashSet<Uuid> = places.iter().map(|at| due[*at].record).collect();
        let object = session.catalog.object(due[first].object);
        let mut shown =
            Shown { session, object, listing: &due[first].listing, known: Known::default() };
        let pages = shown.pages(records).await?;
        for at in places {
            let entries = pages.get(&due[at].record).map_or(&[][..], Vec::as_slice);
            shown.page(entries, &mut filled[at])?;
            if entries.len() > due[at].listing.size as usize {
                session.beyond.add(&due[at].way);
            }
            done[at] = true;
        }
    }
    let mut whole =
        String::with_capacity(text.len() + filled.iter().map(String::len).sum::<usize>());
    let mut from = 0;
    for (due, filled) in due.iter().zip(&filled) {
        whole.push_str(text.get(from..due.at).unwrap_or_default());
        whole.push_str(filled);
        from = due.at;
    }
    whole.push_str(text.get(from..).unwrap_or_default());
    Ok(whole)
}

/// Whether the caller sees the values of a field on every record.
pub(super) fn plain(session: &Session, object: &Object, ix: FieldIx) -> bool {
    let target = object.field(ix).target().map(|target| session.catalog.object(target));
    session.access.field_rule(object.ix, ix).is_none()
        && target.is_none_or(|target| session.access.may(target, Action::Read))
}

/// Returns the visible changes of an entry. References are not checked yet.
fn changes<'c>(
    session: &Session,
    object: &'c Object,
    listing: &HistoryListing,
    entry: &HistoryEntry,
) -> Vec<Change<'c>> {
    let mut shown = Vec::new();
    for (name, change) in &entry.changes {
        let Some((ix, field)) = object.stored(name) else { continue };
        let own_id = ix == FieldIx::ID;
        let asked = listing.field.is_none_or(|only| only == ix || only == object.whole(ix));
        if own_id || !plain(session, object, ix) || !asked {
            continue;
        }
        let side = |at: usize| change.get(at).cloned().unwrap_or(Json::Null);
        let (old, new, names) = match &field.ty {
            FieldType::Lines(lines) => {
                let line = session.catalog.object(lines.target);
                (Json::Null, line_changes(session, line, change), Names::Lines(line.ix))
            }
            FieldType::ManyToMany(junction) => {
                let members = if change.is_array() {
                    json!({ "added": [], "removed": side(0) })
                } else {
                    change.clone()
                };
                (Json::Null, members, Names::Records(junction.target))
            }
            _ => {
                let values = field.ty.picklist().map_or(Names::Nothing, Names::Values);
                (side(0), side(1), field.target().map_or(values, Names::Records))
            }
        };
        let of_union = field.of_union.map(|whole| object.field(whole).name.as_str());
        shown.push(Change { field: &field.name, of_union, old, new, names, old_names: None });
    }
    shown
}

/// Makes the changes of the relations that stand for a union field one change of that.
fn united(changes: Vec<Change<'_>>) -> Vec<Change<'_>> {
    let mut all: Vec<Change<'_>> = Vec::with_capacity(changes.len());
    for change in changes {
        let Some(whole) = change.of_union else {
            all.push(change);
            continue;
        };
        let change = Change { field: whole, old_names: Some(change.names), ..change };
        match all.iter_mut().find(|known| known.of_union == Some(whole)) {
            None => all.push(change),
            Some(known) => {
                if !change.old.is_null() {
                    (known.old, known.old_names) = (change.old, change.old_names);
                }
                if !change.new.is_null() {
                    (known.new, known.names) = (change.new, change.names);
                }
            }
        }
    }
    all
}

/// Collects the ids in a value at any depth.
pub(super) fn ids(value: &Json, found: &mut Vec<Uuid>) {
    match value {
        Json::String(text) => found.extend(text.parse::<Uuid>()),
        Json::Array(items) => items.iter().for_each(|item| ids(item, found)),
        Json::Object(fields) => fields.values().for_each(|item| ids(item, found)),
        _ => {}
    }
}

/// Returns the records that entries refer to and the caller may see.
async fn known(
    session: &Session,
    object: &Object,
    found: &HashMap<Uuid, Vec<HistoryEntry>>,
) -> Result<Known> {
    let everything = HistoryListing {
        field: None,
        size: 0,
        after: None,
        lang: Lang::default(),
        parts: Vec::new(),
    };
    let operators = session.catalog.named("Operator").map(|object| object.ix);
    let mut named: HashMap<ObjectIx, Vec<Uuid>> = HashMap::new();
    for entry in found.values().flatten() {
        for mut change in changes(session, object, &everything, entry) {
            match change.names {
                Names::Nothing | Names::Values(_) => {}
                Names::Records(target) => {
                    let found = named.entry(target).or_default();
                    ids(&change.old, found);
                    ids(&change.new, found);
                }
                Names::Lines(line) => {
                    named_by_lines(session, line, &mut change.new, |target, change| {
                        let found = named.entry(target).or_default();
                        change.values().for_each(|value| ids(value, found));
                    });
                }
            }
        }
        if let (Some(operators), Some(operator)) = (operators, entry.operator) {
            named.entry(operators).or_default().push(operator);
        }
    }
    names::known(session, None, named).await
}

/// Writes pages of one listing.
struct Shown<'s> {
    session: &'s Session,
    object: &'s Object,
    listing: &'s HistoryListing,
    known: Known,
}

/// Most records per statement.
const TOGETHER: usize = 100;
/// Most entries per record in later rounds, after the first round has found too few visible entries.
const ENTRIES: usize = 500;

impl<'s> Shown<'s> {
    /// Returns the visible entries of each record, latest first, one more than the page size.
    async fn pages(&mut self, records: HashSet<Uuid>) -> Result<HashMap<Uuid, Vec<Told<'s>>>> {
        let (session, object, listing) = (self.session, self.object, self.listing);
        let wanted = usize::try_from(listing.size).map_err(Error::internal)? + 1;
        let after = listing.after.as_ref().map(|after| session.seal.open(LIST, after));
        let mut reading = vec![(after.transpose()?, records.into_iter().collect::<Vec<_>>())];
        let mut pages: HashMap<Uuid, Vec<Told<'s>>> = HashMap::new();
        let mut most = wanted;
        while !reading.is_empty() {
            let mut further = Vec::new();
            for of in reading.chunks(TOGETHER) {
                let found = entries(session, object, listing.field, of, most).await?;
                self.known.extend(known(session, object, &found).await?);
                for (record, entries) in found {
                    let last = entries.last().filter(|_| entries.len() == most);
                    let last = last.map(|last| last.id.clone());
                    let page = pages.entry(record).or_default();
                    page.extend(entries.into_iter().filter_map(|entry| self.told(entry)));
                    page.truncate(wanted);
                    if page.len() < wanted && last.is_some() {
                        further.push((last, vec![record]));
                    }
                }
            }
            reading = further;
            most = (most * 4).clamp(wanted.min(ENTRIES), ENTRIES);
        }
        Ok(pages)
    }

    /// Returns an entry with its visible changes. None for an update without visible changes.
    fn told(&self, entry: HistoryEntry) -> Option<Told<'s>> {
        let changes = changes(self.session, self.object, self.listing, &entry);
        let changes = united(changes.into_iter().filter_map(|change| self.seen(change)).collect());
        let update = HistoryAction::of_stored(&entry.action) == HistoryAction::Update;
        let silent = update || self.listing.field.is_some();
        (!silent || !changes.is_empty()).then_some(Told { entry, changes })
    }

    fn page(&self, entries: &[Told<'_>], out: &mut String) -> Result<()> {
        let size = usize::try_from(self.listing.size).map_err(Error::internal)?;
        let page = entries.get(..size.min(entries.len())).unwrap_or_default();
        let cursor = |told: Option<&Told<'_>>, out: &mut String| match told {
            Some(told) => quoted(&self.session.seal.seal(LIST, &told.entry.id), out),
            None => out.push_str("null"),
        };
        members(&self.listing.parts, out, |part, out| match part {
            HistoryPart::Typename(name) => typename(name, out),
            HistoryPart::Nodes(parts) => {
                out.push('[');
                for (at, told) in page.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    self.entry(told, parts, out);
                }
                out.push(']');
            }
            HistoryPart::PageInfo(parts) => members(parts, out, |part, out| match part {
                PageInfoPart::Typename(name) => typename(name, out),
                PageInfoPart::HasNextPage => {
                    out.push_str(if entries.len() > page.len() { "true" } else { "false" });
                }
                PageInfoPart::HasPreviousPage => {
                    out.push_str(if self.listing.after.is_some() { "true" } else { "false" });
                }
                PageInfoPart::StartCursor => cursor(page.first(), out),
                PageInfoPart::EndCursor => cursor(page.last(), out),
            }),
        });
        Ok(())
    }

    fn entry(&self, told: &Told<'_>, parts: &[crate::query::Part<EntryPart>], out: &mut String) {
        let entry = &told.entry;
        let operators = self.session.catalog.named("Operator").map(|object| object.ix);
        let operator = operators
            .zip(entry.operator)
            .and_then(|key| self.known.get(&key).map(|name| (key.1, name.as_deref())));
        let text = |text: Option<&str>, out: &mut String| match text {
            Some(text) => quoted(text, out),
            None => out.push_str("null"),
        };
        members(parts, out, |part, out| match part {
            EntryPart::Typename(name) => typename(name, out),
            EntryPart::Id => quoted(&entry.id, out),
            EntryPart::At => instant(entry.at, out),
            EntryPart::Action => quoted(&entry.action, out),
            EntryPart::Version => {
                let _ = write!(out, "{}", entry.version);
            }
            EntryPart::Operator => match operator {
                Some((id, _)) => quoted(&id.to_string(), out),
                None => out.push_str("null"),
            },
            EntryPart::OperatorName => text(operator.and_then(|(_, name)| name), out),
            EntryPart::Via => text(self.via(entry).map(|(name, _)| name), out),
            EntryPart::ViaLabel => {
                let label =
                    self.via(entry).map(|(_, label)| label.text(self.listing.lang).to_owned());
                text(label.as_deref(), out);
            }
            EntryPart::Changes(parts) => {
                out.push('[');
                let mut first = true;
                for change in &told.changes {
                    if !first {
                        out.push(',');
                    }
                    first = false;
                    members(parts, out, |part, out| match part {
                        ChangePart::Typename(name) => typename(name, out),
                        ChangePart::Field => quoted(change.field, out),
                        ChangePart::Old => out.push_str(&change.old.to_string()),
                        ChangePart::New => out.push_str(&change.new.to_string()),
                        ChangePart::OldText => {
                            let names = change.old_names.unwrap_or(change.names);
                            text(self.name(names, &change.old).as_deref(), out);
                        }
                        ChangePart::NewText => {
                            text(self.name(change.names, &change.new).as_deref(), out);
                        }
                    });
                }
                out.push(']');
            }
        });
    }

    /// The move or action by which an entry came about, with what people call it. None if there is none any more, or if
    /// the caller may not know it: they do not read its object, or see its state.
    fn via<'e>(&self, entry: &'e HistoryEntry) -> Option<(&'e str, Message)> {
        let via = entry.via.as_deref()?;
        let (session, access) = (self.session, &self.session.access);
        let known = |object: &'_ Object| {
            let code = via.strip_suffix(object.name.as_str())?;
            let flow = object.flow.as_deref();
            let seen = |flow: &&Flow| access.field_rule(object.ix, flow.field).is_none();
            let step = flow.filter(seen).and_then(|flow| flow.named(code));
            let action = object.actions.iter().find(|action| action.code == code);
            let label = step.map(|step| &step.label).or(action.map(|action| &action.label));
            let label = label.map(|label| label.title(code));
            let label = label.or_else(|| approvals::title(session, object, code))?;
            access.may(object, Action::Read).then_some(label)
        };
        let label = self.session.catalog.objects.iter().find_map(known)?;
        Some((via, label))
    }

    /// Whether a value refers to a record that the caller may see, or could see if it still existed.
    fn visible(&self, target: ObjectIx, value: &Json) -> bool {
        let session = self.session;
        let object = session.catalog.object(target);
        let all = |action| *session.access.row_rule(object, action) == RowRule::All;
        let id = value.as_str().and_then(|text| text.parse::<Uuid>().ok());
        id.is_some_and(|id| {
            self.known.contains_key(&(target, id)) || (all(Action::Read) && all(session.purpose))
        })
    }

    /// Removes references to invisible records from a change. None if nothing remains.
    fn seen<'c>(&self, mut change: Change<'c>) -> Option<Change<'c>> {
        let target = match change.names {
            Names::Nothing | Names::Values(_) => return Some(change),
            Names::Records(target) => target,
            Names::Lines(line) => {
                named_by_lines(self.session, line, &mut change.new, |target, change| {
                    for (value, text) in [("old", "oldText"), ("new", "newText")] {
                        let name = self.called(target, &change[value]).map(str::to_owned);
                        if !self.visible(target, &change[value]) {
                            change[value] = Json::Null;
                        }
                        change.insert(text.to_owned(), name.into());
                    }
                });
                if !noticed(&mut change.new) {
                    return None;
                }
                line_values(self.session, line, self.listing.lang, &mut change.new);
                return Some(change);
            }
        };
        match &mut change.new {
            Json::Object(members) => {
                let lists = members.values_mut().filter_map(Json::as_array_mut);
                let mut any = false;
                for list in lists {
                    list.retain(|id| self.visible(target, id));
                    any |= !list.is_empty();
                }
                any.then_some(change)
            }
            _ => {
                for value in [&mut change.old, &mut change.new] {
                    if !self.visible(target, value) {
                        *value = Json::Null;
                    }
                }
                (change.old != change.new).then_some(change)
            }
        }
    }

    /// Returns the display name of the record that a value refers to.
    fn called(&self, target: ObjectIx, value: &Json) -> Option<&str> {
        let id = value.as_str()?.parse().ok()?;
        self.known.get(&(target, id))?.as_deref()
    }

    fn name(&self, names: Names, value: &Json) -> Option<String> {
        match names {
            Names::Records(target) => self.called(target, value).map(str::to_owned),
            Names::Values(list) => {
                valued(self.session.catalog.picklist(list), self.listing.lang, value)
            }
            Names::Nothing | Names::Lines(_) => None,
        }
    }
}

/// Writes a JSON object of the selected parts.
fn members<T>(
    parts: &[crate::query::Part<T>],
    out: &mut String,
    mut write: impl FnMut(&T, &mut String),
) {
    out.push('{');
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        quoted(&part.key, out);
        out.push(':');
        write(&part.what, out);
    }
    out.push('}');
}

/// The error for the history of a field that the caller cannot see.
pub(crate) fn no_such_field(object: &Object, name: &str) -> Error {
    query::faults::no_field(&object.name, name)
}
