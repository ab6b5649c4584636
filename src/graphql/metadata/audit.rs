//! The audit trail at `/metadata`.

use async_graphql::{Context, ID, Json, Object, Result, SimpleObject};

use super::{
    administrator_check::administers,
    argument_lookup::{anyone, id},
    context::{company, raised},
    paging::{PageRequest, Paged, counts, stray},
    scalars::{Instant, Word, at},
};
use crate::{
    access::Principal,
    base::text,
    company::Company,
    storage::audit::{self, AuditEntry, AuditEvent, AuditKind, Wanted, count, list},
};

/// One thing that was done or refused.
#[derive(SimpleObject)]
#[graphql(name = "AuditEntry")]
struct AuditEntryInfo {
    id: ID,
    at: Instant,
    /// What kind of thing was done or refused; none where a newer program has written it.
    kind: Option<Word<AuditKind>>,
    operator: Option<ID>,
    account: Option<String>,
    object: Option<String>,
    record: Option<ID>,
    detail: Json<serde_json::Value>,
}

fn shown(entry: AuditEntry) -> AuditEntryInfo {
    AuditEntryInfo {
        id: entry.id.to_string().into(),
        at: at(entry.at),
        kind: Word::stored(&entry.kind),
        operator: entry.operator.map(|id| id.to_string().into()),
        account: entry.account,
        object: entry.object,
        record: entry.record.map(|id| id.to_string().into()),
        detail: Json(entry.detail),
    }
}

/// Runs a change of the caller together with its audit entry, both or neither.
pub(super) async fn along<T>(
    ctx: &Context<'_>,
    kind: AuditKind,
    object: Option<&str>,
    detail: serde_json::Value,
    change: impl Future<Output = crate::base::Result<T>>,
) -> Result<T> {
    let entry = told(ctx, kind, object, detail)?;
    let both = Box::pin(audit::along(&company(ctx)?.database, entry, change));
    both.await.map_err(|error| raised(ctx, &error))
}

/// Builds an audit entry of the caller.
pub(super) fn told(
    ctx: &Context<'_>,
    kind: AuditKind,
    object: Option<&str>,
    detail: serde_json::Value,
) -> Result<AuditEntry> {
    let principal = ctx.data::<Principal>()?;
    let mut detail = detail;
    if let (Some(key), Some(detail)) = (principal.key(), detail.as_object_mut()) {
        detail.insert("byKey".to_owned(), key.to_string().into());
    }
    let event = AuditEvent {
        operator: Some(principal.operator),
        account: Some(&principal.account),
        object,
        record: None,
        detail,
    };
    Ok(AuditEntry::new(&company(ctx)?.env, kind, &event))
}

#[derive(Default)]
pub(super) struct AuditQuery;

#[Object]
impl AuditQuery {
    /// What was done or refused beside changes of records, the newest first.
    async fn audit_trail(
        &self,
        ctx: &Context<'_>,
        kind: Option<Word<AuditKind>>,
        account: Option<String>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Paged<AuditEntryInfo>> {
        let (company, _) = administers(ctx)?;
        let listed = async {
            let page = PageRequest::new(first, after)?;
            trail(company, kind.map(|Word(kind)| kind), account, page, counts(ctx)).await
        };
        listed.await.map_err(|error| raised(ctx, &error))
    }
}

async fn trail(
    company: &Company,
    kind: Option<AuditKind>,
    account: Option<String>,
    page: PageRequest,
    counted: bool,
) -> crate::base::Result<Paged<AuditEntryInfo>> {
    let operator = match &account {
        None => None,
        Some(account) => Some(anyone(company, account).await?),
    };
    let account = account.map(|account| text::account(&account));
    company.identity.settle().await?;
    let before = page.after.as_ref().map(|after| id(&ID::from(after)).map_err(|_no_id| stray()));
    let first = page.one_more();
    let wanted = Wanted { kind, operator, account, before: before.transpose()?, first };
    let entries = list(&company.database, &wanted).await?.into_iter().map(shown);
    let entries = entries.map(|entry| (entry.id.to_string(), entry)).collect();
    let total = if counted { count(&company.database, &wanted).await? } else { 0 };
    Ok(page.of(entries, total))
}
