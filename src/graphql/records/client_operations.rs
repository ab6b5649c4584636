//! Operations that clients have sent lately: whoever changes a definition is told which of them ask for what changes.
//!
//! Kept in memory, by the text of the document, within a bound and for as long as old names of fields lead anywhere.
//! Nobody reads the texts; an operation is known by its name, or by the hash that the audit trail has.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use async_graphql::{
    parser::{parse_query, types::ExecutableDocument},
    registry::Registry,
};
use chrono::{DateTime, Utc};
use moka::sync::Cache;
use sha2::{Digest, Sha256};

use super::{needs::Need, published::PublishedSchema};
use crate::{
    catalog::{FieldIx, Object},
    graphql::{document_check::check_existing, optional, schema_mask::Hidden},
};

/// Most bytes of texts that are kept, each with what is kept beside it.
const MOST: u64 = 10_000_000;
/// What is kept beside each text, in bytes.
const BESIDE: usize = 2_000;
/// How long they are kept after they were sent last: the ninety days for which an old name leads to its field.
const KEPT_FOR: Duration = Duration::from_hours(90 * 24);
/// After how many seconds an operation that is sent again is told to the cache, which does not see it otherwise.
const TOLD_AFTER: i64 = 3_600;
/// Most characters of a name that is told.
const LONGEST: usize = 100;

/// A document that clients have sent.
#[derive(Debug)]
pub(super) struct ClientOperation {
    text: String,
    /// The hash of its text.
    hash: String,
    /// The names of its operations, or the beginning of the hash.
    name: String,
    /// When it was sent last, in seconds since 1970.
    sent_at: AtomicI64,
    /// When the cache was told of it last.
    told_at: AtomicI64,
}

/// The operations of one process.
#[derive(Clone)]
pub struct ClientOperations(Cache<String, Arc<ClientOperation>>);

impl Default for ClientOperations {
    fn default() -> Self {
        let weight = |_: &String, operation: &Arc<ClientOperation>| {
            u32::try_from(operation.text.len() + BESIDE).unwrap_or(u32::MAX)
        };
        Self(Cache::builder().weigher(weight).max_capacity(MOST).time_to_idle(KEPT_FOR).build())
    }
}

/// An operation that asks for something, and when it was sent last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::graphql) struct UsedBy {
    /// Its name, with the old name of a field that it uses.
    pub(in crate::graphql) name: String,
    /// When it was sent last.
    pub(in crate::graphql) sent_at: DateTime<Utc>,
}

impl ClientOperations {
    /// A valid document, to be noted each time it is sent.
    pub(super) fn of(&self, text: &str, document: &ExecutableDocument) -> Arc<ClientOperation> {
        let hash = Sha256::digest(text.as_bytes());
        let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        if let Some(known) = self.0.get(&hash) {
            return known;
        }
        let names: Vec<_> =
            document.operations.iter().filter_map(|(name, _)| Some(name?.as_str())).collect();
        let name = match names.is_empty() {
            true => format!("sha256:{}", hash.get(..12).unwrap_or_default()),
            false => names.join(", ").chars().take(LONGEST).collect(),
        };
        let [sent_at, told_at] = [0, 0].map(AtomicI64::new);
        Arc::new(ClientOperation { text: text.to_owned(), hash, name, sent_at, told_at })
    }

    /// Notes that an operation has been sent.
    pub(super) fn sent(&self, operation: &Arc<ClientOperation>, now: DateTime<Utc>) {
        let now = now.timestamp();
        operation.sent_at.fetch_max(now, Ordering::Relaxed);
        let told_at = operation.told_at.load(Ordering::Relaxed);
        if now - told_at > TOLD_AFTER {
            operation.told_at.store(now, Ordering::Relaxed);
            // Being asked for counts for what is kept. Two that began at once are one from here on.
            match self.0.get(&operation.hash) {
                Some(known) => drop(known.sent_at.fetch_max(now, Ordering::Relaxed)),
                None => self.0.insert(operation.hash.clone(), Arc::clone(operation)),
            }
        }
    }

    /// The operations that are valid in a version.
    pub(in crate::graphql) fn valid_in(&self, published: &PublishedSchema) -> ValidOperations {
        let registry = published.schema.registry();
        let all = Hidden::default();
        let known = self.0.iter().filter_map(|(_, operation)| {
            let document = parse_query(&operation.text).ok()?;
            could_do(&document, registry, &all).then_some((operation, document))
        });
        ValidOperations(known.collect())
    }
}

/// Operations with their documents, parsed once for several questions.
pub(in crate::graphql) struct ValidOperations(Vec<(Arc<ClientOperation>, ExecutableDocument)>);

impl ValidOperations {
    /// Those that ask for an object, or for fields of it, by whatever name, those that were sent last first. A document
    /// uses what it could not do without: it is checked as if that were hidden.
    pub(in crate::graphql) fn that_use(
        &self,
        published: &PublishedSchema,
        object: &Object,
        fields: &[FieldIx],
    ) -> Vec<UsedBy> {
        let leading = |of: &Object| -> Vec<_> {
            let each = of.each_field().filter(|(_, field)| field.target() == Some(object.ix));
            each.map(|(ix, _)| (of.ix, ix)).collect()
        };
        let meant: Vec<_> = match fields {
            // Without the object there is no relation that leads to it.
            [] => published.catalog.objects.iter().flat_map(leading).collect(),
            fields => fields.iter().map(|ix| (object.ix, *ix)).collect(),
        };
        let named = |need: &Need| {
            fields.is_empty() && need.is_about(object.ix, None)
                || meant.iter().any(|(of, ix)| need.is_about(*of, Some(*ix)))
        };
        let hidden = published.without(named);
        let registry = published.schema.registry();
        let old: Vec<_> = object.old_names.iter().filter(|(_, ix)| fields.contains(ix)).collect();
        let asks = self.0.iter().filter_map(|(operation, document)| {
            if could_do(document, registry, &hidden) {
                return None;
            }
            let by = old.iter().find(|(old, _)| is_named(&operation.text, old));
            let name = match by {
                Some((old, _)) => format!("{} ({old})", operation.name),
                None => operation.name.clone(),
            };
            let sent_at = operation.sent_at.load(Ordering::Relaxed);
            Some(UsedBy { name, sent_at: DateTime::from_timestamp(sent_at, 0)? })
        });
        let mut found: Vec<_> = asks.collect();
        found.sort_by(|one, other| other.sent_at.cmp(&one.sent_at).then(one.name.cmp(&other.name)));
        found
    }
}

/// Whether a document is valid where something does not exist. What it says is optional is left out of it then.
fn could_do(document: &ExecutableDocument, registry: &Registry, hidden: &Hidden) -> bool {
    let mut document = document.clone();
    optional::settle(&mut document, registry, hidden);
    check_existing(&document, registry, hidden, true, &|_, _| None).is_ok()
}

/// Whether a text has a name as a word of its own.
fn is_named(text: &str, name: &str) -> bool {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).any(|word| word == name)
}
