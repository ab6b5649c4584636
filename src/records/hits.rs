//! Records as people pick them: found by words, each with what names it and a second line.
//!
//! Each list of hits is one [`Find`], so rights, masks and the budget of reads are those of any other list. Must
//! not know who shows them.

use chrono::DateTime;
use serde_json::Value as Json;
use uuid::Uuid;

use super::{find::find, session::Session};
use crate::{
    access::Visible,
    base::{
        Error, Result,
        folding::folded,
        pinyin::{asked_spelling, spellings},
    },
    catalog::{Field, FieldIx, FieldType, Object, ObjectIx, ObjectKind},
    query::{
        Compare, ConnectionPart, Filter, Find, Item, Listing, Order, Page, Part, Selection, What,
    },
    sql::{Match, gram_tables},
};

/// How far what names a record is followed over relations.
const FARTHEST: usize = 4;
/// The response keys of a hit. Those of its searched fields begin with [`FIELD`].
const ID: &str = "id";
const TITLE: &str = "title";
const KEY: &str = "key";
const RELATED: &str = "related";
const MADE: &str = "made";
const FIELD: &str = "field ";

/// The hits of one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hits {
    /// The object.
    pub object: ObjectIx,
    /// How many records there are in all, if that was asked.
    pub total: Option<i64>,
    /// The first of them.
    pub hits: Vec<Hit>,
}

/// A record that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Its id.
    pub id: Uuid,
    /// What names it. None where the caller may not see that.
    pub title: Option<String>,
    /// What tells it from others of the same name: its key, and the record it belongs to.
    pub detail: Option<String>,
    /// The searched field that holds most of the words, if that was asked.
    pub field: Option<String>,
    /// When it was made, in microseconds since 1970, if that was asked.
    pub made: Option<i64>,
}

/// What is asked of hits besides what names them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HitParts {
    /// How many there are in all.
    pub total: bool,
    /// The field in which they were found.
    pub field: bool,
    /// When they were made.
    pub made: bool,
}

/// The find of an object's hits: the newest first; set-up data in the order of its names.
pub fn hits_find(
    visible: Visible<'_>,
    object: &Object,
    filter: Option<Filter>,
    size: u32,
    parts: HitParts,
) -> Find {
    let title = visible.catalog.way_to_title(object);
    let mut record =
        vec![part(ID, Item::Field(FieldIx::ID)), part(TITLE, Item::Title(title.clone()))];
    record.extend(key(object, &title).map(|ix| part(KEY, Item::Title(vec![ix]))));
    record.extend(related(visible, object, &title).map(|path| part(RELATED, Item::Title(path))));
    if parts.field {
        let fields = searched(visible, object);
        record.extend(
            fields.map(|(ix, field)| part(&format!("{FIELD}{}", field.name), Item::Field(ix))),
        );
    }
    let made = object.system.created_at.filter(|_| parts.made);
    record.extend(made.map(|ix| part(MADE, Item::Field(ix))));
    let mut of_list = vec![part("nodes", ConnectionPart::Nodes(Selection(record)))];
    if parts.total {
        of_list.push(part("totalCount", ConnectionPart::TotalCount));
    }
    let listing = Listing {
        filter,
        order: order(visible, object),
        page: Page { size, ..Page::default() },
        parts: of_list,
    };
    Find { object: object.ix, what: What::List(listing) }
}

/// A selected part under its response key.
fn part<T>(key: &str, what: T) -> Part<T> {
    Part { key: key.to_owned(), what }
}

fn order(visible: Visible<'_>, object: &Object) -> Vec<Order> {
    let compared = |ix: &FieldIx| visible.compared(object).any(|(known, _)| known == *ix);
    let named = |ix: &FieldIx| compared(ix) && object.field(*ix).ty.traits().sorts;
    let name = object.display.filter(|ix| object.field(*ix).target().is_none());
    match object.kind {
        ObjectKind::Setup => {
            name.filter(named).map(|ix| Order { path: vec![ix], ..Order::default() })
        }
        _ => object.system.created_at.filter(compared).map(|ix| Order {
            path: vec![ix],
            descending: true,
            ..Order::default()
        }),
    }
    .into_iter()
    .collect()
}

/// The key that tells records apart which are called the same.
fn key(object: &Object, title: &[FieldIx]) -> Option<FieldIx> {
    let mut keys = object.key_fields().filter(|(ix, field)| is_text(field) && title != [*ix]);
    keys.next().map(|(ix, _)| ix)
}

/// The way to the name of the record to which a record belongs: the first to which it must refer.
fn related(visible: Visible<'_>, object: &Object, title: &[FieldIx]) -> Option<Vec<FieldIx>> {
    let (ix, target) = visible.fields(object).find_map(|(ix, field)| {
        let target = field.relation()?.target;
        let must = field.required && !field.system && title.first() != Some(&ix);
        must.then_some((ix, target))
    })?;
    let rest = visible.catalog.way_to_title(visible.catalog.object(target));
    (!rest.is_empty()).then(|| [ix].into_iter().chain(rest).collect())
}

/// Whether values of a field are texts that people give.
fn is_text(field: &Field) -> bool {
    matches!(field.ty, FieldType::Text { .. } | FieldType::AutoNumber(_))
}

/// The searched fields of an object that the caller sees on every record, what names it first.
fn searched<'v>(
    visible: Visible<'v>,
    object: &'v Object,
) -> impl Iterator<Item = (FieldIx, &'v Field)> {
    let all = move || visible.compared(object).filter(|(_, field)| field.search);
    let named = move |ix: FieldIx| object.display == Some(ix);
    all().filter(move |(ix, _)| named(*ix)).chain(all().filter(move |(ix, _)| !named(*ix)))
}

/// The condition that words name a record: the search of its object, and what names it or is its key where that
/// is not searched.
pub(super) fn named_by(visible: Visible<'_>, object: &Object, words: &[String]) -> Filter {
    named_within(visible, object, words, 0)
}

fn named_within(visible: Visible<'_>, object: &Object, words: &[String], depth: usize) -> Filter {
    let names =
        |ix: FieldIx| object.display == Some(ix) || object.key_fields().any(|(key, _)| key == ix);
    let unsearched: Vec<_> =
        visible.compared(object).filter(|(ix, field)| names(*ix) && !field.search).collect();
    let held = words.iter().map(|word| {
        let holds = unsearched.iter().filter_map(|(ix, field)| match field.relation() {
            Some(relation) if depth < FARTHEST => {
                let target = visible.catalog.object(relation.target);
                let word = std::slice::from_ref(word);
                let inner = named_within(visible, target, word, depth + 1);
                Some(Filter::One(*ix, Box::new(inner)))
            }
            None if is_text(field) => {
                Some(Filter::Field(*ix, Compare::Text(Match::Contains, word.clone())))
            }
            _ => None,
        });
        Filter::Or(holds.collect())
    });
    match (visible.searches(object), unsearched.is_empty()) {
        (true, true) => Filter::Search(words.to_vec()),
        (true, false) => {
            Filter::Or(vec![Filter::Search(words.to_vec()), Filter::all(held.collect())])
        }
        (false, _) => Filter::all(held.collect()),
    }
}

/// Carries out a find of hits. `words` are those that were searched.
pub async fn hits(session: &Session, wish: Find, words: &[String]) -> Result<Hits> {
    let object = session.catalog.object(wish.object);
    let text = find(session, wish).await?.unwrap_or_default();
    let answer: Json = serde_json::from_str(&text).map_err(Error::internal)?;
    let nodes = answer.get("nodes").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    let hits = nodes.iter().map(|node| hit(object, node, words)).collect::<Result<_>>()?;
    Ok(Hits { object: object.ix, total: answer.get("totalCount").and_then(Json::as_i64), hits })
}

/// A hit in the answer to a find of hits.
pub(super) fn hit(object: &Object, node: &Json, words: &[String]) -> Result<Hit> {
    let id = node.get(ID).and_then(Json::as_str).unwrap_or_default();
    let detail: Vec<_> = [KEY, RELATED].iter().filter_map(|key| shown(node, key)).collect();
    let made = node.get(MADE).and_then(Json::as_str).map(DateTime::parse_from_rfc3339);
    let made = made.transpose().map_err(Error::internal)?;
    Ok(Hit {
        id: id.parse().map_err(Error::internal)?,
        title: shown(node, TITLE),
        detail: (!detail.is_empty()).then(|| detail.join(" · ")),
        field: found_in(object, node, words),
        made: made.map(|at| at.timestamp_micros()),
    })
}

/// A value as people read it.
fn shown(node: &Json, key: &str) -> Option<String> {
    match node.get(key)? {
        Json::Null => None,
        Json::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        other => Some(other.to_string()),
    }
}

/// The name of the field that holds most of the words; of several the first. By its spelling, too, where that is
/// searched.
fn found_in(object: &Object, node: &Json, words: &[String]) -> Option<String> {
    let spelt = gram_tables::spelt(object);
    let mut best: Option<(usize, &str)> = None;
    for (key, value) in node.as_object()? {
        let (Some(name), Some(text)) = (key.strip_prefix(FIELD), value.as_str()) else { continue };
        let known = spelt.filter(|ix| object.field(*ix).name == name).map(|_| spellings(text));
        let text = folded(text);
        let spells = |word: &str| {
            let asked = asked_spelling(word);
            asked.is_some_and(|asked| known.iter().flatten().any(|one| one.starts_with(&asked)))
        };
        let held = words.iter().filter(|word| text.contains(&folded(word)) || spells(word)).count();
        if held > best.map_or(0, |(most, _)| most) {
            best = Some((held, name));
        }
    }
    best.map(|(_, name)| name.to_owned())
}
