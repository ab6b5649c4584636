//! Applies one change to all records that match a filter: all or none, up to a limit, optionally as a dry
//! run.

use async_trait::async_trait;
use uuid::Uuid;

use super::{
    Argument, ArgumentType, Arguments, Command, ObjectsWith, Operation, ResultType,
    actions::ActionCommand,
    moves::MoveCommand,
    reassign::{self, Reassign},
};
use crate::{
    access::Action,
    base::{Error, Result},
    catalog::{FieldIx, Object, ObjectIx},
    query::{ConnectionPart, Filter, Find, FoundRow, Item, Listing, Page, Part, Selection, What},
    records::{
        Change, Input, OnError, Op, Outcome, Session, bulk::carry_out_all, faults,
        find::find_rows_in,
    },
    storage::Tx,
};

pub(super) const FILTER: Argument = Argument { name: "filter", ty: ArgumentType::Filter };
pub(super) const AT_MOST: Argument = Argument { name: "atMost", ty: ArgumentType::AtMost };
pub(super) const ALL: Argument = Argument { name: "all", ty: ArgumentType::Flag };
pub(super) const DRY_RUN: Argument = Argument { name: "dryRun", ty: ArgumentType::Flag };

pub(super) static UPDATE: Operation = Operation {
    verb: "update",
    with: ObjectsWith::Records,
    many: true,
    arguments: &[
        FILTER,
        Argument { name: "patch", ty: ArgumentType::Patch },
        AT_MOST,
        ALL,
        DRY_RUN,
    ],
    result: ResultType::Records,
    about: (
        "Changes the records of a filter, all or none: {object}. Each must be the caller's to change before and after. The path of a fault begins with the id.",
        "修改符合条件的{object}，要么全部成功要么全不写入；修改前后均须有权限。错误路径以标识开头。",
    ),
    open: |visible, object| visible.may(object, Action::Edit),
    read: |object, mut given| {
        let patch = given.input("patch")?;
        matching(object, given, Verb::Update(patch))
    },
};

pub(super) static DELETE: Operation = Operation {
    verb: "delete",
    with: ObjectsWith::Records,
    many: true,
    arguments: &[FILTER, AT_MOST, ALL, DRY_RUN],
    result: ResultType::AllDeleted,
    about: (
        "Removes the records of a filter, all or none: {object}. The path of a fault begins with the id.",
        "删除符合条件的{object}，要么全部删除要么全不删除。错误路径以标识开头。",
    ),
    open: |visible, object| visible.may(object, Action::Delete),
    read: |object, given| matching(object, given, Verb::Delete),
};

/// Makes the command of a change and the arguments that select records.
pub(super) fn matching(
    object: &Object,
    mut given: Arguments,
    verb: Verb,
) -> Result<Box<dyn Command>, Vec<Error>> {
    Ok(Box::new(Matching {
        object: object.ix,
        filter: given.filter(FILTER.name)?,
        verb,
        at_most: given.at_most()?,
        trial: given.flag(DRY_RUN.name),
    }))
}

/// A command that does the same with many records.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Matching {
    /// The object.
    pub object: ObjectIx,
    /// The filter. It applies to records that the caller may read.
    pub filter: Filter,
    /// The change of each record.
    pub verb: Verb,
    /// Refuse if more records match.
    pub at_most: u32,
    /// A dry run: write nothing.
    pub trial: bool,
}

/// The change of each record.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Verb {
    /// Update with this patch.
    Update(Input),
    /// Delete.
    Delete,
    /// Give to another owner.
    Reassign(Reassign),
    /// Make the move of this index in the flow, with what it asks for.
    Move(usize, Input),
    /// Do the action of this index, with what it asks for.
    Act(usize, Input),
}

/// Executes the command. The caller must be allowed to change each record, as in single changes.
async fn carry_out(session: &Session, tx: &Tx, wish: &Matching) -> Result<Outcome> {
    let session = &session.on_trial(wish.trial);
    let object = session.catalog.object(wish.object);
    let Some(found) = affected(session, tx, object, wish).await? else {
        let fault = faults::too_many_match(wish.at_most);
        return Ok(Outcome::refused(vec![fault.at(["atMost"])]));
    };
    if let Verb::Move(..) | Verb::Act(..) = &wish.verb {
        let ids: Vec<_> = found.iter().filter_map(|known| known.id("id")).collect();
        return Box::pin(each(session, tx, wish, &ids)).await;
    }
    let mut ids = Vec::with_capacity(found.len());
    let mut changes = Vec::with_capacity(found.len());
    for known in found {
        let id = known.id("id").ok_or_else(|| Error::internal("a record without an id"))?;
        let op = match &wish.verb {
            Verb::Update(patch) => Op::Update { id, patch: patch.clone(), expected: None },
            Verb::Delete => Op::Delete { id, expected: None },
            Verb::Move(..) | Verb::Act(..) => continue,
            Verb::Reassign(to) => {
                changes.push(reassign::change(session, object, to, id, &known)?);
                ids.push(id);
                continue;
            }
        };
        changes.push(Change { object: object.ix, op });
        ids.push(id);
    }
    let place = |at: usize| ids.get(at).map(Uuid::to_string);
    carry_out_all(session, tx, object, &changes, OnError::Abort, place).await
}

/// Moves several records, or acts on them, all or none. The path of a fault begins with the id.
async fn each(session: &Session, tx: &Tx, wish: &Matching, ids: &[Uuid]) -> Result<Outcome> {
    let object = wish.object;
    let (mut done, mut faults) = (Vec::with_capacity(ids.len()), Vec::new());
    for id in ids.iter().copied() {
        let placed = |fault: Error| fault.within(id.to_string());
        let command: Box<dyn Command> = match wish.verb.clone() {
            Verb::Move(step, input) => {
                Box::new(MoveCommand { object, id, step, input, expected: None })
            }
            Verb::Act(action, input) => {
                let (expected, despite) = (None, false);
                Box::new(ActionCommand { object, id, action, input, expected, despite })
            }
            Verb::Update(_) | Verb::Delete | Verb::Reassign(_) => {
                return Err(Error::internal("one by one without need"));
            }
        };
        tx.mark().await?;
        let outcome = Box::pin(command.run(session, tx)).await.map_err(placed)?;
        if outcome.faults().is_empty() {
            tx.keep().await?;
            done.push((id, false));
        } else {
            tx.back().await?;
            faults.extend(outcome.faults().iter().cloned().map(placed));
        }
        if faults.len() >= TOLD {
            break;
        }
    }
    Ok(match faults.is_empty() {
        true => Outcome::done(done),
        false => Outcome::refused(faults),
    })
}

/// Most faults that are listed of records that are taken one by one.
const TOLD: usize = 100;

#[async_trait]
impl Command for Matching {
    fn object(&self) -> ObjectIx {
        self.object
    }

    async fn run(&self, session: &Session, tx: &Tx) -> Result<Outcome> {
        // A value that cannot be read is the fault of the patch, and of no record.
        let object = session.catalog.object(self.object);
        let given = match &self.verb {
            Verb::Update(patch) | Verb::Move(_, patch) => Some((object, patch)),
            Verb::Act(at, input) => object.actions.get(*at).map(|action| (&action.input, input)),
            Verb::Delete | Verb::Reassign(_) => None,
        };
        if let Some((object, patch)) = given {
            let misread = patch.misread(&session.catalog, object);
            if !misread.is_empty() {
                return Ok(Outcome::refused(misread));
            }
        }
        carry_out(session, tx, self).await
    }

    fn is_dry_run(&self) -> bool {
        self.trial
    }

    fn writes_others(&self) -> bool {
        match &self.verb {
            Verb::Update(patch) | Verb::Move(_, patch) => patch.depth() > 0,
            Verb::Act(..) => true,
            Verb::Delete | Verb::Reassign(_) => false,
        }
    }

    fn deletes(&self) -> bool {
        self.verb == Verb::Delete
    }

    fn most(&self) -> u64 {
        u64::from(self.at_most)
    }

    fn filter(&self) -> Option<&Filter> {
        Some(&self.filter)
    }
}

/// Loads the matching records that the caller may read, with the fields that the command needs. None if there
/// are more than allowed.
async fn affected(
    session: &Session,
    tx: &Tx,
    object: &Object,
    wish: &Matching,
) -> Result<Option<Vec<FoundRow>>> {
    let mut parts = vec![Part { key: "id".to_owned(), what: Item::Field(FieldIx::ID) }];
    if let Verb::Reassign(to) = &wish.verb {
        parts.extend(reassign::parts(session, object, to)?);
    }
    let nodes = ConnectionPart::Nodes(Selection(parts));
    let listing = Listing {
        filter: Some(wish.filter.clone()),
        page: Page { size: wish.at_most, ..Page::default() },
        parts: vec![Part { key: "nodes".to_owned(), what: nodes }],
        ..Listing::default()
    };
    let find = Find { object: object.ix, what: What::List(listing) };
    let found = find_rows_in(session, tx, find).await?;
    Ok((!found.more).then_some(found.rows))
}
