//! `myDay`: what a day holds for the caller, as far as they may see it.

use async_graphql::{
    Name, Value as Given,
    dynamic::{Object as Type, TypeRef},
    parser::types::Field as Asked,
};
use chrono::Days;
use indexmap::IndexMap;
use serde_json::{Map, Value as Json, json};

use super::{
    describe::{arg, field},
    draft::SchemaDraft,
    execution::Run,
    needs::Need,
};
use crate::{
    base::{Result, Value, calendar},
    catalog::FieldType,
    graphql::optional,
    query::{Find, Way},
    records::{DayEntry, DayList, MyDay, MyDayAsked},
};

/// The root field.
pub(super) const MY_DAY: &str = "myDay";
const DAY: &str = "MyDay";
const LIST: &str = "MyDayList";
const ENTRY: &str = "MyDayEntry";
/// How many entries of each list are returned by default.
const FIRST: u32 = 20;

/// Adds the root field and registers its types, which are there for everyone.
pub(super) fn register(draft: &mut SchemaDraft<'_>, query: Type) -> Type {
    let day = Type::new(DAY)
        .field(field("date", TypeRef::named_nn("Date")))
        .field(field("schedule", TypeRef::named_nn(LIST)))
        .field(field("tasks", TypeRef::named_nn(LIST)));
    let list = Type::new(LIST)
        .field(field("totalCount", TypeRef::named_nn("Int")))
        .field(field("nodes", TypeRef::named_nn_list_nn(ENTRY)));
    let entry = Type::new(ENTRY)
        .field(field("id", TypeRef::named_nn("ID")))
        .field(field("object", TypeRef::named_nn("String")))
        .field(field("label", TypeRef::named_nn("String")))
        .field(field("text", TypeRef::named("String")))
        .field(field("detail", TypeRef::named("String")))
        .field(field("day", TypeRef::named_nn("Date")))
        .field(field("start", TypeRef::named("DateTime")))
        .field(field("end", TypeRef::named("DateTime")))
        .field(field("state", TypeRef::named("String")))
        .field(field("stateLabel", TypeRef::named("String")))
        .field(field("closed", TypeRef::named_nn("Boolean")))
        .field(field("overdue", TypeRef::named_nn("Boolean")));
    for ty in [day, list, entry] {
        draft.register(Need::Nothing, ty);
    }
    let root = field(MY_DAY, TypeRef::named(DAY))
        .argument(arg("date", TypeRef::named("Date")))
        .argument(arg("first", TypeRef::named("Int")));
    query.field(root)
}

/// A parsed `myDay`.
pub(super) struct DayRequest<'r> {
    day: MyDay,
    date: chrono::NaiveDate,
    fields: Vec<&'r Asked>,
}

impl DayRequest<'_> {
    /// The reads that it takes.
    pub(super) fn finds(&self) -> &[Find] {
        &self.day.finds
    }
}

impl<'r> Run<'r> {
    /// Parses the root field.
    pub(super) fn day_request(
        &self,
        given: &IndexMap<Name, Given>,
        fields: &[&'r Asked],
    ) -> Result<DayRequest<'r>> {
        let args = &self.reader.args;
        let size = args.page(given, FIRST)?.size;
        let date = match given.get("date") {
            None | Some(Given::Null) => self.session.today(),
            Some(date) => match args.value(&FieldType::Date, date) {
                Ok(Value::Date(date)) => date,
                Ok(_) => self.session.today(),
                Err(error) => return Err(error.within("date")),
            },
        };
        let next = date.checked_add_days(Days::new(1)).unwrap_or(calendar::ends().1);
        let totals = ["schedule", "tasks"].into_iter().any(|list| {
            let below = self.below(fields, DAY, list);
            self.selects(&below, LIST, "totalCount")
        });
        let asked = MyDayAsked {
            day: date,
            instants: (args.starts(date), args.starts(next)),
            employee: args.viewer,
            size,
            totals,
        };
        let day = MyDay::of(self.session, asked);
        Ok(DayRequest { day, date, fields: fields.to_vec() })
    }

    /// Answers the root field.
    pub(super) async fn my_day(&self, asked: DayRequest<'r>) -> Result<String> {
        let DayRequest { day, date, fields } = asked;
        let [schedule, tasks] = day.read(self.session).await?;
        // What its reads left out is not where the answer goes on.
        self.session.beyond.take();
        if schedule.1 || tasks.1 {
            self.session.beyond.add(&Way::default());
        }
        let sets: Vec<_> = fields.iter().map(|field| &field.selection_set.node).collect();
        let mut out = Map::new();
        for (key, fields) in self.reader.collect(&sets, DAY) {
            let Some(first) = fields.first() else { continue };
            let value = match first.name.node.as_str() {
                _ if optional::absent(first) => Json::Null,
                "date" => json!(date.to_string()),
                "schedule" => self.day_list(&schedule.0, date, &fields),
                "tasks" => self.day_list(&tasks.0, date, &fields),
                _ => json!(optional::told(first, DAY)),
            };
            out.insert(key, value);
        }
        Ok(Json::Object(out).to_string())
    }

    fn day_list(&self, list: &DayList, date: chrono::NaiveDate, fields: &[&'r Asked]) -> Json {
        self.object(LIST, fields, |name, fields| match name {
            "totalCount" => json!(list.total),
            _ => list.entries.iter().map(|entry| self.day_entry(entry, date, fields)).collect(),
        })
    }

    fn day_entry(&self, entry: &DayEntry, date: chrono::NaiveDate, fields: &[&'r Asked]) -> Json {
        let lang = self.reader.lang;
        let catalog = &self.session.catalog;
        let object = catalog.object(entry.object);
        let called = || {
            let (ix, name) = entry.state.as_ref()?;
            let list = object.field(*ix).ty.picklist()?;
            Some(catalog.picklist(list).called(name, lang))
        };
        self.object(ENTRY, fields, |name, _| match name {
            "id" => json!(entry.hit.id),
            "object" => json!(object.name),
            "label" => json!(object.title().text(lang)),
            "text" => json!(entry.hit.title),
            "detail" => json!(entry.hit.detail),
            "day" => json!(entry.day.to_string()),
            "start" => json!(entry.start),
            "end" => json!(entry.end),
            "state" => json!(entry.state.as_ref().map(|(_, name)| name)),
            "stateLabel" => json!(called()),
            "closed" => json!(entry.closed),
            _ => json!(!entry.closed && entry.end.is_none() && entry.day < date),
        })
    }
}
