//! `setRights` at `/metadata`: roles changed right by right, all changes of a call in one version, tried before.

use std::collections::BTreeMap;

use async_graphql::{Context, InputObject, MaybeUndefined, Object, Result, SimpleObject};
use serde_json::{Value as Plain, json};

use super::{
    administrator_check::{administers, others},
    audit::along,
    context::raised,
    forms::RecordAction,
    reach_values::DimensionLevel,
    role_info::{RoleInfo, info, lang},
    scalars::Word,
    simulate::{PolicyDifference, named},
};
use crate::{
    access::{CapEdit, FieldRight, Mask, RightLevel, RoleCapability, RoleEdit},
    company::{ChangedRoles, Company},
    graphql::reply::stored,
    records::Session,
    rights::{self, RightChange as Change},
    storage::audit::AuditKind,
};

/// Most changes of one call.
const MOST: usize = 200;

/// A change of a role: what it grants, what it says of a field, how much of a dimension it opens, and what holds for all of
/// it; one or several of these.
#[derive(InputObject)]
struct RightChange {
    /// The role's code.
    role: String,
    /// The version that brought the role, 0 as it comes with the program; refused when somebody has changed it.
    expected_version: Option<i64>,
    grant: Option<GrantChange>,
    field: Option<FieldChange>,
    dimension: Option<DimensionChange>,
    /// The business lines that it keeps to; all where there is none.
    lines: Option<Vec<String>>,
    /// What it opens beside records.
    may: Option<Vec<Word<RoleCapability>>>,
    caps: Option<CapsChange>,
}

/// How much actions on objects open.
#[derive(InputObject)]
struct GrantChange {
    objects: Vec<String>,
    actions: Vec<RecordAction>,
    /// How much; `NONE` takes them away.
    level: Word<RightLevel>,
}

/// What is said of a field.
#[derive(InputObject)]
struct FieldChange {
    object: String,
    field: String,
    right: Word<FieldRight>,
    /// What is left of a masked one; nothing unless told.
    mask: Option<Word<Mask>>,
}

/// How much of a dimension is open.
#[derive(InputObject)]
struct DimensionChange {
    dimension: String,
    level: DimensionLevel,
    /// The values ticked on the role, for levels that look at them: ids or unique keys of records, or names of a
    /// picklist's values. Unless told, those that are ticked stay.
    values: Option<Vec<String>>,
}

/// The most records of guarded objects at once. What is not given stays; null lifts the cap.
#[derive(InputObject)]
struct CapsChange {
    /// Of one operation that prints.
    print: MaybeUndefined<u32>,
    /// Of one operation that exports.
    export: MaybeUndefined<u32>,
    /// Different records that are read in a window of time; without a cap the server's setting holds.
    read: MaybeUndefined<u32>,
}

/// What came of a change of rights.
#[derive(SimpleObject)]
struct RightsPayload {
    /// The version that is live now.
    version: i64,
    /// The roles that were named, as they are or, of a dry run, as they would be.
    roles: Vec<RoleInfo>,
    /// Of a dry run: what the holders of the roles would gain and lose, by account, object and action.
    differences: Vec<PolicyDifference>,
}

impl RightChange {
    fn edits(self) -> Change {
        let grant = self.grant.map(|given| RoleEdit::Grant {
            objects: given.objects,
            actions: given.actions.into_iter().map(RecordAction::action).collect(),
            level: given.level.0,
        });
        let field = self.field.map(|given| RoleEdit::Field {
            object: given.object,
            field: given.field,
            right: given.right.0,
            mask: given.mask.map(|mask| mask.0),
        });
        let dimension = self.dimension.map(|given| RoleEdit::Dimension {
            dimension: given.dimension,
            level: given.level.level(),
            ticked: given.values,
        });
        let lines = self.lines.map(RoleEdit::Lines);
        let may = self.may.map(|may| may.into_iter().map(|may| may.0).collect());
        let caps = self.caps.map(|given| RoleEdit::Caps {
            print: asked(given.print),
            export: asked(given.export),
            read: asked(given.read),
        });
        let edits = [grant, field, dimension, lines, may.map(RoleEdit::May), caps];
        let edits = edits.into_iter().flatten().collect();
        Change { role: self.role, expected: self.expected_version, edits }
    }
}

/// What becomes of a cap.
fn asked(cap: MaybeUndefined<u32>) -> CapEdit {
    match cap {
        MaybeUndefined::Undefined => CapEdit::Keep,
        MaybeUndefined::Null => CapEdit::Lift,
        MaybeUndefined::Value(most) => CapEdit::Most(most),
    }
}

#[derive(Default)]
pub(super) struct RoleRightsMutation;

#[Object]
impl RoleRightsMutation {
    /// Changes roles right by right: their texts are edited, comments and order stay. All changes are published as one
    /// version or none is. With `dryRun` nothing is stored, and `differences` tells who would gain and lose what.
    async fn set_rights(
        &self,
        ctx: &Context<'_>,
        changes: Vec<RightChange>,
        dry_run: bool,
    ) -> Result<RightsPayload> {
        let (company, session) = administers(ctx)?;
        others(ctx, |held| changes.iter().any(|change| held.contains(&change.role)))?;
        let changes: Vec<_> = changes.into_iter().map(RightChange::edits).collect();
        if let Err(error) = sound(&changes) {
            return Err(raised(ctx, &error));
        }
        let changed = match dry_run {
            true => {
                let tried = Box::pin(company.set_rights(session, &changes, true)).await;
                tried.map_err(|error| raised(ctx, &error))?
            }
            false => {
                let setting = company.set_rights(session, &changes, false);
                let detail =
                    json!({ "setRights": changes.iter().map(written).collect::<Vec<_>>() });
                Box::pin(along(ctx, AuditKind::Rights, None, detail, setting)).await?
            }
        };
        let told = told(ctx, (company, session), changed).await;
        told.map_err(|error| raised(ctx, &if dry_run { error } else { stored(error) }))
    }
}

/// Refuses too many changes, and those that change nothing.
fn sound(changes: &[Change]) -> crate::base::Result<()> {
    if changes.len() > MOST {
        return Err(rights::faults::too_many_changes(MOST).at(["changes"]));
    }
    match changes.iter().position(|change| change.edits.is_empty()) {
        Some(at) => {
            Err(rights::faults::change_of_nothing().at(["changes".to_owned(), at.to_string()]))
        }
        None => Ok(()),
    }
}

/// A change as the audit trail has it.
fn written(change: &Change) -> Plain {
    let edit = |edit: &RoleEdit| match edit {
        RoleEdit::Grant { objects, actions, level } => {
            let actions: Vec<_> = actions.iter().map(AsRef::as_ref).collect();
            json!({ "objects": objects, "actions": actions, "level": level.as_ref() })
        }
        RoleEdit::Field { object, field, right, mask } => {
            let mask = mask.as_ref().map(AsRef::as_ref);
            json!({ "object": object, "field": field, "right": right.as_ref(), "mask": mask })
        }
        RoleEdit::Dimension { dimension, level, ticked } => {
            json!({ "dimension": dimension, "level": level.as_ref(), "values": ticked })
        }
        RoleEdit::Lines(lines) => json!({ "lines": lines }),
        RoleEdit::May(may) => {
            json!({ "may": may.iter().map(AsRef::as_ref).collect::<Vec<&str>>() })
        }
        RoleEdit::Caps { print, export, read } => {
            let caps = [("print", print), ("export", export), ("read", read)];
            let given = caps.into_iter().filter_map(|(key, cap)| match cap {
                CapEdit::Keep => None,
                CapEdit::Lift => Some((key, None)),
                CapEdit::Most(most) => Some((key, Some(*most))),
            });
            json!({ "caps": given.collect::<BTreeMap<_, _>>() })
        }
        RoleEdit::Rename { code, .. } => json!({ "code": code }),
    };
    json!({ "role": change.role, "edits": change.edits.iter().map(edit).collect::<Vec<_>>() })
}

async fn told(
    ctx: &Context<'_>,
    (company, session): (&Company, &Session),
    changed: ChangedRoles,
) -> crate::base::Result<RightsPayload> {
    let mut roles = Vec::with_capacity(changed.roles.len());
    for role in &changed.roles {
        roles.push(info(company, session, lang(ctx), role).await?);
    }
    let system = session.as_system("naming what others may see");
    let differences = named(&system.catalog, &changed.holders, changed.differences);
    Ok(RightsPayload { version: changed.version, roles, differences })
}
