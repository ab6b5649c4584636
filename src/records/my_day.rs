//! What a day holds for a person: their appointments of the day, and their tasks that are due by then.
//!
//! Which objects have them follows from their definitions. Each source is a read like any other: a list of the object
//! under the caller's rights.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value as Json;
use uuid::Uuid;

use super::{
    find::find,
    hits::{Hit, HitParts, hit, hits_find},
    session::Session,
};
use crate::{
    access::Visible,
    base::{Error, Result, Value},
    catalog::{EMPLOYEES, FieldIx, FieldType, Object, ObjectIx, ObjectKind, TimelineKind},
    layouts::{closed_states, end_field, start_field, state_field},
    query::{Compare, ConnectionPart, Filter, Find, Item, Moment, Order, Own, Part, What},
};

/// The response keys of what is read besides what names a record.
const START: &str = "day start";
const END: &str = "day end";
const STATE: &str = "day state";

/// What a day is asked for.
#[derive(Debug, Clone)]
pub struct MyDayAsked {
    /// The day.
    pub day: NaiveDate,
    /// The instants at which it begins and at which the next one does.
    pub instants: (DateTime<Utc>, DateTime<Utc>),
    /// Whose day it is; nobody's is empty.
    pub employee: Option<Uuid>,
    /// The largest number of entries of each list.
    pub size: u32,
    /// Whether the numbers of all entries are asked for.
    pub totals: bool,
}

/// An entry of a day.
#[derive(Debug, Clone)]
pub struct DayEntry {
    /// The object.
    pub object: ObjectIx,
    /// What names the record.
    pub hit: Hit,
    /// The day on which it begins or is due.
    pub day: NaiveDate,
    /// The instant, as responses have it, where the object has one.
    pub start: Option<String>,
    /// The instant at which it ends.
    pub end: Option<String>,
    /// Its state, with the field.
    pub state: Option<(FieldIx, String)>,
    /// Whether nothing is left to do.
    pub closed: bool,
}

/// The first entries of a list, and how many there are in all.
#[derive(Debug, Clone, Default)]
pub struct DayList {
    /// The entries, the earliest first.
    pub entries: Vec<DayEntry>,
    /// The number of all.
    pub total: i64,
}

/// The kind of list that an object's records are in, with the fields that place them.
#[derive(Debug, Clone, Copy)]
struct Source {
    object: ObjectIx,
    start: FieldIx,
    /// Where an appointment ends; none for tasks.
    end: Option<FieldIx>,
    state: Option<FieldIx>,
}

/// A day as it is read.
pub struct MyDay {
    asked: MyDayAsked,
    sources: Vec<Source>,
    /// The read of each source.
    pub finds: Vec<Find>,
}

impl MyDay {
    /// Prepares the reads.
    pub fn of(session: &Session, asked: MyDayAsked) -> Self {
        let visible = Visible { catalog: &session.catalog, access: &session.access };
        let mut sources = Vec::new();
        let mut finds = Vec::new();
        for object in visible.objects() {
            let Some(source) = source(visible, object) else { continue };
            let Some(filter) = filter(visible, session, &asked, source) else { continue };
            let parts = HitParts { total: asked.totals, ..HitParts::default() };
            // One more tells that there are others.
            let mut find = hits_find(visible, object, Some(filter), asked.size + 1, parts);
            place(&mut find, source);
            sources.push(source);
            finds.push(find);
        }
        Self { asked, sources, finds }
    }

    /// Reads the appointments and the tasks. Tells of each whether there are more than are returned.
    pub async fn read(self, session: &Session) -> Result<[(DayList, bool); 2]> {
        let Self { asked, sources, finds } = self;
        let apart = session.counted_apart();
        let mut lists = [DayList::default(), DayList::default()];
        for (source, wish) in sources.into_iter().zip(finds) {
            let text = find(&apart, wish).await?.unwrap_or_default();
            let answer: Json = serde_json::from_str(&text).map_err(Error::internal)?;
            let list = &mut lists[usize::from(source.end.is_none())];
            list.total += answer["totalCount"].as_i64().unwrap_or_default();
            for node in answer["nodes"].as_array().into_iter().flatten() {
                list.entries.push(entry(session, source, node)?);
            }
        }
        let mut left = Vec::new();
        let size = asked.size as usize;
        let lists = lists.map(|mut list| {
            list.entries.sort_by(|one, other| {
                let place = |entry: &DayEntry| (entry.day, entry.start.clone(), entry.hit.id);
                place(one).cmp(&place(other))
            });
            let more = list.entries.len() > size;
            left.extend(list.entries.iter().skip(size).map(|entry| entry.hit.id));
            list.entries.truncate(size);
            (list, more)
        });
        session.count_apart(&apart, &left);
        Ok(lists)
    }
}

/// How an object's records are in someone's day, if they are: what was done or is planned, or a service, that has
/// employees. One with two instants takes up time. One with no end is a task until it is in a state that closes it. What
/// lasts from day to day, such as a plan, is neither.
fn source(visible: Visible<'_>, object: &Object) -> Option<Source> {
    let dated = matches!(object.timeline, Some(TimelineKind::Activity | TimelineKind::Service));
    let own = object.kind != ObjectKind::Line && dated && visible.reads(object);
    if !own || visible.staff(object).is_none() {
        return None;
    }
    let sees = |of: &Object, ix: FieldIx| visible.compares(of, ix);
    let start = start_field(object, &sees)?;
    let is_instant = |ix: FieldIx| object.field(ix).ty == FieldType::DateTime;
    // A state that is another record has rights of its own; only a choice is told.
    let is_choice = |ix: &FieldIx| object.field(*ix).ty.picklist().is_some();
    let state = state_field(object, &sees).filter(is_choice);
    let end = end_field(object, &|_: &Object, _: FieldIx| true);
    if end.is_some_and(|ix| !sees(object, ix)) {
        // Without the end that the caller may not see, it would be a task for good.
        return None;
    }
    let belongs = match end {
        Some(end) => is_instant(start) && is_instant(end),
        None => state.is_some_and(|ix| !closed_states(visible.catalog, object, ix).is_empty()),
    };
    belongs.then_some(Source { object: object.ix, start, end, state })
}

/// The condition on a source's records.
fn filter(
    visible: Visible<'_>,
    session: &Session,
    asked: &MyDayAsked,
    source: Source,
) -> Option<Filter> {
    let object = visible.catalog.object(source.object);
    let (lines, _) = object.named(EMPLOYEES)?;
    let at = Moment(session.env.clock.now());
    let own = Own { lines, employee: asked.employee, responsible: false, at };
    let (from, until) = asked.instants;
    let (from, until) = (Value::DateTime(from), Value::DateTime(until));
    let start = |compare| Filter::Field(source.start, compare);
    let begun = match object.field(source.start).ty {
        FieldType::DateTime => start(Compare::Lt(until)),
        _ => start(Compare::Lte(Value::Date(asked.day))),
    };
    let mut all = vec![Filter::Mine(own), begun];
    match source.end {
        // It is still going on, or begins on the day.
        Some(end) => all.push(Filter::Or(vec![
            Filter::Field(end, Compare::Gt(from.clone())),
            start(Compare::Gte(from)),
        ])),
        None => {
            let state = source.state?;
            let closed = closed_states(visible.catalog, object, state);
            let closed = closed.into_iter().map(|name| Value::Text(name.to_owned())).collect();
            all.push(Filter::Or(vec![
                Filter::Field(state, Compare::IsNull(true)),
                Filter::Field(state, Compare::NotIn(closed)),
            ]));
        }
    }
    Some(Filter::all(all))
}

/// Has a list of hits begin with the earliest, and read what places them.
fn place(find: &mut Find, source: Source) {
    let What::List(listing) = &mut find.what else { return };
    listing.order = vec![Order { path: vec![source.start], ..Order::default() }];
    let fields = [(START, Some(source.start)), (END, source.end), (STATE, source.state)];
    for part in &mut listing.parts {
        if let ConnectionPart::Nodes(record) = &mut part.what {
            record.0.extend(fields.iter().filter_map(|(key, ix)| {
                Some(Part { key: (*key).to_owned(), what: Item::Field((*ix)?) })
            }));
        }
    }
}

fn entry(session: &Session, source: Source, node: &Json) -> Result<DayEntry> {
    let object = session.catalog.object(source.object);
    let text = |key: &str| node[key].as_str().map(str::to_owned);
    let start = text(START).ok_or_else(|| Error::internal("an entry of a day without a day"))?;
    let (day, start) = match object.field(source.start).ty {
        FieldType::DateTime => {
            let at = DateTime::parse_from_rfc3339(&start).map_err(Error::internal)?;
            (at.with_timezone(&session.env.zone).date_naive(), Some(start))
        }
        _ => (start.parse().map_err(Error::internal)?, None),
    };
    let state = source.state.zip(text(STATE));
    let closed = state.as_ref().is_some_and(|(ix, name)| {
        closed_states(&session.catalog, object, *ix).contains(&name.as_str())
    });
    let hit = hit(object, node, &[])?;
    Ok(DayEntry { object: object.ix, hit, day, start, end: text(END), state, closed })
}
