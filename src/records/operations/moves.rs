//! Moves: a record gets from one state of its flow to another.
//!
//! Whoever makes a move needs its right on the record, in whatever state that is; the flow says from which states it
//! leads. The change itself is a save like any other, but for the state field, which moves alone write.

use async_trait::async_trait;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order, Query};
use uuid::Uuid;

use super::{
    Argument, ArgumentType, Command, ObjectsWith, Operation, ResultType,
    bulk_by_filter::{ALL, AT_MOST, DRY_RUN, FILTER, Verb, matching},
    single_record::{ID, VERSION},
};
use crate::{
    access::{Action, RowRule},
    base::{Error, Result, Value},
    catalog::{APPROVED, FieldIx, Flow, FlowMove, MoveTarget, Object, ObjectIx, RuleExpr},
    expr,
    records::{
        Input, Outcome, Session,
        approvals::{self, Submitted},
        authorize,
        conflict::{self, Meant},
        draft::{StoredRecord, current},
        faults, guesses,
        save::open_nested,
        stages::{RowDraft, Save},
        states,
        write::{WriteOutcome, update},
    },
    rules,
    sql::encode_as,
    storage::Tx,
};

/// The argument that says which move it is; the name of the root field gives it.
pub const MOVE: &str = "move";

pub(super) static ONE: Operation = Operation {
    verb: "",
    with: ObjectsWith::Records,
    many: false,
    arguments: &[ID, Argument { name: "input", ty: ArgumentType::MoveInput }, VERSION],
    result: ResultType::Record,
    about: ("Moves a record of {object} to another state.", "将一条{object}移至另一状态。"),
    // Each move has a right of its own.
    open: |_, _| false,
    read: |object, mut given| {
        let command = MoveCommand {
            object: object.ix,
            id: given.id(ID.name)?,
            step: given.step(MOVE)?,
            input: given.optional_input("input").unwrap_or_default(),
            expected: given.version(VERSION.name),
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
        Argument { name: "input", ty: ArgumentType::MoveInput },
        AT_MOST,
        ALL,
        DRY_RUN,
    ],
    result: ResultType::Records,
    about: (
        "Moves the records of a filter to another state, all or none: {object}.",
        "将符合条件的{object}移至另一状态，要么全部成功要么全不写入。",
    ),
    open: |_, _| false,
    read: |object, mut given| {
        let (step, input) = (given.step(MOVE)?, given.optional_input("input").unwrap_or_default());
        matching(object, given, Verb::Move(step, input))
    },
};

/// One move of one record.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct MoveCommand {
    pub(super) object: ObjectIx,
    pub(super) id: Uuid,
    /// The index of the move in the flow.
    pub(super) step: usize,
    pub(super) input: Input,
    pub(super) expected: Option<i64>,
}

#[async_trait]
impl Command for MoveCommand {
    fn object(&self) -> ObjectIx {
        self.object
    }

    async fn run(&self, session: &Session, tx: &Tx) -> Result<Outcome> {
        let object = session.catalog.object(self.object);
        let known =
            object.flow.as_deref().and_then(|flow| Some((flow, flow.moves.get(self.step)?)));
        let (flow, step) = known.ok_or_else(|| Error::internal("a move that there is not"))?;
        let read = session.access.row_rule(object, Action::Read);
        let mut known = current(session, tx, object, &[self.id], read).await?;
        let old = known.pop().ok_or_else(|| authorize::no_such(object))?;
        allowed(session, tx, object, &old, step).await?;
        let meant = Meant { expected: self.expected, input: Some(&self.input) };
        open_nested(session, object, &self.input)?;
        let stale = conflict::faults(session, tx, object, &old, &meant).await?;
        if !stale.is_empty() {
            return Ok(Outcome::refused(stale));
        }
        let faults = begins(session, tx, (object, flow, step), &old).await?;
        if !faults.is_empty() {
            return Ok(Outcome::refused(faults));
        }
        let begins = approvals::begins(object, Some(&step.code));
        let from = match begins {
            true => states::state_of(tx, &session.catalog, flow, &old.values).await?,
            false => None,
        };
        let patch = match self.patch(session, tx, (object, flow, step), &old).await? {
            Ok(patch) => patch,
            Err(faults) => return Ok(Outcome::refused(faults)),
        };
        let (id, records) = (old.id, vec![(old, &patch)]);
        let mut left = Vec::new();
        let careful = session.carefully().by_way_of(&step.code, object);
        match update(&careful, tx, object, records, &mut left, false).await? {
            WriteOutcome::Refused(faults) => {
                Ok(Outcome::refused(faults.into_iter().flatten().collect()))
            }
            WriteOutcome::Done(_) => {
                if begins {
                    let by = Some((step.code.as_str(), from.as_deref()));
                    let submitted = Submitted { by, comment: None };
                    let begun = approvals::begin(&careful, tx, object, id, submitted);
                    if let Err(fault) = Box::pin(begun).await? {
                        return Ok(Outcome::refused(vec![fault]));
                    }
                }
                // What the move itself writes was not approved.
                if step.needs_approval && object.approval_state().is_some() {
                    let server = session.elevated("a move is judged by what it has written");
                    let now = current(&server, tx, object, &[id], &RowRule::All).await?;
                    for now in &now {
                        let faults =
                            Box::pin(is_approved(session, tx, (object, step), now)).await?;
                        if !faults.is_empty() {
                            return Ok(Outcome::refused(faults));
                        }
                    }
                }
                Ok(Outcome::done(vec![(id, false)]))
            }
        }
    }
}

/// Refuses a caller without the move's right on the record.
async fn allowed(
    session: &Session,
    tx: &Tx,
    object: &Object,
    old: &StoredRecord,
    step: &FlowMove,
) -> Result<()> {
    let rule = session.access.move_rule(object, step.right);
    let open = match authorize::by_values(rule, &old.values) {
        Some(open) => open,
        None => authorize::meets_now(session, tx, object, old.id, rule).await?,
    };
    match open {
        true => Ok(()),
        false => Err(faults::seen_only(object.noun(), Action::from(step.right).verb())),
    }
}

/// What is wrong with the state in which the record is.
async fn begins(
    session: &Session,
    tx: &Tx,
    (object, flow, step): (&Object, &Flow, &FlowMove),
    old: &StoredRecord,
) -> Result<Vec<Error>> {
    let catalog = &session.catalog;
    if let Some(fault) = approvals::pending(object, old) {
        return Ok(vec![fault.at(["id"])]);
    }
    let state = states::state_of(tx, catalog, flow, &old.values).await?;
    if state.as_ref().is_some_and(|state| step.from.contains(state)) {
        return Box::pin(is_approved(session, tx, (object, step), old)).await;
    }
    let now = states::title(catalog, object, flow, state.as_deref().unwrap_or_default());
    let from = states::titles(catalog, object, flow, &step.from);
    let label = step.label.title(&step.code);
    let fault = faults::wrong_state(object.noun(), now, label, from);
    Ok(vec![fault.at([object.field(flow.field).name.as_str()])])
}

/// What is wrong with a move of a record that has to be approved first.
async fn is_approved(
    session: &Session,
    tx: &Tx,
    (object, step): (&Object, &FlowMove),
    old: &StoredRecord,
) -> Result<Vec<Error>> {
    let approved = approvals::state_of(object, &old.values) == Some(APPROVED);
    if !step.needs_approval || approved {
        return Ok(Vec::new());
    }
    Ok(match approvals::applies(session, tx, object, old).await? {
        Ok(false) => Vec::new(),
        Ok(true) => {
            let label = step.label.title(&step.code);
            vec![faults::needs_approval(object.noun(), label).at(["id"])]
        }
        Err(fault) => vec![fault],
    })
}

impl MoveCommand {
    /// The change that the move makes of the record: what is given, what the flow sets, and the state.
    async fn patch(
        &self,
        session: &Session,
        tx: &Tx,
        (object, flow, step): (&Object, &Flow, &FlowMove),
        old: &StoredRecord,
    ) -> Result<std::result::Result<Input, Vec<Error>>> {
        let (catalog, mut faults) = (&session.catalog, Vec::new());
        let given: Vec<_> = self.input.given().collect();
        let writes = |ix| step.mandate || session.access.may_write(object.ix, ix);
        for ix in given.iter().filter(|ix| !writes(**ix)) {
            let field = object.field(*ix);
            let fault = faults::not_settable(catalog.title(object, field));
            faults.push(fault.at([field.name.as_str()]));
        }
        for (ix, _) in step.set.iter().filter(|(ix, _)| !writes(*ix)) {
            let label = step.label.title(&step.code);
            faults.push(faults::sets_closed_field(label).about([object.field(*ix).name.as_str()]));
        }
        for asked in step.input.iter().filter(|asked| asked.required) {
            let empty = |(ix, value): &(FieldIx, Value)| *ix == asked.field && value.is_null();
            if !given.contains(&asked.field) || self.input.values.iter().any(empty) {
                faults.push(rules::required(catalog, object, object.field(asked.field)));
            }
        }
        if !faults.is_empty() {
            return Ok(Err(faults));
        }
        let save = Save::new(session, tx);
        let mut row = RowDraft::known(object, &old.values, Vec::new());
        row.values.extend(self.input.values.iter().cloned());
        let mut patch = self.input.clone();
        for (ix, RuleExpr { expr, .. }) in &step.set {
            save.read_for(&mut row, std::iter::once(expr)).await?;
            let scope = save.scope(&row);
            // Whoever reads the field afterwards would learn what the mover may not see.
            if !step.mandate && scope.facts.unseen_by(expr) {
                session.guess(object, guesses::RULE)?;
                faults.push(rules::unseen_rule());
                continue;
            }
            match expr::eval(expr, &scope) {
                Ok(value) => patch.values.push((*ix, value)),
                Err(error) => {
                    let title = catalog.title(object, object.field(*ix));
                    faults.push(rules::faults::not_computable(title, error));
                }
            }
        }
        let state = self.target(&save, &mut row, (flow, step)).await?;
        match state {
            Some(state) if faults.is_empty() => {
                patch.values.push((flow.field, state));
                patch.places_state = true;
                Ok(Ok(patch))
            }
            Some(_) => Ok(Err(faults)),
            None => {
                let label = step.label.title(&step.code);
                let fault = faults::leads_nowhere(label);
                faults.push(fault.at([object.field(flow.field).name.as_str()]));
                Ok(Err(faults))
            }
        }
    }

    /// The value of the state to which the move leads; none if there is no such state.
    async fn target(
        &self,
        save: &Save<'_>,
        row: &mut RowDraft<'_>,
        (flow, step): (&Flow, &FlowMove),
    ) -> Result<Option<Value>> {
        let (catalog, tx) = (&save.session.catalog, save.tx);
        let name = match &step.to {
            MoveTarget::State(name) => name.clone(),
            MoveTarget::Next(by) => {
                let Some((states, _)) = flow.key else { return Ok(None) };
                let states = catalog.object(states);
                let column = states.field(*by).column.as_deref();
                let column = column.ok_or_else(|| Error::internal("an order without a column"))?;
                let Some(id) = row.values.get(&flow.field).and_then(Value::as_id) else {
                    return Ok(None);
                };
                let now = Query::select()
                    .column(Alias::new(column))
                    .from(Alias::new(&states.table))
                    .and_where(
                        Expr::col(Alias::new("id")).eq(encode_as(tx.dialect(), &Value::Id(id))?),
                    )
                    .to_owned();
                // `SELECT id FROM sales_stage WHERE sequence > (SELECT sequence … WHERE id = $1) ORDER BY sequence LIMIT 1`
                let next = Query::select()
                    .column(Alias::new("id"))
                    .from(Alias::new(&states.table))
                    .and_where(
                        Expr::col(Alias::new(column))
                            .gt(Expr::SubQuery(None, Box::new(now.into()))),
                    )
                    .order_by(Alias::new(column), Order::Asc)
                    .limit(1)
                    .to_owned();
                return Ok(states::first_id(tx, &next).await?.map(Value::Id));
            }
            MoveTarget::Chosen(RuleExpr { expr, .. }) => {
                save.read_for(row, std::iter::once(expr)).await?;
                match expr::eval(expr, &save.scope(row)) {
                    Ok(Value::Text(name)) => name,
                    _ => return Ok(None),
                }
            }
        };
        match flow.key {
            None => Ok(Some(Value::Text(name))),
            Some(key) => Ok(states::record_of(tx, catalog, key, &name).await?.map(Value::Id)),
        }
    }
}
