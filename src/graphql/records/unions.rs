//! Fields of unions: their types in the schema, and reading what documents say of them.
//!
//! Below, there are only the plain relations that stand for a field. Here they become one field and are folded out
//! of it again.

use async_graphql::{
    Value as Given,
    dynamic::{InputObject, TypeRef, Union as Type},
    parser::types::Field as Asked,
};

use super::{
    argument_parts::fields,
    describe::input,
    draft::SchemaDraft,
    expected_values::{self, bad},
    inputs::{Faults, within},
    names::IS_NULL,
    needs::Need,
};
use crate::{
    base::{Error, Result, Value},
    catalog::{Catalog, FieldIx, FieldType, Object, ObjectIx, Union},
    graphql::{
        reader::{Args, SelectionReader},
        reply::one,
    },
    query::{Filter, Item},
    records::Input,
};

/// Registers unions with their inputs. They exist where a field of theirs is seen.
pub(super) fn register(draft: &mut SchemaDraft<'_>) {
    let whole = draft.whole;
    let mut used = vec![Vec::new(); whole.catalog.unions.len()];
    for object in whole.objects() {
        for (ix, known) in whole.fields(object) {
            if let FieldType::Union(known) = &known.ty
                && let Some(uses) = used.get_mut(known.union.0)
            {
                uses.push(Need::See(object.ix, ix));
            }
        }
    }
    for (union, used) in whole.catalog.unions.iter().zip(used) {
        if !used.is_empty() {
            types(draft, union, &Need::Any(used));
        }
    }
}

fn types(draft: &mut SchemaDraft<'_>, union: &Union, need: &Need) {
    let catalog = draft.whole.catalog;
    let name = &union.name;
    let [filter, order, reference] =
        ["Filter", "Order", "RefInput"].map(|suffix| format!("{name}{suffix}"));
    let mut ty = Type::new(name);
    let mut filters = InputObject::new(&filter).field(input(IS_NULL, TypeRef::named("Boolean")));
    let mut orders = InputObject::new(&order).description("One key: exactly one field.");
    let mut references = InputObject::new(&reference);
    for target in union.targets.iter().map(|ix| catalog.object(*ix)) {
        let (of, reads) = (target.singular(), Need::Read(target.ix));
        if draft.has(&[name, &target.name], reads.clone()) {
            ty = ty.possible_type(&target.name);
        }
        let taken = |suffix: &str| TypeRef::named(format!("{}{suffix}", target.name));
        if draft.has(&[&filter, &of], reads.clone()) {
            filters = filters.field(input(&of, taken("Filter")));
        }
        if draft.has(&[&order, &of], reads.clone()) {
            orders = orders.field(input(&of, taken("Order")));
        }
        if draft.has(&[&reference, &of], reads) {
            references = references.field(input(&of, taken("RefInput")));
        }
    }
    draft.register(need.clone(), ty);
    draft.register(need.clone(), filters);
    draft.register(need.clone(), orders);
    draft.register(need.clone(), references);
}

/// The GraphQL type that is made of a field's union: itself, or with a suffix one of its inputs.
pub(super) fn named(catalog: &Catalog, ty: &FieldType, suffix: &str) -> Option<String> {
    match ty {
        FieldType::Union(known) => Some(format!("{}{suffix}", catalog.union(known.union).name)),
        _ => None,
    }
}

impl<'r> SelectionReader<'r> {
    /// Parses `subject { __typename ... on Customer { name } }`: a selection for each object of the union.
    pub(super) fn one_of(
        &self,
        object: &Object,
        ix: FieldIx,
        fields: &[&'r Asked],
    ) -> Result<Item> {
        let relations = object.relations_of(ix).iter().filter_map(|relation| {
            let target = object.field(*relation).target()?;
            Some((*relation, self.args.catalog.object(target)))
        });
        let each = relations.map(|(relation, target)| Ok((relation, self.record(target, fields)?)));
        Ok(Item::OneOf(ix, each.collect::<Result<_>>()?))
    }
}

impl Args<'_> {
    /// Parses `subject: {customer: {level: {eq: A}}}` and `subject: {isNull: true}`.
    pub(super) fn union_filter(
        &self,
        object: ObjectIx,
        ix: FieldIx,
        name: &str,
        value: &Given,
    ) -> Result<Filter> {
        let mut all = Vec::new();
        for (key, value) in fields(value)? {
            self.tally.condition(self.limits)?;
            let placed = |error: Error| error.within(key.as_str()).within(name);
            all.push(match (key.as_str(), value) {
                // A null counts as omitted.
                (_, Given::Null) => Filter::And(Vec::new()),
                (IS_NULL, Given::Boolean(unset)) => Filter::Unset(ix, *unset),
                (IS_NULL, _) => return Err(placed(bad(expected_values::true_or_false()))),
                (of, value) => {
                    let (relation, target) = self.in_union(object, ix, of).map_err(placed)?;
                    let inner = self.filter_of(target, value, true).map_err(placed)?;
                    match inner.says_nothing() {
                        true => Filter::And(Vec::new()),
                        false => Filter::One(relation, Box::new(inner)),
                    }
                }
            });
        }
        Ok(Filter::all(all))
    }

    /// Parses the only part of `{customer: …}`: the relation that it names, its object, and what is said of that.
    pub(super) fn only_in_union<'v>(
        &self,
        object: ObjectIx,
        ix: FieldIx,
        value: &'v Given,
    ) -> Result<(FieldIx, ObjectIx, &'v Given)> {
        let mut given = fields(value)?.iter().filter(|(_, value)| **value != Given::Null);
        match (given.next(), given.next()) {
            (Some((of, value)), None) => {
                let (relation, target) = self.in_union(object, ix, of)?;
                Ok((relation, target, value))
            }
            _ => Err(bad(expected_values::one_object())),
        }
    }

    fn in_union(&self, object: ObjectIx, ix: FieldIx, of: &str) -> Result<(FieldIx, ObjectIx)> {
        let object = self.catalog.object(object);
        let relation = object.relation_in_union(ix, of);
        let known =
            relation.and_then(|relation| Some((relation, object.field(relation).target()?)));
        known.ok_or_else(|| bad(expected_values::field()))
    }

    /// Reads `subject: {customer: {id: …}}` or null into an input. The relations to other objects are emptied.
    pub(super) fn give_one_of(
        &self,
        object: &Object,
        ix: FieldIx,
        value: &Given,
        into: &mut Input,
    ) -> Result<(), Faults> {
        let mut chosen = None;
        if *value != Given::Null {
            let (relation, _, value) = self.only_in_union(object.ix, ix, value).map_err(one)?;
            let field = object.field(relation);
            let given = self.given(object, relation, value, into);
            given.map_err(|faults| within(faults, field.name_in_union()))?;
            chosen = Some(relation);
        }
        let others = object.relations_of(ix).iter().filter(|relation| Some(**relation) != chosen);
        into.values.extend(others.map(|relation| (*relation, Value::Null)));
        Ok(())
    }
}
