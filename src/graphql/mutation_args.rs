//! Parses the arguments of a mutation's root field into a command.

use async_graphql::{Name, Value as Given, parser::types::Field as Asked};
use indexmap::IndexMap;

use super::{
    args::id,
    inputs::Faults,
    mutations::{ALL, KEY, Verb},
    records::one as one_fault,
    select::Reader,
};
use crate::{
    base::{Code, Error, Result},
    catalog::Object,
    query::render::quoted,
    records::{Change, Matching, OnError, Once, Op, Reassign, Restore, Upsert, Verb as Done, Wish},
};

/// The longest idempotency key, in bytes.
const LONGEST: usize = 255;

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
    /// Parses the command of a root field. Faults are the user's, except those of limits.
    pub(super) fn wish(&self, verb: Verb, object: &Object, field: &Asked) -> Result<Wish, Faults> {
        let given = Arguments(self.arguments(field));
        self.args.tally.writes();
        let one = |op: Op| Wish::One(Change { object: object.ix, op });
        let expected = given.number("expectedVersion");
        let patch = || self.args.input(object, given.get("patch"));
        let id = |name: &str| given.id(name).map_err(one_fault);
        Ok(match verb {
            Verb::Upsert => self.upsert(object, &given)?,
            Verb::Restore => Wish::Restore(Restore { object: object.ix, id: id("id")? }),
            Verb::Create => one(Op::Create(self.args.input(object, given.get("input"))?)),
            Verb::Update => one(Op::Update { id: id("id")?, patch: patch()?, expected }),
            Verb::Delete => one(Op::Delete { id: id("id")?, expected }),
            Verb::CreateMany => self.creates(object, &given)?,
            Verb::UpdateMany => {
                // A fault of the patch belongs to none of the records.
                let patch = patch()?;
                let misread = patch.misread(self.args.catalog, object);
                if !misread.is_empty() {
                    return Err(misread);
                }
                self.matching(object, &given, Done::Update(patch)).map_err(one_fault)?
            }
            Verb::DeleteMany => self.matching(object, &given, Done::Delete).map_err(one_fault)?,
            Verb::Reassign => {
                let to = id("to")?;
                let keep_former = given.truth("keepFormer");
                let all = Done::Reassign(Reassign { to, keep_former });
                self.matching(object, &given, all).map_err(one_fault)?
            }
        })
    }

    /// Returns the idempotency key of a root field, with the request in a canonical form.
    pub(super) fn once(&self, field: &Asked) -> Result<Option<Once>> {
        if !field.arguments.iter().any(|(name, _)| name.node == KEY) {
            return Ok(None);
        }
        let given = self.arguments(field);
        let key = match given.get(KEY) {
            None | Some(Given::Null) => return Ok(None),
            Some(Given::String(key))
                if (1..=LONGEST).contains(&key.len()) && !key.contains('\0') =>
            {
                key.clone()
            }
            Some(_) => {
                return Err(Error::new(
                    Code::RecordValue,
                    format!("a key has from 1 to {LONGEST} bytes, and no U+0000"),
                    format!("幂等键的长度为 1 到 {LONGEST} 字节"),
                )
                .at([KEY]));
            }
        };
        let mut request = field.name.node.to_string();
        let mut arguments: Vec<_> = given
            .iter()
            .filter(|(name, value)| *name != KEY && !matches!(value, Given::Null))
            .collect();
        arguments.sort_by_key(|(name, _)| name.as_str());
        for (name, value) in arguments {
            request.push('\n');
            request.push_str(name);
            spell(value, &mut request);
        }
        Ok(Some(Once { key, request }))
    }

    fn upsert(&self, object: &Object, given: &Arguments) -> Result<Wish, Faults> {
        let by = match given.get("by") {
            Given::Enum(name) => name.as_str(),
            Given::String(name) => name.as_str(),
            _ => "",
        };
        let (key, _) = object
            .named(by)
            .ok_or_else(|| Error::internal(format!("`{}` has no key `{by}`", object.name)))
            .map_err(one_fault)?;
        let input = self.args.input(object, given.get("input"))?;
        if input.unread.iter().any(|(ix, _)| *ix == key) {
            return Err(input.misread(self.args.catalog, object));
        }
        Ok(Wish::Upsert(Upsert { object: object.ix, key, input }))
    }

    fn creates(&self, object: &Object, given: &Arguments) -> Result<Wish, Faults> {
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
            let inputs: Vec<_> =
                inputs.iter().map(|input| self.args.input(object, input)).collect();
            let faults = inputs.iter().filter_map(|input| input.as_ref().err()).flatten();
            let mut limits = faults.filter(|fault| fault.code.is_limit());
            if let Some(limit) = limits.next() {
                return Err(one_fault(limit.clone()));
            }
            return Ok(Wish::Create { object: object.ix, inputs, on });
        }
        Err(one_fault(
            Error::new(
                Code::LimitPage,
                format!("at most {most} records are made at once"),
                format!("一次最多可新建 {most} 条记录"),
            )
            .at(["inputs"])
            .hint("send them in several requests", "请分多次请求"),
        ))
    }

    fn matching(&self, object: &Object, given: &Arguments, verb: Done) -> Result<Wish> {
        let filter = self.args.chosen(object.ix, given.get("filter"), given.truth(ALL));
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
        self.args.tally.for_each(at_most, self.args.limits)?;
        Ok(Wish::Matching(Matching {
            object: object.ix,
            filter: filter.map_err(|error| error.within("filter"))?,
            verb,
            at_most,
            trial: given.truth("dryRun"),
        }))
    }
}

/// Writes a value in canonical form: enum names as texts, fields sorted.
fn spell(value: &Given, out: &mut String) {
    match value {
        Given::List(items) => {
            out.push('[');
            for item in items {
                spell(item, out);
                out.push(',');
            }
            out.push(']');
        }
        Given::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(name, _)| name.as_str());
            out.push('{');
            for (name, value) in fields {
                out.push_str(name);
                out.push(':');
                spell(value, out);
                out.push(',');
            }
            out.push('}');
        }
        Given::Enum(name) => quoted(name, out),
        Given::String(text) => quoted(text, out),
        other => out.push_str(&other.to_string()),
    }
}
