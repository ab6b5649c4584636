//! What a saved view or a widget asks for, against what exists for someone: checked for whoever saves it, and cut down to what is
//! there for each reader.
//!
//! Filter, order and groups are values of the types at `/graphql`, and are checked as arguments there are. Columns
//! are paths of fields. Must not know who sees a view.

use serde_json::{Map, Value as Json, json};

use super::faults;
use crate::{
    access::Visible,
    base::{Error, Result},
    catalog::{Field, FieldType, Object, Renames, grouped},
    graphql::records::PublishedSchema,
};

/// Most columns, steps of a column's path, pixels of a column, characters to search for.
const COLUMNS: usize = 100;
const STEPS: usize = 5;
const WIDTH: u64 = 4_000;
const SEARCH: usize = 200;

/// The parts of a question.
const FILTER: &str = "filter";
const SEARCHED: &str = "search";
const ORDER: &str = "orderBy";
const GROUPS: &str = "groupBy";
const SHOWN: &str = "columns";
const PARTS: [&str; 5] = [FILTER, SEARCHED, ORDER, GROUPS, SHOWN];

/// Steps of filters that name no field.
const CONNECTIVES: [&str; 6] = ["and", "or", "not", "some", "none", "every"];

/// The questions on one object, of someone for whom it exists.
#[derive(Clone, Copy)]
pub(super) struct Questions<'q> {
    pub(super) published: &'q PublishedSchema,
    pub(super) visible: Visible<'q>,
    pub(super) object: &'q Object,
}

impl<'q> Questions<'q> {
    /// The type of an argument at `/graphql`.
    fn ty(self, part: &str) -> Option<String> {
        let name = &self.object.name;
        match part {
            FILTER => Some(format!("{name}Filter")),
            ORDER => Some(format!("[{name}Order!]")),
            GROUPS => Some(format!("[{name}GroupBy!]")),
            _ => None,
        }
    }

    /// Checks a question that is to be saved, which is given at a path. Parts that are null are left out.
    pub(super) fn check(self, at: &[&str], question: &Json) -> Result<Json, Vec<Error>> {
        let Json::Object(parts) = question else {
            return Err(vec![faults::no_question().at(at.iter().copied())]);
        };
        let (mut checked, mut found) = (Map::new(), Vec::new());
        for (part, value) in parts.iter().filter(|(_, value)| !value.is_null()) {
            let path = [at, &[part.as_str()]].concat();
            let here = |fault: Error| vec![fault.at(path.iter().copied())];
            let result = match (part.as_str(), self.ty(part)) {
                (_, Some(ty)) => self.published.checked(self.visible.access, (&path, &ty), value),
                (SEARCHED, _) => search(value).map_err(here),
                (SHOWN, _) => self.columns(&path, value),
                _ => Err(here(faults::no_part_of_question(part, PARTS.join(", ")))),
            };
            match result {
                Ok(value) => {
                    checked.insert(part.clone(), value);
                }
                Err(faults) => found.extend(faults),
            }
        }
        if !found.is_empty() {
            return Err(found);
        }
        // It is kept longer than old names lead anywhere.
        let checked = Json::Object(checked);
        let renames = Renames::of_old_names(self.visible.catalog);
        Ok(renames.question(self.object, &checked).unwrap_or(checked))
    }

    fn columns(self, path: &[&str], value: &Json) -> Result<Json, Vec<Error>> {
        let at = |at: Option<usize>| {
            let path = path.iter().map(|&step| step.to_owned());
            path.chain(at.map(|at| at.to_string())).collect::<Vec<_>>()
        };
        let columns = value.as_array().filter(|columns| columns.len() <= COLUMNS);
        let Some(columns) = columns else {
            return Err(vec![faults::no_columns(COLUMNS).at(at(None))]);
        };
        let each = columns.iter().enumerate();
        let faults: Vec<_> = each
            .filter_map(|(ix, column)| Some(self.fault_of_column(column)?.at(at(Some(ix)))))
            .collect();
        if faults.is_empty() { Ok(value.clone()) } else { Err(faults) }
    }

    fn fault_of_column(self, column: &Json) -> Option<Error> {
        let Some(path) = path_of(column) else { return Some(faults::no_column(WIDTH)) };
        let found = self.column(path);
        found.is_none().then(|| faults::unknown_column(&self.object.name, path))
    }

    /// The field at the end of a column's path over relations to one record, if all of it exists.
    pub(super) fn column(self, path: &str) -> Option<&'q Field> {
        let steps = self.visible.catalog.steps(self.object, path);
        let (last, relations) = steps.split_last().filter(|_| steps.len() <= STEPS)?;
        let mut object = self.object;
        for step in relations {
            let field = self.field(object, step)?;
            let FieldType::Relation(relation) = &field.ty else { return None };
            object = self.visible.catalog.object(relation.target);
        }
        self.field(object, last)
    }

    fn field(self, object: &'q Object, name: &str) -> Option<&'q Field> {
        self.visible.fields(object).map(|(_, field)| field).find(|field| field.name == name)
    }

    /// Whether a step leads into a group of which the reader sees any field.
    fn leads_into(self, object: &'q Object, step: &str) -> bool {
        let mut fields = self.visible.fields(object);
        fields.any(|(_, field)| field.place().0 == Some(step))
    }

    /// What of a question exists for its reader, and what of it was left out.
    ///
    /// `all`: the reader has named the parts themselves or may know every name. Anybody else is told of a part only if
    /// its names exist for them; what is hidden is left out without a word, as what never was.
    pub(super) fn read(self, question: &Json, all: bool) -> (Json, Vec<String>) {
        let (mut readable, mut left) = (Map::new(), Vec::new());
        for (part, value) in question.as_object().into_iter().flatten() {
            let dropped = match (part.as_str(), self.ty(part)) {
                (_, Some(ty)) => {
                    let read = self.published.readable(self.visible.access, (&[part], &ty), value);
                    readable.extend(read.value.map(|value| (part.clone(), value)));
                    read.dropped
                }
                (SEARCHED, _) if self.visible.searches(self.object) => {
                    readable.insert(part.clone(), value.clone());
                    Vec::new()
                }
                (SHOWN, _) => {
                    let columns = value.as_array().into_iter().flatten();
                    let (kept, gone): (Vec<_>, Vec<_>) = columns.partition(|column| {
                        path_of(column).is_some_and(|path| self.column(path).is_some())
                    });
                    readable.insert(part.clone(), json!(kept));
                    let steps = |path: &str| path.split('.').map(str::to_owned).collect::<Vec<_>>();
                    let gone = gone.into_iter().filter_map(path_of).map(steps);
                    gone.map(|steps| [vec![part.clone()], steps].concat()).collect()
                }
                _ => vec![vec![part.clone()]],
            };
            let told = dropped.into_iter().filter(|path| all || self.exists(path));
            left.extend(told.map(|path| path.join(".")));
        }
        (Json::Object(readable), left)
    }

    /// Whether every field that a dropped path names exists for the reader.
    fn exists(self, path: &[String]) -> bool {
        let (mut object, mut within, mut group) = (self.object, false, None::<&str>);
        // The first step is the part of the question.
        for step in path.iter().skip(1) {
            if within {
                // Operators of a field, and what is behind them, are no names of anybody's.
                return true;
            }
            if self.leads_into(object, step) {
                group = Some(step.as_str());
                continue;
            }
            let name = group.take().map(|group| grouped(group, step));
            if let Some(field) = self.field(object, name.as_deref().unwrap_or(step)) {
                match field.target() {
                    Some(target) => object = self.visible.catalog.object(target),
                    None => within = true,
                }
            } else if !CONNECTIVES.contains(&step.as_str()) && step.parse::<usize>().is_err() {
                return false;
            }
        }
        path.len() > 1
    }
}

fn search(value: &Json) -> Result<Json, Error> {
    match value.as_str() {
        Some(text) if text.chars().count() <= SEARCH => Ok(json!(text)),
        _ => Err(faults::no_search_text(SEARCH)),
    }
}

/// The path of a column: `"owner.name"`, or `{"field": "owner.name", "width": 120}`.
fn path_of(column: &Json) -> Option<&str> {
    match column {
        Json::String(path) => Some(path),
        Json::Object(parts) => {
            let fits = |(key, value): (&String, &Json)| match key.as_str() {
                "field" => value.is_string(),
                "width" => value.as_u64().is_some_and(|width| (1..=WIDTH).contains(&width)),
                _ => false,
            };
            parts.get("field").filter(|_| parts.iter().all(fits)).and_then(Json::as_str)
        }
        _ => None,
    }
}
