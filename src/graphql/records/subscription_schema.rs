//! Subscriptions in the schema: `customerChanged`, for whoever may read customers.

use async_graphql::{
    Value as Given,
    dynamic::{
        Enum, Object as Type, SchemaBuilder, Subscription, SubscriptionField,
        SubscriptionFieldFuture, TypeRef,
    },
};

use super::describe::{arg, field};
use crate::{
    access::Visible,
    catalog::{Catalog, ObjectIx, ObjectKind},
};

/// `customerChanged`
const CHANGED: &str = "Changed";
/// `CustomerChange`
pub(super) const CHANGE: &str = "Change";
const KIND: &str = "ChangeKind";

/// Registers `customerChanged(filter: CustomerFilter, after: String): CustomerChange!` and its types.
///
/// The subscription type exists if the caller may read any object.
pub(super) fn register(visible: Visible<'_>, mut schema: SchemaBuilder) -> SchemaBuilder {
    let mut subscription = Subscription::new("Subscription");
    let mut any = false;
    for object in visible.objects().filter(|object| object.kind != ObjectKind::Line) {
        any = true;
        let of = &object.name;
        let ty = TypeRef::named_nn(format!("{of}{CHANGE}"));
        let changed = SubscriptionField::new(format!("{}{CHANGED}", object.singular()), ty, |_| {
            // Never called: messages do not come from resolvers.
            let none: futures_util::stream::Empty<async_graphql::Result<Given>> =
                futures_util::stream::empty();
            SubscriptionFieldFuture::new(async move { Ok(none) })
        })
        .argument(arg("filter", TypeRef::named(format!("{of}Filter"))))
        .argument(arg("after", TypeRef::named("String")));
        subscription = subscription.field(changed);
        schema = schema.register(
            Type::new(format!("{of}{CHANGE}"))
                .field(field("kind", TypeRef::named_nn(KIND)))
                .field(field("id", TypeRef::named("ID")))
                .field(field("record", TypeRef::named(of)))
                .field(field("at", TypeRef::named_nn("DateTime")))
                .field(field("cursor", TypeRef::named_nn("String"))),
        );
    }
    if !any {
        return schema;
    }
    let kinds = ["CREATED", "UPDATED", "ENTERED", "LEFT", "DELETED", "RESYNC"];
    schema.register(subscription).register(Enum::new(KIND).items(kinds))
}

/// Whether the caller may subscribe to any object.
pub(super) fn opens(visible: Visible<'_>) -> bool {
    visible.objects().any(|object| object.kind != ObjectKind::Line)
}

/// Returns the root fields with their objects.
pub(super) fn roots(catalog: &Catalog) -> impl Iterator<Item = (String, ObjectIx)> + '_ {
    let told = catalog.objects.iter().filter(|object| object.kind != ObjectKind::Line);
    told.map(|object| (format!("{}{CHANGED}", object.singular()), object.ix))
}
