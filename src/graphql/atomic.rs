//! `@atomic`: all root fields of a mutation in one transaction, all or nothing.
//!
//! Without it each field has its own transaction.

use std::collections::HashMap;

use async_graphql::parser::types::{ExecutableDocument, OperationDefinition, OperationType};
use indexmap::IndexMap;

use super::{
    mutate::{Intent, told},
    records::Run,
    root_fields::Step,
    staff::{Keeper, may_shut_out},
};
use crate::{
    base::{Code, Error, Result},
    catalog::ObjectIx,
    records::{Outcome, Work},
};

/// The directive's name.
pub(super) const ATOMIC: &str = "atomic";

/// Whether an operation has the directive.
pub(super) fn asked(operation: &OperationDefinition) -> bool {
    let atomic = |name: &str| name == ATOMIC;
    operation.directives.iter().any(|directive| atomic(&directive.node.name.node))
}

/// Removes the directive from mutations before the engine validates them, because the engine does not know
/// it.
pub(super) fn hide(document: &mut ExecutableDocument) {
    use async_graphql::parser::types::DocumentOperations::{Multiple, Single};
    let hide = |operation: &mut OperationDefinition| {
        let mut given = operation.directives.iter();
        let ours = given.position(|directive| {
            directive.node.name.node == ATOMIC && directive.node.arguments.is_empty()
        });
        // Removes only one. The engine refuses a second.
        if let Some(at) = ours.filter(|_| operation.ty == OperationType::Mutation) {
            operation.directives.remove(at);
        }
    };
    match &mut document.operations {
        Single(operation) => hide(&mut operation.node),
        Multiple(all) => all.values_mut().for_each(|operation| hide(&mut operation.node)),
    }
}

fn undone() -> Error {
    Error::new(
        Code::RecordUndone,
        "another part of the operation was refused, so nothing of it was kept",
        "同一操作的其他部分未通过，全部未保存",
    )
}

/// Whether a deletion failed because other records refer to the record.
fn held(outcome: &Outcome) -> bool {
    outcome.faults().iter().any(|fault| fault.code == Code::RecordInUse)
}

/// Retries deletions that failed because of references: the referring records may be deleted by now, or can
/// be deleted together.
async fn removed_late(
    work: &Work<'_>,
    intents: &[(&str, Box<Intent<'_, '_>>)],
    outcomes: &mut [Outcome],
) -> Result<()> {
    loop {
        let mut any = false;
        for ((_, intent), outcome) in intents.iter().zip(outcomes.iter_mut()) {
            if intent.removes() && held(outcome) {
                let again = intent.within(work).await?;
                any |= again.faults().is_empty();
                *outcome = again;
            }
        }
        if !any {
            break;
        }
    }
    let mut objects: IndexMap<ObjectIx, Vec<usize>> = IndexMap::new();
    for (at, (_, intent)) in intents.iter().enumerate() {
        if let Some(change) = intent.removal().filter(|_| held(&outcomes[at])) {
            objects.entry(change.object).or_default().push(at);
        }
    }
    for (object, places) in objects.into_iter().filter(|(_, places)| places.len() > 1) {
        let removals = places.iter().filter_map(|at| intents[*at].1.removal().cloned());
        let done = work.remove(object, &removals.collect::<Vec<_>>()).await?;
        for (at, id) in places.into_iter().zip(done) {
            outcomes[at] = Outcome::done(vec![(id, false)]);
        }
    }
    Ok(())
}

impl<'r> Run<'r> {
    /// Executes the root fields and returns their responses by key. If one fails, only its error is returned.
    pub(super) async fn together(
        &self,
        steps: IndexMap<&str, Result<Step<'r>>>,
    ) -> HashMap<String, Result<String>> {
        let mut at = String::new();
        match self.all_of(steps, &mut at).await {
            Ok(answers) => answers.into_iter().map(|(key, answer)| (key, Ok(answer))).collect(),
            Err(error) => HashMap::from([(at, Err(error))]),
        }
    }

    /// Does so. `at` is the key of the current field.
    async fn all_of(
        &self,
        steps: IndexMap<&str, Result<Step<'r>>>,
        at: &mut String,
    ) -> Result<Vec<(String, String)>> {
        let mut intents = Vec::with_capacity(steps.len());
        for (key, step) in steps {
            key.clone_into(at);
            if let Step::Change(intent) = step? {
                intents.push((key, intent));
            }
        }
        let Some((first, _)) = intents.first() else { return Ok(Vec::new()) };
        (*first).clone_into(at);
        let work = Work::begin(self.session).await?;
        let guarded = intents.iter().any(|(_, intent)| may_shut_out(intent));
        let keeper = Keeper::new(&work, guarded).await?;
        let mut outcomes = Vec::with_capacity(intents.len());
        for (key, intent) in &intents {
            (*key).clone_into(at);
            outcomes.push(intent.within(&work).await?);
        }
        (*first).clone_into(at);
        removed_late(&work, &intents, &mut outcomes).await?;
        if let Some(fault) = keeper.fault(&work).await? {
            let shuts = intents.iter().position(|(_, intent)| may_shut_out(intent));
            if let Some(outcome) = shuts.and_then(|at| outcomes.get_mut(at)) {
                *outcome = outcome.but(fault);
            }
        }
        if outcomes.iter().all(|outcome| outcome.faults().is_empty()) {
            work.commit().await?;
            for ((_, intent), outcome) in intents.iter().zip(&outcomes) {
                self.done(intent, outcome).await;
            }
        } else {
            drop(work);
            for outcome in &mut outcomes {
                let faults = outcome.faults().to_vec();
                let faults = if faults.is_empty() { vec![undone()] } else { faults };
                *outcome = Outcome::refused(faults);
            }
        }
        let mut answers = Vec::with_capacity(intents.len());
        for ((key, intent), outcome) in intents.iter().zip(&outcomes) {
            (*key).clone_into(at);
            let answer = self.payload(intent.verb, intent.object, &intent.asked, outcome).await;
            let answer = answer.map_err(|error| told(error, outcome))?;
            self.goes_on_at(key);
            answers.push(((*key).to_owned(), answer));
        }
        Ok(answers)
    }
}
