//! Carrying commands out: one in a transaction of its own, or all of an operation in one.
//!
//! Here, and nowhere else, what rights depend on is forgotten when a transaction commits, and an administrator who can
//! sign in is kept.

use indexmap::IndexMap;

use super::{
    Company, faults,
    staff_changes::{Keeper, may_shut_out, says_who},
};
use crate::{
    access::Principal,
    base::{Code, Error, Result},
    catalog::{Object, ObjectIx},
    records::{Change, Command, Once, Outcome, Saved, Session, Work, save_and_see},
    rights::Rights,
};

/// One command as a caller asked for it.
pub struct Requested {
    /// The object.
    pub object: ObjectIx,
    /// The command, or the faults of its input, which a person can correct.
    pub command: Result<Box<dyn Command>, Vec<Error>>,
    /// The key under which it runs once.
    pub once: Option<Once>,
}

impl Requested {
    /// The command, unless its input could not be read.
    fn command(&self) -> Option<&dyn Command> {
        self.command.as_deref().ok()
    }

    /// The single deletion that it is, unless it is sent with a key.
    fn removal(&self) -> Option<&Change> {
        let command = self.command().filter(|command| command.deletes() && self.once.is_none());
        command.and_then(Command::change)
    }

    /// Whether it deletes records and may be tried again after other deletions.
    fn removes(&self) -> bool {
        self.once.is_none() && self.command().is_some_and(Command::deletes)
    }

    /// Whether it creates records and changes none.
    pub(super) fn only_creates(&self) -> bool {
        self.command().is_some_and(Command::only_creates)
    }

    /// Carries it out in a transaction.
    async fn within(&self, work: &Work<'_>) -> Result<Outcome> {
        match (&self.command, &self.once) {
            (Ok(command), Some(once)) => work.carry_out_once(&**command, once).await,
            (Ok(command), None) => work.carry_out(&**command).await,
            (Err(faults), _) => Ok(Outcome::refused(faults.clone())),
        }
    }
}

impl Company {
    /// Carries out one command in a transaction of its own. Faults that a person can correct are in the outcome.
    pub async fn carry_out(
        &self,
        session: &Session,
        principal: &Principal,
        command: &Requested,
    ) -> Result<Outcome> {
        let object = session.catalog.object(command.object);
        let outcome = alone(session, object, command).await?;
        self.committed(session, principal, command, &outcome).await;
        Ok(outcome)
    }

    /// Carries out all commands in one transaction, all or none. An error comes with the place of its command.
    pub async fn carry_out_atomically(
        &self,
        session: &Session,
        principal: &Principal,
        commands: &[&Requested],
    ) -> Result<Vec<Outcome>, (usize, Error)> {
        let first = |error| (0, error);
        let work = Work::begin(session).await.map_err(first)?;
        let shuts_out =
            |command: &Requested| may_shut_out(session.catalog.object(command.object), command);
        let shuts = commands.iter().position(|command| shuts_out(command));
        let keeper = Keeper::new(&work, shuts.is_some()).await.map_err(first)?;
        let mut outcomes = Vec::with_capacity(commands.len());
        for (at, command) in commands.iter().enumerate() {
            outcomes.push(command.within(&work).await.map_err(|error| (at, error))?);
        }
        removed_late(&work, commands, &mut outcomes).await.map_err(first)?;
        if let Some(fault) = keeper.fault(&work).await.map_err(first)?
            && let Some(outcome) = shuts.and_then(|at| outcomes.get_mut(at))
        {
            *outcome = outcome.but(fault);
        }
        if outcomes.iter().all(|outcome| outcome.faults().is_empty()) {
            work.commit().await.map_err(first)?;
            for (command, outcome) in commands.iter().zip(&outcomes) {
                self.committed(session, principal, command, outcome).await;
            }
            return Ok(outcomes);
        }
        drop(work);
        for outcome in &mut outcomes {
            let faults = outcome.faults().to_vec();
            let faults = if faults.is_empty() { vec![faults::undone()] } else { faults };
            *outcome = Outcome::refused(faults);
        }
        Ok(outcomes)
    }

    /// Forgets what rights made of records that have changed, and who may sign in.
    async fn committed(
        &self,
        session: &Session,
        principal: &Principal,
        command: &Requested,
        outcome: &Outcome,
    ) {
        let object = session.catalog.object(command.object);
        if command.command().is_some_and(Command::writes_others)
            || Rights::depend_on(&session.catalog, object)
        {
            self.rights.forget();
        }
        if says_who(&object.name) {
            self.staff_changed(session, principal, object, outcome).await;
        }
    }
}

/// Carries out a command in a transaction of its own.
async fn alone(session: &Session, object: &Object, command: &Requested) -> Result<Outcome> {
    let guarded = may_shut_out(object, command);
    let single = command.command().and_then(Command::change);
    match (single, &command.command, &command.once) {
        (Some(change), _, None) if !guarded => {
            let (saved, seen) = save_and_see(session, change).await?;
            Ok(match saved {
                Saved::Done(id) => Outcome::done(vec![(id, seen)]),
                Saved::Refused(faults) => Outcome::refused(faults),
            })
        }
        (_, Err(faults), _) => Ok(Outcome::refused(faults.clone())),
        _ => {
            let work = Work::begin(session).await?;
            let keeper = Keeper::new(&work, guarded).await?;
            let outcome = command.within(&work).await?;
            if let Some(fault) = keeper.fault(&work).await? {
                return Ok(Outcome::refused(vec![fault]));
            }
            work.commit().await?;
            Ok(outcome)
        }
    }
}

/// Whether a removal was refused because something refers to the record.
fn held(outcome: &Outcome) -> bool {
    outcome.faults().iter().any(|fault| fault.code == Code::RecordInUse)
}

/// Tries removals again that were refused because something refers to their records: a later command may have removed
/// that, or removes it together with them.
async fn removed_late(
    work: &Work<'_>,
    commands: &[&Requested],
    outcomes: &mut [Outcome],
) -> Result<()> {
    loop {
        let mut any = false;
        for (command, outcome) in commands.iter().zip(outcomes.iter_mut()) {
            if command.removes() && held(outcome) {
                let again = command.within(work).await?;
                any |= again.faults().is_empty();
                *outcome = again;
            }
        }
        if !any {
            break;
        }
    }
    let mut objects: IndexMap<ObjectIx, Vec<usize>> = IndexMap::new();
    for (at, command) in commands.iter().enumerate() {
        if let Some(change) = command.removal().filter(|_| held(&outcomes[at])) {
            objects.entry(change.object).or_default().push(at);
        }
    }
    for (object, places) in objects.into_iter().filter(|(_, places)| places.len() > 1) {
        let removals = places.iter().filter_map(|at| commands[*at].removal().cloned());
        let done = work.remove(object, &removals.collect::<Vec<_>>()).await?;
        for (at, id) in places.into_iter().zip(done) {
            outcomes[at] = Outcome::done(vec![(id, false)]);
        }
    }
    Ok(())
}
