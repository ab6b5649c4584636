//! How large the statement of a wish gets: told of the wish alone, before a statement is made of it.

use std::collections::BTreeSet;

use super::{
    aggregate::{AggregatePart, Aggregation},
    filter::Filter,
    find::{CanPart, ConnectionPart, EdgePart, Find, Item, Listing, Selection, What},
};
use crate::{
    access::{Access, Action},
    catalog::{Catalog, FieldIx, ObjectIx},
};

/// How large statements get.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Extent {
    /// Relations that they lead over: those joined, each once in a list, those in conditions, and the lists.
    pub joins: usize,
    /// The same of the one list with the most that the database may take in any order: those joined, and those in
    /// conditions that all have to hold.
    pub widest: usize,
    /// What rights ask of all of them, of the records listed and of their fields, in selects of their own.
    pub asked: usize,
    /// Values of the one record with the most.
    pub columns: usize,
}

impl Extent {
    /// Adds what another statement comes to.
    pub fn add(&mut self, other: Self) {
        self.joins = self.joins.saturating_add(other.joins);
        self.widest = self.widest.max(other.widest);
        self.asked = self.asked.saturating_add(other.asked);
        self.columns = self.columns.max(other.columns);
    }

    /// What is selected of one record.
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

    /// What a condition on records of an object leads over.
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
    /// How large its statement gets.
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

/// One list of records being looked at.
struct List<'c> {
    catalog: &'c Catalog,
    access: &'c Access,
    joined: BTreeSet<Vec<FieldIx>>,
    /// Relations in conditions that all have to hold.
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

    /// Whether they may be read is asked of records of an object.
    fn ask(&mut self, object: ObjectIx) {
        self.ask_for(object, Action::Read);
    }

    /// Whether an action is open is asked of them.
    fn ask_for(&mut self, object: ObjectIx, action: Action) {
        let rule = self.access.row_rule(self.catalog.object(object), action);
        self.all.asked = self.all.asked.saturating_add(rule.selects());
    }

    /// The same of a field of them.
    fn ask_field(&mut self, object: ObjectIx, field: FieldIx) {
        if let Some(rule) = self.access.field_rule(object, field) {
            self.all.asked = self.all.asked.saturating_add(rule.selects());
        }
    }

    /// One more relation of the list, if it is not joined yet.
    fn join(&mut self, way: Vec<FieldIx>, target: ObjectIx) {
        if self.joined.insert(way) {
            self.ask(target);
        }
    }

    /// A list of its own within the statement.
    fn within(&mut self, object: ObjectIx, read: impl FnOnce(&mut Self)) {
        let mut list = Self::new(self.catalog, self.access, object);
        read(&mut list);
        self.all.add(list.end());
        self.over();
    }

    /// One more relation, in a select of its own.
    fn over(&mut self) {
        self.all.joins = self.all.joins.saturating_add(1);
    }

    /// The relations of a path from a record that is reached by a way, whose last step is a field.
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
                Item::Can(parts) => parts.len(),
                Item::States(named, _) => named.as_ref().map_or(known.fields.len(), Vec::len),
                _ => 1,
            };
            let target = |field: &FieldIx| known.field(*field).target().unwrap_or(object);
            match &part.what {
                Item::One(field, inner) => {
                    let mut way = at.to_vec();
                    way.push(*field);
                    // Those of a related record are one value of this one.
                    let columns = std::mem::take(&mut self.columns);
                    self.selection(target(field), inner, &way);
                    self.all.columns = self.all.columns.max(self.columns);
                    self.columns = columns;
                    self.ask_field(object, *field);
                    self.join(way, target(field));
                }
                Item::Many(field, listing) | Item::Connection(field, listing) => {
                    self.within(target(field), |list| list.listing(target(field), listing));
                }
                Item::Responsible(lines, _, listing) => {
                    let line = self.catalog.object(target(lines));
                    let employee = line.named("employee").and_then(|(_, field)| field.target());
                    let employee = employee.unwrap_or(object);
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
                        if let CanPart::Action(action) = part.what {
                            self.ask_for(object, action);
                        }
                    }
                }
                Item::States(..) => {
                    known.each_field().for_each(|(field, _)| self.ask_field(object, field));
                }
                Item::Typename(_) | Item::History(_) => {}
            }
        }
    }

    fn listing(&mut self, object: ObjectIx, listing: &Listing) {
        listing.order.iter().for_each(|order| self.path(object, &[], &order.path));
        if let Some(filter) = &listing.filter {
            self.filter(object, filter, true);
            if listing.wants_rows() && listing.wants_total() {
                // That is counted in a select of its own.
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
        // Of a reference that is counted the record is looked for.
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

    /// A condition on records of an object; `held` where it has to hold, and not only one of several.
    fn filter(&mut self, object: ObjectIx, filter: &Filter, held: bool) {
        self.turned(object, filter, held, false);
    }

    /// The same, negated or not: what is not one of several is none of them.
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
            // What is added up is asked for each record.
            Filter::Aggregate(field, inner, _) => {
                self.over();
                self.led(object, *field, inner, false);
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
