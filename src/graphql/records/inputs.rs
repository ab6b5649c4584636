//! Parses inputs of creates and updates. Each fault gets its path.

use async_graphql::{Name, Value as Given};

use super::{
    argument_parts::{fields, id, items},
    expected_values::{self, bad},
    faults,
    groups::flat,
};
use crate::{
    base::{Code, Error, Result, Value},
    catalog::{Catalog, Field, FieldIx, FieldType, Object, ObjectIx},
    graphql::{limits::Limits, reader::Args, reply::one, tally::Tally},
    records::{Input, LineChange, MemberChange},
};

/// All faults of an input's values.
pub(super) type Faults = Vec<Error>;

/// Parses a create input from JSON, as a variable contains it.
pub fn create_input(catalog: &Catalog, object: &Object, json: serde_json::Value) -> Result<Input> {
    let value = Given::from_json(json).map_err(Error::internal)?;
    // Inputs never depend on the date.
    let (now, zone) = (chrono::DateTime::UNIX_EPOCH, chrono_tz::Tz::UTC);
    let today = now.date_naive();
    let (limits, tally) = (&Limits::default(), &Tally::default());
    let args = Args { catalog, limits, tally, today, zone, now, viewer: None, visible: None };
    args.input(object, &value).map_err(|faults| match faults.into_iter().next() {
        Some(fault) => fault,
        None => Error::internal("an input with no fault was refused"),
    })
}

impl Args<'_> {
    /// Parses a create or update input of an object. Unreadable values are returned in the input with their
    /// faults. Fails only if the value is no input object or exceeds a limit.
    pub(super) fn input(&self, object: &Object, value: &Given) -> Result<Input, Faults> {
        let mut input = Input::default();
        let given = flat(object, fields(value).map_err(one)?);
        for (name, value) in given.iter() {
            if *value == Given::Null && object.called(name).is_none() && object.leads_into(name) {
                let emptied = self.emptied(object, name).into_iter();
                input.values.extend(emptied.map(|ix| (ix, Value::Null)));
                continue;
            }
            let Some((ix, field)) = object.called(name) else { continue };
            let is = |(of, _): (FieldIx, &Field)| of == ix;
            let twice = |other: &Name| other != name && object.called(other).is_some_and(is);
            if name.as_str() != field.name && given.keys().any(twice) {
                let fault =
                    faults::given_by_both_names(name.as_str(), &field.name).at([name.as_str()]);
                input.unread.push((ix, vec![to_correct(fault)]));
                continue;
            }
            if let Err(found) = self.given(object, ix, value, &mut input) {
                let found = within(found, name);
                if found.iter().any(|fault| fault.code.is_limit()) {
                    return Err(found);
                }
                input.unread.push((ix, found.into_iter().map(to_correct).collect()));
            }
        }
        Ok(input)
    }

    pub(super) fn given(
        &self,
        object: &Object,
        ix: FieldIx,
        value: &Given,
        input: &mut Input,
    ) -> Result<(), Faults> {
        let field = object.field(ix);
        match (&field.ty, field.target()) {
            (FieldType::Union(_), _) => self.give_one_of(object, ix, value, input)?,
            (FieldType::Lines(lines), _) => {
                if !matches!(value, Given::Null) {
                    input.lines.push((ix, self.lines(lines.target, value)?));
                }
            }
            (FieldType::ManyToMany(_), _) => {
                if !matches!(value, Given::Null) {
                    let members = members(value).map_err(one)?;
                    let set = members.set.as_ref().map_or(0, Vec::len);
                    let count = members.add.len() + members.remove.len() + set;
                    self.tally.owned(count, self.limits).map_err(one)?;
                    input.members.push((ix, members));
                }
            }
            (FieldType::Relation(_), _) if matches!(value, Given::Null) => {
                input.values.push((ix, Value::Null));
            }
            (FieldType::Relation(_), Some(target)) => {
                let given = fields(value).map_err(one)?;
                match (given.get("id"), given.get("create")) {
                    (Some(named), None) => {
                        let id = id(named).map_err(|error| one(error.within("id")))?;
                        input.values.push((ix, Value::Id(id)));
                    }
                    (None, Some(made)) => {
                        self.tally.owned(1, self.limits).map_err(one)?;
                        let made = self.input(self.catalog.object(target), made);
                        input.nested.push((ix, made.map_err(|all| within(all, "create"))?));
                    }
                    _ => return Err(one(bad(expected_values::id_or_create()))),
                }
            }
            _ => input.values.push((ix, self.value(&field.ty, value).map_err(one)?)),
        }
        Ok(())
    }

    fn lines(&self, line: ObjectIx, value: &Given) -> Result<LineChange, Faults> {
        let object = self.catalog.object(line);
        let (mut change, mut faults) = (LineChange::default(), Faults::new());
        for (part, value) in fields(value).map_err(one)? {
            if matches!(value, Given::Null) {
                continue;
            }
            let items = items(value);
            let counted = self.tally.owned(items.len(), self.limits);
            counted.map_err(|error| one(error.within(part.as_str())))?;
            for (at, item) in items.into_iter().enumerate() {
                if let Err(found) = self.line(object, part, item, &mut change) {
                    let placed = within(found, &at.to_string());
                    faults.extend(within(placed, part.as_str()));
                }
            }
        }
        if faults.is_empty() { Ok(change) } else { Err(faults) }
    }

    fn line(
        &self,
        object: &Object,
        part: &str,
        item: &Given,
        change: &mut LineChange,
    ) -> Result<(), Faults> {
        match part {
            "create" => change.create.push(self.input(object, item)?),
            "delete" => change.delete.push(id(item).map_err(one)?),
            _ => {
                let given = fields(item).map_err(one)?;
                let line = id(given.get("id").unwrap_or(&Given::Null))
                    .map_err(|error| one(error.within("id")))?;
                let patch = given.get("patch").unwrap_or(&Given::Null);
                change.update.push((line, self.input(object, patch)?));
            }
        }
        Ok(())
    }
}

/// Makes an unreadable value a fault that the user can correct, like a value that does not fit.
pub(super) fn to_correct(fault: Error) -> Error {
    Error { code: Code::RecordValue, ..fault }
}

/// Adds a step to the start of the faults' paths.
pub(super) fn within(faults: Faults, step: &str) -> Faults {
    faults.into_iter().map(|fault| fault.within(step)).collect()
}

fn members(value: &Given) -> Result<MemberChange> {
    let mut change = MemberChange::default();
    for (part, value) in fields(value)? {
        if matches!(value, Given::Null) {
            continue;
        }
        let ids = items(value).into_iter().map(id).collect::<Result<Vec<_>>>();
        let ids = ids.map_err(|error| error.within(part.as_str()))?;
        match part.as_str() {
            "set" => change.set = Some(ids),
            "add" => change.add = ids,
            _ => change.remove = ids,
        }
    }
    Ok(change)
}
