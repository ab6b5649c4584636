//! Functions: the number and types of their arguments, and the type of their result.

use cel::common::ast::{CallExpr, Expr as Tree, IdedExpr, LiteralValue};

use super::fit::Mixing;
use super::operators::has_order;
use super::{Checker, Hint, OLD, only_in_rules};
use crate::base::Message;
use crate::expr::ast::{Function, ListQuantifier, Node};
use crate::expr::{Expr, ExprError, Type, messages};

/// The most digits `round` keeps.
const MAX_DIGITS: i64 = 10;

impl Checker<'_> {
    /// A call of a function, as `f(x)` or `x.f(y)`.
    pub(super) fn function(
        &mut self,
        call: &CallExpr,
        node: &IdedExpr,
        hint: Hint<'_>,
    ) -> Option<Expr> {
        let at = self.at(node);
        if let Some(quantifier) = ListQuantifier::named(&call.func_name) {
            return self.quantified(quantifier, call, node);
        }
        let Some(function) = Function::named(&call.func_name) else {
            let name = &call.func_name;
            let error = ExprError::new(messages::unknown_function(name), at);
            let known = Function::ALL.iter().map(|function| function.name());
            let known =
                known.chain(ListQuantifier::ALL.map(ListQuantifier::name)).map(str::to_owned);
            return self.refuse(error.suggest(name, known));
        };
        let arguments: Vec<&IdedExpr> =
            call.target.as_deref().into_iter().chain(&call.args).collect();
        let usage = messages::write(function.usage());
        if call.target.is_some() != function.is_method() {
            let message = messages::other_form(function.name());
            return self.refuse(ExprError::new(message, at).hint(usage));
        }
        if !arity(function, arguments.len()) {
            let message = messages::other_count(function.name());
            return self.refuse(ExprError::new(message, at).hint(usage));
        }
        self.apply(function, &arguments, hint)
    }

    fn apply(
        &mut self,
        function: Function,
        arguments: &[&IdedExpr],
        hint: Hint<'_>,
    ) -> Option<Expr> {
        use Function as F;
        let (types, result): (&[Type], Type) = match function {
            F::Today => (&[], Type::Date),
            F::Now => (&[], Type::DateTime),
            F::Contains | F::StartsWith | F::EndsWith => (&[Type::Text, Type::Text], Type::Bool),
            F::Upper | F::Lower | F::Trim | F::PlainText => (&[Type::Text], Type::Text),
            F::AddDays | F::AddMonths => (&[Type::Date, Type::Int], Type::Date),
            F::DaysBetween => (&[Type::Date, Type::Date], Type::Int),
            F::Year | F::Month | F::Day => (&[Type::Date], Type::Int),
            F::Date => (&[Type::DateTime], Type::Date),
            F::Changed => return self.changed(arguments),
            F::Size => return self.size(arguments),
            F::Abs | F::Floor | F::Ceil => return self.numeric(function, arguments),
            F::Round => return self.round(arguments),
            F::Min | F::Max | F::Coalesce => return self.choice(function, arguments, hint),
        };
        let fitted: Vec<Option<Expr>> = arguments
            .iter()
            .zip(types)
            .map(|(argument, ty)| {
                let expr = self.infer(argument, None)?;
                self.fit(expr, ty, self.at(argument))
            })
            .collect();
        let fitted = fitted.into_iter().collect::<Option<Vec<_>>>()?;
        Some(Expr::new(Node::Call(function, fitted), result))
    }

    fn size(&mut self, arguments: &[&IdedExpr]) -> Option<Expr> {
        let [argument] = arguments else { return None };
        let expr = self.infer(argument, None)?;
        let expr = match expr.ty() {
            Type::List(_) => expr,
            _ => self.fit(expr, &Type::Text, self.at(argument))?,
        };
        Some(Expr::new(Node::Call(Function::Size, vec![expr]), Type::Int))
    }

    /// An argument that must be a number; null counts as a whole number.
    fn number(&mut self, function: Function, argument: &IdedExpr) -> Option<Expr> {
        let expr = self.infer(argument, None)?;
        match expr.ty() {
            Type::Null => Some(expr.retyped(Type::Int)),
            ty if ty.is_number() => Some(expr),
            ty => {
                let message = messages::needs_number(function.name(), ty);
                self.refuse(ExprError::new(message, self.at(argument)))
            }
        }
    }

    fn numeric(&mut self, function: Function, arguments: &[&IdedExpr]) -> Option<Expr> {
        let [argument] = arguments else { return None };
        let expr = self.number(function, argument)?;
        let ty = if function == Function::Abs { expr.ty().clone() } else { Type::Int };
        Some(Expr::new(Node::Call(function, vec![expr]), ty))
    }

    fn round(&mut self, arguments: &[&IdedExpr]) -> Option<Expr> {
        let [argument, digits] = arguments else { return None };
        let expr = self.number(Function::Round, argument)?;
        let expr = self.fit(expr, &Type::Decimal, self.at(argument))?;
        let given = match &digits.expr {
            Tree::Literal(LiteralValue::Int(int)) => Some(*int.inner()),
            _ => None,
        };
        if !given.is_some_and(|given| (0..=MAX_DIGITS).contains(&given)) {
            let message = messages::needs_digits(MAX_DIGITS);
            return self.refuse(ExprError::new(message, self.at(digits)));
        }
        let digits = self.infer(digits, None)?;
        Some(Expr::new(Node::Call(Function::Round, vec![expr, digits]), Type::Decimal))
    }

    /// `changed(status)`, which reads the field as it is and as it was.
    fn changed(&mut self, arguments: &[&IdedExpr]) -> Option<Expr> {
        let [argument] = arguments else { return None };
        let at = self.at(argument);
        let Some(Type::Record(record)) = self.scope.root(OLD) else {
            return self.refuse(only_in_rules(Function::Changed.name(), at));
        };
        let now = self.infer(argument, None)?;
        let field = match now.node() {
            Node::Path(path) => match path.as_slice() {
                [field] => self.scope.member(&record, field).map(|_| field.clone()),
                _ => None,
            },
            _ => None,
        };
        let Some(field) = field else {
            return self.refuse(ExprError::new(messages::needs_own_field(), at));
        };
        let before = Expr::new(Node::Path(vec![OLD.to_owned(), field]), now.ty().clone());
        Some(Expr::new(Node::Call(Function::Changed, vec![now, before]), Type::Bool))
    }

    fn choice(
        &mut self,
        function: Function,
        arguments: &[&IdedExpr],
        hint: Hint<'_>,
    ) -> Option<Expr> {
        let coalesce = function == Function::Coalesce;
        let placed = self.group(arguments, if coalesce { hint } else { None })?;
        let first = placed.first().and_then(|(_, at)| *at);
        let mixing = if coalesce { Mixing::Free } else { Mixing::Strict };
        let what = Message::same(format!("`{}`", function.name()));
        let (fitted, ty) = self.settle(placed, &what, mixing)?;
        if !coalesce && !has_order(&ty) {
            return self.refuse(ExprError::new(messages::cannot_compare(what, ty), first));
        }
        Some(Expr::new(Node::Call(function, fitted), ty))
    }
}

fn arity(function: Function, count: usize) -> bool {
    use Function as F;
    match function {
        F::Today | F::Now => count == 0,
        F::Coalesce => count >= 2,
        F::Contains
        | F::StartsWith
        | F::EndsWith
        | F::Round
        | F::Min
        | F::Max
        | F::AddDays
        | F::AddMonths
        | F::DaysBetween => count == 2,
        _ => count == 1,
    }
}
