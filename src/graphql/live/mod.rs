//! Subscriptions: changes of records for callers who may see them.
//!
//! Contains the schema's part and the parsing of a subscription. `following` runs it, `known` stores which
//! records the subscriber knows. Knows no transport.

mod following;
mod known;
mod message;
mod quota;

use std::{sync::Arc, time::Duration};

use async_graphql::{
    Value as Given,
    dynamic::{
        Enum, Object as Type, SchemaBuilder, Subscription, SubscriptionField,
        SubscriptionFieldFuture, TypeRef,
    },
};
use moka::sync::Cache;
use uuid::Uuid;

pub(super) use self::following::begin;
use self::{following::Parked, quota::Places};
use super::{
    args::Args,
    cost::Spent,
    exchange::{Caller, Request},
    optional,
    prepare::{Opened, named, operation},
    records::{Records, one},
    schema::{arg, field},
    select::{Reader, unknown, weight},
    tally::Tally,
    variables,
    viewing::known_by,
};
use crate::{
    access::{Principal, Visible},
    base::{Code, Error, Result},
    catalog::{Catalog, Object, ObjectIx, ObjectKind},
    company::admission::{Admission, Doing, purpose},
    query::{Extent, Part, Selection},
    records::{Feed, Followed, Session},
};

/// `customerChanged`
const CHANGED: &str = "Changed";
/// `CustomerChange`
const CHANGE: &str = "Change";
const KIND: &str = "ChangeKind";

/// Limits and times of subscriptions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LiveSettings {
    /// Most records per subscription, unless it follows all records of an object without a row rule.
    pub records: u32,
    /// Most subscriptions of this process.
    pub subscriptions: usize,
    /// Most subscriptions per person.
    pub each: usize,
    /// Most ids of records that all subscriptions together may keep. One person may use a quarter.
    pub ids: usize,
    /// How often a subscription is checked without events: whether its caller may still read, and which
    /// records entered or left by time or rights alone.
    pub recheck: Duration,
    /// Longest time to compute the messages for a batch of events.
    pub step: Duration,
}

impl Default for LiveSettings {
    fn default() -> Self {
        Self {
            records: 50_000,
            subscriptions: 10_000,
            each: 500,
            ids: 5_000_000,
            recheck: Duration::from_secs(15),
            step: Duration::from_secs(30),
        }
    }
}

/// Most records per batch. The cost of the selection counts this many times.
const BATCH: u64 = 500;
/// Most ids of all parked subscriptions together.
const PARKED: u64 = 2_000_000;
/// How long a disconnected subscription is parked.
const PARKED_FOR: Duration = Duration::from_mins(2);

/// The shared state of a company's subscriptions.
pub struct Live {
    feed: Feed,
    settings: LiveSettings,
    places: Arc<Places>,
    parked: Cache<Uuid, Arc<Parked>>,
}

impl Live {
    /// Creates the shared state over a feed.
    pub fn new(feed: Feed, settings: LiveSettings) -> Self {
        let parked = Cache::builder()
            .weigher(|_, parked: &Arc<Parked>| parked.weight())
            .max_capacity(PARKED)
            .time_to_live(PARKED_FOR)
            .build();
        let places = Arc::new(Places::new(settings));
        Self { feed, settings, places, parked }
    }
}

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

/// A selected part of a message.
enum ChangePart {
    Typename(String),
    Kind,
    Id,
    At,
    Cursor,
    Record(Selection),
}

/// A parsed subscription under the present rights.
struct Wish {
    session: Session,
    followed: Followed,
    /// The response key of the root field.
    key: String,
    parts: Vec<Part<ChangePart>>,
    /// The cursor to continue from.
    after: Option<String>,
    /// Parts of optional variables that do not exist for the caller.
    left: Vec<Vec<String>>,
    opened: Opened,
}

impl Wish {
    /// Parses the subscription of a request, with all checks of a new request.
    async fn read(
        records: &Records,
        request: &Request,
        caller: &Caller,
        principal: &Principal,
    ) -> Result<Self, Vec<Error>> {
        let opened = records.opened(request, caller, principal).await?;
        let document = &opened.prepared.document;
        let operation = operation(document, request.operation_name.as_deref()).map_err(one)?;
        let (registry, hidden) = (opened.published.schema.registry(), &opened.view.hidden);
        let variables::Coerced { values: variables, left, lacks } =
            variables::coerce(document, operation, &request.variables, registry, hidden)?;
        variables::conditions(document, operation, &variables).map_err(one)?;
        let name = named(document, request.operation_name.as_deref());
        let own = &opened.own;
        let company = &records.company;
        let describe = || known_by(request, name);
        let admission = Admission { company, principal, own, describe: &describe };
        let purpose = purpose(caller.purpose.as_deref(), Doing::Follow).map_err(one)?;
        admission.before(Doing::Follow, caller.view_as.as_deref()).await.map_err(one)?;
        let counts = !opened.own.may_everything();
        let catalog = Arc::clone(&opened.published.catalog);
        let session = company.session(catalog, Arc::clone(&opened.access), purpose, counts);
        let tally = Tally::default();
        let reader = Reader {
            args: Args {
                catalog: &opened.published.catalog,
                limits: &records.limits,
                tally: &tally,
                today: session.today(),
                zone: session.env.zone,
                now: session.env.clock.now(),
                viewer: session.access.viewer(),
            },
            document,
            variables: &variables,
            lacks: &lacks,
            lang: caller.lang,
        };
        let roots = reader.collect(&[&operation.selection_set.node], "Subscription");
        let mut roots = roots.into_iter();
        let (Some((key, fields)), None) = (roots.next(), roots.next()) else {
            return Err(one(Error::new(
                Code::InputInvalid,
                "a subscription selects exactly one root field",
                "订阅必须且只能选择一个根字段",
            )));
        };
        let Some(first) = fields.first() else { return Err(one(Error::internal("no field"))) };
        let name = first.name.node.as_str();
        let Some(object) = opened.published.changes(name) else {
            return Err(one(unknown("Subscription", name)));
        };
        let given = reader.arguments(first);
        let filter = reader.args.narrowed(object, &given).map_err(one)?;
        let after = match given.get("after") {
            Some(Given::String(cursor)) => Some(cursor.clone()),
            _ => None,
        };
        let catalog = &opened.published.catalog;
        let object = catalog.object(object);
        let parts = parts(&reader, object, &fields).map_err(one)?;
        let mut spent = Spent::default();
        for part in &parts {
            if let ChangePart::Record(selection) = &part.what {
                spent.count(weight(selection).saturating_mul(BATCH));
                spent.size.add(Extent::of_record(catalog, &session.access, object.ix, selection));
            }
        }
        if let Some(filter) = &filter {
            spent.size.add(Extent::of_filter(catalog, &session.access, object.ix, filter));
        }
        spent.within(&records.limits).map_err(one)?;
        let followed = Followed { object: object.ix, filter };
        Ok(Self { session, followed, key, parts, after, left, opened })
    }

    fn object(&self) -> &Object {
        self.session.catalog.object(self.followed.object)
    }
}

fn parts<'r>(
    reader: &Reader<'r>,
    object: &Object,
    fields: &[&'r async_graphql::parser::types::Field],
) -> Result<Vec<Part<ChangePart>>> {
    let ty = format!("{}{CHANGE}", object.name);
    let sets: Vec<_> = fields.iter().map(|field| &field.selection_set.node).collect();
    let mut parts = Vec::new();
    for (key, fields) in reader.collect(&sets, &ty) {
        let Some(first) = fields.first() else { continue };
        let what = match first.name.node.as_str() {
            "__typename" => ChangePart::Typename(optional::told(first, &ty)),
            "kind" => ChangePart::Kind,
            "id" => ChangePart::Id,
            "at" => ChangePart::At,
            "cursor" => ChangePart::Cursor,
            "record" => ChangePart::Record(reader.record(object, &fields)?),
            name => return Err(unknown(&ty, name)),
        };
        parts.push(Part { key, what });
    }
    Ok(parts)
}

/// The error for a subscription where a single reply is expected.
pub(super) fn not_here() -> Error {
    Error::new(
        Code::InputMethod,
        "subscriptions tell more than one reply holds",
        "订阅会持续返回多条结果，不能以单次应答返回",
    )
    .hint(
        "subscribe over a WebSocket (graphql-transport-ws), or accept text/event-stream",
        "请使用 WebSocket（graphql-transport-ws），或接受 text/event-stream",
    )
}
