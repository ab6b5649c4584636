//! Answers `search` and `candidates`.

use async_graphql::{Name, Value as Given, parser::types::Field as Asked};
use indexmap::IndexMap;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{
    argument_parts::{id, items},
    execution::Run,
    faults,
    search_schema::{CANDIDATE, CANDIDATES, GROUP, HIT},
};
use crate::{
    access::Visible,
    base::{Error, Result},
    graphql::optional,
    query::{Filter, Find},
    records::{Candidates, Hit, HitParts, Hits, Input, hits, hits_find},
};

/// How many hits of each object are returned by default.
const HITS: u32 = 5;
/// How many candidates are returned by default.
const CHOICES: u32 = 20;
/// How many records that were opened lately are offered before others.
const RECENT: u64 = 50;
/// How many objects can be named.
const NAMED: usize = 200;
/// How many objects are searched at most where none are named, each with a statement of its own.
const OBJECTS: usize = 1_000;

/// A parsed `search` or `candidates`.
pub(super) struct Searching<'r> {
    /// One find for each object.
    pub(super) finds: Vec<Find>,
    words: Vec<String>,
    fields: Vec<&'r Asked>,
    /// What candidates are asked for.
    picked: Option<Picked<'r>>,
}

/// Candidates of a record, which may be drafted.
struct Picked<'r> {
    candidates: Candidates<'r>,
    id: Option<Uuid>,
    input: Input,
    size: u32,
}

fn text<'g>(given: &'g IndexMap<Name, Given>, name: &str) -> &'g str {
    match given.get(name) {
        Some(Given::String(text)) => text,
        _ => "",
    }
}

impl<'r> Run<'r> {
    pub(super) fn visible(&self) -> Visible<'r> {
        Visible { catalog: &self.session.catalog, access: &self.session.access }
    }

    /// The words of a search text.
    fn words(given: &IndexMap<Name, Given>, name: &str) -> Result<Option<Vec<String>>> {
        Ok(match Filter::search(text(given, name)).map_err(|error| error.within(name))? {
            Some(Filter::Search(words)) => Some(words),
            // A text that no record can hold.
            Some(_) => None,
            None => Some(Vec::new()),
        })
    }

    /// Whether a field is selected below others.
    pub(super) fn selects(&self, fields: &[&'r Asked], ty: &str, name: &str) -> bool {
        self.below(fields, ty, name).iter().any(|field| !optional::absent(field))
    }

    /// The selections of a field below others.
    pub(super) fn below(&self, fields: &[&'r Asked], ty: &str, name: &str) -> Vec<&'r Asked> {
        let sets: Vec<_> = fields.iter().map(|field| &field.selection_set.node).collect();
        let below = self.reader.collect(&sets, ty).into_values().flatten();
        below.filter(|field| field.name.node.as_str() == name).collect()
    }

    /// Parses `search`. Names of objects that are not there for the caller, or have nothing that is searched, are
    /// left out, so that one document serves all roles.
    pub(super) fn searching(
        &self,
        given: &IndexMap<Name, Given>,
        fields: &[&'r Asked],
    ) -> Result<Searching<'r>> {
        let visible = self.visible();
        let size = self.reader.args.page(given, HITS)?.size;
        let named = match given.get("objects") {
            None | Some(Given::Null) => None,
            Some(objects) => Some(items(objects)),
        };
        if named.as_ref().is_some_and(|named| named.len() > NAMED) {
            return Err(faults::many_objects(NAMED).within("objects"));
        }
        let named = named.map(|named| {
            let names = named.into_iter().filter_map(|name| match name {
                Given::String(name) => Some(name.as_str()),
                _ => None,
            });
            names.collect::<Vec<_>>()
        });
        let words = Self::words(given, "text")?.unwrap_or_default();
        let parts = HitParts {
            made: false,
            total: self.selects(fields, GROUP, "totalCount"),
            field: self.selects(&self.below(fields, GROUP, "hits"), HIT, "field"),
        };
        let wanted = |name: &str| named.as_ref().is_none_or(|named| named.contains(&name));
        let searched = visible
            .objects()
            .filter(|object| !words.is_empty() && wanted(&object.name) && visible.searches(object));
        let searched: Vec<_> = searched.collect();
        if searched.len() > OBJECTS {
            return Err(faults::many_objects(OBJECTS).within("objects"));
        }
        let finds = searched.into_iter().map(|object| {
            hits_find(visible, object, Some(Filter::Search(words.clone())), size, parts)
        });
        Ok(Searching { finds: finds.collect(), words, fields: fields.to_vec(), picked: None })
    }

    /// Parses `candidates`.
    pub(super) fn picking(
        &self,
        given: &IndexMap<Name, Given>,
        fields: &[&'r Asked],
    ) -> Result<Searching<'r>> {
        let (object, field) = (text(given, "object"), text(given, "field"));
        let size = self.reader.args.page(given, CHOICES)?.size;
        let words = Self::words(given, "search")?;
        let candidates = Candidates::of(self.visible(), object, field)
            .ok_or_else(|| faults::no_relation(object, field))?;
        // A text that is no id is the id of no record.
        let own = given.get("id").and_then(|given| id(given).ok());
        let mut searching = Searching {
            finds: Vec::new(),
            words: Vec::new(),
            fields: fields.to_vec(),
            picked: None,
        };
        let Some(words) = words else { return Ok(searching) };
        let mut input = Ok(Input::default());
        if candidates.depend() {
            input = match given.get("draft") {
                None | Some(Given::Null) => Ok(Input::default()),
                Some(draft) => self.reader.args.input(candidates.object, draft),
            };
        } else {
            searching.finds.push(candidates.find(own, &words, None, size));
        }
        let input = input.map_err(|faults: Vec<Error>| {
            let first = faults.into_iter().next().map(|fault| fault.within("draft"));
            first.unwrap_or_else(|| Error::internal("a draft with no fault was refused"))
        })?;
        searching.picked = Some(Picked { candidates, id: own, input, size });
        searching.words = words;
        Ok(searching)
    }

    /// Answers `search`: a group for each object of which something is found.
    pub(super) async fn search(&self, searching: Searching<'r>) -> Result<String> {
        let mut groups = Vec::with_capacity(searching.finds.len());
        for find in searching.finds {
            let found = hits(self.session, find, &searching.words).await?;
            if !found.hits.is_empty() || found.total.is_some_and(|total| total > 0) {
                groups.push(self.group(&found, &searching.fields));
            }
        }
        Ok(Json::Array(groups).to_string())
    }

    fn group(&self, found: &Hits, fields: &[&'r Asked]) -> Json {
        let object = self.session.catalog.object(found.object);
        self.object(GROUP, fields, |name, fields| match name {
            "object" => json!(object.name),
            "label" => json!(object.title().text(self.reader.lang)),
            "totalCount" => json!(found.total.unwrap_or_default()),
            _ => found
                .hits
                .iter()
                .map(|hit| self.object(HIT, fields, |name, _| shown(hit, name)))
                .collect(),
        })
    }

    /// Answers `candidates`: those that the caller has opened lately come first.
    pub(super) async fn candidates(&self, picking: Searching<'r>) -> Result<String> {
        let Searching { mut finds, words, fields, picked } = picking;
        let Some(Picked { candidates, id, input, size }) = picked else {
            return Ok("[]".to_owned());
        };
        let mut choice = None;
        if candidates.depend() {
            choice = candidates.choice(self.session, id, input).await?;
            let find = candidates.find(id, &words, choice.clone(), size);
            // Only now is the cost known.
            let (catalog, access) = (&self.session.catalog, &self.session.access);
            self.spend(|spent| spent.add(CANDIDATES, catalog, access, &find));
            self.affordable()?;
            finds.push(find);
        }
        let workspace = &self.records.company.workspace;
        let target = candidates.target;
        let opened = workspace.recents(&self.session.access, &[target], RECENT).await?;
        let opened: Vec<_> = opened.into_iter().map(|record| record.id).collect();
        let mut all = Vec::new();
        if !opened.is_empty() {
            let condition = candidates.condition(id, &words, choice);
            all = self.picked(self.session, target, &opened, condition).await?;
        }
        let recent = all.len();
        for find in finds {
            let found = hits(self.session, find, &words).await?.hits;
            let more: Vec<_> = found.into_iter().filter(|hit| !opened.contains(&hit.id)).collect();
            all.extend(more);
        }
        let first = all.iter().take(size as usize).enumerate();
        let shown = first.map(|(at, hit)| {
            self.object(CANDIDATE, &fields, |name, _| match name {
                "object" => json!(target.name),
                "recent" => json!(at < recent),
                name => shown(hit, name),
            })
        });
        Ok(Json::Array(shown.collect()).to_string())
    }
}

fn shown(hit: &Hit, name: &str) -> Json {
    match name {
        "id" => json!(hit.id),
        "text" => json!(hit.title),
        "detail" => json!(hit.detail),
        _ => json!(hit.field),
    }
}
