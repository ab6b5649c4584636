//! Scalars and enums at `/metadata`: instants, and names of enumerations in the program. Each enumeration is
//! declared once.

use std::{borrow::Cow, str::FromStr};

use async_graphql::{
    ContextSelectionSet, InputType, InputValueError, InputValueResult, Name, OutputType,
    Positioned, Scalar, ScalarType, ServerResult, Value,
    indexmap::IndexMap,
    parser::types::Field,
    registry::{Deprecation, MetaEnumValue, MetaType, MetaTypeId, Registry},
};
use chrono::{DateTime, SecondsFormat, Utc};
use strum::VariantNames;

use super::faults;
use crate::{
    access::{Capability, FieldRight, Mask, RightLevel, RoleCapability},
    base::{Result, calendar},
    bundle::DifferenceKind,
    catalog::{ChangeKind, FieldForm, PartKind, Risk},
    company::UseKind,
    jobs::{JobKind, JobState},
    layouts::LayoutKind,
    rights::{RoleOrigin, Surprise},
    storage::audit::AuditKind,
    workspace::{MeasureFunction, ParameterType, ViewFace, ViewShare, WidgetFace, WidgetOrder},
};

/// An instant as it is written: RFC 3339, given out in UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Instant(String);

#[Scalar(name = "DateTime")]
impl ScalarType for Instant {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            // The instant is parsed where it is used, which knows the path for an error.
            Value::String(text) => Ok(Self(text)),
            other => Err(InputValueError::expected_type(other)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// A day as it is written: `2026-11-23`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Day(pub(super) String);

#[Scalar(name = "Date")]
impl ScalarType for Day {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::String(text) => Ok(Self(text)),
            other => Err(InputValueError::expected_type(other)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// Converts microseconds since 1970.
pub(super) fn at(micros: i64) -> Instant {
    let at: Option<DateTime<Utc>> = DateTime::from_timestamp_micros(micros);
    Instant(at.unwrap_or_default().to_rfc3339_opts(SecondsFormat::AutoSi, true))
}

impl Instant {
    /// Parses the instant. `name` is the argument, for the error.
    pub(super) fn read(&self, name: &'static str) -> Result<DateTime<Utc>> {
        calendar::instant(&self.0).ok_or_else(|| faults::bad_instant().at([name]))
    }
}

/// An enumeration that the schema shows as an enum.
pub(super) trait Worded: VariantNames + FromStr + AsRef<str> + Send + Sync {
    /// The name of its type.
    const TYPE: &'static str;
}

impl Worded for Capability {
    const TYPE: &'static str = "Capability";
}

impl Worded for RoleCapability {
    const TYPE: &'static str = "RoleCapability";
}

impl Worded for ViewFace {
    const TYPE: &'static str = "ViewFace";
}

impl Worded for ViewShare {
    const TYPE: &'static str = "ViewShare";
}

impl Worded for WidgetFace {
    const TYPE: &'static str = "WidgetFace";
}

impl Worded for ParameterType {
    const TYPE: &'static str = "ParameterType";
}

impl Worded for MeasureFunction {
    const TYPE: &'static str = "MeasureFunction";
}

impl Worded for WidgetOrder {
    const TYPE: &'static str = "WidgetOrder";
}

impl Worded for AuditKind {
    const TYPE: &'static str = "AuditKind";
}

impl Worded for ChangeKind {
    const TYPE: &'static str = "SchemaChangeKind";
}

impl Worded for Risk {
    const TYPE: &'static str = "SchemaRisk";
}

impl Worded for FieldForm {
    const TYPE: &'static str = "FieldType";
}

impl Worded for UseKind {
    const TYPE: &'static str = "UseKind";
}

impl Worded for LayoutKind {
    const TYPE: &'static str = "LayoutKind";
}

impl Worded for RoleOrigin {
    const TYPE: &'static str = "RoleOrigin";
}

impl Worded for RightLevel {
    const TYPE: &'static str = "RightLevel";
}

impl Worded for FieldRight {
    const TYPE: &'static str = "FieldRight";
}

impl Worded for Mask {
    const TYPE: &'static str = "Mask";
}

impl Worded for PartKind {
    const TYPE: &'static str = "DefinitionKind";
}

impl Worded for DifferenceKind {
    const TYPE: &'static str = "BundleDifferenceKind";
}

impl Worded for JobKind {
    const TYPE: &'static str = "JobKind";
}

impl Worded for JobState {
    const TYPE: &'static str = "JobState";
}

impl Worded for Surprise {
    const TYPE: &'static str = "SchemaWarning";
}

/// A value of such an enumeration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word<T>(pub(super) T);

impl<T: Worded> Word<T> {
    /// Parses a stored name. None if a newer program wrote it.
    pub(super) fn stored(name: &str) -> Option<Self> {
        T::from_str(name).ok().map(Self)
    }

    fn described() -> MetaType {
        let value = |name: &&str| {
            let value = MetaEnumValue {
                name: (*name).to_owned(),
                description: None,
                deprecation: Deprecation::NoDeprecated,
                visible: None,
                inaccessible: false,
                tags: Vec::new(),
                directive_invocations: Vec::new(),
            };
            ((*name).to_owned(), value)
        };
        MetaType::Enum {
            name: T::TYPE.to_owned(),
            description: None,
            enum_values: T::VARIANTS.iter().map(value).collect::<IndexMap<_, _>>(),
            visible: None,
            inaccessible: false,
            tags: Vec::new(),
            rust_typename: Some(std::any::type_name::<Self>()),
            directive_invocations: Vec::new(),
            requires_scopes: Vec::new(),
        }
    }

    fn written(&self) -> Value {
        Value::Enum(Name::new(self.0.as_ref()))
    }
}

impl<T: Worded> InputType for Word<T> {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed(T::TYPE)
    }

    fn create_type_info(registry: &mut Registry) -> String {
        registry.create_input_type::<Self, _>(MetaTypeId::Enum, |_| Self::described())
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let value = value.unwrap_or_default();
        let name = match &value {
            Value::Enum(name) => name.as_str(),
            Value::String(name) => name,
            _ => "",
        };
        Self::stored(name).ok_or_else(|| InputValueError::expected_type(value))
    }

    fn to_value(&self) -> Value {
        self.written()
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

impl<T: Worded> OutputType for Word<T> {
    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed(T::TYPE)
    }

    fn create_type_info(registry: &mut Registry) -> String {
        registry.create_output_type::<Self, _>(MetaTypeId::Enum, |_| Self::described())
    }

    async fn resolve(
        &self,
        _ctx: &ContextSelectionSet<'_>,
        _field: &Positioned<Field>,
    ) -> ServerResult<Value> {
        Ok(self.written())
    }
}
