//! Lists of records: what may be asked of them, and the record that a condition looks at.

use cel::common::ast::{CallExpr, ComprehensionExpr, Expr as Tree, IdedExpr, operators as ops};

use super::Checker;
use crate::expr::ast::{ListQuantifier, Node, Quantified};
use crate::expr::{Expr, ExprError, Type, messages};

impl Checker<'_> {
    /// A quantifier that the grammar has expanded.
    pub(super) fn comprehension(
        &mut self,
        over: &ComprehensionExpr,
        node: &IdedExpr,
    ) -> Option<Expr> {
        let step = match &over.loop_step.expr {
            Tree::Call(call) => Some((call.func_name.as_str(), call.args.as_slice())),
            _ => None,
        };
        let (quantifier, condition) = match step {
            Some((ops::LOGICAL_OR, [_, condition])) => (ListQuantifier::Exists, condition),
            Some((ops::LOGICAL_AND, [_, condition])) => (ListQuantifier::All, condition),
            _ => return self.refuse(ExprError::new(messages::no_such_form(), self.at(node))),
        };
        self.over(quantifier, &over.iter_range, &over.iter_var, condition)
    }

    /// A quantifier as the call that it is written as.
    pub(super) fn quantified(
        &mut self,
        quantifier: ListQuantifier,
        call: &CallExpr,
        node: &IdedExpr,
    ) -> Option<Expr> {
        if let (Some(list), [name, condition]) = (&call.target, call.args.as_slice())
            && let Tree::Ident(variable) = &name.expr
        {
            return self.over(quantifier, list, variable, condition);
        }
        let message = messages::other_form(quantifier.name());
        let error = ExprError::new(message, self.at(node));
        self.refuse(error.hint(messages::write(quantifier.usage())))
    }

    fn over(
        &mut self,
        quantifier: ListQuantifier,
        list: &IdedExpr,
        variable: &str,
        condition: &IdedExpr,
    ) -> Option<Expr> {
        let at = self.at(list);
        let refused = if !self.scope.has_lists() {
            Some(messages::no_lists_here())
        } else if self.bound.is_some() {
            Some(messages::lists_in_lists())
        } else if self.scope.root(variable).is_some() {
            Some(messages::name_taken(variable))
        } else {
            None
        };
        if let Some(message) = refused {
            return self.refuse(ExprError::new(message, at));
        }
        let Some((list, object)) = self.list_at(list) else {
            return self.refuse(ExprError::new(messages::no_list_of_records(), at));
        };
        self.bound = Some((variable.to_owned(), object.clone()));
        let condition = self.condition(condition);
        self.bound = None;
        let ty = match quantifier {
            ListQuantifier::Exists | ListQuantifier::All => Type::Bool,
            ListQuantifier::Count => Type::Int,
        };
        let condition = Box::new(condition?);
        let variable = variable.to_owned();
        let over = Quantified { quantifier, list, object, variable, condition };
        Some(Expr::new(Node::Over(over), ty))
    }

    /// The path to a list, and the object of its records.
    fn list_at(&self, node: &IdedExpr) -> Option<(Vec<String>, String)> {
        match &node.expr {
            Tree::Ident(name) => Some((vec![name.clone()], self.scope.list(None, name)?)),
            Tree::Select(select) => {
                let (base, ty) = self.path(&select.operand)?.into_parts();
                let (Node::Path(mut path), Type::Record(record)) = (base, ty) else { return None };
                let object = self.scope.list(Some(&record), &select.field)?;
                path.push(select.field.clone());
                Some((path, object))
            }
            _ => None,
        }
    }
}
