//! Parses selections of records into intents.

use std::{str::FromStr, sync::Arc};

use async_graphql::{Value as Given, parser::types::Field as Asked};
use chrono::{DateTime, Utc};

use super::{
    argument_parts::items,
    faults,
    names::{
        ACTIONS, AGGREGATE, FIELD_STATE, FIELD_STATES, HISTORY, MERGE, RECORD_ACTION,
        RECORD_ACTIONS, RESPONSIBLE, TITLE,
    },
};
use crate::{
    access::Action,
    base::{Error, Result},
    catalog::{EMPLOYEES, Field, FieldIx, FieldType, Object, ObjectIx, ObjectKind},
    graphql::{
        optional,
        reader::{Args, SelectionReader},
    },
    query::{
        CanPart, ConnectionPart, EdgePart, Item, Listing, Moment, MovePart, Nulls, Order,
        PageInfoPart, Part, Selection, StatePart,
    },
};

/// Default number of records in a group's `top`.
const TOP: u32 = 3;
/// Default number of records in a plain list.
const PLAIN_LIST: u32 = 1_000;

impl<'r> SelectionReader<'r> {
    /// The same reader as of an instant.
    pub(super) fn at(&self, instant: DateTime<Utc>) -> Self {
        Self { args: Args { now: instant, ..self.args }, ..*self }
    }

    /// Parses the selection of a record.
    pub(super) fn record(&self, object: &Object, fields: &[&'r Asked]) -> Result<Selection> {
        let sets: Vec<_> = fields.iter().map(|field| &field.selection_set.node).collect();
        let mut selection = Selection::default();
        for (key, fields) in self.collect(&sets, &object.name) {
            let Some(first) = fields.first() else { continue };
            let name = first.name.node.as_str();
            if name == "__typename" {
                selection
                    .0
                    .push(Part { key, what: Item::Typename(optional::told(first, &object.name)) });
                continue;
            }
            if let Some(what) = self.about(object, name, first, &fields)? {
                selection.0.push(Part { key, what });
                continue;
            }
            if let Some(what) = self.aggregate(object, first, &fields)? {
                selection.0.push(Part { key, what });
                continue;
            }
            let what = match object.called(name) {
                Some(known) => self.item(object, known, first, &fields)?,
                None if object.leads_into(name) => Item::Group(self.group(object, name, &fields)?),
                None => return Err(unknown(&object.name, name)),
            };
            selection.0.push(Part { key, what });
        }
        Ok(selection)
    }

    /// Parses the selection of a field of a record.
    pub(super) fn item(
        &self,
        object: &Object,
        (ix, field): (FieldIx, &Field),
        first: &'r Asked,
        fields: &[&'r Asked],
    ) -> Result<Item> {
        Ok(match (&field.ty, field.target()) {
            (FieldType::Relation(_), Some(target)) => {
                let target = self.args.catalog.object(target);
                Item::One(ix, self.record(target, fields)?)
            }
            (FieldType::Union(_), _) => self.one_of(object, ix, fields)?,
            (FieldType::Inverse(_), Some(target)) if self.has_list(target) => {
                Item::Connection(ix, Box::new(self.connection(target, first, fields)?))
            }
            (_, Some(target)) => Item::Many(ix, Box::new(self.plain(target, first, fields)?)),
            (_, None) => Item::Field(ix),
        })
    }

    /// Parses fields that every record has besides its own.
    fn about(
        &self,
        object: &Object,
        name: &str,
        field: &'r Asked,
        fields: &[&'r Asked],
    ) -> Result<Option<Item>> {
        Ok(Some(match name {
            "_can" => self.can(fields)?,
            ACTIONS if object.flow.is_some() || !object.actions.is_empty() => self.moves(fields)?,
            FIELD_STATES => self.states(object, field, fields)?,
            TITLE => Item::Title(self.args.catalog.way_to_title(object)),
            HISTORY if object.kind != ObjectKind::Line => {
                Item::History(Arc::new(self.history(object, field, fields)?))
            }
            RESPONSIBLE => {
                let Some((lines, _)) = object.named(EMPLOYEES) else { return Ok(None) };
                let employee = self.args.catalog.employees_of(object.ix, lines);
                let Some(employee) = employee else { return Ok(None) };
                let listing = self.plain(employee, field, fields)?;
                Item::Responsible(lines, Moment(self.args.now), Box::new(listing))
            }
            _ => return Ok(None),
        }))
    }

    /// Parses aggregates of a list: `contactsAggregate` for `contacts`.
    fn aggregate(
        &self,
        object: &Object,
        field: &'r Asked,
        fields: &[&'r Asked],
    ) -> Result<Option<Item>> {
        let Some(list) = field.name.node.strip_suffix(AGGREGATE) else { return Ok(None) };
        let Some((ix, known)) = object.called(list) else { return Ok(None) };
        let Some(target) = known.target().filter(|_| known.relation().is_none()) else {
            return Ok(None);
        };
        let aggregation = self.aggregation(target, field, fields)?;
        Ok(Some(Item::Aggregate(ix, Box::new(aggregation))))
    }

    fn can(&self, fields: &[&'r Asked]) -> Result<Item> {
        let sets: Vec<_> = fields.iter().map(|field| &field.selection_set.node).collect();
        let mut parts = Vec::new();
        for (key, fields) in self.collect(&sets, RECORD_ACTIONS) {
            let Some(first) = fields.first() else { continue };
            let what = match first.name.node.as_str() {
                "__typename" => CanPart::Typename(optional::told(first, RECORD_ACTIONS)),
                MERGE => CanPart::All(vec![Action::Edit, Action::Delete]),
                name => Action::from_str(name)
                    .map(|action| CanPart::All(vec![action]))
                    .map_err(|_unknown| unknown(RECORD_ACTIONS, name))?,
            };
            parts.push(Part { key, what });
        }
        Ok(Item::Can(parts))
    }

    /// Parses `_actions { name code allowed because }`.
    fn moves(&self, fields: &[&'r Asked]) -> Result<Item> {
        let sets: Vec<_> = fields.iter().map(|field| &field.selection_set.node).collect();
        let mut parts = Vec::new();
        for (key, fields) in self.collect(&sets, RECORD_ACTION) {
            let Some(first) = fields.first() else { continue };
            let what = match first.name.node.as_str() {
                "__typename" => MovePart::Typename(optional::told(first, RECORD_ACTION)),
                "name" => MovePart::Name,
                "code" => MovePart::Code,
                "allowed" => MovePart::Allowed,
                "because" => MovePart::Because,
                name => return Err(unknown(RECORD_ACTION, name)),
            };
            parts.push(Part { key, what });
        }
        Ok(Item::Moves(parts))
    }

    /// Parses `_fieldStates(fields: ["name"]) { field state }`. Hidden and unknown names are ignored alike,
    /// so that one document serves all roles.
    fn states(&self, object: &Object, field: &Asked, fields: &[&'r Asked]) -> Result<Item> {
        let named = match self.arguments(field).get("fields") {
            None | Some(Given::Null) => None,
            Some(given) => {
                let names = items(given);
                self.args.tally.list(names.len())?;
                let known = names.into_iter().filter_map(|name| match name {
                    Given::String(name) => object.called(name).map(|(ix, _)| ix),
                    _ => None,
                });
                let mut known: Vec<_> = known.collect();
                known.sort_unstable();
                known.dedup();
                Some(known)
            }
        };
        let sets: Vec<_> = fields.iter().map(|field| &field.selection_set.node).collect();
        let mut parts = Vec::new();
        for (key, fields) in self.collect(&sets, FIELD_STATE) {
            let Some(first) = fields.first() else { continue };
            let what = match first.name.node.as_str() {
                "__typename" => StatePart::Typename(optional::told(first, FIELD_STATE)),
                "field" => StatePart::Field,
                "state" => StatePart::State,
                name => return Err(unknown(FIELD_STATE, name)),
            };
            parts.push(Part { key, what });
        }
        Ok(Item::States(named, parts))
    }

    fn has_list(&self, object: ObjectIx) -> bool {
        self.args.catalog.object(object).plural.is_some()
    }

    fn listing(&self, object: ObjectIx, field: &Asked, size: u32) -> Result<Listing> {
        let given = self.arguments(field);
        let mut listing = Listing { page: self.args.page(&given, size)?, ..Listing::default() };
        listing.filter = self.args.narrowed(object, &given)?;
        match given.get("orderBy") {
            None | Some(Given::Null) => {}
            Some(orders) => {
                listing.order =
                    self.args.orders(object, orders).map_err(|e| e.within("orderBy"))?;
            }
        }
        Ok(listing)
    }

    /// Parses the first records of a group.
    pub(super) fn first(
        &self,
        object: ObjectIx,
        field: &Asked,
        fields: &[&'r Asked],
    ) -> Result<Listing> {
        let mut listing = self.listing(object, field, TOP)?;
        // A record without a value is not the largest of its group.
        for order in listing.order.iter_mut().filter(|order| order.nulls == Nulls::Usual) {
            order.nulls = Nulls::Last;
        }
        let nodes = self.record(self.args.catalog.object(object), fields)?;
        listing.parts = vec![Part { key: String::new(), what: ConnectionPart::Nodes(nodes) }];
        Ok(listing)
    }

    /// Parses a list without pages: lines or many-to-many members.
    fn plain(&self, object: ObjectIx, field: &Asked, fields: &[&'r Asked]) -> Result<Listing> {
        let known = self.args.catalog.object(object);
        let mut listing = self.listing(object, field, PLAIN_LIST)?;
        listing.page.offset = self.args.offset(&self.arguments(field))?;
        if let (true, Some(ix)) = (known.plural.is_none(), known.system.line_no) {
            listing.order = vec![Order { path: vec![ix], ..Order::default() }];
        }
        let nodes = self.record(known, fields)?;
        listing.parts = vec![Part { key: String::new(), what: ConnectionPart::Nodes(nodes) }];
        Ok(listing)
    }

    /// Parses a connection: edges, nodes, page and total.
    pub(super) fn connection(
        &self,
        object: ObjectIx,
        field: &Asked,
        fields: &[&'r Asked],
    ) -> Result<Listing> {
        let before = self.args.tally.mark();
        let mut listing = self.listing(object, field, self.args.limits.page)?;
        let filtered = self.args.tally.mark();
        let known = self.args.catalog.object(object);
        let ty = format!("{}Connection", known.name);
        let sets: Vec<_> = fields.iter().map(|field| &field.selection_set.node).collect();
        for (key, fields) in self.collect(&sets, &ty) {
            let Some(first) = fields.first() else { continue };
            let what = match first.name.node.as_str() {
                "__typename" => ConnectionPart::Typename(optional::told(first, &ty)),
                "totalCount" => ConnectionPart::TotalCount,
                "nodes" => ConnectionPart::Nodes(self.record(known, &fields)?),
                "edges" => ConnectionPart::Edges(self.edges(known, &fields)?),
                "pageInfo" => ConnectionPart::PageInfo(self.page_info(&fields)?),
                name => return Err(unknown(&ty, name)),
            };
            listing.parts.push(Part { key, what });
        }
        if listing.wants_rows() && listing.wants_total() {
            self.args.tally.again(before, filtered, 1, self.args.limits)?;
        }
        Ok(listing)
    }

    fn edges(&self, object: &Object, fields: &[&'r Asked]) -> Result<Vec<Part<EdgePart>>> {
        let ty = format!("{}Edge", object.name);
        let sets: Vec<_> = fields.iter().map(|field| &field.selection_set.node).collect();
        let mut parts = Vec::new();
        for (key, fields) in self.collect(&sets, &ty) {
            let Some(first) = fields.first() else { continue };
            let what = match first.name.node.as_str() {
                "__typename" => EdgePart::Typename(optional::told(first, &ty)),
                "cursor" => EdgePart::Cursor,
                "node" => EdgePart::Node(self.record(object, &fields)?),
                name => return Err(unknown(&ty, name)),
            };
            parts.push(Part { key, what });
        }
        Ok(parts)
    }

    pub(super) fn page_info(&self, fields: &[&'r Asked]) -> Result<Vec<Part<PageInfoPart>>> {
        let sets: Vec<_> = fields.iter().map(|field| &field.selection_set.node).collect();
        let mut parts = Vec::new();
        for (key, fields) in self.collect(&sets, "PageInfo") {
            let Some(first) = fields.first() else { continue };
            let what = match first.name.node.as_str() {
                "__typename" => PageInfoPart::Typename(optional::told(first, "PageInfo")),
                "hasNextPage" => PageInfoPart::HasNextPage,
                "hasPreviousPage" => PageInfoPart::HasPreviousPage,
                "startCursor" => PageInfoPart::StartCursor,
                "endCursor" => PageInfoPart::EndCursor,
                name => return Err(unknown("PageInfo", name)),
            };
            parts.push(Part { key, what });
        }
        Ok(parts)
    }
}

pub(super) fn unknown(ty: &str, field: &str) -> Error {
    faults::unknown_field(field, ty)
}
