//! Root fields of mutations: arguments become a command, the command an outcome, the outcome a payload.

use async_graphql::parser::types::Field as Asked;

use super::{
    execution::Run,
    inputs::to_correct,
    mutations::{RootMutation, payload_type},
    select::unknown,
    selection_cost::weight,
};
use crate::{
    base::{Error, Result},
    catalog::Object,
    company::Requested,
    graphql::{reader::Collected, reply::stored},
    query::Extent,
    records::{Operation, Outcome},
};

/// A root field before execution.
pub(super) struct Intent<'i, 'r> {
    pub(super) operation: &'static Operation,
    pub(super) object: &'i Object,
    pub(super) asked: Collected<'r>,
    pub(super) requested: Requested,
}

impl<'r> Run<'r> {
    /// Executes one change and returns its payload.
    pub(super) async fn change(&self, intent: &Intent<'_, 'r>) -> Result<String> {
        let (company, principal) = (&self.records.company, self.watch.principal);
        let outcome = company.carry_out(self.session, principal, &intent.requested).await?;
        let answer = self.payload(intent.operation, intent.object, &intent.asked, &outcome).await;
        answer.map_err(|error| told(error, &outcome))
    }

    /// Parses a root field. Refuses a payload that would exceed a limit before anything is written.
    pub(super) fn intent(&self, field: &'r Asked, fields: &[&'r Asked]) -> Result<Intent<'r, 'r>> {
        let name = field.name.node.as_str();
        let known = self.published.mutation(name).ok_or_else(|| unknown("Mutation", name));
        let RootMutation { operation, object, step } = known?;
        let object = self.session.catalog.object(object);
        let sets: Vec<_> = fields.iter().map(|field| &field.selection_set.node).collect();
        let asked = self.reader.collect(&sets, &payload_type(operation, object));
        let once = self.reader.once(field);
        let command = match self.reader.command((operation, step), object, field) {
            Err(mut faults) => match faults.iter().position(|fault| fault.code.is_limit()) {
                Some(at) => return Err(faults.swap_remove(at)),
                None => Err(faults.into_iter().map(to_correct).collect()),
            },
            Ok(command) => Ok(command),
        };
        let most = command.as_ref().map_or(1, |command| command.most());
        if let Some(filter) = command.as_ref().ok().and_then(|command| command.filter()) {
            let (catalog, access) = (&self.session.catalog, &self.session.access);
            let extent = Extent::of_filter(catalog, access, object.ix, filter);
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
        let (command, once) = match once {
            Ok(once) => (command, once),
            Err(fault) => (Err(vec![fault]), None),
        };
        let requested = Requested { object: object.ix, command, once };
        Ok(Intent { operation, object, asked, requested })
    }
}

/// Adjusts an error while reading the payload of a change that is stored.
pub(super) fn told(error: Error, outcome: &Outcome) -> Error {
    if outcome.ids().is_empty() { error } else { stored(error) }
}

fn lists_records(fields: &[&Asked]) -> bool {
    fields
        .first()
        .is_some_and(|field| matches!(field.name.node.as_str(), "record" | "records" | "nodes"))
}
