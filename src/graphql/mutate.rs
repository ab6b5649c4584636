//! Root fields of mutations: arguments become a command, the command an outcome, the outcome a payload.

use async_graphql::parser::types::Field as Asked;

use super::{
    inputs::{Faults, to_correct},
    mutations::Verb,
    records::Run,
    select::{Collected, unknown, weight},
    staff::{Keeper, may_shut_out, says_who},
};
use crate::{
    base::{Code, Error, Result},
    catalog::Object,
    query::Extent,
    records::{Change, Once, Op, Outcome, Saved, Verb as Removing, Wish, Work, save_and_see},
    rights::Rights,
};

/// A root field before execution.
pub(super) struct Intent<'i, 'r> {
    pub(super) verb: Verb,
    pub(super) object: &'i Object,
    pub(super) asked: Collected<'r>,
    /// The command, or faults that a person can correct.
    wish: Result<Wish, Faults>,
    /// The idempotency key, if one was given.
    once: Option<Once>,
}

impl Intent<'_, '_> {
    /// Returns the deletion, if it is a single one without an idempotency key.
    pub(super) fn removal(&self) -> Option<&Change> {
        match (&self.wish, &self.once) {
            (Ok(Wish::One(change)), None) if matches!(change.op, Op::Delete { .. }) => Some(change),
            _ => None,
        }
    }

    /// Whether it deletes records and may be retried after other deletions.
    pub(super) fn removes(&self) -> bool {
        let many =
            |wish: &Wish| matches!(wish, Wish::Matching(all) if all.verb == Removing::Delete);
        self.removal().is_some() || self.once.is_none() && self.wish.as_ref().is_ok_and(many)
    }

    /// Executes it in a transaction.
    pub(super) async fn within(&self, work: &Work<'_>) -> Result<Outcome> {
        match (&self.wish, &self.once) {
            (Ok(wish), Some(once)) => work.carry_out_once(wish, once).await,
            (Ok(wish), None) => work.carry_out(wish).await,
            (Err(faults), _) => Ok(Outcome::refused(faults.clone())),
        }
    }
}

impl<'r> Run<'r> {
    /// Executes one change and returns its payload.
    pub(super) async fn change(&self, intent: &Intent<'_, 'r>) -> Result<String> {
        let outcome = self.alone(intent).await?;
        self.done(intent, &outcome).await;
        let answer = self.payload(intent.verb, intent.object, &intent.asked, &outcome).await;
        answer.map_err(|error| told(error, &outcome))
    }

    /// Parses a root field. Refuses a payload that would exceed a limit before anything is written.
    pub(super) fn intent(&self, field: &'r Asked, fields: &[&'r Asked]) -> Result<Intent<'r, 'r>> {
        let name = field.name.node.as_str();
        let known = self.published.mutation(name).ok_or_else(|| unknown("Mutation", name));
        let (verb, object) = known?;
        let object = self.session.catalog.object(object);
        let sets: Vec<_> = fields.iter().map(|field| &field.selection_set.node).collect();
        let asked = self.reader.collect(&sets, &verb.payload(object));
        let once = self.reader.once(field);
        let wish = match self.reader.wish(verb, object, field) {
            Err(mut faults) => match faults.iter().position(|fault| fault.code.is_limit()) {
                Some(at) => return Err(faults.swap_remove(at)),
                None => Err(faults.into_iter().map(to_correct).collect()),
            },
            Ok(wish) => Ok(wish),
        };
        let most = match &wish {
            Ok(Wish::Create { inputs, .. }) => u64::try_from(inputs.len()).unwrap_or(u64::MAX),
            Ok(Wish::Matching(matching)) => u64::from(matching.at_most),
            _ => 1,
        };
        if let Ok(Wish::Matching(matching)) = &wish {
            let extent = Extent::of_filter(
                &self.session.catalog,
                &self.session.access,
                object.ix,
                &matching.filter,
            );
            self.spend(|spent| spent.size.add(extent));
        }
        for fields in asked.values().filter(|fields| lists_records(fields)) {
            let selection = self.reader.record(object, fields)?;
            let each = weight(&selection);
            let extent = Extent::of_record(
                &self.session.catalog,
                &self.session.access,
                object.ix,
                &selection,
            );
            self.spend(|spent| {
                spent.count(each.saturating_mul(most));
                spent.size.add(extent);
            });
        }
        let (wish, once) = match once {
            Ok(once) => (wish, once),
            Err(fault) => (Err(vec![fault]), None),
        };
        Ok(Intent { verb, object, asked, wish, once })
    }

    /// Executes an intent in its own transaction.
    async fn alone(&self, intent: &Intent<'_, '_>) -> Result<Outcome> {
        let guarded = may_shut_out(intent);
        match (&intent.wish, &intent.once) {
            (Ok(Wish::One(change)), None) if !guarded => {
                let (saved, seen) = save_and_see(self.session, change).await?;
                Ok(match saved {
                    Saved::Done(id) => Outcome::done(vec![(id, seen)]),
                    Saved::Refused(faults) => Outcome::refused(faults),
                })
            }
            (Err(faults), _) => Ok(Outcome::refused(faults.clone())),
            _ => {
                let work = Work::begin(self.session).await?;
                let keeper = Keeper::new(&work, guarded).await?;
                let outcome = intent.within(&work).await?;
                if let Some(fault) = keeper.fault(&work).await? {
                    return Ok(Outcome::refused(vec![fault]));
                }
                work.commit().await?;
                Ok(outcome)
            }
        }
    }

    /// Empties caches after a change that rights or sign-ins may depend on.
    pub(super) async fn done(&self, intent: &Intent<'_, '_>, outcome: &Outcome) {
        let nested = intent.wish.as_ref().is_ok_and(Wish::nests);
        if nested || Rights::depend_on(&self.session.catalog, intent.object) {
            self.records.rights.forget();
        }
        if says_who(&intent.object.name) {
            self.staff_changed(intent.object, outcome).await;
        }
    }
}

/// Adjusts an error while reading the payload of a change that is stored.
pub(super) fn told(error: Error, outcome: &Outcome) -> Error {
    if outcome.ids().is_empty() { error } else { stored(error) }
}

/// The same for anything that is stored.
pub(super) fn stored(error: Error) -> Error {
    if !matches!(error.code, Code::StorageUnavailable | Code::LimitTime) {
        return error;
    }
    let stored = Error::new(
        error.code,
        "this is stored, but it could not be read back for the answer",
        "已保存，但读取结果时失败",
    );
    let stored = stored.hint("do not send it again; read the record", "请勿重发，请查询该记录");
    Error { internal: error.internal, ..stored }
}

fn lists_records(fields: &[&Asked]) -> bool {
    fields
        .first()
        .is_some_and(|field| matches!(field.name.node.as_str(), "record" | "records" | "nodes"))
}
