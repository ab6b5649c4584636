//! Root fields as steps: all are parsed before the first is executed.

use std::sync::PoisonError;

use async_graphql::{Name, Value as Given, parser::types::Field as Asked};
use chrono::{DateTime, Utc};
use indexmap::IndexMap;
use uuid::Uuid;

use super::{
    approvals::{APPROVALS, ApprovalsRequest, INBOX, InboxRequest},
    argument_parts::{as_kept, id},
    cost::Spent,
    execution::Run,
    faults,
    mutate::Intent,
    my_day::{DayRequest, MY_DAY},
    names::AS_OF,
    published::RootField,
    recents::{RECENTS, Recents},
    record_draft_response::Drafting,
    recycle_bin_schema,
    search_response::Searching,
    search_schema::{CANDIDATES, SEARCH},
    select::unknown,
    selection_cost::weight,
    timeline::{TIMELINE, Timelining},
};
use crate::{
    access::Action,
    base::{Result, Value},
    catalog::{FieldIx, ObjectIx},
    query::{Extent, Find, What},
    records::{find, find_as_of, find_into, merged_into},
};

/// The object and id of a find of one record by its id.
fn by_id(find: &Find) -> Option<(ObjectIx, Uuid)> {
    let What::One { key, .. } = &find.what else { return None };
    match key.as_slice() {
        [(FieldIx::ID, Value::Id(id))] => Some((find.object, *id)),
        _ => None,
    }
}

/// A parsed root field.
pub(super) enum Step<'r> {
    /// Always null.
    Nothing,
    /// Records, now or as of an instant.
    Find(Box<Find>, Option<DateTime<Utc>>),
    /// A record of any object.
    Node(Uuid, Vec<&'r Asked>),
    /// Deleted records.
    RecycleBin(IndexMap<Name, Given>, Vec<&'r Asked>),
    /// Records of many objects by words.
    Search(Searching<'r>),
    /// Records to which a field may refer.
    Candidates(Searching<'r>),
    /// Records that the caller has opened lately.
    Recents(Recents<'r>),
    /// What happened about a record.
    Timeline(Box<Timelining<'r>>),
    /// What a day holds for the caller.
    MyDay(Box<DayRequest<'r>>),
    /// What waits for the caller's decision.
    Inbox(InboxRequest<'r>),
    /// What was decided about a record.
    Approvals(ApprovalsRequest<'r>),
    /// A record as it would be saved.
    Draft(Box<Drafting<'r>>),
    /// A change.
    Change(Box<Intent<'r, 'r>>),
}

impl<'r> Run<'r> {
    /// Parses a root field and counts its cost.
    pub(super) fn step(
        &self,
        key: &str,
        field: &'r Asked,
        fields: &[&'r Asked],
        mutation: bool,
    ) -> Result<Step<'r>> {
        if mutation {
            return self.intent(field, fields).map(|intent| Step::Change(Box::new(intent)));
        }
        let step = self.query(field, fields)?;
        let wishes = match &step {
            Step::Find(wish, _) => std::slice::from_ref(&**wish),
            Step::Search(searching) | Step::Candidates(searching) => searching.finds.as_slice(),
            Step::Timeline(asked) => asked.finds(),
            Step::MyDay(asked) => asked.finds(),
            _ => &[],
        };
        for wish in wishes {
            self.spend(|spent| spent.add(key, &self.session.catalog, &self.session.access, wish));
        }
        Ok(step)
    }

    /// Adds to the cost of the operation.
    pub(super) fn spend(&self, count: impl FnOnce(&mut Spent)) {
        count(&mut self.spent.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Refuses an operation above the limits.
    pub(super) fn affordable(&self) -> Result<()> {
        let spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        spent.within(&self.records.limits)
    }

    /// Executes a step and appends its JSON to `out`. After an error `out` is unchanged.
    pub(super) async fn take(
        &self,
        step: Step<'r>,
        fields: &[&'r Asked],
        out: &mut String,
    ) -> Result<()> {
        let start = out.len();
        let answer = match step {
            Step::Find(wish, None) => {
                let by_id = by_id(&wish);
                let found = match find_into(self.session, *wish, out).await {
                    Ok(false) => self.merged(by_id, fields, out).await,
                    found => found,
                };
                match found {
                    Ok(true) => {}
                    Ok(false) => out.push_str("null"),
                    Err(error) => {
                        out.truncate(start);
                        return Err(error);
                    }
                }
                return Ok(());
            }
            step => self.answer(step).await?,
        };
        out.push_str(&answer);
        Ok(())
    }

    /// Writes the record into which the one that was asked for by its id has been merged. Returns false if there is no
    /// such record that the caller may read.
    async fn merged(
        &self,
        by_id: Option<(ObjectIx, Uuid)>,
        fields: &[&'r Asked],
        out: &mut String,
    ) -> Result<bool> {
        let Some((object, id)) = by_id else { return Ok(false) };
        let Some((_, kept)) = merged_into(self.session, Some(object), id).await? else {
            return Ok(false);
        };
        let selection = self.reader.record(self.session.catalog.object(object), fields)?;
        let what = What::One { key: vec![(FieldIx::ID, Value::Id(kept))], selection };
        find_into(self.session, Find { object, what }, out).await
    }

    async fn answer(&self, step: Step<'r>) -> Result<String> {
        match step {
            Step::Nothing => Ok("null".to_owned()),
            Step::Find(wish, None) => self.found(*wish).await,
            Step::Find(wish, Some(at)) => {
                let found = Box::pin(find_as_of(self.session, *wish, at)).await?;
                Ok(found.unwrap_or_else(|| "null".to_owned()))
            }
            Step::Node(id, fields) => Box::pin(self.node(id, &fields)).await,
            Step::RecycleBin(given, fields) => Box::pin(self.recycle_bin(&given, &fields)).await,
            Step::Search(searching) => Box::pin(self.search(searching)).await,
            Step::Candidates(picking) => Box::pin(self.candidates(picking)).await,
            Step::Recents(asked) => Box::pin(self.recently(asked)).await,
            Step::Timeline(asked) => Box::pin(self.timeline(*asked)).await,
            Step::MyDay(asked) => Box::pin(self.my_day(*asked)).await,
            Step::Inbox(asked) => Box::pin(self.approval_inbox(asked)).await,
            Step::Approvals(asked) => Box::pin(self.record_approvals(asked)).await,
            Step::Draft(drafting) => Box::pin(self.draft(*drafting)).await,
            // Boxed: futures of changes are large, and all reads would have their size.
            Step::Change(intent) => Box::pin(self.change(&intent)).await,
        }
    }

    fn query(&self, field: &'r Asked, fields: &[&'r Asked]) -> Result<Step<'r>> {
        let name = field.name.node.as_str();
        let given = self.reader.arguments(field);
        if name == "node" {
            return Ok(match id(given.get("id").unwrap_or(&async_graphql::Value::Null)) {
                Ok(id) => Step::Node(id, fields.to_vec()),
                // A text that is no id names no record.
                Err(_) => Step::Nothing,
            });
        }
        if name == recycle_bin_schema::ROOT {
            return Ok(Step::RecycleBin(given, fields.to_vec()));
        }
        if name == SEARCH {
            return self.searching(&given, fields).map(Step::Search);
        }
        if name == CANDIDATES {
            return self.picking(&given, fields).map(Step::Candidates);
        }
        if name == RECENTS {
            return self.recents(&given, fields).map(Step::Recents);
        }
        if name == TIMELINE {
            let asked = self.timelining(&given, fields)?;
            return Ok(asked.map_or(Step::Nothing, |asked| Step::Timeline(Box::new(asked))));
        }
        if name == MY_DAY {
            return Ok(Step::MyDay(Box::new(self.day_request(&given, fields)?)));
        }
        if name == INBOX {
            return self.inbox_request(&given, fields).map(Step::Inbox);
        }
        if name == APPROVALS {
            return Ok(Step::Approvals(self.approvals_request(&given, fields)));
        }
        if let Some(object) = self.published.drafts(name) {
            let object = self.session.catalog.object(object);
            return Ok(Step::Draft(Box::new(self.drafting(object, &given, fields)?)));
        }
        let as_of = self.reader.args.as_of(&given)?;
        let reader = &as_of.map_or(*self.reader, |at| self.reader.at(at));
        let catalog = &self.session.catalog;
        let object = match self.published.root(name) {
            Some(RootField::List(object)) => {
                let listing = reader.connection(object, field, fields)?;
                return Ok(Step::Find(Box::new(Find { object, what: What::List(listing) }), as_of));
            }
            Some(RootField::Aggregate(object)) => {
                let aggregation = reader.aggregation(object, field, fields)?;
                let what = What::Aggregate(aggregation);
                return Ok(Step::Find(Box::new(Find { object, what }), as_of));
            }
            Some(RootField::One(object)) => catalog.object(object),
            None => return Err(unknown("Query", name)),
        };
        let mut key = Vec::new();
        for (name, value) in &given {
            if matches!(value, async_graphql::Value::Null) || name == AS_OF {
                continue;
            }
            let (ix, field) = object.called(name).ok_or_else(|| unknown(&object.name, name))?;
            match reader.args.value(&field.ty, value) {
                Ok(value) => key.push((ix, as_kept(&field.ty, value))),
                // A text that is no id names no record. That matters only if it is the only key.
                Err(_) if ix == FieldIx::ID => key.push((ix, Value::Null)),
                Err(error) => return Err(error.within(name.as_str())),
            }
        }
        if key.len() != 1 {
            return Err(faults::id_or_key());
        }
        // A text that neither database can store names no record.
        let unheld = |value: &Value| value.as_text().is_some_and(|text| text.contains('\0'));
        if key.iter().any(|(_, value)| value.is_null() || unheld(value)) {
            return Ok(Step::Nothing);
        }
        let selection = reader.record(object, fields)?;
        let what = What::One { key, selection };
        Ok(Step::Find(Box::new(Find { object: object.ix, what }), as_of))
    }

    pub(super) async fn found(&self, find_it: Find) -> Result<String> {
        Ok(find(self.session, find_it).await?.unwrap_or_else(|| "null".to_owned()))
    }

    /// Returns a record of any object. The id does not name the object, so all are searched.
    async fn node(&self, id: Uuid, fields: &[&'r Asked]) -> Result<String> {
        let found = match crate::records::object_of(self.session, id).await? {
            Some(object) => Some((object, id)),
            None => merged_into(self.session, None, id).await?,
        };
        let Some((object, id)) = found else { return Ok("null".to_owned()) };
        if !self.session.access.may(self.session.catalog.object(object), Action::Read) {
            return Ok("null".to_owned());
        }
        let object = self.session.catalog.object(object);
        let selection = self.reader.record(object, fields)?;
        // Only now is the cost known.
        self.spend(|spent| {
            spent.count(weight(&selection));
            spent.size.add(Extent::of_record(
                &self.session.catalog,
                &self.session.access,
                object.ix,
                &selection,
            ));
        });
        self.affordable()?;
        let key = vec![(FieldIx::ID, Value::Id(id))];
        self.found(Find { object: object.ix, what: What::One { key, selection } }).await
    }
}
