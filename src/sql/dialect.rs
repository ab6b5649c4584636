//! The SQL in which the two databases differ.

use sea_orm::{
    DbBackend,
    sea_query::{Alias, CaseStatement, Expr, ExprTrait, Func, SelectStatement, Values},
};

use crate::{
    base::{Error, Result},
    catalog::{FieldType, Storage},
};

/// The largest number of parts in one JSON row: PostgreSQL passes at most 100 arguments to a function. A
/// longer row continues in an array, which is its last part.
pub const ROW_WIDTH: usize = 90;

/// The SQL dialect of a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// SQLite 3.45 or newer, embedded.
    Sqlite,
    /// PostgreSQL 15 or newer.
    Postgres,
}

impl Dialect {
    /// The backend's name for sea-orm.
    pub fn backend(self) -> DbBackend {
        match self {
            Self::Sqlite => DbBackend::Sqlite,
            Self::Postgres => DbBackend::Postgres,
        }
    }

    /// A select as text with its bound values.
    pub fn print(self, select: &SelectStatement) -> (String, Values) {
        super::statement_printer::print(self, select)
    }

    /// One row as a JSON array of its parts, in order: `json_array(a, b)` or `json_build_array(a, b)`.
    pub fn json_row(self, mut parts: Vec<Expr>) -> Expr {
        if parts.len() >= ROW_WIDTH {
            let rest = parts.split_off(ROW_WIDTH - 1);
            parts.push(self.json_row(rest));
        }
        let name = match self {
            Self::Sqlite => "json_array",
            Self::Postgres => "json_build_array",
        };
        Func::cust(Alias::new(name)).args(parts).into()
    }

    /// Marks the text of an expression as JSON, so that it nests instead of being quoted.
    pub fn json(self, text: Expr) -> Expr {
        match self {
            Self::Sqlite => Func::cust(Alias::new("json")).arg(text).into(),
            Self::Postgres => text.cast_as(Alias::new("json")),
        }
    }

    /// Marks a JSON value from a sub-select as JSON again. SQLite loses the mark, PostgreSQL does not.
    pub fn json_again(self, value: Expr) -> Expr {
        match self {
            Self::Sqlite => self.json(value),
            Self::Postgres => value,
        }
    }

    /// SQLite: plain values as the inside of a JSON array: `trim(json_array(a, b), '[]')`. None of them is an
    /// array, so `trim` removes only the outer brackets.
    pub fn json_members(self, parts: Vec<Expr>) -> Expr {
        let brackets = Expr::Constant("[]".into());
        Func::cust(Alias::new("trim")).args([self.json_row(parts), brackets]).into()
    }

    /// SQLite: a JSON text as a member of an array: `coalesce(a, 'null')`.
    pub fn json_text(self, value: Expr) -> Expr {
        Func::coalesce([value, Expr::Constant("null".into())]).into()
    }

    /// SQLite: an array of members that are JSON texts: `concat('[', concat_ws(',', a, b), ']')`.
    pub fn json_joined(self, pieces: Vec<Expr>) -> Expr {
        let constant = |text: &'static str| Expr::Constant(text.into());
        let members =
            Func::cust(Alias::new("concat_ws")).args([constant(",")].into_iter().chain(pieces));
        let parts = [constant("["), members.into(), constant("]")];
        Func::cust(Alias::new("concat")).args(parts).into()
    }

    /// All rows of a sub-select as one JSON array, in the sub-select's order; `[]` without rows.
    ///
    /// SQLite: `concat('[', group_concat(r, ','), ']')`, a text, because each `json(…)` would parse it again;
    /// PostgreSQL: `COALESCE(json_agg(r), '[]'::json)`.
    pub fn json_rows(self, row: Expr) -> Expr {
        let constant = |text: &'static str| Expr::Constant(text.into());
        match self {
            Self::Sqlite => {
                let rows = Func::cust(Alias::new("group_concat")).args([row, constant(",")]);
                let parts = [constant("["), rows.into(), constant("]")];
                Func::cust(Alias::new("concat")).args(parts).into()
            }
            Self::Postgres => {
                let rows = Func::cust(Alias::new("json_agg")).arg(row);
                let none = constant("[]").cast_as(Alias::new("json"));
                Func::coalesce([Expr::from(rows), none]).into()
            }
        }
    }

    /// `CASE WHEN condition THEN value END`.
    pub fn when(self, condition: Expr, value: Expr) -> Expr {
        CaseStatement::new().case(condition, value).into()
    }

    /// `CASE WHEN condition THEN value ELSE other END`.
    pub fn either(self, condition: Expr, value: Expr, other: Expr) -> Expr {
        CaseStatement::new().case(condition, value).finally(other).into()
    }

    /// A stored value as a part of a JSON row.
    pub fn json_part(self, column: Expr, ty: &FieldType) -> Expr {
        match ty.storage() {
            Storage::Json | Storage::Names => self.json(column),
            Storage::Id
            | Storage::Text
            | Storage::Integer
            | Storage::Decimal(_)
            | Storage::Boolean
            | Storage::Date
            | Storage::DateTime
            | Storage::Time
            | Storage::Elsewhere => column,
        }
    }

    /// A stored value as a typed column of PostgreSQL's root rows.
    pub fn typed_part(self, column: Expr, ty: &FieldType) -> Expr {
        // The response contains numerics as text, and text needs no decoding.
        match (self, ty.scale()) {
            (Self::Postgres, Some(_)) => column.cast_as(Alias::new("text")),
            _ => column,
        }
    }
}

/// A name as an identifier, for SQL that sea-query cannot build. Names were validated where they were
/// derived, and are quoted as sea-query quotes them.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Texts as one bound value: `a,b` for PostgreSQL, `["a","b"]` for SQLite. They must not contain commas.
pub fn listed(dialect: Dialect, texts: &[String]) -> Result<String> {
    match dialect {
        Dialect::Postgres => Ok(texts.join(",")),
        Dialect::Sqlite => serde_json::to_string(texts).map_err(Error::internal),
    }
}
