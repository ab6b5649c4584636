//! The content of a dashboard as it is stored: parameters, and widgets with what each asks for.
//!
//! Owns its form. Must not know which of its names exist, and for whom.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use strum::{AsRefStr, EnumString, VariantNames};

/// How a widget shows its figures or records.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, AsRefStr, EnumString, VariantNames,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum WidgetFace {
    /// A single figure.
    Number,
    /// Bars by group.
    Bar,
    /// A line over periods.
    Line,
    /// A filled line over periods.
    Area,
    /// Parts of a whole.
    Pie,
    /// Stages, each narrower than the one before.
    Funnel,
    /// Groups with their figures as rows.
    Table,
    /// Records as rows.
    List,
    /// A text.
    Text,
}

/// What people choose by a parameter.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, AsRefStr, EnumString, VariantNames,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ParameterType {
    /// Days from and until, or a period around today.
    Period,
    /// Employees.
    Person,
    /// Records of an object.
    Record,
    /// Values of a picklist.
    Picklist,
}

/// What a figure is computed by.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, AsRefStr, EnumString, VariantNames,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum MeasureFunction {
    /// The number of records.
    Count,
    /// The sum of a field.
    Sum,
    /// The mean of a field.
    Avg,
    /// The smallest value of a field.
    Min,
    /// The largest value of a field.
    Max,
    /// The number of different values of a field.
    CountDistinct,
}

/// The order of a chart's groups.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, AsRefStr, EnumString, VariantNames,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum WidgetOrder {
    /// By what they are grouped by.
    Key,
    /// The same, reversed.
    KeyDesc,
    /// By the first figure, the smallest first.
    Value,
    /// By the first figure, the largest first.
    ValueDesc,
}

/// The parameters and widgets of a dashboard.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct DashboardContent {
    /// What people choose above the widgets.
    pub parameters: Vec<Parameter>,
    /// The widgets in their order.
    pub widgets: Vec<Widget>,
}

/// A parameter of a dashboard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Parameter {
    /// The name by which widgets refer to it.
    pub name: String,
    /// Its label.
    pub label: String,
    /// What people choose.
    #[serde(rename = "type")]
    pub ty: ParameterType,
    /// The object of the records to choose from.
    pub object: Option<String>,
    /// The value until somebody chooses another.
    pub default: Option<Json>,
}

/// A widget of a dashboard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Widget {
    /// What tells it from the other widgets.
    pub key: String,
    /// Its title.
    pub title: String,
    /// How it is shown.
    pub face: WidgetFace,
    /// The object whose records it is about; none for a text.
    pub object: Option<String>,
    /// What it asks for, in the parts of a saved view's question.
    pub question: Json,
    /// Its figures; none for a list or a text.
    pub chart: Option<WidgetChart>,
    /// The parameters that narrow it.
    pub parameters: Vec<WidgetParameter>,
    /// Columns that it takes, of 12.
    pub width: u8,
    /// Rows that it takes.
    pub height: u8,
    /// Its text.
    pub text: Option<String>,
    /// What pages keep about its look.
    pub look: Option<Json>,
}

/// The figures of a widget.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WidgetChart {
    /// The figures; the number of records if there are none.
    pub measures: Vec<WidgetMeasure>,
    /// The largest number of groups.
    pub first: Option<u32>,
    /// The order of groups.
    pub order: Option<WidgetOrder>,
    /// Whether periods without records appear.
    pub fill: bool,
    /// Whether values of a second group are stacked.
    pub stacked: bool,
}

/// One figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WidgetMeasure {
    /// How it is computed.
    pub function: MeasureFunction,
    /// The field; none for the number of records.
    pub field: Option<String>,
}

/// A parameter that narrows a widget.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WidgetParameter {
    /// The name of the parameter.
    pub parameter: String,
    /// The path of the field that it filters by.
    pub path: String,
}

impl MeasureFunction {
    /// The name of the function at `/graphql`.
    pub fn api_name(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Sum => "sum",
            Self::Avg => "avg",
            Self::Min => "min",
            Self::Max => "max",
            Self::CountDistinct => "countDistinct",
        }
    }
}

/// The JSON object that leads to a value over some names: `{"owner": {"name": value}}`.
pub fn nested<'n>(names: impl DoubleEndedIterator<Item = &'n str>, value: Json) -> Json {
    names.rev().fold(value, |inner, name| Json::Object(Map::from_iter([(name.to_owned(), inner)])))
}
