//! Drafts for pages: a record as it would be saved, how a page shows its fields, and what a save would refuse.
//!
//! The stages are those of a save. They run in a transaction that is rolled back, so that nested records can be
//! looked up; nothing is written, no number is taken, and rules over what the caller does not see are skipped.

use uuid::Uuid;

use super::{
    candidate_condition::CandidateCondition,
    change::{Change, Input, Op},
    draft::{self, Draft, DraftedFrom, StoredRecord, current},
    events, formulas, guesses,
    save::{is_users, open, standing},
    session::Session,
    stages::{RowDraft, Save},
    store::Values,
    write::fresh,
};
use crate::{
    access::{Action, RowRule, Visible},
    base::{Error, Result, Value},
    catalog::{Field, FieldConditions, FieldIx, FieldType, Object, ObjectKind},
    query::Filter,
    rules::{self, FieldState},
};

/// How a page shows a field of a record or of one of its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftedState {
    /// The field, as faults name it: `["lines", "create", "0", "price"]`.
    pub path: Vec<String>,
    /// Its state.
    pub state: FieldState,
    /// The values that can be chosen, where they go by another field's value that the caller sees.
    pub options: Option<Vec<String>>,
}

/// A record as it would be saved.
#[derive(Debug, Clone, Default)]
pub struct Drafted {
    /// Its values; those of a new record have an id that no record will have. None if it could not be drafted.
    pub values: Option<Values>,
    /// The stored fields that the draft changes.
    pub changed: Vec<FieldIx>,
    /// The fields that the caller gave.
    pub given: Vec<FieldIx>,
    /// The drafted lines of each field that was given, in order.
    pub lines: Vec<(FieldIx, Vec<Values>)>,
    /// The states of fields with conditions, or whose values go by another field's.
    pub states: Vec<DraftedState>,
    /// What a save would refuse.
    pub faults: Vec<Error>,
}

/// Drafts a new record, or a change of a stored one. It takes the rights that the save takes.
pub async fn drafted(
    session: &Session,
    object: &Object,
    id: Option<Uuid>,
    input: &Input,
) -> Result<Drafted> {
    let session = &session.on_trial(true).carefully();
    let change = Change {
        object: object.ix,
        op: match id {
            None => Op::Create(input.clone()),
            Some(id) => Op::Update { id, patch: input.clone(), expected: None },
        },
    };
    let action = open(session, object, &change)?;
    if guesses::possible(session, object) {
        session.may_guess()?;
    }
    let tx = session.database.begin().await?;
    let save = Save { tells_states: true, ..Save::new(session, &tx) };
    let known = match id {
        None => None,
        Some(_) => Some(standing(session, &tx, object, &[&change], action).await),
    };
    let known = match known.transpose() {
        Ok(known) => known.unwrap_or_default().into_iter().next(),
        Err(error) => return refused(error),
    };
    match staged(&save, object, known.as_ref(), input).await {
        Ok(drafted) => Ok(drafted),
        Err(error) => refused(error),
    }
}

/// What a person can correct is a fault of the draft.
fn refused(error: Error) -> Result<Drafted> {
    match is_users(error.code) {
        true => Ok(Drafted { faults: vec![error], ..Drafted::default() }),
        false => Err(error),
    }
}

/// The row of a draft before its stages.
fn row<'r>(session: &Session, object: &'r Object, known: Option<&'r StoredRecord>) -> RowDraft<'r> {
    match known {
        Some(known) => RowDraft::known(object, &known.values, Vec::new()),
        None => {
            let id = session.env.ids.next();
            RowDraft::new(object, fresh(session, object, id), Vec::new())
        }
    }
}

async fn staged(
    save: &Save<'_>,
    object: &Object,
    known: Option<&StoredRecord>,
    input: &Input,
) -> Result<Drafted> {
    let row = row(save.session, object, known);
    let id = row.values.get(&FieldIx::ID).and_then(Value::as_id).unwrap_or_default();
    let mut draft = Draft::of(save, id, row, DraftedFrom::Input(input)).await?;
    let mut states = save.states(&mut draft.row).await?;
    let mut lines = Vec::new();
    for draft in &mut draft.lines {
        states.append(&mut draft.states);
        lines.push((draft.field, draft.standing().to_vec()));
    }
    let mut drafts = [draft];
    let faults = draft::faults(save, &mut drafts, &mut Vec::new()).await?;
    let [mut draft] = drafts;
    save.compute_when_read(&mut draft.row).await?;
    for (field, lines) in &mut lines {
        if let FieldType::Lines(owned) = object.field(*field).ty {
            let line = save.session.catalog.object(owned.target);
            save.compute_lines_when_read(line, owned.via, &draft.row.values, lines).await?;
        }
    }
    let values = draft.row.values;
    let changed = known.map(|known| events::changed(object, &known.values, &values));
    Ok(Drafted {
        changed: changed.unwrap_or_default(),
        values: Some(values),
        given: input.given().collect(),
        lines,
        states,
        faults: faults.into_iter().flatten().flatten().collect(),
    })
}

impl Save<'_> {
    /// The states of a row's fields with conditions, or with values that go by another field's, as far as the fields
    /// exist for the caller.
    pub(super) async fn states(&self, row: &mut RowDraft<'_>) -> Result<Vec<DraftedState>> {
        let object = row.object;
        let visible = Visible { catalog: &self.session.catalog, access: &self.session.access };
        let fields = || {
            let conditional = |conditions: &FieldConditions| {
                let shown = [&conditions.visible, &conditions.required, &conditions.read_only];
                shown.into_iter().any(Option::is_some)
            };
            let dependent = move |ix| object.depends_on(ix).is_some();
            let fields = visible.fields(object);
            fields.filter(move |(ix, field)| conditional(&field.conditions) || dependent(*ix))
        };
        if row.blind || fields().next().is_none() {
            return Ok(Vec::new());
        }
        let conditions = fields().flat_map(|(_, field)| field.conditions.all());
        let paths = conditions.flat_map(|condition| condition.expr.paths());
        let chosen_by = fields().filter_map(|(ix, _)| object.depends_on(ix));
        let chosen_by = chosen_by.map(|on| vec![object.field(on).name.clone()]);
        let paths: Vec<_> = paths.chain(chosen_by).collect();
        self.read(row, paths.clone()).await?;
        let stored = self.stored(row, paths).await?;
        let scope = self.scope(row);
        let stored = stored.as_ref().map(|stored| self.scope(stored));
        let state = |(ix, field): (FieldIx, &Field)| {
            let state = rules::state(field, &scope, stored.as_ref().unwrap_or(&scope));
            let read_only = state.read_only || !visible.writes(object, ix);
            let path = row.path.iter().cloned().chain([field.name.clone()]).collect();
            let options = rules::options(visible.catalog, &scope, ix);
            DraftedState { path, state: FieldState { read_only, ..state }, options }
        };
        Ok(fields().map(state).collect())
    }
}

/// The condition on the candidates of a field, for a record that is drafted. None if every record may be chosen, or
/// if choosing depends on what the caller does not see; then the save decides.
///
/// Only plain values of the input count. A record that the caller may not read is taken as one that does not exist.
pub(super) async fn choice(
    session: &Session,
    object: &Object,
    ix: FieldIx,
    id: Option<Uuid>,
    input: Input,
) -> Result<Option<Filter>> {
    let field = object.field(ix);
    let (Some(choose), Some(target)) = (&field.conditions.choose, field.target()) else {
        return Ok(None);
    };
    let visible = Visible { catalog: &session.catalog, access: &session.access };
    let session = &session.on_trial(true);
    let tx = session.database.begin().await?;
    let save = Save::new(session, &tx);
    let mut values = input.values;
    values.retain(|(ix, _)| visible.writes(object, *ix));
    let input = Input { values, ..Input::default() };
    let rule = match object.kind {
        // A line is read with its document.
        ObjectKind::Line => &RowRule::None,
        _ => session.access.row_rule(object, Action::Read),
    };
    let known = match id {
        Some(id) => current(session, &tx, object, &[id], rule).await,
        None => Ok(Vec::new()),
    };
    let known = match known {
        Ok(known) => known.into_iter().next(),
        Err(error) if is_users(error.code) => None,
        Err(error) => return Err(error),
    };
    let mut row = row(session, object, known.as_ref());
    save.open(&mut row, &input).await?;
    if row.blind {
        return Ok(Some(Filter::Or(Vec::new())));
    }
    formulas::settle(session, object, &mut row.values);
    let own = choose.expr.paths().into_iter();
    let own: Vec<_> = own.filter(|path| path.first() != Some(&field.name)).collect();
    let parent = object.parent.map(|parent| &object.field(parent).name);
    if parent.is_some() && own.iter().any(|path| path.first() == parent) {
        return Ok(None);
    }
    save.read(&mut row, own.clone()).await?;
    let scope = save.scope(&row);
    let target = session.catalog.object(target);
    let choosing = CandidateCondition { visible, field: &field.name, target, record: &scope };
    let unseen = own.iter().any(|path| scope.facts.unseen.contains(path));
    if unseen || !choosing.comparable(&choose.expr) {
        return Ok(None);
    }
    Ok(Some(choosing.filter(&choose.expr, true)))
}
