//! Checks the grammar's tree and makes a typed expression of it: names, constants and the walk over the tree.
//!
//! Owns the meaning of names; the other files of this folder own operators, functions and conversions. Must
//! not know evaluation. The walk recurses, within the depth that the scan allows.

mod calls;
mod fit;
mod lists;
mod literals;
mod operators;

use std::sync::Arc;

use cel::common::ast::{Expr as Tree, IdedExpr, operators as ops};

use super::ast::{Function, Node};
use super::syntax::Parsed;
use super::{Expr, ExprError, PicklistType, Type, messages};
use crate::base::Value;

/// The names that an expression may use, and their types.
pub trait Scope {
    /// The type of a field of the record, or of `viewer`.
    fn root(&self, name: &str) -> Option<Type>;
    /// The type of a field of an object, both by API name.
    fn member(&self, record: &str, name: &str) -> Option<Type>;
    /// The name of a field in a group, `freight.cost`, which is one step of a path.
    fn in_group(&self, group: &str, field: &str) -> String {
        format!("{group}.{field}")
    }
    /// The names that can be written, for advice on a misspelt one.
    fn names(&self) -> Vec<String>;
    /// Whether lists of records may be looked through.
    fn has_lists(&self) -> bool {
        false
    }
    /// The object of the records in a list, a field of an object; of the record itself without `record`.
    fn list(&self, _record: Option<&str>, _name: &str) -> Option<String> {
        None
    }
}

/// The names of records that only some expressions know.
const OLD: &str = "old";
const EACH: &str = "each";

/// Checks a tree against the names in scope and its expected type.
pub(super) fn check(
    parsed: &Parsed<'_>,
    scope: &dyn Scope,
    expected: &Type,
) -> Result<Expr, Vec<ExprError>> {
    let mut checker = Checker { parsed, scope, bound: None, errors: Vec::new() };
    let found = checker.infer(&parsed.root, expected.picklist());
    let at = checker.at(&parsed.root);
    match found.and_then(|expr| checker.fit(expr, expected, at)) {
        Some(expr) if checker.errors.is_empty() => Ok(expr),
        _ => Err(checker.into_errors()),
    }
}

/// The picklist whose values may be written bare at a place.
type Hint<'h> = Option<&'h Arc<PicklistType>>;

/// One walk over a tree. If a method returns `None`, the reason is in `errors`.
struct Checker<'a> {
    parsed: &'a Parsed<'a>,
    scope: &'a dyn Scope,
    /// The name of a record of the list that is looked through, and its object.
    bound: Option<(String, String)>,
    errors: Vec<ExprError>,
}

impl Checker<'_> {
    fn into_errors(mut self) -> Vec<ExprError> {
        if self.errors.is_empty() {
            self.errors.push(ExprError::new(messages::unchecked(), None));
        }
        self.errors.sort_by_key(|error| error.offset);
        self.errors
    }

    fn at(&self, node: &IdedExpr) -> Option<usize> {
        self.parsed.offset(node.id)
    }

    fn refuse(&mut self, error: ExprError) -> Option<Expr> {
        self.errors.push(error);
        None
    }

    /// The typed expression of a node.
    fn infer(&mut self, node: &IdedExpr, hint: Hint<'_>) -> Option<Expr> {
        match &node.expr {
            Tree::Ident(name) => self.name(name, self.at(node), hint),
            Tree::Select(select) => self.member(&select.operand, &select.field, node),
            Tree::Literal(literal) => self.literal(literal, node),
            Tree::List(list) => self.list(&list.elements, hint),
            Tree::Call(call) => self.call(call, node, hint),
            Tree::Comprehension(over) => self.comprehension(over, node),
            _ => self.refuse(ExprError::new(messages::no_such_form(), self.at(node))),
        }
    }

    /// The type of a name that begins a path.
    fn root(&self, name: &str) -> Option<Type> {
        match &self.bound {
            Some((variable, object)) if variable == name => Some(Type::Record(object.clone())),
            _ => self.scope.root(name),
        }
    }

    fn name(&mut self, name: &str, at: Option<usize>, hint: Hint<'_>) -> Option<Expr> {
        if let Some(ty) = self.root(name) {
            return Some(Expr::new(Node::Path(vec![name.to_owned()]), ty));
        }
        if name == OLD || name == EACH {
            return self.refuse(only_in_rules(name, at));
        }
        let Some(picklist) = hint else {
            let error = self.unknown_name(name, at);
            return self.refuse(error);
        };
        if picklist.values.iter().any(|value| value == name) {
            let value = Value::Text(name.to_owned());
            return Some(Expr::constant(value, Type::Picklist(Arc::clone(picklist))));
        }
        let message = messages::not_of_list(name, &picklist.name);
        let near = picklist.values.iter().cloned().chain(self.scope.names());
        self.refuse(ExprError::new(message, at).suggest(name, near))
    }

    fn unknown_name(&self, name: &str, at: Option<usize>) -> ExprError {
        let unknown = Some(name.to_owned());
        let error = ExprError { unknown, ..ExprError::new(messages::unknown_name(name), at) };
        match Function::named(name) {
            Some(function) => error.hint(messages::write(function.usage())),
            None => error.suggest(name, self.scope.names()),
        }
    }

    fn member(&mut self, operand: &IdedExpr, field: &str, node: &IdedExpr) -> Option<Expr> {
        let at = self.at(node);
        if let Some(found) = self.path(node) {
            return Some(found);
        }
        if let Tree::Ident(group) = &operand.expr
            && self.root(group).is_none()
        {
            let inside = self.scope.in_group(group, "");
            let near = self.scope.names().into_iter().filter(|name| name.starts_with(&inside));
            let near: Vec<_> = near.collect();
            if !near.is_empty() {
                let error = ExprError::new(messages::unknown_field(group.clone(), field), at);
                return self.refuse(error.suggest(&self.scope.in_group(group, field), near));
            }
        }
        let (base, ty) = self.infer(operand, None)?.into_parts();
        let Node::Path(mut path) = base else {
            let error = ExprError::new(messages::no_record(), at);
            return self.refuse(error);
        };
        let shown = path.join(".");
        let Type::Record(object) = ty else {
            let message = messages::no_fields(shown, ty);
            return self.refuse(ExprError::new(message, at));
        };
        let Some(ty) = self.scope.member(&object, field) else {
            let mut near = self.scope.names();
            near.retain(|name| self.scope.member(&object, name).is_some());
            let message = messages::unknown_field(shown, field);
            return self.refuse(ExprError::new(message, at).suggest(field, near));
        };
        path.push(field.to_owned());
        Some(Expr::new(Node::Path(path), ty))
    }

    /// The path that names joined by dots make, if each of them is known. Two may name one field, which is in a group.
    fn path(&self, node: &IdedExpr) -> Option<Expr> {
        let (mut names, mut at) = (Vec::new(), node);
        while let Tree::Select(select) = &at.expr {
            names.push(select.field.as_str());
            at = &select.operand;
        }
        let Tree::Ident(first) = &at.expr else { return None };
        names.push(first);
        let (mut path, mut ty) = (Vec::new(), None);
        while let Some(name) = names.pop() {
            let known = |name: &str| match &ty {
                None => self.root(name),
                Some(Type::Record(object)) => self.scope.member(object, name),
                Some(_) => None,
            };
            let (name, found) = match known(name) {
                Some(found) => (name.to_owned(), found),
                None => {
                    let name = self.scope.in_group(name, names.pop()?);
                    let found = known(&name)?;
                    (name, found)
                }
            };
            path.push(name);
            ty = Some(found);
        }
        Some(Expr::new(Node::Path(path), ty?))
    }

    fn list(&mut self, elements: &[IdedExpr], hint: Hint<'_>) -> Option<Expr> {
        let items = self.group(&elements.iter().collect::<Vec<_>>(), hint)?;
        let (items, item) = self.settle(items, &messages::a_list(), fit::Mixing::Free)?;
        Some(Expr::new(Node::List(items), Type::List(Box::new(item))))
    }

    /// Infers nodes that should have one type. Nodes with a known picklist lend it to bare picklist values.
    fn group(&mut self, nodes: &[&IdedExpr], outer: Hint<'_>) -> Option<Vec<fit::Placed>> {
        let mut found: Vec<Option<Expr>> = nodes.iter().map(|_| None).collect();
        let mut lent: Option<Arc<PicklistType>> = None;
        for round in [Leaning::No, Leaning::Inside, Leaning::Whole] {
            for (node, slot) in nodes.iter().zip(&mut found) {
                if self.leaning(node) == round {
                    *slot = self.infer(node, lent.as_ref().or(outer));
                    let picklist = slot.as_ref().and_then(|expr| expr.ty().picklist());
                    lent = lent.or_else(|| picklist.cloned());
                }
            }
        }
        let placed = nodes.iter().zip(found).map(|(node, expr)| Some((expr?, self.at(node))));
        placed.collect()
    }

    /// How far the meaning of a node depends on the picklist that is expected at its place.
    fn leaning(&self, node: &IdedExpr) -> Leaning {
        let (operands, skipped) = match &node.expr {
            Tree::Ident(name) if self.root(name).is_none() => return Leaning::Whole,
            Tree::List(list) => (&list.elements, 0),
            Tree::Call(call) if call.func_name == ops::CONDITIONAL => (&call.args, 1),
            Tree::Call(call) if call.func_name == Function::Coalesce.name() => (&call.args, 0),
            _ => return Leaning::No,
        };
        let inside: Vec<_> = operands.iter().skip(skipped).map(|n| self.leaning(n)).collect();
        if inside.iter().all(|leaning| *leaning == Leaning::No) {
            Leaning::No
        } else if inside.iter().all(|leaning| *leaning == Leaning::Whole) {
            Leaning::Whole
        } else {
            Leaning::Inside
        }
    }
}

/// The error for what only rules know.
fn only_in_rules(name: &str, at: Option<usize>) -> ExprError {
    let hint = if name == EACH { messages::write_for_list() } else { messages::write_rule() };
    ExprError::new(messages::only_in_rules(name), at).hint(hint)
}

/// Whether a node needs to know the picklist of its bare names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Leaning {
    /// It has no bare picklist values.
    No,
    /// It has some, beside operands with a known picklist.
    Inside,
    /// It consists of nothing else.
    Whole,
}
