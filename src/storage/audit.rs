//! The audit trail as rows: actions and refusals that the history of a record does not show.

use std::cell::RefCell;

use sea_orm::{
    QueryResult,
    sea_query::{Alias, Cond, Expr, ExprTrait, Func, InsertStatement, OnConflict, Order, Query},
};
use serde_json::Value as Json;
use strum::{AsRefStr, EnumString, VariantNames};
use uuid::Uuid;

use super::{Database, commit_tracking, fault};
use crate::base::{Env, Error, Result};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, AsRefStr, EnumString, VariantNames)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum AuditKind {
    /// Records were read for printing.
    Print,
    /// Records were read for export.
    Export,
    /// Printing or exporting was refused.
    Refused,
    /// A reader exceeded their read budget. An alert.
    Budget,
    /// Writes were refused because of data that the caller may not see: a taken key, or a rule over hidden
    /// values.
    Guess,
    /// An administrator read as someone else.
    ViewAs,
    /// Rights were changed: a role, its holders, a level or a switch.
    Rights,
    /// Definitions of objects were applied.
    Definition,
    /// A delegation was created or ended.
    Delegation,
    /// Someone signed in.
    SignIn,
    /// Wrong passwords, counted over a period.
    SignInFailed,
    /// Sign-ins rejected unchecked after too many failures, counted over a period.
    SignInLocked,
    /// Someone signed out.
    SignOut,
    /// A refresh token was used a second time. Its session was ended.
    RefreshReused,
    /// An operator may no longer sign in: disabled, left or removed. Their sessions were ended.
    AccountClosed,
    /// An operator may sign in again.
    AccountOpened,
    /// A link for setting one's own password was made.
    LinkMade,
    /// A link was used to set a password.
    LinkUsed,
    /// A password was set, by its owner or from the command line.
    PasswordChanged,
    /// Sessions were ended from outside.
    SessionRevoked,
    /// The count of failed attempts was cleared, so that the account need not wait.
    AccountUnlocked,
    /// An API key was made.
    KeyMade,
    /// An API key was used for the first time.
    KeyFirstUsed,
    /// An API key was ended.
    KeyRevoked,
    /// Records were merged into one.
    Merge,
    /// A merge was undone.
    Unmerge,
    /// A view that others see was saved, removed, or made the default of a role.
    SharedView,
    /// A dashboard that others see was saved or removed.
    SharedDashboard,
    /// The numbers of a series have outgrown their padding, or soon will.
    Series,
}

/// One entry of the trail.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditEntry {
    /// Its id. Ids rise with time.
    pub id: Uuid,
    /// When it happened, in microseconds since 1970.
    pub at: i64,
    /// The name of its [`AuditKind`].
    pub kind: String,
    /// Who did it.
    pub operator: Option<Uuid>,
    /// The account used to sign in.
    pub account: Option<String>,
    /// The object concerned.
    pub object: Option<String>,
    /// The record concerned.
    pub record: Option<Uuid>,
    /// Details, a JSON object.
    pub detail: Json,
}

/// The content of a new entry.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AuditEvent<'e> {
    /// Who did it.
    pub operator: Option<Uuid>,
    /// The account used to sign in.
    pub account: Option<&'e str>,
    /// The object concerned.
    pub object: Option<&'e str>,
    /// The record concerned.
    pub record: Option<Uuid>,
    /// Details, a JSON object.
    pub detail: Json,
}

/// A filter and page of the trail.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Only of this kind.
    pub kind: Option<AuditKind>,
    /// Only by this operator.
    pub operator: Option<Uuid>,
    /// Also entries without an operator that name this account, such as failed sign-ins. Used only with
    /// `operator`.
    pub account: Option<String>,
    /// Only entries before this id.
    pub before: Option<Uuid>,
    /// The page size.
    pub first: u64,
}

const TABLE: &str = "tw_audit";
const COLUMNS: [&str; 8] =
    ["id", "at", "kind", "operator_id", "account", "object", "record_id", "detail"];

/// Returns the statement that inserts an entry dated now. Run it in the transaction of the audited change.
pub fn entry(env: &Env, kind: AuditKind, event: &AuditEvent<'_>) -> Result<InsertStatement> {
    AuditEntry::new(env, kind, event).statement()
}

/// Returns the statement that inserts an entry with this id. If the id exists, it replaces only the detail.
pub fn entry_as(
    id: Uuid,
    at: i64,
    kind: AuditKind,
    event: &AuditEvent<'_>,
) -> Result<InsertStatement> {
    let mut insert = AuditEntry::at(id, at, kind, event).statement()?;
    let newer = OnConflict::column(Alias::new("id")).update_column(Alias::new("detail")).to_owned();
    Ok(insert.on_conflict(newer).to_owned())
}

impl AuditEntry {
    /// Builds an entry dated now.
    pub fn new(env: &Env, kind: AuditKind, event: &AuditEvent<'_>) -> Self {
        Self::at(env.ids.next(), env.clock.now().timestamp_micros(), kind, event)
    }

    fn at(id: Uuid, at: i64, kind: AuditKind, event: &AuditEvent<'_>) -> Self {
        Self {
            id,
            at,
            kind: kind.as_ref().to_owned(),
            operator: event.operator,
            account: event.account.map(str::to_owned),
            object: event.object.map(str::to_owned),
            record: event.record,
            detail: event.detail.clone(),
        }
    }

    fn statement(&self) -> Result<InsertStatement> {
        let insert = Query::insert()
            .into_table(Alias::new(TABLE))
            .columns(COLUMNS.map(Alias::new))
            .values([
                self.id.to_string().into(),
                self.at.into(),
                self.kind.as_str().into(),
                self.operator.map(|id| id.to_string()).into(),
                self.account.clone().into(),
                self.object.clone().into(),
                self.record.map(|id| id.to_string()).into(),
                self.detail.to_string().into(),
            ])
            .map_err(Error::internal)?
            .to_owned();
        Ok(insert)
    }
}

/// Writes an entry in a transaction of its own.
pub async fn put(
    database: &Database,
    env: &Env,
    kind: AuditKind,
    event: &AuditEvent<'_>,
) -> Result<()> {
    let tx = database.begin().await?;
    tx.insert(&entry(env, kind, event)?).await.map_err(fault)?;
    commit_tracking::unasked(tx.commit()).await
}

tokio::task_local! {
    static ALONG: RefCell<Option<AuditEntry>>;
}

/// Runs a change and writes its entry in the first transaction that the change commits. Neither is stored
/// without the other.
pub async fn along<T>(
    database: &Database,
    entry: AuditEntry,
    change: impl Future<Output = Result<T>>,
) -> Result<T> {
    let both = async {
        let done = change.await?;
        if let Some(entry) = waiting()? {
            // The change has committed nothing, so the entry needs a transaction of its own.
            let tx = database.begin().await?;
            tx.insert(&entry).await.map_err(fault)?;
            tx.commit().await?;
        }
        Ok(done)
    };
    ALONG.scope(RefCell::new(Some(entry)), Box::pin(both)).await
}

/// Like [`along`], for a change that may do nothing: without a commit, no entry is written.
pub async fn with<T>(entry: AuditEntry, change: impl Future<Output = Result<T>>) -> Result<T> {
    ALONG.scope(RefCell::new(Some(entry)), Box::pin(change)).await
}

/// Adds a detail to the entry of this task's next commit, for values known only while the change runs.
pub fn tell(name: &str, value: Json) {
    let more = |waiting: &RefCell<Option<AuditEntry>>| {
        if let Some(Json::Object(detail)) =
            waiting.borrow_mut().as_mut().map(|entry| &mut entry.detail)
        {
            detail.insert(name.to_owned(), value);
        }
    };
    // Without a waiting entry, the detail is dropped.
    let _nobody_waits = ALONG.try_with(more);
}

/// Takes the entry that this task's next commit writes.
pub(super) fn waiting() -> Result<Option<InsertStatement>> {
    let waiting = ALONG.try_with(RefCell::take).ok().flatten();
    waiting.as_ref().map(AuditEntry::statement).transpose()
}

/// Returns a page of entries, newest first.
pub async fn list(database: &Database, wanted: &Wanted) -> Result<Vec<AuditEntry>> {
    let before = |id: Uuid| Expr::col(Alias::new("id")).lt(id.to_string());
    let select = Query::select()
        .columns(COLUMNS.map(Alias::new))
        .from(Alias::new(TABLE))
        .cond_where(asked(wanted).add_option(wanted.before.map(before)))
        .order_by(Alias::new("id"), Order::Desc)
        .limit(wanted.first)
        .to_owned();
    database.select(&select).await?.iter().map(read).collect()
}

/// Counts the matching entries, ignoring `before` and `first`.
pub async fn count(database: &Database, wanted: &Wanted) -> Result<u64> {
    let select = Query::select()
        .expr(Func::count(Expr::Constant(1.into())))
        .from(Alias::new(TABLE))
        .cond_where(asked(wanted))
        .to_owned();
    let rows = database.select(&select).await?;
    let row = rows.first().ok_or_else(|| Error::internal("a count gave no row"))?;
    let count: i64 = row.try_get_by_index(0).map_err(Error::internal)?;
    Ok(u64::try_from(count).unwrap_or_default())
}

/// The condition for kind, operator and account, without the page.
fn asked(wanted: &Wanted) -> Cond {
    let is = |column: &str, value: String| Expr::col(Alias::new(column)).eq(value);
    let by = |id: Uuid| {
        let nobodys = wanted.account.as_ref().map(|account| {
            Expr::col(Alias::new("operator_id")).is_null().and(is("account", account.clone()))
        });
        Cond::any().add(is("operator_id", id.to_string())).add_option(nobodys)
    };
    Cond::all()
        .add_option(wanted.kind.map(|kind| is("kind", kind.as_ref().to_owned())))
        .add_option(wanted.operator.map(by))
}

fn read(row: &QueryResult) -> Result<AuditEntry> {
    let text =
        |at: usize| -> Result<Option<String>> { row.try_get_by_index(at).map_err(Error::internal) };
    let id = |at: usize| -> Result<Option<Uuid>> {
        text(at)?.map(|text| text.parse().map_err(Error::internal)).transpose()
    };
    Ok(AuditEntry {
        id: id(0)?.ok_or_else(|| Error::internal("an entry without an id"))?,
        at: row.try_get_by_index(1).map_err(Error::internal)?,
        kind: text(2)?.unwrap_or_default(),
        operator: id(3)?,
        account: text(4)?,
        object: text(5)?,
        record: id(6)?,
        detail: serde_json::from_str(&text(7)?.unwrap_or_default()).map_err(Error::internal)?,
    })
}
