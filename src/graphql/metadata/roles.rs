//! Roles at `/metadata`: reading them as written, storing, resetting to standard, deleting.

use async_graphql::{Context, Object, Result, SimpleObject};
use serde_json::json;

use super::{
    administrator_check::{administers, others},
    audit::along,
    context::raised,
    faults,
};
use crate::{
    access::Role,
    base::{Error, Lang},
    company::Company,
    graphql::{exchange::Caller, reply::stored},
    records::Session,
    rights::{self, KnownRole},
    storage::audit::{self, AuditKind},
};

/// A set of rights.
#[derive(SimpleObject)]
struct RoleInfo {
    /// What it is assigned by.
    code: String,
    label: String,
    label_en: String,
    /// Comes with the program, unchanged.
    standard: bool,
    /// Stands in place of a role that comes with the program; `resetRole` puts that back.
    replaces_standard: bool,
    /// May define objects, roles and rights.
    customize: bool,
    /// Its text, as `saveRole` takes it.
    definition: String,
    /// Accounts that hold it.
    held_by: Vec<String>,
    /// What of it opens nothing, and what it keeps from being created.
    warnings: Vec<String>,
}

async fn info(
    company: &Company,
    session: &Session,
    lang: Lang,
    known: &KnownRole,
) -> crate::base::Result<RoleInfo> {
    let role = &known.role;
    let warnings = company.rights.warnings(&session.catalog, role);
    Ok(RoleInfo {
        code: role.code.clone(),
        label: role.label.clone(),
        label_en: role.label_en.clone(),
        standard: known.standard,
        replaces_standard: known.replaces,
        customize: role.customize,
        definition: known.text.clone(),
        held_by: company.identity.holders_of(&role.code).await?,
        warnings: warnings.iter().map(|told| told.message.text(lang).to_owned()).collect(),
    })
}

fn lang(ctx: &Context<'_>) -> Lang {
    ctx.data::<Caller>().map(|caller| caller.lang).unwrap_or_default()
}

fn definition_of(text: &str) -> Option<String> {
    Role::parse(text).ok().map(|role| role.code)
}

async fn one(company: &Company, code: &str) -> crate::base::Result<KnownRole> {
    let roles = company.rights.roles().await?;
    let known = roles.into_iter().find(|known| known.role.code == code);
    known.ok_or_else(|| rights::faults::no_role(code).at(["code"]))
}

#[derive(Default)]
pub(super) struct RoleQuery;

#[Object]
impl RoleQuery {
    /// Every role there is, with its text.
    async fn roles(&self, ctx: &Context<'_>) -> Result<Vec<RoleInfo>> {
        let (company, session) = administers(ctx)?;
        let lang = lang(ctx);
        let all = async {
            let mut all = Vec::new();
            for known in company.rights.roles().await? {
                all.push(info(company, session, lang, &known).await?);
            }
            Ok(all)
        };
        all.await.map_err(|error: Error| raised(ctx, &error))
    }
}

#[derive(Default)]
pub(super) struct RoleMutation;

#[Object]
impl RoleMutation {
    /// Stores a role, written as in `schema/roles/`, in place of one with the same code. `warnings` of the answer
    /// says what of it opens nothing.
    async fn save_role(&self, ctx: &Context<'_>, definition: String) -> Result<RoleInfo> {
        let (company, session) = administers(ctx)?;
        others(ctx, |held| definition_of(&definition).is_some_and(|code| held.contains(&code)))?;
        let lang = lang(ctx);
        let saved = async {
            let before = match definition_of(&definition) {
                Some(code) => one(company, &code).await.ok().map(|known| known.text),
                None => None,
            };
            audit::tell("before", json!(before));
            let role = company.save_role(session, &definition).await?;
            let read = async {
                let known = one(company, &role.code).await?;
                info(company, session, lang, &known).await
            };
            read.await.map_err(stored)
        };
        let code = definition_of(&definition);
        let detail = json!({ "saveRole": code, "definition": definition });
        Box::pin(along(ctx, AuditKind::Rights, None, detail, saved)).await
    }

    /// Puts a role that comes with the program back to what it was.
    async fn reset_role(&self, ctx: &Context<'_>, code: String) -> Result<RoleInfo> {
        let (company, session) = administers(ctx)?;
        others(ctx, |held| held.contains(&code))?;
        let lang = lang(ctx);
        let reset = async {
            let before = one(company, &code).await?;
            if !before.replaces {
                let fault = match before.standard {
                    true => faults::role_unchanged(),
                    false => faults::role_not_standard(),
                };
                return Err(fault.at(["code"]));
            }
            audit::tell("before", json!(before.text));
            company.remove_role(session, &code).await?;
            let read = async {
                let known = one(company, &code).await?;
                info(company, session, lang, &known).await
            };
            read.await.map_err(stored)
        };
        Box::pin(along(ctx, AuditKind::Rights, None, json!({ "resetRole": code }), reset)).await
    }

    /// Deletes a role of one's own, which nobody may hold and no API key have any more.
    async fn delete_role(&self, ctx: &Context<'_>, code: String) -> Result<bool> {
        let (company, session) = administers(ctx)?;
        others(ctx, |held| held.contains(&code))?;
        let deleted = async {
            let before = one(company, &code).await?;
            if before.standard || before.replaces {
                return Err(faults::role_is_standard().at(["code"]));
            }
            let (held, keys) = (
                company.identity.holders_of(&code).await?,
                company.identity.keys_with(&code).await?,
            );
            if !held.is_empty() || keys > 0 {
                return Err(in_use(&held, keys));
            }
            audit::tell("before", json!(before.text));
            company.remove_role(session, &code).await?;
            Ok(true)
        };
        Box::pin(along(ctx, AuditKind::Rights, None, json!({ "deleteRole": code }), deleted)).await
    }
}

fn in_use(held: &[String], keys: usize) -> Error {
    let named = held.iter().take(5).cloned().collect::<Vec<_>>().join(", ");
    let more = if held.len() > 5 { ", …" } else { "" };
    faults::role_in_use(held.len(), named + more, keys).at(["code"])
}
