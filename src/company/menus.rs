//! The menus of a company: of each front system the stored one, or one made of what objects say of themselves.

use std::sync::Arc;

use super::{Company, faults};
use crate::{
    base::Result,
    catalog::{Catalog, DefinitionPart, Diagnostic, PartKind},
    customize::{self, PartChange, PublishedParts},
    layouts::{Menu, MenuText, SYSTEMS, generate_menu, resolve_menu, write_menu},
    records::Session,
    storage::{catalogs, parts},
};

/// The menu of a front system.
pub struct KnownMenu {
    /// The system.
    pub system: &'static str,
    /// What people call the system: Chinese, English.
    pub label: (&'static str, &'static str),
    /// Its entries.
    pub menu: Menu,
    /// Its text.
    pub text: String,
    /// The version that brought it; 0 if none is stored.
    pub version: i64,
    /// Whether nobody has written it.
    pub generated: bool,
    /// What it names in vain.
    pub faults: Vec<Diagnostic>,
}

/// A menu as it is to be.
pub struct WantedMenu {
    /// The system.
    pub system: &'static str,
    /// The text; `None` has it generated again.
    pub text: Option<String>,
    /// The version that brought the stored one, as far as the caller knows; 0 if none is stored.
    pub expected: Option<i64>,
}

impl WantedMenu {
    /// The stored menu as it is to be.
    pub(super) fn change(&self) -> PartChange {
        let name = self.system.to_owned();
        let stored =
            |text: &String| DefinitionPart::stored(PartKind::Menu, name.clone(), text.clone());
        PartChange {
            part: self.text.as_ref().map(stored),
            standard: false,
            expected: self.expected,
            about: (name.clone(), None),
            name,
        }
    }
}

impl Company {
    /// The menus of all front systems that are live, on the catalog of a request.
    pub async fn menus(&self, catalog: &Arc<Catalog>) -> Result<Vec<KnownMenu>> {
        let stored = parts::standing(&self.database, PartKind::Menu).await?;
        let menus = SYSTEMS.iter().map(|&(system, zh, en)| {
            let own = stored.iter().find(|known| known.part.name == system);
            let read = own
                .and_then(|known| Some((MenuText::parse(system, &known.part.text).ok()?, known)));
            let (written, text, version) = match read {
                Some((menu, known)) => (menu, known.part.text.clone(), known.since),
                None => {
                    let menu = generate_menu(catalog, system);
                    let text = write_menu(&menu);
                    (menu, text, 0)
                }
            };
            let (menu, faults) = resolve_menu(system, &text, &written, catalog);
            let (label, generated) = ((zh, en), version == 0);
            KnownMenu { system, label, menu, text, version, generated, faults }
        });
        Ok(menus.collect())
    }

    /// What is wrong with menus.
    pub fn faults_of_menus(
        &self,
        session: &Session,
        wanted: &[WantedMenu],
    ) -> Result<Vec<Diagnostic>> {
        let mut found = Vec::new();
        for menu in wanted {
            let Some(text) = &menu.text else { continue };
            match MenuText::parse(menu.system, text) {
                Err(fault) => found.push(fault),
                Ok(read) if read.system.get_ref() != menu.system => {
                    let named = read.system.get_ref().clone();
                    return Err(faults::other_menu(named, menu.system));
                }
                Ok(read) => {
                    found.extend(resolve_menu(menu.system, text, &read, &session.catalog).1);
                }
            }
        }
        Ok(found)
    }

    /// Stores menus, all in one publish. The caller has looked for faults.
    pub async fn set_menus(&self, session: &Session, wanted: &[WantedMenu]) -> Result<i64> {
        let _turn = self.live.turn().await;
        let changes: Vec<_> = wanted.iter().map(WantedMenu::change).collect();
        let (database, env, by) = (&self.database, &self.env, session.access.operator());
        match customize::publish_parts(database, env, by, PartKind::Menu, &changes).await? {
            PublishedParts::Live(version) => {
                self.notice_changes().await;
                Ok(version)
            }
            PublishedParts::Unchanged => catalogs::latest(database).await,
            PublishedParts::Stale(at, since) => {
                let what = changes.get(at).map(|change| change.name.clone()).unwrap_or_default();
                Err(self.changed_meanwhile(what, since).await?)
            }
        }
    }
}
