//! A running subscription: turns events of the feed into messages for its caller.
//!
//! Each batch of events checks everything again: the session, rights, version and document. A record is sent
//! only as a list would show it now. If a list would no longer show it, `LEFT` or `DELETED` is sent, but only
//! to callers who knew of it. The next batch is computed when the last was read, so a slow client costs one
//! batch of memory.

use std::{
    collections::{HashSet, VecDeque},
    sync::Arc,
    time::Duration,
};

use async_graphql::parser::types::OperationType;
use indexmap::IndexMap;
use serde_json::json;
use tokio::time::{Instant, timeout};
use uuid::Uuid;

use super::{
    known_records::Known,
    message::{EventKind, LiveMessage, Shown},
    parsed_subscription::{MessagePart, Wish},
    quota::QuotaShare,
    state::Parked,
};
use crate::{
    access::Principal,
    base::{Error, Result},
    company::{
        admission::{Admission, Doing},
        says_who,
    },
    graphql::{
        document::{named, operation},
        exchange::{Answer, Caller, Endpoint, Reply, Request, Series},
        records::{endpoint::Records, faults},
        reply::{one, refusal},
        request_summary::known_by,
    },
    identity::Endings,
    records::{FollowScope, Follower, RETENTION, noticed},
    storage::{
        HistoryAction,
        outbox::{Event, Position},
    },
};

/// More changes at once are replaced by one `RESYNC`.
const AT_ONCE: usize = 1_000;
/// Shortest time between two checks of all followed records.
const APART: Duration = Duration::from_secs(1);

struct Following {
    records: Arc<Records>,
    request: Request,
    caller: Caller,
    principal: Principal,
    follower: Follower,
    /// Completes when the caller's sign-in has ended.
    endings: Endings,
    followed: crate::records::Followed,
    known: Known,
    /// The hash of the scope at the last check.
    print: u64,
    /// Identifies this subscription in its cursors.
    stream: Uuid,
    /// Missed events are still being read.
    behind: bool,
    looked: Instant,
    look: Instant,
    pending: VecDeque<Result<Vec<u8>, Reply>>,
    ended: bool,
    place: QuotaShare,
}

/// Executes a request of any kind. Subscriptions return a series.
pub(in crate::graphql::records) async fn begin(
    records: Arc<Records>,
    request: Request,
    caller: Caller,
) -> Answer {
    let Some(principal) = caller.principal.clone() else {
        return Answer::Once(records.answer(request, caller).await);
    };
    let entered = match records.entered(&caller, &principal).await {
        Ok(entered) => entered,
        Err(error) => return Answer::Once(refusal(&[error], &caller)),
    };
    let fingerprint = Some(entered.fingerprint.clone());
    let refused =
        |errors: &[Error]| Answer::Once(Reply { fingerprint, ..refusal(errors, &caller) });
    match records.opened(&request, entered).await {
        Ok(opened) => {
            let name = request.operation_name.as_deref();
            let asked = operation(&opened.prepared.document, name);
            if asked.is_ok_and(|operation| operation.ty == OperationType::Subscription) {
                return match Following::start(records, request, &caller, principal).await {
                    Ok(following) => Answer::Series(following.series()),
                    Err(errors) => refused(&errors),
                };
            }
            Answer::Once(records.answer(request, caller).await)
        }
        Err(errors) => refused(&errors),
    }
}

/// The events of one record in a batch.
struct Happened {
    position: Position,
    at: i64,
    created: bool,
    /// It was restored from the recycle bin.
    restored: bool,
    removed: bool,
    /// The caller sees something that changed.
    noticed: bool,
}

/// The content of a cursor: transaction, sequence number, time of issue, subscription.
type Stand = (i64, i64, i64, Uuid);

impl Following {
    async fn start(
        records: Arc<Records>,
        request: Request,
        caller: &Caller,
        principal: Principal,
    ) -> Result<Self, Vec<Error>> {
        let mut place = records.live.places.take(principal.operator).map_err(one)?;
        let turn = records.turns.take(principal.operator).await.map_err(one)?;
        let wish = Wish::read(&records, &request, caller, &principal).await?;
        let scope = wish.followed.scope(&wish.session).map_err(one)?;
        let from = match &wish.after {
            Some(cursor) => Some(open(&records, &wish, &principal, cursor).map_err(one)?),
            None => None,
        };
        let from = from.map(|(tx, seq, at, stream)| (Position { tx, seq }, at, stream));
        // What happened since is kept for so long only.
        let oldest = (records.company.env.clock.now() - RETENTION).timestamp_micros();
        let there = from.filter(|(_, at, _)| *at > oldest);
        let position = there.map(|(position, ..)| position);
        let follower = records.live.feed.follow(position).await.map_err(one)?;
        let left = there.and_then(|(position, _, stream)| {
            let parked = records.live.parked.get(&stream)?;
            let same = parked.operator == principal.operator && parked.followed == wish.followed;
            parked.known.at(position).filter(|known| same && known.is_whole() == scope.whole)
        });
        let resync = from.is_some() && left.is_none();
        let known = match left {
            Some(known) => known,
            None => known(&records, &wish, &scope, follower.position()).await.map_err(one)?,
        };
        drop(turn);
        place.begin(known.len()).map_err(one)?;
        let now = Instant::now();
        let mut following = Self {
            endings: records.company.identity.endings(),
            stream: records.company.env.ids.next(),
            look: now + records.live.settings.recheck,
            looked: now,
            behind: position.is_some(),
            print: scope.print,
            followed: wish.followed.clone(),
            caller: Caller { principal: None, ..caller.clone() },
            pending: VecDeque::new(),
            ended: false,
            place,
            records,
            request,
            principal,
            follower,
            known,
        };
        if resync {
            let now = following.now();
            following.tell(
                &wish,
                EventKind::Resync,
                None,
                following.follower.position(),
                now,
                &vec![],
            );
        }
        Ok(following)
    }

    fn series(self) -> Series {
        Box::pin(futures_util::stream::unfold(self, |mut following| async move {
            let next = following.next().await?;
            Some((next, following))
        }))
    }

    fn now(&self) -> i64 {
        self.records.company.env.clock.now().timestamp_micros()
    }

    async fn next(&mut self) -> Option<Result<Vec<u8>, Reply>> {
        loop {
            if let Some(next) = self.pending.pop_front() {
                return Some(next);
            }
            if self.ended {
                return None;
            }
            if let Err(errors) = self.go_on().await {
                self.pending.push_back(Err(refusal(&errors, &self.caller)));
                self.ended = true;
            }
        }
    }

    async fn go_on(&mut self) -> Result<(), Vec<Error>> {
        let (events, limit) = (self.awaited().await?, self.records.live.settings.step);
        // An event may wake all subscriptions at once. All wait here and none is refused; the time limit
        // applies to the step only.
        let _turn = self.records.turns.queue(self.principal.operator).await.map_err(one)?;
        let done = timeout(limit, self.step(&events)).await;
        let done = done.unwrap_or_else(|_elapsed| Err(one(faults::slow_changes())));
        if done.is_err() {
            // The step failed, so its messages were not admitted.
            self.pending.clear();
        }
        done?;
        self.place.holds(self.known.len());
        Ok(())
    }

    /// Waits for the next events. Empty if all records must be checked.
    async fn awaited(&mut self) -> Result<Vec<Arc<Event>>, Vec<Error>> {
        if self.behind {
            let events = self.follower.ready().await.map_err(one)?;
            self.behind = !events.is_empty();
            if !self.behind {
                self.look = Instant::now();
            }
            return Ok(events);
        }
        tokio::select! {
            events = self.follower.next() => events.map_err(one),
            () = tokio::time::sleep_until(self.look) => Ok(Vec::new()),
            () = self.endings.of(self.principal.operator) => Ok(Vec::new()),
        }
    }

    async fn step(&mut self, events: &[Arc<Event>]) -> Result<(), Vec<Error>> {
        let records = Arc::clone(&self.records);
        let told = |event: &Arc<Event>| says_who(&event.object);
        let still = match events.iter().any(told) {
            true => records.company.identity.anew(&self.principal).await,
            false => records.company.identity.still(&self.principal).await,
        };
        self.principal = still.map_err(one)?;
        let principal = self.principal.clone();
        let wish = Wish::read(&records, &self.request, &self.caller, &principal).await?;
        let scope = wish.followed.scope(&wish.session).map_err(one)?;
        self.followed.clone_from(&wish.followed);
        if scope.whole != self.known.is_whole() {
            return self.anew(&wish, &scope).await.map_err(one);
        }
        let catalog = &wish.session.catalog;
        let rests = |event: &Arc<Event>| {
            let object = catalog.named(&event.object);
            object.is_some_and(|object| scope.rests_on.contains(&object.ix))
        };
        if events.iter().any(rests) {
            self.look = self.look.min(self.looked + APART);
        }
        let happened = happened(&wish, events).await.map_err(one)?;
        if !happened.is_empty() {
            self.told_of(&wish, happened).await.map_err(one)?;
        }
        if scope.print != self.print || self.look <= Instant::now() {
            self.print = scope.print;
            self.look_over(&wish, &scope).await.map_err(one)?;
        }
        let own = &wish.opened.own;
        let document = &wish.opened.prepared.document;
        let operation = named(document, self.request.operation_name.as_deref());
        let (company, principal) = (&records.company, &principal);
        let describe = || known_by(&self.request, operation);
        let admission = Admission { company, principal, own, describe: &describe };
        admission.after(&wish.session, Doing::Read).await.map_err(one)
    }

    async fn told_of(&mut self, wish: &Wish, happened: IndexMap<Uuid, Happened>) -> Result<()> {
        let there = happened.iter().filter(|(_, what)| !what.removed);
        // For changes that the caller does not notice, only the existence of the record is checked.
        let (mut told, other): (Vec<_>, Vec<_>) = there.partition(|(_, what)| what.noticed);
        let other: Vec<_> = other.into_iter().map(|(id, _)| *id).collect();
        let mut present = wish.followed.present(&wish.session, &other).await?;
        told.extend(
            happened.iter().filter(|(id, _)| present.contains(*id) && !self.known.has(**id)),
        );
        let told: Vec<_> = told.into_iter().map(|(id, _)| *id).collect();
        let (shown, seen) = self.shown(wish, &told).await?;
        present.retain(|id| !told.contains(id));
        present.extend(seen);
        let gone = |id: &&Uuid| self.known.has(**id) && !present.contains(*id);
        let later = match told.iter().chain(&other).any(|id| gone(&id)) {
            // Later events of these records will explain more.
            true => self.follower.touched(&wish.object().name).await?,
            false => HashSet::new(),
        };
        for (id, what) in happened {
            let (was, is) = (self.known.has(id), present.contains(&id));
            let kind = match (was, is) {
                (_, true) if what.created => EventKind::Created,
                (_, true) if what.restored => EventKind::Entered,
                (true, true) if what.noticed => EventKind::Updated,
                (false, true) => EventKind::Entered,
                (true, false) if what.removed && self.known.is_whole() && what.created => continue,
                (true, false) if what.removed => EventKind::Deleted,
                (true, false) if self.known.is_whole() || later.contains(&id) => continue,
                (true, false) => EventKind::Left,
                (true, true) | (false, false) => continue,
            };
            if is {
                self.known.enter(what.position, id);
            } else {
                self.known.leave(what.position, id);
            }
            self.tell(wish, kind, Some(id), what.position, what.at, &shown);
        }
        Ok(())
    }

    /// Returns the selected fields of records, and which of them the caller may see.
    async fn shown(&self, wish: &Wish, ids: &[Uuid]) -> Result<(Shown, HashSet<Uuid>)> {
        if ids.is_empty() {
            return Ok((vec![], HashSet::new()));
        }
        let mut shown = Shown::new();
        for part in &wish.parts {
            if let MessagePart::Record(selection) = &part.what {
                shown.push(wish.followed.records(&wish.session, ids, selection).await?);
            }
        }
        let present = match shown.first() {
            Some(first) => first.keys().copied().collect(),
            None => {
                let none = crate::query::Selection::default();
                wish.followed.records(&wish.session, ids, &none).await?.into_keys().collect()
            }
        };
        Ok((shown, present))
    }

    /// Compares the known records with the present ones, to find changes by rights, by time or through other
    /// objects.
    async fn look_over(&mut self, wish: &Wish, scope: &FollowScope) -> Result<()> {
        self.looked = Instant::now();
        self.look = self.looked + self.records.live.settings.recheck;
        if self.known.is_whole() {
            return Ok(());
        }
        let Some(now) = wish.followed.ids(&wish.session, self.most()).await? else {
            return Err(faults::many_followed(self.most()));
        };
        let (mut gone, mut come) = self.known.against(&now);
        if gone.is_empty() && come.is_empty() {
            return Ok(());
        }
        // Records with newer events are skipped: their own events will report them.
        let touched = self.follower.touched(&wish.object().name).await?;
        gone.retain(|id| !touched.contains(id));
        come.retain(|id| !touched.contains(id));
        if gone.len() + come.len() > AT_ONCE {
            return self.anew(wish, scope).await;
        }
        let (position, at) = (self.follower.position(), self.now());
        let mut noted = gone.len();
        for id in gone {
            self.known.leave(position, id);
            self.tell(wish, EventKind::Left, Some(id), position, at, &vec![]);
        }
        let (shown, present) = self.shown(wish, &come).await?;
        for id in come.into_iter().filter(|id| present.contains(id)) {
            noted += 1;
            self.known.enter(position, id);
            self.tell(wish, EventKind::Entered, Some(id), position, at, &shown);
        }
        self.known.without_event(noted);
        Ok(())
    }

    /// Starts again from the present records, with a `RESYNC`.
    async fn anew(&mut self, wish: &Wish, scope: &FollowScope) -> Result<()> {
        let position = self.follower.position();
        self.known = known(&self.records, wish, scope, position).await?;
        self.print = scope.print;
        self.tell(wish, EventKind::Resync, None, position, self.now(), &vec![]);
        Ok(())
    }

    fn most(&self) -> u32 {
        self.records.live.settings.records
    }

    fn tell(
        &mut self,
        wish: &Wish,
        kind: EventKind,
        id: Option<Uuid>,
        position: Position,
        at: i64,
        shown: &Shown,
    ) {
        let place: Stand = (position.tx, position.seq, self.now(), self.stream);
        let list = list(wish, &self.principal);
        let cursor = self.records.company.seal().seal(&list, &json!(place).to_string());
        let message = LiveMessage { kind, id, at, cursor };
        self.pending.push_back(Ok(message.body(wish, shown)));
    }
}

impl Drop for Following {
    /// Parks the state for a while, in case the client was only disconnected.
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        let known = std::mem::take(&mut self.known);
        let (operator, followed) = (self.principal.operator, self.followed.clone());
        let parked = Arc::new(Parked { operator, followed, known });
        self.records.live.parked.insert(self.stream, parked);
    }
}

/// Groups a batch's events of the object by record, ordered by last event. Changes that the caller does not
/// notice are not merged into others, because their position and time must not be revealed.
async fn happened(wish: &Wish, events: &[Arc<Event>]) -> Result<IndexMap<Uuid, Happened>> {
    let object = wish.object();
    let of_object = events.iter().map(Arc::as_ref).filter(|event| event.object == object.name);
    let of_object: Vec<_> = of_object.collect();
    let noticed = noticed(&wish.session, object, &of_object).await?;
    let mut all: IndexMap<Uuid, Happened> = IndexMap::new();
    for (event, noticed) in of_object.into_iter().zip(noticed) {
        if !noticed && all.contains_key(&event.record) {
            continue;
        }
        let before = all.shift_remove(&event.record);
        let now = Happened {
            position: event.position,
            at: event.at,
            created: event.action == HistoryAction::Create
                || before.as_ref().is_some_and(|before| before.created),
            restored: match before {
                None => event.action == HistoryAction::Restore,
                Some(before) => before.restored,
            },
            removed: event.action == HistoryAction::Delete,
            noticed,
        };
        all.insert(event.record, now);
    }
    Ok(all)
}

/// Loads the ids that are followed at the beginning.
async fn known(
    records: &Records,
    wish: &Wish,
    scope: &FollowScope,
    position: Position,
) -> Result<Known> {
    if scope.whole {
        return Ok(Known::new(None, position));
    }
    let most = records.live.settings.records;
    match wish.followed.ids(&wish.session, most).await? {
        Some(ids) => Ok(Known::new(Some(ids), position)),
        None => Err(faults::many_followed(most)),
    }
}

/// The name to which cursors are bound: an object and an operator.
fn list(wish: &Wish, principal: &Principal) -> String {
    format!("changes|{}|{}", wish.object().name, principal.operator)
}

fn open(records: &Records, wish: &Wish, principal: &Principal, cursor: &str) -> Result<Stand> {
    let within = |error: Error| error.within("after");
    let text = records.company.seal().open(&list(wish, principal), cursor).map_err(within)?;
    serde_json::from_str(&text).map_err(Error::internal)
}
