//! Floor 2: the catalog, one immutable, versioned description of every business object.
//!
//! Definitions are SDL text with our directives, standard ones from `schema/`, custom ones from the database.
//! [`resolve()`] turns them, in stages, into a [`Catalog`], or reports every [`Diagnostic`] at once.
//! Everything else in the server derives from the catalog: tables, the GraphQL schema, filters, plans.
//!
//! Pure: no database, no clock, no GraphQL execution. Standard and custom objects differ only in their names
//! and their [`Origin`], on purpose.

mod access_key;
mod appearance;
mod behaviour;
mod change;
mod computed_when_read;
mod control;
mod conversion;
mod diagnostic;
mod diff;
mod directive;
mod field;
mod field_conditions;
mod field_form;
mod field_group;
mod field_type;
mod ids;
mod known_fields;
pub(crate) mod messages;
mod names;
mod number;
mod object;
mod parsed;
mod part;
mod quarantine;
mod renames;
mod resolve;
mod retired;
mod retype;
pub mod sdl;
mod snapshot;
mod source;
mod standard;
mod titles;
mod toml_fault;
mod toml_texts;
mod union;

pub use access_key::{AccessKey, Carrier};
pub use appearance::{Appearance, PlaceFields, TimelineKind};
pub use behaviour::{
    APPROVAL_STATE, APPROVED, ActionStep, Approval, ApprovalStep, ApproverSource, CreateLines,
    CreateStep, FieldFill, FillSource, Flow, FlowMove, Gate, INPUT, IfNone, MoveInput, MoveRight,
    MoveTarget, NamedAction, NamedText, OwnDecision, PENDING, PlannedStep, Quorum, RelatePath,
    RelateRead, Rule, RuleEvents, RuleExpr, SUBMIT, UpdateStep, is_text_name, type_name,
};
pub use change::{CatalogChange, ChangeKind, Risk};
pub use control::{Switches, switches};
pub use conversion::{Conversion, ValueForm};
pub use diagnostic::Diagnostic;
pub use diff::{diff, diff_beside};
pub use field::{
    Field, FormerType, Inverse, Junction, Label, Lines, OldName, OnDelete, Relation, Rollup,
    RollupOp, RollupScope,
};
pub use field_conditions::{FieldCondition, FieldConditions};
pub use field_form::FieldForm;
pub use field_group::{FieldGroup, grouped, place_of};
pub use field_type::{
    FieldType, Operators, ScalarType, Storage, TextForm, TextNormal, Traits, Unit,
};
pub use ids::{FieldIx, ObjectIx, PicklistIx, UnionIx};
pub use known_fields::{StaffFields, SystemFields};
pub use names::{camel, quoted_list, snake};
pub(crate) use names::{fitted, nearest};
pub use number::{NumberFormat, NumberPart};
pub use object::{
    CountsFor, DEPARTMENT, Dependent, Dimension, EMPLOYEES, Index, Object, ObjectKind, RECORDED,
    RecordCheck, Unique,
};
pub use part::{DefinitionPart, Origin, PartKind};
pub use quarantine::{Quarantined, resolve_apart, resolve_beside};
pub use renames::{RenamedField, Renames, renamed_text};
pub use resolve::{RecordScope, resolve};
pub use retired::{Retired, RetiredName, retire};
pub use retype::{Retype, retypes};
pub use snapshot::{Catalog, Picklist, PicklistValue};
pub use source::LARGEST_TEXT;
pub use standard::standard_sources;
pub use titles::{in_words, small, within};
pub use toml_fault::{TomlFault, from_toml, place_in};
pub use toml_texts::{TomlText, toml_texts, with_toml_texts};
pub use union::{Union, UnionRelation};
