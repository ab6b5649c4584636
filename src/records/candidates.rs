//! Candidates: the records to which a field may refer, for whoever picks one.
//!
//! These are the records of the field's target that the caller may read, which is what a save asks of a
//! reference ([`super::references`]), without the record itself where the field makes a tree, and with `choose` of
//! the relation, computed for the record as it is drafted ([`super::record_drafts`]).

use uuid::Uuid;

use super::{
    change::Input,
    hits::{HitParts, hits_find, named_by},
    record_drafts,
    session::Session,
};
use crate::{
    access::Visible,
    base::{Result, Value},
    catalog::{Field, FieldIx, FieldType, Object},
    query::{Compare, Filter, Find},
};

/// A field for which candidates are asked.
#[derive(Clone, Copy)]
pub struct Candidates<'v> {
    visible: Visible<'v>,
    /// The object that has the field.
    pub object: &'v Object,
    field: FieldIx,
    /// The object of the records to which it refers.
    pub target: &'v Object,
    /// The field leads from a record to another one of its object, in a tree.
    tree: bool,
}

impl<'v> Candidates<'v> {
    /// The candidates of a field, by the names of its object and itself, or of what an action asks for: `convert.customer`.
    /// None if there is no such relation for the caller.
    pub fn of(visible: Visible<'v>, object: &str, field: &str) -> Option<Self> {
        let object = visible.objects().find(|known| known.name == object)?;
        let own = || object.called(field).filter(|(ix, _)| visible.sees(object, *ix));
        let found = own().map(|(ix, field)| (object, ix, field));
        let (object, ix, field) = found.or_else(|| asked(visible, object, field))?;
        let target = match &field.ty {
            FieldType::Relation(relation) => relation.target,
            FieldType::ManyToMany(junction) => junction.target,
            _ => return None,
        };
        let tree = field.relation().is_some_and(|relation| relation.tree) && target == object.ix;
        let target = visible.catalog.object(target);
        Some(Self { visible, object, field: ix, target, tree })
    }

    /// Whether candidates depend on the values of the record.
    pub fn depend(&self) -> bool {
        self.object.field(self.field).conditions.choose.is_some()
    }

    /// The condition that `choose` puts on candidates, for the record of an id, if it is stored, with these values.
    pub async fn choice(
        &self,
        session: &Session,
        id: Option<Uuid>,
        input: Input,
    ) -> Result<Option<Filter>> {
        record_drafts::choice(session, self.object, self.field, id, input).await
    }

    /// The condition on candidates: for the record of an id, if it is stored, and as words name them.
    pub fn condition(
        &self,
        id: Option<Uuid>,
        words: &[String],
        choice: Option<Filter>,
    ) -> Option<Filter> {
        let mut all: Vec<_> = choice.into_iter().collect();
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
    pub fn find(
        &self,
        id: Option<Uuid>,
        words: &[String],
        choice: Option<Filter>,
        size: u32,
    ) -> Find {
        let condition = self.condition(id, words, choice);
        hits_find(self.visible, self.target, condition, size, HitParts::default())
    }
}

/// What an action asks for, by the action's code and its own name. None if the caller may not give it.
fn asked<'v>(
    visible: Visible<'v>,
    object: &'v Object,
    name: &str,
) -> Option<(&'v Object, FieldIx, &'v Field)> {
    let (code, name) = name.split_once('.')?;
    let action = object.actions.iter().find(|action| action.code == code)?;
    let (ix, field) = action.asks().find(|(_, field)| field.name == name)?;
    let reads = |target| visible.reads(visible.catalog.object(target));
    let given = visible.may(object, action.right.into()) && field.target().is_some_and(reads);
    given.then_some((&action.input, ix, field))
}
