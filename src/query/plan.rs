//! The plan: a find together with the rights it runs under.
//!
//! INVARIANT: [`Plan::new`] and [`Plan::of_past`] are the only constructors. They ask the [`Access`] about
//! every object that the find touches in selections, filters and orders. [`super::compile()`] puts the rule
//! on every alias of the object.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::{
    aggregate::{AggregatePart, Aggregation, Measure},
    as_of::Past,
    faults,
    filter::Filter,
    find::{CanPart, ConnectionPart, EdgePart, Find, Item, Listing, Selection, What},
    open_actions::{self, OpenAction},
};
use crate::{
    access::{Access, Action, FieldRule, RowRule},
    base::{Error, Result},
    catalog::{Catalog, FieldIx, FieldType, Object, ObjectIx},
    expr::Expr,
};

/// A find with its rights: all that compiling needs besides the catalog.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct Plan {
    pub(super) find: Find,
    pub(super) rules: BTreeMap<ObjectIx, RowRule>,
    pub(super) fields: BTreeMap<(ObjectIx, FieldIx), FieldRule>,
    pub(super) actions: BTreeMap<(ObjectIx, Action), RowRule>,
    /// The rules of moves that exist for the caller, by their index: the states that they lead from, and the right.
    pub(super) moves: BTreeMap<(ObjectIx, usize), [RowRule; 2]>,
    /// The named actions that exist for the caller, by their index.
    pub(super) named_actions: BTreeMap<(ObjectIx, usize), OpenAction>,
    /// The result reports which guarded records it contains.
    pub(super) counted: bool,
    /// The fields that are searched, by object.
    pub(super) searched: BTreeMap<ObjectIx, Vec<FieldIx>>,
    /// The fields whose state may be returned, by object.
    pub(super) states: BTreeMap<ObjectIx, Vec<FieldIx>>,
    /// The past rows, for a plan about the past.
    pub(super) past: Option<Past>,
    /// A selection, a filter or an order leads back to the root's object.
    pub(super) again: bool,
    /// The many-to-many fields that it follows, for a plan about the past.
    pub(super) members: BTreeSet<(ObjectIx, FieldIx)>,
    /// The day, for a plan that reads a formula which asks for it.
    pub(super) today: Option<NaiveDate>,
    /// It reads a formula that asks for the day.
    pub(super) asks_for_today: bool,
}

impl Plan {
    /// Plans a find under an access for a purpose: `Read`, or `Print` or `Export`, which also need their own
    /// right on every guarded object.
    ///
    /// An object that the caller may not read gives the same error as one that does not exist.
    pub fn new(find: Find, catalog: &Catalog, access: &Access, purpose: Action) -> Result<Self> {
        Self::planned(find, catalog, access, purpose, false)
    }

    /// Plans a find about the past. A field is null unless the caller sees it on every record. Parts that
    /// history does not keep, and parts about the present, are refused.
    pub fn of_past(
        find: Find,
        catalog: &Catalog,
        access: &Access,
        purpose: Action,
    ) -> Result<Self> {
        Self::planned(find, catalog, access, purpose, true)
    }

    fn planned(
        find: Find,
        catalog: &Catalog,
        access: &Access,
        purpose: Action,
        past: bool,
    ) -> Result<Self> {
        let mut walk = Walk {
            catalog,
            access,
            purpose,
            past,
            root: find.object,
            again: false,
            rules: BTreeMap::new(),
            fields: BTreeMap::new(),
            actions: BTreeMap::new(),
            moves: BTreeMap::new(),
            named_actions: BTreeMap::new(),
            states: BTreeMap::new(),
            searched: BTreeMap::new(),
            members: BTreeSet::new(),
            asks_for_today: false,
        };
        walk.object(find.object)?;
        match &find.what {
            What::One { key, selection } => {
                key.iter().try_for_each(|(field, _)| walk.compared(find.object, *field))?;
                walk.selection(find.object, selection)?;
            }
            What::List(listing) => walk.listing(find.object, listing)?,
            What::Aggregate(aggregation) => walk.aggregation(find.object, aggregation)?,
        }
        let Walk {
            rules,
            fields,
            actions,
            moves,
            named_actions,
            states,
            searched,
            members,
            again,
            asks_for_today,
            ..
        } = walk;
        Ok(Self {
            find,
            rules,
            fields,
            actions,
            moves,
            named_actions,
            counted: false,
            searched,
            states,
            past: None,
            again,
            members,
            today: None,
            asks_for_today,
        })
    }

    /// The same plan on a day in the business time zone. Only formulas that ask for the day depend on it.
    #[must_use]
    pub fn on(self, day: NaiveDate) -> Self {
        Self { today: self.asks_for_today.then_some(day), ..self }
    }

    /// The same plan, whose result reports which guarded records it contains.
    #[must_use]
    pub fn counted(self) -> Self {
        Self { counted: true, ..self }
    }
}

struct Walk<'a> {
    catalog: &'a Catalog,
    access: &'a Access,
    purpose: Action,
    past: bool,
    root: ObjectIx,
    /// The root's object was reached again.
    again: bool,
    rules: BTreeMap<ObjectIx, RowRule>,
    fields: BTreeMap<(ObjectIx, FieldIx), FieldRule>,
    actions: BTreeMap<(ObjectIx, Action), RowRule>,
    moves: BTreeMap<(ObjectIx, usize), [RowRule; 2]>,
    named_actions: BTreeMap<(ObjectIx, usize), OpenAction>,
    states: BTreeMap<ObjectIx, Vec<FieldIx>>,
    searched: BTreeMap<ObjectIx, Vec<FieldIx>>,
    members: BTreeSet<(ObjectIx, FieldIx)>,
    asks_for_today: bool,
}

impl Walk<'_> {
    fn object(&mut self, ix: ObjectIx) -> Result<()> {
        if self.rules.contains_key(&ix) {
            self.again |= ix == self.root;
            return Ok(());
        }
        let object = self.catalog.object(ix);
        let mut rule = self.access.row_rule(object, Action::Read).clone();
        if rule == RowRule::None {
            return Err(faults::no_object(&object.name));
        }
        if self.purpose != Action::Read && object.guarded() {
            rule = rule.both(self.access.row_rule(object, self.purpose));
            if rule == RowRule::None {
                return Err(faults::read_only(&object.name, self.purpose.as_ref()));
            }
        }
        self.rules.insert(ix, rule);
        Ok(())
    }

    /// Notes the rule of a selected field; refuses a hidden field.
    fn shown(&mut self, object: ObjectIx, field: FieldIx) -> Result<()> {
        if let Some(rule) = self.access.field_rule(object, field) {
            if rule.hidden() {
                return Err(unknown_field(self.catalog.object(object), field));
            }
            let rule = if self.past { FieldRule::nowhere() } else { rule.clone() };
            self.fields.insert((object, field), rule);
        }
        self.computed(object, field)
    }

    /// Checks a field that records are compared by: the caller must see its value on every record.
    fn compared(&mut self, object: ObjectIx, field: FieldIx) -> Result<()> {
        match self.access.field_rule(object, field) {
            Some(_) => Err(unknown_field(self.catalog.object(object), field)),
            None => self.computed(object, field),
        }
    }

    /// Notes the objects that a formula leads over, if it is computed when it is read. It is a value of today.
    fn computed(&mut self, object: ObjectIx, field: FieldIx) -> Result<()> {
        let catalog = self.catalog;
        let known = catalog.object(object);
        let field = known.field(field);
        if !field.on_read {
            return Ok(());
        }
        if self.past {
            return Err(faults::not_of_past(&field.name));
        }
        if let FieldType::Rollup(rollup) = field.ty {
            let target = self.over(object, rollup.lines)?;
            return field.counted.iter().try_for_each(|counted| self.formula(target, counted));
        }
        field.formula.iter().try_for_each(|formula| self.formula(object, formula))
    }

    fn formula(&mut self, object: ObjectIx, formula: &Expr) -> Result<()> {
        let catalog = self.catalog;
        let known = catalog.object(object);
        self.asks_for_today |= known.asks_for_today(formula);
        for way in catalog.led_over(known, formula) {
            let target = catalog.end(known, &way);
            self.object(target.ok_or_else(|| Error::internal("a formula over no relation"))?)?;
        }
        for path in catalog.read_by_formula(known, formula) {
            if let [own] = path.as_slice()
                && known.field(*own).on_read
            {
                self.computed(object, *own)?;
            }
        }
        Ok(())
    }

    fn over(&mut self, from: ObjectIx, field: FieldIx) -> Result<ObjectIx> {
        let target = self
            .catalog
            .object(from)
            .field(field)
            .target()
            .ok_or_else(|| Error::internal("a plan follows a field that is no relation"))?;
        self.compared(from, field)?;
        let own = self.catalog.object(from).field(field);
        if self.past && matches!(own.ty, FieldType::ManyToMany(_)) {
            self.members.insert((from, field));
        }
        // Lines that are not reached from their record may belong to any record.
        let line = self.catalog.object(target);
        let head = line.parent.and_then(|parent| line.field(parent).target());
        self.again |= head == Some(self.root) && !matches!(own.ty, FieldType::Lines(_));
        self.object(target)?;
        Ok(target)
    }

    /// Follows one relation of a union field. An object that may not be read is as if the union did not have it.
    fn over_one_of(&mut self, object: ObjectIx, relation: FieldIx) -> Result<Option<ObjectIx>> {
        let target = self.catalog.object(object).field(relation).target();
        let reads = |ix: ObjectIx| self.access.may(self.catalog.object(ix), Action::Read);
        match target.is_some_and(reads) {
            true => self.over(object, relation).map(Some),
            false => Ok(None),
        }
    }

    fn selection(&mut self, object: ObjectIx, selection: &Selection) -> Result<()> {
        for part in &selection.0 {
            match &part.what {
                Item::History(_) | Item::Can(_) | Item::Moves(_) | Item::States(..)
                    if self.past =>
                {
                    return Err(faults::not_of_past(&part.key));
                }
                Item::Typename(_) => {}
                Item::Field(field) => self.shown(object, *field)?,
                Item::Group(inner) => self.selection(object, inner)?,
                Item::Title(path) => self.title(object, path)?,
                Item::Responsible(lines, _, listing) => {
                    let line = self.staff(object, *lines)?;
                    let employee = self.catalog.object(line).staff.employee;
                    let employee =
                        employee.ok_or_else(|| Error::internal("employees lack a field"))?;
                    let target = self.over(line, employee)?;
                    self.listing(target, listing)?;
                }
                Item::One(field, inner) => {
                    let target = self.over(object, *field)?;
                    self.selection(target, inner)?;
                }
                Item::OneOf(field, each) => {
                    self.compared(object, *field)?;
                    for (relation, inner) in each {
                        if let Some(target) = self.over_one_of(object, *relation)? {
                            self.selection(target, inner)?;
                        }
                    }
                }
                Item::Many(field, listing) | Item::Connection(field, listing) => {
                    let target = self.over(object, *field)?;
                    self.listing(target, listing)?;
                }
                Item::Aggregate(field, aggregation) => {
                    let target = self.over(object, *field)?;
                    self.aggregation(target, aggregation)?;
                }
                Item::History(listing) => {
                    if let Some(field) = listing.field {
                        self.compared(object, field)?;
                        let target = self.catalog.object(object).field(field).target();
                        if target.is_some_and(|ix| {
                            !self.access.may(self.catalog.object(ix), Action::Read)
                        }) {
                            return Err(unknown_field(self.catalog.object(object), field));
                        }
                    }
                }
                Item::Can(parts) => {
                    for part in parts {
                        let CanPart::All(actions) = &part.what else { continue };
                        for action in actions {
                            let known = self.catalog.object(object);
                            let rule = self.access.row_rule(known, *action).clone();
                            self.actions.insert((object, *action), rule);
                        }
                    }
                }
                Item::Moves(_) => self.moves(object),
                Item::States(named, _) => self.states(object, named.as_deref())?,
            }
        }
        Ok(())
    }

    /// Notes the moves and actions that exist for the caller, with the rules that open them.
    fn moves(&mut self, object: ObjectIx) {
        let known = self.catalog.object(object);
        for (at, rules) in open_actions::moves(self.access, known) {
            self.moves.insert((object, at), rules);
        }
        for (at, open) in open_actions::named((self.catalog, self.access), known) {
            self.asks_for_today |= open.asks_for_today;
            self.named_actions.insert((object, at), open);
        }
    }

    /// Notes the rules of a title. Every record has a title, so a hidden part is not refused. The title is
    /// null where the caller may not see the field, or an object on the path.
    fn title(&mut self, object: ObjectIx, path: &[FieldIx]) -> Result<()> {
        let mut at = object;
        for step in path {
            if let Some(rule) = self.access.field_rule(at, *step) {
                let rule = if self.past { FieldRule::nowhere() } else { rule.clone() };
                self.fields.insert((at, *step), rule);
                return Ok(());
            }
            let Some(target) = self.catalog.object(at).field(*step).target() else { break };
            if !self.access.may(self.catalog.object(target), Action::Read) {
                return Ok(());
            }
            at = self.over(at, *step)?;
        }
        Ok(())
    }

    /// Follows the lines of related employees. The caller must see the compared fields on every record.
    fn staff(&mut self, object: ObjectIx, lines: FieldIx) -> Result<ObjectIx> {
        let line = self.over(object, lines)?;
        for ix in self.catalog.object(line).staff.compared().into_iter().flatten() {
            self.compared(line, ix)?;
        }
        Ok(line)
    }

    /// Notes the fields that exist for the caller, all or the named ones, and the rules of their states.
    fn states(&mut self, object: ObjectIx, named: Option<&[FieldIx]>) -> Result<()> {
        let known = self.catalog.object(object);
        let mut there = self.states.remove(&object).unwrap_or_default();
        for (ix, field) in known.known_fields() {
            let asked = named.is_none_or(|named| named.contains(&ix)) && !there.contains(&ix);
            if !asked || self.access.field_rule(object, ix).is_some_and(FieldRule::hidden) {
                continue;
            }
            if let Some(target) = field.target() {
                if !self.access.may(self.catalog.object(target), Action::Read) {
                    continue;
                }
                self.object(target)?;
            }
            let relations = known.relations_of(ix);
            let mut reached = false;
            for relation in relations {
                reached |= self.over_one_of(object, *relation)?.is_some();
            }
            if !relations.is_empty() && !reached {
                continue;
            }
            self.shown(object, ix)?;
            there.push(ix);
        }
        there.sort_unstable();
        self.states.insert(object, there);
        Ok(())
    }

    fn listing(&mut self, object: ObjectIx, listing: &Listing) -> Result<()> {
        if let Some(filter) = &listing.filter {
            self.filter(object, filter)?;
        }
        for order in &listing.order {
            self.path(object, &order.path)?;
        }
        for part in &listing.parts {
            match &part.what {
                ConnectionPart::Nodes(selection) => self.selection(object, selection)?,
                ConnectionPart::Edges(parts) => {
                    for part in parts {
                        if let EdgePart::Node(selection) = &part.what {
                            self.selection(object, selection)?;
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Checks a field that records are compared by, reached over relations.
    fn path(&mut self, object: ObjectIx, path: &[FieldIx]) -> Result<()> {
        let Some((field, steps)) = path.split_last() else { return Ok(()) };
        let mut at = object;
        for step in steps {
            at = self.over(at, *step)?;
        }
        self.compared(at, *field)
    }

    /// Grouping keys and measures disclose values as comparisons do, so the same checks apply.
    fn aggregation(&mut self, object: ObjectIx, aggregation: &Aggregation) -> Result<()> {
        if let Some(filter) = &aggregation.filter {
            self.filter(object, filter)?;
        }
        aggregation.groups.iter().try_for_each(|group| self.path(object, &group.path))?;
        for part in &aggregation.parts {
            if let AggregatePart::Top(listing) = &part.what {
                self.listing(object, listing)?;
            }
        }
        self.measured(object, &aggregation.measured())
    }

    fn measured(&mut self, object: ObjectIx, fields: &[FieldIx]) -> Result<()> {
        for field in fields {
            match self.catalog.object(object).field(*field).relation() {
                Some(_) => self.path(object, &[*field, FieldIx::ID])?,
                None => self.compared(object, *field)?,
            }
        }
        Ok(())
    }

    fn filter(&mut self, object: ObjectIx, filter: &Filter) -> Result<()> {
        match filter {
            Filter::And(all) | Filter::Or(all) => {
                all.iter().try_for_each(|inner| self.filter(object, inner))
            }
            Filter::Not(inner) => self.filter(object, inner),
            Filter::Field(field, _) => self.compared(object, *field),
            Filter::One(field, inner) | Filter::Many(field, _, inner) => {
                let target = self.over(object, *field)?;
                self.filter(target, inner)
            }
            Filter::Unset(field, _) => {
                self.compared(object, *field)?;
                for relation in self.catalog.object(object).relations_of(*field) {
                    self.over_one_of(object, *relation)?;
                }
                Ok(())
            }
            Filter::Mine(own) => self.staff(object, own.lines).map(|_line| ()),
            Filter::Search(_) => {
                let known = self.catalog.object(object).each_field();
                let seen = known.filter(|(ix, field)| {
                    field.search && self.access.field_rule(object, *ix).is_none()
                });
                let seen = seen.map(|(ix, _)| ix).collect();
                self.searched.insert(object, seen);
                Ok(())
            }
            Filter::Aggregate(field, narrowed, having) => {
                let target = self.over(object, *field)?;
                self.filter(target, narrowed)?;
                for measure in having.measures() {
                    if let Measure::Of(_, field) = measure {
                        self.measured(target, &[field])?;
                    }
                }
                Ok(())
            }
        }
    }
}

/// The error for a hidden field: the same as for one that does not exist.
fn unknown_field(object: &Object, field: FieldIx) -> Error {
    faults::no_field(&object.name, &object.field(field).name)
}
