//! A running subscription of `/metadata`: asks its question again when the answer may be another, and tells it if it is.
//!
//! Each time everything is checked anew: the sign-in, rights, version and document. Must not know what is asked.

use std::{sync::Arc, time::Duration};

use async_graphql::parser::types::OperationType;
use tokio::{
    sync::watch,
    time::{sleep, timeout},
};

use super::endpoint::Metadata;
use crate::{
    access::{Access, Principal},
    graphql::{
        document::{operation, parsed},
        exchange::{Answer, Caller, Endpoint, Reply, Request, Series},
        records::{QuotaShare, faults},
        reply::refusal,
    },
    identity::Endings,
};

/// The subscription that waits for a job. How far one is, is stored by whichever process carries it out.
const JOB: &str = "jobChanged";
/// How soon a job is looked at again. The longer it stands still, the later.
const JOB_PACE: Duration = Duration::from_secs(1);

struct Watching {
    metadata: Arc<Metadata>,
    request: Request,
    caller: Caller,
    principal: Principal,
    changes: watch::Receiver<()>,
    endings: Endings,
    /// How soon it is asked again when the answer has changed.
    pace: Duration,
    /// How soon it is asked again now, without a sign.
    wait: Duration,
    /// The rights of the last answer, and the fingerprint with which it came.
    known: Option<(Arc<Access>, String)>,
    /// The first message, until it is told.
    first: Option<Vec<u8>>,
    /// What was told last.
    last: Vec<u8>,
    ended: bool,
    _place: QuotaShare,
}

/// Executes a request of any kind. Subscriptions return a series.
pub(super) async fn begin(metadata: Arc<Metadata>, request: Request, caller: Caller) -> Answer {
    let pace = pace(&metadata, &request);
    let (Some(pace), Some(principal)) = (pace, caller.principal.clone()) else {
        return Answer::Once(metadata.answer(request, caller).await);
    };
    let place = match metadata.live.place(principal.operator) {
        Ok(place) => place,
        Err(error) => return Answer::Once(refusal(&[error], &caller)),
    };
    // Before the first answer, so that nothing goes unheard.
    let (changes, endings) = (metadata.company.changes(), metadata.company.identity.endings());
    let turn = match metadata.turns.take(principal.operator).await {
        Ok(turn) => turn,
        Err(error) => return Answer::Once(refusal(&[error], &caller)),
    };
    let first = metadata.followed(&request, &caller).await;
    if first.status != 200 {
        return Answer::Once(first);
    }
    drop(turn);
    let mut watching = Watching {
        metadata,
        request,
        caller: Caller { principal: None, ..caller },
        principal,
        changes,
        endings,
        pace,
        wait: pace,
        known: None,
        last: first.body.clone(),
        first: Some(first.body),
        ended: false,
        _place: place,
    };
    watching.know(first.fingerprint).await;
    Answer::Series(watching.series())
}

/// How often the question of a subscription is asked again without a sign. None for what is no subscription.
fn pace(metadata: &Metadata, request: &Request) -> Option<Duration> {
    let document = parsed(&request.query, &metadata.limits).ok()?;
    let operation = operation(&document, request.operation_name.as_deref()).ok()?;
    let follows = operation.ty == OperationType::Subscription;
    // Also where the name is an alias or stands in a fragment: then it is asked more often than it must be.
    let pace = match request.query.contains(JOB) {
        true => JOB_PACE,
        false => metadata.live.settings().recheck,
    };
    follows.then_some(pace)
}

impl Watching {
    fn series(self) -> Series {
        Box::pin(futures_util::stream::unfold(self, |mut watching| async move {
            let next = watching.next().await?;
            Some((next, watching))
        }))
    }

    async fn next(&mut self) -> Option<Result<Vec<u8>, Reply>> {
        if let Some(first) = self.first.take() {
            return Some(Ok(first));
        }
        while !self.ended {
            self.awaited().await;
            let reply = self.asked_in_turn().await;
            if reply.status != 200 {
                self.ended = true;
                return Some(Err(reply));
            }
            self.know(reply.fingerprint).await;
            if reply.body != self.last {
                self.wait = self.pace;
                self.last.clone_from(&reply.body);
                return Some(Ok(reply.body));
            }
            self.wait = (self.wait * 2).min(self.metadata.live.settings().recheck);
        }
        None
    }

    /// Keeps what tells whether a sign concerns this caller.
    async fn know(&mut self, fingerprint: Option<String>) {
        let catalog = Arc::clone(&self.metadata.published.pin().catalog);
        let access = self.metadata.company.rights.access(&self.principal, &catalog).await;
        self.known = access.ok().zip(fingerprint);
    }

    /// Whether the fingerprint is another, as far as that is known without asking the database: one person's view is
    /// saved, and all are woken.
    fn concerned(&self) -> bool {
        let catalog = &self.metadata.published.pin().catalog;
        let now = |access| self.metadata.company.fingerprint(catalog, access);
        self.known.as_ref().is_none_or(|(access, known)| now(access) != *known)
    }

    /// Waits for a sign that the answer may be another.
    async fn awaited(&mut self) {
        let again = sleep(self.wait);
        tokio::pin!(again);
        loop {
            tokio::select! {
                changed = self.changes.changed() => if changed.is_err() || self.concerned() { return },
                () = self.endings.of(self.principal.operator) => return,
                () = &mut again => return,
            }
        }
    }

    /// Asks when it is this person's turn. Nobody is refused for having to wait; the time limit is that of the answer.
    async fn asked_in_turn(&mut self) -> Reply {
        let _turn = match self.metadata.turns.queue(self.principal.operator).await {
            Ok(turn) => turn,
            Err(error) => return refusal(&[error], &self.caller),
        };
        let limit = self.metadata.live.settings().step;
        match timeout(limit, self.asked()).await {
            Ok(reply) => reply,
            Err(_elapsed) => refusal(&[faults::slow_changes()], &self.caller),
        }
    }

    async fn asked(&mut self) -> Reply {
        match self.metadata.company.identity.still(&self.principal).await {
            Ok(still) => {
                self.principal = still.clone();
                let caller = Caller { principal: Some(still), ..self.caller.clone() };
                self.metadata.followed(&self.request, &caller).await
            }
            Err(error) => refusal(&[error], &self.caller),
        }
    }
}
