//! Fills: values that a new or changed record takes from the first of several other records that has one, as the price of
//! a line from price lists.
//!
//! Owns what a fill is. Must not know how the records are found.

use super::rule::RuleExpr;
use crate::{
    catalog::{Catalog, FieldIx, Object, ObjectIx, Origin},
    expr::Expr,
};

/// Gives a field of an object's records a value that is found elsewhere, where none is given.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldFill {
    /// Where its text comes from. One's own takes the place of a standard one of the same field.
    pub origin: Origin,
    /// Its name, unique among the texts.
    pub code: String,
    /// The field.
    pub field: FieldIx,
    /// The day on which what is found has to be valid; `None`: today.
    pub on: Option<RuleExpr>,
    /// Where it is looked for: the first that has a value counts.
    pub from: Vec<FillSource>,
}

/// Records among which a value is looked for.
#[derive(Debug, Clone, PartialEq)]
pub struct FillSource {
    /// Their object.
    pub object: ObjectIx,
    /// The field with the value.
    pub value: FieldIx,
    /// Fields that equal what expressions over the record come to.
    pub matches: Vec<(FieldIx, RuleExpr)>,
    /// The first and the last day on which it is valid; an empty one leaves that end open.
    pub valid: Option<(FieldIx, FieldIx)>,
    /// A field that is at most what an expression comes to, the highest first: price by quantity.
    pub tier: Option<(FieldIx, RuleExpr)>,
}

impl FieldFill {
    /// What names records to look among: if that changes, another value is right whatever the field holds.
    pub fn keys(&self) -> impl Iterator<Item = &Expr> {
        self.from.iter().flat_map(|from| &from.matches).map(|(_, key)| &key.expr)
    }

    /// Every expression that it reads.
    pub fn exprs(&self) -> impl Iterator<Item = &Expr> {
        let tiers = self.from.iter().filter_map(|from| from.tier.as_ref());
        let others = self.on.iter().chain(tiers.map(|(_, tier)| tier));
        self.keys().chain(others.map(|read| &read.expr))
    }

    /// The fields of the record that it reads.
    pub fn reads(&self, object: &Object) -> Vec<FieldIx> {
        let mut read: Vec<_> = self.exprs().flat_map(|expr| object.read_by(expr)).collect();
        read.sort_unstable();
        read.dedup();
        read
    }

    /// Whether it finds what another finds, of the same object under another version.
    pub fn does_as(
        &self,
        (catalog, object): (&Catalog, &Object),
        other: &Self,
        (before, of): (&Catalog, &Object),
    ) -> bool {
        let said = |fill: &Self, catalog: &Catalog, object: &Object| {
            let each = fill.from.iter().map(|from| {
                let source = catalog.object(from.object);
                let name = |ix: FieldIx| source.field(ix).stored.clone();
                let keys = from.matches.iter().map(|(ix, key)| (name(*ix), key.text.clone()));
                let tier = from.tier.as_ref().map(|(ix, tier)| (name(*ix), tier.text.clone()));
                let valid = from.valid.map(|(first, last)| (name(first), name(last)));
                let keys = keys.collect::<Vec<_>>();
                (source.name.clone(), name(from.value), keys, valid, tier)
            });
            let each: Vec<_> = each.collect();
            let on = fill.on.as_ref().map(|on| on.text.clone());
            (object.field(fill.field).stored.clone(), on, each)
        };
        self.code == other.code && said(self, catalog, object) == said(other, before, of)
    }
}
