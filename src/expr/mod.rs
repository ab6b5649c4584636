//! One typed expression language for defaults, checks, predicates, formulas and conditions.
//!
//! The syntax is CEL; types, names and evaluation are ours, on exact decimals and with SQL's
//! three-valued logic. Pure: the day, the instant and every field come from [`Bindings`].
//! Knows nothing of catalogs, databases or GraphQL; imports only the base.

mod ast;
mod check;
mod error;
mod eval;
mod messages;
mod scan;
mod syntax;
mod types;

#[cfg(test)]
mod tests;

pub use ast::{Arithmetic, Comparison, Expr, Function, ListQuantifier, Node, Quantified};
pub use check::Scope;
pub use error::{EvalError, ExprError};
pub use eval::{Bindings, eval};
pub use types::{PicklistType, Type};

/// The longest expression, in characters.
pub const MAX_CHARS: usize = 4000;
/// The deepest nesting of brackets.
pub const MAX_NESTING: usize = 32;

/// Parses an expression and checks it against the names in scope and its expected type.
///
/// Never panics, whatever the text. Reports as many errors as it can find at once.
pub fn parse(text: &str, scope: &dyn Scope, expected: &Type) -> Result<Expr, Vec<ExprError>> {
    let parsed = syntax::parse(text).map_err(|error| vec![error])?;
    check::check(&parsed, scope, expected)
}
