//! `approvalInbox` and `approvals`: what waits for the caller's decision, and what was decided about a record.

use async_graphql::{
    Name, Value as Given,
    dynamic::{Enum, EnumItem, Object as Type, TypeRef},
    parser::types::Field as Asked,
};
use chrono::{DateTime, SecondsFormat};
use indexmap::IndexMap;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{
    argument_parts::id,
    describe::{arg, field},
    draft::SchemaDraft,
    execution::Run,
    needs::Need,
};
use crate::{
    access::Action,
    base::Result,
    catalog::Object,
    records::{
        ApprovalList, Hit, ToldApproval, ToldEntry, ToldStep, ToldTask, approvals_of, inbox,
        object_of,
    },
};

/// The root field with the caller's own tasks.
pub(super) const INBOX: &str = "approvalInbox";
/// The root field with the approvals of a record.
pub(super) const APPROVALS: &str = "approvals";
const LISTS: &str = "ApprovalList";
const LIST: &str = "ApprovalTaskList";
const TASK: &str = "ApprovalTask";
const APPROVAL: &str = "Approval";
const STEP: &str = "ApprovalStep";
const ENTRY: &str = "ApprovalEntry";
/// How many tasks are returned by default.
const FIRST: u32 = 20;

/// Adds the root fields and registers their types, which are there for everyone.
pub(super) fn register(draft: &mut SchemaDraft<'_>, query: Type) -> Type {
    let lists = Enum::new(LISTS).item(EnumItem::new("WAITING")).item(EnumItem::new("DECIDED"));
    draft.register(Need::Nothing, lists);
    for ty in [list(), task(), approval(), step(), entry()] {
        draft.register(Need::Nothing, ty);
    }
    let inbox = field(INBOX, TypeRef::named(LIST))
        .argument(arg("list", TypeRef::named(LISTS)))
        .argument(arg("first", TypeRef::named("Int")));
    let approvals = field(APPROVALS, TypeRef::named_nn_list(APPROVAL))
        .argument(arg("record", TypeRef::named_nn("ID")));
    query.field(inbox).field(approvals)
}

fn list() -> Type {
    Type::new(LIST)
        .field(field("totalCount", TypeRef::named_nn("Int")))
        .field(field("nodes", TypeRef::named_nn_list_nn(TASK)))
}

fn task() -> Type {
    Type::new(TASK)
        .field(field("id", TypeRef::named_nn("ID")))
        .field(field("approval", TypeRef::named_nn("ID")))
        .field(field("object", TypeRef::named_nn("String")))
        .field(field("label", TypeRef::named_nn("String")))
        .field(field("record", TypeRef::named_nn("ID")))
        .field(field("text", TypeRef::named("String")))
        .field(field("detail", TypeRef::named("String")))
        .field(field("code", TypeRef::named_nn("String")))
        .field(field("codeLabel", TypeRef::named_nn("String")))
        .field(field("step", TypeRef::named_nn("String")))
        .field(field("stepLabel", TypeRef::named_nn("String")))
        .field(field("round", TypeRef::named_nn("Int")))
        .field(field("state", TypeRef::named_nn("String")))
        .field(field("assignee", TypeRef::named("ID")))
        .field(field("assigneeName", TypeRef::named("String")))
        .field(field("mine", TypeRef::named_nn("Boolean")))
        .field(field("openedAt", TypeRef::named("DateTime")))
        .field(field("decidedAt", TypeRef::named("DateTime")))
        .field(field("decidedByName", TypeRef::named("String")))
        .field(field("comment", TypeRef::named("String")))
        .field(field("submittedByName", TypeRef::named("String")))
        .field(field("submittedAt", TypeRef::named_nn("DateTime")))
}

fn approval() -> Type {
    Type::new(APPROVAL)
        .field(field("id", TypeRef::named_nn("ID")))
        .field(field("code", TypeRef::named_nn("String")))
        .field(field("codeLabel", TypeRef::named_nn("String")))
        .field(field("state", TypeRef::named_nn("String")))
        .field(field("round", TypeRef::named_nn("Int")))
        .field(field("startedByName", TypeRef::named("String")))
        .field(field("startedAt", TypeRef::named_nn("DateTime")))
        .field(field("endedAt", TypeRef::named("DateTime")))
        .field(field("canWithdraw", TypeRef::named_nn("Boolean")))
        .field(field("steps", TypeRef::named_nn_list_nn(STEP)))
        .field(field("tasks", TypeRef::named_nn_list_nn(TASK)))
        .field(field("entries", TypeRef::named_nn_list_nn(ENTRY)))
}

fn step() -> Type {
    Type::new(STEP)
        .field(field("code", TypeRef::named_nn("String")))
        .field(field("label", TypeRef::named_nn("String")))
        .field(field("group", TypeRef::named("String")))
        .field(field("quorum", TypeRef::named_nn("String")))
        .field(field("state", TypeRef::named_nn("String")))
}

fn entry() -> Type {
    Type::new(ENTRY)
        .field(field("at", TypeRef::named_nn("DateTime")))
        .field(field("kind", TypeRef::named_nn("String")))
        .field(field("step", TypeRef::named("String")))
        .field(field("stepLabel", TypeRef::named("String")))
        .field(field("byName", TypeRef::named("String")))
        .field(field("onBehalfOfName", TypeRef::named("String")))
        .field(field("toName", TypeRef::named("String")))
        .field(field("comment", TypeRef::named("String")))
}

/// A parsed `approvalInbox`.
pub(super) struct InboxRequest<'r> {
    list: ApprovalList,
    size: usize,
    fields: Vec<&'r Asked>,
}

/// A parsed `approvals`.
pub(super) struct ApprovalsRequest<'r> {
    record: Option<Uuid>,
    fields: Vec<&'r Asked>,
}

impl<'r> Run<'r> {
    /// Parses `approvalInbox`.
    pub(super) fn inbox_request(
        &self,
        given: &IndexMap<Name, Given>,
        fields: &[&'r Asked],
    ) -> Result<InboxRequest<'r>> {
        let size = self.reader.args.page(given, FIRST)?.size as usize;
        let list = match given.get("list") {
            Some(Given::Enum(name)) if name == "DECIDED" => ApprovalList::Decided,
            Some(Given::String(name)) if name == "DECIDED" => ApprovalList::Decided,
            _ => ApprovalList::Waiting,
        };
        Ok(InboxRequest { list, size, fields: fields.to_vec() })
    }

    /// Parses `approvals`.
    pub(super) fn approvals_request(
        &self,
        given: &IndexMap<Name, Given>,
        fields: &[&'r Asked],
    ) -> ApprovalsRequest<'r> {
        // A text that is no id names no record.
        let record = id(given.get("record").unwrap_or(&Given::Null)).ok();
        ApprovalsRequest { record, fields: fields.to_vec() }
    }

    /// Answers `approvalInbox`: tasks on records that the caller may read now.
    pub(super) async fn approval_inbox(&self, asked: InboxRequest<'r>) -> Result<String> {
        let tasks = inbox(self.session, asked.list).await?;
        let visible = self.visible();
        let mut ids: IndexMap<&str, Vec<Uuid>> = IndexMap::new();
        for task in &tasks {
            let of = ids.entry(&task.object).or_default();
            if !of.contains(&task.record) {
                of.push(task.record);
            }
        }
        let apart = self.session.counted_apart();
        let mut found: IndexMap<Uuid, Hit> = IndexMap::new();
        for (name, ids) in &ids {
            let Some(object) = visible.catalog.named(name) else { continue };
            if !visible.reads(object) || !self.sees_approvals(object) {
                continue;
            }
            let read = self.picked(&apart, object, ids, None).await?;
            found.extend(read.into_iter().map(|hit| (hit.id, hit)));
        }
        let readable = tasks.iter().filter(|task| found.contains_key(&task.record));
        let readable: Vec<_> = readable.collect();
        let shown: Vec<_> = readable.iter().take(asked.size).copied().collect();
        let told: Vec<Uuid> = shown.iter().map(|task| task.record).collect();
        let left: Vec<_> = found.keys().copied().filter(|id| !told.contains(id)).collect();
        self.session.count_apart(&apart, &left);
        let answer = self.object(LIST, &asked.fields, |name, fields| match name {
            "totalCount" => json!(readable.len()),
            _ => {
                let told = |task: &&ToldTask| self.told_task(task, found.get(&task.record), fields);
                shown.iter().map(told).collect()
            }
        });
        Ok(answer.to_string())
    }

    /// Answers `approvals`; empty where there is no such record that the caller may read.
    pub(super) async fn record_approvals(&self, asked: ApprovalsRequest<'r>) -> Result<String> {
        let Some(record) = asked.record else { return Ok("[]".to_owned()) };
        let catalog = &self.session.catalog;
        let object = object_of(self.session, record).await?.map(|ix| catalog.object(ix));
        let told = |known: &&Object| {
            self.session.access.may(known, Action::Read) && self.sees_approvals(known)
        };
        let Some(object) = object.filter(told) else {
            return Ok("[]".to_owned());
        };
        let found = self.picked(self.session, object, &[record], None).await?;
        let Some(hit) = found.first() else { return Ok("[]".to_owned()) };
        let all = approvals_of(self.session, object, record).await?;
        let told = all.iter().map(|approval| self.told_approval(approval, hit, &asked.fields));
        Ok(Json::Array(told.collect()).to_string())
    }

    /// Whether the state of approvals is not hidden from the caller.
    fn sees_approvals(&self, object: &Object) -> bool {
        let state = object.approval_state();
        state.is_none_or(|state| self.session.access.field_rule(object.ix, state).is_none())
    }

    fn told_approval(&self, told: &ToldApproval, hit: &Hit, fields: &[&'r Asked]) -> Json {
        let lang = self.reader.lang;
        self.object(APPROVAL, fields, |name, fields| match name {
            "id" => json!(told.id),
            "code" => json!(told.code.0),
            "codeLabel" => json!(told.code.1.text(lang)),
            "state" => json!(told.state.as_ref()),
            "round" => json!(told.round),
            "startedByName" => json!(told.started_by),
            "startedAt" => json!(instant(told.started_at)),
            "endedAt" => json!(told.ended_at.map(instant)),
            "canWithdraw" => json!(told.can_withdraw),
            "steps" => told.steps.iter().map(|step| self.told_step(step, fields)).collect(),
            "tasks" => {
                told.tasks.iter().map(|task| self.told_task(task, Some(hit), fields)).collect()
            }
            _ => told.entries.iter().map(|entry| self.told_entry(entry, fields)).collect(),
        })
    }

    fn told_step(&self, told: &ToldStep, fields: &[&'r Asked]) -> Json {
        self.object(STEP, fields, |name, _| match name {
            "code" => json!(told.step.0),
            "label" => json!(told.step.1.text(self.reader.lang)),
            "group" => json!(told.group),
            "quorum" => json!(told.quorum),
            _ => json!(told.state),
        })
    }

    fn told_entry(&self, told: &ToldEntry, fields: &[&'r Asked]) -> Json {
        let step = told.step.as_ref();
        self.object(ENTRY, fields, |name, _| match name {
            "at" => json!(instant(told.at)),
            "kind" => json!(told.kind.as_ref()),
            "step" => json!(step.map(|(code, _)| code)),
            "stepLabel" => json!(step.map(|(_, label)| label.text(self.reader.lang))),
            "byName" => json!(told.by),
            "onBehalfOfName" => json!(told.behalf),
            "toName" => json!(told.to),
            _ => json!(told.comment),
        })
    }

    fn told_task(&self, told: &ToldTask, hit: Option<&Hit>, fields: &[&'r Asked]) -> Json {
        let lang = self.reader.lang;
        let object = || self.session.catalog.named(&told.object);
        self.object(TASK, fields, |name, _| match name {
            "id" => json!(told.id),
            "approval" => json!(told.approval),
            "object" => json!(told.object),
            "label" => {
                let title = object().map(|object| object.title().text(lang).to_owned());
                json!(title.unwrap_or_else(|| told.object.clone()))
            }
            "record" => json!(told.record),
            "text" => json!(hit.map(|hit| &hit.title)),
            "detail" => json!(hit.map(|hit| &hit.detail)),
            "code" => json!(told.code.0),
            "codeLabel" => json!(told.code.1.text(lang)),
            "step" => json!(told.step.0),
            "stepLabel" => json!(told.step.1.text(lang)),
            "round" => json!(told.round),
            "state" => json!(told.state.as_ref()),
            "assignee" => json!(told.assignee),
            "assigneeName" => json!(told.assignee_name),
            "mine" => json!(told.mine),
            "openedAt" => json!(told.opened_at.map(instant)),
            "decidedAt" => json!(told.decided_at.map(instant)),
            "decidedByName" => json!(told.decided_by),
            "comment" => json!(told.comment),
            "submittedByName" => json!(told.submitted_by),
            _ => json!(instant(told.submitted_at)),
        })
    }
}

fn instant(micros: i64) -> String {
    let at = DateTime::from_timestamp_micros(micros).unwrap_or_default();
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}
