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
    access::Principal,
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
/// How often a job is looked at.
const JOB_PACE: Duration = Duration::from_secs(1);

struct Watching {
    metadata: Arc<Metadata>,
    request: Request,
    caller: Caller,
    principal: Principal,
    changes: watch::Receiver<()>,
    endings: Endings,
    /// How often it is asked without a sign.
    pace: Duration,
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
    let first = metadata.followed(&request, &caller).await;
    if first.status != 200 {
        return Answer::Once(first);
    }
    let watching = Watching {
        metadata,
        request,
        caller: Caller { principal: None, ..caller },
        principal,
        changes,
        endings,
        pace,
        last: first.body.clone(),
        first: Some(first.body),
        ended: false,
        _place: place,
    };
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
            let limit = self.metadata.live.settings().step;
            let reply = match timeout(limit, self.asked()).await {
                Ok(reply) => reply,
                Err(_elapsed) => refusal(&[faults::slow_changes()], &self.caller),
            };
            if reply.status != 200 {
                self.ended = true;
                return Some(Err(reply));
            }
            if reply.body != self.last {
                self.last.clone_from(&reply.body);
                return Some(Ok(reply.body));
            }
        }
        None
    }

    /// Waits for a sign that the answer may be another.
    async fn awaited(&mut self) {
        tokio::select! {
            // The company lives as long as this endpoint, so that there is always somebody to tell.
            changed = self.changes.changed() => if changed.is_err() { sleep(self.pace).await },
            () = self.endings.of(self.principal.operator) => {}
            () = sleep(self.pace) => {}
        }
    }

    async fn asked(&mut self) -> Reply {
        let metadata = Arc::clone(&self.metadata);
        let still = metadata.company.identity.still(&self.principal).await;
        let turn = metadata.turns.queue(self.principal.operator).await;
        match still.and_then(|still| Ok((still, turn?))) {
            Ok((still, _turn)) => {
                self.principal = still.clone();
                let caller = Caller { principal: Some(still), ..self.caller.clone() };
                metadata.followed(&self.request, &caller).await
            }
            Err(error) => refusal(&[error], &self.caller),
        }
    }
}
