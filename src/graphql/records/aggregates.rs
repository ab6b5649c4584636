//! Types of an object's aggregates. Names and types only, as in `schema`.

use std::borrow::Cow;

use async_graphql::dynamic::{Enum, Field, InputObject, Object as Type, TypeRef};
use strum::IntoEnumIterator;

use super::{
    describe::{arg, field, input},
    draft::SchemaDraft,
    grouped_types::GroupedType,
    names::{DRILL, FILL, GROUPS, OFFSET},
    needs::Need,
};
use crate::{
    catalog::{Catalog, Field as Known, FieldIx, FieldType, Object, ObjectKind, Storage},
    graphql::field_kinds::{is_told_apart, scalar},
    sql::Period,
};

/// The enum of periods by which dates and instants are grouped.
const PERIOD: &str = "DatePeriod";

/// Types shared by the aggregates of all objects.
pub(super) fn shared() -> Enum {
    Period::iter().fold(
        Enum::new(PERIOD).description("The period, in the business time zone, that a date is of."),
        |ty, period| ty.item(period.as_ref()),
    )
}

/// Builds the field of a query or record that returns aggregates of an object. `at`: its type and name.
pub(super) fn aggregate(
    draft: &mut SchemaDraft<'_>,
    at: [&str; 2],
    object: &Object,
    ty: impl FnOnce(String) -> TypeRef,
) -> Field {
    let of = &object.name;
    let described = field(at[1], ty(format!("{of}Aggregate")))
        .argument(arg("filter", TypeRef::named(format!("{of}Filter"))));
    searched(draft, at, object, described)
        .argument(arg("groupBy", TypeRef::named_nn_list(format!("{of}GroupBy"))))
        .argument(arg("having", TypeRef::named(format!("{of}Having"))))
        .argument(arg("orderBy", TypeRef::named_nn_list(format!("{of}AggregateOrder"))))
        .argument(arg(FILL, TypeRef::named("Boolean")))
        .argument(arg("first", TypeRef::named("Int")))
        .argument(arg(OFFSET, TypeRef::named("Int")))
}

/// Adds the argument `search` if the object can be searched.
pub(super) fn searched(
    draft: &mut SchemaDraft<'_>,
    [ty, name]: [&str; 2],
    object: &Object,
    list: Field,
) -> Field {
    if draft.whole.searches(object) && draft.has(&[ty, name, "search"], Need::Search(object.ix)) {
        list.argument(arg("search", TypeRef::named("String")))
    } else {
        list
    }
}

/// A kind of aggregate functions: the suffix of its type, and its functions.
struct Kind {
    suffix: &'static str,
    functions: &'static [&'static str],
    takes: fn(&Known) -> bool,
    /// The scalar of the results. None: the scalar of the field.
    gives: Option<&'static str>,
}

const KINDS: [Kind; 3] = [
    Kind {
        suffix: "Numbers",
        functions: &["sum", "avg"],
        takes: is_number,
        gives: Some("Decimal"),
    },
    Kind { suffix: "Extremes", functions: &["min", "max"], takes: is_ordered, gives: None },
    Kind {
        suffix: "Distinct",
        functions: &["countDistinct"],
        takes: is_told_apart,
        gives: Some("Int"),
    },
];

fn is_number(field: &Known) -> bool {
    !field.system && field.ty.traits().adds_up
}

fn is_ordered(field: &Known) -> bool {
    let moment = || matches!(field.ty.storage(), Storage::Date | Storage::DateTime | Storage::Time);
    is_number(field) || moment()
}

/// Returns the fields of an object that a kind takes, and what callers need who compare any of them.
fn taken<'c>(
    draft: &SchemaDraft<'c>,
    object: &'c Object,
    kind: &Kind,
) -> Option<(Vec<(FieldIx, Cow<'c, Known>)>, Need)> {
    let taken = draft.whole.compared(object).filter(|(_, known)| (kind.takes)(known));
    let fields = object.by_every_name(taken);
    let each = fields.iter().map(|(ix, _)| Need::Compare(object.ix, *ix));
    let any = Need::Any(each.collect());
    (!fields.is_empty()).then_some((fields, any))
}

/// Registers the aggregate types of an object.
pub(super) fn register<'c>(draft: &mut SchemaDraft<'c>, object: &'c Object) {
    let name = &object.name;
    let (row, having, ordered) =
        (format!("{name}Aggregate"), format!("{name}Having"), format!("{name}AggregateOrder"));
    let mut out = Type::new(&row)
        .description("A group of records and what they come to.")
        .field(field("key", TypeRef::named_nn(format!("{row}Key"))))
        .field(field("count", TypeRef::named_nn("Int")))
        .field(field(GROUPS, TypeRef::named_nn("Int")))
        .field(field(DRILL, TypeRef::named_nn("JSON")));
    if object.kind != ObjectKind::Line {
        out = out.field(
            field("top", TypeRef::named_nn_list_nn(name))
                .description("The records of the group that come first in an order, 3 unless told.")
                .argument(arg("orderBy", TypeRef::named_nn_list(format!("{name}Order"))))
                .argument(arg("first", TypeRef::named("Int"))),
        );
    }
    let mut condition = InputObject::new(&having)
        .description("A condition on a group.")
        .field(input("and", TypeRef::named_nn_list(&having)))
        .field(input("or", TypeRef::named_nn_list(&having)))
        .field(input("not", TypeRef::named(&having)))
        .field(input("count", TypeRef::named("IntFilter")));
    let mut order = InputObject::new(&ordered)
        .description("One key: exactly one field. What is under `key` must be grouped by.")
        .field(input("key", TypeRef::named(format!("{name}GroupOrder"))))
        .field(input("count", TypeRef::named("OrderDirection")));
    for kind in &KINDS {
        let Some((fields, any)) = taken(draft, object, kind) else { continue };
        let ty = format!("{name}{}", kind.suffix);
        for function in kind.functions {
            if draft.has(&[&row, function], any.clone()) {
                out = out.field(field(*function, TypeRef::named_nn(&ty)));
            }
            if draft.has(&[&having, function], any.clone()) {
                condition = condition.field(input(function, TypeRef::named(format!("{ty}Having"))));
            }
            if draft.has(&[&ordered, function], any.clone()) {
                order = order.field(input(function, TypeRef::named(format!("{ty}Order"))));
            }
        }
        of_kind(draft, object, kind, (fields, any));
    }
    draft.register(Need::Read(object.ix), out);
    draft.register(Need::Read(object.ix), condition);
    draft.register(Need::Read(object.ix), order);
    keys(draft, object);
}

/// Registers the types of a kind: its results, their order and the conditions on them.
fn of_kind(
    draft: &mut SchemaDraft<'_>,
    object: &Object,
    kind: &Kind,
    (fields, any): (Vec<(FieldIx, Cow<'_, Known>)>, Need),
) {
    let (ordered, having) = (format!("{}Order", kind.suffix), format!("{}Having", kind.suffix));
    let mut results = GroupedType::new(object, ("", kind.suffix), |ty: Type| ty);
    let mut order = GroupedType::new(object, ("", &ordered), |ty: InputObject| ty);
    let mut compared = GroupedType::new(object, ("", &having), |ty: InputObject| ty);
    for (ix, known) in fields {
        let gives = kind.gives.or_else(|| scalar(draft.whole.catalog, &known));
        let Some(gives) = gives else { continue };
        let at = (ix, &*known);
        results.field(draft, at, Need::Compare, |name| field(name, TypeRef::named(gives)));
        let direction = TypeRef::named("OrderDirection");
        order.field(draft, at, Need::Compare, |name| input(name, direction));
        let condition = TypeRef::named(format!("{gives}Filter"));
        compared.field(draft, at, Need::Compare, |name| input(name, condition));
    }
    let results = results.finish(draft);
    draft.register(any.clone(), results);
    let order = order.finish(draft);
    draft.register(any.clone(), order);
    let compared = compared.finish(draft);
    draft.register(any, compared);
}

/// Registers the types for grouping: the key, the input and its order.
fn keys(draft: &mut SchemaDraft<'_>, object: &Object) {
    let whole = draft.whole;
    let mut key = GroupedType::new(object, ("", "AggregateKey"), |ty: Type| {
        ty.description("What the records of a group have in common: fields that are grouped by.")
    });
    let mut by = GroupedType::new(object, ("", "GroupBy"), |ty: InputObject| {
        ty.description("One thing to group by: exactly one field.")
    });
    let mut order = GroupedType::new(object, ("", "GroupOrder"), |ty: InputObject| {
        ty.description("Exactly one field that is grouped by.")
    });
    let told = whole.compared(object).filter(|(_, known)| is_told_apart(known));
    for (ix, known) in object.by_every_name(told) {
        let Some((out, group, sorted)) = grouped(whole.catalog, &known) else { continue };
        let at = (ix, &*known);
        key.field(draft, at, Need::Compare, |name| field(name, out));
        by.field(draft, at, Need::Compare, |name| input(name, TypeRef::named(group)));
        order.field(draft, at, Need::Compare, |name| input(name, TypeRef::named(sorted)));
    }
    let (key, by, order) = (key.finish(draft), by.finish(draft), order.finish(draft));
    draft.register(Need::Read(object.ix), key);
    draft.register(Need::Read(object.ix), by);
    draft.register(Need::Read(object.ix), order);
}

/// The types for grouping by a field: of the key, of the input, and of its order.
fn grouped(catalog: &Catalog, known: &Known) -> Option<(TypeRef, String, String)> {
    Some(match target(catalog, known) {
        Some(target) => (
            TypeRef::named_nn(format!("{}AggregateKey", target.name)),
            format!("{}GroupBy", target.name),
            format!("{}GroupOrder", target.name),
        ),
        None => {
            let scalar = scalar(catalog, known)?;
            let (scalar, given) = match known.ty {
                FieldType::Date | FieldType::DateTime => ("Date", PERIOD),
                _ => (scalar, "Boolean"),
            };
            (TypeRef::named(scalar), given.to_owned(), "OrderDirection".to_owned())
        }
    })
}

fn target<'c>(catalog: &'c Catalog, field: &Known) -> Option<&'c Object> {
    field.target().map(|target| catalog.object(target))
}

/// Adds fields to a filter on a to-many relation that compare aggregates of its records.
pub(super) fn compared_many(
    draft: &mut SchemaDraft<'_>,
    object: &Object,
    filter: InputObject,
) -> InputObject {
    let name = &object.name;
    let own = format!("{name}FilterMany");
    let mut filter = filter
        .field(
            input("where", TypeRef::named(format!("{name}Filter")))
                .description("Narrows the records that `count` and the rest are made of."),
        )
        .field(input("count", TypeRef::named("IntFilter")));
    for kind in &KINDS {
        let Some((_, any)) = taken(draft, object, kind) else { continue };
        for function in kind.functions {
            if draft.has(&[&own, function], any.clone()) {
                let having = format!("{name}{}Having", kind.suffix);
                filter = filter.field(input(function, TypeRef::named(having)));
            }
        }
    }
    filter
}
