//! The first records of each group in an order.
//!
//! All records to be grouped are numbered within their group once. Each group then selects its own.
//!
//! ```sql
//! WITH w AS MATERIALIZED (SELECT * FROM (SELECT t1.id AS id, t1.level AS k0,
//!     row_number() OVER (PARTITION BY t1.level ORDER BY t1.credit_limit DESC, t1.id DESC) AS n
//!     FROM customer t1 WHERE …) a WHERE n <= 3)
//! SELECT json_agg(json_build_array(g.c0, (SELECT json_agg(p.r) FROM (
//!   SELECT json_build_array(t2.name) AS r FROM customer t2 INNER JOIN w ON w.id = t2.id
//!   WHERE w.k0 IS NOT DISTINCT FROM g.g0 ORDER BY w.n) p))) FROM (… GROUP BY …) g
//! ```

use sea_orm::sea_query::{
    Alias, CommonTableExpression, Expr, ExprTrait, JoinType, Order, OverStatement, Query,
    SelectStatement, WindowStatement,
};

use super::{
    aggregate::{AggregatePart, Aggregation},
    compile::{Compiler, RowFormat},
    find::{ConnectionPart, Listing},
    group::From,
    row_builder::RowBuilder,
    shape::ObjectShape,
};
use crate::{
    base::{Error, Result},
    sql::{Dialect, functions},
};

/// One compiled `top`: the numbered records, the rows as JSON, and the shape of each.
pub(super) struct Top {
    pub(super) numbered: CommonTableExpression,
    pub(super) rows: Expr,
    pub(super) shape: ObjectShape,
}

impl Compiler<'_> {
    /// The first records of each group, in the order of the parts. `groups` is the alias of the groups. Its
    /// column `g0` has the value of the first grouping key, and so on.
    pub(super) fn tops(
        &mut self,
        aggregation: &Aggregation,
        groups: &str,
        from: From<'_>,
    ) -> Result<Vec<Top>> {
        let mut tops = Vec::new();
        for part in &aggregation.parts {
            if let AggregatePart::Top(listing) = &part.what {
                tops.push(self.top(aggregation, listing, groups, from)?);
            }
        }
        Ok(tops)
    }

    fn top(
        &mut self,
        aggregation: &Aggregation,
        listing: &Listing,
        groups: &str,
        from: From<'_>,
    ) -> Result<Top> {
        let Some(ConnectionPart::Nodes(selection)) = listing.parts.first().map(|part| &part.what)
        else {
            return Err(Error::internal("a top without records"));
        };
        let numbered = Alias::new(self.alias());
        let of = |name: &str| Expr::col((numbered.clone(), Alias::new(name)));
        let next = self.alias();
        let (mut select, object) = from(self, &next)?;
        select.clear_selects();
        let mut window = WindowStatement::new();
        select.expr_as(Expr::col((Alias::new(&next), Alias::new("id"))), Alias::new("id"));
        for (at, group) in aggregation.groups.iter().enumerate() {
            let value = self.grouped_by(object, &next, group, &mut select)?;
            window.add_partition_by(value.clone());
            select.expr_as(value, Alias::new(format!("k{at}")));
        }
        if let Some(filter) = &aggregation.filter {
            let filter = self.filter(object, &next, filter)?;
            select.and_where(filter);
        }
        let keys = self.keys(object, &next, &listing.order, &mut select)?;
        self.order_by(&mut window, &keys, false);
        select.expr_window_as(functions::row_number(), window, Alias::new("n"));
        let all = Alias::new(self.alias());
        let first = Query::select()
            .columns(self.numbered_columns(aggregation))
            .from_subquery(select, all)
            .and_where(Expr::col(Alias::new("n")).lte(i64::from(listing.page.size)))
            .to_owned();
        let mut cte = CommonTableExpression::new();
        cte.table_name(numbered.clone()).query(first).materialized(true);

        // These are few records, so rules are checked for each of them, not by a list of all open records.
        let of_all = std::mem::replace(&mut self.of_all, false);
        let shown = self.alias();
        let mut rows = Query::select();
        self.put_from(object, &shown, &mut rows);
        let id = Expr::col((Alias::new(&shown), Alias::new("id")));
        rows.join(JoinType::InnerJoin, numbered.clone(), of("id").eq(id));
        for at in 0..aggregation.groups.len() {
            let group = Expr::col((Alias::new(groups), Alias::new(format!("g{at}"))));
            rows.and_where(of(&format!("k{at}")).binary(functions::same(self.dialect), group));
        }
        let mut row = RowBuilder::default();
        let shape =
            self.selection(object, &shown, selection, &mut row, &mut rows, RowFormat::Json)?;
        self.of_all = of_all;
        rows.order_by_expr(of("n"), Order::Asc);
        Ok(Top { numbered: cte, rows: self.json_of(rows, row), shape })
    }

    fn numbered_columns(&self, aggregation: &Aggregation) -> Vec<Alias> {
        let keys = (0..aggregation.groups.len()).map(|at| Alias::new(format!("k{at}")));
        [Alias::new("id"), Alias::new("n")].into_iter().chain(keys).collect()
    }

    /// All rows of a select, in its order, as one JSON array:
    /// `SELECT json_agg(p.r) FROM (SELECT … AS r …) p`.
    pub(super) fn json_of(&mut self, mut select: SelectStatement, row: RowBuilder) -> Expr {
        let page = self.alias();
        let of_page = |name: String| Expr::col((Alias::new(&page), Alias::new(name)));
        let json = match self.dialect {
            Dialect::Postgres => {
                select.expr_as(row.json(self.dialect), Alias::new("r"));
                of_page("r".to_owned())
            }
            // SQLite computes the selected expressions of all rows before it sorts them and takes the page.
            Dialect::Sqlite => {
                let mut taken = RowBuilder::default();
                for (ix, part) in row.parts.into_iter().enumerate() {
                    taken.put(of_page(format!("c{ix}")), part.json);
                    select.expr_as(part.value, Alias::new(format!("c{ix}")));
                }
                if taken.parts.is_empty() {
                    select.expr(Expr::Constant(1.into()));
                }
                taken.json(self.dialect)
            }
        };
        let rows = self.dialect.json_rows(json);
        Query::select().expr(rows).from_subquery(select, Alias::new(&page)).to_owned().into()
    }
}
