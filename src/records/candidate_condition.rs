//! `choose` of a relation as a filter on candidates: the record's own part is computed, the rest is asked of the
//! database.
//!
//! The resolver has seen to it that what an expression reads of the candidate stands alone, or on one side of a
//! comparison. A negation is carried down to the comparisons, because a condition that is neither true nor false
//! chooses nothing, negated or not.

use crate::{
    access::Visible,
    base::Value,
    catalog::{FieldIx, Object},
    expr::{self, Bindings, Comparison, Expr, Node},
    query::{Compare, Filter},
};

/// An expression over the record that a field may refer to.
pub(super) struct CandidateCondition<'c> {
    pub(super) visible: Visible<'c>,
    /// The field's name, by which the expression reads the candidate.
    pub(super) field: &'c str,
    /// The candidate's object.
    pub(super) target: &'c Object,
    /// The values of the record itself.
    pub(super) record: &'c dyn Bindings,
}

impl CandidateCondition<'_> {
    fn of_candidate(&self, path: &[String]) -> bool {
        path.first().is_some_and(|first| first == self.field)
    }

    fn reads(&self, expr: &Expr) -> bool {
        expr.paths().iter().any(|path| self.of_candidate(path))
    }

    /// Whether candidates can be told apart by all that the expression reads of them: the caller sees it on every
    /// record.
    pub(super) fn comparable(&self, expr: &Expr) -> bool {
        let paths = expr.paths();
        paths.iter().filter(|path| self.of_candidate(path)).all(|path| {
            let mut at = Some(self.target);
            path.iter().skip(1).all(|step| {
                let Some((on, (ix, field))) = at.and_then(|on| Some((on, on.named(step)?))) else {
                    return false;
                };
                at = field.target().map(|target| self.visible.catalog.object(target));
                self.visible.compares(on, ix)
            })
        })
    }

    /// The candidates of which an expression is true, or false.
    pub(super) fn filter(&self, expr: &Expr, holds: bool) -> Filter {
        if !self.reads(expr) {
            // A part that cannot be computed chooses nothing, as in a save.
            let fits = expr::eval(expr, self.record).ok() == Some(Value::Bool(holds));
            return constant(fits);
        }
        match expr.node() {
            Node::Not(inner) => self.filter(inner, !holds),
            Node::And(a, b) | Node::Or(a, b) => {
                let all = vec![self.filter(a, holds), self.filter(b, holds)];
                let and = matches!(expr.node(), Node::And(..)) == holds;
                if and { Filter::And(all) } else { Filter::Or(all) }
            }
            Node::Path(path) => self.leaf(path, &Compare::Eq(Value::Bool(holds))),
            Node::IsNull(inner) => self.empty(inner, holds),
            Node::IsNotNull(inner) => self.empty(inner, !holds),
            Node::Compare(how, a, b) => {
                let how = if holds { *how } else { negated(*how) };
                match (a.node(), b.node()) {
                    (Node::Path(path), _) if self.of_candidate(path) => self.compared(path, how, b),
                    (_, Node::Path(path)) => self.compared(path, turned(how), a),
                    _ => constant(false),
                }
            }
            Node::In(item, list) => match (item.node(), list.node()) {
                (Node::Path(path), _) if self.of_candidate(path) => self.listed(path, list, holds),
                (_, Node::Path(path)) => self.has(path, item, holds),
                _ => constant(false),
            },
            _ => constant(false),
        }
    }

    fn value(&self, expr: &Expr) -> Option<Value> {
        expr::eval(expr, self.record).ok().filter(|value| !value.is_null())
    }

    fn compared(&self, path: &[String], how: Comparison, with: &Expr) -> Filter {
        let Some(value) = self.value(with) else { return constant(false) };
        let compare = match how {
            Comparison::Equal => Compare::Eq(value),
            Comparison::NotEqual => Compare::Ne(value),
            Comparison::Less => Compare::Lt(value),
            Comparison::LessOrEqual => Compare::Lte(value),
            Comparison::Greater => Compare::Gt(value),
            Comparison::GreaterOrEqual => Compare::Gte(value),
        };
        self.leaf(path, &compare)
    }

    fn listed(&self, path: &[String], list: &Expr, holds: bool) -> Filter {
        let Some(Value::List(items)) = self.value(list) else { return constant(false) };
        let unknown = items.iter().any(Value::is_null);
        let items: Vec<_> = items.into_iter().filter(|item| !item.is_null()).collect();
        match holds {
            true => self.leaf(path, &Compare::In(items)),
            false if unknown => constant(false),
            false => self.leaf(path, &Compare::NotIn(items)),
        }
    }

    fn has(&self, path: &[String], item: &Expr, holds: bool) -> Filter {
        let Some(value) = self.value(item) else { return constant(false) };
        let has = self.leaf(path, &Compare::Has(value));
        match holds {
            true => has,
            false => Filter::And(vec![
                self.leaf(path, &Compare::IsNull(false)),
                Filter::Not(Box::new(has)),
            ]),
        }
    }

    /// The candidates without a value at the end of a path, or with one.
    fn empty(&self, expr: &Expr, null: bool) -> Filter {
        let Node::Path(path) = expr.node() else { return constant(false) };
        match (path.len(), null) {
            (1, null) => constant(!null),
            (_, false) => self.leaf(path, &Compare::IsNull(false)),
            // Nothing is at the end of a way that ends earlier.
            (steps, true) => {
                let ends = (2..=steps).map(|end| self.leaf(&path[..end], &Compare::IsNull(true)));
                Filter::Or(ends.collect())
            }
        }
    }

    /// A comparison of what a path leads to from the candidate.
    fn leaf(&self, path: &[String], compare: &Compare) -> Filter {
        self.from(self.target, path.get(1..).unwrap_or_default(), compare)
            .unwrap_or_else(|| constant(false))
    }

    fn from(&self, object: &Object, path: &[String], compare: &Compare) -> Option<Filter> {
        let Some((name, rest)) = path.split_first() else {
            return Some(Filter::Field(FieldIx::ID, compare.clone()));
        };
        let (ix, field) = object.named(name)?;
        match field.target() {
            None => Some(Filter::Field(ix, compare.clone())),
            Some(target) => {
                let inner = self.from(self.visible.catalog.object(target), rest, compare)?;
                Some(Filter::One(ix, Box::new(inner)))
            }
        }
    }
}

/// Every candidate, or none.
fn constant(all: bool) -> Filter {
    if all { Filter::And(Vec::new()) } else { Filter::Or(Vec::new()) }
}

/// The comparison that is true where this one is false.
fn negated(how: Comparison) -> Comparison {
    match how {
        Comparison::Equal => Comparison::NotEqual,
        Comparison::NotEqual => Comparison::Equal,
        Comparison::Less => Comparison::GreaterOrEqual,
        Comparison::LessOrEqual => Comparison::Greater,
        Comparison::Greater => Comparison::LessOrEqual,
        Comparison::GreaterOrEqual => Comparison::Less,
    }
}

/// The same comparison with its sides exchanged.
fn turned(how: Comparison) -> Comparison {
    match how {
        Comparison::Less => Comparison::Greater,
        Comparison::LessOrEqual => Comparison::GreaterOrEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterOrEqual => Comparison::LessOrEqual,
        same => same,
    }
}
