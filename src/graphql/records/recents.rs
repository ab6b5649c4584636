//! `recents`: the records that the caller has opened lately, as far as they may still read them.

use async_graphql::{
    Name, Value as Given,
    dynamic::{Object as Type, TypeRef},
    parser::types::Field as Asked,
};
use chrono::{DateTime, SecondsFormat};
use indexmap::IndexMap;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{
    describe::{arg, field},
    draft::SchemaDraft,
    execution::Run,
    needs::Need,
};
use crate::{
    base::{Result, Value},
    catalog::{FieldIx, Object, ObjectKind},
    query::{Compare, Filter},
    records::{Hit, HitParts, Session, hits, hits_find},
};

/// The root field.
pub(super) const RECENTS: &str = "recents";
/// The type of a record that was opened.
const RECENT: &str = "Recent";
/// How many are returned by default.
const FIRST: u32 = 10;
/// How many rows are looked at: those that the caller may not read any more count as well.
const ROWS: u64 = 300;

/// Adds the root field and registers its type, which are there for everyone.
pub(super) fn register(draft: &mut SchemaDraft<'_>, query: Type) -> Type {
    let recent = Type::new(RECENT)
        .field(field("id", TypeRef::named_nn("ID")))
        .field(field("object", TypeRef::named_nn("String")))
        .field(field("label", TypeRef::named_nn("String")))
        .field(field("text", TypeRef::named("String")))
        .field(field("detail", TypeRef::named("String")))
        .field(field("at", TypeRef::named_nn("DateTime")));
    draft.register(Need::Nothing, recent);
    let root = field(RECENTS, TypeRef::named_nn_list(RECENT))
        .argument(arg("objects", TypeRef::named_nn_list("String")))
        .argument(arg("first", TypeRef::named("Int")));
    query.field(root)
}

/// A parsed `recents`.
pub(super) struct Recents<'r> {
    objects: Option<Vec<String>>,
    size: usize,
    fields: Vec<&'r Asked>,
}

impl<'r> Run<'r> {
    /// Parses the root field. Names of objects that are not there for the caller are left out.
    pub(super) fn recents(
        &self,
        given: &IndexMap<Name, Given>,
        fields: &[&'r Asked],
    ) -> Result<Recents<'r>> {
        let size = self.reader.args.page(given, FIRST)?.size as usize;
        let objects = match given.get("objects") {
            Some(Given::List(names)) => Some(names.iter().filter_map(text).collect()),
            Some(Given::String(name)) => Some(vec![name.clone()]),
            _ => None,
        };
        Ok(Recents { objects, size, fields: fields.to_vec() })
    }

    /// Answers the root field.
    pub(super) async fn recently(&self, asked: Recents<'r>) -> Result<String> {
        let workspace = &self.records.company.workspace;
        let visible = self.visible();
        let wanted = |name: &String| asked.objects.as_ref().is_none_or(|all| all.contains(name));
        let objects: Vec<&Object> = visible
            .objects()
            .filter(|object| object.kind != ObjectKind::Line && wanted(&object.name))
            .collect();
        let opened = workspace.recents(&self.session.access, &objects, ROWS).await?;
        let mut ids: IndexMap<&str, Vec<Uuid>> = IndexMap::new();
        for record in &opened {
            ids.entry(&record.object).or_default().push(record.id);
        }
        let apart = self.session.counted_apart();
        let mut found: Vec<(i64, &Object, Hit)> = Vec::new();
        for (name, ids) in &ids {
            let Some(object) = visible.catalog.named(name) else { continue };
            let at = |id: Uuid| {
                let mut own = opened.iter().filter(|one| one.object == object.name);
                own.find(|one| one.id == id).map_or(0, |one| one.at)
            };
            let read = self.picked(&apart, object, ids, None).await?;
            found.extend(read.into_iter().map(|hit| (at(hit.id), object, hit)));
        }
        let place = |hit: &Hit| opened.iter().position(|one| one.id == hit.id);
        found.sort_by_key(|(_, _, hit)| place(hit));
        let left: Vec<_> = found.iter().skip(asked.size).map(|(_, _, hit)| hit.id).collect();
        self.session.count_apart(&apart, &left);
        found.truncate(asked.size);
        let shown = found.iter().map(|(at, object, hit)| {
            let at = DateTime::from_timestamp_micros(*at).unwrap_or_default();
            self.object(RECENT, &asked.fields, |name, _| match name {
                "id" => json!(hit.id),
                "object" => json!(object.name),
                "label" => json!(object.title().text(self.reader.lang)),
                "text" => json!(hit.title),
                "detail" => json!(hit.detail),
                _ => json!(at.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
            })
        });
        Ok(Json::Array(shown.collect()).to_string())
    }

    /// Those of some records that the caller may read and that meet a condition, in the order of their ids.
    pub(super) async fn picked(
        &self,
        session: &Session,
        object: &Object,
        ids: &[Uuid],
        condition: Option<Filter>,
    ) -> Result<Vec<Hit>> {
        let those = ids.iter().copied().map(Value::Id).collect();
        let those = Filter::Field(FieldIx::ID, Compare::In(those));
        let filter = Filter::all(condition.into_iter().chain([those]).collect());
        let size = u32::try_from(ids.len()).unwrap_or(u32::MAX);
        let parts = HitParts::default();
        let find = hits_find(self.visible(), object, Some(filter), size, parts);
        // Only now is the cost known.
        let (catalog, access) = (&self.session.catalog, &self.session.access);
        self.spend(|spent| spent.add(RECENTS, catalog, access, &find));
        self.affordable()?;
        let mut found = hits(session, find, &[]).await?.hits;
        found.sort_by_key(|hit| ids.iter().position(|id| *id == hit.id));
        Ok(found)
    }
}

fn text(given: &Given) -> Option<String> {
    match given {
        Given::String(text) => Some(text.clone()),
        _ => None,
    }
}
