//! The roles that there are: those of the program, and the stored ones in their place or beside them.

use std::sync::Arc;

use serde_json::json;
use strum::{AsRefStr, EnumString, VariantNames};

use super::{Rights, checks::read_role, dimension_values};
use crate::{
    access::{Action, Role, standard_texts},
    base::{Error, Result},
    catalog::{Catalog, DefinitionPart, ObjectKind, PartKind},
    customize::{self, PartChange, PublishStep, PublishedParts},
    records::{Session, SessionSource},
    storage::parts,
};

/// Where a role comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, AsRefStr, EnumString, VariantNames)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum RoleOrigin {
    /// It is as it comes with the program.
    Standard,
    /// The company has stored it in place of one that comes with the program.
    Changed,
    /// It is the company's own.
    Own,
}

impl RoleOrigin {
    /// That of the same role once it is stored.
    #[must_use]
    pub fn when_stored(self) -> Self {
        match self {
            Self::Standard => Self::Changed,
            stored => stored,
        }
    }
}

/// A role with its origin.
#[derive(Clone)]
pub struct KnownRole {
    /// The role.
    pub role: Arc<Role>,
    /// Where it comes from.
    pub origin: RoleOrigin,
    /// The version that brought the stored one; 0 as it comes with the program.
    pub version: i64,
    /// Its TOML text.
    pub text: String,
}

impl Rights {
    /// Returns the standard roles and the stored ones. A stored role replaces a standard role with its code.
    pub async fn roles(&self) -> Result<Vec<KnownRole>> {
        let (origin, version) = (RoleOrigin::Standard, 0);
        let standard = standard_texts()?.into_iter();
        let mut known: Vec<_> = standard
            .map(|(role, text)| KnownRole { role: Arc::new(role), origin, version, text })
            .collect();
        for stored in parts::standing(&self.source.database, PartKind::Role).await? {
            let (part, version) = (stored.part, stored.since);
            let before = known.len();
            known.retain(|other| other.role.code != part.name);
            // Of a text that no longer can be read nobody has anything, nor of a standard role that it replaces.
            let Ok(mut role) = Role::parse(&part.text) else { continue };
            if let Some(ticked) = &part.names {
                role.ticked = serde_json::from_str(ticked).map_err(Error::internal)?;
            }
            let replaces = known.len() < before;
            let origin = if replaces { RoleOrigin::Changed } else { RoleOrigin::Own };
            known.push(KnownRole { role: Arc::new(role), origin, version, text: part.text });
        }
        Ok(known)
    }

    /// The role of a code.
    pub async fn role(&self, code: &str) -> Result<Option<KnownRole>> {
        Ok(self.roles().await?.into_iter().find(|known| known.role.code == code))
    }

    /// The role of a code as it comes with the program.
    pub fn standard_role(code: &str) -> Result<Option<Role>> {
        let known = standard_texts()?.into_iter().find(|(role, _)| role.code == code);
        Ok(known.map(|(role, _)| role))
    }

    /// Stores a role, replacing one with the same code; `expected` is the version that brought it, as far as the caller
    /// knows. The session's rights apply when ticked values are looked up.
    pub async fn save_role(
        &self,
        session: &Session,
        text: &str,
        expected: Option<i64>,
    ) -> Result<(Role, PublishedParts)> {
        let role = read_role(session, &session.catalog, text).await?;
        let change = stored(&role, text.to_owned(), expected)?;
        let published = self.publish_roles(session, &[change]).await?;
        Ok((role, published))
    }

    /// Deletes a stored role. A standard role that it replaced is active again.
    pub async fn remove_role(
        &self,
        session: &Session,
        code: &str,
        expected: Option<i64>,
    ) -> Result<PublishedParts> {
        self.publish_roles(session, &[Self::role_change(code, None, expected)?]).await
    }

    /// Deletes a stored role, unless something asked in its transaction refuses that.
    pub async fn remove_unused_role(
        &self,
        session: &Session,
        code: &str,
        expected: Option<i64>,
        unused: &dyn PublishStep,
    ) -> Result<PublishedParts> {
        let SessionSource { database, env, .. } = &self.source;
        let (by, wanted) = (session.access.operator(), [Self::role_change(code, None, expected)?]);
        let of = (PartKind::Role, wanted.as_slice());
        let published = customize::publish_parts_behind(database, env, by, of, unused).await;
        self.forget();
        published
    }

    /// Reads and checks a role on a catalog, which need not be live yet; the part is what is stored of it.
    pub async fn read_role(
        &self,
        session: &Session,
        catalog: &Catalog,
        text: &str,
    ) -> Result<(Role, DefinitionPart)> {
        let role = read_role(session, catalog, text).await?;
        let part = part(&role, text.to_owned())?;
        Ok((role, part))
    }

    /// The text of a role as another system can read it: with keys in place of ids, where the records have keys.
    pub async fn portable_role(&self, session: &Session, text: &str) -> Result<String> {
        let Ok(role) = Role::parse(text) else { return Ok(text.to_owned()) };
        let mut text = text.to_owned();
        for (id, key) in dimension_values::keys_of(session, &role).await? {
            let key = json!(key).to_string();
            text = text.replace(&format!("\"{id}\""), &key).replace(&format!("'{id}'"), &key);
        }
        Ok(text)
    }

    /// A stored role as it is to be; `None` removes it. `expected` is as in [`PartChange`].
    pub fn role_change(
        code: &str,
        part: Option<DefinitionPart>,
        expected: Option<i64>,
    ) -> Result<PartChange> {
        let (name, standard, about) =
            (code.to_owned(), is_standard(code)?, (code.to_owned(), None));
        Ok(PartChange { name, part, standard, expected, about })
    }

    /// Publishes roles, all of them in one version.
    pub(super) async fn publish_roles(
        &self,
        session: &Session,
        changes: &[PartChange],
    ) -> Result<PublishedParts> {
        let SessionSource { database, env, .. } = &self.source;
        let by = session.access.operator();
        let published = customize::publish_parts(database, env, by, PartKind::Role, changes).await;
        self.forget();
        published
    }

    /// The objects that a new catalog adds, each with the codes of the roles that grant nothing on it.
    pub async fn lacking(
        &self,
        live: &Catalog,
        new: &Catalog,
        brought: &[Role],
    ) -> Result<Vec<(String, Vec<String>)>> {
        let added = new.objects.iter().filter(|object| object.kind != ObjectKind::Line);
        let added: Vec<_> = added.filter(|object| live.named(&object.name).is_none()).collect();
        if added.is_empty() {
            return Ok(Vec::new());
        }
        let stored = self.roles().await?;
        let replaced = |role: &&Role| brought.iter().any(|other| other.code == role.code);
        let kept = stored.iter().map(|known| &*known.role).filter(|role| !replaced(role));
        let roles: Vec<_> = kept.chain(brought).collect();
        let all: Vec<_> = <Action as strum::IntoEnumIterator>::iter().collect();
        let of = added.into_iter().map(|object| {
            let lack = roles.iter().filter(|role| !role.grants_any(object, &all));
            let mut codes: Vec<_> = lack.map(|role| role.code.clone()).collect();
            codes.sort();
            (object.name.clone(), codes)
        });
        Ok(of.filter(|(_, codes)| !codes.is_empty()).collect())
    }
}

/// The change that stores a role whose ticked values are ids.
pub(super) fn stored(role: &Role, text: String, expected: Option<i64>) -> Result<PartChange> {
    Rights::role_change(&role.code, Some(part(role, text)?), expected)
}

/// What is stored of a role whose ticked values are ids.
fn part(role: &Role, text: String) -> Result<DefinitionPart> {
    let ticked = serde_json::to_string(&role.ticked).map_err(Error::internal)?;
    let ticked = (!role.ticked.is_empty()).then_some(ticked);
    Ok(DefinitionPart::role(role.code.clone(), text, ticked))
}

/// Whether a role of this code comes with the program.
fn is_standard(code: &str) -> Result<bool> {
    Ok(standard_texts()?.iter().any(|(known, _)| known.code == code))
}
