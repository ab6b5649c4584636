//! Compares two versions of the catalog, and says how risky each difference is.
//!
//! Owns the comparison; `sql::ddl` turns the changes into statements.

use super::{
    control,
    field::{Field, RollupOp},
    field_type::{FieldType, TextForm},
    ids::{FieldIx, ObjectIx},
    messages,
    object::{Index, Object, Unique},
    snapshot::Catalog,
};
use crate::base::Message;

/// The effect of a change on stored records.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    strum::AsRefStr,
    strum::EnumString,
    strum::VariantNames,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Risk {
    /// No stored record is affected.
    Safe,
    /// Stored records lack what the new definition requires, until they are saved again.
    NeedsBackFill,
    /// It decides who may see or change records. Only administrators may apply it.
    Rights,
    /// Stored values would be lost or could become invalid; refused.
    Destructive,
}

/// The kind of a difference.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, strum::AsRefStr, strum::EnumString, strum::VariantNames,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ChangeKind {
    /// A new object.
    AddObject,
    /// An object that is no longer defined.
    RemoveObject,
    /// A new field of an existing object.
    AddField,
    /// A field that is no longer defined.
    RemoveField,
    /// A field with another stored type.
    RetypeField,
    /// A field with other rules or names, stored as before.
    UpdateField,
    /// A new unique key.
    AddUnique,
    /// A removed unique key.
    RemoveUnique,
    /// A new index.
    AddIndex,
    /// A removed index.
    RemoveIndex,
    /// Another kind, other labels or other options of an object.
    UpdateObject,
    /// A new dimension, or a parent that now counts.
    AddDimension,
    /// A dimension with other values or another name.
    UpdateDimension,
    /// A removed dimension, or a parent that no longer counts.
    RemoveDimension,
    /// A new value of an existing picklist.
    AddPicklistValue,
    /// A removed value of a picklist.
    RemovePicklistValue,
    /// A new role; the object is its code.
    AddRole,
    /// A role with another text, or a standard role that one of its code replaces.
    UpdateRole,
    /// A role that is no more, or a standard role that is as it comes again.
    RemoveRole,
    /// A first layout of this kind, role and state; the field is these.
    AddLayout,
    /// A layout with another text, or one that replaces what comes with the program.
    UpdateLayout,
    /// A layout that is no more: the generated one, or what comes with the program, is shown again.
    RemoveLayout,
    /// A first menu of a system, in place of the generated one; the object is the system.
    AddMenu,
    /// A menu with another text.
    UpdateMenu,
    /// A menu that is no more: the generated one is shown again.
    RemoveMenu,
}

/// One difference. Names are those in the catalog that has the object or field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogChange {
    /// The kind.
    pub kind: ChangeKind,
    /// The API name of the object or picklist.
    pub object: String,
    /// The API name of the field or value, the name of the index, or the name of a dimension's switch.
    pub field: Option<String>,
    /// How risky it is.
    pub risk: Risk,
    /// Why it is not safe, for a person.
    pub reason: Option<Message>,
}

/// All differences from `old` to `new`, in an order in which they can be applied.
pub fn diff(old: &Catalog, new: &Catalog) -> Vec<CatalogChange> {
    let mut changes = Vec::new();
    picklists(old, new, &mut changes);
    for object in &new.objects {
        match old.named(&object.name) {
            None => changes.push(change(ChangeKind::AddObject, object, None)),
            Some(before) => compare(old, before, new, object, &mut changes),
        }
    }
    for object in &old.objects {
        if new.named(&object.name).is_none() {
            let reason = messages::records_lost();
            changes.push(destructive(change(ChangeKind::RemoveObject, object, None), reason));
        }
    }
    changes
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
        for value in before.values.iter().filter(|value| !list.has(&value.name)) {
            let gone = blank(ChangeKind::RemovePicklistValue, &list.name, &value.name);
            changes.push(destructive(gone, messages::value_held()));
        }
    }
}

fn compare(
    old: &Catalog,
    before: &Object,
    new: &Catalog,
    object: &Object,
    changes: &mut Vec<CatalogChange>,
) {
    if before.kind != object.kind {
        let kind = change(ChangeKind::UpdateObject, object, None);
        changes.push(destructive(kind, messages::keeps_kind()));
    } else if options(before) != options(object) {
        changes.push(change(ChangeKind::UpdateObject, object, None));
    }
    for field in &object.fields {
        match before.named(&field.name) {
            None => changes.push(added(object, field)),
            Some((_, earlier)) => changes.extend(changed(old, before, earlier, new, object, field)),
        }
    }
    for field in &before.fields {
        if object.named(&field.name).is_none() {
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

fn options(object: &Object) -> impl PartialEq + use<'_> {
    (
        (&object.plural, &object.label, &object.description),
        (object.workflow, object.approval, object.upstream),
        (
            object.checks.iter().map(|check| (&check.text, &check.message)).collect::<Vec<_>>(),
            object.display.map(|ix| &object.field(ix).name),
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
        FieldType::Rollup(_) | FieldType::Inverse(_) => change,
        _ if field.formula_text.is_some() => change,
        _ if field.required && !field.system => CatalogChange {
            risk: Risk::NeedsBackFill,
            reason: Some(messages::no_values()),
            ..change
        },
        _ => change,
    }
}

fn changed(
    old: &Catalog,
    earlier: &Object,
    before: &Field,
    new: &Catalog,
    object: &Object,
    field: &Field,
) -> Option<CatalogChange> {
    // A formula computes again what a default gave. Values that only people gave would be lost.
    if field.formula_text.is_some() && before.writable() && before.default.is_none() {
        let update = change(ChangeKind::UpdateField, object, Some(&field.name));
        let reason = messages::given_by_people();
        return Some(destructive(update, reason));
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
            field.search,
            (field.check_text.clone(), field.check_message.clone()),
            field.default.clone(),
            field.formula_text.clone(),
        )
    };
    let same = rules(before) == rules(field) && inverse(before) == inverse(field);
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

fn inverse(field: &Field) -> Option<&str> {
    field.relation().and_then(|relation| relation.inverse.as_deref())
}

/// The stored form of a type's values. Equal forms need no change of the table.
fn storage(catalog: &Catalog, object: &Object, ty: &FieldType) -> String {
    let name = |ix: ObjectIx| catalog.object(ix).name.as_str();
    match ty {
        FieldType::Text { max, form } => {
            format!("text {} {}", max, matches!(form, TextForm::Long))
        }
        FieldType::Decimal { scale, .. } => format!("decimal {scale}"),
        FieldType::Picklist(list) => format!("picklist {}", catalog.picklist(*list).name),
        FieldType::MultiPicklist(list) => format!("picklists {}", catalog.picklist(*list).name),
        FieldType::AutoNumber(_) => "number".to_owned(),
        FieldType::Relation(relation) => {
            format!("relation {} {:?}", name(relation.target), relation.on_delete)
        }
        FieldType::Rollup(rollup) => {
            let lines = object.field(rollup.lines);
            let summed = match (rollup.op, lines.target()) {
                (RollupOp::Sum(field), Some(line)) => &catalog.object(line).field(field).name,
                _ => "",
            };
            format!("rollup {:?} {} {summed}", rollup.scale, lines.name)
        }
        FieldType::Lines(lines) => format!("lines {}", name(lines.target)),
        FieldType::ManyToMany(junction) => format!("many {}", name(junction.target)),
        FieldType::Inverse(inverse) => format!("inverse {}", name(inverse.target)),
        FieldType::Id => "id".to_owned(),
        FieldType::Integer => "integer".to_owned(),
        FieldType::Boolean => "boolean".to_owned(),
        FieldType::Date => "date".to_owned(),
        FieldType::DateTime => "instant".to_owned(),
        FieldType::Json => "json".to_owned(),
    }
}

/// A longer text needs no change of stored values.
fn widened(before: &FieldType, after: &FieldType) -> bool {
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

fn index<'o>(object: &'o Object, key: &'o Index) -> [Vec<&'o str>; 3] {
    let carried = key.carried.iter().map(String::as_str).collect();
    [names(object, &key.fields), names(object, &key.include), carried]
}

fn names<'o>(object: &'o Object, fields: &[FieldIx]) -> Vec<&'o str> {
    fields.iter().map(|field| object.field(*field).name.as_str()).collect()
}
