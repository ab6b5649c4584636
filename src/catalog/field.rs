//! Fields of objects and their types.

use super::{
    number::NumberFormat,
    object::{ObjectIx, Origin},
    snapshot::PicklistIx,
};
use crate::{base::Lang, expr::Expr};

/// A field's place in its object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldIx(pub usize);

/// What a person reads in place of an api name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Label {
    /// Simplified Chinese.
    pub zh: Option<String>,
    /// English.
    pub en: Option<String>,
}

impl Label {
    /// The label in a language, or in the other where there is none.
    pub fn text(&self, lang: Lang) -> Option<&str> {
        let (first, second) = match lang {
            Lang::Zh => (&self.zh, &self.en),
            Lang::En => (&self.en, &self.zh),
        };
        first.as_deref().or(second.as_deref())
    }
}

/// One attribute of an object.
#[derive(Debug, Clone)]
pub struct Field {
    /// Api name, lower camel case.
    pub name: String,
    /// Shown names.
    pub label: Label,
    /// The definition's description.
    pub description: Option<String>,
    /// What it holds.
    pub ty: FieldType,
    /// A saved record has a value here.
    pub required: bool,
    /// Gives the value when a new record has none.
    pub default: Option<Expr>,
    /// Must not be false for a saved record.
    pub check: Option<Expr>,
    /// The text of `check`, to compare versions by.
    pub check_text: Option<String>,
    /// What a person sees when it does not hold; without it the check is said in words.
    pub check_message: Label,
    /// Gives the value at every save, from the record's own fields and roll-ups.
    pub formula: Option<Expr>,
    /// The text of `formula`.
    pub formula_text: Option<String>,
    /// Where the definition came from.
    pub origin: Origin,
    /// Kept by the platform; no input writes it.
    pub system: bool,
    /// Part of the object's full-text search.
    pub search: bool,
    /// The column that holds it; none for lines, inverses and many-to-many.
    pub column: Option<String>,
}

/// How text is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextForm {
    /// One line.
    Plain,
    /// Several lines.
    Long,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A web address.
    Url,
}

/// What happens to a reference when the record it names is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnDelete {
    /// The delete is refused.
    Restrict,
    /// The reference is emptied.
    Clear,
    /// The referring line goes too (lines only).
    Cascade,
}

/// A lookup to one record of another object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// The object referred to.
    pub target: ObjectIx,
    /// The list this relation adds to the target.
    pub inverse: Option<String>,
    /// The target's rights count for this record.
    pub parent: bool,
    /// It relates the object to itself and never goes in circles.
    pub tree: bool,
    /// What a delete of the target does.
    pub on_delete: OnDelete,
}

/// The owned lines of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lines {
    /// The line object.
    pub target: ObjectIx,
    /// The line's field that names its parent.
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
    /// The object at the other side.
    pub target: ObjectIx,
    /// The junction's table.
    pub table: String,
}

impl Junction {
    /// The column that holds the owning record.
    pub const OWNER: &'static str = "owner_id";
    /// The column that holds the other record.
    pub const MEMBER: &'static str = "member_id";
}

/// What a roll-up computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RollupOp {
    /// How many lines there are.
    Count,
    /// The sum of a field of the lines; 0 without lines.
    Sum(FieldIx),
}

/// A value over the record's own lines, stored with the record and kept by every save.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rollup {
    /// The lines field of the same object.
    pub lines: FieldIx,
    /// What is computed.
    pub op: RollupOp,
    /// Digits after the point; 0 with a whole-number result.
    pub scale: Option<u8>,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldType {
    /// The record's own key.
    Id,
    /// Text of at most `max` characters.
    Text {
        /// Longest value in characters.
        max: u32,
        /// How it is meant.
        form: TextForm,
    },
    /// A 32-bit whole number.
    Integer,
    /// An exact decimal of 18 digits, `scale` of them after the point.
    Decimal {
        /// Digits after the point.
        scale: u8,
        /// An amount of money.
        money: bool,
    },
    /// True or false.
    Boolean,
    /// A calendar day.
    Date,
    /// An instant.
    DateTime,
    /// Any JSON.
    Json,
    /// One value of a list.
    Picklist(PicklistIx),
    /// Several values of a list.
    MultiPicklist(PicklistIx),
    /// A number the server gives out.
    AutoNumber(NumberFormat),
    /// A reference to one record.
    Relation(Relation),
    /// A value over the record's lines.
    Rollup(Rollup),
    /// Owned lines.
    Lines(Lines),
    /// References to many records.
    ManyToMany(Junction),
    /// The records that refer here.
    Inverse(Inverse),
}

impl Field {
    /// Whether inputs may give this field.
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

    /// Whether every record has it and all who see a record see it. Numbers tell how much business there is, and
    /// can be hidden.
    pub fn promised(&self) -> bool {
        self.system && self.required && !matches!(self.ty, FieldType::AutoNumber(_))
    }

    /// The relation, if it is one.
    pub fn relation(&self) -> Option<&Relation> {
        match &self.ty {
            FieldType::Relation(relation) => Some(relation),
            _ => None,
        }
    }

    /// The object at the other end, of whatever kind of relation.
    pub fn target(&self) -> Option<ObjectIx> {
        match &self.ty {
            FieldType::Relation(relation) => Some(relation.target),
            FieldType::Lines(lines) => Some(lines.target),
            FieldType::ManyToMany(junction) => Some(junction.target),
            FieldType::Inverse(inverse) => Some(inverse.target),
            _ => None,
        }
    }
}

impl FieldType {
    /// Digits after the point, for exact decimals.
    pub fn scale(&self) -> Option<u8> {
        match self {
            Self::Decimal { scale, .. } => Some(*scale),
            Self::Rollup(rollup) => rollup.scale,
            _ => None,
        }
    }

    /// The picklist behind, if there is one.
    pub fn picklist(&self) -> Option<PicklistIx> {
        match self {
            Self::Picklist(list) | Self::MultiPicklist(list) => Some(*list),
            _ => None,
        }
    }
}
