//! Whose a view or a dashboard is, and who sees and changes it. One rule for everything that people share.
//!
//! Must not know what is shared.

use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{faults, stamps::Audience, views::ViewShare};
use crate::{
    access::{Access, Principal, Visible},
    base::{Env, Error, Result},
    storage::{
        Tx,
        audit::{self, AuditEvent, AuditKind},
        fault,
    },
};

/// Most roles to share with.
pub(super) const ROLES: usize = 20;

/// Who changes views and dashboards.
#[derive(Clone, Copy)]
pub struct ViewAuthor<'a> {
    /// What exists for them.
    pub visible: Visible<'a>,
    /// How they signed in, for the audit trail.
    pub principal: &'a Principal,
}

/// The owner of something, and who else sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sharing {
    pub(super) owner: Uuid,
    pub(super) share: ViewShare,
    /// Codes of the roles that see it.
    pub(super) roles: Vec<String>,
}

impl Sharing {
    /// Reads the stored texts of a row.
    pub(super) fn read(owner: &str, share: &str, roles: &str) -> Result<Self> {
        Ok(Self {
            owner: owner.parse().map_err(Error::internal)?,
            share: share.parse().map_err(Error::internal)?,
            roles: serde_json::from_str(roles).map_err(Error::internal)?,
        })
    }

    /// Whether it is someone's own.
    pub(super) fn is_of(&self, access: &Access) -> bool {
        access.operator() == Some(self.owner)
    }

    /// Whether someone sees it, as far as what it is about exists for them.
    pub(super) fn is_seen(&self, access: &Access) -> bool {
        let held = || self.roles.iter().any(|code| access.roles().contains(code));
        self.is_of(access)
            || match self.share {
                ViewShare::Private => false,
                ViewShare::Roles => access.may_everything() || held(),
                ViewShare::All => true,
            }
    }

    /// Whether someone who sees it may change it.
    pub(super) fn may_edit(&self, access: &Access) -> bool {
        self.is_of(access) || access.may_everything()
    }

    /// The roles that a reader is shown: all if they may change it, else their own.
    pub(super) fn roles_for(&self, access: &Access) -> Vec<String> {
        let may_edit = self.may_edit(access);
        let shown = self.roles.iter().filter(|code| may_edit || access.roles().contains(code));
        shown.cloned().collect()
    }

    /// Whether holders of a role see it because of that role.
    pub(super) fn is_shared_with(&self, role: &str) -> bool {
        match self.share {
            ViewShare::Private => false,
            ViewShare::Roles => self.roles.iter().any(|code| code == role),
            ViewShare::All => true,
        }
    }

    /// Those for whom a change of it is one.
    pub(super) fn audiences(&self) -> Vec<Audience> {
        let mut all = vec![Audience::Operator(self.owner.to_string())];
        match self.share {
            ViewShare::Private => {}
            ViewShare::Roles => all.extend(self.roles.iter().cloned().map(Audience::Role)),
            ViewShare::All => all.push(Audience::Everyone),
        }
        all
    }
}

/// The faults of a share and its roles as they are given.
pub(super) fn faults_of(share: ViewShare, roles: &[String]) -> Vec<Error> {
    let at_roles = |fault: Error| fault.at(["input", "roles"]);
    let mut found = Vec::new();
    match (share, roles) {
        (ViewShare::Roles, []) => found.push(at_roles(faults::share_without_roles())),
        (ViewShare::Private | ViewShare::All, [_, ..]) => {
            found.push(at_roles(faults::roles_without_share()));
        }
        _ => {}
    }
    if roles.len() > ROLES {
        found.push(at_roles(faults::too_many_roles(ROLES)));
    }
    found
}

/// Refuses those who may not share in this way. `refusal` is for those who may not share at all. Only administrators
/// learn which roles there are.
pub(super) fn may_share(
    access: &Access,
    (share, roles): (ViewShare, &[String]),
    refusal: Option<Error>,
) -> Result<()> {
    if share == ViewShare::Private || access.may_everything() {
        return Ok(());
    }
    if let Some(refusal) = refusal {
        return Err(refusal.at(["input", "share"]));
    }
    match roles.iter().position(|code| !access.roles().contains(code)) {
        Some(at) => Err(faults::share_with_own_roles().at([
            "input".to_owned(),
            "roles".to_owned(),
            at.to_string(),
        ])),
        None => Ok(()),
    }
}

/// Writes a change of something shared to the audit trail.
pub(super) async fn record(
    tx: &Tx,
    env: &Env,
    principal: &Principal,
    (kind, object): (AuditKind, Option<&str>),
    mut what: Json,
) -> Result<()> {
    if let (Some(key), Some(what)) = (principal.key(), what.as_object_mut()) {
        what.insert("byKey".to_owned(), json!(key));
    }
    let event = AuditEvent {
        operator: Some(principal.operator),
        account: Some(&principal.account),
        object,
        record: None,
        detail: what,
    };
    let entry = audit::entry(env, kind, &event)?;
    tx.insert(&entry).await.map(|_| ()).map_err(fault)
}
