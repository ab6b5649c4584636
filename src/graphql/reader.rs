//! What the selections and arguments of one operation are read with. Fragments, aliases, `@skip` and
//! `@include` end here: after that each response key occurs once.

use async_graphql::{
    Positioned, Value as Given,
    parser::types::{
        Directive, ExecutableDocument, Field as Asked, Selection as Node, SelectionSet,
    },
};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use indexmap::IndexMap;
use uuid::Uuid;

use super::{
    limits::Limits,
    tally::Tally,
    variables::{Lacks, Variables},
};
use crate::{access::Visible, base::Lang, catalog::Catalog};

/// Parses arguments against a catalog.
#[derive(Clone, Copy)]
pub(super) struct Args<'c> {
    pub(super) catalog: &'c Catalog,
    pub(super) limits: &'c Limits,
    /// Counts what was parsed of the operation.
    pub(super) tally: &'c Tally,
    /// Today in the business time zone.
    pub(super) today: NaiveDate,
    /// The business time zone.
    pub(super) zone: Tz,
    /// The instant of the request.
    pub(super) now: DateTime<Utc>,
    /// The caller's employee.
    pub(super) viewer: Option<Uuid>,
    /// What exists for the caller; none where that does not matter.
    pub(super) visible: Option<Visible<'c>>,
}

/// Parses the selections of one operation.
#[derive(Clone, Copy)]
pub(super) struct SelectionReader<'r> {
    pub(super) args: Args<'r>,
    pub(super) document: &'r ExecutableDocument,
    pub(super) variables: &'r Variables,
    /// Which variables had parts removed.
    pub(super) lacks: &'r Lacks,
    /// The caller's language.
    pub(super) lang: Lang,
}

/// The fields of a response key. Several, if the key is selected more than once.
pub(super) type Collected<'r> = IndexMap<String, Vec<&'r Asked>>;

impl<'r> SelectionReader<'r> {
    /// Collects the fields of selections on a type by response key.
    pub(super) fn collect(&self, sets: &[&'r SelectionSet], ty: &str) -> Collected<'r> {
        let mut collected = Collected::new();
        for set in sets {
            self.collect_into(set, ty, &mut collected);
        }
        collected
    }

    fn collect_into(&self, set: &'r SelectionSet, ty: &str, collected: &mut Collected<'r>) {
        for item in &set.items {
            match &item.node {
                Node::Field(field) => {
                    if self.included(&field.node.directives) {
                        let key = field.node.response_key().node.to_string();
                        collected.entry(key).or_default().push(&field.node);
                    }
                }
                Node::InlineFragment(inner) => {
                    let on = inner.node.type_condition.as_ref().map(|on| on.node.on.node.as_str());
                    if self.included(&inner.node.directives) && self.applies(on, ty) {
                        self.collect_into(&inner.node.selection_set.node, ty, collected);
                    }
                }
                Node::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    let Some(fragment) = self.document.fragments.get(name) else { continue };
                    let on = fragment.node.type_condition.node.on.node.as_str();
                    if self.included(&spread.node.directives) && self.applies(Some(on), ty) {
                        self.collect_into(&fragment.node.selection_set.node, ty, collected);
                    }
                }
            }
        }
    }

    /// Whether a fragment on one type applies to another. Every record is a `Node`, and of each union that has its
    /// object.
    fn applies(&self, on: Option<&str>, ty: &str) -> bool {
        on.is_none_or(|on| {
            let record = !ty.ends_with("Connection") && !ty.ends_with("Edge");
            on == ty || (on == "Node" && record) || self.args.catalog.unites(on, ty)
        })
    }

    fn included(&self, directives: &[Positioned<Directive>]) -> bool {
        directives.iter().all(|directive| {
            let condition = directive
                .node
                .get_argument("if")
                .and_then(|value| self.value(&value.node))
                .is_none_or(|value| value == Given::Boolean(true));
            match directive.node.name.node.as_str() {
                "skip" => !condition,
                "include" => condition,
                _ => true,
            }
        })
    }
}
