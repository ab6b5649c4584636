//! The indexes by which parts of one catalog refer to each other.

/// The index of an object in its catalog; meaningless in another version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectIx(pub usize);

/// The index of a field in its object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldIx(pub usize);

impl FieldIx {
    /// The field `id`, which the resolver puts first on every object.
    pub const ID: Self = Self(0);
}

/// The index of a union in its catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnionIx(pub usize);

/// The index of a picklist in its catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PicklistIx(pub usize);
