//! What is checked of a bundle's parts that stand each for itself, as if each were stored alone, on the catalog that the
//! bundle comes to.

use std::sync::Arc;

use super::{
    Company, WantedMenu,
    bundles::diagnostic,
    duplicate_rules::{self, faults_of},
    faults,
};
use crate::{
    base::{Code, Error, Result},
    bundle::{Bundle, BundlePart, PartDifference},
    catalog::{Catalog, DefinitionPart, Diagnostic, PartKind},
    customize::PartChange,
    layouts::{LayoutText, MenuText, SYSTEMS, resolve_layout, resolve_menu},
    records::Session,
    rights::Rights,
};

/// A part's change, or what is wrong with it.
type Checked = std::result::Result<PartChange, Vec<Diagnostic>>;

impl Company {
    /// The change of a part of any kind but objects: to the bundle's text, or away. `since` is the version that brought
    /// the stored one.
    pub(super) async fn part_change(
        &self,
        session: &Session,
        catalog: &Arc<Catalog>,
        bundle: &Bundle,
        one: &PartDifference,
        (mine, stored): (Option<&BundlePart>, Option<&DefinitionPart>),
        since: i64,
    ) -> Result<Checked> {
        let text = mine.map(|part| part.text.as_str());
        let told = |fault: Error| vec![diagnostic(&one.path, fault)];
        match one.kind {
            // They are resolved together.
            PartKind::Objects | PartKind::Rules => {
                Err(Error::internal("objects do not stand for themselves"))
            }
            PartKind::View => Err(Error::internal("views are rows")),
            PartKind::Role => {
                let role = self.role_change(session, catalog, one, text, since).await;
                match role {
                    Err(error) if error.code == Code::Internal => Err(error),
                    Err(fault) => Ok(Err(told(fault))),
                    Ok(change) => Ok(Ok(change)),
                }
            }
            PartKind::Layout => {
                let roles = self.role_codes(bundle).await?;
                Ok(self.layout_change(catalog, one, (text, stored), since, &roles))
            }
            PartKind::Menu => Ok(menu_change(catalog, one, text, since)),
            PartKind::Duplicates => Ok(duplicates_change(session, catalog, one, text, since)),
        }
    }

    async fn role_change(
        &self,
        session: &Session,
        catalog: &Catalog,
        one: &PartDifference,
        text: Option<&str>,
        since: i64,
    ) -> Result<PartChange> {
        let code = &one.name;
        let Some(text) = text else {
            let change = Rights::role_change(code, None, Some(since))?;
            let holders = self.identity.holders_of(code).await?.len();
            let keys = self.identity.keys_with(code).await?;
            if !change.standard && (holders > 0 || keys > 0) {
                return Err(faults::role_is_held(code, holders, keys));
            }
            return Ok(change);
        };
        let (role, part) = self.rights.read_role(session, catalog, text).await?;
        if role.code != *code {
            return Err(faults::other_part(role.code, code));
        }
        Rights::role_change(code, Some(part), Some(since))
    }

    /// The codes of all roles that there are with the bundle.
    pub(super) async fn role_codes(&self, bundle: &Bundle) -> Result<Vec<String>> {
        let known = self.rights.roles().await?.into_iter().map(|known| known.role.code.clone());
        let brought = bundle.parts.iter().filter(|part| part.kind == PartKind::Role);
        Ok(known.chain(brought.map(|part| part.name.clone())).collect())
    }

    fn layout_change(
        &self,
        catalog: &Catalog,
        one: &PartDifference,
        (text, stored): (Option<&str>, Option<&DefinitionPart>),
        since: i64,
        roles: &[String],
    ) -> Checked {
        let written = text.or(stored.map(|part| part.text.as_str())).unwrap_or_default();
        let layout = LayoutText::parse(&one.path, written).map_err(|fault| vec![fault])?;
        let key = layout.key();
        let told = |fault: Error| Err(vec![diagnostic(&one.path, fault)]);
        if key.name() != one.name {
            return told(faults::other_part(key.name(), &one.name));
        }
        if let Some(text) = text {
            if let Some(role) = key.role.as_ref().filter(|role| !roles.contains(role)) {
                return told(faults::no_role_of_layout(role));
            }
            let faults = resolve_layout(&one.path, text, &layout, catalog).faults;
            if !faults.is_empty() {
                return Err(faults);
            }
        }
        Ok(self.change(&key, text.map(str::to_owned), Some(since)))
    }
}

fn duplicates_change(
    session: &Session,
    catalog: &Catalog,
    one: &PartDifference,
    text: Option<&str>,
    since: i64,
) -> Checked {
    if let Some(text) = text {
        let found = faults_of(&session.access, catalog, &one.name, text);
        let found = found.map_err(|fault| vec![diagnostic(&one.path, fault)])?;
        if !found.is_empty() {
            return Err(found);
        }
    }
    Ok(duplicate_rules::change(&one.name, text.map(str::to_owned), Some(since)))
}

fn menu_change(catalog: &Catalog, one: &PartDifference, text: Option<&str>, since: i64) -> Checked {
    let told = |fault: Error| Err(vec![diagnostic(&one.path, fault)]);
    let Some((system, ..)) = SYSTEMS.iter().find(|(system, ..)| *system == one.name) else {
        let systems: Vec<_> = SYSTEMS.iter().map(|(system, ..)| *system).collect();
        return told(faults::no_front_system(&one.name, systems.join(", ")));
    };
    if let Some(text) = text {
        let menu = MenuText::parse(&one.path, text).map_err(|fault| vec![fault])?;
        if menu.system.get_ref() != system {
            return told(faults::other_part(menu.system.get_ref(), &one.name));
        }
        let faults = resolve_menu(&one.path, text, &menu, catalog).1;
        if !faults.is_empty() {
            return Err(faults);
        }
    }
    Ok(WantedMenu { system, text: text.map(str::to_owned), expected: Some(since) }.change())
}
