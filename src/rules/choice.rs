//! Which values of picklists can be chosen: none that is inactive, and of a dependent list those that go with the value
//! of the other field. What a record has already stays.

use super::{
    faults,
    record::{Checked, RuleContext, Values},
};
use crate::{
    base::Value,
    catalog::{Catalog, Field, FieldIx, Picklist, within},
};

/// Adds the faults of values that are chosen anew. `old` are the stored values; `None` for a new record.
pub fn check_choices(
    catalog: &Catalog,
    scope: &RuleContext<'_>,
    old: Option<&Values>,
    checked: &mut Checked,
) {
    let lists = scope.object.each_field().filter_map(|(ix, field)| {
        let list = field.ty.picklist()?;
        (field.writable() && !scope.unread.contains(&ix))
            .then(|| (ix, field, catalog.picklist(list)))
    });
    for (ix, field, list) in lists {
        choice(catalog, scope, old, (ix, field, list), checked);
    }
}

fn choice(
    catalog: &Catalog,
    scope: &RuleContext<'_>,
    old: Option<&Values>,
    (ix, field, list): (FieldIx, &Field, &Picklist),
    checked: &mut Checked,
) {
    let chosen = names(scope.values.get(&ix));
    let kept = names(old.and_then(|old| old.get(&ix)));
    let fresh = |name: &&str| !kept.contains(name);
    let title = catalog.title(scope.object, field);
    let values = |fresh: &dyn Fn(&&str) -> bool| -> Vec<_> {
        chosen.iter().filter(|name| fresh(name)).filter_map(|name| list.value(name)).collect()
    };
    if let Some(value) = values(&fresh).into_iter().find(|value| value.inactive) {
        let option = list.title(&value.name);
        checked.faults.push(faults::inactive_option(title, option).at([field.name.as_str()]));
        return;
    }
    let Some(on) = scope.object.depends_on(ix).filter(|on| !scope.unread.contains(on)) else {
        return;
    };
    let now = scope.values.get(&on).unwrap_or(&Value::Null);
    let moved = old.is_none_or(|old| old.get(&on).unwrap_or(&Value::Null) != now);
    let asked = values(&|name: &&str| moved || fresh(name));
    let goes = |under: &[String]| {
        under.is_empty() || now.as_text().is_some_and(|now| under.iter().any(|known| known == now))
    };
    let Some(value) = asked.into_iter().find(|value| !goes(&value.under)) else { return };
    let on = scope.object.field(on);
    let unseen = [on, field]
        .iter()
        .any(|field| scope.facts.unseen.contains(std::slice::from_ref(&field.name)));
    if unseen {
        checked.unseen |= !scope.trial;
        return;
    }
    let (option, on_title) = (list.title(&value.name), within(&catalog.title(scope.object, on)));
    let fault = faults::other_option(title, option, on_title);
    checked.faults.push(fault.at([field.name.as_str()]).about([on.name.clone()]));
}

/// The values of a dependent picklist that can be chosen in a record as it is. `None` for any other field, and where the
/// caller does not see what the values go by.
pub fn options(catalog: &Catalog, scope: &RuleContext<'_>, ix: FieldIx) -> Option<Vec<String>> {
    let list = catalog.picklist(scope.object.field(ix).ty.picklist()?);
    let on = scope.object.depends_on(ix).filter(|on| !scope.unread.contains(on))?;
    let name = &scope.object.field(on).name;
    if scope.facts.unseen.contains(std::slice::from_ref(name)) {
        return None;
    }
    let now = scope.values.get(&on).and_then(Value::as_text);
    let goes = |under: &[String]| {
        under.is_empty() || now.is_some_and(|now| under.iter().any(|known| known == now))
    };
    let open = list.values.iter().filter(|value| !value.inactive && goes(&value.under));
    Some(open.map(|value| value.name.clone()).collect())
}

/// The API names in a value: none, one or several.
fn names(value: Option<&Value>) -> Vec<&str> {
    match value {
        Some(Value::List(items)) => items.iter().filter_map(Value::as_text).collect(),
        Some(value) => value.as_text().into_iter().collect(),
        None => Vec::new(),
    }
}
