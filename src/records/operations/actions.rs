//! Named actions: other records are made of a record, and fields of its own set, in one transaction.
//!
//! What an action writes are ordinary saves of whoever does it: their rights, checks, rules, numbers, history. So an action
//! opens nothing; it spares the steps.

use async_trait::async_trait;
use indexmap::IndexMap;
use sea_orm::sea_query::SelectStatement;
use uuid::Uuid;

use super::{
    Argument, ArgumentType, Command, DESPITE, ObjectsWith, Operation, ResultType,
    bulk_by_filter::{ALL, AT_MOST, DRY_RUN, FILTER, Verb, matching},
    single_record::{ID, VERSION},
};
use crate::{
    access::{Action, RowRule},
    base::{Code, Error, Result, Value},
    catalog::{
        ActionStep, CreateLines, CreateStep, FieldIx, FieldType, INPUT, NamedAction, Object,
        ObjectIx, RuleExpr, UpdateStep,
    },
    expr,
    query::Guard,
    records::{
        Change, Input, LineChange, OnError, Op, Outcome, Session, approvals,
        authorize::{self, LoadedRecord},
        bulk::{MadeRecord, carry_out_all},
        conflict::{self, Meant},
        draft::{StoredRecord, current},
        faults, guesses, nested,
        references::{self, Reference},
        save::open_nested,
        stages::{RowDraft, Save},
        store::{self, Values},
    },
    rules::{self, Facts, RuleContext},
    storage::Tx,
};

/// The argument that says which action it is; the name of the root field gives it.
pub const ACTION: &str = "action";

pub(super) static ONE: Operation = Operation {
    verb: "",
    with: ObjectsWith::Records,
    many: false,
    arguments: &[ID, Argument { name: "input", ty: ArgumentType::ActionInput }, VERSION, DESPITE],
    result: ResultType::Acted,
    about: ("Does something with a record of {object} by name.", "对一条{object}执行操作。"),
    // Each action has a right of its own.
    open: |_, _| false,
    read: |object, mut given| {
        let (despite, input) = (given.flag(DESPITE.name), given.optional_input("input"));
        let command = ActionCommand {
            object: object.ix,
            id: given.id(ID.name)?,
            action: given.step(ACTION)?,
            input: input.unwrap_or_default().despite_duplicates(despite),
            expected: given.version(VERSION.name),
            despite,
        };
        Ok(Box::new(command))
    },
};

pub(super) static EACH: Operation = Operation {
    verb: "",
    with: ObjectsWith::Records,
    many: true,
    arguments: &[
        FILTER,
        Argument { name: "input", ty: ArgumentType::ActionInput },
        AT_MOST,
        ALL,
        DRY_RUN,
    ],
    result: ResultType::Records,
    about: (
        "Does something with the records of a filter, all or none: {object}.",
        "对符合条件的{object}执行操作，要么全部成功要么全不写入。",
    ),
    open: |_, _| false,
    read: |object, mut given| {
        let action = given.step(ACTION)?;
        let input = given.optional_input("input").unwrap_or_default();
        matching(object, given, Verb::Act(action, input))
    },
};

/// Most records of a list that an action changes.
const MOST: usize = 1_000;

/// One action on one record.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ActionCommand {
    pub(super) object: ObjectIx,
    pub(super) id: Uuid,
    /// The index of the action among those of the object.
    pub(super) action: usize,
    pub(super) input: Input,
    pub(super) expected: Option<i64>,
    /// What it makes may look like other records, where the rule permits that.
    pub(super) despite: bool,
}

#[async_trait]
impl Command for ActionCommand {
    fn object(&self) -> ObjectIx {
        self.object
    }

    async fn run(&self, session: &Session, tx: &Tx) -> Result<Outcome> {
        let object = session.catalog.object(self.object);
        let action = object.actions.get(self.action);
        let action = action.ok_or_else(|| Error::internal("an action that there is not"))?;
        let session = &session.by_way_of(&action.code, object);
        open_nested(session, &action.input, &self.input)?;
        let read = session.access.row_rule(object, Action::Read);
        let mut known = current(session, tx, object, &[self.id], read).await?;
        let old = known.pop().ok_or_else(|| authorize::no_such(object))?;
        if let Some(fault) = approvals::pending(object, &old) {
            return Ok(Outcome::refused(vec![fault.at(["id"])]));
        }
        let loaded = [LoadedRecord { id: old.id, values: &old.values }];
        authorize::allowed(session, tx, object, &loaded, action.right.into()).await?;
        let meant = Meant { expected: self.expected, input: None };
        let stale = conflict::faults(session, tx, object, &old, &meant).await?;
        if !stale.is_empty() {
            return Ok(Outcome::refused(stale));
        }
        let save = Save::new(session, tx);
        let mut acting = Acting::new(&save, object, action, &old);
        let faults = acting.take(&self.input).await?;
        if !faults.is_empty() {
            return Ok(Outcome::refused(faults));
        }
        if let Some(fault) = acting.not_now().await? {
            return Ok(Outcome::refused(vec![fault]));
        }
        for (at, step) in action.steps.iter().enumerate() {
            let faults = match step {
                ActionStep::Create(step) => acting.make(at, step, self.despite).await?,
                ActionStep::Update(step) => acting.change(step).await?,
            };
            if !faults.is_empty() {
                return Ok(Outcome::refused(faults));
            }
        }
        let faults = acting.set().await?;
        if !faults.is_empty() {
            return Ok(Outcome::refused(faults));
        }
        Ok(Outcome::done(vec![(old.id, false)]).making(acting.made))
    }

    fn writes_others(&self) -> bool {
        true
    }
}

/// An action that is being done.
struct Acting<'s> {
    save: &'s Save<'s>,
    object: &'s Object,
    action: &'s NamedAction,
    id: Uuid,
    row: RowDraft<'s>,
    /// What is given and has been made, by the names that expressions have for it. A record that was not made is empty.
    records: IndexMap<String, (&'s Object, Values)>,
    made: Vec<MadeRecord>,
}

impl<'s> Acting<'s> {
    fn new(
        save: &'s Save<'s>,
        object: &'s Object,
        action: &'s NamedAction,
        old: &'s StoredRecord,
    ) -> Self {
        let row = RowDraft::known(object, &old.values, Vec::new());
        let (records, made) = (IndexMap::new(), Vec::new());
        Self { save, object, action, id: old.id, row, records, made }
    }

    /// Takes what is given: makes the records in it, and finds what is missing or does not fit.
    async fn take(&mut self, given: &Input) -> Result<Vec<Error>> {
        let (session, input) = (self.save.session, &self.action.input);
        let catalog = &session.catalog;
        let mut faults = given.misread(catalog, input);
        let mut values = Values::default();
        for (ix, value) in &given.values {
            let field = input.field(*ix);
            let value = rules::normalise(catalog, field, value.clone());
            let fault = rules::fault_of(catalog, field, &value);
            faults.extend(fault.map(|fault| fault.at([field.name.as_str()])));
            values.insert(*ix, value);
        }
        let is_given = |ix: FieldIx| given.given().any(|given| given == ix);
        for (ix, field) in self.action.asks().filter(|(_, field)| field.required) {
            let empty = values.get(&ix).is_some_and(Value::is_null);
            if empty || !is_given(ix) {
                faults.push(rules::required(catalog, input, field));
            }
        }
        let references = references::of_values(input, &values, &given.given().collect::<Vec<_>>());
        let asked: Vec<&Reference> = references.iter().collect();
        for (reference, there) in references.iter().zip(self.save.visible(&asked).await?) {
            if !there {
                let fault = references::not_found(session, reference);
                faults.push(fault.at(reference.path.clone()));
            }
        }
        if faults.is_empty() {
            values.extend(nested::make(self.save, input, given, &[], &mut faults).await?);
        }
        self.records.insert(INPUT.to_owned(), (input, values));
        Ok(faults)
    }

    /// Why the action cannot be done with the record as it is.
    async fn not_now(&mut self) -> Result<Option<Error>> {
        let Some(when) = &self.action.when else { return Ok(None) };
        Ok(match self.value(when, None).await? {
            Ok(Value::Bool(true)) => None,
            Ok(_) => {
                let (catalog, scope) = (&self.save.session.catalog, self.save.scope(&self.row));
                let told = rules::broken(catalog, &scope, &when.expr, &self.action.message);
                Some(Error { code: Code::RecordState, ..told })
            }
            Err(fault) => Some(fault),
        })
    }

    /// Makes the record of a step. Returns why it cannot.
    async fn make(&mut self, at: usize, step: &CreateStep, despite: bool) -> Result<Vec<Error>> {
        let (session, tx) = (self.save.session, self.save.tx);
        let target = session.catalog.object(step.object);
        let placed = |fault: Error| fault.within(step.name.clone());
        let due = match &step.when {
            None => true,
            Some(when) => match self.value(when, None).await? {
                Ok(value) => value == Value::Bool(true),
                Err(fault) => return Ok(vec![placed(fault)]),
            },
        };
        if !due {
            self.records.insert(step.name.clone(), (target, Values::default()));
            return Ok(Vec::new());
        }
        if !session.access.may(target, Action::Create) {
            let label = self.action.label.title(&self.action.code);
            return Ok(vec![placed(faults::makes_closed(label, target.noun()))]);
        }
        let (mut input, mut faults) = (Input::default(), Vec::new());
        input.values = self.given(target, &step.set, None, &mut faults).await?;
        if let Some(lines) = &step.lines {
            let made = self.lines(target, lines, &mut faults).await?;
            input.lines.push((lines.to, made));
        }
        if !faults.is_empty() {
            return Ok(faults.into_iter().map(placed).collect());
        }
        let op = Op::Create(input.despite_duplicates(despite));
        let changes = [Change { object: target.ix, op }];
        let place = |_| Some(step.name.clone());
        let done = carry_out_all(session, tx, target, &changes, OnError::Abort, place);
        let done = Box::pin(done).await?;
        let Some(id) = done.ids().first().copied() else { return Ok(done.faults().to_vec()) };
        let mut values = Values::default();
        values.insert(FieldIx::ID, Value::Id(id));
        if self.is_read_later(at, &step.name) {
            let stored = current(session, tx, target, &[id], &RowRule::All).await?;
            values.extend(stored.into_iter().flat_map(|stored| stored.values));
        }
        self.records.insert(step.name.clone(), (target, values));
        self.made.push(MadeRecord { name: step.name.clone(), id });
        Ok(Vec::new())
    }

    /// Whether a later expression reads more of a made record than which it is.
    fn is_read_later(&self, at: usize, name: &str) -> bool {
        let of_steps = self.action.steps.iter().skip(at + 1).flat_map(ActionStep::exprs);
        let own = self.action.set.iter().map(|(_, expr)| expr);
        let mut paths = of_steps.chain(own).flat_map(|read| read.expr.paths());
        paths.any(|path| path.len() > 1 && path.first().is_some_and(|first| first == name))
    }

    /// The lines of a record that is made, one for each line of the record.
    async fn lines(
        &mut self,
        target: &Object,
        lines: &CreateLines,
        faults: &mut Vec<Error>,
    ) -> Result<LineChange> {
        let catalog = &self.save.session.catalog;
        let line_of = |object: &Object, ix: FieldIx| object.field(ix).target();
        let (Some(from), Some(to)) = (line_of(self.object, lines.from), line_of(target, lines.to))
        else {
            return Ok(LineChange::default());
        };
        let (from, to) = (catalog.object(from), catalog.object(to));
        let name = &target.field(lines.to).name;
        let mut change = LineChange::default();
        for (at, line) in self.save.list_rows(&self.row, lines.from).await?.iter().enumerate() {
            let mut found = Vec::new();
            let values = self.given(to, &lines.set, Some((from, line)), &mut found).await?;
            change.create.push(Input { values, ..Input::default() });
            let placed =
                |fault: Error| fault.within(at.to_string()).within("create").within(name.clone());
            faults.extend(found.into_iter().map(placed));
        }
        Ok(change)
    }

    /// Changes the records of a list, those that the caller may change. Returns why it cannot.
    async fn change(&mut self, step: &UpdateStep) -> Result<Vec<Error>> {
        let (session, tx) = (self.save.session, self.save.tx);
        let list = self.object.field(step.list);
        let FieldType::Inverse(inverse) = list.ty else { return Ok(Vec::new()) };
        let (target, name) = (session.catalog.object(inverse.target), list.name.clone());
        if let Some(when) = &step.when {
            match self.value(when, None).await? {
                Ok(Value::Bool(true)) => {}
                Ok(_) => return Ok(Vec::new()),
                Err(fault) => return Ok(vec![fault.within(name)]),
            }
        }
        let ids = self.changeable(target, inverse.via).await?;
        if ids.len() > MOST {
            return Ok(vec![faults::too_many_to_change(MOST, target.noun()).within(name)]);
        }
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut faults = Vec::new();
        let values = self.given(target, &step.set, None, &mut faults).await?;
        if !faults.is_empty() {
            return Ok(faults.into_iter().map(|fault| fault.within(name.clone())).collect());
        }
        let patch = Input { values, ..Input::default() };
        let op = |id| Op::Update { id, patch: patch.clone(), expected: None };
        let changes = ids.iter().map(|id| Change { object: target.ix, op: op(*id) });
        let changes: Vec<_> = changes.collect();
        let place = |_| Some(name.clone());
        let done = carry_out_all(session, tx, target, &changes, OnError::Abort, place);
        Ok(Box::pin(done).await?.faults().to_vec())
    }

    /// The records that refer to the record and that the caller may change.
    async fn changeable(&self, target: &Object, via: FieldIx) -> Result<Vec<Uuid>> {
        let (session, tx) = (self.save.session, self.save.tx);
        let access = &session.access;
        let rule =
            access.row_rule(target, Action::Read).both(access.row_rule(target, Action::Edit));
        let guard = Guard::new(&session.catalog, tx.dialect()).of_one();
        let narrow = |select: &mut SelectStatement| {
            select.limit(MOST as u64 + 1);
            guard.restrict(target.ix, "t1", &rule, select)
        };
        let found = store::load_where(tx, target, via, &[self.id], narrow).await?;
        Ok(found.iter().filter_map(|values| values.get(&FieldIx::ID)?.as_id()).collect())
    }

    /// Sets the fields of the record itself.
    async fn set(&mut self) -> Result<Vec<Error>> {
        let (session, tx, mut faults) = (self.save.session, self.save.tx, Vec::new());
        let object = self.object;
        let mut values = Vec::with_capacity(self.action.set.len());
        for (ix, set) in &self.action.set {
            match self.value(set, None).await? {
                Ok(value) => values.push((*ix, value)),
                Err(fault) => faults.push(fault.at([object.field(*ix).name.as_str()])),
            }
        }
        let closed = values.iter().filter(|(ix, _)| !session.access.may_write(object.ix, *ix));
        faults.extend(closed.map(|(ix, _)| {
            let label = self.action.label.title(&self.action.code);
            faults::sets_closed_field(label).about([object.field(*ix).name.as_str()])
        }));
        if !faults.is_empty() || values.is_empty() {
            return Ok(faults);
        }
        let patch = Input { values, ..Input::default() };
        let op = Op::Update { id: self.id, patch, expected: None };
        let changes = [Change { object: object.ix, op }];
        let done = carry_out_all(session, tx, object, &changes, OnError::Abort, |_| None);
        Ok(Box::pin(done).await?.faults().to_vec())
    }

    /// The values of a record or a line. One that is empty is not given: a new record has its default, another one stays
    /// as it is.
    async fn given(
        &mut self,
        target: &Object,
        set: &[(FieldIx, RuleExpr)],
        each: Option<(&Object, &Values)>,
        faults: &mut Vec<Error>,
    ) -> Result<Vec<(FieldIx, Value)>> {
        let access = &self.save.session.access;
        let mut values = Vec::with_capacity(set.len());
        for (ix, expr) in set {
            let name = target.field(*ix).name.as_str();
            match self.value(expr, each).await? {
                Ok(Value::Null) => {}
                Ok(_) if !access.may_write(target.ix, *ix) => {
                    let label = self.action.label.title(&self.action.code);
                    faults.push(faults::sets_closed_field(label).about([name]));
                }
                Ok(value) => values.push((*ix, value)),
                Err(fault) => faults.push(fault.at([name])),
            }
        }
        Ok(values)
    }

    /// The value of an expression. A refusal says no more of what the caller does not see than that there is something.
    async fn value(
        &mut self,
        read: &RuleExpr,
        each: Option<(&Object, &Values)>,
    ) -> Result<Result<Value, Error>> {
        let (session, expr) = (self.save.session, &read.expr);
        let foreign = |path: &Vec<String>| match path.first().map(String::as_str) {
            Some("each") => each,
            Some(name) => self.records.get(name).map(|(object, values)| (*object, values)),
            None => None,
        };
        let mut facts = Facts::default();
        for path in expr.paths() {
            let Some((object, values)) = foreign(&path) else { continue };
            let rest = path.get(1..).unwrap_or_default();
            let (value, mut seen) = self.save.value_over(object, values, rest).await?;
            // A record that was made may lie beyond what the caller sees.
            let made = values.get(&FieldIx::ID).and_then(Value::as_id).filter(|_| !rest.is_empty());
            if let (Some(id), true) = (made, each.is_none()) {
                seen &= self.save.may_see(object, id).await?;
            }
            if !seen {
                facts.unseen.insert(path.clone());
            }
            facts.named.insert(path, value);
        }
        self.save.read_own(&mut self.row, expr, |path| foreign(path).is_none()).await?;
        let own = self.save.scope(&self.row);
        let mut all = own.facts.clone();
        all.named.extend(facts.named);
        all.unseen.extend(facts.unseen);
        let scope = RuleContext { facts: &all, ..own };
        // Whoever reads what is made would learn what they may not see.
        if all.unseen_by(expr) {
            session.guess(self.object, guesses::RULE)?;
            return Ok(Err(rules::unseen_rule()));
        }
        let label = self.action.label.title(&self.action.code);
        Ok(expr::eval(expr, &scope).map_err(|error| rules::faults::not_computable(label, error)))
    }
}
