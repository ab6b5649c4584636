//! Compares two versions of the catalog, and says how risky each difference is.
//!
//! Owns the comparison; `sql::ddl` turns the changes into statements.

use super::{
    change::{CatalogChange, ChangeKind, Risk},
    control,
    conversion::Conversion,
    field::Field,
    field_type::{FieldType, TextForm, Unit},
    ids::{FieldIx, ObjectIx},
    messages,
    number::NumberFormat,
    object::{Index, Object, Unique},
    retired::Retired,
    snapshot::{Catalog, Picklist, PicklistValue},
};
use crate::base::Message;

/// All differences from `old` to `new`, in an order in which they can be applied.
pub fn diff(old: &Catalog, new: &Catalog) -> Vec<CatalogChange> {
    diff_beside(old, new, &Retired::default())
}

/// Like [`diff`], beside what is retired: what takes a retired name again is compared with what had it.
pub fn diff_beside(old: &Catalog, new: &Catalog, retired: &Retired) -> Vec<CatalogChange> {
    let mut changes = Vec::new();
    picklists(old, new, &mut changes);
    for object in &new.objects {
        if let Some(before) = old.named(&object.name) {
            compare((old, before), (new, object), retired, &mut changes);
        } else if let Some(before) = retired.object(&object.name) {
            changes.push(telling(change(ChangeKind::RestoreObject, object, None), &object.fields));
            for field in &object.fields {
                let known = before.1.stored(&field.stored);
                changes.extend(
                    known.and_then(|(_, known)| lacking(before.0, known, (new, object, field))),
                );
            }
            compare(before, (new, object), retired, &mut changes);
        } else {
            let added = telling(change(ChangeKind::AddObject, object, None), &object.fields);
            changes.push(retired.taken(object, None).unwrap_or(added));
        }
    }
    items(old, new, &mut changes);
    for object in &old.objects {
        if new.named(&object.name).is_none() {
            let reason = messages::records_lost();
            changes.push(destructive(change(ChangeKind::RemoveObject, object, None), reason));
        }
    }
    changes
}

/// The changes of data items themselves. What they mean for records is told of each object that uses them.
fn items(old: &Catalog, new: &Catalog, changes: &mut Vec<CatalogChange>) {
    for item in &new.items {
        let Some(before) = old.item(&item.name) else {
            changes.push(change(ChangeKind::AddObject, item, None));
            continue;
        };
        let mut found = Vec::new();
        compare((old, before), (new, item), &Retired::default(), &mut found);
        found.retain(|change| {
            !matches!(change.kind, ChangeKind::AddIndex | ChangeKind::RemoveIndex)
        });
        let alone = found.into_iter();
        changes.extend(alone.map(|change| CatalogChange {
            risk: Risk::Safe,
            reason: None,
            ..change
        }));
    }
    let gone = old.items.iter().filter(|item| new.item(&item.name).is_none());
    changes.extend(gone.map(|item| change(ChangeKind::RemoveObject, item, None)));
}

/// The refusal of a restored field whose picklist no longer has values that records may hold.
fn lacking(
    before: &Catalog,
    known: &Field,
    (new, object, field): (&Catalog, &Object, &Field),
) -> Option<CatalogChange> {
    let lists = known.ty.picklist().zip(field.ty.picklist());
    let (had, has) = lists.map(|(had, has)| (before.picklist(had), new.picklist(has)))?;
    had.values.iter().find(|value| !has.has(&value.name))?;
    let restored = change(ChangeKind::RestoreField, object, Some(&field.name));
    Some(destructive(restored, messages::value_held()))
}

fn change(kind: ChangeKind, object: &Object, field: Option<&str>) -> CatalogChange {
    CatalogChange {
        kind,
        object: object.name.clone(),
        field: field.map(str::to_owned),
        risk: Risk::Safe,
        reason: None,
    }
}

fn destructive(change: CatalogChange, reason: Message) -> CatalogChange {
    CatalogChange { risk: Risk::Destructive, reason: Some(reason), ..change }
}

/// A change with the risk of what it brings: who defines a roll-up of all related records tells numbers over them.
fn telling<'f>(
    change: CatalogChange,
    fields: impl IntoIterator<Item = &'f Field>,
) -> CatalogChange {
    match fields.into_iter().any(|field| field.system_rollup().is_some()) {
        true => {
            CatalogChange { risk: Risk::Rights, reason: Some(messages::tells_of_all()), ..change }
        }
        false => change,
    }
}

fn picklists(old: &Catalog, new: &Catalog, changes: &mut Vec<CatalogChange>) {
    let blank = |kind, list: &str, value: &str| CatalogChange {
        kind,
        object: list.to_owned(),
        field: Some(value.to_owned()),
        risk: Risk::Safe,
        reason: None,
    };
    for list in &new.picklists {
        let Some(before) = old.picklists.iter().find(|other| other.name == list.name) else {
            continue;
        };
        for value in list.values.iter().filter(|value| !before.has(&value.name)) {
            changes.push(blank(ChangeKind::AddPicklistValue, &list.name, &value.name));
        }
        for value in &list.values {
            let shown = |value: &PicklistValue| {
                let labels = (value.label.clone(), value.description.clone());
                (labels, value.color.clone(), value.inactive, value.under.clone())
            };
            let moved = place(before, list, &value.name) != place(list, before, &value.name);
            if before
                .value(&value.name)
                .is_some_and(|before| moved || shown(before) != shown(value))
            {
                changes.push(blank(ChangeKind::UpdatePicklistValue, &list.name, &value.name));
            }
        }
        for value in before.values.iter().filter(|value| !list.has(&value.name)) {
            let gone = blank(ChangeKind::RemovePicklistValue, &list.name, &value.name);
            changes.push(destructive(gone, messages::value_held()));
        }
    }
}

/// The place of a value among those of a list that another version of it has, too.
fn place(list: &Picklist, other: &Picklist, name: &str) -> Option<usize> {
    let mut both = list.values.iter().filter(|value| other.has(&value.name));
    both.position(|value| value.name == name)
}

fn compare(
    (old, before): (&Catalog, &Object),
    (new, object): (&Catalog, &Object),
    retired: &Retired,
    changes: &mut Vec<CatalogChange>,
) {
    if before.kind != object.kind {
        let kind = change(ChangeKind::UpdateObject, object, None);
        changes.push(destructive(kind, messages::keeps_kind()));
    } else if options(before) != options(object) {
        changes.push(change(ChangeKind::UpdateObject, object, None));
    }
    for field in &object.fields {
        match same(before, field) {
            None => fresh((new, object, field), retired, changes),
            Some((_, earlier)) => {
                changes.extend(renamed(earlier, object, field, retired));
                changes.extend(changed(old, before, earlier, new, object, field));
            }
        }
    }
    for field in &before.fields {
        if same(object, field).is_none() {
            let gone = change(ChangeKind::RemoveField, object, Some(&field.name));
            changes.push(match field.ty {
                FieldType::Inverse(_) => gone,
                _ => destructive(gone, messages::values_lost()),
            });
        }
    }
    keys(before, object, changes);
    changes.extend(control::changes(old, before, new, object));
}

/// The field of an object in another version that is this one. A standard field that takes the name of a custom one is
/// another, in a column of its own.
fn same<'o>(object: &'o Object, field: &Field) -> Option<(FieldIx, &'o Field)> {
    let is = |other: &Field| other.origin == field.origin || other.column == field.column;
    object.stored(&field.stored).filter(|(_, other)| is(other))
}

/// The change of a field that has another name now. Rights go by the names of parents, and a retired name is taken.
fn renamed(
    earlier: &Field,
    object: &Object,
    field: &Field,
    retired: &Retired,
) -> Option<CatalogChange> {
    if earlier.name == field.name {
        return None;
    }
    let rename = change(ChangeKind::RenameField, object, Some(&field.name));
    let parent = |field: &Field| field.relation().is_some_and(|relation| relation.parent);
    Some(if parent(earlier) || parent(field) {
        destructive(rename, messages::parent_keeps_name())
    } else if retired.has_name(&object.name, &field.name) {
        destructive(rename, messages::kept_there(format!("{}.{}", object.name, field.name)))
    } else {
        CatalogChange { reason: Some(messages::was_called(&earlier.name)), ..rename }
    })
}

/// A field that the object did not have: new, or restored.
fn fresh(of: (&Catalog, &Object, &Field), retired: &Retired, changes: &mut Vec<CatalogChange>) {
    let (new, object, field) = of;
    let Some((catalog, owner, before)) = retired.field(&object.name, &field.name) else {
        return changes
            .push(retired.taken(object, Some(field)).unwrap_or_else(|| added(object, field)));
    };
    let restored = change(ChangeKind::RestoreField, object, Some(&field.name));
    if before.stored != field.stored || before.retyped.len() != field.retyped.len() {
        // It has the name, and would not be stored where that one is.
        let reason = messages::kept_there(format!("{}.{}", object.name, field.name));
        return changes.push(destructive(restored, reason));
    }
    let restored = lacking(catalog, before, of).unwrap_or(CatalogChange {
        risk: added(object, field).risk,
        reason: added(object, field).reason,
        ..restored
    });
    changes.push(if before.hidden == field.hidden { restored } else { seen_by_others(restored) });
    let other = changed(catalog, owner, before, new, object, field);
    changes.extend(other.filter(|change| change.risk == Risk::Destructive));
}

fn options(object: &Object) -> impl PartialEq + use<'_> {
    (
        (&object.plural, &object.plural_label, &object.label, &object.description),
        (object.workflow, object.approval, object.upstream, &object.appearance, object.timeline),
        (
            object.checks.iter().map(|check| (&check.text, &check.message)).collect::<Vec<_>>(),
            [object.display, object.places.state, object.places.start, object.places.end]
                .map(|ix| ix.map(|ix| &object.field(ix).stored)),
            &object.groups,
        ),
    )
}

fn added(object: &Object, field: &Field) -> CatalogChange {
    let change = change(ChangeKind::AddField, object, Some(&field.name));
    match field.ty {
        FieldType::AutoNumber(_) => CatalogChange {
            risk: Risk::NeedsBackFill,
            reason: Some(messages::no_numbers()),
            ..change
        },
        FieldType::Rollup(_) | FieldType::Inverse(_) => telling(change, [field]),
        _ if field.formula_text.is_some() => change,
        _ if field.required && !field.system => CatalogChange {
            risk: Risk::NeedsBackFill,
            reason: Some(messages::no_values()),
            ..change
        },
        _ => change,
    }
}

/// The change of a field. Who hides it from everyone or shows it again decides who sees it, whatever else changes.
fn changed(
    old: &Catalog,
    earlier: &Object,
    before: &Field,
    new: &Catalog,
    object: &Object,
    field: &Field,
) -> Option<CatalogChange> {
    let other = changed_otherwise(old, earlier, before, new, object, field);
    if before.hidden == field.hidden {
        return other;
    }
    let update = || change(ChangeKind::UpdateField, object, Some(&field.name));
    Some(seen_by_others(other.unwrap_or_else(update)))
}

/// A change by which others see a field, or no longer see it.
fn seen_by_others(change: CatalogChange) -> CatalogChange {
    if change.risk >= Risk::Rights {
        return change;
    }
    CatalogChange { risk: Risk::Rights, reason: Some(messages::hides_or_shows()), ..change }
}

/// What a decimal counts.
fn unit(field: &Field) -> Option<Unit> {
    match field.ty {
        FieldType::Decimal { unit, .. } => Some(unit),
        _ => None,
    }
}

fn changed_otherwise(
    old: &Catalog,
    earlier: &Object,
    before: &Field,
    new: &Catalog,
    object: &Object,
    field: &Field,
) -> Option<CatalogChange> {
    if field.on_read != before.on_read {
        let update = change(ChangeKind::UpdateField, object, Some(&field.name));
        return Some(destructive(update, messages::keeps_when_computed()));
    }
    // A formula computes again what a default gave. Values that only people gave would be lost.
    if field.formula_text.is_some() && before.writable() && before.default.is_none() {
        let update = change(ChangeKind::UpdateField, object, Some(&field.name));
        let reason = messages::given_by_people();
        return Some(destructive(update, reason));
    }
    if before.retyped.len() != field.retyped.len() {
        let retype = change(ChangeKind::RetypeField, object, Some(&field.name));
        let of = ((old, &before.ty), (new, &field.ty));
        return Some(match Conversion::between(of.0, of.1) {
            None => destructive(retype, messages::not_convertible()),
            Some(_) => CatalogChange {
                risk: Risk::NeedsBackFill,
                reason: Some(messages::are_converted()),
                ..retype
            },
        });
    }
    if storage(old, earlier, &before.ty) != storage(new, object, &field.ty) {
        if widened(&before.ty, &field.ty) {
            return Some(change(ChangeKind::UpdateField, object, Some(&field.name)));
        }
        let retype = change(ChangeKind::RetypeField, object, Some(&field.name));
        let reason = messages::keeps_type();
        return Some(destructive(retype, reason));
    }
    let rules = |field: &Field| {
        (
            field.required,
            field.label.clone(),
            field.description.clone(),
            (field.search, dropped(field), unit(field)),
            (field.checks.clone(), field.conditions.clone(), field.ty.normal()),
            (field.default.clone(), field.refills),
            field.formula_text.clone(),
            field.counted_text.clone(),
            number(field).cloned(),
        )
    };
    // Another formula of what it rests on makes it tell something else.
    if old.rests_on(earlier, before) != new.rests_on(object, field) {
        return Some(telling(change(ChangeKind::UpdateField, object, Some(&field.name)), [field]));
    }
    let same = rules(before) == rules(field)
        && inverse(before) == inverse(field)
        && depends_on(earlier, before) == depends_on(object, field);
    if same {
        return None;
    }
    let update = change(ChangeKind::UpdateField, object, Some(&field.name));
    Some(if field.formula_text.is_none() && field.required && !before.required {
        let reason = messages::stays_without();
        CatalogChange { risk: Risk::NeedsBackFill, reason: Some(reason), ..update }
    } else {
        update
    })
}

fn number(field: &Field) -> Option<&NumberFormat> {
    match &field.ty {
        FieldType::AutoNumber(format) => Some(format),
        _ => None,
    }
}

/// The field on which the values of a field depend.
fn depends_on<'o>(object: &'o Object, field: &Field) -> Option<&'o str> {
    let (ix, _) = object.named(&field.name)?;
    Some(object.field(object.depends_on(ix)?).name.as_str())
}

/// The old names that no longer lead to a field.
fn dropped(field: &Field) -> Vec<String> {
    let dropped = field.renamed.iter().filter(|old| old.dropped);
    dropped.map(|old| old.name.clone()).collect()
}

fn inverse(field: &Field) -> Option<&str> {
    field.relation().and_then(|relation| relation.inverse.as_deref())
}

/// The stored form of a type's values. Equal forms need no change of the table.
fn storage(catalog: &Catalog, object: &Object, ty: &FieldType) -> String {
    let name = |ix: ObjectIx| catalog.object(ix).name.as_str();
    match ty {
        FieldType::Text { max, form, .. } => {
            format!("text {} {}", max, matches!(form, TextForm::Long))
        }
        FieldType::RichText { max } => format!("rich text {max}"),
        FieldType::Decimal { scale, .. } => format!("decimal {scale}"),
        FieldType::Picklist(list) => format!("picklist {}", catalog.picklist(*list).name),
        FieldType::MultiPicklist(list) => format!("picklists {}", catalog.picklist(*list).name),
        FieldType::AutoNumber(_) => "number".to_owned(),
        FieldType::Relation(relation) => {
            format!("relation {} {:?}", name(relation.target), relation.on_delete)
        }
        FieldType::Rollup(rollup) => {
            let lines = object.field(rollup.lines);
            let rolled = match (rollup.op.field(), lines.target()) {
                (Some(field), Some(line)) => &catalog.object(line).field(field).stored,
                _ => "",
            };
            let function = rollup.op.as_ref();
            format!("rollup {:?} {} {function} {rolled}", rollup.scale, lines.stored)
        }
        FieldType::Lines(lines) => format!("lines {}", name(lines.target)),
        FieldType::ManyToMany(junction) => format!("many {}", name(junction.target)),
        FieldType::Inverse(inverse) => format!("inverse {}", name(inverse.target)),
        // Which objects it may refer to is a matter of its relations.
        FieldType::Union(_) => "union".to_owned(),
        FieldType::Id => "id".to_owned(),
        // What a whole number counts is not stored.
        FieldType::Integer | FieldType::Duration | FieldType::Rating { .. } => "integer".to_owned(),
        FieldType::Boolean => "boolean".to_owned(),
        FieldType::Date => "date".to_owned(),
        FieldType::DateTime => "instant".to_owned(),
        FieldType::Time => "time".to_owned(),
        FieldType::Json => "json".to_owned(),
    }
}

/// A longer text needs no change of stored values. What was stored as a text is not cleaned, so it is no rich one.
fn widened(before: &FieldType, after: &FieldType) -> bool {
    let rich = |ty: &FieldType| matches!(ty, FieldType::RichText { .. });
    if rich(before) != rich(after) {
        return false;
    }
    before.longest().zip(after.longest()).is_some_and(|(old, new)| new >= old)
}

fn keys(before: &Object, object: &Object, changes: &mut Vec<CatalogChange>) {
    for key in &object.uniques {
        if !before.uniques.iter().any(|other| unique(before, other) == unique(object, key)) {
            changes.push(CatalogChange {
                risk: Risk::NeedsBackFill,
                reason: Some(messages::refused_if_shared()),
                ..change(ChangeKind::AddUnique, object, Some(&key.name))
            });
        }
    }
    for key in &before.uniques {
        if !object.uniques.iter().any(|other| unique(object, other) == unique(before, key)) {
            changes.push(change(ChangeKind::RemoveUnique, before, Some(&key.name)));
        }
    }
    for key in &object.indexes {
        if !before.indexes.iter().any(|other| index(before, other) == index(object, key)) {
            changes.push(change(ChangeKind::AddIndex, object, Some(&key.name)));
        }
    }
    for key in &before.indexes {
        if !object.indexes.iter().any(|other| index(object, other) == index(before, key)) {
            changes.push(change(ChangeKind::RemoveIndex, before, Some(&key.name)));
        }
    }
}

fn unique<'o>(object: &'o Object, key: &Unique) -> Vec<&'o str> {
    names(object, &key.fields)
}

fn index<'o>(object: &'o Object, key: &'o Index) -> ([Vec<&'o str>; 3], bool) {
    let carried = key.carried.iter().map(String::as_str).collect();
    ([names(object, &key.fields), names(object, &key.include), carried], key.sparse)
}

fn names<'o>(object: &'o Object, fields: &[FieldIx]) -> Vec<&'o str> {
    fields.iter().map(|field| object.field(*field).stored.as_str()).collect()
}
