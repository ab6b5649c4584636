//! Answers `recycleBin`.

use async_graphql::{Name, Value as Given, parser::types::Field as Asked};
use chrono::{DateTime, SecondsFormat};
use indexmap::IndexMap;
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{
    execution::Run,
    faults,
    recycle_bin_schema::{LIST, RECORD, ROOT},
};
use crate::{
    access::Action,
    base::{Error, Result},
    graphql::optional,
    query::Way,
    records::{Recycled, recycled},
};

impl<'r> Run<'r> {
    /// Returns the response of the root field.
    pub(super) async fn recycle_bin(
        &self,
        given: &IndexMap<Name, Given>,
        fields: &[&'r Asked],
    ) -> Result<String> {
        if self.session.purpose != Action::Read {
            return Err(faults::recycle_bin_is_read_only());
        }
        let page = self.reader.args.page(given, self.reader.args.limits.page)?;
        let seal = &self.session.seal;
        let entry = page.cursor.as_deref().map(|cursor| seal.open(ROOT, cursor)).transpose()?;
        let after =
            entry.map(|entry| entry.parse::<Uuid>()).transpose().map_err(Error::internal)?;
        let object = match given.get("object") {
            Some(Given::String(object)) => Some(object.as_str()),
            _ => None,
        };
        let (listed, more) = recycled(self.session, object, page.size, after).await?;
        if more {
            self.session.beyond.add(&Way::default());
        }
        let sets: Vec<_> = fields.iter().map(|field| &field.selection_set.node).collect();
        let mut out = Map::new();
        for (key, fields) in self.reader.collect(&sets, LIST) {
            let Some(first) = fields.first() else { continue };
            let value = match first.name.node.as_str() {
                _ if optional::absent(first) => Json::Null,
                "nodes" => listed.iter().map(|one| self.recycled(one, &fields)).collect(),
                "pageInfo" => self.recycled_page(&listed, after.is_some(), more, &fields),
                _ => json!(LIST),
            };
            out.insert(key, value);
        }
        Ok(Json::Object(out).to_string())
    }

    fn recycled(&self, record: &Recycled, fields: &[&'r Asked]) -> Json {
        let at = DateTime::from_timestamp_micros(record.at).unwrap_or_default();
        self.object(RECORD, fields, |name, _| match name {
            "id" => json!(record.id),
            "object" => json!(self.session.catalog.object(record.object).name),
            "version" => json!(record.version),
            "title" => json!(record.title),
            "deletedAt" => json!(at.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
            _ => json!(record.operator),
        })
    }

    fn recycled_page(
        &self,
        listed: &[Recycled],
        before: bool,
        more: bool,
        fields: &[&'r Asked],
    ) -> Json {
        let cursor = |record: Option<&Recycled>| {
            json!(record.map(|record| self.session.seal.seal(ROOT, &record.entry.to_string())))
        };
        self.object("PageInfo", fields, |name, _| match name {
            "hasNextPage" => json!(more),
            "hasPreviousPage" => json!(before),
            "startCursor" => cursor(listed.first()),
            _ => cursor(listed.last()),
        })
    }

    /// The JSON of an object of a type. `value` gives what a field has by its name and selections.
    pub(super) fn object(
        &self,
        ty: &str,
        fields: &[&'r Asked],
        value: impl Fn(&str, &[&'r Asked]) -> Json,
    ) -> Json {
        let sets: Vec<_> = fields.iter().map(|field| &field.selection_set.node).collect();
        let collected = self.reader.collect(&sets, ty).into_iter();
        let shown = collected.filter_map(|(key, fields)| {
            let first = fields.first()?;
            let name = first.name.node.as_str();
            Some((
                key,
                if optional::absent(first) {
                    Json::Null
                } else if name == "__typename" {
                    json!(ty)
                } else {
                    value(name, &fields)
                },
            ))
        });
        Json::Object(shown.collect())
    }
}
