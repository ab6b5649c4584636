//! Roles made live: published in turn with definitions of objects, so that neither takes the other's version.

use async_trait::async_trait;
use serde_json::{Value as Json, json};
use strum::IntoEnumIterator;

use super::{Company, faults, messages};
use crate::{
    access::{Action, Role},
    base::{Code, Lang, Message, Result},
    catalog::{DefinitionPart, PartKind},
    customize::{PublishStep, PublishedParts},
    layouts::LayoutText,
    records::Session,
    rights::{Difference, KnownRole, PlannedRole, PlannedRoles, RightChange},
    storage::{Tx, audit, catalogs, parts, role_uses},
};

/// How often changes of roles are planned again while other processes publish some.
const TRIES: usize = 5;

/// What came of changes of roles.
pub struct ChangedRoles {
    /// The version that is live now.
    pub version: i64,
    /// The roles, as they are or would be.
    pub roles: Vec<KnownRole>,
    /// Everyone it was counted for: operator, account and roles. Only of a dry run.
    pub holders: Vec<(uuid::Uuid, String, Vec<String>)>,
    /// What they would gain and lose. Only of a dry run.
    pub differences: Vec<Difference>,
}

/// That nothing uses a role.
struct Unused<'r> {
    code: &'r str,
    now: i64,
}

#[async_trait]
impl PublishStep for Unused<'_> {
    async fn write(&self, tx: &Tx) -> Result<()> {
        role_uses::keep(tx, &[self.code.to_owned()]).await?;
        match role_uses::is_used(tx, self.code, self.now).await? {
            true => Err(faults::role_is_used(self.code)),
            false => Ok(()),
        }
    }
}

/// What names a role.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoleUses {
    /// The accounts that hold it.
    pub accounts: Vec<String>,
    /// How many API keys have it.
    pub keys: usize,
    /// The names of the layouts that are for it.
    pub layouts: Vec<String>,
    /// The objects of the saved views that are shared with it.
    pub views: Vec<String>,
    /// The names of the dashboards that are shared with it.
    pub dashboards: Vec<String>,
    /// The objects whose lists open with a default of it.
    pub defaults: Vec<String>,
}

impl RoleUses {
    /// The uses in words; none where there is none.
    pub fn told(&self) -> Option<Message> {
        let mut parts: Vec<Message> = Vec::new();
        let mut add = |count: usize, told: Message| parts.extend((count > 0).then_some(told));
        let (accounts, names) = (self.accounts.len(), some_of(&self.accounts));
        add(accounts, messages::accounts_hold(accounts, names));
        add(self.keys, messages::keys_have(self.keys));
        add(self.layouts.len(), messages::layouts_are_for(some_of(&self.layouts)));
        add(self.views.len(), messages::views_are_shared(self.views.len(), some_of(&self.views)));
        add(self.dashboards.len(), messages::dashboards_are_shared(some_of(&self.dashboards)));
        add(self.defaults.len(), messages::lists_open_with(some_of(&self.defaults)));
        let join = |lang: Lang, by: &str| {
            let texts: Vec<_> = parts.iter().map(|part| part.text(lang)).collect();
            texts.join(by)
        };
        (!parts.is_empty()).then(|| Message::new(join(Lang::En, "; "), join(Lang::Zh, "；")))
    }
}

/// The first names of a list, each once.
fn some_of(names: &[String]) -> String {
    let mut once: Vec<_> = names.iter().map(String::as_str).collect();
    once.sort_unstable();
    once.dedup();
    let more = if once.len() > 5 { ", …" } else { "" };
    let quoted: Vec<_> = once.into_iter().take(5).map(|name| format!("`{name}`")).collect();
    quoted.join(", ") + more
}

impl Company {
    /// Stores a role in place of one with the same code. `expected` is the version that brought that one, as far as the
    /// caller knows.
    pub async fn save_role(
        &self,
        session: &Session,
        text: &str,
        expected: Option<i64>,
    ) -> Result<Role> {
        let _turn = self.live.turn().await;
        let (role, published) = self.rights.save_role(session, text, expected).await?;
        self.published(published, &role.code).await?;
        Ok(role)
    }

    /// Removes a stored role. A standard role that it replaced is active again.
    pub async fn remove_role(
        &self,
        session: &Session,
        code: &str,
        expected: Option<i64>,
    ) -> Result<()> {
        let _turn = self.live.turn().await;
        let published = self.rights.remove_role(session, code, expected).await?;
        self.published(published, code).await
    }

    /// Deletes a stored role that nothing uses, or tells what does. It is asked in the transaction that deletes it, with
    /// those who are giving it to somebody waiting.
    pub async fn delete_role(
        &self,
        session: &Session,
        code: &str,
        expected: Option<i64>,
    ) -> Result<Option<Message>> {
        let _turn = self.live.turn().await;
        if let Some(uses) = self.uses_of_role(code).await?.told() {
            return Ok(Some(uses));
        }
        let unused = Unused { code, now: self.env.clock.now().timestamp_micros() };
        match self.rights.remove_unused_role(session, code, expected, &unused).await {
            Err(error) if error.code == Code::RecordInUse => {
                let uses = self.uses_of_role(code).await?.told();
                Ok(Some(uses.unwrap_or(error.message)))
            }
            Err(error) => Err(error),
            Ok(published) => self.published(published, code).await.map(|()| None),
        }
    }

    /// Stores a copy of a role: its code, its Chinese and its English label.
    pub async fn copy_role(
        &self,
        session: &Session,
        from: &str,
        named: (String, String, String),
    ) -> Result<()> {
        let _turn = self.live.turn().await;
        let published = self.rights.copy_role(session, from, named).await?;
        self.published(published, from).await
    }

    /// Changes roles right by right, all of them in one version or none. With `dry_run` it counts what this would open and
    /// close, for every action.
    pub async fn set_rights(
        &self,
        session: &Session,
        changes: &[RightChange],
        dry_run: bool,
    ) -> Result<ChangedRoles> {
        if dry_run {
            let planned = self.planned_roles(session, changes).await?;
            let system = session.as_system("comparing what others may see");
            let (holders, actions) = (self.holders().await?, Action::iter().collect::<Vec<_>>());
            let draft = planned.simulated();
            let differences = self.rights.simulate(&system, &holders, &draft, &actions).await?;
            let version = catalogs::latest(&self.database).await?;
            let roles = after(planned, None);
            return Ok(ChangedRoles { version, roles, holders, differences });
        }
        let _turn = self.live.turn().await;
        for _another in 0..TRIES {
            let planned = self.planned_roles(session, changes).await?;
            note(&planned);
            match self.rights.publish_planned(session, &planned).await? {
                // Another process has published one of the roles since it was read.
                PublishedParts::Stale(..) => {}
                published => {
                    // Once it is stored nothing may fail any more.
                    let (version, live) = match published {
                        PublishedParts::Live(version) => {
                            self.notice_changes().await;
                            (version, Some(version))
                        }
                        _ => (catalogs::latest(&self.database).await?, None),
                    };
                    let (holders, differences) = (Vec::new(), Vec::new());
                    let roles = after(planned, live);
                    return Ok(ChangedRoles { version, roles, holders, differences });
                }
            }
        }
        Err(faults::roles_keep_changing())
    }

    async fn planned_roles(
        &self,
        session: &Session,
        changes: &[RightChange],
    ) -> Result<PlannedRoles> {
        match self.rights.plan_roles(session, changes).await? {
            Ok(planned) => Ok(planned),
            Err((code, since)) => Err(self.changed_meanwhile(code, since).await?),
        }
    }

    /// Has everyone notice what was published; refuses where somebody else was first.
    async fn published(&self, published: PublishedParts, code: &str) -> Result<()> {
        match published {
            PublishedParts::Live(_) => self.notice_changes().await,
            PublishedParts::Unchanged => {}
            PublishedParts::Stale(_, since) => {
                return Err(self.changed_meanwhile(code.to_owned(), since).await?);
            }
        }
        Ok(())
    }

    /// What names a role.
    pub async fn uses_of_role(&self, code: &str) -> Result<RoleUses> {
        let is_for = |part: &DefinitionPart| {
            let read = LayoutText::parse(&part.name, &part.text).ok();
            read.is_some_and(|layout| layout.key().role.as_deref() == Some(code))
        };
        let layouts = parts::latest(&self.database, PartKind::Layout).await?.into_iter();
        let (views, defaults) = self.workspace.views_of_role(code).await?;
        Ok(RoleUses {
            accounts: self.identity.holders_of(code).await?,
            keys: self.identity.keys_with(code).await?,
            layouts: layouts.filter(is_for).map(|part| part.name).collect(),
            views,
            dashboards: self.workspace.dashboards_of_role(code).await?,
            defaults,
        })
    }
}

/// Tells the audit trail the texts that are to change, as they were and as they will be. Before they are published:
/// the entry is stored along.
fn note(planned: &PlannedRoles) {
    let texts = |text: fn(&PlannedRole) -> &KnownRole| -> Json {
        let differ =
            planned.roles.iter().filter(|planned| planned.after.text != planned.before.text);
        let told =
            differ.map(|planned| (planned.after.role.code.clone(), json!(text(planned).text)));
        Json::Object(told.collect())
    };
    audit::tell("before", texts(|planned| &planned.before));
    audit::tell("definitions", texts(|planned| &planned.after));
}

/// The roles as they are to be. `live` is the version that brought those that differ.
fn after(planned: PlannedRoles, live: Option<i64>) -> Vec<KnownRole> {
    let role = |planned: PlannedRole| {
        let mut role = planned.after;
        if role.text != planned.before.text {
            role.version = live.unwrap_or(role.version);
        }
        role
    };
    planned.roles.into_iter().map(role).collect()
}
