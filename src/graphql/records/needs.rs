//! What a caller's rights must allow for an element of the record schema to exist.
//!
//! [`SchemaDraft`](super::draft::SchemaDraft) notes a need for each element when the schema is built. Whether the
//! needs hold is asked once for each shape of access.

use std::sync::Arc;

use indexmap::IndexSet;

use crate::{
    access::{Action, Visible},
    catalog::{FieldIx, Object, ObjectIx},
    graphql::schema_mask::{Elements, Hidden},
    records::OPERATIONS,
};

/// What must be allowed. Nothing of an object exists unless it may be read.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Need {
    /// Nothing: the element exists for everyone.
    Nothing,
    /// The object may be read.
    Read(ObjectIx),
    /// Its records may be acted on, or lines within their document.
    May(ObjectIx, Action),
    /// The operation of this index in [`OPERATIONS`] is open on it.
    Operation(ObjectIx, usize),
    /// The move of this index in its flow is open on it.
    Move(ObjectIx, usize),
    /// The action of this index among those of the object is open on it.
    Action(ObjectIx, usize),
    /// It can be searched.
    Search(ObjectIx),
    /// It is seen whose its records are.
    Staff(ObjectIx),
    /// It is seen who is responsible for its records.
    Responsible(ObjectIx),
    /// The field is seen.
    See(ObjectIx, FieldIx),
    /// Records can be filtered and sorted by the field.
    Compare(ObjectIx, FieldIx),
    /// Inputs may give the field.
    Write(ObjectIx, FieldIx),
    /// Any of these.
    Any(Vec<Need>),
    /// All of these.
    Both(Box<(Need, Need)>),
}

/// The rights of a caller, with what is asked of them most.
pub(super) struct Sight<'v> {
    visible: Visible<'v>,
    /// Whether each object may be read.
    reads: Vec<bool>,
}

impl<'v> Sight<'v> {
    pub(super) fn new(visible: Visible<'v>) -> Self {
        let reads = visible.catalog.objects.iter().map(|object| visible.reads(object)).collect();
        Self { visible, reads }
    }

    fn object(&self, ix: ObjectIx) -> Option<&'v Object> {
        let reads = self.reads.get(ix.0).copied().unwrap_or_default();
        reads.then(|| self.visible.catalog.object(ix))
    }
}

impl Need {
    /// Whether it is about an object, or one of its fields: without that it would not hold.
    pub(super) fn is_about(&self, object: ObjectIx, field: Option<FieldIx>) -> bool {
        match self {
            Self::Nothing => false,
            Self::Read(of)
            | Self::May(of, _)
            | Self::Operation(of, _)
            | Self::Move(of, _)
            | Self::Action(of, _)
            | Self::Search(of)
            | Self::Staff(of)
            | Self::Responsible(of) => *of == object && field.is_none(),
            Self::See(of, ix) | Self::Compare(of, ix) | Self::Write(of, ix) => {
                *of == object && field.is_none_or(|field| field == *ix)
            }
            Self::Any(needs) => needs.iter().all(|need| need.is_about(object, field)),
            Self::Both(needs) => needs.0.is_about(object, field) || needs.1.is_about(object, field),
        }
    }

    /// Whether it holds for a caller.
    pub(super) fn met(&self, sight: &Sight<'_>) -> bool {
        let visible = sight.visible;
        let on =
            |ix: &ObjectIx, holds: &dyn Fn(&Object) -> bool| sight.object(*ix).is_some_and(holds);
        match self {
            Self::Nothing => true,
            Self::Read(object) => on(object, &|_| true),
            Self::May(object, action) => on(object, &|object| visible.may(object, *action)),
            Self::Operation(object, at) => on(object, &|object| {
                OPERATIONS.get(*at).is_some_and(|operation| (operation.open)(visible, object))
            }),
            Self::Move(object, at) => on(object, &|object| {
                let moves = object.flow.as_deref().map(|flow| &flow.moves);
                let step = moves.and_then(|moves| moves.get(*at));
                step.is_some_and(|step| visible.moves(object, step.right))
            }),
            Self::Action(object, at) => on(object, &|object| {
                let right = object.actions.get(*at).map(|action| action.right.into());
                right.is_some_and(|right| visible.may(object, right))
            }),
            Self::Search(object) => on(object, &|object| visible.searches(object)),
            Self::Staff(object) => on(object, &|object| visible.staff(object).is_some()),
            Self::Responsible(object) => {
                on(object, &|object| visible.responsible(object).is_some())
            }
            Self::See(object, field) => on(object, &|object| visible.sees(object, *field)),
            Self::Compare(object, field) => on(object, &|object| visible.compares(object, *field)),
            Self::Write(object, field) => on(object, &|object| visible.writes(object, *field)),
            Self::Any(needs) => needs.iter().any(|need| need.met(sight)),
            Self::Both(needs) => needs.0.met(sight) && needs.1.met(sight),
        }
    }
}

/// The needs of a schema's elements.
#[derive(Debug, Default)]
pub(super) struct Needs {
    /// Each need once.
    needs: IndexSet<Need>,
    /// The need of each element, by its index.
    elements: Arc<Elements>,
}

impl Needs {
    pub(super) fn new(needs: IndexSet<Need>, elements: Elements) -> Self {
        Self { needs, elements: Arc::new(elements) }
    }

    /// Returns what does not exist for a caller.
    pub(super) fn hidden(&self, visible: Visible<'_>) -> Hidden {
        let sight = Sight::new(visible);
        Hidden::new(&self.elements, self.needs.iter().map(|need| need.met(&sight)))
    }

    /// Returns what would not exist if nothing did that some needs are about.
    pub(super) fn without(&self, about: impl Fn(&Need) -> bool) -> Hidden {
        Hidden::new(&self.elements, self.needs.iter().map(|need| !about(need)))
    }
}

#[cfg(test)]
mod tests;
