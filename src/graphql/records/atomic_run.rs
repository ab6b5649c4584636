//! The root fields of a mutation with `@atomic`: all in one transaction, all or nothing.

use std::collections::HashMap;

use indexmap::IndexMap;

use super::{execution::Run, mutate::told, root_fields::Step};
use crate::base::Result;

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
        let commands: Vec<_> = intents.iter().map(|(_, intent)| &intent.requested).collect();
        let (company, principal) = (&self.records.company, self.watch.principal);
        let outcomes = company.carry_out_atomically(self.session, principal, &commands).await;
        let outcomes = outcomes.map_err(|(place, error)| {
            if let Some((key, _)) = intents.get(place) {
                (*key).clone_into(at);
            }
            error
        })?;
        let mut answers = Vec::with_capacity(intents.len());
        for ((key, intent), outcome) in intents.iter().zip(&outcomes) {
            (*key).clone_into(at);
            let answer = self.payload(intent, outcome).await;
            let answer = answer.map_err(|error| told(error, outcome))?;
            self.goes_on_at(key);
            answers.push(((*key).to_owned(), answer));
        }
        Ok(answers)
    }
}
