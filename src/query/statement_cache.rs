//! The statement cache: for a plan whose form was compiled before, only the values are bound.
//!
//! The values of a plan are replaced by stand-ins. The result is the plan's form; two plans of one form give
//! the same SQL. A form is compiled twice, with different stand-ins. A bound value that is a stand-in in both
//! statements is the place of that value. A bound value that is the same in both is a constant. The values of
//! a rule's list are bound together, or one by one if an ordered union has a branch for each. A value that is
//! bound in several places gets one number. Any other bound value is computed from a value in a way that only
//! the compiler knows. Such a form is compiled each time. So are plans with patterns and cursors: a text made
//! of a stand-in may equal the stand-in itself.
//!
//! INVARIANT: a value that is not replaced is a part of the form. Overlooking one costs a
//! compilation, never a wrong result.

use std::{hash::Hash, sync::Arc};

use moka::sync::Cache;
use sea_orm::sea_query::{Value as SqlValue, Values};

use parameter_numbers::numbered;
use plan_form::PlanForm;
use plan_parameters::{PlanParameter, standing, stands_for};

use super::{
    aggregate::{AggregatePart, Aggregation},
    compile::{RootShape, Statement, compile},
    cursor::Seal,
    employee_lines::Moment,
    filter::{Compare, Filter},
    find::{ConnectionPart, EdgePart, Item, Listing, Selection, What},
    plan::Plan,
};
use crate::{
    access::{Condition, RowRule},
    base::{Result, Value},
    catalog::{Catalog, FieldIx, ObjectIx},
    sql::{Dialect, MANY, keys::is_keyed},
};

/// The largest size of the cache, roughly in bytes: several thousand usual forms, or some hundred of the
/// largest that a request may have.
const KEPT: u64 = 32 << 20;

/// The cached statements of one database.
#[derive(Clone)]
pub struct Templates(Cache<Vec<u8>, Arc<Template>>);

impl Default for Templates {
    fn default() -> Self {
        Self::of(KEPT)
    }
}

/// The result of compiling a form.
enum Template {
    /// A statement with places for values.
    Kept { sql: Arc<str>, places: Vec<Place>, root: Arc<RootShape> },
    /// The statement depends on values in other ways and is compiled each time.
    Anew,
}

#[derive(Clone, PartialEq)]
enum Place {
    Taken(usize),
    /// One value of a list, bound alone.
    Member(usize, usize),
    Constant(SqlValue),
}

impl Templates {
    /// A cache of at most about this many bytes.
    fn of(bytes: u64) -> Self {
        Self(Cache::builder().weigher(plan_form::weight).max_capacity(bytes).build())
    }

    /// The statement of a plan, from the cache if it is there; see [`compile()`].
    pub fn statement(
        &self,
        mut plan: Plan,
        catalog: &Catalog,
        dialect: Dialect,
        seal: &Seal,
    ) -> Result<Statement> {
        let mut taken = Taken::new(catalog, dialect);
        taken.plan(&mut plan, Pass::Take);
        if taken.anew {
            taken.plan(&mut plan, Pass::Back);
            return compile(&plan, catalog, dialect, seal);
        }
        let mut form = PlanForm(Vec::with_capacity(512));
        (catalog.version, dialect).hash(&mut form);
        plan.hash(&mut form);
        let template = match self.0.get(&form.0) {
            Some(template) => template,
            None => {
                let template = Arc::new(taken.template(&mut plan, catalog, dialect, seal)?);
                self.0.insert(form.0, Arc::clone(&template));
                template
            }
        };
        match &*template {
            Template::Kept { sql, places, root } => {
                let values = places.iter().map(|place| match place {
                    Place::Constant(value) => Ok(value.clone()),
                    Place::Taken(at) => taken.slots[*at].bound(dialect, None),
                    Place::Member(at, ix) => taken.slots[*at].member(dialect, *ix, None),
                });
                let values = Values(values.collect::<Result<_>>()?);
                Ok(Statement { sql: Arc::clone(sql), values, root: Arc::clone(root) })
            }
            Template::Anew => {
                taken.plan(&mut plan, Pass::Back);
                compile(&plan, catalog, dialect, seal)
            }
        }
    }
}

/// What a walk over a plan does with each value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pass {
    /// Takes it out and puts in a stand-in of the first family.
    Take,
    /// Puts in a stand-in of the second family.
    Again,
    /// Puts the value back.
    Back,
}

/// The values of one plan.
struct Taken<'c> {
    catalog: &'c Catalog,
    dialect: Dialect,
    slots: Vec<PlanParameter<'c>>,
    /// The slot of each value, in the order of the walk.
    order: Vec<usize>,
    /// The position of a later walk.
    next: usize,
    /// Some values are not only bound: cursors and patterns. The plan is compiled each time.
    anew: bool,
}

impl<'c> Taken<'c> {
    fn new(catalog: &'c Catalog, dialect: Dialect) -> Self {
        Self { catalog, dialect, slots: Vec::new(), order: Vec::new(), next: 0, anew: false }
    }

    /// Compiles the form twice and compares the results.
    fn template(
        &mut self,
        plan: &mut Plan,
        catalog: &Catalog,
        dialect: Dialect,
        seal: &Seal,
    ) -> Result<Template> {
        let first = compile(plan, catalog, dialect, seal);
        self.plan(plan, Pass::Again);
        let (Ok(first), Ok(second)) = (first, compile(plan, catalog, dialect, seal)) else {
            return Ok(Template::Anew);
        };
        let alike = first.sql == second.sql && first.root == second.root;
        let mut stand_ins = Vec::with_capacity(self.slots.len());
        for (at, slot) in self.slots.iter().enumerate() {
            let bound = |family| slot.bound(self.dialect, Some((family, at)));
            stand_ins.push((bound(0)?, bound(1)?, Place::Taken(at)));
            for ix in 0..slot.members() {
                let bound = |family| slot.member(self.dialect, ix, Some((family, at)));
                stand_ins.push((bound(0)?, bound(1)?, Place::Member(at, ix)));
            }
        }
        // Values mostly occur in the order in which they were taken, so the search
        // starts at the last one found.
        let mut near = 0;
        let place = |(first, second): (SqlValue, SqlValue)| {
            let (before, behind) = stand_ins.split_at(near);
            let known = behind
                .iter()
                .chain(before)
                .position(|(one, two, _)| *one == first && *two == second);
            match known.and_then(|at| stand_ins.get((near + at) % stand_ins.len())) {
                Some((_, _, place)) => {
                    near = (near + known.unwrap_or_default()) % stand_ins.len();
                    Some(place.clone())
                }
                None => (first == second).then_some(Place::Constant(first)),
            }
        };
        let places: Option<Vec<_>> =
            first.values.0.into_iter().zip(second.values.0).map(place).collect();
        let Some(places) = places.filter(|_| alike) else { return Ok(Template::Anew) };
        let (sql, places) = match numbered(dialect, &first.sql, &places) {
            Some((sql, each)) => {
                let each = each.into_iter().filter_map(|at| places.get(at).cloned());
                (sql.into(), each.collect())
            }
            None => (first.sql, places),
        };
        Ok(Template::Kept { sql, places, root: first.root })
    }

    fn plan(&mut self, plan: &mut Plan, pass: Pass) {
        self.next = 0;
        let object = plan.find.object;
        match &mut plan.find.what {
            What::One { key, selection } => {
                for (field, value) in key {
                    self.told_apart(object, *field, value, pass);
                }
                self.selection(object, selection, pass);
            }
            What::List(listing) => self.listing(object, listing, pass),
            What::Aggregate(aggregation) => self.aggregation(object, aggregation, pass),
        }
        let named = plan.named_actions.values_mut().map(|open| &mut open.right);
        let moves = plan.moves.values_mut().flatten().chain(named);
        for rule in plan.rules.values_mut().chain(plan.actions.values_mut()).chain(moves) {
            self.rule(rule, pass);
        }
        for rule in plan.fields.values_mut() {
            self.rule(&mut rule.shown, pass);
            for (_, on) in &mut rule.masked {
                self.rule(on, pass);
            }
        }
    }

    fn over(&self, object: ObjectIx, field: FieldIx) -> Option<ObjectIx> {
        self.catalog.object(object).field(field).target()
    }

    fn selection(&mut self, object: ObjectIx, selection: &mut Selection, pass: Pass) {
        for part in &mut selection.0 {
            match &mut part.what {
                Item::One(field, inner) => {
                    if let Some(target) = self.over(object, *field) {
                        self.selection(target, inner, pass);
                    }
                }
                Item::OneOf(_, each) => {
                    for (relation, inner) in each {
                        if let Some(target) = self.over(object, *relation) {
                            self.selection(target, inner, pass);
                        }
                    }
                }
                Item::Group(inner) => self.selection(object, inner, pass),
                Item::Many(field, listing) | Item::Connection(field, listing) => {
                    if let Some(target) = self.over(object, *field) {
                        self.listing(target, listing, pass);
                    }
                }
                Item::Responsible(lines, at, listing) => {
                    self.moment(at, pass);
                    if let Some(target) = self.catalog.employees_of(object, *lines) {
                        self.listing(target, listing, pass);
                    }
                }
                Item::Aggregate(field, aggregation) => {
                    if let Some(target) = self.over(object, *field) {
                        self.aggregation(target, aggregation, pass);
                    }
                }
                // Its cursor is not bound in the statement, and each cursor would make another form.
                Item::History(listing) => self.anew |= listing.after.is_some(),
                Item::Typename(_)
                | Item::Field(_)
                | Item::Title(_)
                | Item::Can(_)
                | Item::Moves(_)
                | Item::States(..) => {}
            }
        }
    }

    fn listing(&mut self, object: ObjectIx, listing: &mut Listing, pass: Pass) {
        self.anew |= listing.page.cursor.is_some() || listing.page.offset > 0;
        if let Some(filter) = &mut listing.filter {
            self.filter(object, filter, pass);
        }
        for part in &mut listing.parts {
            match &mut part.what {
                ConnectionPart::Nodes(selection) => self.selection(object, selection, pass),
                ConnectionPart::Edges(parts) => {
                    for part in parts {
                        if let EdgePart::Node(selection) = &mut part.what {
                            self.selection(object, selection, pass);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn aggregation(&mut self, object: ObjectIx, aggregation: &mut Aggregation, pass: Pass) {
        // Groups are compared with values of types that no field has.
        self.anew |= aggregation.having.is_some() || aggregation.offset > 0;
        // Days are a part of the shape.
        self.anew |= aggregation.bounds.is_some();
        if let Some(filter) = &mut aggregation.filter {
            self.filter(object, filter, pass);
        }
        for part in &mut aggregation.parts {
            match &mut part.what {
                AggregatePart::Top(listing) => self.listing(object, listing, pass),
                // The filter is a part of the shape, with its values.
                AggregatePart::Drill(drill) => self.anew |= drill.filter.is_some(),
                _ => {}
            }
        }
    }

    fn filter(&mut self, object: ObjectIx, filter: &mut Filter, pass: Pass) {
        match filter {
            Filter::And(all) | Filter::Or(all) => {
                for inner in all {
                    self.filter(object, inner, pass);
                }
            }
            Filter::Not(inner) => self.filter(object, inner, pass),
            Filter::One(field, inner) | Filter::Many(field, _, inner) => {
                if let Some(target) = self.over(object, *field) {
                    self.filter(target, inner, pass);
                }
            }
            Filter::Unset(..) => {}
            Filter::Aggregate(..) | Filter::Search(_) => self.anew = true,
            Filter::Mine(own) => {
                if let Some(employee) = own.employee {
                    let mut who = Value::Id(employee);
                    self.exchange(&mut who, pass, PlanParameter::Own);
                    own.employee = who.as_id();
                    self.moment(&mut own.at, pass);
                }
            }
            Filter::Field(field, compare) => match compare {
                Compare::Eq(value) | Compare::Ne(value) => {
                    self.told_apart(object, *field, value, pass);
                }
                Compare::Gt(value)
                | Compare::Gte(value)
                | Compare::Lt(value)
                | Compare::Lte(value) => self.compared(object, *field, value, pass),
                Compare::Between(low, high) => {
                    self.compared(object, *field, low, pass);
                    self.compared(object, *field, high, pass);
                }
                // All of them are bound as one value, which only the compiler can make.
                Compare::In(values) | Compare::NotIn(values) if values.len() > MANY => {
                    self.anew = true;
                }
                Compare::In(values) | Compare::NotIn(values) => {
                    for value in values {
                        self.told_apart(object, *field, value, pass);
                    }
                }
                // The compiler makes a pattern of it.
                Compare::Text(..) | Compare::Has(_) => self.anew = true,
                Compare::IsNull(_) | Compare::Known(_) => {}
            },
        }
    }

    /// A value that is compared for equality, as `Compiler::told_apart` does.
    fn told_apart(&mut self, object: ObjectIx, field: FieldIx, value: &mut Value, pass: Pass) {
        if is_keyed(self.catalog.object(object), field) {
            self.exchange(value, pass, PlanParameter::Key);
        } else {
            self.compared(object, field, value, pass);
        }
    }

    fn compared(&mut self, object: ObjectIx, field: FieldIx, value: &mut Value, pass: Pass) {
        let ty = &self.catalog.object(object).field(field).ty;
        self.exchange(value, pass, |value| PlanParameter::Field(ty, value));
    }

    fn rule(&mut self, rule: &mut RowRule, pass: Pass) {
        if let RowRule::When(condition) = rule {
            self.condition(condition, pass);
        }
    }

    fn condition(&mut self, condition: &mut Condition, pass: Pass) {
        match condition {
            Condition::Any(inner) | Condition::All(inner) => {
                for inner in inner {
                    self.condition(inner, pass);
                }
            }
            Condition::Employee { employees, at, .. } => {
                let mut ids: Vec<_> = employees.iter().copied().map(Value::Id).collect();
                match ids.as_mut_slice() {
                    [one] => self.exchange(one, pass, PlanParameter::Own),
                    _ => self.list(&mut ids, pass),
                }
                *employees = ids.iter().filter_map(Value::as_id).collect();
                let mut when = Value::DateTime(*at);
                self.exchange(&mut when, pass, PlanParameter::Own);
                if let Value::DateTime(when) = when {
                    *at = when;
                }
            }
            Condition::Within { values, .. } => self.list(values, pass),
            Condition::Settled { .. } => {}
            Condition::Readable { rule, .. } => self.rule(rule, pass),
        }
    }

    fn moment(&mut self, at: &mut Moment, pass: Pass) {
        let mut when = Value::DateTime(at.0);
        self.exchange(&mut when, pass, PlanParameter::Own);
        if let Value::DateTime(when) = when {
            at.0 = when;
        }
    }

    fn exchange(
        &mut self,
        value: &mut Value,
        pass: Pass,
        slot: impl FnOnce(Value) -> PlanParameter<'c>,
    ) {
        if stands_for(value, 0, 0, 0).is_none() {
            return;
        }
        let at = match pass {
            Pass::Take => self.take(slot(value.clone())),
            _ => self.later(),
        };
        let (PlanParameter::Field(_, taken)
        | PlanParameter::Key(taken)
        | PlanParameter::Own(taken)) = &self.slots[at]
        else {
            return;
        };
        *value = shown(taken, pass, at);
    }

    fn list(&mut self, values: &mut Vec<Value>, pass: Pass) {
        if values.is_empty() {
            return;
        }
        let at = match pass {
            Pass::Take => self.take(PlanParameter::List(std::mem::take(values))),
            _ => self.later(),
        };
        let PlanParameter::List(taken) = &self.slots[at] else { return };
        *values = match pass {
            Pass::Back => taken.clone(),
            Pass::Take => standing(taken, 0, at),
            Pass::Again => standing(taken, 1, at),
        };
    }

    /// Puts a value into a slot. Equal values of rules share a slot, so that equal rules stay equal.
    fn take(&mut self, slot: PlanParameter<'c>) -> usize {
        let of_rule = !matches!(slot, PlanParameter::Field(..) | PlanParameter::Key(_));
        let known = of_rule.then(|| self.slots.iter().position(|known| *known == slot)).flatten();
        let at = known.unwrap_or_else(|| {
            self.slots.push(slot);
            self.slots.len() - 1
        });
        self.order.push(at);
        at
    }

    fn later(&mut self) -> usize {
        let at = self.order.get(self.next).copied().unwrap_or_default();
        self.next += 1;
        at
    }
}

/// The value that a pass puts in place of a taken value.
fn shown(taken: &Value, pass: Pass, at: usize) -> Value {
    let family = match pass {
        Pass::Take => 0,
        Pass::Again => 1,
        Pass::Back => return taken.clone(),
    };
    stands_for(taken, family, at, 0).unwrap_or_else(|| taken.clone())
}

mod parameter_numbers;
mod plan_form;
mod plan_parameters;
#[cfg(test)]
mod tests;
