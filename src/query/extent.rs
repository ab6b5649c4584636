//! How large the statement of a wish gets: told of the wish alone, before a statement is made of it.

use std::collections::BTreeSet;

use super::{
    aggregate::{AggregatePart, Aggregation},
    filter::Filter,
    find::{ConnectionPart, EdgePart, Find, Item, Listing, Selection, What},
};
use crate::catalog::{Catalog, FieldIx, ObjectIx};

/// How large statements get.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Extent {
    /// Relations that they lead over: those joined, each once in a list, those in conditions, and the lists.
    pub joins: usize,
    /// The same of the one list with the most that are joined.
    pub widest: usize,
    /// Values of the one record with the most.
    pub columns: usize,
}

impl Extent {
    /// Adds what another statement comes to.
    pub fn add(&mut self, other: Self) {
        self.joins = self.joins.saturating_add(other.joins);
        self.widest = self.widest.max(other.widest);
        self.columns = self.columns.max(other.columns);
    }

    /// What is selected of one record.
    pub fn of_record(catalog: &Catalog, object: ObjectIx, selection: &Selection) -> Self {
        let mut list = List::new(catalog);
        list.selection(object, selection, &[]);
        list.end()
    }

    /// What a condition leads over.
    pub fn of_filter(catalog: &Catalog, filter: &Filter) -> Self {
        let mut list = List::new(catalog);
        list.filter(filter);
        list.end()
    }
}

impl Find {
    /// How large its statement gets.
    pub fn extent(&self, catalog: &Catalog) -> Extent {
        let mut list = List::new(catalog);
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
    joined: BTreeSet<Vec<FieldIx>>,
    columns: usize,
    all: Extent,
}

impl<'c> List<'c> {
    fn new(catalog: &'c Catalog) -> Self {
        Self { catalog, joined: BTreeSet::new(), columns: 0, all: Extent::default() }
    }

    fn end(mut self) -> Extent {
        let joined = self.joined.len();
        self.all.add(Extent { joins: joined, widest: joined, columns: self.columns });
        self.all
    }

    /// A list of its own within the statement.
    fn within(&mut self, read: impl FnOnce(&mut Self)) {
        let mut list = Self::new(self.catalog);
        read(&mut list);
        self.all.add(list.end());
        self.over();
    }

    /// One more relation, in a select of its own.
    fn over(&mut self) {
        self.all.joins = self.all.joins.saturating_add(1);
    }

    /// The relations of a path, whose last step is a field.
    fn path(&mut self, path: &[FieldIx]) {
        for end in 1..path.len() {
            self.joined.extend(path.get(..end).map(<[_]>::to_vec));
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
                    self.joined.insert(way);
                }
                Item::Many(field, listing) | Item::Connection(field, listing) => {
                    self.within(|list| list.listing(target(field), listing));
                }
                Item::Responsible(lines, _, listing) => {
                    let line = self.catalog.object(target(lines));
                    let employee = line.named("employee").and_then(|(_, field)| field.target());
                    self.over();
                    self.within(|list| list.listing(employee.unwrap_or(object), listing));
                }
                Item::Title(path) => {
                    for end in 1..path.len() {
                        let way = at.iter().chain(path.iter().take(end)).copied().collect();
                        self.joined.insert(way);
                    }
                }
                Item::Aggregate(field, aggregation) => {
                    self.within(|list| list.aggregation(target(field), aggregation));
                }
                Item::Typename(_)
                | Item::Field(_)
                | Item::History(_)
                | Item::Can(_)
                | Item::States(..) => {}
            }
        }
    }

    fn listing(&mut self, object: ObjectIx, listing: &Listing) {
        listing.order.iter().for_each(|order| self.path(&order.path));
        if let Some(filter) = &listing.filter {
            self.filter(filter);
            if listing.wants_rows() && listing.wants_total() {
                self.filter(filter);
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
            aggregation.groups.iter().for_each(|group| list.path(&group.path));
            aggregation.filter.iter().for_each(|filter| list.filter(filter));
        };
        grouped(self);
        // Of a reference that is counted the record is looked for.
        let known = self.catalog.object(object);
        let measured = aggregation.measured().into_iter();
        let counted = measured.filter(|field| known.field(*field).relation().is_some());
        self.joined.extend(counted.map(|field| vec![field]));
        for part in &aggregation.parts {
            if let AggregatePart::Top(listing) = &part.what {
                self.within(|list| {
                    grouped(list);
                    listing.order.iter().for_each(|order| list.path(&order.path));
                });
                self.within(|list| list.shown(object, listing));
            }
        }
    }

    fn filter(&mut self, filter: &Filter) {
        match filter {
            Filter::And(all) | Filter::Or(all) => all.iter().for_each(|inner| self.filter(inner)),
            Filter::Not(inner) => self.filter(inner),
            Filter::One(_, inner) | Filter::Many(_, _, inner) | Filter::Aggregate(_, inner, _) => {
                self.over();
                self.filter(inner);
            }
            Filter::Mine(_) => self.over(),
            Filter::Field(..) | Filter::Search(_) => {}
        }
    }
}
