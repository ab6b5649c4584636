//! Subscriptions in the schema: `customerChanged`, for whoever may read customers.

use async_graphql::{
    Value as Given,
    dynamic::{
        Enum, Object as Type, Subscription, SubscriptionField, SubscriptionFieldFuture, TypeRef,
    },
};

use super::{
    describe::{arg, field},
    draft::SchemaDraft,
    needs::Need,
};
use crate::catalog::{Catalog, ObjectIx, ObjectKind};

/// `customerChanged`
const CHANGED: &str = "Changed";
/// `CustomerChange`
pub(super) const CHANGE: &str = "Change";
const KIND: &str = "ChangeKind";

/// Registers `customerChanged(filter: CustomerFilter, after: String): CustomerChange!` and its types. Returns
/// whether there is any.
///
/// The subscription type exists if the caller may read any object.
pub(super) fn register(draft: &mut SchemaDraft<'_>) -> bool {
    let mut subscription = Subscription::new("Subscription");
    let mut any = Vec::new();
    for object in draft.whole.objects().filter(|object| object.kind != ObjectKind::Line) {
        let (of, read) = (&object.name, Need::Read(object.ix));
        let change = Type::new(format!("{of}{CHANGE}"))
            .field(field("kind", TypeRef::named_nn(KIND)))
            .field(field("id", TypeRef::named("ID")))
            .field(field("record", TypeRef::named(of)))
            .field(field("at", TypeRef::named_nn("DateTime")))
            .field(field("cursor", TypeRef::named_nn("String")));
        draft.register(read.clone(), change);
        let name = format!("{}{CHANGED}", object.singular());
        if draft.has(&["Subscription", &name], read.clone()) {
            subscription = subscription.field(changed(name, of));
        }
        any.push(read);
    }
    let any = Need::Any(any);
    let exists = draft.holds(&any);
    if exists {
        let kinds = ["CREATED", "UPDATED", "ENTERED", "LEFT", "DELETED", "RESYNC"];
        draft.register(any.clone(), subscription);
        draft.register(any, Enum::new(KIND).items(kinds));
    }
    exists
}

/// Builds the root field of an object.
fn changed(name: String, object: &str) -> SubscriptionField {
    SubscriptionField::new(name, TypeRef::named_nn(format!("{object}{CHANGE}")), |_| {
        // Never called: messages do not come from resolvers.
        let none: futures_util::stream::Empty<async_graphql::Result<Given>> =
            futures_util::stream::empty();
        SubscriptionFieldFuture::new(async move { Ok(none) })
    })
    .argument(arg("filter", TypeRef::named(format!("{object}Filter"))))
    .argument(arg("after", TypeRef::named("String")))
}

/// Returns the root fields with their objects.
pub(super) fn roots(catalog: &Catalog) -> impl Iterator<Item = (String, ObjectIx)> + '_ {
    let told = catalog.objects.iter().filter(|object| object.kind != ObjectKind::Line);
    told.map(|object| (format!("{}{CHANGED}", object.singular()), object.ix))
}
