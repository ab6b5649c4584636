//! `setRights` at `/metadata`: roles changed right by right, all changes of a call in one version, tried before.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
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
    access::{FieldRight, Mask, RightLevel, RoleEdit},
    company::{ChangedRoles, Company},
    graphql::reply::stored,
    records::Session,
    rights::{self, RightChange as Change},
    storage::audit::{self, AuditKind},
};

/// Most changes of one call.
const MOST: usize = 200;

/// A change of a role: what it grants, what it says of a field, how much of a dimension it opens; one or several of these.
#[derive(InputObject)]
struct RightChange {
    /// The role's code.
    role: String,
    /// The version that brought the role, 0 as it comes with the program; refused when somebody has changed it.
    expected_version: Option<i64>,
    grant: Option<GrantChange>,
    field: Option<FieldChange>,
    dimension: Option<DimensionChange>,
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
        let edits = [grant, field, dimension].into_iter().flatten().collect();
        Change { role: self.role, expected: self.expected_version, edits }
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
                let setting = async {
                    let changed = company.set_rights(session, &changes, false).await?;
                    note(&changed);
                    Ok(changed)
                };
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
        RoleEdit::Rename { code, .. } => json!({ "code": code }),
    };
    json!({ "role": change.role, "edits": change.edits.iter().map(edit).collect::<Vec<_>>() })
}

/// Notes in the audit trail what the texts are now, and what they were.
fn note(changed: &ChangedRoles) {
    let texts = |text: fn(&(String, String)) -> &String| -> Plain {
        let all = changed.texts.iter().map(|(code, texts)| (code.clone(), json!(text(texts))));
        Plain::Object(all.collect())
    };
    audit::tell("before", texts(|texts| &texts.0));
    audit::tell("definitions", texts(|texts| &texts.1));
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
    let differences = named(&system, &changed.holders, changed.differences);
    Ok(RightsPayload { version: changed.version, roles, differences })
}
