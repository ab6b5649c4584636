//! The outermost select of each kind of read: one record, a list, groups.

use sea_orm::sea_query::{Alias, Expr, JoinType, Query, SelectStatement};

use super::{
    aggregate::Aggregation,
    compile::{Compiler, RootShape, RowFormat},
    filter::Compare,
    find::{Listing, Selection},
    row_builder::RowBuilder,
};
use crate::{
    base::{Result, Value},
    catalog::{FieldIx, ObjectIx},
    sql::Dialect,
};

impl Compiler<'_> {
    /// `SELECT … FROM object t1 WHERE t1.code = $1`.
    pub(super) fn one_root(
        &mut self,
        key: &[(FieldIx, Value)],
        selection: &Selection,
    ) -> Result<(SelectStatement, RootShape)> {
        let object = self.plan.find.object;
        let alias = self.alias();
        let mut select = self.from(object, &alias)?;
        select.clear_selects();
        for (field, value) in key {
            let known = self.catalog.object(object).field(*field);
            let column = self.column(&alias, known)?;
            let equal = Compare::Eq(value.clone());
            select.and_where(self.told_apart(object, &alias, *field, column, &equal)?);
        }
        let mut row = RowBuilder::default();
        let shape =
            self.selection(object, &alias, selection, &mut row, &mut select, self.root_place())?;
        match self.root_place() {
            RowFormat::Json => {
                select.expr(row.json(self.dialect));
            }
            RowFormat::Typed => self.typed(&mut select, row),
        }
        select.limit(1);
        Ok((select, RootShape::One(shape)))
    }

    fn typed(&self, select: &mut SelectStatement, row: RowBuilder) {
        if row.parts.is_empty() {
            // Only `__typename` is selected; a row must still show that the record exists.
            select.expr(Expr::val(1));
        }
        for part in row.values() {
            select.expr(part);
        }
    }

    pub(super) fn list_root(&mut self, listing: &Listing) -> Result<(SelectStatement, RootShape)> {
        let object = self.plan.find.object;
        let mut outer = Query::select();
        let mut columns = RowBuilder::default();
        if self.dialect == Dialect::Postgres && listing.wants_rows() {
            return self.typed_list(object, listing);
        }
        let shape =
            self.connection(object, listing, &mut columns, true, &mut |compiler, next| {
                Ok((compiler.all_from(object, next, listing.filter.as_ref(), None)?, object))
            })?;
        for column in columns.values() {
            outer.expr(column);
        }
        if shape.rows.is_none() && shape.total.is_none() {
            outer.expr(Expr::val(1));
        }
        Ok((outer, RootShape::List(shape)))
    }

    /// PostgreSQL's page: typed rows. With a total, there is one row even if the page is empty:
    ///
    /// ```sql
    /// SELECT c.total, p.* FROM (SELECT count(*) AS total …) c LEFT JOIN (page) p ON TRUE
    /// ```
    fn typed_list(
        &mut self,
        object: ObjectIx,
        listing: &Listing,
    ) -> Result<(SelectStatement, RootShape)> {
        let alias = self.alias();
        let mut page = self.page_from(object, &alias, listing)?;
        page.clear_selects();
        let mut row = RowBuilder::default();
        let mut shape =
            self.page(object, &alias, listing, &mut page, &mut row, RowFormat::Typed)?;
        if !listing.wants_total() {
            self.typed(&mut page, row);
            return Ok((page, RootShape::List(shape)));
        }
        let width = row.parts.len();
        for (ix, part) in row.values().enumerate() {
            page.expr_as(part, Alias::new(format!("c{ix}")));
        }
        page.expr_as(Expr::val(true), Alias::new("present"));
        let mut outer = Query::select();
        for ix in 0..width {
            outer.column((Alias::new("p"), Alias::new(format!("c{ix}"))));
        }
        outer.column((Alias::new("p"), Alias::new("present")));
        outer.column((Alias::new("c"), Alias::new("total")));
        let next = self.alias();
        self.of_all = self.asks_all(object, listing.filter.as_ref());
        let filter = listing.filter.as_ref();
        let read = self.columns_read(object, filter, |trial, aliases| {
            aliases.insert(next.clone());
            trial.count(object, listing, trial.all_from(object, &next, filter, None)?, &next)
        })?;
        let all = self.all_from(object, &next, filter, read.as_ref())?;
        let count = self.count(object, listing, all, &next)?;
        self.of_all = false;
        outer.from_subquery(count, Alias::new("c"));
        outer.join_subquery(JoinType::LeftJoin, page, Alias::new("p"), Expr::Constant(true.into()));
        shape.total = Some(width + 1);
        Ok((outer, RootShape::List(shape)))
    }

    /// `SELECT (SELECT json_agg(…) FROM (… GROUP BY …) t3)`.
    pub(super) fn aggregate_root(
        &mut self,
        aggregation: &Aggregation,
    ) -> Result<(SelectStatement, RootShape)> {
        let object = self.plan.find.object;
        let filter = aggregation.filter.as_ref();
        self.of_all = self.asks_all(object, filter);
        let read = self.columns_read(object, filter, |trial, aliases| {
            let (rows, _) = trial.aggregates(aggregation, &mut |compiler, next| {
                aliases.insert(next.to_owned());
                Ok((compiler.all_from(object, next, filter, None)?, object))
            })?;
            Ok(Query::select().expr(rows).to_owned())
        })?;
        let (rows, shape) = self.aggregates(aggregation, &mut |compiler, next| {
            Ok((compiler.all_from(object, next, filter, read.as_ref())?, object))
        })?;
        let rows = self.shown(rows, self.root_place());
        Ok((Query::select().expr(rows).to_owned(), RootShape::Rows(shape)))
    }
}
