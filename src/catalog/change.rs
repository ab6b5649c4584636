//! Changes: the differences of two catalogs, and how risky each is. `diff` finds them; must not know how.

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
    /// What is stored is hidden and kept, until it is restored.
    Retires,
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
    /// An object that is no longer defined and whose records are kept.
    RetireObject,
    /// A field that is no longer defined and whose values are kept.
    RetireField,
    /// An object that was retired and is defined again, with its records.
    RestoreObject,
    /// A field that was retired and is defined again, with its values.
    RestoreField,
    /// A field with another name, stored as before.
    RenameField,
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
    /// A value of a picklist with another label, colour or place, or that can be chosen otherwise.
    UpdatePicklistValue,
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
    /// First duplicate rules of an object.
    AddDuplicates,
    /// Duplicate rules with another text, or in place of those that come with the program.
    UpdateDuplicates,
    /// Duplicate rules that are no more, or those that come with the program again.
    RemoveDuplicates,
    /// A first text of behaviour of this name; the object is the name.
    AddRules,
    /// A text of behaviour with other words.
    UpdateRules,
    /// A text of behaviour that is no more.
    RemoveRules,
    /// A new shared view; the field is its name.
    AddView,
    /// A shared view with another text.
    UpdateView,
    /// A shared view that is no more.
    RemoveView,
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
