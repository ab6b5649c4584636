//! Operators: the operands that each requires, and the typed node that it becomes.

use cel::common::ast::{CallExpr, Expr as Tree, IdedExpr, operators as ops};

use super::fit::{Mixing, Placed, common};
use super::{Checker, Hint};
use crate::base::{Message, Value};
use crate::expr::ast::{Arithmetic, Comparison, Node};
use crate::expr::{Expr, ExprError, Type, messages};

impl Checker<'_> {
    /// A call of the grammar: an operator or a function.
    pub(super) fn call(
        &mut self,
        call: &CallExpr,
        node: &IdedExpr,
        hint: Hint<'_>,
    ) -> Option<Expr> {
        let at = self.at(node);
        let name = call.func_name.as_str();
        if let (None, [a, b]) = (&call.target, call.args.as_slice()) {
            if let Some((comparison, sign)) = comparison(name) {
                return self.compare(comparison, sign, [a, b], at);
            }
            if let Some((arithmetic, sign)) = arithmetic(name) {
                return self.arithmetic(arithmetic, sign, [a, b], at);
            }
        }
        match (name, call.args.as_slice()) {
            (ops::LOGICAL_AND, [a, b]) => self.logical(Node::And, a, b),
            (ops::LOGICAL_OR, [a, b]) => self.logical(Node::Or, a, b),
            (ops::LOGICAL_NOT, [a]) => {
                let operand = self.infer(a, None)?;
                let operand = self.fit(operand, &Type::Bool, self.at(a))?;
                Some(Expr::new(Node::Not(Box::new(operand)), Type::Bool))
            }
            (ops::NEGATE, [a]) => self.negate(a),
            (ops::CONDITIONAL, [condition, a, b]) => self.conditional(condition, a, b, hint),
            (ops::IN, [item, list]) => self.is_in(item, list, at),
            (ops::INDEX | ops::OPT_INDEX | ops::OPT_SELECT, _) => {
                let error = ExprError::new(messages::no_index(), at);
                self.refuse(error.hint(messages::use_in()))
            }
            _ => self.function(call, node, hint),
        }
    }

    fn logical(
        &mut self,
        make: fn(Box<Expr>, Box<Expr>) -> Node,
        a: &IdedExpr,
        b: &IdedExpr,
    ) -> Option<Expr> {
        let left = self.condition(a);
        let right = self.condition(b);
        Some(Expr::new(make(Box::new(left?), Box::new(right?)), Type::Bool))
    }

    /// A part that must be true or false.
    pub(super) fn condition(&mut self, node: &IdedExpr) -> Option<Expr> {
        let expr = self.infer(node, None)?;
        self.fit(expr, &Type::Bool, self.at(node))
    }

    fn conditional(
        &mut self,
        condition: &IdedExpr,
        a: &IdedExpr,
        b: &IdedExpr,
        hint: Hint<'_>,
    ) -> Option<Expr> {
        let condition = self.condition(condition);
        let branches = self.group(&[a, b], hint)?;
        let (branches, ty) = self.settle(branches, &Message::same("`?:`"), Mixing::Free)?;
        let [a, b] = <[Expr; 2]>::try_from(branches).ok()?;
        Some(Expr::new(Node::If(Box::new(condition?), Box::new(a), Box::new(b)), ty))
    }

    fn compare(
        &mut self,
        comparison: Comparison,
        sign: &str,
        sides: [&IdedExpr; 2],
        at: Option<usize>,
    ) -> Option<Expr> {
        let equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        let placed = self.group(&sides, None)?;
        if equality && let Some(test) = null_test(comparison, &placed) {
            return Some(test);
        }
        let what = Message::same(format!("`{sign}`"));
        let (sides, ty) = self.settle(placed, &what, Mixing::Strict)?;
        let fits = if equality { has_equality(&ty) } else { has_order(&ty) };
        if !fits {
            return self.refuse(ExprError::new(messages::cannot_compare(what, ty), at));
        }
        let [a, b] = <[Expr; 2]>::try_from(sides).ok()?;
        Some(Expr::new(Node::Compare(comparison, Box::new(a), Box::new(b)), Type::Bool))
    }

    fn arithmetic(
        &mut self,
        operator: Arithmetic,
        sign: &str,
        sides: [&IdedExpr; 2],
        at: Option<usize>,
    ) -> Option<Expr> {
        let placed = self.group(&sides, None)?;
        let [(a, a_at), (b, b_at)] = <[Placed; 2]>::try_from(placed).ok()?;
        let texts = |ty: &Type| ty.is_text() || *ty == Type::Null;
        let both_null = *a.ty() == Type::Null && *b.ty() == Type::Null;
        if operator == Arithmetic::Add && texts(a.ty()) && texts(b.ty()) && !both_null {
            let a = self.fit(a, &Type::Text, a_at)?;
            let b = self.fit(b, &Type::Text, b_at)?;
            return Some(Expr::new(Node::Concat(Box::new(a), Box::new(b)), Type::Text));
        }
        let numeric = |ty: &Type| ty.is_number() || *ty == Type::Null;
        if !numeric(a.ty()) || !numeric(b.ty()) {
            let error = not_numbers(operator, sign, &a, &b, at);
            return self.refuse(error);
        }
        let ty = match common(a.ty(), b.ty(), Mixing::Strict)? {
            _ if operator == Arithmetic::Divide => Type::Decimal,
            Type::Null => Type::Int,
            ty => ty,
        };
        let a = self.fit(a, &ty, a_at)?;
        let b = self.fit(b, &ty, b_at)?;
        Some(Expr::new(Node::Arithmetic(operator, Box::new(a), Box::new(b)), ty))
    }

    fn negate(&mut self, operand: &IdedExpr) -> Option<Expr> {
        let at = self.at(operand);
        let (node, ty) = self.infer(operand, None)?.into_parts();
        let ty = if ty == Type::Null { Type::Int } else { ty };
        if !ty.is_number() {
            return self.refuse(ExprError::new(messages::needs_number('-', ty), at));
        }
        let node = match node {
            Node::Const(Value::Decimal(decimal)) if !decimal.is_zero() => {
                Node::Const(Value::Decimal(-decimal))
            }
            Node::Const(Value::Int(int)) if int != i64::MIN => Node::Const(Value::Int(-int)),
            node => Node::Negate(Box::new(Expr::new(node, ty.clone()))),
        };
        Some(Expr::new(node, ty))
    }

    fn is_in(&mut self, item: &IdedExpr, list: &IdedExpr, at: Option<usize>) -> Option<Expr> {
        let (item, list) = match &list.expr {
            Tree::List(elements) => {
                let nodes: Vec<_> = std::iter::once(item).chain(&elements.elements).collect();
                let placed = self.group(&nodes, None)?;
                let (mut all, ty) = self.settle(placed, &Message::same("`in`"), Mixing::Strict)?;
                let item = all.remove(0);
                (item, Expr::new(Node::List(all), Type::List(Box::new(ty))))
            }
            _ => self.in_value(item, list)?,
        };
        if !has_equality(item.ty()) {
            let message = messages::cannot_compare("`in`", item.ty());
            return self.refuse(ExprError::new(message, at));
        }
        Some(Expr::new(Node::In(Box::new(item), Box::new(list)), Type::Bool))
    }

    fn in_value(&mut self, item: &IdedExpr, list: &IdedExpr) -> Option<(Expr, Expr)> {
        let placed = self.group(&[item, list], None)?;
        let [(item, item_at), (list, list_at)] = <[Placed; 2]>::try_from(placed).ok()?;
        let Type::List(of) = list.ty() else {
            let message = messages::needs_list(list.ty());
            self.errors.push(ExprError::new(message, list_at));
            return None;
        };
        let of = of.as_ref().clone();
        let item = match common(item.ty(), &of, Mixing::Strict) {
            Some(Type::Decimal | Type::Text) if item.as_const().is_none() => item,
            _ => self.fit(item, &of, item_at)?,
        };
        Some((item, list))
    }
}

/// `x == null` as a null test.
fn null_test(comparison: Comparison, placed: &[Placed]) -> Option<Expr> {
    let [(a, _), (b, _)] = placed else { return None };
    let literal = |expr: &Expr| expr.as_const().is_some_and(Value::is_null);
    let operand = match (literal(a), literal(b)) {
        (_, true) => a,
        (true, false) => b,
        (false, false) => return None,
    };
    let operand = Box::new(operand.clone());
    let node = match comparison {
        Comparison::Equal => Node::IsNull(operand),
        _ => Node::IsNotNull(operand),
    };
    Some(Expr::new(node, Type::Bool))
}

fn not_numbers(
    operator: Arithmetic,
    sign: &str,
    a: &Expr,
    b: &Expr,
    at: Option<usize>,
) -> ExprError {
    let message = messages::cannot_combine(sign, a.ty(), b.ty());
    let error = ExprError::new(message, at);
    match (operator, a.ty(), b.ty()) {
        (Arithmetic::Subtract, Type::Date, Type::Date) => error.hint(messages::use_days_between()),
        (_, Type::Date, _) | (_, _, Type::Date) => error.hint(messages::use_add_days()),
        _ => error,
    }
}

fn has_equality(ty: &Type) -> bool {
    !matches!(ty, Type::Json | Type::List(_))
}

/// Whether values of a type have an order.
pub(super) fn has_order(ty: &Type) -> bool {
    matches!(
        ty,
        Type::Null
            | Type::Int
            | Type::Decimal
            | Type::Text
            | Type::Date
            | Type::DateTime
            | Type::Time
    )
}

fn comparison(name: &str) -> Option<(Comparison, &'static str)> {
    Some(match name {
        ops::EQUALS => (Comparison::Equal, "=="),
        ops::NOT_EQUALS => (Comparison::NotEqual, "!="),
        ops::LESS => (Comparison::Less, "<"),
        ops::LESS_EQUALS => (Comparison::LessOrEqual, "<="),
        ops::GREATER => (Comparison::Greater, ">"),
        ops::GREATER_EQUALS => (Comparison::GreaterOrEqual, ">="),
        _ => return None,
    })
}

fn arithmetic(name: &str) -> Option<(Arithmetic, &'static str)> {
    Some(match name {
        ops::ADD => (Arithmetic::Add, "+"),
        ops::SUBSTRACT => (Arithmetic::Subtract, "-"),
        ops::MULTIPLY => (Arithmetic::Multiply, "*"),
        ops::DIVIDE => (Arithmetic::Divide, "/"),
        ops::MODULO => (Arithmetic::Remainder, "%"),
        _ => return None,
    })
}
