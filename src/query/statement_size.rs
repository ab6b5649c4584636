//! The size of a find's statement, measured before the statement is made.

use std::collections::BTreeSet;

use super::{
    aggregate::{AggregatePart, Aggregation},
    filter::Filter,
    find::{CanPart, ConnectionPart, EdgePart, Find, Item, Listing, Selection, What},
};
use crate::{
    access::{Access, Action},
    catalog::{Catalog, Field, FieldIx, FieldType, Object, ObjectIx},
    expr::Expr,
};

/// The size of one or several statements.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Extent {
    /// Relations that they lead over: joined ones (each once per list), those in
    /// conditions, and nested lists.
    pub joins: usize,
    /// The relations that the database may take in any order, in the list with the most of them: joined ones,
    /// and those in conditions that must all hold.
    pub widest: usize,
    /// Sub-selects that rights add, for the listed records and for their fields.
    pub asked: usize,
    /// The number of values of the record with the most.
    pub columns: usize,
}

impl Extent {
    /// Adds the size of another statement.
    pub fn add(&mut self, other: Self) {
        self.joins = self.joins.saturating_add(other.joins);
        self.widest = self.widest.max(other.widest);
        self.asked = self.asked.saturating_add(other.asked);
        self.columns = self.columns.max(other.columns);
    }

    /// The size of a selection on one record.
    pub fn of_record(
        catalog: &Catalog,
        access: &Access,
        object: ObjectIx,
        selection: &Selection,
    ) -> Self {
        let mut list = List::new(catalog, access, object);
        list.selection(object, selection, &[]);
        list.end()
    }

    /// The size of a filter on records of an object.
    pub fn of_filter(
        catalog: &Catalog,
        access: &Access,
        object: ObjectIx,
        filter: &Filter,
    ) -> Self {
        let mut list = List::new(catalog, access, object);
        list.filter(object, filter, true);
        list.end()
    }
}

impl Find {
    /// The size of its statement.
    pub fn extent(&self, catalog: &Catalog, access: &Access) -> Extent {
        let mut list = List::new(catalog, access, self.object);
        match &self.what {
            What::One { selection, .. } => list.selection(self.object, selection, &[]),
            What::List(listing) => list.listing(self.object, listing),
            What::Aggregate(aggregation) => list.aggregation(self.object, aggregation),
        }
        list.end()
    }
}

/// One list of records while it is measured.
struct List<'c> {
    catalog: &'c Catalog,
    access: &'c Access,
    joined: BTreeSet<Vec<FieldIx>>,
    /// Relations in conditions that must all hold.
    held: usize,
    columns: usize,
    all: Extent,
}

impl<'c> List<'c> {
    fn new(catalog: &'c Catalog, access: &'c Access, object: ObjectIx) -> Self {
        let all = Extent::default();
        let mut list = Self { catalog, access, joined: BTreeSet::new(), held: 0, columns: 0, all };
        list.ask(object);
        list
    }

    fn end(mut self) -> Extent {
        let (joins, columns) = (self.joined.len(), self.columns);
        self.all.add(Extent { joins, widest: joins + self.held, columns, asked: 0 });
        self.all
    }

    /// Counts the sub-selects of an object's rule for reading.
    fn ask(&mut self, object: ObjectIx) {
        self.ask_for(object, Action::Read);
    }

    /// Counts the sub-selects of an object's rule for an action.
    fn ask_for(&mut self, object: ObjectIx, action: Action) {
        let rule = self.access.row_rule(self.catalog.object(object), action);
        self.all.asked = self.all.asked.saturating_add(rule.selects());
    }

    /// Counts the sub-selects of a field's rule, and of a formula.
    fn ask_field(&mut self, object: ObjectIx, field: FieldIx) {
        if let Some(rule) = self.access.field_rule(object, field) {
            self.all.asked = self.all.asked.saturating_add(rule.selects());
        }
        self.computed(object, field);
    }

    /// Counts the relations that a formula leads over, if it is computed when it is read: each is looked up for its
    /// rule and for its value.
    fn computed(&mut self, object: ObjectIx, field: FieldIx) {
        let catalog = self.catalog;
        let known = catalog.object(object);
        let field = known.field(field);
        if !field.on_read {
            return;
        }
        if let (FieldType::Rollup(_), Some(target)) = (&field.ty, self.rolled(known, field)) {
            self.over();
            self.ask(target);
            field.counted.iter().for_each(|counted| self.formula(target, counted));
        }
        field.formula.iter().for_each(|formula| self.formula(object, formula));
    }

    fn rolled(&self, object: &Object, field: &Field) -> Option<ObjectIx> {
        match field.ty {
            FieldType::Rollup(rollup) => object.field(rollup.lines).target(),
            _ => None,
        }
    }

    fn formula(&mut self, object: ObjectIx, formula: &Expr) {
        let catalog = self.catalog;
        let known = catalog.object(object);
        for way in catalog.led_over(known, formula) {
            self.over();
            if let Some(target) = catalog.end(known, &way) {
                self.ask(target);
                self.ask(target);
            }
        }
        for path in catalog.read_by_formula(known, formula) {
            if let [own] = path.as_slice() {
                self.computed(object, *own);
            }
        }
    }

    /// Counts a relation of the list, if it is not joined yet.
    fn join(&mut self, way: Vec<FieldIx>, target: ObjectIx) {
        if self.joined.insert(way) {
            self.ask(target);
        }
    }

    /// Measures a list within the statement.
    fn within(&mut self, object: ObjectIx, read: impl FnOnce(&mut Self)) {
        let mut list = Self::new(self.catalog, self.access, object);
        read(&mut list);
        self.all.add(list.end());
        self.over();
    }

    /// Counts a relation in a sub-select of its own.
    fn over(&mut self) {
        self.all.joins = self.all.joins.saturating_add(1);
    }

    /// Counts the relations of a path whose last step is a field. The path starts at the
    /// record that `at` leads to.
    fn path(&mut self, object: ObjectIx, at: &[FieldIx], path: &[FieldIx]) {
        let (mut object, mut way) = (object, at.to_vec());
        for (step, field) in path.iter().enumerate() {
            self.ask_field(object, *field);
            let Some(target) = self.catalog.object(object).field(*field).target() else { return };
            if step + 1 == path.len() {
                return;
            }
            way.push(*field);
            self.join(way.clone(), target);
            object = target;
        }
    }

    fn selection(&mut self, object: ObjectIx, selection: &Selection, at: &[FieldIx]) {
        let known = self.catalog.object(object);
        for part in &selection.0 {
            self.columns += match &part.what {
                Item::OneOf(_, each) => each.len(),
                Item::Can(parts) => parts.len(),
                Item::Moves(parts) => {
                    let moves = known.flow.as_ref().map_or(0, |flow| flow.moves.len());
                    (moves + known.actions.len()) * parts.len()
                }
                Item::States(named, _) => named.as_ref().map_or(known.fields.len(), Vec::len),
                Item::Group(_) => 0,
                _ => 1,
            };
            let target = |field: &FieldIx| known.field(*field).target().unwrap_or(object);
            match &part.what {
                Item::One(field, inner) => self.one(object, *field, inner, at),
                Item::OneOf(_, each) => {
                    for (field, inner) in each {
                        self.one(object, *field, inner, at);
                    }
                }
                Item::Group(inner) => self.selection(object, inner, at),
                Item::Many(field, listing) | Item::Connection(field, listing) => {
                    self.within(target(field), |list| list.listing(target(field), listing));
                }
                Item::Responsible(lines, _, listing) => {
                    let employee = self.catalog.employees_of(object, *lines).unwrap_or(object);
                    self.over();
                    self.within(employee, |list| list.listing(employee, listing));
                }
                Item::Title(path) => self.path(object, at, path),
                Item::Field(field) => self.ask_field(object, *field),
                Item::Aggregate(field, aggregation) => {
                    self.within(target(field), |list| list.aggregation(target(field), aggregation));
                }
                Item::Can(parts) => {
                    for part in parts {
                        if let CanPart::All(actions) = &part.what {
                            for action in actions {
                                self.ask_for(object, *action);
                            }
                        }
                    }
                }
                Item::Moves(_) => {
                    for step in known.flow.iter().flat_map(|flow| &flow.moves) {
                        self.ask_for(object, step.right.into());
                    }
                    for action in &known.actions {
                        self.ask_for(object, action.right.into());
                    }
                }
                Item::States(..) => {
                    known.each_field().for_each(|(field, _)| self.ask_field(object, field));
                }
                Item::Typename(_) | Item::History(_) => {}
            }
        }
    }

    fn one(&mut self, object: ObjectIx, field: FieldIx, inner: &Selection, at: &[FieldIx]) {
        let target = self.catalog.object(object).field(field).target().unwrap_or(object);
        let mut way = at.to_vec();
        way.push(field);
        // The parts of a related record are one value of this record.
        let columns = std::mem::take(&mut self.columns);
        self.selection(target, inner, &way);
        self.all.columns = self.all.columns.max(self.columns);
        self.columns = columns;
        self.ask_field(object, field);
        self.join(way, target);
    }

    fn listing(&mut self, object: ObjectIx, listing: &Listing) {
        listing.order.iter().for_each(|order| self.path(object, &[], &order.path));
        if let Some(filter) = &listing.filter {
            self.filter(object, filter, true);
            if listing.wants_rows() && listing.wants_total() {
                // The total is counted in a select of its own, with the filter again.
                self.filter(object, filter, false);
            }
        }
        self.shown(object, listing);
    }

    fn shown(&mut self, object: ObjectIx, listing: &Listing) {
        for part in &listing.parts {
            match &part.what {
                ConnectionPart::Nodes(selection) => self.selection(object, selection, &[]),
                ConnectionPart::Edges(parts) => {
                    for part in parts {
                        if let EdgePart::Node(selection) = &part.what {
                            self.selection(object, selection, &[]);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn aggregation(&mut self, object: ObjectIx, aggregation: &Aggregation) {
        let grouped = |list: &mut Self| {
            aggregation.groups.iter().for_each(|group| list.path(object, &[], &group.path));
            aggregation.filter.iter().for_each(|filter| list.filter(object, filter, true));
        };
        grouped(self);
        // To count a reference, its record is joined.
        let known = self.catalog.object(object);
        for field in aggregation.measured() {
            self.ask_field(object, field);
            if let Some(relation) = known.field(field).relation() {
                self.join(vec![field], relation.target);
            }
        }
        for part in &aggregation.parts {
            if let AggregatePart::Top(listing) = &part.what {
                self.within(object, |list| {
                    grouped(list);
                    listing.order.iter().for_each(|order| list.path(object, &[], &order.path));
                });
                self.within(object, |list| list.shown(object, listing));
            }
        }
    }

    /// Measures a filter on records of an object. `held` says that it must hold, not only as one of several.
    fn filter(&mut self, object: ObjectIx, filter: &Filter, held: bool) {
        self.turned(object, filter, held, false);
    }

    /// Measures a filter that may be negated: a negated `Or` requires that each of its parts is false.
    fn turned(&mut self, object: ObjectIx, filter: &Filter, held: bool, not: bool) {
        match filter {
            Filter::And(all) | Filter::Or(all) => {
                let every = matches!(filter, Filter::And(_)) != not;
                let held = held && (every || all.len() == 1);
                for inner in all {
                    self.turned(object, inner, held, not);
                }
            }
            Filter::Not(inner) => self.turned(object, inner, held, !not),
            Filter::One(field, inner) | Filter::Many(field, _, inner) => {
                self.over();
                self.held += usize::from(held);
                self.led(object, *field, inner, held);
            }
            // An aggregate is computed for each record, so its relations are never `held`.
            Filter::Aggregate(field, inner, _) => {
                self.over();
                self.led(object, *field, inner, false);
            }
            Filter::Unset(field, _) => {
                for relation in self.catalog.object(object).relations_of(*field) {
                    self.over();
                    self.led(object, *relation, &Filter::And(Vec::new()), false);
                }
            }
            Filter::Mine(_) => self.over(),
            Filter::Field(field, _) => self.ask_field(object, *field),
            Filter::Search(_) => {}
        }
    }

    fn led(&mut self, object: ObjectIx, field: FieldIx, inner: &Filter, held: bool) {
        self.ask_field(object, field);
        if let Some(target) = self.catalog.object(object).field(field).target() {
            self.ask(target);
            self.filter(target, inner, held);
        }
    }
}
