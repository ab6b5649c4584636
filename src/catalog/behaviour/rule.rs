//! Rules: what is done to a record within its save, and what refuses the save.
//!
//! Owns what a rule is. Must not know how records are saved, nor who may do what.

use crate::{
    catalog::{FieldIx, Label, Object, ObjectIx},
    expr::Expr,
};

/// A rule of an object. One text may give several objects a rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Its name, unique among the texts.
    pub code: String,
    /// What people call it.
    pub label: Label,
    /// It is a rule of all objects with related employees.
    pub of_responsible: bool,
    /// The saves that it is for.
    pub on: RuleEvents,
    /// The lines that it goes over, each as `each`.
    pub each: Option<FieldIx>,
    /// When it applies; `None`: always.
    pub when: Option<RuleExpr>,
    /// The fields that it sets, in the order of their names.
    pub set: Vec<(FieldIx, RuleExpr)>,
    /// The fields that need a value, of the line if it goes over lines.
    pub require: Vec<FieldIx>,
    /// What is said where it refuses the save.
    pub refuse: Option<Label>,
    /// The employees that it relates to the record.
    pub relate: Option<RelatePath>,
    /// It sets fields that the caller may not write. Only administrators publish such a rule.
    pub mandate: bool,
    /// It reads roll-ups over the record's lines, so it sets fields behind these.
    pub late: bool,
}

/// An expression of a rule, and its text.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleExpr {
    /// The expression.
    pub expr: Expr,
    /// Its text.
    pub text: String,
}

/// The saves that a rule is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleEvents {
    /// Of new records.
    pub create: bool,
    /// Of stored ones.
    pub update: bool,
    /// They are named, so the rule goes by the save itself and not by what changes.
    pub named: bool,
}

/// A path that ends at employees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelatePath {
    /// It leads on from the line that the rule is at.
    pub of_each: bool,
    /// Its fields: relations and lists.
    pub steps: Vec<FieldIx>,
    /// Its text.
    pub text: String,
}

/// What a rule that relates employees reads of an object elsewhere on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelateRead {
    /// The object whose records the employees are related to.
    pub head: ObjectIx,
    /// The fields that lead from such a record to one of this object; none: it is the record itself.
    pub way: Vec<FieldIx>,
    /// The fields of this object that it reads, with those that it leads on by.
    pub fields: Vec<FieldIx>,
}

impl Rule {
    /// The expressions that decide and set.
    pub fn exprs(&self) -> impl Iterator<Item = &Expr> {
        self.when.iter().chain(self.set.iter().map(|(_, set)| set)).map(|known| &known.expr)
    }

    /// Whether its condition compares with the record before the save.
    pub fn compares_old(&self) -> bool {
        let old = |path: &Vec<String>| path.first().is_some_and(|first| first == "old");
        self.when.as_ref().is_some_and(|when| when.expr.paths().iter().any(old))
    }

    /// The fields of the record that it reads, as they are or as they were.
    pub fn reads(&self, object: &Object) -> Vec<FieldIx> {
        let mut read: Vec<_> = self.exprs().flat_map(|expr| object.read_by(expr)).collect();
        let paths = self.exprs().flat_map(Expr::paths);
        read.extend(paths.filter_map(|path| match path.as_slice() {
            [old, field, ..] if old == "old" => object.named(field).map(|(ix, _)| ix),
            _ => None,
        }));
        read.extend(self.each);
        if self.each.is_none() {
            read.extend(&self.require);
        }
        read.sort_unstable();
        read.dedup();
        read
    }

    /// Whether only administrators publish it: it acts as the company, or gives rights.
    pub fn is_mandate(&self) -> bool {
        self.mandate || self.relate.is_some()
    }

    /// Whether it does what another does, of the same object under another version.
    pub fn does_as(&self, object: &Object, other: &Self, of: &Object) -> bool {
        let said = |rule: &Self, object: &Object| {
            let name = |ix: &FieldIx| object.field(*ix).stored.clone();
            let when = rule.when.as_ref().map(|when| when.text.clone());
            let set = rule.set.iter().map(|(ix, set)| (name(ix), set.text.clone()));
            let relate = rule.relate.as_ref().map(|relate| relate.text.clone());
            let set: Vec<_> = set.collect();
            let whose = (rule.code.clone(), rule.of_responsible, rule.mandate);
            (whose, rule.on, rule.each.as_ref().map(name), when, set, relate)
        };
        said(self, object) == said(other, of)
    }

    /// Whether it holds up a save.
    pub fn guards(&self) -> bool {
        self.refuse.is_some() || !self.require.is_empty()
    }
}
