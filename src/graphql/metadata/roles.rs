//! Roles at `/metadata`: reading them as written, storing, copying, resetting to standard, deleting.

use async_graphql::{Context, Object, Result};
use serde_json::json;

use super::{
    administrator_check::{administers, others},
    audit::along,
    context::raised,
    faults,
    role_info::{RoleInfo, info, lang},
};
use crate::{
    access::Role,
    base::{Error, text},
    company::Company,
    graphql::reply::stored,
    records::Session,
    rights::{self, KnownRole, RoleOrigin},
    storage::audit::{self, AuditKind},
};

fn definition_of(text: &str) -> Option<String> {
    Role::parse(text).ok().map(|role| role.code)
}

async fn one(company: &Company, code: &str) -> crate::base::Result<KnownRole> {
    let known = company.rights.role(code).await?;
    known.ok_or_else(|| rights::faults::no_role(code).at(["code"]))
}

/// Tells of a role that was just stored.
async fn told(
    ctx: &Context<'_>,
    (company, session): (&Company, &Session),
    code: &str,
) -> crate::base::Result<RoleInfo> {
    let read = async {
        let known = one(company, code).await?;
        info(company, session, lang(ctx), &known).await
    };
    read.await.map_err(stored)
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

    /// One role by its code.
    async fn role(&self, ctx: &Context<'_>, code: String) -> Result<Option<RoleInfo>> {
        let (company, session) = administers(ctx)?;
        let found = async {
            match company.rights.role(&code).await? {
                Some(known) => info(company, session, lang(ctx), &known).await.map(Some),
                None => Ok(None),
            }
        };
        found.await.map_err(|error: Error| raised(ctx, &error))
    }
}

#[derive(Default)]
pub(super) struct RoleMutation;

#[Object]
impl RoleMutation {
    /// Stores a role, written as in `schema/roles/`, in place of one with the same code. `warnings` of the answer
    /// says what of it opens nothing.
    async fn save_role(
        &self,
        ctx: &Context<'_>,
        definition: String,
        expected_version: Option<i64>,
    ) -> Result<RoleInfo> {
        let (company, session) = administers(ctx)?;
        others(ctx, |held| definition_of(&definition).is_some_and(|code| held.contains(&code)))?;
        let saved = async {
            let before = match definition_of(&definition) {
                Some(code) => one(company, &code).await.ok().map(|known| known.text),
                None => None,
            };
            audit::tell("before", json!(before));
            let role = company.save_role(session, &definition, expected_version).await?;
            told(ctx, (company, session), &role.code).await
        };
        let code = definition_of(&definition);
        let detail = json!({ "saveRole": code, "definition": definition });
        Box::pin(along(ctx, AuditKind::Rights, None, detail, saved)).await
    }

    /// Makes a role of one's own that is like another, with its comments and the records that are ticked on it.
    async fn copy_role(
        &self,
        ctx: &Context<'_>,
        from: String,
        code: String,
        label: String,
        label_en: String,
    ) -> Result<RoleInfo> {
        let (company, session) = administers(ctx)?;
        others(ctx, |held| held.contains(&code))?;
        let copied = async {
            let labels = [("label", &label), ("labelEn", &label_en)];
            for (argument, label) in labels {
                if text::tidy(label).is_empty() {
                    return Err(faults::role_without_label().at([argument]));
                }
            }
            let named = (code.clone(), text::tidy(&label), text::tidy(&label_en));
            company.copy_role(session, &from, named).await?;
            told(ctx, (company, session), &code).await
        };
        let detail = json!({ "copyRole": from, "code": code });
        Box::pin(along(ctx, AuditKind::Rights, None, detail, copied)).await
    }

    /// Puts a role that comes with the program back to what it was.
    async fn reset_role(
        &self,
        ctx: &Context<'_>,
        code: String,
        expected_version: Option<i64>,
    ) -> Result<RoleInfo> {
        let (company, session) = administers(ctx)?;
        others(ctx, |held| held.contains(&code))?;
        let reset = async {
            let before = one(company, &code).await?;
            match before.origin {
                RoleOrigin::Changed => {}
                RoleOrigin::Standard => return Err(faults::role_unchanged().at(["code"])),
                RoleOrigin::Own => return Err(faults::role_not_standard().at(["code"])),
            }
            audit::tell("before", json!(before.text));
            company.remove_role(session, &code, expected_version).await?;
            told(ctx, (company, session), &code).await
        };
        Box::pin(along(ctx, AuditKind::Rights, None, json!({ "resetRole": code }), reset)).await
    }

    /// Deletes a role of one's own that nothing uses: no account holds it, no API key has it, no layout and no view is
    /// for it.
    async fn delete_role(
        &self,
        ctx: &Context<'_>,
        code: String,
        expected_version: Option<i64>,
    ) -> Result<bool> {
        let (company, session) = administers(ctx)?;
        others(ctx, |held| held.contains(&code))?;
        let deleted = async {
            let before = one(company, &code).await?;
            if before.origin != RoleOrigin::Own {
                return Err(faults::role_is_standard().at(["code"]));
            }
            audit::tell("before", json!(before.text));
            match company.delete_role(session, &code, expected_version).await? {
                Some(uses) => Err(faults::role_in_use(uses).at(["code"])),
                None => Ok(true),
            }
        };
        Box::pin(along(ctx, AuditKind::Rights, None, json!({ "deleteRole": code }), deleted)).await
    }
}
