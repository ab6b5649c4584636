//! `timeline`: what happened about a record, the latest first, as far as the caller may see it.

use async_graphql::{
    Name, Value as Given,
    dynamic::{Enum, Object as Type, TypeRef},
    parser::types::Field as Asked,
};
use indexmap::IndexMap;
use serde_json::{Map, Value as Json, json};
use strum::IntoEnumIterator;

use super::{
    argument_parts::{id, items},
    describe::{arg, field},
    draft::SchemaDraft,
    execution::Run,
    history::CHANGE,
    needs::Need,
};
use crate::{
    base::Result,
    catalog::{Object, ObjectKind, TimelineKind},
    graphql::optional,
    layouts::state_field,
    query::{Find, Way},
    records::{
        Happened, OwnChanges, Timeline, TimelineAsked, TimelineEntry, TimelinePage, instant_text,
    },
};

/// The root field.
pub(super) const TIMELINE: &str = "timeline";
const CONNECTION: &str = "TimelineConnection";
const EDGE: &str = "TimelineEdge";
const ENTRY: &str = "TimelineEntry";
const KIND: &str = "TimelineKind";
/// The kinds of a record's own changes: of its state, and others.
const STAGE: &str = "STAGE";
const CHANGED: &str = "CHANGE";

/// Adds the root field and registers its types, which are there for everyone.
pub(super) fn register(draft: &mut SchemaDraft<'_>, query: Type) -> Type {
    let records = TimelineKind::iter().map(|kind| kind.as_ref().to_owned());
    let kinds = records.chain([STAGE, CHANGED].map(str::to_owned));
    draft.register(Need::Nothing, Enum::new(KIND).items(kinds));
    let edge = Type::new(EDGE)
        .field(field("cursor", TypeRef::named_nn("String")))
        .field(field("node", TypeRef::named_nn(ENTRY)));
    draft.register(Need::Nothing, edge);
    let connection = Type::new(CONNECTION)
        .field(field("edges", TypeRef::named_nn_list_nn(EDGE)))
        .field(field("nodes", TypeRef::named_nn_list_nn(ENTRY)))
        .field(field("pageInfo", TypeRef::named_nn("PageInfo")));
    let entry = Type::new(ENTRY)
        .field(field("id", TypeRef::named_nn("ID")))
        .field(field("kind", TypeRef::named_nn(KIND)))
        .field(field("at", TypeRef::named_nn("DateTime")))
        .field(field("object", TypeRef::named_nn("String")))
        .field(field("label", TypeRef::named_nn("String")))
        .field(field("text", TypeRef::named("String")))
        .field(field("detail", TypeRef::named("String")))
        .field(field("action", TypeRef::named("String")))
        .field(field("version", TypeRef::named("Int")))
        .field(field("operator", TypeRef::named("ID")))
        .field(field("operatorName", TypeRef::named("String")))
        .field(field("changes", TypeRef::named_nn_list(CHANGE)));
    draft.register(Need::Nothing, connection);
    draft.register(Need::Nothing, entry);
    let root = field(TIMELINE, TypeRef::named(CONNECTION))
        .argument(arg("object", TypeRef::named_nn("String")))
        .argument(arg("id", TypeRef::named_nn("ID")))
        .argument(arg("kinds", TypeRef::named_nn_list(KIND)))
        .argument(arg("first", TypeRef::named("Int")))
        .argument(arg("after", TypeRef::named("String")));
    query.field(root)
}

/// A parsed `timeline`.
pub(super) struct Timelining<'r> {
    object: &'r Object,
    timeline: Timeline,
    /// Whether it goes on behind a cursor.
    after: bool,
    fields: Vec<&'r Asked>,
}

impl Timelining<'_> {
    /// The reads that it takes.
    pub(super) fn finds(&self) -> &[Find] {
        &self.timeline.finds
    }
}

impl<'r> Run<'r> {
    /// Parses the root field. None if there is no such object for the caller, or no such record.
    pub(super) fn timelining(
        &self,
        given: &IndexMap<Name, Given>,
        fields: &[&'r Asked],
    ) -> Result<Option<Timelining<'r>>> {
        let page = self.reader.args.page(given, self.reader.args.limits.page)?;
        let visible = self.visible();
        let named = given.get("object").and_then(|name| match name {
            Given::String(name) => visible.catalog.named(name),
            _ => None,
        });
        let object = named.filter(|one| one.kind != ObjectKind::Line && visible.reads(one));
        let record = given.get("id").and_then(|given| id(given).ok());
        let (Some(object), Some(record)) = (object, record) else { return Ok(None) };
        let kinds: Option<Vec<&str>> = match given.get("kinds") {
            None | Some(Given::Null) => None,
            Some(kinds) => Some(items(kinds).into_iter().filter_map(named_kind).collect()),
        };
        let wanted = |kind: &str| kinds.as_ref().is_none_or(|kinds| kinds.contains(&kind));
        let sees = |of: &Object, ix| visible.compares(of, ix);
        let state = state_field(object, &sees);
        let changes = match (wanted(CHANGED), wanted(STAGE), state) {
            (true, told, state) => OwnChanges::All(state.filter(|_| told)),
            (false, true, Some(state)) => OwnChanges::State(state),
            (false, ..) => OwnChanges::None,
        };
        let asked = TimelineAsked {
            object: object.ix,
            id: record,
            records: TimelineKind::iter().filter(|kind| wanted(kind.as_ref())).collect(),
            changes,
            size: page.size,
            after: page.cursor.clone(),
            lang: self.reader.lang,
        };
        let timeline = Timeline::of(self.session, asked)?;
        let after = page.cursor.is_some();
        Ok(Some(Timelining { object, timeline, after, fields: fields.to_vec() }))
    }

    /// Answers the root field.
    pub(super) async fn timeline(&self, asked: Timelining<'r>) -> Result<String> {
        let Timelining { object, timeline, after, fields } = asked;
        let read = timeline.read(self.session).await?;
        // What its reads left out is not where the answer goes on.
        self.session.beyond.take();
        let Some(page) = read else { return Ok("null".to_owned()) };
        if page.more {
            self.session.beyond.add(&Way::default());
        }
        let sets: Vec<_> = fields.iter().map(|field| &field.selection_set.node).collect();
        let mut out = Map::new();
        for (key, fields) in self.reader.collect(&sets, CONNECTION) {
            let Some(first) = fields.first() else { continue };
            let value = match first.name.node.as_str() {
                _ if optional::absent(first) => Json::Null,
                "nodes" => {
                    let entries = page.entries.iter();
                    entries.map(|entry| self.happened(object, entry, &fields)).collect()
                }
                "edges" => {
                    let each = page.entries.iter().zip(&page.cursors);
                    let edge = |(entry, cursor): (&TimelineEntry, &String)| {
                        self.object(EDGE, &fields, |name, fields| match name {
                            "cursor" => json!(cursor),
                            _ => self.happened(object, entry, fields),
                        })
                    };
                    each.map(edge).collect()
                }
                "pageInfo" => self.timeline_page(&page, after, &fields),
                _ => json!(CONNECTION),
            };
            out.insert(key, value);
        }
        Ok(Json::Object(out).to_string())
    }

    fn happened(&self, own: &Object, entry: &TimelineEntry, fields: &[&'r Asked]) -> Json {
        let lang = self.reader.lang;
        match &entry.what {
            Happened::Made(kind, object, hit) => {
                let object = self.session.catalog.object(*object);
                self.object(ENTRY, fields, |name, _| match name {
                    "id" => json!(hit.id),
                    "kind" => json!(kind.as_ref()),
                    "at" => json!(instant_text(entry.at)),
                    "object" => json!(object.name),
                    "label" => json!(object.title().text(lang)),
                    "text" => json!(hit.title),
                    "detail" => json!(hit.detail),
                    _ => Json::Null,
                })
            }
            Happened::Changed(state, change) => {
                self.object(ENTRY, fields, |name, fields| match name {
                    "kind" => json!(if *state { STAGE } else { CHANGED }),
                    "object" => json!(own.name),
                    "label" => json!(own.title().text(lang)),
                    "text" | "detail" => Json::Null,
                    "changes" => {
                        let changes = change[name].as_array().into_iter().flatten();
                        let told = changes
                            .map(|one| self.object(CHANGE, fields, |name, _| one[name].clone()));
                        told.collect()
                    }
                    name => change[name].clone(),
                })
            }
        }
    }

    fn timeline_page(&self, page: &TimelinePage, after: bool, fields: &[&'r Asked]) -> Json {
        self.object("PageInfo", fields, |name, _| match name {
            "hasNextPage" => json!(page.more),
            "hasPreviousPage" => json!(after),
            "startCursor" => json!(page.cursors.first()),
            _ => json!(page.cursors.last()),
        })
    }
}

fn named_kind(given: &Given) -> Option<&str> {
    match given {
        Given::Enum(name) => Some(name.as_str()),
        Given::String(name) => Some(name.as_str()),
        _ => None,
    }
}
