//! Candidates: the records to which a field may refer, for whoever picks one.
//!
//! These are the records of the field's target that the caller may read, which is what a save asks of a
//! reference ([`super::references`]), without the record itself where the field makes a tree. A further condition
//! on candidates is one more part of [`Candidates::condition`].

use uuid::Uuid;

use super::hits::{HitParts, hits_find, named_by};
use crate::{
    access::Visible,
    base::Value,
    catalog::{FieldIx, FieldType, Object},
    query::{Compare, Filter, Find},
};

/// A field for which candidates are asked.
#[derive(Clone, Copy)]
pub struct Candidates<'v> {
    visible: Visible<'v>,
    target: &'v Object,
    /// The field leads from a record to another one of its object, in a tree.
    tree: bool,
}

impl<'v> Candidates<'v> {
    /// The candidates of a field, by the names of its object and itself. None if there is no such relation for the
    /// caller.
    pub fn of(visible: Visible<'v>, object: &str, field: &str) -> Option<Self> {
        let object = visible.objects().find(|known| known.name == object)?;
        let (_, field) = object.called(field).filter(|(ix, _)| visible.sees(object, *ix))?;
        let target = match &field.ty {
            FieldType::Relation(relation) => relation.target,
            FieldType::ManyToMany(junction) => junction.target,
            _ => return None,
        };
        let tree = field.relation().is_some_and(|relation| relation.tree) && target == object.ix;
        Some(Self { visible, target: visible.catalog.object(target), tree })
    }

    /// The condition on candidates: for the record of an id, if it is stored, and as words name them.
    fn condition(&self, id: Option<Uuid>, words: &[String]) -> Option<Filter> {
        let mut all = Vec::new();
        if let Some(id) = id.filter(|_| self.tree) {
            let own = Compare::Eq(Value::Id(id));
            all.push(Filter::Not(Box::new(Filter::Field(FieldIx::ID, own))));
        }
        if !words.is_empty() {
            all.push(named_by(self.visible, self.target, words));
        }
        (!all.is_empty()).then(|| Filter::all(all))
    }

    /// The find of the first candidates.
    pub fn find(&self, id: Option<Uuid>, words: &[String], size: u32) -> Find {
        let condition = self.condition(id, words);
        hits_find(self.visible, self.target, condition, size, HitParts::default())
    }
}
