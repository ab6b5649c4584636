//! Creates, updates or deletes one record.

use async_trait::async_trait;

use super::{Argument, ArgumentType, Command, DESPITE, ObjectsWith, Operation, ResultType};
use crate::{
    access::Action,
    base::Result,
    catalog::ObjectIx,
    records::{Change, OnError, Op, Outcome, Session, bulk::carry_out_all},
    storage::Tx,
};

pub(super) const ID: Argument = Argument { name: "id", ty: ArgumentType::Id };
pub(super) const VERSION: Argument =
    Argument { name: "expectedVersion", ty: ArgumentType::Version };

pub(super) static CREATE: Operation = Operation {
    verb: "create",
    with: ObjectsWith::Records,
    many: false,
    arguments: &[Argument { name: "input", ty: ArgumentType::Input }, DESPITE],
    result: ResultType::Record,
    about: ("Makes a record: {object}.", "新建{object}。"),
    open: |visible, object| visible.may(object, Action::Create),
    read: |object, mut given| {
        let despite = given.flag(DESPITE.name);
        let op = Op::Create(given.input("input")?.despite_duplicates(despite));
        Ok(Box::new(Change { object: object.ix, op }))
    },
};

pub(super) static UPDATE: Operation = Operation {
    verb: "update",
    with: ObjectsWith::Records,
    many: false,
    arguments: &[ID, Argument { name: "patch", ty: ArgumentType::Patch }, VERSION, DESPITE],
    result: ResultType::Record,
    about: ("Changes one record: {object}.", "修改一条{object}。"),
    open: |visible, object| visible.may(object, Action::Edit),
    read: |object, mut given| {
        let (id, despite) = (given.id("id")?, given.flag(DESPITE.name));
        let patch = given.input("patch")?.despite_duplicates(despite);
        let op = Op::Update { id, patch, expected: given.version("expectedVersion") };
        Ok(Box::new(Change { object: object.ix, op }))
    },
};

pub(super) static DELETE: Operation = Operation {
    verb: "delete",
    with: ObjectsWith::Records,
    many: false,
    arguments: &[ID, VERSION],
    result: ResultType::Deleted,
    about: (
        "Removes one record: {object}. It goes to the recycle bin.",
        "删除一条{object}，移入回收站。",
    ),
    open: |visible, object| visible.may(object, Action::Delete),
    read: |object, mut given| {
        let op = Op::Delete { id: given.id("id")?, expected: given.version("expectedVersion") };
        Ok(Box::new(Change { object: object.ix, op }))
    },
};

#[async_trait]
impl Command for Change {
    fn object(&self) -> ObjectIx {
        self.object
    }

    async fn run(&self, session: &Session, tx: &Tx) -> Result<Outcome> {
        let (object, change) = (session.catalog.object(self.object), std::slice::from_ref(self));
        carry_out_all(session, tx, object, change, OnError::Abort, |_| None).await
    }

    fn writes_others(&self) -> bool {
        match &self.op {
            Op::Create(input) | Op::Update { patch: input, .. } => input.depth() > 0,
            Op::Delete { .. } => false,
        }
    }

    fn only_creates(&self) -> bool {
        matches!(self.op, Op::Create(_))
    }

    fn deletes(&self) -> bool {
        matches!(self.op, Op::Delete { .. })
    }

    fn change(&self) -> Option<&Change> {
        Some(self)
    }
}
