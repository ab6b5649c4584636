//! Whether a caller notices a change: whether it changed anything they see on that record.
//!
//! Evaluates the history entry of the change under present rights. A hidden value does not count. A masked
//! value counts if its masked form differs, a reference if the caller sees a referenced record, a changed
//! line if one of its fields counts.

use std::collections::{HashMap, HashSet};

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::{
    authorize,
    history::{ids, plain},
    line_history::LineAction,
    names,
    session::Session,
    store::NAMED,
};
use crate::{
    access::{FieldRule, RowRule},
    base::{Error, Result},
    catalog::{FieldIx, FieldType, Object, ObjectIx, RECORDED},
    storage::{HistoryAction, Tx, outbox::Event},
};

/// A change of a record: the changed fields of its history entry.
pub(super) type Changed<'c> = (Uuid, Vec<(&'c str, &'c Json)>);

/// A question to the database. If the answer to any is yes, the change is noticed.
enum Question<'c> {
    /// Does the caller see this referenced record?
    Named(ObjectIx, Uuid),
    /// Does the caller see this value on the record, or does its masked form differ?
    Value { field: (ObjectIx, FieldIx), record: Uuid, change: &'c Json },
}

/// Returns for each event whether it changed anything that the caller sees.
///
/// Takes one statement if the names of changed fields do not decide it, and some more for rules and
/// references.
pub async fn noticed(session: &Session, object: &Object, events: &[&Event]) -> Result<Vec<bool>> {
    let mut told: Vec<_> = events.iter().map(|event| by_names(session, object, event)).collect();
    let open = |at: &usize| told[*at].is_none();
    let asked: Vec<_> = (0..events.len()).filter(open).collect();
    if !asked.is_empty() {
        let key = |at: &usize| Some((events[*at].record, events[*at].version?));
        let kept = kept(session, object, &asked.iter().filter_map(key).collect()).await?;
        let of = |at: &usize| key(at).and_then(|key| kept.get(&key));
        let changes: Vec<Changed<'_>> = asked
            .iter()
            .map(|at| {
                let fields = of(at).into_iter().flatten();
                (events[*at].record, fields.map(|(name, change)| (name.as_str(), change)).collect())
            })
            .collect();
        let seen = changes_noticed(session, None, object, &changes).await?;
        for (at, seen) in asked.into_iter().zip(seen) {
            told[at] = Some(seen);
        }
    }
    Ok(told.into_iter().map(|seen| seen == Some(true)).collect())
}

/// Decides by the names of changed fields. None if their values are needed.
fn by_names(session: &Session, object: &Object, event: &Event) -> Option<bool> {
    if event.action != HistoryAction::Update {
        return Some(true);
    }
    let named = event.fields.iter().filter_map(|name| object.stored(name));
    let there: Vec<_> = named.filter(|(ix, _)| !hidden(session, object, *ix)).collect();
    let whole = |ix: FieldIx| plain(session, object, ix);
    // An earlier program stored no version, so its history entry cannot be found.
    if event.version.is_none() {
        return Some(there.iter().any(|(ix, _)| whole(*ix)));
    }
    if there.iter().any(|(ix, field)| field.target().is_none() && whole(*ix)) {
        return Some(true);
    }
    there.is_empty().then_some(false)
}

/// Whether the caller sees a field on no record.
fn hidden(session: &Session, object: &Object, ix: FieldIx) -> bool {
    match object.field(ix).target() {
        Some(_) => !plain(session, object, ix),
        None => session.access.field_rule(object.ix, ix).is_some_and(FieldRule::hidden),
    }
}

/// `SELECT record_id, version, changes FROM tw_history WHERE object = $1 AND record_id IN (…) AND version IN
/// (…)`
async fn kept(
    session: &Session,
    object: &Object,
    wanted: &HashSet<(Uuid, i64)>,
) -> Result<HashMap<(Uuid, i64), Map<String, Json>>> {
    let column = |name: &'static str| Expr::col(Alias::new(name));
    let mut kept = HashMap::new();
    let wanted: Vec<_> = wanted.iter().copied().collect();
    for wanted in wanted.chunks(NAMED) {
        let select = Query::select()
            .columns(["record_id", "version", "changes"].map(Alias::new))
            .from(Alias::new("tw_history"))
            .and_where(column("object").eq(object.name.as_str()))
            .and_where(column("record_id").is_in(wanted.iter().map(|(id, _)| id.to_string())))
            .and_where(column("version").is_in(wanted.iter().map(|(_, version)| *version)))
            .to_owned();
        for row in session.database.select(&select).await? {
            let text = |at: usize| row.try_get_by_index::<String>(at).map_err(Error::internal);
            let id = text(0)?.parse().map_err(Error::internal)?;
            let version = row.try_get_by_index(1).map_err(Error::internal)?;
            kept.insert((id, version), serde_json::from_str(&text(2)?).map_err(Error::internal)?);
        }
    }
    Ok(kept)
}

/// Returns for each change whether it changed anything that the caller sees.
pub(super) async fn changes_noticed(
    session: &Session,
    tx: Option<&Tx>,
    object: &Object,
    changes: &[Changed<'_>],
) -> Result<Vec<bool>> {
    let (mut seen, mut open) = (Vec::with_capacity(changes.len()), Vec::new());
    for (at, (record, fields)) in changes.iter().enumerate() {
        let mut asking = Asking { session, certain: false, questions: Vec::new() };
        for (name, change) in fields {
            if let Some((ix, _)) = object.stored(name) {
                asking.field(object, ix, *record, change);
            }
        }
        seen.push(asking.certain);
        if !asking.certain {
            open.extend(asking.questions.into_iter().map(|question| (at, question)));
        }
    }
    let (mut named, mut ruled) = (HashMap::<_, Vec<_>>::new(), HashMap::<_, Vec<_>>::new());
    for (_, question) in &open {
        match question {
            Question::Named(target, id) => named.entry(*target).or_default().push(*id),
            Question::Value { field, record, .. } => ruled.entry(*field).or_default().push(*record),
        }
    }
    let known = names::known(session, tx, named).await?;
    let mut states = HashMap::new();
    for (field, mut records) in ruled {
        records.sort_unstable();
        records.dedup();
        let of = session.catalog.object(field.0);
        let met = authorize::met(session, tx, of, &records, &rules(session, field)).await?;
        states.insert(field, met);
    }
    for (at, question) in open {
        seen[at] |= match question {
            Question::Named(target, id) => known.contains_key(&(target, id)),
            Question::Value { field, record, change } => {
                let met = states.get(&field).and_then(|met| met.get(&record));
                let rule = session.access.field_rule(field.0, field.1);
                met.zip(rule).is_some_and(|(met, rule)| differs(rule, met, change))
            }
        };
    }
    Ok(seen)
}

/// Returns the rules of a field: where it is shown, and where each mask applies.
fn rules(session: &Session, (object, field): (ObjectIx, FieldIx)) -> Vec<RowRule> {
    let rule = session.access.field_rule(object, field);
    let shown = rule.map(|rule| rule.shown.clone());
    let masked = rule.into_iter().flat_map(|rule| &rule.masked).map(|(_, on)| on.clone());
    shown.into_iter().chain(masked).collect()
}

/// Whether the visible form of a value differs, given which of [`rules`] are met.
fn differs(rule: &FieldRule, met: &[bool], change: &Json) -> bool {
    let Some((shown, masks)) = met.split_first() else { return false };
    let left = |at: usize| change.get(at)?.as_str().and_then(|text| rule.left(masks, text));
    *shown || left(0) != left(1)
}

/// Collects the questions of one change.
struct Asking<'a, 'c> {
    session: &'a Session,
    /// The change is noticed without any question.
    certain: bool,
    questions: Vec<Question<'c>>,
}

impl<'c> Asking<'_, 'c> {
    fn field(&mut self, object: &Object, ix: FieldIx, record: Uuid, change: &'c Json) {
        if hidden(self.session, object, ix) {
            return;
        }
        match &object.field(ix).ty {
            FieldType::Lines(lines) => {
                let line = self.session.catalog.object(lines.target);
                self.lines(line, change);
            }
            FieldType::Relation(_) | FieldType::ManyToMany(_) => {
                let mut named = Vec::new();
                ids(change, &mut named);
                self.named(object.field(ix).target(), named);
            }
            _ if plain(self.session, object, ix) => self.certain = true,
            _ => self.questions.push(Question::Value { field: (object.ix, ix), record, change }),
        }
    }

    /// If the caller may read all records of the target, a reference is noticed even to a deleted record.
    fn named(&mut self, target: Option<ObjectIx>, named: Vec<Uuid>) {
        let Some(target) = target else { return };
        let all = self.session.access.reads_all(self.session.catalog.object(target));
        self.certain |= all && !named.is_empty();
        self.questions.extend(named.into_iter().map(|id| Question::Named(target, id)));
    }

    /// New and deleted lines are noticed, changed ones by their fields.
    fn lines(&mut self, line: &Object, change: &'c Json) {
        let Some(rows) = change.get("lines").and_then(Json::as_array) else {
            // An earlier program stored only the numbers of lines.
            self.certain = true;
            return;
        };
        for row in rows {
            let id = row["id"].as_str().and_then(|id| id.parse::<Uuid>().ok());
            match id.filter(|_| LineAction::Updated.is_of(row)) {
                None => self.certain = true,
                Some(id) => {
                    for (name, change) in row["fields"].as_object().into_iter().flatten() {
                        let Some((ix, _)) = line.stored(name) else { continue };
                        if Some(ix) != line.parent && name != RECORDED {
                            self.field(line, ix, id, change);
                        }
                    }
                }
            }
        }
    }
}
