//! Gives records to another owner: what must be read of each record, and the change.

use uuid::Uuid;

use super::{
    Argument, ArgumentType, ObjectsWith, Operation, ResultType,
    bulk_by_filter::{ALL, AT_MOST, DRY_RUN, FILTER, Verb, matching},
};
use crate::{
    base::{Error, Result, Value},
    catalog::{EMPLOYEES, FieldIx, FieldType, Object},
    query::{ConnectionPart, FoundRow, Item, Listing, Page, Part, Selection},
    records::{Change, Input, Op, Session, employees},
};

pub(super) static REASSIGN: Operation = Operation {
    verb: "reassign",
    with: ObjectsWith::Records,
    many: true,
    arguments: &[
        FILTER,
        Argument { name: "to", ty: ArgumentType::Id },
        Argument { name: "keepFormer", ty: ArgumentType::Flag },
        AT_MOST,
        ALL,
        DRY_RUN,
    ],
    result: ResultType::Reassigned,
    about: (
        "Gives the records of a filter another owner, all or none: {object}.",
        "将符合条件的{object}移交给其他业务员，要么全部成功要么全不写入。",
    ),
    open: |visible, object| visible.reassigns(object),
    read: |object, mut given| {
        let to = Reassign { to: given.id("to")?, keep_former: given.flag("keepFormer") };
        matching(object, given, Verb::Reassign(to))
    },
};

/// The new owner of records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reassign {
    /// The new owner.
    pub to: Uuid,
    /// Keep the former owner as a related employee.
    pub keep_former: bool,
}

fn owner(object: &Object) -> Result<FieldIx> {
    object.owner_field().ok_or_else(|| Error::internal(format!("`{}` has no owner", object.name)))
}

/// The selection that the change needs: the owner, and the related employees to keep.
pub(super) fn parts(
    session: &Session,
    object: &Object,
    wish: &Reassign,
) -> Result<Vec<Part<Item>>> {
    let part = |key: &str, what: Item| Part { key: key.to_owned(), what };
    let id = || part("id", Item::Field(FieldIx::ID));
    let mut parts = vec![part("owner", Item::One(owner(object)?, Selection(vec![id()])))];
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
        parts.push(part("rows", Item::Many(field, Box::new(rows))));
    }
    Ok(parts)
}

/// Builds the change of a record. It is an edit by the caller, who must be allowed to edit the record before
/// and after. So nobody can give away a record beyond their own rights.
pub(super) fn change(
    session: &Session,
    object: &Object,
    wish: &Reassign,
    record: Uuid,
    known: &FoundRow,
) -> Result<Change> {
    let rows = known.many("rows").iter();
    let others = rows.filter(|row| row.text("source") != Some(employees::OWNER));
    let present: Vec<_> = others.filter_map(|row| row.one("employee")?.id("id")).collect();
    let mut patch =
        Input { values: vec![(owner(object)?, Value::Id(wish.to))], ..Input::default() };
    let former = known.one("owner").and_then(|owner| owner.id("id"));
    let stays = former.filter(|former| wish.keep_former && *former != wish.to);
    if let Some(former) = stays.filter(|former| !present.contains(former)) {
        patch.lines.extend(employees::related(session, object, former));
    }
    Ok(Change { object: object.ix, op: Op::Update { id: record, patch, expected: None } })
}

/// The related employees of an object: the lines' field, and the employee and source fields of a line.
fn rows_of(session: &Session, object: &Object) -> Option<(FieldIx, FieldIx, FieldIx)> {
    let (field, known) = object.named(EMPLOYEES)?;
    let FieldType::Lines(lines) = known.ty else { return None };
    let line = session.catalog.object(lines.target);
    Some((field, line.staff.employee?, line.staff.source?))
}
