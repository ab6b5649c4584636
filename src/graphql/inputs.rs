//! Inputs of mutations to what records shall become, with paths in every complaint.

use async_graphql::Value as Given;

use super::args::{Args, bad, fields, id, items};
use crate::{
    base::{Error, Result, Value},
    catalog::{Field, FieldIx, FieldType, Object, ObjectIx},
    records::{Input, LineChange, MemberChange},
};

impl Args<'_> {
    /// A create or update input of an object.
    pub(super) fn input(&self, object: &Object, value: &Given) -> Result<Input> {
        let mut input = Input::default();
        for (name, value) in fields(value)? {
            let Some((ix, field)) = object.named(name) else { continue };
            self.given(object, ix, field, value, &mut input)
                .map_err(|e| e.within(name.as_str()))?;
        }
        Ok(input)
    }

    fn given(
        &self,
        _object: &Object,
        ix: FieldIx,
        field: &Field,
        value: &Given,
        input: &mut Input,
    ) -> Result<()> {
        match (&field.ty, field.target()) {
            (FieldType::Lines(lines), _) => {
                if !matches!(value, Given::Null) {
                    input.lines.push((ix, self.lines(lines.target, value)?));
                }
            }
            (FieldType::ManyToMany(_), _) => {
                if !matches!(value, Given::Null) {
                    let members = members(value)?;
                    let set = members.set.as_ref().map_or(0, Vec::len);
                    let count = members.add.len() + members.remove.len() + set;
                    self.tally.owned(count, self.limits)?;
                    input.members.push((ix, members));
                }
            }
            (FieldType::Relation(_), _) if matches!(value, Given::Null) => {
                input.values.push((ix, Value::Null));
            }
            (FieldType::Relation(_), Some(target)) => {
                let given = fields(value)?;
                match (given.get("id"), given.get("create")) {
                    (Some(named), None) => {
                        let id = id(named).map_err(|error| error.within("id"))?;
                        input.values.push((ix, Value::Id(id)));
                    }
                    (None, Some(made)) => {
                        self.tally.owned(1, self.limits)?;
                        let made = self.input(self.catalog.object(target), made);
                        input.nested.push((ix, made.map_err(|error| error.within("create"))?));
                    }
                    _ => return Err(bad("exactly one of `id` and `create`")),
                }
            }
            _ => input.values.push((ix, self.value(&field.ty, value)?)),
        }
        Ok(())
    }

    fn lines(&self, line: ObjectIx, value: &Given) -> Result<LineChange> {
        let object = self.catalog.object(line);
        let mut change = LineChange::default();
        for (part, value) in fields(value)? {
            if matches!(value, Given::Null) {
                continue;
            }
            let items = items(value);
            self.tally.owned(items.len(), self.limits).map_err(|e| e.within(part.as_str()))?;
            for (at, item) in items.into_iter().enumerate() {
                let placed = |error: Error| error.within(at.to_string()).within(part.as_str());
                match part.as_str() {
                    "create" => change.create.push(self.input(object, item).map_err(placed)?),
                    "delete" => change.delete.push(id(item).map_err(placed)?),
                    _ => {
                        let given = fields(item).map_err(placed)?;
                        let line = id(given.get("id").unwrap_or(&Given::Null))
                            .map_err(|error| placed(error.within("id")))?;
                        let patch = given.get("patch").unwrap_or(&Given::Null);
                        change.update.push((line, self.input(object, patch).map_err(placed)?));
                    }
                }
            }
        }
        Ok(change)
    }
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
