//! Parses the arguments of a mutation's root field into a command.

use async_graphql::{Value as Given, parser::types::Field as Asked};
use uuid::Uuid;

use super::{
    argument_parts::id,
    faults,
    inputs::Faults,
    mutations::{ALL, KEY},
    named_mutations::NamedMutation,
};
use crate::{
    base::{Error, Result},
    catalog::Object,
    graphql::{reader::SelectionReader, reply::one as one_fault},
    query::render::quoted,
    records::{
        ACTION, Argument, ArgumentType, ArgumentValue, Arguments, Command, Input, MOVE, OnError,
        Once, Operation, Take,
    },
};

/// The longest idempotency key, in bytes.
const LONGEST: usize = 255;

impl SelectionReader<'_> {
    /// Makes the command of a root field. Faults are the caller's to correct, unless they are about a limit.
    pub(super) fn command(
        &self,
        (operation, named): (&Operation, Option<NamedMutation>),
        object: &Object,
        field: &Asked,
    ) -> Result<Box<dyn Command>, Faults> {
        let given = self.arguments(field);
        self.args.tally.writes();
        let (mut arguments, mut faults) = (Arguments::default(), Vec::new());
        let action = named.and_then(|named| named.action(object));
        for argument in operation.arguments {
            let value = given.get(argument.name).unwrap_or(&Given::Null);
            let everything = given.get(ALL) == Some(&Given::Boolean(true));
            let of = match (argument.ty, action) {
                (ArgumentType::ActionInput, Some(action)) => &action.input,
                _ => object,
            };
            match self.argument(of, argument, value, everything) {
                Ok(Some(value)) => arguments.put(argument.name, value),
                Ok(None) => {}
                Err(found) => faults.extend(found),
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        match named {
            Some(NamedMutation::Move(at)) => arguments.put(MOVE, ArgumentValue::Step(at)),
            Some(NamedMutation::Action(at)) => arguments.put(ACTION, ArgumentValue::Step(at)),
            None => {}
        }
        (operation.read)(object, arguments)
    }

    /// Reads an argument by its type. None for an optional one that is not given.
    fn argument(
        &self,
        object: &Object,
        argument: &Argument,
        value: &Given,
        everything: bool,
    ) -> Result<Option<ArgumentValue>, Faults> {
        let name = argument.name;
        let within = |error: Error| one_fault(error.within(name));
        Ok(Some(match (argument.ty, value) {
            (ArgumentType::Id, value) => ArgumentValue::Id(id(value).map_err(within)?),
            (ArgumentType::Ids, value) => ArgumentValue::Ids(ids(value, name)?),
            (ArgumentType::Version, Given::Number(version)) => {
                ArgumentValue::Version(version.as_i64().unwrap_or(-1))
            }
            (ArgumentType::Filter, value) => {
                let filter = self.args.chosen(object.ix, value, everything);
                ArgumentValue::Filter(filter.map_err(within)?)
            }
            (ArgumentType::MoveInput | ArgumentType::ActionInput, Given::Null) => return Ok(None),
            (
                ArgumentType::Patch
                | ArgumentType::Input
                | ArgumentType::MoveInput
                | ArgumentType::ActionInput,
                value,
            ) => ArgumentValue::Input(self.args.input(object, value)?),
            (ArgumentType::Inputs, value) => ArgumentValue::Inputs(self.inputs(object, value)?),
            (ArgumentType::Key, value) => {
                let named = text(value).and_then(|name| object.called(name));
                let unknown = || Error::internal(format!("`{}` has no such key", object.name));
                ArgumentValue::Key(named.ok_or_else(unknown).map_err(one_fault)?.0)
            }
            (ArgumentType::OnError, value) if text(value) == Some("CONTINUE") => {
                ArgumentValue::OnError(OnError::Continue)
            }
            (ArgumentType::AtMost, value) => ArgumentValue::AtMost(self.at_most(value)?),
            (ArgumentType::Flag, value) => ArgumentValue::Flag(*value == Given::Boolean(true)),
            (ArgumentType::Text, value) => match text(value) {
                Some(text) => ArgumentValue::Text(text.to_owned()),
                None => return Ok(None),
            },
            (ArgumentType::Decision, value) => {
                let decision = text(value).and_then(|name| name.parse().ok());
                let unknown = || one_fault(Error::internal("a decision that there is not"));
                ArgumentValue::Decision(decision.ok_or_else(unknown)?)
            }
            (ArgumentType::Takes, Given::Null) => return Ok(None),
            (ArgumentType::Takes, value) => ArgumentValue::Takes(takes(value, name)?),
            (ArgumentType::Version | ArgumentType::OnError, _) => return Ok(None),
        }))
    }

    /// Reads new records. One that cannot be read is refused with its place.
    fn inputs(&self, object: &Object, value: &Given) -> Result<Vec<Result<Input, Faults>>, Faults> {
        let inputs = list(value);
        let most = self.args.limits.bulk;
        if u32::try_from(inputs.len()).is_ok_and(|count| count <= most) {
            let inputs: Vec<_> =
                inputs.iter().map(|input| self.args.input(object, input)).collect();
            let faults = inputs.iter().filter_map(|input| input.as_ref().err()).flatten();
            let mut limits = faults.filter(|fault| fault.code.is_limit());
            return match limits.next() {
                Some(limit) => Err(one_fault(limit.clone())),
                None => Ok(inputs),
            };
        }
        Err(one_fault(faults::many_inputs(most).at(["inputs"])))
    }

    fn at_most(&self, value: &Given) -> Result<u32, Faults> {
        let most = self.args.limits.bulk;
        let given = match value {
            Given::Number(number) => number.as_u64().and_then(|most| u32::try_from(most).ok()),
            _ => None,
        };
        let at_most = given
            .filter(|asked| (1..=most).contains(asked))
            .ok_or_else(|| one_fault(faults::bad_at_most(most).at(["atMost"])))?;
        self.args.tally.for_each(at_most, self.args.limits).map_err(one_fault)?;
        Ok(at_most)
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
                return Err(faults::bad_idempotency_key(LONGEST).at([KEY]));
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
}

/// The name of an enum's value, however it was sent.
fn text(value: &Given) -> Option<&str> {
    match value {
        Given::Enum(name) => Some(name.as_str()),
        Given::String(name) => Some(name.as_str()),
        _ => None,
    }
}

/// A list, or a single value in place of one.
fn list(value: &Given) -> &[Given] {
    match value {
        Given::List(items) => items.as_slice(),
        single => std::slice::from_ref(single),
    }
}

fn ids(value: &Given, name: &str) -> Result<Vec<Uuid>, Faults> {
    let each = list(value).iter().enumerate();
    let placed = |(at, value): (usize, &Given)| {
        id(value).map_err(|error| one_fault(error.within(at.to_string()).within(name)))
    };
    each.map(placed).collect()
}

fn takes(value: &Given, name: &str) -> Result<Vec<Take>, Faults> {
    let each = list(value).iter().enumerate().map(|(at, value)| {
        let Given::Object(parts) = value else {
            return Err(one_fault(Error::internal("a value to take that is no object")));
        };
        let from = id(parts.get("from").unwrap_or(&Given::Null));
        let placed =
            |error: Error| one_fault(error.within("from").within(at.to_string()).within(name));
        let field = parts.get("field").and_then(text).unwrap_or_default().to_owned();
        Ok(Take { field, from: from.map_err(placed)? })
    });
    each.collect()
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
