//! Arguments of a mutation's root field to the wish they express.

use async_graphql::{Name, Value as Given, parser::types::Field as Asked};
use indexmap::IndexMap;

use super::{args::id, mutations::Verb, select::Reader};
use crate::{
    base::{Code, Error, Result},
    catalog::Object,
    records::{Change, Matching, OnError, Op, Reassign, Verb as Done, Wish},
};

/// The arguments of one root field.
struct Arguments(IndexMap<Name, Given>);

impl Arguments {
    fn get(&self, name: &str) -> &Given {
        self.0.get(name).unwrap_or(&Given::Null)
    }

    fn id(&self, name: &str) -> Result<uuid::Uuid> {
        id(self.get(name)).map_err(|error| error.within(name))
    }

    fn truth(&self, name: &str) -> bool {
        *self.get(name) == Given::Boolean(true)
    }

    fn number(&self, name: &str) -> Option<i64> {
        match self.get(name) {
            Given::Number(number) => number.as_i64(),
            _ => None,
        }
    }
}

impl Reader<'_> {
    /// What a root field wishes. An error is the user's to correct, unless it is about a limit.
    pub(super) fn wish(&self, verb: Verb, object: &Object, field: &Asked) -> Result<Wish> {
        let given = Arguments(self.arguments(field));
        let one = |op: Op| Wish::One(Change { object: object.ix, op });
        let expected = given.number("expectedVersion");
        let patch = || self.args.input(object, given.get("patch"));
        Ok(match verb {
            Verb::Create => one(Op::Create(self.args.input(object, given.get("input"))?)),
            Verb::Update => one(Op::Update { id: given.id("id")?, patch: patch()?, expected }),
            Verb::Delete => one(Op::Delete { id: given.id("id")?, expected }),
            Verb::CreateMany => self.creates(object, &given)?,
            Verb::UpdateMany => self.matching(object, &given, Done::Update(patch()?))?,
            Verb::DeleteMany => self.matching(object, &given, Done::Delete)?,
            Verb::Reassign => {
                let to = given.id("to")?;
                let keep_former = given.truth("keepFormer");
                self.matching(object, &given, Done::Reassign(Reassign { to, keep_former }))?
            }
        })
    }

    fn creates(&self, object: &Object, given: &Arguments) -> Result<Wish> {
        let inputs = match given.get("inputs") {
            Given::List(inputs) => inputs.as_slice(),
            single => std::slice::from_ref(single),
        };
        let most = self.args.limits.bulk;
        if u32::try_from(inputs.len()).is_ok_and(|count| count <= most) {
            let on = match given.get("onError") {
                Given::Enum(on) if on == "CONTINUE" => OnError::Continue,
                Given::String(on) if on == "CONTINUE" => OnError::Continue,
                _ => OnError::Abort,
            };
            let inputs = inputs.iter().map(|input| self.args.input(object, input)).collect();
            return Ok(Wish::Create { object: object.ix, inputs, on });
        }
        Err(Error::new(
            Code::LimitPage,
            format!("at most {most} records are made at once"),
            format!("一次最多可新建 {most} 条记录"),
        )
        .at(["inputs"])
        .hint("send them in several requests", "请分多次请求"))
    }

    fn matching(&self, object: &Object, given: &Arguments, verb: Done) -> Result<Wish> {
        let filter = self.args.filter(object.ix, given.get("filter"));
        let most = self.args.limits.bulk;
        let at_most = given.number("atMost").and_then(|most| u32::try_from(most).ok());
        let at_most = at_most.filter(|asked| (1..=most).contains(asked)).ok_or_else(|| {
            Error::new(
                Code::RecordValue,
                format!("give a number from 1 to {most}"),
                format!("请填写 1 到 {most} 之间的数"),
            )
            .at(["atMost"])
        })?;
        Ok(Wish::Matching(Matching {
            object: object.ix,
            filter: filter.map_err(|error| error.within("filter"))?,
            verb,
            at_most,
            trial: given.truth("dryRun"),
        }))
    }
}
