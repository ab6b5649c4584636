//! Arguments of operations: their types, and their values once they are read.

use std::collections::HashMap;

use uuid::Uuid;

use super::{super::bulk::OnError, merge::Take};
use crate::{
    base::{Error, Result},
    catalog::FieldIx,
    query::Filter,
    records::{Decision, Input},
};

/// An argument of an operation.
#[derive(Debug, Clone, Copy)]
pub struct Argument {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub ty: ArgumentType,
}

/// The type of an argument. An optional one may be left out or be null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArgumentType {
    /// The id of a record.
    Id,
    /// Ids of records.
    Ids,
    /// The version that the record must have; optional.
    Version,
    /// A filter of records.
    Filter,
    /// Changes of a record.
    Patch,
    /// A new record.
    Input,
    /// New records.
    Inputs,
    /// The name of a unique field.
    Key,
    /// What happens to the others if one is refused; optional.
    OnError,
    /// Most records it may touch.
    AtMost,
    /// Yes or no; optional.
    Flag,
    /// Fields whose values are taken from other records; optional.
    Takes,
    /// What a move asks for.
    MoveInput,
    /// What an action asks for.
    ActionInput,
    /// A text; optional.
    Text,
    /// A decision on a task of an approval.
    Decision,
}

/// The value of an argument.
#[derive(Debug, Clone)]
pub enum ArgumentValue {
    /// See [`ArgumentType::Id`].
    Id(Uuid),
    /// See [`ArgumentType::Ids`].
    Ids(Vec<Uuid>),
    /// See [`ArgumentType::Version`].
    Version(i64),
    /// See [`ArgumentType::Filter`].
    Filter(Filter),
    /// A new record, or changes of one.
    Input(Input),
    /// New records. One that could not be read has its faults instead.
    Inputs(Vec<Result<Input, Vec<Error>>>),
    /// See [`ArgumentType::Key`].
    Key(FieldIx),
    /// See [`ArgumentType::OnError`].
    OnError(OnError),
    /// See [`ArgumentType::AtMost`].
    AtMost(u32),
    /// See [`ArgumentType::Flag`].
    Flag(bool),
    /// See [`ArgumentType::Takes`].
    Takes(Vec<Take>),
    /// See [`ArgumentType::Text`].
    Text(String),
    /// See [`ArgumentType::Decision`].
    Decision(Decision),
    /// The index of a move in its flow, or of an action among those of its object.
    Step(usize),
}

/// The arguments of one call, by name.
#[derive(Debug, Default)]
pub struct Arguments(HashMap<&'static str, ArgumentValue>);

/// Takes a value of one kind out of the arguments.
macro_rules! takes {
    ($($(#[$doc:meta])* $name:ident $kind:ident $ty:ty;)*) => {
        impl Arguments {
            $($(#[$doc])*
            pub(super) fn $name(&mut self, name: &str) -> Option<$ty> {
                match self.0.remove(name) {
                    Some(ArgumentValue::$kind(value)) => Some(value),
                    _ => None,
                }
            })*
        }
    };
}

takes! {
    /// The ids, if they are given.
    ids Ids Vec<Uuid>;
    /// The version, if one is given.
    version Version i64;
    /// What happens to the others, if that is given.
    on_error OnError OnError;
    /// The values to take, if any are given.
    takes Takes Vec<Take>;
    /// The text, if one is given.
    text Text String;
    optional_decision Decision Decision;
    optional_id Id Uuid;
    optional_filter Filter Filter;
    optional_input Input Input;
    optional_inputs Inputs Vec<Result<Input, Vec<Error>>>;
    optional_key Key FieldIx;
    optional_most AtMost u32;
    optional_flag Flag bool;
    optional_step Step usize;
}

/// The schema requires the argument, so that only the program can leave it out.
fn required<T>(name: &str, value: Option<T>) -> Result<T, Vec<Error>> {
    value.ok_or_else(|| vec![Error::internal(format!("the argument `{name}` was not read"))])
}

impl Arguments {
    /// Adds an argument.
    pub fn put(&mut self, name: &'static str, value: ArgumentValue) {
        self.0.insert(name, value);
    }

    pub(super) fn id(&mut self, name: &str) -> Result<Uuid, Vec<Error>> {
        let value = self.optional_id(name);
        required(name, value)
    }

    pub(super) fn filter(&mut self, name: &str) -> Result<Filter, Vec<Error>> {
        let value = self.optional_filter(name);
        required(name, value)
    }

    pub(super) fn input(&mut self, name: &str) -> Result<Input, Vec<Error>> {
        let value = self.optional_input(name);
        required(name, value)
    }

    pub(super) fn inputs(
        &mut self,
        name: &str,
    ) -> Result<Vec<Result<Input, Vec<Error>>>, Vec<Error>> {
        let value = self.optional_inputs(name);
        required(name, value)
    }

    pub(super) fn key(&mut self, name: &str) -> Result<FieldIx, Vec<Error>> {
        let value = self.optional_key(name);
        required(name, value)
    }

    pub(super) fn at_most(&mut self) -> Result<u32, Vec<Error>> {
        let value = self.optional_most("atMost");
        required("atMost", value)
    }

    pub(super) fn step(&mut self, name: &str) -> Result<usize, Vec<Error>> {
        let value = self.optional_step(name);
        required(name, value)
    }

    pub(super) fn decision(&mut self, name: &str) -> Result<Decision, Vec<Error>> {
        let value = self.optional_decision(name);
        required(name, value)
    }

    pub(super) fn flag(&mut self, name: &str) -> bool {
        self.optional_flag(name).unwrap_or_default()
    }
}
