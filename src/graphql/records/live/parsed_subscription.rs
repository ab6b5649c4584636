//! A parsed subscription, with all checks of a new request.

use std::sync::Arc;

use async_graphql::Value as Given;

use crate::{
    access::Principal,
    base::{Error, Result},
    catalog::Object,
    company::admission::{Admission, Doing, purpose},
    graphql::{
        document::{named, operation},
        exchange::{Caller, Request},
        optional,
        reader::{Args, SelectionReader},
        records::{
            cost::Spent, endpoint::Records, faults, prepare::Opened, select::unknown,
            selection_cost::weight, subscription_schema::CHANGE,
        },
        reply::one,
        request_summary::known_by,
        tally::Tally,
        variables,
    },
    query::{Extent, Part, Selection},
    records::{Followed, Session},
};

/// Most records per batch. The cost of the selection counts this many times.
const BATCH: u64 = 500;

/// A selected part of a message.
pub(super) enum MessagePart {
    Typename(String),
    Kind,
    Id,
    At,
    Cursor,
    Record(Selection),
}

/// A parsed subscription under the present rights.
pub(super) struct Wish {
    pub(super) session: Session,
    pub(super) followed: Followed,
    /// The response key of the root field.
    pub(super) key: String,
    pub(super) parts: Vec<Part<MessagePart>>,
    /// The cursor to continue from.
    pub(super) after: Option<String>,
    /// Parts of optional variables that do not exist for the caller.
    pub(super) left: Vec<Vec<String>>,
    pub(super) opened: Opened,
}

impl Wish {
    /// Parses the subscription of a request, with all checks of a new request.
    pub(super) async fn read(
        records: &Records,
        request: &Request,
        caller: &Caller,
        principal: &Principal,
    ) -> Result<Self, Vec<Error>> {
        let entered = records.entered(caller, principal).await.map_err(one)?;
        let opened = records.opened(request, entered).await?;
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
        let reader = SelectionReader {
            args: Args {
                catalog: &opened.published.catalog,
                limits: &records.limits,
                tally: &tally,
                today: session.today(),
                zone: session.env.zone,
                now: session.env.clock.now(),
                viewer: session.access.viewer(),
                visible: None,
            },
            document,
            variables: &variables,
            lacks: &lacks,
            lang: caller.lang,
        };
        let roots = reader.collect(&[&operation.selection_set.node], "Subscription");
        let mut roots = roots.into_iter();
        let (Some((key, fields)), None) = (roots.next(), roots.next()) else {
            return Err(one(faults::one_root_field()));
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
            if let MessagePart::Record(selection) = &part.what {
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

    /// Returns the object whose records are followed.
    pub(super) fn object(&self) -> &Object {
        self.session.catalog.object(self.followed.object)
    }
}

fn parts<'r>(
    reader: &SelectionReader<'r>,
    object: &Object,
    fields: &[&'r async_graphql::parser::types::Field],
) -> Result<Vec<Part<MessagePart>>> {
    let ty = format!("{}{CHANGE}", object.name);
    let sets: Vec<_> = fields.iter().map(|field| &field.selection_set.node).collect();
    let mut parts = Vec::new();
    for (key, fields) in reader.collect(&sets, &ty) {
        let Some(first) = fields.first() else { continue };
        let what = match first.name.node.as_str() {
            "__typename" => MessagePart::Typename(optional::told(first, &ty)),
            "kind" => MessagePart::Kind,
            "id" => MessagePart::Id,
            "at" => MessagePart::At,
            "cursor" => MessagePart::Cursor,
            "record" => MessagePart::Record(reader.record(object, &fields)?),
            name => return Err(unknown(&ty, name)),
        };
        parts.push(Part { key, what });
    }
    Ok(parts)
}
