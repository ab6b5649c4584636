//! Handing records to another responsible employee: one or many, all or none, tried first if wanted.

use uuid::Uuid;

use super::{
    change::{Change, Input, Op},
    employees,
    find::find,
    save::{SavedAll, save_all},
    session::Session,
};
use crate::{
    base::{Code, Error, Result, Value},
    catalog::{EMPLOYEES, FieldIx, FieldType, Object, ObjectIx},
    query::{
        ConnectionPart, Filter, Find, Item, Listing, Page, PageInfoPart, Part, Selection, What,
    },
};

/// A wish to hand records over.
#[derive(Debug, Clone, PartialEq)]
pub struct Reassign {
    /// The object; it has an owner field.
    pub object: ObjectIx,
    /// Which of the records the caller may read.
    pub filter: Filter,
    /// The new owner.
    pub to: Uuid,
    /// The former owner stays among the related employees.
    pub keep_former: bool,
    /// Refuse when it would be more.
    pub at_most: u32,
    /// Write nothing in the end.
    pub trial: bool,
}

/// The field that names the owner, where records can be handed over.
pub fn handed_by(object: &Object) -> Option<FieldIx> {
    object.owner.filter(|_| object.responsible)
}

/// Hands records over. Each is an edit by the caller: the record as it is and as it becomes must be his to
/// change, so nobody hands a record out of his own reach.
pub async fn reassign(session: &Session, wish: &Reassign) -> Result<SavedAll> {
    let object = session.catalog.object(wish.object);
    let owner = handed_by(object)
        .ok_or_else(|| Error::internal(format!("`{}` has no owner", object.name)))?;
    let (known, more) = affected(session, object, owner, wish).await?;
    if more {
        let most = wish.at_most;
        return Ok(SavedAll::Refused(vec![
            Error::new(
                Code::LimitRecords,
                format!("more than {most} records match"),
                format!("符合条件的记录超过 {most} 条"),
            )
            .at(["atMost"])
            .hint("narrow the filter or raise `atMost`", "请缩小筛选范围或调高 `atMost`"),
        ]));
    }
    let changes: Vec<_> = known
        .into_iter()
        .map(|(id, former, present)| {
            let mut patch = Input { values: vec![(owner, Value::Id(wish.to))], ..Input::default() };
            let stays = former.filter(|former| wish.keep_former && *former != wish.to);
            if let Some(former) = stays.filter(|former| !present.contains(former)) {
                patch.lines.extend(employees::related(session, object, former));
            }
            let op = Op::Update { id, patch, expected: None };
            Change { object: object.ix, op }
        })
        .collect();
    save_all(session, &changes, wish.trial).await
}

/// A record: its id, its owner, and those who are related beside him.
type Known = (Uuid, Option<Uuid>, Vec<Uuid>);

/// The records of a filter, as far as the caller may read them, and whether there are more than asked for.
async fn affected(
    session: &Session,
    object: &Object,
    owner: FieldIx,
    wish: &Reassign,
) -> Result<(Vec<Known>, bool)> {
    let part = |key: &str, what: Item| Part { key: key.to_owned(), what };
    let id = || part("id", Item::Field(FieldIx(0)));
    let mut selection =
        Selection(vec![id(), part("owner", Item::One(owner, Selection(vec![id()])))]);
    if let (true, Some((field, employee, source))) = (wish.keep_former, rows_of(session, object)) {
        let row = Selection(vec![
            part("employee", Item::One(employee, Selection(vec![id()]))),
            part("source", Item::Field(source)),
        ]);
        let rows = Listing {
            page: Page { size: 1_000, ..Page::default() },
            parts: vec![Part { key: String::new(), what: ConnectionPart::Nodes(row) }],
            ..Listing::default()
        };
        selection.0.push(part("rows", Item::Many(field, Box::new(rows))));
    }
    let more = vec![Part { key: "more".to_owned(), what: PageInfoPart::HasNextPage }];
    let listing = Listing {
        filter: Some(wish.filter.clone()),
        page: Page { size: wish.at_most, ..Page::default() },
        parts: vec![
            Part { key: "nodes".to_owned(), what: ConnectionPart::Nodes(selection) },
            Part { key: "page".to_owned(), what: ConnectionPart::PageInfo(more) },
        ],
        ..Listing::default()
    };
    let found = find(session, Find { object: object.ix, what: What::List(listing) }).await?;
    let found: serde_json::Value =
        serde_json::from_str(&found.unwrap_or_default()).map_err(Error::internal)?;
    let id = |value: &serde_json::Value| value["id"].as_str().and_then(|id| id.parse().ok());
    let nodes = found["nodes"].as_array().into_iter().flatten();
    let known = nodes.filter_map(|node| {
        let rows = node["rows"].as_array().into_iter().flatten();
        let others = rows.filter(|row| row["source"] != employees::OWNER);
        let present = others.filter_map(|row| id(&row["employee"])).collect();
        Some((id(node)?, id(&node["owner"]), present))
    });
    Ok((known.collect(), found["page"]["more"] == true))
}

/// The related employees of an object, as far as the caller may read them: the list, and of a row its
/// employee and its source.
fn rows_of(session: &Session, object: &Object) -> Option<(FieldIx, FieldIx, FieldIx)> {
    let (field, known) = object.named(EMPLOYEES)?;
    let FieldType::Lines(lines) = known.ty else { return None };
    let line = session.catalog.object(lines.target);
    Some((field, line.named("employee")?.0, line.named("source")?.0))
}
