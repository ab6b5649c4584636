//! Conversions: a value of one type where another is expected.
//!
//! Widens whole numbers and accepts null as any type. Reads text constants as picklist values, dates and ids.
//! Finds the common type of several expressions.

use uuid::Uuid;

use super::Checker;
use crate::base::{Message, Value, calendar};
use crate::expr::ast::{Function, Node};
use crate::expr::{Expr, ExprError, Type, messages};

/// An expression and its offset in the text.
pub(super) type Placed = (Expr, Option<usize>);

/// Whether several expressions may have a common type that none of them has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mixing {
    /// Branches and lists: values of different picklists become text.
    Free,
    /// Comparisons: they are refused.
    Strict,
}

impl Checker<'_> {
    /// Converts an expression to type `ty`.
    pub(super) fn fit(&mut self, expr: Expr, ty: &Type, at: Option<usize>) -> Option<Expr> {
        let adopts = !matches!(ty, Type::Text | Type::Null);
        match (expr.ty(), ty) {
            (found, wanted) if found == wanted => Some(expr),
            (Type::Null, _) | (Type::Picklist(_), Type::Text) => Some(expr.retyped(ty.clone())),
            (Type::Record(_), Type::Id) | (Type::Id, Type::Record(_)) => {
                Some(expr.retyped(ty.clone()))
            }
            (Type::Int, Type::Decimal) => Some(widen(expr)),
            (Type::Text, _) if adopts => self.adopt(expr, ty, at),
            (Type::List(_), Type::List(item)) => self.fit_list(expr, item, at),
            _ => self.mismatch(&expr, ty, at),
        }
    }

    fn mismatch(&mut self, expr: &Expr, ty: &Type, at: Option<usize>) -> Option<Expr> {
        let error = ExprError::new(messages::expected(ty, expr.ty()), at);
        self.refuse(match (expr.ty(), ty) {
            (Type::Decimal, Type::Int) => error.hint(messages::use_floor()),
            _ => error,
        })
    }

    fn fit_list(&mut self, expr: Expr, item: &Type, at: Option<usize>) -> Option<Expr> {
        let whole = Type::List(Box::new(item.clone()));
        match expr.into_parts() {
            (Node::List(items), _) => {
                let items = self.fit_all(items, item, at)?;
                Some(Expr::new(Node::List(items), whole))
            }
            (node, Type::List(found))
                if common(&found, item, Mixing::Free).as_ref() == Some(item) =>
            {
                Some(Expr::new(node, whole))
            }
            (node, found) => self.mismatch(&Expr::new(node, found), &whole, at),
        }
    }

    fn fit_all(&mut self, items: Vec<Expr>, ty: &Type, at: Option<usize>) -> Option<Vec<Expr>> {
        items.into_iter().map(|item| self.fit(item, ty, at)).collect()
    }

    /// Converts text constants, alone or in branches, to constants of another type.
    fn adopt(&mut self, expr: Expr, ty: &Type, at: Option<usize>) -> Option<Expr> {
        match expr.into_parts() {
            (Node::Const(Value::Text(text)), _) => self.adopt_text(&text, ty, at),
            (Node::Const(Value::Null), _) => Some(Expr::constant(Value::Null, ty.clone())),
            (Node::If(condition, a, b), _) => {
                let a = Box::new(self.fit(*a, ty, at)?);
                let b = Box::new(self.fit(*b, ty, at)?);
                Some(Expr::new(Node::If(condition, a, b), ty.clone()))
            }
            (Node::Call(Function::Coalesce, items), _) => {
                let items = self.fit_all(items, ty, at)?;
                Some(Expr::new(Node::Call(Function::Coalesce, items), ty.clone()))
            }
            (node, found) => self.mismatch(&Expr::new(node, found), ty, at),
        }
    }

    fn adopt_text(&mut self, text: &str, ty: &Type, at: Option<usize>) -> Option<Expr> {
        let shown: String = text.chars().take(40).collect();
        if let Some(value) = constant_of(text, ty) {
            return Some(Expr::constant(value, ty.clone()));
        }
        let error = match ty {
            Type::Picklist(picklist) => {
                let message = messages::not_of_list(shown, &picklist.name);
                ExprError::new(message, at).suggest(text, picklist.values.iter().cloned())
            }
            Type::Date => ExprError::new(messages::no_date(shown), at).hint(messages::write_date()),
            Type::DateTime => {
                ExprError::new(messages::no_instant(shown), at).hint(messages::write_instant())
            }
            Type::Time => ExprError::new(messages::no_time(shown), at).hint(messages::write_time()),
            Type::Id | Type::Record(_) => ExprError::new(messages::no_id(shown), at),
            _ => ExprError::new(messages::expected(ty, Type::Text), at),
        };
        self.refuse(error)
    }

    /// Converts several expressions to their common type.
    pub(super) fn settle(
        &mut self,
        placed: Vec<Placed>,
        what: &Message,
        mixing: Mixing,
    ) -> Option<(Vec<Expr>, Type)> {
        let mut target = Type::Null;
        for (expr, at) in placed.iter().filter(|(expr, _)| !is_text_constant(expr)) {
            let Some(met) = common(&target, expr.ty(), mixing) else {
                let message = messages::cannot_mix(what, target, expr.ty());
                self.errors.push(ExprError::new(message, *at));
                return None;
            };
            target = met;
        }
        let foreign = |expr: &Expr| match expr.as_const() {
            Some(Value::Text(text)) => constant_of(text, &target).is_none(),
            _ => false,
        };
        let lone = target == Type::Null && placed.iter().any(|(expr, _)| is_text_constant(expr));
        let free = mixing == Mixing::Free && matches!(target, Type::Picklist(_));
        if lone || (free && placed.iter().any(|(expr, _)| is_text_constant(expr) && foreign(expr)))
        {
            target = Type::Text;
        }
        let fitted = placed.into_iter().map(|(expr, at)| self.fit(expr, &target, at));
        let fitted = fitted.collect::<Option<Vec<_>>>()?;
        Some((fitted, target))
    }
}

fn is_text_constant(expr: &Expr) -> bool {
    *expr.ty() == Type::Text && expr.as_const().is_some()
}

/// Converts a whole number to a decimal.
fn widen(expr: Expr) -> Expr {
    match expr.as_const() {
        Some(Value::Int(int)) => Expr::constant(Value::Decimal((*int).into()), Type::Decimal),
        _ => Expr::new(Node::Widen(Box::new(expr)), Type::Decimal),
    }
}

/// The common type of two types, if they have one.
pub(super) fn common(a: &Type, b: &Type, mixing: Mixing) -> Option<Type> {
    match (a, b) {
        _ if a == b => Some(a.clone()),
        (Type::Null, other) | (other, Type::Null) => Some(other.clone()),
        (Type::Int, Type::Decimal) | (Type::Decimal, Type::Int) => Some(Type::Decimal),
        (Type::Picklist(_), Type::Text) | (Type::Text, Type::Picklist(_)) => Some(Type::Text),
        (Type::Picklist(_), Type::Picklist(_)) if mixing == Mixing::Free => Some(Type::Text),
        (Type::Record(_), Type::Id) | (Type::Id, Type::Record(_)) => Some(Type::Id),
        (Type::List(a), Type::List(b)) => {
            common(a, b, mixing).map(|item| Type::List(Box::new(item)))
        }
        _ => None,
    }
}

/// The constant of another type that a text represents, if it does.
fn constant_of(text: &str, ty: &Type) -> Option<Value> {
    match ty {
        Type::Text => Some(Value::Text(text.to_owned())),
        Type::Picklist(picklist) => {
            picklist.values.iter().any(|v| v == text).then(|| Value::Text(text.to_owned()))
        }
        Type::Date => calendar::day(text).map(Value::Date),
        Type::DateTime => calendar::instant(text).map(Value::DateTime),
        Type::Time => calendar::time(text).map(Value::Time),
        Type::Id | Type::Record(_) => Uuid::parse_str(text).ok().map(Value::Id),
        Type::Json => {
            let json: &serde_json::value::RawValue = serde_json::from_str(text).ok()?;
            Some(Value::Json(json.get().to_owned()))
        }
        _ => None,
    }
}
