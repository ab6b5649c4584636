//! The types of dashboards at `/metadata`, in and out, and how they become what is stored. Checks nothing.

use async_graphql::{ID, InputObject, Json, SimpleObject};
use serde_json::{Value as Plain, json};

use super::{scalars::Word, user_errors::UserErrorInfo, workspace_request::ViewOwner};
use crate::workspace::{
    DashboardContent, MeasureFunction, Parameter, ParameterType, ViewShare, Widget, WidgetChart,
    WidgetFace, WidgetMeasure, WidgetOrder, WidgetParameter,
};

/// A dashboard without its content.
#[derive(SimpleObject)]
#[graphql(name = "DashboardInfo")]
pub(super) struct DashboardHead {
    pub(super) id: ID,
    pub(super) name: String,
    /// The owner; none if the caller does not see that operator.
    pub(super) owner: Option<ViewOwner>,
    /// Whether it is the caller's own.
    pub(super) mine: bool,
    pub(super) share: Word<ViewShare>,
    /// Codes of the roles that see it: all of them for those who may change it, their own for others.
    pub(super) roles: Vec<String>,
    pub(super) version: i64,
    /// Whether the caller may change it.
    pub(super) may_edit: bool,
}

/// A dashboard as far as it exists for the caller.
#[derive(SimpleObject)]
#[graphql(name = "Dashboard")]
pub(super) struct DashboardInfo {
    #[graphql(flatten)]
    pub(super) head: DashboardHead,
    /// What people choose above the widgets.
    pub(super) parameters: Vec<ParameterInfo>,
    /// The widgets in their order. One that is about something hidden from the caller is not among them.
    pub(super) widgets: Vec<WidgetInfo>,
}

/// Something that people choose, by which widgets are narrowed.
#[derive(SimpleObject)]
#[graphql(name = "DashboardParameter")]
pub(super) struct ParameterInfo {
    /// The name by which widgets refer to it.
    name: String,
    label: String,
    #[graphql(name = "type")]
    ty: Word<ParameterType>,
    /// The object to choose records of, for the type RECORD.
    object: Option<String>,
    /// The value until somebody chooses another.
    default: Option<Json<Plain>>,
}

/// A part of a dashboard: figures, records or a text.
#[derive(SimpleObject)]
#[graphql(name = "Widget")]
pub(super) struct WidgetInfo {
    /// What tells it from the other widgets.
    key: String,
    title: String,
    face: Word<WidgetFace>,
    /// The object whose records it is about; none for a text.
    object: Option<String>,
    /// What it asks for, as that of a saved view, as far as it exists for the caller.
    question: Json<Plain>,
    /// Its figures; none for a list or a text.
    chart: Option<WidgetChartInfo>,
    /// The parameters that narrow it.
    parameters: Vec<WidgetParameterInfo>,
    /// Columns that it takes, of 12.
    width: i32,
    /// Rows that it takes.
    height: i32,
    /// Its text.
    text: Option<String>,
    /// What pages keep about its look.
    look: Option<Json<Plain>>,
    /// Parts that are left out, as those of a saved view.
    left: Vec<String>,
}

/// The figures of a widget.
#[derive(SimpleObject)]
#[graphql(name = "WidgetChart")]
struct WidgetChartInfo {
    /// The figures; the number of records if there are none.
    measures: Vec<WidgetMeasureInfo>,
    /// The largest number of groups.
    first: Option<u32>,
    /// The order of groups.
    order: Option<Word<WidgetOrder>>,
    /// Whether periods without records appear.
    fill: bool,
    /// Whether values of a second group are stacked.
    stacked: bool,
}

/// One figure of a widget.
#[derive(SimpleObject)]
#[graphql(name = "WidgetMeasure")]
struct WidgetMeasureInfo {
    function: Word<MeasureFunction>,
    /// The field; none for the number of records.
    field: Option<String>,
}

/// A parameter that narrows a widget.
#[derive(SimpleObject)]
#[graphql(name = "WidgetParameter")]
struct WidgetParameterInfo {
    /// The name of the parameter.
    parameter: String,
    /// The path of the field that it filters by.
    path: String,
}

/// The result of saving a dashboard.
#[derive(SimpleObject)]
#[graphql(name = "DashboardPayload")]
pub(super) struct DashboardPayload {
    /// The dashboard as it was saved.
    pub(super) dashboard: Option<DashboardInfo>,
    pub(super) user_errors: Vec<UserErrorInfo>,
}

/// A dashboard to save.
#[derive(InputObject)]
pub(super) struct DashboardInput {
    pub(super) name: String,
    /// Who sees it; without it nobody else sees a new one, and another stays as it is.
    pub(super) share: Option<Word<ViewShare>>,
    /// Codes of the roles that see it.
    pub(super) roles: Option<Vec<String>>,
    #[graphql(default)]
    parameters: Vec<DashboardParameterInput>,
    widgets: Vec<WidgetInput>,
}

/// A parameter of a dashboard to save.
#[derive(InputObject)]
struct DashboardParameterInput {
    name: String,
    label: String,
    #[graphql(name = "type")]
    ty: Word<ParameterType>,
    /// The object to choose records of, for the type RECORD.
    object: Option<String>,
    /// Operators of a date for PERIOD, as `{thisMonth: true}`; else a list of ids or values, or `"ME"` for PERSON.
    default: Option<Json<Plain>>,
}

/// A widget to save.
#[derive(InputObject)]
struct WidgetInput {
    key: String,
    title: String,
    face: Word<WidgetFace>,
    object: Option<String>,
    /// `filter`, `search`, `orderBy`, `groupBy` as at `/graphql`, and `columns`, paths of fields.
    question: Option<Json<Plain>>,
    chart: Option<WidgetChartInput>,
    #[graphql(default)]
    parameters: Vec<WidgetParameterInput>,
    /// Columns that it takes, of 12.
    width: u8,
    /// Rows that it takes, 1 to 40.
    height: u8,
    text: Option<String>,
    /// What pages keep about its look, a JSON object that is not checked.
    look: Option<Json<Plain>>,
}

/// The figures of a widget to save.
#[derive(InputObject)]
struct WidgetChartInput {
    /// The figures; the number of records if there are none.
    #[graphql(default)]
    measures: Vec<WidgetMeasureInput>,
    first: Option<u32>,
    order: Option<Word<WidgetOrder>>,
    #[graphql(default)]
    fill: bool,
    #[graphql(default)]
    stacked: bool,
}

/// A figure of a widget to save.
#[derive(InputObject)]
struct WidgetMeasureInput {
    function: Word<MeasureFunction>,
    field: Option<String>,
}

/// A parameter that narrows a widget to save.
#[derive(InputObject)]
struct WidgetParameterInput {
    /// The name of the parameter.
    parameter: String,
    /// The path of the field that it filters by.
    path: String,
}

impl DashboardInput {
    /// The content as it would be stored.
    pub(super) fn content(&mut self) -> DashboardContent {
        let parameters = std::mem::take(&mut self.parameters).into_iter().map(|given| Parameter {
            name: given.name,
            label: given.label,
            ty: given.ty.0,
            object: given.object,
            default: given.default.map(|Json(value)| value).filter(|value| !value.is_null()),
        });
        DashboardContent {
            parameters: parameters.collect(),
            widgets: std::mem::take(&mut self.widgets).into_iter().map(widget).collect(),
        }
    }
}

fn widget(given: WidgetInput) -> Widget {
    let measure = |given: WidgetMeasureInput| WidgetMeasure {
        function: given.function.0,
        field: given.field,
    };
    Widget {
        key: given.key,
        title: given.title,
        face: given.face.0,
        object: given.object,
        question: given.question.map_or_else(|| json!({}), |Json(question)| question),
        chart: given.chart.map(|chart| WidgetChart {
            measures: chart.measures.into_iter().map(measure).collect(),
            first: chart.first,
            order: chart.order.map(|Word(order)| order),
            fill: chart.fill,
            stacked: chart.stacked,
        }),
        parameters: given
            .parameters
            .into_iter()
            .map(|given| WidgetParameter { parameter: given.parameter, path: given.path })
            .collect(),
        width: given.width,
        height: given.height,
        text: given.text,
        look: given.look.map(|Json(look)| look).filter(|look| !look.is_null()),
    }
}

impl From<Parameter> for ParameterInfo {
    fn from(stored: Parameter) -> Self {
        let Parameter { name, label, ty, object, default } = stored;
        Self { name, label, ty: Word(ty), object, default: default.map(Json) }
    }
}

impl WidgetInfo {
    /// A widget as its reader may know it. `left`: the parts that are not in it.
    pub(super) fn of(stored: Widget, left: Vec<String>) -> Self {
        let measure = |stored: WidgetMeasure| WidgetMeasureInfo {
            function: Word(stored.function),
            field: stored.field,
        };
        let chart = stored.chart.map(|chart| WidgetChartInfo {
            measures: chart.measures.into_iter().map(measure).collect(),
            first: chart.first,
            order: chart.order.map(Word),
            fill: chart.fill,
            stacked: chart.stacked,
        });
        let parameters = stored.parameters.into_iter();
        Self {
            key: stored.key,
            title: stored.title,
            face: Word(stored.face),
            object: stored.object,
            question: Json(stored.question),
            chart,
            parameters: parameters
                .map(|one| WidgetParameterInfo { parameter: one.parameter, path: one.path })
                .collect(),
            width: stored.width.into(),
            height: stored.height.into(),
            text: stored.text,
            look: stored.look.map(Json),
            left,
        }
    }
}
