//! Types of an object's aggregates. Names and types only, as in `schema`.

use async_graphql::dynamic::{Enum, InputObject, Object as Type, SchemaBuilder, TypeRef};
use strum::IntoEnumIterator;

use super::{
    describe::{arg, field, input},
    names::{AGGREGATE, FILL, GROUPS, OFFSET},
};
use crate::{
    access::Visible,
    catalog::{Catalog, Field as Known, FieldType, Object, ObjectKind, Storage},
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

/// Builds the field of a query or record that returns aggregates of an object.
pub(super) fn aggregate(
    visible: Visible<'_>,
    name: &str,
    object: &Object,
    ty: impl FnOnce(String) -> TypeRef,
) -> async_graphql::dynamic::Field {
    let of = &object.name;
    let described = field(format!("{name}{AGGREGATE}"), ty(format!("{of}Aggregate")))
        .argument(arg("filter", TypeRef::named(format!("{of}Filter"))));
    searched(visible, object, described)
        .argument(arg("groupBy", TypeRef::named_nn_list(format!("{of}GroupBy"))))
        .argument(arg("having", TypeRef::named(format!("{of}Having"))))
        .argument(arg("orderBy", TypeRef::named_nn_list(format!("{of}AggregateOrder"))))
        .argument(arg(FILL, TypeRef::named("Boolean")))
        .argument(arg("first", TypeRef::named("Int")))
        .argument(arg(OFFSET, TypeRef::named("Int")))
}

/// Adds the argument `search` if the object can be searched.
pub(super) fn searched(
    visible: Visible<'_>,
    object: &Object,
    list: async_graphql::dynamic::Field,
) -> async_graphql::dynamic::Field {
    if visible.searches(object) {
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
    let instant = || matches!(field.ty.storage(), Storage::Date | Storage::DateTime);
    is_number(field) || instant()
}

/// Registers the aggregate types of an object.
pub(super) fn register(
    visible: Visible<'_>,
    object: &Object,
    mut schema: SchemaBuilder,
) -> SchemaBuilder {
    let name = &object.name;
    let row = format!("{name}Aggregate");
    let mut out = Type::new(&row)
        .description("A group of records and what they come to.")
        .field(field("key", TypeRef::named_nn(format!("{row}Key"))))
        .field(field("count", TypeRef::named_nn("Int")))
        .field(field(GROUPS, TypeRef::named_nn("Int")));
    if object.kind != ObjectKind::Line {
        out = out.field(
            field("top", TypeRef::named_nn_list_nn(name))
                .description("The records of the group that come first in an order, 3 unless told.")
                .argument(arg("orderBy", TypeRef::named_nn_list(format!("{name}Order"))))
                .argument(arg("first", TypeRef::named("Int"))),
        );
    }
    let having = format!("{name}Having");
    let mut condition = InputObject::new(&having)
        .description("A condition on a group.")
        .field(input("and", TypeRef::named_nn_list(&having)))
        .field(input("or", TypeRef::named_nn_list(&having)))
        .field(input("not", TypeRef::named(&having)))
        .field(input("count", TypeRef::named("IntFilter")));
    let mut order = InputObject::new(format!("{row}Order"))
        .description("One key: exactly one field. What is under `key` must be grouped by.")
        .field(input("key", TypeRef::named(format!("{name}GroupOrder"))))
        .field(input("count", TypeRef::named("OrderDirection")));
    for kind in &KINDS {
        let taken: Vec<_> =
            visible.compared(object).map(|(_, known)| known).filter(|f| (kind.takes)(f)).collect();
        if taken.is_empty() {
            continue;
        }
        let ty = format!("{name}{}", kind.suffix);
        let (ordered, compared) = (format!("{ty}Order"), format!("{ty}Having"));
        for function in kind.functions {
            out = out.field(field(*function, TypeRef::named_nn(&ty)));
            condition = condition.field(input(function, TypeRef::named(&compared)));
            order = order.field(input(function, TypeRef::named(&ordered)));
        }
        let mut types = (Type::new(&ty), InputObject::new(&ordered), InputObject::new(&compared));
        for known in taken {
            let Some(gives) = kind.gives.or_else(|| scalar(visible.catalog, known)) else {
                continue;
            };
            types.0 = types.0.field(field(&known.name, TypeRef::named(gives)));
            types.1 = types.1.field(input(&known.name, TypeRef::named("OrderDirection")));
            types.2 = types.2.field(input(&known.name, TypeRef::named(format!("{gives}Filter"))));
        }
        schema = schema.register(types.0).register(types.1).register(types.2);
    }
    schema = schema.register(out).register(condition).register(order);
    let keys = keys(visible, object);
    schema.register(keys.0).register(keys.1).register(keys.2)
}

/// Builds the types for grouping: the key, the input and its order.
fn keys(visible: Visible<'_>, object: &Object) -> (Type, InputObject, InputObject) {
    let name = &object.name;
    let mut key = Type::new(format!("{name}AggregateKey"))
        .description("What the records of a group have in common: fields that are grouped by.");
    let mut by = InputObject::new(format!("{name}GroupBy"))
        .description("One thing to group by: exactly one field.");
    let mut order = InputObject::new(format!("{name}GroupOrder"))
        .description("Exactly one field that is grouped by.");
    for (_, known) in visible.compared(object).filter(|(_, known)| is_told_apart(known)) {
        let (out, given, sorted) = match target(visible.catalog, known) {
            Some(target) => (
                TypeRef::named_nn(format!("{}AggregateKey", target.name)),
                format!("{}GroupBy", target.name),
                format!("{}GroupOrder", target.name),
            ),
            None => {
                let Some(scalar) = scalar(visible.catalog, known) else { continue };
                let (scalar, given) = match known.ty {
                    FieldType::Date | FieldType::DateTime => ("Date", PERIOD),
                    _ => (scalar, "Boolean"),
                };
                (TypeRef::named(scalar), given.to_owned(), "OrderDirection".to_owned())
            }
        };
        key = key.field(field(&known.name, out));
        by = by.field(input(&known.name, TypeRef::named(given)));
        order = order.field(input(&known.name, TypeRef::named(sorted)));
    }
    (key, by, order)
}

fn target<'c>(catalog: &'c Catalog, field: &Known) -> Option<&'c Object> {
    field.target().map(|target| catalog.object(target))
}

/// Adds fields to a filter on a to-many relation that compare aggregates of its records.
pub(super) fn compared_many(
    visible: Visible<'_>,
    object: &Object,
    filter: InputObject,
) -> InputObject {
    let name = &object.name;
    let mut filter = filter
        .field(
            input("where", TypeRef::named(format!("{name}Filter")))
                .description("Narrows the records that `count` and the rest are made of."),
        )
        .field(input("count", TypeRef::named("IntFilter")));
    for kind in &KINDS {
        if !visible.compared(object).any(|(_, known)| (kind.takes)(known)) {
            continue;
        }
        for function in kind.functions {
            let having = format!("{name}{}Having", kind.suffix);
            filter = filter.field(input(function, TypeRef::named(having)));
        }
    }
    filter
}
