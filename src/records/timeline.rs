//! What happened about a record, the latest first: records of other objects that refer to it, and its own changes.
//!
//! Which objects are on timelines, definitions say. Each source is a read like any other: a list of the object under
//! the caller's rights, and the record's history. Two orders are merged by time, and a cursor is a place in both.

use chrono::{DateTime, SecondsFormat};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use uuid::Uuid;

use super::{
    find::find,
    history,
    hits::{Hit, HitParts, hits, hits_find},
    session::Session,
};
use crate::{
    access::Visible,
    base::{Error, Lang, Result, Value},
    catalog::{FieldIx, FieldType, Object, ObjectIx, TimelineKind},
    query::{
        ChangePart, Compare, EntryPart, Filter, Find, HistoryListing, HistoryPart, Item, Order,
        Part, Selection, What,
    },
};

/// The list name to which cursors of timelines are bound.
const LIST: &str = "timeline";
/// The response keys of the record's own changes.
const CHANGES: &str = "changes";
const NODES: &str = "nodes";

/// What a timeline is asked for.
#[derive(Debug, Clone)]
pub struct TimelineAsked {
    /// The object of the record.
    pub object: ObjectIx,
    /// The record.
    pub id: Uuid,
    /// Kinds of records.
    pub records: Vec<TimelineKind>,
    /// Its own changes.
    pub changes: OwnChanges,
    /// The largest number of entries.
    pub size: u32,
    /// The cursor of the entry to start after.
    pub after: Option<String>,
    /// The language of what values are called.
    pub lang: Lang,
}

/// Which of a record's own changes are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnChanges {
    /// None.
    None,
    /// Those of its state.
    State(FieldIx),
    /// All; those of its state by a name of their own where there is one.
    All(Option<FieldIx>),
}

/// An entry of a timeline.
#[derive(Debug, Clone)]
pub struct TimelineEntry {
    /// When it happened, in microseconds since 1970.
    pub at: i64,
    /// What happened.
    pub what: Happened,
}

/// What happened.
#[derive(Debug, Clone)]
pub enum Happened {
    /// A record that refers to the one of the timeline was made.
    Made(TimelineKind, ObjectIx, Hit),
    /// The record itself was changed: its entry of the history. True if its state was.
    Changed(bool, Json),
}

/// A page of a timeline.
#[derive(Debug, Clone)]
pub struct TimelinePage {
    /// The entries.
    pub entries: Vec<TimelineEntry>,
    /// Whether there are more.
    pub more: bool,
    /// The cursor of each entry.
    pub cursors: Vec<String>,
}

/// A place in a timeline: in the order of records and in that of changes.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Place(Option<(i64, Uuid)>, Option<String>);

/// A timeline as it is read.
pub struct Timeline {
    asked: TimelineAsked,
    place: Place,
    sources: Vec<(TimelineKind, ObjectIx)>,
    /// The read of the record with its changes, then one of each source.
    pub finds: Vec<Find>,
}

impl Timeline {
    /// Prepares the reads. Lists of records by what the caller does not see on every record are left out.
    pub fn of(session: &Session, asked: TimelineAsked) -> Result<Self> {
        let visible = Visible { catalog: &session.catalog, access: &session.access };
        let object = visible.catalog.object(asked.object);
        let list = list(object, asked.id);
        let place = match &asked.after {
            None => Place::default(),
            Some(after) => {
                serde_json::from_str(&session.seal.open(&list, after)?).map_err(Error::internal)?
            }
        };
        let mut finds = vec![own(session, &asked, &place)];
        let mut sources = Vec::new();
        for (kind, related, filter) in sources_of(visible, object, &asked) {
            let Some(created) = related.system.created_at else { continue };
            let filter = match place.0 {
                None => filter,
                Some(after) => Filter::all(vec![filter, before(created, after)?]),
            };
            let parts = HitParts { made: true, ..HitParts::default() };
            let mut find = hits_find(visible, related, Some(filter), asked.size + 1, parts);
            if let What::List(listing) = &mut find.what {
                let path = vec![created];
                listing.order = vec![Order { path, descending: true, ..Order::default() }];
            }
            sources.push((kind, related.ix));
            finds.push(find);
        }
        Ok(Self { asked, place, sources, finds })
    }

    /// Reads the page. None if there is no such record that the caller may see.
    pub async fn read(self, session: &Session) -> Result<Option<TimelinePage>> {
        let Self { asked, place, sources, finds } = self;
        let mut finds = finds.into_iter();
        let Some(own) = finds.next() else { return Ok(None) };
        let Some(own) = find(session, own).await? else { return Ok(None) };
        let own: Json = serde_json::from_str(&own).map_err(Error::internal)?;
        if own.is_null() {
            return Ok(None);
        }
        let object = session.catalog.object(asked.object);
        let apart = session.counted_apart();
        let mut made = Vec::new();
        for ((kind, related), find) in sources.into_iter().zip(finds) {
            for hit in hits(&apart, find, &[]).await?.hits {
                let at = hit.made.ok_or_else(|| Error::internal("a record without its time"))?;
                made.push((at, kind, related, hit));
            }
        }
        made.sort_by_key(|one| std::cmp::Reverse((one.0, one.3.id)));
        let changed = changes_in(object, asked.changes, own)?;
        let size = asked.size as usize;
        let more = made.len() + changed.len() > size;
        let (mut made, mut changed) = (made.into_iter().peekable(), changed.into_iter().peekable());
        let list = list(object, asked.id);
        let (mut place, mut entries, mut cursors) = (place, Vec::new(), Vec::new());
        while entries.len() < size {
            let newer = match (made.peek(), changed.peek()) {
                (None, None) => break,
                (Some(made), Some(change)) => made.0 >= change.0,
                (made, None) => made.is_some(),
                (None, _) => false,
            };
            let next = match newer {
                true => made.next().map(|(at, kind, related, hit)| {
                    place.0 = Some((at, hit.id));
                    TimelineEntry { at, what: Happened::Made(kind, related, hit) }
                }),
                false => changed.next().map(|(at, id, state, entry)| {
                    place.1 = Some(id);
                    TimelineEntry { at, what: Happened::Changed(state, entry) }
                }),
            };
            entries.extend(next);
            let place = serde_json::to_string(&place).map_err(Error::internal)?;
            cursors.push(session.seal.seal(&list, &place));
        }
        let left: Vec<_> = made.map(|(.., hit)| hit.id).collect();
        session.count_apart(&apart, &left);
        Ok(Some(TimelinePage { entries, more, cursors }))
    }
}

fn list(object: &Object, id: Uuid) -> String {
    format!("{LIST}|{}|{id}", object.name)
}

/// The objects whose records are on the timeline of an object, each with the condition that they refer to the record.
fn sources_of<'v>(
    visible: Visible<'v>,
    object: &'v Object,
    asked: &TimelineAsked,
) -> Vec<(TimelineKind, &'v Object, Filter)> {
    let mut found: Vec<(TimelineKind, &Object, Vec<Filter>)> = Vec::new();
    for (_, field) in visible.fields(object) {
        let FieldType::Inverse(inverse) = &field.ty else { continue };
        let related = visible.catalog.object(inverse.target);
        let Some(kind) = related.timeline.filter(|kind| asked.records.contains(kind)) else {
            continue;
        };
        let created = related.system.created_at;
        let compared = visible.reads(related)
            && visible.compares(related, inverse.via)
            && created.is_some_and(|created| visible.compares(related, created));
        if !compared {
            continue;
        }
        let own = Filter::Field(FieldIx::ID, Compare::Eq(Value::Id(asked.id)));
        let refers = Filter::One(inverse.via, Box::new(own));
        match found.iter_mut().find(|(_, known, _)| known.ix == related.ix) {
            Some((_, _, ways)) => ways.push(refers),
            None => found.push((kind, related, vec![refers])),
        }
    }
    let one = |mut ways: Vec<Filter>| match ways.len() {
        1 => ways.swap_remove(0),
        _ => Filter::Or(ways),
    };
    found.into_iter().map(|(kind, related, ways)| (kind, related, one(ways))).collect()
}

/// The condition that a record comes behind another one, the latest first.
fn before(created: FieldIx, (at, id): (i64, Uuid)) -> Result<Filter> {
    let at = DateTime::from_timestamp_micros(at);
    let at = Value::DateTime(at.ok_or_else(|| Error::internal("a cursor without its time"))?);
    let same = Filter::Field(created, Compare::Eq(at.clone()));
    let behind = Filter::Field(FieldIx::ID, Compare::Lt(Value::Id(id)));
    Ok(Filter::Or(vec![Filter::Field(created, Compare::Lt(at)), Filter::all(vec![same, behind])]))
}

fn part<T>(key: &str, what: T) -> Part<T> {
    Part { key: key.to_owned(), what }
}

/// The find of the record, with those of its changes that are told.
fn own(session: &Session, asked: &TimelineAsked, place: &Place) -> Find {
    let mut selection = vec![part("id", Item::Field(FieldIx::ID))];
    let field = match asked.changes {
        OwnChanges::State(field) => Some(field),
        OwnChanges::None | OwnChanges::All(_) => None,
    };
    if asked.changes != OwnChanges::None {
        let changes = [
            part("field", ChangePart::Field),
            part("old", ChangePart::Old),
            part("new", ChangePart::New),
            part("oldText", ChangePart::OldText),
            part("newText", ChangePart::NewText),
        ];
        let entry = vec![
            part("id", EntryPart::Id),
            part("at", EntryPart::At),
            part("action", EntryPart::Action),
            part("version", EntryPart::Version),
            part("operator", EntryPart::Operator),
            part("operatorName", EntryPart::OperatorName),
            part("changes", EntryPart::Changes(changes.into())),
        ];
        let listing = HistoryListing {
            field,
            size: asked.size + 1,
            after: place.1.as_ref().map(|id| session.seal.seal(history::LIST, id)),
            lang: asked.lang,
            parts: vec![part(NODES, HistoryPart::Nodes(entry))],
        };
        selection.push(part(CHANGES, Item::History(listing.into())));
    }
    let key = vec![(FieldIx::ID, Value::Id(asked.id))];
    Find { object: asked.object, what: What::One { key, selection: Selection(selection) } }
}

/// The changes in the answer of [`own`]: time, id, whether the state was changed, and the entry.
fn changes_in(
    object: &Object,
    asked: OwnChanges,
    mut own: Json,
) -> Result<Vec<(i64, String, bool, Json)>> {
    let Json::Array(entries) = own[CHANGES][NODES].take() else { return Ok(Vec::new()) };
    let state = match asked {
        OwnChanges::State(ix) | OwnChanges::All(Some(ix)) => Some(&object.field(ix).name),
        OwnChanges::None | OwnChanges::All(None) => None,
    };
    let read = |entry: Json| {
        let text = |key: &str| entry[key].as_str().unwrap_or_default().to_owned();
        let at = DateTime::parse_from_rfc3339(&text("at")).map_err(Error::internal)?;
        let changes = entry["changes"].as_array();
        let named = |change: &Json| state.is_some_and(|state| change["field"] == **state);
        let moved = changes.into_iter().flatten().any(named);
        Ok((at.timestamp_micros(), text("id"), moved, entry))
    };
    entries.into_iter().map(read).collect()
}

/// An instant as answers have it.
pub fn instant_text(micros: i64) -> String {
    let at = DateTime::from_timestamp_micros(micros).unwrap_or_default();
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}
