//! Stored definitions that do not resolve with this program, of every kind, each with what is wrong.

use super::Company;
use crate::{
    access::Role,
    base::Result,
    catalog::{Catalog, DefinitionPart, Diagnostic, PartKind},
    layouts::{LayoutText, MenuText, resolve_layout},
    rules::DuplicatesText,
    storage::parts,
};

/// A definition that is kept apart.
pub struct KeptApart {
    /// Its kind.
    pub kind: PartKind,
    /// A type or `Type.field` of objects, the name of any other part; empty for a text that cannot be read.
    pub name: String,
    /// The text that has it.
    pub path: String,
    /// What is wrong with it.
    pub diagnostics: Vec<Diagnostic>,
}

impl Company {
    /// All that is kept apart: what of the objects is not in the catalog, and texts that nothing is shown or granted by.
    pub async fn quarantine(&self, catalog: &Catalog) -> Result<Vec<KeptApart>> {
        let objects = catalog.apart.iter().map(|apart| KeptApart {
            kind: PartKind::Objects,
            name: apart.name.clone(),
            path: apart.path.clone(),
            diagnostics: apart.diagnostics.clone(),
        });
        let mut all: Vec<_> = objects.collect();
        for kind in [PartKind::Role, PartKind::Layout, PartKind::Menu, PartKind::Duplicates] {
            let stored = parts::latest(&self.database, kind).await?;
            all.extend(stored.into_iter().filter_map(|part| unreadable(part, catalog)));
        }
        // Rules that can be read and name what is not there.
        let rules = self.duplicate_rules(catalog, None).into_iter();
        all.extend(rules.filter(|rules| rules.version > 0 && !rules.faults.is_empty()).map(
            |rules| {
                let (kind, name) = (PartKind::Duplicates, rules.object);
                KeptApart { kind, path: name.clone(), name, diagnostics: rules.faults }
            },
        ));
        Ok(all)
    }

    /// Says in the log what of roles, layouts, menus and duplicate rules is kept apart; `customize` says it of objects.
    pub(super) async fn tell_quarantine(&self) -> Result<()> {
        let all = self.quarantine(&self.catalog()).await?;
        for apart in all.iter().filter(|apart| apart.kind != PartKind::Objects) {
            for fault in &apart.diagnostics {
                tracing::warn!(definition = apart.name, %fault, "kept in quarantine");
            }
        }
        Ok(())
    }
}

/// A part of a kind that stands each for itself, if nothing comes of it.
fn unreadable(part: DefinitionPart, catalog: &Catalog) -> Option<KeptApart> {
    let diagnostics = match part.kind {
        PartKind::Objects | PartKind::Rules | PartKind::View => None,
        PartKind::Role => Role::parse(&part.text).err().map(|error| fault_of(&part, error)),
        PartKind::Duplicates => {
            DuplicatesText::parse(&part.name, &part.text).err().map(|fault| vec![fault])
        }
        PartKind::Menu => MenuText::parse(&part.name, &part.text).err().map(|fault| vec![fault]),
        PartKind::Layout => match LayoutText::parse(&part.name, &part.text) {
            Err(fault) => Some(vec![fault]),
            Ok(layout) => {
                let resolved = resolve_layout(&part.name, &part.text, &layout, catalog);
                resolved.page.is_none().then_some(resolved.faults)
            }
        },
    };
    let DefinitionPart { kind, name, .. } = part;
    Some(KeptApart { kind, path: name.clone(), name, diagnostics: diagnostics? })
}

fn fault_of(part: &DefinitionPart, error: crate::base::Error) -> Vec<Diagnostic> {
    let (code, message, hint) = (error.code, error.message, error.hint);
    vec![Diagnostic { code, path: part.name.clone(), line: 1, column: 1, message, hint }]
}
