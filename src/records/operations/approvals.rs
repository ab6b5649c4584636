//! What is done with approvals: a record is submitted, decided on, given to another approver, taken back.

use async_trait::async_trait;
use uuid::Uuid;

use super::{
    Argument, ArgumentType, Command, ObjectsWith, Operation, ResultType,
    single_record::{ID, VERSION},
};
use crate::{
    access::Action,
    base::{Error, Result},
    catalog::{Object, ObjectIx, SUBMIT as VERB},
    records::{
        Outcome, Session,
        approvals::{self, Decision, Submitted},
        authorize::{self, LoadedRecord},
        conflict::{self, Meant},
        draft::current,
        faults,
        save::is_users,
    },
    storage::Tx,
};

/// The longest comment, in characters.
const LONGEST: usize = 1_000;

const TASK: Argument = Argument { name: "task", ty: ArgumentType::Id };
const COMMENT: Argument = Argument { name: "comment", ty: ArgumentType::Text };

fn decides(visible: crate::access::Visible<'_>, object: &Object) -> bool {
    object.approval_state().is_some() && visible.may(object, Action::Approve)
}

pub(super) static SUBMIT: Operation = Operation {
    verb: VERB,
    with: ObjectsWith::Submission,
    many: false,
    arguments: &[ID, COMMENT, VERSION],
    result: ResultType::Record,
    about: ("Submits a record of {object} for approval.", "提交一条{object}进行审批。"),
    open: |visible, object| object.is_submitted() && visible.may(object, Action::Edit),
    read: |object, mut given| {
        let expected = given.version(VERSION.name);
        let does = Does::Submit { id: given.id(ID.name)?, expected };
        command(object, does, given.text(COMMENT.name))
    },
};

pub(super) static DECIDE: Operation = Operation {
    verb: "decide",
    with: ObjectsWith::Approval,
    many: false,
    arguments: &[TASK, Argument { name: "decision", ty: ArgumentType::Decision }, COMMENT],
    result: ResultType::Decided,
    about: (
        "Decides on a task of an approval: {object}. `REJECT` ends it; `RETURN` gives the record back to be changed.",
        "处理一项审批任务：{object}。`REJECT` 为拒绝并结束，`RETURN` 为退回修改。",
    ),
    open: decides,
    read: |object, mut given| {
        let decision = given.decision("decision")?;
        let does = Does::Decide { task: given.id(TASK.name)?, decision };
        command(object, does, given.text(COMMENT.name))
    },
};

pub(super) static DELEGATE: Operation = Operation {
    verb: "delegate",
    with: ObjectsWith::Approval,
    many: false,
    arguments: &[TASK, Argument { name: "to", ty: ArgumentType::Id }, COMMENT],
    result: ResultType::Decided,
    about: (
        "Gives one's own task of an approval to another employee: {object}.",
        "将自己的审批任务转交给其他员工：{object}。",
    ),
    open: decides,
    read: |object, mut given| {
        let does = Does::Delegate { task: given.id(TASK.name)?, to: given.id("to")? };
        command(object, does, given.text(COMMENT.name))
    },
};

pub(super) static WITHDRAW: Operation = Operation {
    verb: "withdraw",
    with: ObjectsWith::Approval,
    many: false,
    arguments: &[ID, COMMENT],
    result: ResultType::Record,
    about: (
        "Takes a record back that waits for approval: {object}. For whoever submitted it, and administrators.",
        "撤回一条正在审批的{object}。仅限提交人和管理员。",
    ),
    open: |visible, object| object.approval_state().is_some() && visible.reads(object),
    read: |object, mut given| {
        let does = Does::Withdraw { id: given.id(ID.name)? };
        command(object, does, given.text(COMMENT.name))
    },
};

/// What is done.
#[derive(Debug, Clone, PartialEq)]
enum Does {
    Submit { id: Uuid, expected: Option<i64> },
    Decide { task: Uuid, decision: Decision },
    Delegate { task: Uuid, to: Uuid },
    Withdraw { id: Uuid },
}

#[derive(Debug, Clone)]
struct ApprovalCommand {
    object: ObjectIx,
    does: Does,
    comment: Option<String>,
}

fn command(
    object: &Object,
    does: Does,
    comment: Option<String>,
) -> Result<Box<dyn Command>, Vec<Error>> {
    let comment = comment.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    if comment.as_ref().is_some_and(|text| text.chars().count() > LONGEST) {
        return Err(vec![faults::long_comment(LONGEST).at([COMMENT.name])]);
    }
    Ok(Box::new(ApprovalCommand { object: object.ix, does, comment }))
}

#[async_trait]
impl Command for ApprovalCommand {
    fn object(&self) -> ObjectIx {
        self.object
    }

    async fn run(&self, session: &Session, tx: &Tx) -> Result<Outcome> {
        let object = session.catalog.object(self.object);
        match Box::pin(self.carry_out(session, tx, object)).await {
            Ok(Ok(record)) => Ok(Outcome::done(vec![(record, false)])),
            Ok(Err(faults)) => Ok(Outcome::refused(faults)),
            Err(error) if is_users(error.code) => Ok(Outcome::refused(vec![error])),
            Err(error) => Err(error),
        }
    }
}

impl ApprovalCommand {
    async fn carry_out(
        &self,
        session: &Session,
        tx: &Tx,
        object: &Object,
    ) -> Result<std::result::Result<Uuid, Vec<Error>>> {
        let comment = self.comment.as_deref();
        let by = |verb: &str| session.by_way_of(verb, object);
        match &self.does {
            Does::Submit { id, expected } => {
                self.submit(&by(VERB), tx, object, (*id, *expected)).await
            }
            Does::Decide { task, decision } => {
                approvals::decide(&by(DECIDE.verb), tx, object, *task, *decision, comment).await
            }
            Does::Delegate { task, to } => {
                approvals::delegate(&by(DELEGATE.verb), tx, object, *task, *to, comment).await
            }
            Does::Withdraw { id } => {
                approvals::withdraw(&by(WITHDRAW.verb), tx, object, *id, comment).await
            }
        }
    }

    /// Whoever may change a record submits it.
    async fn submit(
        &self,
        session: &Session,
        tx: &Tx,
        object: &Object,
        (id, expected): (Uuid, Option<i64>),
    ) -> Result<std::result::Result<Uuid, Vec<Error>>> {
        let read = session.access.row_rule(object, Action::Read);
        let known = current(session, tx, object, &[id], read).await?;
        for old in &known {
            if let Some(fault) = approvals::pending(object, old) {
                return Ok(Err(vec![fault.at(["id"])]));
            }
            let meant = Meant { expected, input: None };
            let stale = conflict::faults(session, tx, object, old, &meant).await?;
            if !stale.is_empty() {
                return Ok(Err(stale));
            }
        }
        let records: Vec<_> =
            known.iter().map(|old| LoadedRecord { id: old.id, values: &old.values }).collect();
        authorize::allowed(session, tx, object, &records, Action::Edit).await?;
        let submitted = Submitted { by: None, comment: self.comment.as_deref() };
        Ok(match approvals::begin(session, tx, object, id, submitted).await? {
            Ok(true) => Ok(id),
            Ok(false) => Err(vec![approvals::nothing_applies(object).at(["id"])]),
            Err(fault) => Err(vec![fault]),
        })
    }
}
