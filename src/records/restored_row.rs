//! Adapts a row of the recycle bin to the present definition of its object.

use super::{
    privileges,
    references::{self, Reference},
    stages::{RowDraft, Save},
};
use crate::{
    base::{Result, Value},
    catalog::FieldIx,
};

/// Removes what the present definition cannot keep, and notes the fields that are empty or new.
///
/// An optional reference to a missing record is cleared. A required one must exist and, if the row is
/// [asked](super::stages::Restored::asked), be visible, as in a create; both failures look the same. A
/// reference that equals the caller's own default is allowed even if they cannot see it.
pub(super) async fn to_definition(save: &Save<'_>, row: &mut RowDraft<'_>) -> Result<()> {
    let object = row.object;
    let asked = row.restored.as_ref().is_some_and(|restored| restored.asked);
    privileges::check(save.session, row);
    // Formulas are computed again.
    row.values.retain(|ix, _| object.field(*ix).formula.is_none());
    let named = object.each_field().filter(|(ix, _)| Some(*ix) != object.parent);
    let named: Vec<_> = named
        .filter_map(|(ix, field)| {
            let target = field.relation()?.target;
            let id = row.values.get(&ix)?.as_id()?;
            // A reference to itself is valid.
            if row.values.get(&FieldIx::ID)?.as_id() == Some(id) && target == object.ix {
                return None;
            }
            let path = vec![field.name.clone()];
            Some((ix, Reference { path, target, id, keyed: true }))
        })
        .collect();
    let all: Vec<_> = named.iter().map(|(_, reference)| reference).collect();
    let there = references::there(save, &all).await?;
    let seen = match asked {
        true => save.visible(&all).await?,
        false => there.clone(),
    };
    let mut missing = Vec::new();
    for ((ix, reference), (there, seen)) in named.iter().zip(there.into_iter().zip(seen)) {
        let field = object.field(*ix);
        let required = field.required && !field.system;
        if !required && !there {
            row.values.insert(*ix, Value::Null);
        } else if required && !seen {
            let own = save.default_of(row, *ix).await?;
            if !there || !matches!(own, Some(Ok(Value::Id(id))) if id == reference.id) {
                missing.push(row.placed(references::not_found(save.session, reference)));
            }
        }
    }
    row.blind = !missing.is_empty();
    row.faults.append(&mut missing);
    let touched = object.each_field().filter(|(ix, field)| {
        let empty = row.values.get(ix).is_none_or(Value::is_null);
        field.column.is_some() && field.formula.is_none() && empty
    });
    let touched = touched.map(|(ix, _)| ix).collect();
    if let Some(restored) = &mut row.restored {
        restored.touched = touched;
    }
    Ok(())
}
