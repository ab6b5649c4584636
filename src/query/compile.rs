//! From plan to statement: one SQL statement for each plan, whatever its depth.
//!
//! The database builds nested parts as positional JSON arrays, on both dialects. The root differs, because
//! measurements showed it to be faster. SQLite returns the whole page as one text:
//!
//! ```sql
//! SELECT (SELECT concat('[', group_concat(json_array(p.c0, json(p.c1)), ','), ']') FROM (
//!   SELECT t0.code AS c0, (SELECT concat(…) …) AS c1 FROM customer t0 … LIMIT 51) p)
//! ```
//!
//! PostgreSQL returns typed columns, and `storage` writes the JSON:
//!
//! ```sql
//! SELECT t0.code, (SELECT COALESCE(json_agg(x.r), '[]') …) FROM customer t0 … LIMIT 51
//! ```

use std::{collections::HashMap, sync::Arc};

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Func, SelectStatement, Values};

use super::{
    creation_order::Newest,
    cursor::Seal,
    find::{ConnectionPart, EdgePart, Item, Listing, Part, Selection, What},
    further_pages::{Way, placed},
    group::From,
    keyset::Key,
    plan::Plan,
    row_builder::RowBuilder,
    shape::{ConnectionShape, ConnectionSlot, EdgeSlot, Leaf, ObjectShape, RowsShape, Slot},
};
use crate::{
    base::{Error, Result},
    catalog::{Catalog, Field, FieldIx, FieldType, ObjectIx, Storage},
    sql::Dialect,
};

/// A statement ready to run.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// SQL text. It depends on the form of the plan and of the rights, never on values.
    pub sql: Arc<str>,
    /// Bound values.
    pub values: Values,
    /// How its rows become JSON.
    pub root: Arc<RootShape>,
}

/// The form of a statement's rows.
#[derive(Debug, Clone, PartialEq)]
pub enum RootShape {
    /// No row, or one row with the record's parts. On SQLite it has one column: the record as JSON.
    One(ObjectShape),
    /// A connection. SQLite: one row, with the columns that `rows` and `total` name. PostgreSQL: one row per
    /// record, with `total` in a column of its own if it is selected.
    List(ConnectionShape),
    /// One row of one column: a JSON array of rows.
    Rows(RowsShape),
}

/// Compiles a plan. `seal` opens the cursors that the caller gave.
pub fn compile(plan: &Plan, catalog: &Catalog, dialect: Dialect, seal: &Seal) -> Result<Statement> {
    let mut compiler = Compiler {
        plan,
        catalog,
        dialect,
        seal,
        aliases: 0,
        of_all: false,
        negated: false,
        newest: None,
        joins: HashMap::new(),
    };
    let (select, root) = match &plan.find.what {
        What::One { key, selection } => compiler.one_root(key, selection)?,
        What::List(listing) => compiler.list_root(listing)?,
        What::Aggregate(aggregation) => compiler.aggregate_root(aggregation)?,
    };
    let (sql, values) = dialect.print(&select);
    Ok(Statement { sql: sql.into(), values, root: Arc::new(placed(root)) })
}

/// The state while one plan is compiled.
pub(super) struct Compiler<'c> {
    pub(super) plan: &'c Plan,
    pub(super) catalog: &'c Catalog,
    pub(super) dialect: Dialect,
    seal: &'c Seal,
    aliases: usize,
    /// The current expression is evaluated for all records, not only for a page.
    pub(super) of_all: bool,
    /// The current expression is under a `NOT`.
    pub(super) negated: bool,
    /// The order columns of the current page, if it is read in creation order.
    pub(super) newest: Option<Newest>,
    /// The alias of a joined record, by the alias and the relation that lead to it.
    joins: HashMap<(String, FieldIx), String>,
}

/// Where a record's parts are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum RowFormat {
    /// In a JSON row.
    Json,
    /// As typed columns.
    Typed,
}

impl<'c> Compiler<'c> {
    /// A compiler of the same plan, to try what a part of the statement comes to. Nothing of it goes into this one's.
    pub(super) fn trial(&self) -> Self {
        Self { negated: false, newest: None, joins: HashMap::new(), ..*self }
    }

    /// A fresh table alias.
    pub(super) fn alias(&mut self) -> String {
        self.aliases += 1;
        format!("t{}", self.aliases)
    }

    /// Whether one record is asked for, not a list.
    pub(super) fn of_one(&self) -> bool {
        matches!(self.plan.find.what, What::One { .. })
    }

    /// A field's column at an alias.
    pub(super) fn column(&self, alias: &str, field: &Field) -> Result<Expr> {
        let column = field
            .column
            .as_deref()
            .ok_or_else(|| Error::internal(format!("`{}` has no column", field.name)))?;
        Ok(Expr::col((Alias::new(alias), Alias::new(column))))
    }

    pub(super) fn root_place(&self) -> RowFormat {
        match self.dialect {
            Dialect::Sqlite => RowFormat::Json,
            Dialect::Postgres => RowFormat::Typed,
        }
    }

    /// `SELECT count(*) AS total …` under the filter of a listing.
    pub(super) fn count(
        &mut self,
        object: ObjectIx,
        listing: &Listing,
        mut select: SelectStatement,
        alias: &str,
    ) -> Result<SelectStatement> {
        select.clear_selects();
        select.expr_as(Func::count(Expr::Constant(1.into())), Alias::new("total"));
        if let Some(filter) = &listing.filter {
            let filter = self.filter(object, alias, filter)?;
            select.and_where(filter);
        }
        Ok(select)
    }

    /// Fills a page's select with parts, order keys, filter, cursor condition, order and
    /// limit. Returns its shape.
    pub(super) fn page(
        &mut self,
        object: ObjectIx,
        alias: &str,
        listing: &Listing,
        select: &mut SelectStatement,
        row: &mut RowBuilder,
        place: RowFormat,
    ) -> Result<ConnectionShape> {
        let mut parts = Vec::new();
        for part in &listing.parts {
            let slot = match &part.what {
                ConnectionPart::Typename(name) => ConnectionSlot::Typename(name.clone()),
                ConnectionPart::TotalCount => ConnectionSlot::Total,
                ConnectionPart::PageInfo(parts) => ConnectionSlot::PageInfo(
                    parts.iter().map(|part| (part.key.clone(), part.what.clone())).collect(),
                ),
                ConnectionPart::Nodes(selection) => ConnectionSlot::Nodes(
                    self.selection(object, alias, selection, row, select, place)?,
                ),
                ConnectionPart::Edges(edges) => ConnectionSlot::Edges(
                    edges
                        .iter()
                        .map(|edge| self.edge(object, alias, edge, row, select, place))
                        .collect::<Result<_>>()?,
                ),
            };
            parts.push((part.key.clone(), slot));
        }
        let keys = self.keys(object, alias, &listing.order, select)?;
        let list = self.list_name(object, listing);
        let key_part = listing.wants_cursors().then(|| row.add_json(self.key_part(&keys, place)));
        let page = &listing.page;
        self.order_by(select, &keys, page.backward);
        if !self.newest.as_ref().is_some_and(|newest| newest.narrows(alias)) {
            self.narrow(object, alias, listing, &keys, select)?;
        }
        select.limit(u64::from(page.size) + 1);
        if page.offset > 0 {
            select.offset(page.offset.into());
        }
        Ok(ConnectionShape {
            rows: None,
            total: None,
            size: page.size as usize,
            backward: page.backward,
            continued: page.cursor.is_some(),
            keys: key_part,
            list,
            way: Way::default(),
            parts,
        })
    }

    /// Adds a listing's filter and the condition of its cursor to a select.
    pub(super) fn narrow(
        &mut self,
        object: ObjectIx,
        alias: &str,
        listing: &Listing,
        keys: &[Key<'_>],
        select: &mut SelectStatement,
    ) -> Result<()> {
        if let Some(filter) = &listing.filter {
            let filter = self.filter(object, alias, filter)?;
            select.and_where(filter);
        }
        if let Some(cursor) = &listing.page.cursor {
            let at = self.seal.open(&self.list_name(object, listing), cursor)?;
            let behind = self.behind(keys, &at, listing.page.backward)?;
            select.and_where(behind);
        }
        Ok(())
    }

    fn edge(
        &mut self,
        object: ObjectIx,
        alias: &str,
        edge: &Part<EdgePart>,
        row: &mut RowBuilder,
        select: &mut SelectStatement,
        place: RowFormat,
    ) -> Result<(String, EdgeSlot)> {
        let slot = match &edge.what {
            EdgePart::Typename(name) => EdgeSlot::Typename(name.clone()),
            EdgePart::Cursor => EdgeSlot::Cursor,
            EdgePart::Node(selection) => {
                EdgeSlot::Node(self.selection(object, alias, selection, row, select, place)?)
            }
        };
        Ok((edge.key.clone(), slot))
    }

    /// The order keys of a row as a JSON array, which its cursor seals.
    fn key_part(&self, keys: &[Key<'_>], place: RowFormat) -> Expr {
        let parts = keys
            .iter()
            .map(|key| self.dialect.typed_part(key.column.clone(), &key.field.ty))
            .collect();
        let row = self.dialect.json_row(parts);
        match place {
            RowFormat::Json => row,
            RowFormat::Typed => row.cast_as(Alias::new("text")),
        }
    }

    /// The name that the cursors of a list are bound to: its object and its order.
    fn list_name(&self, object: ObjectIx, listing: &Listing) -> String {
        let mut name = self.catalog.object(object).name.clone();
        for order in &listing.order {
            let mut at = object;
            name.push('|');
            for step in &order.path {
                let field = self.catalog.object(at).field(*step);
                name.push_str(&field.name);
                name.push(if matches!(field.ty, FieldType::AutoNumber(_)) { '#' } else { '.' });
                at = field.target().unwrap_or(at);
            }
            name.push(if order.descending { '-' } else { '+' });
            if order.nulls.first(order.descending) != order.descending {
                name.push('0');
            }
        }
        name
    }

    /// Adds the selected parts of the record at `alias` to a row.
    pub(super) fn selection(
        &mut self,
        object: ObjectIx,
        alias: &str,
        selection: &Selection,
        row: &mut RowBuilder,
        select: &mut SelectStatement,
        place: RowFormat,
    ) -> Result<ObjectShape> {
        let mut counted = Vec::new();
        let mut shape =
            self.selected(object, alias, selection, row, select, place, &mut counted)?;
        if self.plan.counted && self.catalog.object(object).guarded() {
            let id = Expr::col((Alias::new(alias), Alias::new("id")));
            counted.push(row.add(id));
        }
        // Counted slots come last, because they write nothing, not even a comma.
        shape.0.extend(counted.into_iter().map(|at| (String::new(), Slot::Counted(at))));
        Ok(shape)
    }

    /// Adds selected parts to a row, and notes the ids of records that count as read.
    fn selected(
        &mut self,
        object: ObjectIx,
        alias: &str,
        selection: &Selection,
        row: &mut RowBuilder,
        select: &mut SelectStatement,
        place: RowFormat,
        counted: &mut Vec<usize>,
    ) -> Result<ObjectShape> {
        let mut shape = ObjectShape::default();
        for part in &selection.0 {
            let slot = match &part.what {
                Item::Typename(name) => Slot::Typename(name.clone()),
                Item::Field(ix) => self.value(object, alias, *ix, row, place)?,
                Item::Group(inner) => {
                    Slot::Inline(self.selected(object, alias, inner, row, select, place, counted)?)
                }
                Item::Title(path) => {
                    let (title, named) = self.title((object, alias), path, row, select, place)?;
                    counted.extend(named);
                    title
                }
                Item::One(field, inner) => {
                    self.related_one(object, alias, *field, inner, row, select, place)?
                }
                Item::OneOf(_, each) => {
                    self.related_one_of(object, alias, each, row, select, place)?
                }
                Item::Many(field, listing) => {
                    let mut places = RowBuilder::default();
                    let nested = self.nested(object, alias, *field, listing, &mut places)?;
                    self.plain(nested, listing, places, row, place)?
                }
                Item::Responsible(field, at, listing) => {
                    let mut places = RowBuilder::default();
                    let employee = self.catalog.employees_of(object, *field);
                    let employee =
                        employee.ok_or_else(|| Error::internal("employees lack a field"))?;
                    let from: From<'_> = &mut |compiler, next| {
                        compiler.responsible(object, alias, (*field, *at), next)
                    };
                    let nested = self.connection(employee, listing, &mut places, false, from)?;
                    self.plain(nested, listing, places, row, place)?
                }
                Item::Connection(field, listing) => {
                    let mut places = RowBuilder::default();
                    let mut nested = self.nested(object, alias, *field, listing, &mut places)?;
                    let at: Vec<_> =
                        places.values().map(|part| row.add_json(self.shown(part, place))).collect();
                    nested.rows = nested.rows.and_then(|ix| at.get(ix).copied());
                    nested.total = nested.total.and_then(|ix| at.get(ix).copied());
                    Slot::Connection(Box::new(nested))
                }
                Item::Aggregate(field, aggregation) => {
                    let (rows, shape) = self.aggregates(aggregation, &mut |compiler, next| {
                        compiler.related(object, alias, *field, next)
                    })?;
                    Slot::Many(row.add_json(self.shown(rows, place)), shape)
                }
                Item::History(listing) => {
                    let id = row.add(Expr::col((Alias::new(alias), Alias::new("id"))));
                    let listing = Arc::clone(listing);
                    Slot::Later { id, object, listing, way: Way::default() }
                }
                Item::Can(parts) => Slot::Inline(self.can(object, alias, parts, row)?),
                Item::Moves(parts) => Slot::Listed(self.moves(object, alias, parts, row)?),
                Item::States(named, parts) => {
                    let asked = (named.as_deref(), parts.as_slice());
                    Slot::Listed(self.field_states(object, alias, asked, row)?)
                }
            };
            shape.0.push((part.key.clone(), slot));
        }
        Ok(shape)
    }

    /// Nested JSON; as a typed column it is cast to text.
    pub(super) fn shown(&self, part: Expr, place: RowFormat) -> Expr {
        match place {
            RowFormat::Json => part,
            RowFormat::Typed => part.cast_as(Alias::new("text")),
        }
    }

    /// `LEFT JOIN employee t2 ON t2.id = t1.owner_id`, and
    /// `CASE WHEN t2.id IS NOT NULL THEN json_array(…) END`.
    pub(super) fn related_one(
        &mut self,
        object: ObjectIx,
        alias: &str,
        field: FieldIx,
        inner: &Selection,
        row: &mut RowBuilder,
        select: &mut SelectStatement,
        place: RowFormat,
    ) -> Result<Slot> {
        let (target, next) = self.led_to(object, alias, field, select)?;
        let mut nested = RowBuilder::default();
        let shape = self.selection(target, &next, inner, &mut nested, select, RowFormat::Json)?;
        let there = Expr::col((Alias::new(&next), Alias::new("id"))).is_not_null();
        // SQLite's CASE drops the mark that the row is JSON, so it is added as JSON again.
        let json = self.dialect.when(there, nested.json(self.dialect));
        Ok(Slot::One(row.add_json(self.shown(json, place)), shape))
    }

    /// Joins the record that a relation of the record at `alias` leads to; returns its object and its alias.
    /// Each relation is joined once, however often it is used. INVARIANT: an alias belongs to one select.
    pub(super) fn led_to(
        &mut self,
        object: ObjectIx,
        alias: &str,
        field: FieldIx,
        select: &mut SelectStatement,
    ) -> Result<(ObjectIx, String)> {
        let relation = self.catalog.object(object).field(field);
        let target = relation.target().ok_or_else(|| Error::internal("not a relation"))?;
        let way = (alias.to_owned(), field);
        if let Some(next) = self.joins.get(&way) {
            return Ok((target, next.clone()));
        }
        let reference = self.column(alias, relation)?;
        let next = self.alias();
        let on = self.joined_on(target, &next, reference)?;
        self.put_join(target, &next, on, select);
        self.joins.insert(way, next.clone());
        Ok((target, next))
    }

    /// The shape of a list below the record at `alias`. Its values are added to `places`.
    fn nested(
        &mut self,
        object: ObjectIx,
        alias: &str,
        field: FieldIx,
        listing: &Listing,
        places: &mut RowBuilder,
    ) -> Result<ConnectionShape> {
        let target = self
            .catalog
            .object(object)
            .field(field)
            .target()
            .ok_or_else(|| Error::internal("not a relation"))?;
        self.connection(target, listing, places, false, &mut |compiler, next| {
            compiler.related(object, alias, field, next)
        })
    }

    /// Adds rows and total of a connection to `places` as JSON values, each a sub-select of the records that
    /// `from` gives. `all` says that these are all records of the object, not those of one record.
    pub(super) fn connection(
        &mut self,
        object: ObjectIx,
        listing: &Listing,
        places: &mut RowBuilder,
        all: bool,
        from: &mut dyn FnMut(&Self, &str) -> Result<(SelectStatement, ObjectIx)>,
    ) -> Result<ConnectionShape> {
        let next = self.alias();
        let mut select = match all {
            true => self.page_from(object, &next, listing)?,
            false => from(self, &next)?.0,
        };
        select.clear_selects();
        let mut row = RowBuilder::default();
        let mut shape =
            self.page(object, &next, listing, &mut select, &mut row, RowFormat::Json)?;
        if listing.wants_rows() {
            let rows = self.json_of(select, row);
            shape.rows = Some(places.add(rows));
        }
        if listing.wants_total() {
            let next = self.alias();
            self.of_all = all && self.asks_all(object, listing.filter.as_ref());
            let (select, _) = from(self, &next)?;
            let count = self.count(object, listing, select, &next)?;
            self.of_all = false;
            shape.total = Some(places.add(count.into()));
        }
        Ok(shape)
    }
}

/// The form in which a field's stored value is returned.
pub(super) fn leaf(ty: &FieldType) -> Leaf {
    match ty.storage() {
        Storage::Decimal(scale) => Leaf::Decimal(scale),
        // A relation is read as a record.
        Storage::Id if *ty == FieldType::Id => Leaf::Id,
        Storage::Integer => Leaf::Int,
        Storage::Boolean => Leaf::Bool,
        Storage::Date => Leaf::Date,
        Storage::DateTime => Leaf::DateTime,
        Storage::Time => Leaf::Time,
        Storage::Json | Storage::Names => Leaf::Json,
        Storage::Id | Storage::Text | Storage::Elsewhere => Leaf::Text,
    }
}
