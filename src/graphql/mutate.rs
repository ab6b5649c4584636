//! Root fields of mutations: arguments become a wish, the wish an outcome, the outcome a payload.

use async_graphql::parser::types::Field as Asked;

use super::{
    mutations::Verb,
    records::Run,
    select::{Collected, unknown, weight},
};
use crate::{
    base::{Code, Error, Result},
    catalog::Object,
    records::{Once, Outcome, Saved, Wish, Work, save_and_see},
    rights::Rights,
};

/// One root field before anything is written.
struct Intent<'i, 'r> {
    verb: Verb,
    object: &'i Object,
    asked: Collected<'r>,
    /// What it wishes, or what of it a person can correct.
    wish: Result<Wish>,
    /// The key under which it is carried out once.
    once: Option<Once>,
}

impl<'r> Run<'r> {
    pub(super) async fn mutate(&self, field: &'r Asked, fields: &[&'r Asked]) -> Result<String> {
        let intent = self.intent(field, fields)?;
        let outcome = match &intent.wish {
            Ok(wish) => self.carry_out(wish, intent.once.as_ref()).await?,
            Err(fault) => Outcome::refused(vec![fault.clone()]),
        };
        if Rights::depend_on(&self.session.catalog, intent.object) {
            self.records.rights.forget();
        }
        self.payload(intent.verb, intent.object, &intent.asked, &outcome).await
    }

    /// What a root field is about. What would be too much to answer is refused before anything is written.
    fn intent(&self, field: &'r Asked, fields: &[&'r Asked]) -> Result<Intent<'r, 'r>> {
        let name = field.name.node.as_str();
        let known = self.published.mutation(name).ok_or_else(|| unknown("Mutation", name));
        let (verb, object) = known?;
        let object = self.session.catalog.object(object);
        let sets: Vec<_> = fields.iter().map(|field| &field.selection_set.node).collect();
        let asked = self.reader.collect(&sets, &verb.payload(object));
        let once = self.reader.once(field);
        let wish = match self.reader.wish(verb, object, field) {
            Err(error) if error.code == Code::LimitPage => return Err(error),
            // A value that does not parse is the user's to correct, like one that does not fit.
            wish => wish.map_err(|error| Error { code: Code::RecordValue, ..error }),
        };
        let most = match &wish {
            Ok(Wish::Create { inputs, .. }) => u64::try_from(inputs.len()).unwrap_or(u64::MAX),
            Ok(Wish::Matching(matching)) => u64::from(matching.at_most),
            Ok(Wish::One(_) | Wish::Upsert(_)) | Err(_) => 1,
        };
        for fields in asked.values().filter(|fields| lists_records(fields)) {
            self.bounded(weight(&self.reader.record(object, fields)?).saturating_mul(most))?;
        }
        let (wish, once) = match once {
            Ok(once) => (wish, once),
            Err(fault) => (Err(fault), None),
        };
        Ok(Intent { verb, object, asked, wish, once })
    }

    /// Carries out a wish in a transaction of its own.
    async fn carry_out(&self, wish: &Wish, once: Option<&Once>) -> Result<Outcome> {
        if let (Wish::One(change), None) = (wish, once) {
            let (saved, seen) = save_and_see(self.session, change).await?;
            return Ok(match saved {
                Saved::Done(id) => Outcome { rows: vec![Some(id)], faults: Vec::new(), seen },
                Saved::Refused(faults) => Outcome::refused(faults),
            });
        }
        let work = Work::begin(self.session).await?;
        let outcome = match once {
            Some(once) => work.carry_out_once(wish, once).await?,
            None => work.carry_out(wish).await?,
        };
        work.commit().await?;
        Ok(outcome)
    }
}

fn lists_records(fields: &[&Asked]) -> bool {
    fields.first().is_some_and(|field| matches!(field.name.node.as_str(), "nodes" | "records"))
}
