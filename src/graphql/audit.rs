//! The audit trail at `/metadata`.

use std::str::FromStr;

use async_graphql::{Context, ID, Json, Object, Result, SimpleObject};
use chrono::{DateTime, SecondsFormat, Utc};
use strum::VariantNames;

use super::{
    administration::{administers, operator},
    explain::id,
    metadata::{World, raised, world},
    mutate::stored,
};
use crate::{
    access::Principal,
    base::{Code, Error, text},
    storage::audit::{self, Entry, Event, Kind, Wanted, entry, list},
};

/// Most entries given at once.
const MOST: u64 = 500;

/// One thing that was done or refused.
#[derive(SimpleObject)]
struct AuditEntry {
    /// Give it as `before` to go on behind it.
    id: ID,
    at: String,
    kind: String,
    operator: Option<ID>,
    account: Option<String>,
    object: Option<String>,
    record: Option<ID>,
    detail: Json<serde_json::Value>,
}

fn shown(entry: Entry) -> AuditEntry {
    let at: Option<DateTime<Utc>> = DateTime::from_timestamp_micros(entry.at);
    AuditEntry {
        id: entry.id.to_string().into(),
        at: at.unwrap_or_default().to_rfc3339_opts(SecondsFormat::AutoSi, true),
        kind: entry.kind,
        operator: entry.operator.map(|id| id.to_string().into()),
        account: entry.account,
        object: entry.object,
        record: entry.record.map(|id| id.to_string().into()),
        detail: Json(entry.detail),
    }
}

/// Writes down what the caller has done.
pub(super) async fn note(
    ctx: &Context<'_>,
    kind: Kind,
    object: Option<&str>,
    detail: serde_json::Value,
) -> Result<()> {
    let nothing = recorded(ctx, kind, object, detail, async { Ok(()) }).await?;
    // What it tells of is done already.
    nothing.map_err(|error| raised(ctx, &stored(error)))
}

/// Does what the caller asked for and writes it down, both or neither.
pub(super) async fn along<T>(
    ctx: &Context<'_>,
    kind: Kind,
    object: Option<&str>,
    detail: serde_json::Value,
    change: impl Future<Output = crate::base::Result<T>>,
) -> Result<T> {
    recorded(ctx, kind, object, detail, change).await?.map_err(|error| raised(ctx, &error))
}

async fn recorded<T>(
    ctx: &Context<'_>,
    kind: Kind,
    object: Option<&str>,
    detail: serde_json::Value,
    change: impl Future<Output = crate::base::Result<T>>,
) -> Result<crate::base::Result<T>> {
    let (world, principal) = (world(ctx)?, ctx.data::<Principal>()?);
    let mut detail = detail;
    if let (Some(key), Some(detail)) = (principal.key(), detail.as_object_mut()) {
        detail.insert("byKey".to_owned(), key.to_string().into());
    }
    let event = Event {
        operator: Some(principal.operator),
        account: Some(&principal.account),
        object,
        record: None,
        detail,
    };
    Ok(match entry(&world.env, kind, &event) {
        Ok(entry) => Box::pin(audit::along(&world.database, entry, change)).await,
        Err(error) => Err(error),
    })
}

#[derive(Default)]
pub(super) struct AuditQuery;

#[Object]
impl AuditQuery {
    /// What was done or refused beside changes of records, the newest first; 50 unless told, 500 at most.
    async fn audit_trail(
        &self,
        ctx: &Context<'_>,
        kind: Option<String>,
        account: Option<String>,
        #[graphql(default = 50)] first: u64,
        before: Option<ID>,
    ) -> Result<Vec<AuditEntry>> {
        let (world, _) = administers(ctx)?;
        let listed = trail(world, kind, account, first, before).await;
        listed.map_err(|error| raised(ctx, &error))
    }
}

async fn trail(
    world: &World,
    kind: Option<String>,
    account: Option<String>,
    first: u64,
    before: Option<ID>,
) -> crate::base::Result<Vec<AuditEntry>> {
    let kind = match kind {
        None => None,
        Some(name) => Some(Kind::from_str(&name).ok().ok_or_else(|| {
            let kinds = Kind::VARIANTS.join(", ");
            let zh = format!("种类应为 {kinds} 之一");
            Error::new(Code::InputValue, format!("the kind is one of {kinds}"), zh).at(["kind"])
        })?),
    };
    let operator = match &account {
        None => None,
        Some(account) => Some(operator(world, account).await?),
    };
    let account = account.map(|account| text::account(&account));
    world.identity.settle().await?;
    let before = before.map(|before| id(&before).map_err(|error| error.at(["before"])));
    let (before, first) = (before.transpose()?, first.min(MOST));
    let wanted = Wanted { kind, operator, account, before, first };
    Ok(list(&world.database, &wanted).await?.into_iter().map(shown).collect())
}
