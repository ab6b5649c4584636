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
    catalog::{NamedAction, Object},
    company::Requested,
    graphql::{reader::Collected, reply::stored},
    query::Extent,
    records::{Outcome, ResultType},
};

/// A root field before execution.
pub(super) struct Intent<'i, 'r> {
    pub(super) object: &'i Object,
    /// The type of its payload.
    pub(super) payload: String,
    /// The action that it is, if it is one.
    pub(super) action: Option<&'i NamedAction>,
    /// The caller may no longer see the record now, and knows.
    pub(super) leaves: bool,
    pub(super) asked: Collected<'r>,
    pub(super) requested: Requested,
}

impl<'r> Run<'r> {
    /// Executes one change and returns its payload.
    pub(super) async fn change(&self, intent: &Intent<'_, 'r>) -> Result<String> {
        let (company, principal) = (&self.records.company, self.watch.principal);
        let outcome = company.carry_out(self.session, principal, &intent.requested).await?;
        let answer = self.payload(intent, &outcome).await;
        answer.map_err(|error| told(error, &outcome))
    }

    /// Parses a root field. Refuses a payload that would exceed a limit before anything is written.
    pub(super) fn intent(&self, field: &'r Asked, fields: &[&'r Asked]) -> Result<Intent<'r, 'r>> {
        let name = field.name.node.as_str();
        let known = self.published.mutation(name).ok_or_else(|| unknown("Mutation", name));
        let RootMutation { operation, object, named } = known?;
        let object = self.session.catalog.object(object);
        let sets: Vec<_> = fields.iter().map(|field| &field.selection_set.node).collect();
        let payload = payload_type(operation, named, object);
        let action = named.and_then(|named| named.action(object));
        let asked = self.reader.collect(&sets, &payload);
        let once = self.reader.once(field);
        let command = match self.reader.command((operation, named), object, field) {
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
        for fields in asked.values() {
            let Some(object) = self.read_by(object, action, fields) else { continue };
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
        let leaves = operation.result == ResultType::Decided;
        Ok(Intent { object, payload, action, leaves, asked, requested })
    }

    /// The object of the records that a field of a payload reads.
    fn read_by(
        &self,
        object: &'r Object,
        action: Option<&NamedAction>,
        fields: &[&Asked],
    ) -> Option<&'r Object> {
        match fields.first()?.name.node.as_str() {
            "record" | "records" | "nodes" => Some(object),
            name => {
                let step = action?.made(name)?;
                Some(self.session.catalog.object(step.object))
            }
        }
    }
}

/// Adjusts an error while reading the payload of a change that is stored.
pub(super) fn told(error: Error, outcome: &Outcome) -> Error {
    if outcome.ids().is_empty() { error } else { stored(error) }
}
