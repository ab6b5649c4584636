//! The content of a dashboard, against what exists for someone: checked for whoever saves it, and reduced to what exists
//! for each reader.
//!
//! A widget's question is checked and read as that of a saved view. Must not know who sees a dashboard.

use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{faults, questions::Questions};
use crate::{
    access::Visible,
    base::Error,
    catalog::{Field, FieldType, Object, place_of},
    graphql::records::PublishedSchema,
    workspace::{
        DashboardContent, MeasureFunction, Parameter, ParameterType, Widget, WidgetFace,
        WidgetMeasure, WidgetParameter, faults as kept, kept_object, nested,
    },
};

/// Most characters of a name, a label, a title and a text; most parameters, widgets, figures, groups; most rows of a
/// widget, and bytes of its look.
const NAME: usize = 40;
const LABEL: usize = 80;
const TITLE: usize = 120;
const TEXT: usize = 10_000;
const PARAMETERS: usize = 20;
const WIDGETS: usize = 40;
const MEASURES: usize = 10;
const GROUPS: u32 = 1_000;
const COLUMNS: u8 = 12;
const ROWS: u8 = 40;
const LOOK: usize = 4_000;
/// Most values of a parameter's default.
const CHOSEN: usize = 100;
/// The default of a person's parameter: the reader.
const ME: &str = "ME";

/// What contents are looked up in, for someone.
#[derive(Clone, Copy)]
pub(super) struct Contents<'q> {
    pub(super) published: &'q PublishedSchema,
    pub(super) visible: Visible<'q>,
}

/// Faults with their place in the input.
struct Found(Vec<Error>);

impl Found {
    fn add(&mut self, at: &[&str], fault: Error) {
        let path = fault.path.clone();
        self.0.push(fault.at(at.iter().map(|&step| step.to_owned()).chain(path)));
    }

    fn unless(&mut self, holds: bool, at: &[&str], fault: impl FnOnce() -> Error) {
        if !holds {
            self.add(at, fault());
        }
    }

    /// Checks that names are well-formed and different.
    fn names<'n>(&mut self, list: &str, key: &str, names: impl Iterator<Item = &'n str>) {
        let mut known: Vec<&str> = Vec::new();
        for (ix, name) in names.enumerate() {
            let at = ["input", list, &ix.to_string(), key].map(str::to_owned);
            let at: Vec<_> = at.iter().map(String::as_str).collect();
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
            let formed = name.starts_with(|c: char| c.is_ascii_alphabetic())
                && name.len() <= NAME
                && name.chars().all(plain);
            self.unless(formed, &at, || faults::no_widget_name(NAME));
            self.unless(!known.contains(&name), &at, || faults::widget_name_twice(name));
            known.push(name);
        }
    }
}

impl<'q> Contents<'q> {
    fn questions(self, object: &'q Object) -> Questions<'q> {
        Questions { published: self.published, visible: self.visible, object }
    }

    fn object(self, name: Option<&String>) -> Option<&'q Object> {
        kept_object(self.visible, name?)
    }

    /// Checks a content that is to be saved, and returns it as it is to be stored.
    pub(super) fn check(
        self,
        mut content: DashboardContent,
    ) -> Result<DashboardContent, Vec<Error>> {
        let mut found = Found(Vec::new());
        for (list, count, most) in [
            ("parameters", content.parameters.len(), PARAMETERS),
            ("widgets", content.widgets.len(), WIDGETS),
        ] {
            found.unless(count <= most, &["input", list], || faults::too_many_widgets(most));
        }
        if !found.0.is_empty() {
            return Err(found.0);
        }
        found.names("parameters", "name", content.parameters.iter().map(|one| one.name.as_str()));
        found.names("widgets", "key", content.widgets.iter().map(|one| one.key.as_str()));
        for (ix, parameter) in content.parameters.iter().enumerate() {
            self.check_parameter(&["input", "parameters", &ix.to_string()], parameter, &mut found);
        }
        let parameters = &content.parameters;
        for (ix, widget) in content.widgets.iter_mut().enumerate() {
            let ix = ix.to_string();
            self.check_widget(&["input", "widgets", &ix], (widget, parameters), &mut found);
        }
        if found.0.is_empty() { Ok(content) } else { Err(found.0) }
    }

    fn check_parameter(self, at: &[&str], parameter: &Parameter, found: &mut Found) {
        let under = |name: &'static str| [at, &[name]].concat();
        let fits = parameter.label.chars().count() <= LABEL;
        found.unless(fits, &under("label"), || faults::long_widget_text(LABEL));
        let record = parameter.ty == ParameterType::Record;
        if record != parameter.object.is_some() {
            found.add(&under("object"), faults::parameter_without_object());
        } else if let Some(name) = parameter.object.as_ref() {
            let known = self.object(Some(name)).is_some();
            found.unless(known, &under("object"), || kept::no_object(name.as_str()));
        }
        let Some(default) = &parameter.default else { return };
        let path = under("default");
        if parameter.ty == ParameterType::Period {
            let access = self.visible.access;
            let checked = self.published.checked(access, (&path, "DateFilter"), default);
            found.0.extend(checked.err().unwrap_or_default());
            return;
        }
        let fits = |value: &Json| match (value.as_str(), parameter.ty) {
            (Some(text), ParameterType::Picklist) => text.chars().count() <= TITLE,
            (Some(text), _) => Uuid::parse_str(text).is_ok(),
            (None, _) => false,
        };
        let me = parameter.ty == ParameterType::Person && *default == json!(ME);
        let listed = default
            .as_array()
            .is_some_and(|values| values.len() <= CHOSEN && values.iter().all(fits));
        found.unless(me || listed, &path, faults::no_parameter_value);
    }

    fn check_widget(
        self,
        at: &[&str],
        (widget, parameters): (&mut Widget, &[Parameter]),
        found: &mut Found,
    ) {
        let under = |name: &'static str| [at, &[name]].concat();
        for (name, text, most) in
            [("title", Some(&widget.title), TITLE), ("text", widget.text.as_ref(), TEXT)]
        {
            let fits = text.is_none_or(|text| text.chars().count() <= most);
            found.unless(fits, &under(name), || faults::long_widget_text(most));
        }
        for (name, size, most) in
            [("width", widget.width, COLUMNS), ("height", widget.height, ROWS)]
        {
            let fits = (1..=most).contains(&size);
            found.unless(fits, &under(name), || faults::widget_size(most));
        }
        let plain = |look: &Json| look.is_object() && look.to_string().len() <= LOOK;
        let look = widget.look.as_ref().is_none_or(plain);
        found.unless(look, &under("look"), || faults::no_widget_look(LOOK));
        if widget.face == WidgetFace::Text {
            let bare = widget.object.is_none()
                && widget.chart.is_none()
                && widget.parameters.is_empty()
                && widget.question.as_object().is_some_and(serde_json::Map::is_empty);
            found.unless(bare, &under("object"), faults::text_with_object);
            let said = widget.text.as_ref().is_some_and(|text| !text.trim().is_empty());
            found.unless(said, &under("text"), faults::widget_without_text);
            return;
        }
        let Some(name) = widget.object.as_ref() else {
            found.add(&under("object"), faults::widget_without_object());
            return;
        };
        let Some(object) = self.object(Some(name)) else {
            found.add(&under("object"), kept::no_object(name.as_str()));
            return;
        };
        match self.questions(object).check(&under("question"), &widget.question) {
            Ok(question) => widget.question = question,
            Err(faults) => found.0.extend(faults),
        }
        self.check_chart(&under("chart"), (widget, object), found);
        let few = widget.parameters.len() <= PARAMETERS;
        found.unless(few, &under("parameters"), || faults::too_many_widgets(PARAMETERS));
        for (ix, given) in widget.parameters.iter().enumerate().take(PARAMETERS) {
            let (path, ix) = (under("parameters"), ix.to_string());
            if let Some((name, fault)) = self.fault_of_mapping(object, parameters, given) {
                found.add(&[path.as_slice(), &[&ix, name]].concat(), fault);
            }
        }
    }

    fn check_chart(self, at: &[&str], (widget, object): (&Widget, &Object), found: &mut Found) {
        let Some(chart) = &widget.chart else { return };
        found.unless(widget.face != WidgetFace::List, at, faults::list_with_chart);
        let first = chart.first.is_none_or(|first| (1..=GROUPS).contains(&first));
        found.unless(first, &[at, &["first"]].concat(), || faults::widget_size(GROUPS));
        let measures = [at, &["measures"]].concat();
        let few = chart.measures.len() <= MEASURES;
        found.unless(few, &measures, || faults::too_many_widgets(MEASURES));
        for (ix, measure) in chart.measures.iter().enumerate().take(MEASURES) {
            let ix = ix.to_string();
            let at = [measures.as_slice(), &[&ix, "field"]].concat();
            match (measure.function, &measure.field) {
                (MeasureFunction::Count, None) => {}
                (MeasureFunction::Count, Some(_)) => found.add(&at, faults::count_with_field()),
                (_, None) => found.add(&at, faults::measure_without_field()),
                (_, Some(_)) if self.has_measure(object, measure) => {}
                (_, Some(field)) => found.add(&at, faults::unknown_column(&object.name, field)),
            }
        }
    }

    /// Whether a figure exists: groups can be ordered by it.
    fn has_measure(self, object: &Object, measure: &WidgetMeasure) -> bool {
        let Some(field) = &measure.field else { return true };
        let steps = std::iter::once(measure.function.api_name()).chain(field.split('.'));
        let order = nested(steps.collect::<Vec<_>>().into_iter(), json!("ASC"));
        let at = (&["order"][..], format!("{}AggregateOrder", object.name));
        self.published.checked(self.visible.access, (at.0, &at.1), &order).is_ok()
    }

    /// The fault of a parameter that narrows a widget, with the key that it is about.
    fn fault_of_mapping(
        self,
        object: &'q Object,
        parameters: &[Parameter],
        given: &WidgetParameter,
    ) -> Option<(&'static str, Error)> {
        let Some(parameter) = parameters.iter().find(|one| one.name == given.parameter) else {
            return Some(("parameter", faults::no_such_parameter(&given.parameter)));
        };
        let Some(field) = self.filtered(object, &given.path) else {
            return Some(("path", faults::unknown_column(&object.name, &given.path)));
        };
        let fits = self.is_of_type(field, parameter);
        (!fits).then(|| ("path", faults::parameter_of_other_type(&given.path)))
    }

    /// The field at the end of a path by which records can be filtered.
    fn filtered(self, object: &'q Object, path: &str) -> Option<&'q Field> {
        let field = self.questions(object).column(path)?;
        let steps = self.visible.catalog.steps(object, path);
        let names = steps.iter().flat_map(|step| {
            let (group, name) = place_of(step);
            group.into_iter().chain([name])
        });
        let filter = nested(names.collect::<Vec<_>>().into_iter(), json!({ "isNull": false }));
        let ty = format!("{}Filter", object.name);
        let checked = self.published.checked(self.visible.access, (&["filter"], &ty), &filter);
        checked.is_ok().then_some(field)
    }

    fn is_of_type(self, field: &Field, parameter: &Parameter) -> bool {
        let catalog = self.visible.catalog;
        let target = || field.relation().map(|relation| catalog.object(relation.target));
        match parameter.ty {
            ParameterType::Period => field.is_moment(),
            ParameterType::Picklist => matches!(field.ty, FieldType::Picklist(_)),
            ParameterType::Record => {
                target().is_some_and(|known| parameter.object.as_ref() == Some(&known.name))
            }
            ParameterType::Person => {
                let employees = catalog.objects.iter().find_map(Object::employee);
                target().is_some_and(|known| employees.is_some_and(|(_, ix)| ix == known.ix))
            }
        }
    }

    /// What is saved, with what of the dashboard before does not exist for its author: they cannot have taken away what
    /// they do not see. A hidden widget whose key another one has got gets a new key.
    pub(super) fn with_hidden(
        self,
        mut saved: DashboardContent,
        before: DashboardContent,
    ) -> DashboardContent {
        let (seen_parameters, seen) = self.read(before.clone(), true);
        let shown = |widget: &Widget| seen.iter().any(|(one, _)| one.key == widget.key);
        for mut widget in before.widgets.into_iter().filter(|widget| !shown(widget)) {
            while saved.widgets.iter().any(|one| one.key == widget.key) {
                widget.key.push('_');
            }
            saved.widgets.push(widget);
        }
        let shown = |name: &str| seen_parameters.iter().any(|one| one.name == name);
        for parameter in before.parameters {
            let taken = saved.parameters.iter().any(|one| one.name == parameter.name);
            if !taken && !shown(&parameter.name) {
                saved.parameters.push(parameter);
            }
        }
        saved
    }

    /// The content as far as it exists for its reader: widgets with the parts that are left out of each.
    ///
    /// `all`: the reader has named every part themselves, or may know every name. Others get no widget whose groups or
    /// figures are all hidden from them: it would show something else than was meant.
    pub(super) fn read(
        self,
        content: DashboardContent,
        all: bool,
    ) -> (Vec<Parameter>, Vec<(Widget, Vec<String>)>) {
        let DashboardContent { parameters, widgets } = content;
        let mapped = |widget: &Widget| -> Vec<String> {
            widget.parameters.iter().map(|one| one.parameter.clone()).collect()
        };
        let before: Vec<String> = widgets.iter().flat_map(mapped).collect();
        let widgets: Vec<_> = widgets
            .into_iter()
            .filter_map(|widget| self.read_widget(widget, &parameters, all))
            .collect();
        let after: Vec<String> = widgets.iter().flat_map(|(widget, _)| mapped(widget)).collect();
        let exists = |parameter: &Parameter| {
            let narrows =
                all || !before.contains(&parameter.name) || after.contains(&parameter.name);
            let object =
                parameter.object.is_none() || self.object(parameter.object.as_ref()).is_some();
            narrows && object
        };
        (parameters.into_iter().filter(exists).collect(), widgets)
    }

    fn read_widget(
        self,
        mut widget: Widget,
        parameters: &[Parameter],
        all: bool,
    ) -> Option<(Widget, Vec<String>)> {
        if widget.face == WidgetFace::Text {
            return Some((widget, Vec::new()));
        }
        let object = self.object(widget.object.as_ref())?;
        let (question, mut left) = self.questions(object).read(&widget.question, all);
        let grouped =
            |question: &Json| question["groupBy"].as_array().is_some_and(|by| !by.is_empty());
        let mut whole = grouped(&question) == grouped(&widget.question);
        widget.question = question;
        if let Some(chart) = &mut widget.chart {
            let some = !chart.measures.is_empty();
            chart.measures.retain(|measure| {
                let exists = self.has_measure(object, measure);
                if !exists && all {
                    left.extend(measure.field.as_ref().map(|field| format!("chart.{field}")));
                }
                exists
            });
            whole &= !some || !chart.measures.is_empty();
        }
        widget.parameters.retain(|given| {
            let exists = self.fault_of_mapping(object, parameters, given).is_none();
            if !exists && all {
                left.push(format!("parameters.{}", given.path));
            }
            exists
        });
        (whole || all).then_some((widget, left))
    }
}
