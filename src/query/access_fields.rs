//! Compiles `_can`, `_actions` and `_fieldStates`: the actions, the moves and the field states that rights and the state
//! of a record give the caller.
//!
//! The statement that reads the record also computes them, from the rules that guard it.

use sea_orm::sea_query::{CaseStatement, Expr};

use super::{
    compile::Compiler,
    find::{CanPart, MovePart, Part, StatePart},
    open_actions::OpenAction,
    row_builder::RowBuilder,
    shape::{Leaf, ObjectShape, Slot},
};
use crate::{
    access::{Action, Condition, RowRule},
    base::Result,
    catalog::{FieldIx, FieldType, NamedAction, ObjectIx},
};

impl Compiler<'_> {
    /// `CASE WHEN (the rule of the action) THEN TRUE ELSE FALSE END` for each action
    /// that depends on the record.
    pub(super) fn can(
        &self,
        object: ObjectIx,
        alias: &str,
        parts: &[Part<CanPart>],
        row: &mut RowBuilder,
    ) -> Result<ObjectShape> {
        let mut shape = ObjectShape::default();
        for part in parts {
            let slot = match &part.what {
                CanPart::Typename(name) => Slot::Typename(name.clone()),
                CanPart::All(actions) => {
                    let rule = |action| {
                        let known = self.plan.actions.get(&(object, action));
                        known.unwrap_or(&RowRule::None)
                    };
                    let all = |all: RowRule, action: &Action| all.both(rule(*action));
                    match &actions.iter().fold(RowRule::All, all) {
                        RowRule::All => Slot::Fixed("true"),
                        RowRule::None => Slot::Fixed("false"),
                        rule @ RowRule::When(_) => {
                            let truth = |truth: bool| Expr::Constant(truth.into());
                            let open = match self.guard().condition(object, alias, rule)? {
                                None => truth(true),
                                Some(condition) => CaseStatement::new()
                                    .case(condition, truth(true))
                                    .finally(truth(false))
                                    .into(),
                            };
                            Slot::Leaf(row.add(open), Leaf::Bool)
                        }
                    }
                }
            };
            shape.0.push((part.key.clone(), slot));
        }
        Ok(shape)
    }

    /// The moves of the record's flow, each with `CASE WHEN (its states) AND (its right) THEN TRUE ELSE FALSE END`, and
    /// `CASE WHEN (its states) THEN CASE WHEN (its right) THEN NULL ELSE 'RIGHT' END ELSE 'STATE' END`.
    pub(super) fn moves(
        &self,
        object: ObjectIx,
        alias: &str,
        parts: &[Part<MovePart>],
        row: &mut RowBuilder,
    ) -> Result<Vec<ObjectShape>> {
        let known = self.catalog.object(object);
        let mut listed = Vec::new();
        for ((_, at), [from, right]) in self.plan.moves.iter().filter(|((of, _), _)| *of == object)
        {
            let Some(step) = known.flow.as_ref().and_then(|flow| flow.moves.get(*at)) else {
                continue;
            };
            let mut shape = ObjectShape::default();
            for part in parts {
                let slot = match &part.what {
                    MovePart::Typename(name) => Slot::Typename(name.clone()),
                    MovePart::Name => Slot::Typename(format!("{}{}", step.code, known.name)),
                    MovePart::Code => Slot::Typename(step.code.clone()),
                    MovePart::Allowed => {
                        let truth = |truth: bool| Expr::Constant(truth.into());
                        let open = self.guard().condition(object, alias, &from.both(right))?;
                        let open = match open {
                            None => truth(true),
                            Some(open) => CaseStatement::new()
                                .case(open, truth(true))
                                .finally(truth(false))
                                .into(),
                        };
                        Slot::Leaf(row.add(open), Leaf::Bool)
                    }
                    MovePart::Because => {
                        let none = Expr::Constant(sea_orm::Value::String(None));
                        let right = match self.guard().condition(object, alias, right)? {
                            None => none,
                            Some(open) => CaseStatement::new()
                                .case(open, none)
                                .finally(Expr::Constant("RIGHT".into()))
                                .into(),
                        };
                        let because: Expr = match self.guard().condition(object, alias, from)? {
                            None => right,
                            Some(open) => CaseStatement::new()
                                .case(open, right)
                                .finally(Expr::Constant("STATE".into()))
                                .into(),
                        };
                        Slot::Leaf(row.add(because), Leaf::Text)
                    }
                };
                shape.0.push((part.key.clone(), slot));
            }
            listed.push(shape);
        }
        for ((_, at), open) in self.plan.named_actions.iter().filter(|((of, _), _)| *of == object) {
            let Some(action) = known.actions.get(*at) else { continue };
            listed.push(self.named_action((object, alias), (action, open), parts, row)?);
        }
        Ok(listed)
    }

    /// An action on the record: `CASE WHEN (its right) AND (its condition) THEN TRUE ELSE FALSE END`, and
    /// `CASE WHEN (its condition) THEN CASE WHEN (its right) THEN NULL ELSE 'RIGHT' END ELSE 'CONDITION' END`.
    ///
    /// A condition over what the caller does not see on each record, or over related records, is left to the action itself.
    fn named_action(
        &self,
        (object, alias): (ObjectIx, &str),
        (action, opened): (&NamedAction, &OpenAction),
        parts: &[Part<MovePart>],
        row: &mut RowBuilder,
    ) -> Result<ObjectShape> {
        let known = self.catalog.object(object);
        let when = action.when.as_ref().filter(|_| opened.told);
        let mut shape = ObjectShape::default();
        for part in parts {
            let open = self.guard().condition(object, alias, &opened.right)?;
            let holds = when.map(|when| {
                let name = format!("{alias}a");
                self.written(object, alias, &when.expr, &FieldType::Boolean, name)
            });
            let holds = holds.transpose()?;
            let either = |condition, then: Expr, or: Expr| -> Expr {
                CaseStatement::new().case(condition, then).finally(or).into()
            };
            let slot = match &part.what {
                MovePart::Typename(name) => Slot::Typename(name.clone()),
                MovePart::Name => Slot::Typename(format!("{}{}", action.code, known.name)),
                MovePart::Code => Slot::Typename(action.code.clone()),
                MovePart::Allowed => {
                    let truth = |truth: bool| Expr::Constant(truth.into());
                    let allowed = [open, holds]
                        .into_iter()
                        .flatten()
                        .fold(truth(true), |all, one| either(one, all, truth(false)));
                    Slot::Leaf(row.add(allowed), Leaf::Bool)
                }
                MovePart::Because => {
                    let none = Expr::Constant(sea_orm::Value::String(None));
                    let right = match open {
                        None => none,
                        Some(open) => either(open, none, Expr::Constant("RIGHT".into())),
                    };
                    let because = match holds {
                        None => right,
                        Some(holds) => either(holds, right, Expr::Constant("CONDITION".into())),
                    };
                    Slot::Leaf(row.add(because), Leaf::Text)
                }
            };
            shape.0.push((part.key.clone(), slot));
        }
        Ok(shape)
    }

    /// `CASE WHEN (shown here) THEN 'VISIBLE' WHEN (masked here) THEN 'MASKED' ELSE 'HIDDEN' END` for each
    /// field whose state depends on the record.
    pub(super) fn field_states(
        &self,
        object: ObjectIx,
        alias: &str,
        (named, parts): (Option<&[FieldIx]>, &[Part<StatePart>]),
        row: &mut RowBuilder,
    ) -> Result<Vec<ObjectShape>> {
        let fields = self.plan.states.get(&object).map(Vec::as_slice).unwrap_or_default();
        let mut listed = Vec::with_capacity(fields.len());
        for ix in fields.iter().filter(|ix| named.is_none_or(|named| named.contains(ix))) {
            let state = self.state(object, alias, *ix)?;
            // A formula is hidden where a record is that it leads over.
            let state = match self.seen_along(object, alias, *ix)? {
                None => state,
                Some(there) => {
                    let shown = match state {
                        State::Always(state) => text(state),
                        State::Depends(state) => state,
                    };
                    State::Depends(self.dialect.either(there, shown, text(HIDDEN)))
                }
            };
            let state = match state {
                State::Always(state) => Slot::Fixed(state),
                State::Depends(state) => Slot::Leaf(row.add(state), Leaf::Text),
            };
            let name = &self.catalog.object(object).field(*ix).name;
            let each = parts.iter().map(|part| {
                let slot = match &part.what {
                    StatePart::Typename(name) => Slot::Typename(name.clone()),
                    StatePart::Field => Slot::Typename(name.clone()),
                    StatePart::State => state.clone(),
                };
                (part.key.clone(), slot)
            });
            listed.push(ObjectShape(each.collect()));
        }
        Ok(listed)
    }

    fn state(&self, object: ObjectIx, alias: &str, ix: FieldIx) -> Result<State> {
        if let Some(rule) = self.plan.fields.get(&(object, ix)) {
            let masked = rule.masked.iter().map(|(_, on)| (on, MASKED));
            let states: Vec<_> = [(&rule.shown, VISIBLE)].into_iter().chain(masked).collect();
            return self.first_of(object, alias, &states);
        }
        // An optional reference is always visible. Otherwise an empty reference and one to a hidden record
        // would differ. A required reference always names a record, so its state discloses nothing.
        let field = self.catalog.object(object).field(ix);
        let target = field.target().filter(|_| field.required && field.relation().is_some());
        match target.and_then(|at| self.plan.rules.get(&at)) {
            Some(rule @ RowRule::When(_)) => {
                let rule = Box::new(rule.clone());
                let readable = RowRule::When(Condition::Readable { path: vec![ix], rule });
                self.first_of(object, alias, &[(&readable, VISIBLE)])
            }
            _ => Ok(State::Always(VISIBLE)),
        }
    }

    /// Returns the state of the first rule that the record meets, or hidden.
    fn first_of(
        &self,
        object: ObjectIx,
        alias: &str,
        rules: &[(&RowRule, &'static str)],
    ) -> Result<State> {
        let mut case: Option<CaseStatement> = None;
        let finished = |case: Option<CaseStatement>, state| match case {
            None => State::Always(state),
            Some(case) => State::Depends(case.finally(text(state)).into()),
        };
        for (rule, state) in rules.iter().filter(|(rule, _)| **rule != RowRule::None) {
            match self.guard().condition(object, alias, rule)? {
                None => return Ok(finished(case, state)),
                Some(met) => case = Some(case.unwrap_or_default().case(met, text(state))),
            }
        }
        Ok(finished(case, HIDDEN))
    }
}

/// A state as a text of the database.
fn text(json: &str) -> Expr {
    Expr::Constant(json.trim_matches('"').into())
}

const VISIBLE: &str = "\"VISIBLE\"";
const MASKED: &str = "\"MASKED\"";
const HIDDEN: &str = "\"HIDDEN\"";

/// The state of a field.
enum State {
    /// The same on all records, as JSON text.
    Always(&'static str),
    /// Computed for each record.
    Depends(Expr),
}
