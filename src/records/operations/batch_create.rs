//! Creates several records: all or none, or those that are not refused.

use async_trait::async_trait;

use super::{Argument, ArgumentType, Command, DESPITE, ObjectsWith, Operation, ResultType};
use crate::{
    access::Action,
    base::{Code, Error, Result},
    catalog::ObjectIx,
    records::{Change, Input, OnError, Op, Outcome, Session, bulk::carry_out_all},
    storage::Tx,
};

pub(super) static CREATE: Operation = Operation {
    verb: "create",
    with: ObjectsWith::Records,
    many: true,
    arguments: &[
        Argument { name: "inputs", ty: ArgumentType::Inputs },
        Argument { name: "onError", ty: ArgumentType::OnError },
        DESPITE,
    ],
    result: ResultType::Records,
    about: (
        "Makes several records, all or none; with `CONTINUE` those that are not refused: {object}. The path of a fault begins with the place of its input.",
        "新建多条{object}，要么全部成功要么全不写入；`CONTINUE` 时写入未被拒绝的。错误路径以输入的序号开头。",
    ),
    open: |visible, object| visible.may(object, Action::Create),
    read: |object, mut given| {
        let on = given.on_error("onError").unwrap_or(OnError::Abort);
        let despite = given.flag(DESPITE.name);
        let inputs = given.inputs("inputs")?.into_iter();
        let inputs = inputs.map(|input| input.map(|input| input.despite_duplicates(despite)));
        Ok(Box::new(CreateSeveral { object: object.ix, inputs: inputs.collect(), on }))
    },
};

/// A command to create several records.
#[derive(Debug)]
struct CreateSeveral {
    object: ObjectIx,
    /// The inputs in order. One that could not be read has its faults instead.
    inputs: Vec<Result<Input, Vec<Error>>>,
    on: OnError,
}

#[async_trait]
impl Command for CreateSeveral {
    fn object(&self) -> ObjectIx {
        self.object
    }

    /// An input that could not be read is refused like one that does not fit.
    async fn run(&self, session: &Session, tx: &Tx) -> Result<Outcome> {
        let object = session.catalog.object(self.object);
        let (mut changes, mut places, mut faults) = (Vec::new(), Vec::new(), Vec::new());
        for (at, input) in self.inputs.iter().enumerate() {
            match input {
                Ok(input) => {
                    changes.push(Change { object: object.ix, op: Op::Create(input.clone()) });
                    places.push(at);
                }
                Err(found) => faults.extend(found.iter().map(|fault| {
                    let fault = Error { code: Code::RecordValue, ..fault.clone() };
                    fault.within(at.to_string())
                })),
            }
        }
        if self.on == OnError::Abort && !faults.is_empty() {
            return Ok(Outcome::refused(faults));
        }
        let place = |at: usize| places.get(at).map(usize::to_string);
        let done = carry_out_all(session, tx, object, &changes, self.on, place).await?;
        if faults.is_empty() {
            return Ok(done);
        }
        let mut rows = vec![None; self.inputs.len()];
        for (at, row) in places.into_iter().zip(done.rows()) {
            rows[at] = row;
        }
        faults.extend_from_slice(done.faults());
        Ok(Outcome::of(rows, faults, done.seen()))
    }

    fn writes_others(&self) -> bool {
        self.inputs.iter().flatten().any(|input| input.depth() > 0)
    }

    fn only_creates(&self) -> bool {
        true
    }

    fn most(&self) -> u64 {
        u64::try_from(self.inputs.len()).unwrap_or(u64::MAX)
    }
}
