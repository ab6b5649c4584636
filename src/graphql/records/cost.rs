//! The cost of an operation: the records that it could touch, summed over its root fields, and which of them
//! no index supports. Computed from the intents alone, so it reveals nothing hidden.

use std::fmt::Write as _;

use serde_json::json;

use super::faults;
use super::selection_cost::{aggregation_weight, listing_weight, weight};
use crate::{
    access::Access,
    base::Error,
    catalog::{Catalog, FieldIx, FieldType, Object},
    company::admission::Left,
    graphql::limits::{Limits, Size},
    query::{Compare, Extent, Filter, Find, What},
};

/// A whole operation may lead over this many times the relations that one list may.
const WHOLE: usize = 10;
/// An operation may need this many times `limits.joins` sub-selects for rights.
const ASKED: usize = 100;
/// Most values of one record. Neither database supports many more columns.
const COLUMNS: usize = 1_500;

/// The cost so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Spent {
    /// Records that it may touch.
    pub(super) requested: u64,
    /// The size of its statements.
    pub(super) size: Extent,
    /// Root fields that scan all records of an object that the caller may see.
    pub(super) scans: Vec<String>,
}

impl Spent {
    /// Adds the find of a response key.
    pub(super) fn add(&mut self, key: &str, catalog: &Catalog, access: &Access, wish: &Find) {
        let object = catalog.object(wish.object);
        let (records, scans) = match &wish.what {
            What::One { selection, .. } => (weight(selection), false),
            What::List(listing) => {
                let counted = listing.wants_total() && listing.filter.is_none();
                let narrowed = listing.filter.as_ref().is_none_or(|filter| narrows(object, filter));
                (listing_weight(listing), counted || !narrowed)
            }
            What::Aggregate(aggregation) => {
                let narrowed =
                    aggregation.filter.as_ref().is_some_and(|filter| narrows(object, filter));
                (aggregation_weight(aggregation), !narrowed)
            }
        };
        self.count(records);
        self.size.add(wish.extent(catalog, access));
        if scans {
            self.scans.push(key.to_owned());
        }
    }

    /// Adds records.
    pub(super) fn count(&mut self, records: u64) {
        self.requested = self.requested.saturating_add(records);
    }

    /// Refuses an operation above a limit.
    pub(super) fn within(&self, limits: &Limits) -> Result<(), Error> {
        let (records, most) = (self.requested, limits.cost);
        self.sized(limits)?;
        if records <= most {
            return Ok(());
        }
        Err(faults::many_records(records, most))
    }

    /// Refuses statements that are too large.
    fn sized(&self, limits: &Limits) -> Result<(), Error> {
        let Extent { joins, widest, asked, columns } = self.size;
        let all = limits.joins.saturating_mul(WHOLE);
        if widest > limits.joins {
            return Err(faults::many_relations_in_list(widest, limits.joins));
        }
        if joins > all {
            return Err(faults::many_relations(joins, all));
        }
        if asked > limits.joins.saturating_mul(ASKED) {
            return Err(faults::many_rights());
        }
        if columns > COLUMNS {
            return Err(faults::many_columns(columns, COLUMNS));
        }
        Ok(())
    }

    /// Writes `{"requested":50,"limit":200000,"fields":4,"depth":3,"reads":{…}}`. Every response contains it,
    /// so it is written directly.
    pub(super) fn write(
        &self,
        limit: u64,
        size: Size,
        conditions: usize,
        reads: Option<Left>,
        out: &mut String,
    ) {
        let Size { fields, depth, .. } = size;
        // Writing to a string cannot fail.
        let _ = write!(
            out,
            "{{\"requested\":{},\"limit\":{limit},\"fields\":{fields},\"depth\":{depth}",
            self.requested
        );
        if self.size.joins > 0 || conditions > 0 {
            let joins = self.size.joins;
            let _ = write!(out, ",\"statement\":{{\"joins\":{joins},\"conditions\":{conditions}}}");
        }
        if !self.scans.is_empty() {
            let _ = write!(out, ",\"scans\":{}", json!(self.scans));
        }
        if let Some(Left { remaining, limit, minutes }) = reads {
            let _ = write!(
                out,
                ",\"reads\":{{\"left\":{remaining},\"limit\":{limit},\"minutes\":{minutes}}}"
            );
        }
        out.push('}');
    }
}

/// Whether some condition that must hold is served by an index, so that the rest is asked of few records.
fn narrows(object: &Object, filter: &Filter) -> bool {
    match filter {
        Filter::And(all) => all.iter().any(|filter| narrows(object, filter)),
        Filter::Or(all) => !all.is_empty() && all.iter().all(|filter| narrows(object, filter)),
        Filter::Field(field, compare) => indexed(object, *field) && bounds(compare),
        // When few related records remain, an index of the relation finds the records.
        Filter::One(field, inner) => indexed(object, *field) && by_id(inner),
        // Uses the search index.
        Filter::Search(_) => true,
        // Uses the index of an employee's own records.
        Filter::Mine(_) => true,
        Filter::Not(_) | Filter::Many(..) | Filter::Aggregate(..) | Filter::Unset(..) => false,
    }
}

fn bounds(compare: &Compare) -> bool {
    !matches!(
        compare,
        Compare::Ne(_)
            | Compare::NotIn(_)
            | Compare::IsNull(false)
            | Compare::Known(_)
            | Compare::Text(..)
            | Compare::Has(_)
    )
}

fn by_id(filter: &Filter) -> bool {
    match filter {
        Filter::Field(FieldIx::ID, compare) => bounds(compare),
        Filter::And(all) => all.iter().any(by_id),
        _ => false,
    }
}

/// Whether an index begins with a field: ids, relations, the creation time, unique keys, and declared
/// indexes.
fn indexed(object: &Object, ix: FieldIx) -> bool {
    let field = object.field(ix);
    ix == FieldIx::ID
        || matches!(field.ty, FieldType::Relation(_))
        || object.system.created_at == Some(ix)
        || object.indexed().any(|fields| fields.first() == Some(&ix))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Code;

    #[test]
    fn what_rights_are_asked_of_is_bounded() {
        let limits = Limits::default();
        let spent =
            |asked| Spent { size: Extent { asked, ..Extent::default() }, ..Spent::default() };
        assert_eq!(spent(limits.joins * ASKED).within(&limits), Ok(()));
        let refused = spent(limits.joins * ASKED + 1).within(&limits);
        assert_eq!(refused.map_err(|error| error.code), Err(Code::LimitJoins));
    }
}
