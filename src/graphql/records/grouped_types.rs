//! Types that are made of an object's fields. The fields of each group are in a type of their own: those of
//! `SalesOrderFilter` that are in the group `freight` are in `SalesOrderFreightFilter`.
//!
//! Each object has types of its own for a group, because what of it exists for a caller goes by the object.

use async_graphql::dynamic::{Field, InputObject, InputValue, Object as Type, TypeRef};
use indexmap::IndexMap;

use super::{
    describe::{Dated, field, input},
    draft::SchemaDraft,
    needs::Need,
};
use crate::catalog::{Field as Known, FieldIx, Object};

/// A type with members of one kind.
pub(super) trait MemberType: Sized + Into<async_graphql::dynamic::Type> {
    /// A member.
    type Member: Dated;
    /// A type without members.
    fn called(name: &str) -> Self;
    /// A member of a type.
    fn member(name: &str, ty: TypeRef) -> Self::Member;
    /// The type with a further member.
    #[must_use]
    fn with(self, member: Self::Member) -> Self;
}

impl MemberType for Type {
    type Member = Field;

    fn called(name: &str) -> Self {
        Self::new(name)
    }

    fn member(name: &str, ty: TypeRef) -> Field {
        field(name, ty)
    }

    fn with(self, member: Field) -> Self {
        self.field(member)
    }
}

impl MemberType for InputObject {
    type Member = InputValue;

    fn called(name: &str) -> Self {
        Self::new(name)
    }

    fn member(name: &str, ty: TypeRef) -> InputValue {
        input(name, ty)
    }

    fn with(self, member: InputValue) -> Self {
        self.field(member)
    }
}

/// What stands before and behind the name of an object or group in that of a type.
pub(super) type Family<'f> = (&'f str, &'f str);

/// A type of an object's fields, with the types of its groups.
pub(super) struct GroupedType<'o, T> {
    object: &'o Object,
    family: Family<'o>,
    name: String,
    own: T,
    groups: IndexMap<String, (T, Vec<Need>)>,
}

impl<'o, T: MemberType> GroupedType<'o, T> {
    /// A type of a family. `own` is the type without those fields.
    pub(super) fn new(object: &'o Object, family: Family<'o>, own: impl FnOnce(T) -> T) -> Self {
        let name = format!("{}{}{}", family.0, object.name, family.1);
        Self { object, family, own: own(T::called(&name)), name, groups: IndexMap::new() }
    }

    /// Adds a member that is no field of the object.
    pub(super) fn with(self, member: T::Member) -> Self {
        Self { own: self.own.with(member), ..self }
    }

    /// Adds a field of the object where it belongs, if the schema has it. Returns whether it has.
    pub(super) fn field(
        &mut self,
        draft: &mut SchemaDraft<'_>,
        (ix, known): (FieldIx, &Known),
        need: fn(crate::catalog::ObjectIx, FieldIx) -> Need,
        make: impl FnOnce(&str) -> T::Member,
    ) -> bool {
        let (group, name) = known.place();
        let need = need(self.object.ix, ix);
        let ty = self.type_of(group);
        if !draft.has(&[&ty, name], need.clone()) {
            return false;
        }
        let member = make(name).under(self.object, &known.name);
        match group {
            None => replace(&mut self.own, |own| own.with(member)),
            Some(group) => {
                let made = || (T::called(&ty), Vec::new());
                let (inner, needs) = self.groups.entry(group.to_owned()).or_insert_with(made);
                replace(inner, |inner| inner.with(member));
                needs.push(need);
            }
        }
        true
    }

    /// Registers the types of its groups, adds a member for each, and returns the type itself.
    pub(super) fn finish(mut self, draft: &mut SchemaDraft<'_>) -> T {
        for (group, (inner, needs)) in std::mem::take(&mut self.groups) {
            let ty = self.type_of(Some(&group));
            let any = Need::Any(needs);
            draft.register(any.clone(), inner);
            if draft.has(&[&self.name, &group], any) {
                let member = T::member(&group, TypeRef::named(ty));
                let member = match self.object.group(&group) {
                    Some(_) => member,
                    None => match self.object.group_once_called(&group) {
                        Some(now) => member.renamed_to(&now.name),
                        None => member,
                    },
                };
                self.own = self.own.with(member);
            }
        }
        self.own
    }

    fn type_of(&self, group: Option<&str>) -> String {
        let base = match group {
            Some(group) => self.object.group_type(group),
            None => return self.name.clone(),
        };
        format!("{}{base}{}", self.family.0, self.family.1)
    }
}

/// Changes a value that is changed by value.
fn replace<T: MemberType>(place: &mut T, change: impl FnOnce(T) -> T) {
    let whole = std::mem::replace(place, T::called(""));
    *place = change(whole);
}
