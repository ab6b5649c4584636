//! Root fields of mutations: arguments become a command, the command an outcome, the outcome a payload.

use async_graphql::parser::types::Field as Asked;

use super::{
    inputs::to_correct,
    mutations::Verb,
    records::Run,
    select::{Collected, unknown, weight},
};
use crate::{
    base::{Code, Error, Result},
    catalog::Object,
    company::Command,
    query::Extent,
    records::{Outcome, Wish},
};

/// A root field before execution.
pub(super) struct Intent<'i, 'r> {
    pub(super) verb: Verb,
    pub(super) object: &'i Object,
    pub(super) asked: Collected<'r>,
    pub(super) command: Command,
}

impl<'r> Run<'r> {
    /// Executes one change and returns its payload.
    pub(super) async fn change(&self, intent: &Intent<'_, 'r>) -> Result<String> {
        let (company, principal) = (&self.records.company, self.watch.principal);
        let outcome = company.carry_out(self.session, principal, &intent.command).await?;
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
        let command = Command { object: object.ix, wish, once };
        Ok(Intent { verb, object, asked, command })
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
