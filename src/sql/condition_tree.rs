//! Joins conditions in a tree of limited depth.
//!
//! A chain `a OR b OR c …` is a tree as deep as it is long. Recursive functions write, parse and drop it:
//! ours, and those of both databases. A short list is one chain; a longer one is joined in groups.

use sea_orm::sea_query::{Expr, ExprTrait};

/// The largest number of conditions in one chain.
const CHAIN: usize = 16;

/// All hold; `None` without conditions.
pub fn all_of(conditions: Vec<Expr>) -> Option<Expr> {
    joined(conditions, ExprTrait::and)
}

/// One holds; `None` without conditions.
pub fn any_of(conditions: Vec<Expr>) -> Option<Expr> {
    joined(conditions, ExprTrait::or)
}

fn joined(mut conditions: Vec<Expr>, join: fn(Expr, Expr) -> Expr) -> Option<Expr> {
    while conditions.len() > 1 {
        let mut groups = Vec::with_capacity(conditions.len().div_ceil(CHAIN));
        let mut rest = conditions.into_iter();
        while let Some(first) = rest.next() {
            groups.push(rest.by_ref().take(CHAIN - 1).fold(first, join));
        }
        conditions = groups;
    }
    conditions.pop()
}

#[cfg(test)]
mod tests {
    use sea_orm::sea_query::{Alias, PostgresQueryBuilder, Query};

    use super::*;

    fn written(count: usize) -> String {
        let each = (0..count).map(|at| Expr::col(Alias::new(format!("c{at}"))).is_null());
        let mut select = Query::select();
        select.expr(Expr::val(1)).and_where_option(any_of(each.collect()));
        select.to_string(PostgresQueryBuilder)
    }

    #[test]
    fn few_stand_as_a_chain_and_many_end_no_stack() {
        assert_eq!(written(0), "SELECT 1");
        assert_eq!(written(3), "SELECT 1 WHERE \"c0\" IS NULL OR \"c1\" IS NULL OR \"c2\" IS NULL");
        assert!(written(200_000).contains("\"c199999\" IS NULL"));
    }
}
