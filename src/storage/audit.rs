//! The audit trail as rows: what was done or refused that leaves no trace in a record's history.

use std::cell::RefCell;

use sea_orm::{
    QueryResult,
    sea_query::{Alias, Cond, Expr, ExprTrait, Func, InsertStatement, OnConflict, Order, Query},
};
use serde_json::Value as Json;
use strum::{AsRefStr, EnumString, VariantNames};
use uuid::Uuid;

use super::{Database, fault, keeping};
use crate::base::{Env, Error, Result};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, AsRefStr, EnumString, VariantNames)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// Records were read in order to print them.
    Print,
    /// Records were read in order to take them away.
    Export,
    /// Printing or exporting was refused.
    Refused,
    /// Someone read more records than their budget allows: an alert.
    Budget,
    /// Writes were refused for what the one who wrote may not see: a taken key, a rule over hidden values.
    Guess,
    /// An administrator read as someone else.
    ViewAs,
    /// Rights were changed: a role, who holds it, a level, a switch.
    Rights,
    /// Definitions of objects were applied.
    Definition,
    /// Someone stands in for someone else, or does so no more.
    Delegation,
    /// Someone signed in.
    SignIn,
    /// Wrong passwords, counted for a while.
    SignInFailed,
    /// Attempts that were not even looked at, since there were too many, counted for a while.
    SignInLocked,
    /// Someone signed out.
    SignOut,
    /// A refresh token came a second time: its session was ended.
    RefreshReused,
    /// An operator was seen who may sign in no more: disabled, left, or removed. Their sign-ins were ended.
    AccountClosed,
    /// An operator was seen who may sign in again.
    AccountOpened,
    /// A link was made with which someone sets their own password.
    LinkMade,
    /// Such a link was used.
    LinkUsed,
    /// A password was set, by its owner or from the command line.
    PasswordChanged,
    /// Sessions were ended from elsewhere.
    SessionRevoked,
    /// Failed attempts were forgotten, so that the account need not wait.
    AccountUnlocked,
    /// An API key was made.
    KeyMade,
    /// An API key was used for the first time.
    KeyFirstUsed,
    /// An API key was ended.
    KeyRevoked,
    /// The numbers of a series are soon to have more digits than they are padded to, or have.
    Series,
}

/// One entry of the trail.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its id; ids rise with time.
    pub id: Uuid,
    /// When, in microseconds.
    pub at: i64,
    /// What happened.
    pub kind: String,
    /// Who did it.
    pub operator: Option<Uuid>,
    /// The account signed in with.
    pub account: Option<String>,
    /// The object concerned.
    pub object: Option<String>,
    /// The record concerned.
    pub record: Option<Uuid>,
    /// The rest.
    pub detail: Json,
}

/// What is written down.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Event<'e> {
    /// Who did it.
    pub operator: Option<Uuid>,
    /// The account signed in with.
    pub account: Option<&'e str>,
    /// The object concerned.
    pub object: Option<&'e str>,
    /// The record concerned.
    pub record: Option<Uuid>,
    /// The rest.
    pub detail: Json,
}

/// Which entries are asked for.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Only of this kind.
    pub kind: Option<Kind>,
    /// Only by this operator.
    pub operator: Option<Uuid>,
    /// With those by nobody who was signed in that are about this account, such as failed sign-ins.
    pub account: Option<String>,
    /// Only those before this one.
    pub before: Option<Uuid>,
    /// How many at most.
    pub first: u64,
}

const TABLE: &str = "tw_audit";
const COLUMNS: [&str; 8] =
    ["id", "at", "kind", "operator_id", "account", "object", "record_id", "detail"];

/// The statement that writes an entry as of now, for the transaction of what it tells about.
pub fn entry(env: &Env, kind: Kind, event: &Event<'_>) -> Result<InsertStatement> {
    Entry::new(env, kind, event).statement()
}

/// The statement that writes an entry under an id, or puts its detail in place of that of the one there.
pub fn entry_as(id: Uuid, at: i64, kind: Kind, event: &Event<'_>) -> Result<InsertStatement> {
    let mut insert = Entry::at(id, at, kind, event).statement()?;
    let newer = OnConflict::column(Alias::new("id")).update_column(Alias::new("detail")).to_owned();
    Ok(insert.on_conflict(newer).to_owned())
}

impl Entry {
    /// An entry as of now.
    pub fn new(env: &Env, kind: Kind, event: &Event<'_>) -> Self {
        Self::at(env.ids.next(), env.clock.now().timestamp_micros(), kind, event)
    }

    fn at(id: Uuid, at: i64, kind: Kind, event: &Event<'_>) -> Self {
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

/// Writes an entry by itself.
pub async fn put(database: &Database, env: &Env, kind: Kind, event: &Event<'_>) -> Result<()> {
    let tx = database.begin().await?;
    tx.insert(&entry(env, kind, event)?).await.map_err(fault)?;
    keeping::unasked(tx.commit()).await
}

tokio::task_local! {
    static ALONG: RefCell<Option<Entry>>;
}

/// Makes a change together with the entry that tells of it: the entry is written in the transaction that the
/// change commits, so that neither is there without the other.
pub async fn along<T>(
    database: &Database,
    entry: Entry,
    change: impl Future<Output = Result<T>>,
) -> Result<T> {
    let both = async {
        let done = change.await?;
        if let Some(entry) = waiting()? {
            // There was nothing to commit.
            let tx = database.begin().await?;
            tx.insert(&entry).await.map_err(fault)?;
            tx.commit().await?;
        }
        Ok(done)
    };
    ALONG.scope(RefCell::new(Some(entry)), Box::pin(both)).await
}

/// The same for a change that may turn out to be none: where nothing is committed, nothing is told.
pub async fn with<T>(entry: Entry, change: impl Future<Output = Result<T>>) -> Result<T> {
    ALONG.scope(RefCell::new(Some(entry)), Box::pin(change)).await
}

/// Tells more in the entry that goes with the next commit of this task: what is only known as the change is made.
pub fn tell(name: &str, value: Json) {
    let more = |waiting: &RefCell<Option<Entry>>| {
        if let Some(Json::Object(detail)) =
            waiting.borrow_mut().as_mut().map(|entry| &mut entry.detail)
        {
            detail.insert(name.to_owned(), value);
        }
    };
    // Whoever changes it without an entry has nothing to tell.
    let _nobody_waits = ALONG.try_with(more);
}

/// The entry that goes with the next commit of this task.
pub(super) fn waiting() -> Result<Option<InsertStatement>> {
    let waiting = ALONG.try_with(RefCell::take).ok().flatten();
    waiting.as_ref().map(Entry::statement).transpose()
}

/// Entries, the newest first.
pub async fn list(database: &Database, wanted: &Wanted) -> Result<Vec<Entry>> {
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

/// How many entries there are, whatever the place and the number of those asked for.
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

/// What of the trail is asked for, from its beginning to its end.
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

fn read(row: &QueryResult) -> Result<Entry> {
    let text =
        |at: usize| -> Result<Option<String>> { row.try_get_by_index(at).map_err(Error::internal) };
    let id = |at: usize| -> Result<Option<Uuid>> {
        text(at)?.map(|text| text.parse().map_err(Error::internal)).transpose()
    };
    Ok(Entry {
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
