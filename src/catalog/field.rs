//! Fields of objects, and what their types refer to. The types themselves are in `field_type`.

use super::{
    field_conditions::FieldConditions,
    field_type::{FieldType, Storage},
    ids::{FieldIx, ObjectIx},
    object::RecordCheck,
    part::Origin,
};
use crate::{base::Lang, expr::Expr};

/// The names that people read in place of an API name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Label {
    /// Simplified Chinese.
    pub zh: Option<String>,
    /// English.
    pub en: Option<String>,
}

impl Label {
    /// The label in a language; if it has none, in the other language.
    pub fn text(&self, lang: Lang) -> Option<&str> {
        let (first, second) = match lang {
            Lang::Zh => (&self.zh, &self.en),
            Lang::En => (&self.en, &self.zh),
        };
        first.as_deref().or(second.as_deref())
    }
}

/// A name that a field had, as its definition says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OldName {
    /// The name.
    pub name: String,
    /// Whether it no longer leads to the field, whatever its time.
    pub dropped: bool,
}

/// A type that a field had, as its definition says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormerType {
    /// What the definition calls it.
    pub name: String,
    /// Values that could not be converted were emptied.
    pub or_null: bool,
}

/// One attribute of an object.
#[derive(Debug, Clone)]
pub struct Field {
    /// The API name, lower camel case.
    pub name: String,
    /// The first name that it had. Its column is named by it, and what is stored beside records, such as history, calls
    /// it so.
    pub stored: String,
    /// The names that it had before, the first first.
    pub renamed: Vec<OldName>,
    /// The types that it had before, the first first. Each conversion filled another column.
    pub retyped: Vec<FormerType>,
    /// The labels.
    pub label: Label,
    /// The definition's description.
    pub description: Option<String>,
    /// The type.
    pub ty: FieldType,
    /// Every saved record has a value.
    pub required: bool,
    /// Computes the value if a new record has none.
    pub default: Option<Expr>,
    /// The default also gives the value when a field that it reads is changed and this one is not given.
    pub refills: bool,
    /// Must not be false for a saved record.
    pub checks: Vec<RecordCheck>,
    /// When it is required, visible and read-only, and what it may refer to.
    pub conditions: FieldConditions,
    /// Computes the value at every save, from the record's own fields and roll-ups; or at every read.
    pub formula: Option<Expr>,
    /// The text of `formula`.
    pub formula_text: Option<String>,
    /// The formula is computed when it is read; the field has no column.
    pub on_read: bool,
    /// For roll-ups: the lines or records that count are those for which it is true.
    pub counted: Option<Expr>,
    /// The text of `counted`.
    pub counted_text: Option<String>,
    /// Where the definition comes from.
    pub origin: Origin,
    /// The platform sets it; no input writes it.
    pub system: bool,
    /// The union field for one of whose objects this relation stands.
    pub of_union: Option<FieldIx>,
    /// Part of the object's full-text search.
    pub search: bool,
    /// Nobody but administrators sees it, whatever roles say.
    pub hidden: bool,
    /// The column; `None` for lines, inverses, many-to-many relations, unions and what is computed when it is read.
    pub column: Option<String>,
}

/// The effect on a reference when the record that it refers to is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnDelete {
    /// The delete is refused.
    Restrict,
    /// The reference is emptied.
    Clear,
    /// The referring line is deleted, too (lines only).
    Cascade,
}

/// A reference to one record of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// The object referred to.
    pub target: ObjectIx,
    /// The list that this relation adds to the target.
    pub inverse: Option<String>,
    /// The target's rights count for this record, too.
    pub parent: bool,
    /// It relates the object to itself and must not form cycles.
    pub tree: bool,
    /// The effect of deleting the target.
    pub on_delete: OnDelete,
}

/// The owned lines of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lines {
    /// The line object.
    pub target: ObjectIx,
    /// The line's field that refers to its document.
    pub via: FieldIx,
}

/// Records of another object that refer to this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inverse {
    /// The object that refers here.
    pub target: ObjectIx,
    /// Its relation field.
    pub via: FieldIx,
}

/// The table between two objects of a many-to-many relation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Junction {
    /// The object on the other side.
    pub target: ObjectIx,
    /// The junction's table.
    pub table: String,
}

impl Junction {
    /// The column with the owning record's id.
    pub const OWNER: &'static str = "owner_id";
    /// The column with the other record's id.
    pub const MEMBER: &'static str = "member_id";
}

/// The function of a roll-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::AsRefStr)]
pub enum RollupOp {
    /// The number of lines.
    Count,
    /// The sum of a field of the lines; 0 without lines.
    Sum(FieldIx),
    /// The least value of a field of the lines; no value without any.
    Min(FieldIx),
    /// The greatest.
    Max(FieldIx),
    /// The mean of the values of a field, rounded half away from zero; no value without any.
    Avg(FieldIx),
}

impl RollupOp {
    /// The field of the lines that is rolled up.
    pub fn field(self) -> Option<FieldIx> {
        match self {
            Self::Count => None,
            Self::Sum(field) | Self::Min(field) | Self::Max(field) | Self::Avg(field) => {
                Some(field)
            }
        }
    }

    /// Whether there is a value without lines.
    pub fn begins_at_zero(self) -> bool {
        matches!(self, Self::Count | Self::Sum(_))
    }
}

/// Which records a roll-up is over, and whose sight it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RollupScope {
    /// The record's own lines. It is stored and updated by every save of the record.
    Lines,
    /// Related records that the reader may see. It is computed when it is read.
    Viewer,
    /// All related records. It is stored and updated by every save of theirs.
    System,
}

/// A value over the record's own lines or over records related to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rollup {
    /// The field of the same object with the lines or the related records.
    pub lines: FieldIx,
    /// Which of them count for whom.
    pub scope: RollupScope,
    /// The function.
    pub op: RollupOp,
    /// Digits after the point of a `Decimal`; `None` for a whole number.
    pub scale: Option<u8>,
}

impl Field {
    /// The roll-up, if it is one of all related records.
    pub fn system_rollup(&self) -> Option<Rollup> {
        match self.ty {
            FieldType::Rollup(rollup) if rollup.scope == RollupScope::System => Some(rollup),
            _ => None,
        }
    }

    /// Whether inputs may set this field.
    pub fn writable(&self) -> bool {
        !self.system
            && self.formula_text.is_none()
            && !matches!(
                self.ty,
                FieldType::Id
                    | FieldType::AutoNumber(_)
                    | FieldType::Rollup(_)
                    | FieldType::Inverse(_)
            )
    }

    /// Whether every record has a value here, and everyone who sees a record sees it. Auto-numbers disclose
    /// how much business there is, so they can be hidden.
    pub fn promised(&self) -> bool {
        self.system && self.required && !matches!(self.ty, FieldType::AutoNumber(_))
    }

    /// Whether its values can be the columns of a board.
    pub fn has_states(&self) -> bool {
        matches!(self.ty, FieldType::Picklist(_) | FieldType::Relation(_))
    }

    /// Whether it is a day or an instant.
    pub fn is_moment(&self) -> bool {
        matches!(self.ty.storage(), Storage::Date | Storage::DateTime)
    }

    /// The expressions of its checks and conditions.
    pub fn ruled_by(&self) -> impl Iterator<Item = &Expr> {
        let checks = self.checks.iter().map(|check| &check.expr);
        checks.chain(self.conditions.all().map(|condition| &condition.expr))
    }

    /// The relation, if it is one.
    pub fn relation(&self) -> Option<&Relation> {
        match &self.ty {
            FieldType::Relation(relation) => Some(relation),
            _ => None,
        }
    }

    /// The object at the other end of a relation of any kind.
    pub fn target(&self) -> Option<ObjectIx> {
        self.ty.target()
    }
}
