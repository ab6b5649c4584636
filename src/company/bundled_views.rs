//! The shared views of a bundle: what is checked of them on the catalog that it comes to, and their writing in its
//! transaction. What of a view's question exists for whom is decided where it is read, as of any view.

use async_trait::async_trait;
use uuid::Uuid;

use super::{Company, bundles::diagnostic, faults};
use crate::{
    base::{Error, Result},
    bundle::{Bundle, PartDifference},
    catalog::{Catalog, CatalogChange, ChangeKind, Diagnostic, Risk},
    customize::PublishStep,
    storage::Tx,
    workspace::{SharedView, SharedViewChange, ViewText},
};

/// The views that a bundle changes, and who applies it.
pub(super) struct BundledViews<'b> {
    pub(super) company: &'b Company,
    pub(super) by: Option<Uuid>,
    pub(super) views: Vec<SharedViewChange>,
}

#[async_trait]
impl PublishStep for BundledViews<'_> {
    async fn write(&self, tx: &Tx) -> Result<()> {
        self.company.workspace.put_shared_views(tx, self.by, &self.views).await
    }
}

/// A view's change with what the list of changes says of it, or what is wrong.
type Checked = std::result::Result<(SharedViewChange, CatalogChange), Vec<Diagnostic>>;

impl Company {
    /// The change of a shared view to the bundle's text, or away.
    pub(super) async fn view_change(
        &self,
        catalog: &Catalog,
        bundle: &Bundle,
        one: &PartDifference,
        system: &[SharedView],
    ) -> Result<Checked> {
        let known = system.iter().find(|known| known.key == one.name);
        let mine =
            bundle.parts.iter().find(|part| (part.kind, &part.name) == (one.kind, &one.name));
        let written = mine.map(|part| &part.text).or(known.map(|known| &known.text));
        let written = written.ok_or_else(|| Error::internal("a view that neither side has"))?;
        let text = match ViewText::parse(&one.path, written) {
            Ok(text) => text,
            Err(fault) => return Ok(Err(vec![fault])),
        };
        if mine.is_some() {
            let mut found = Vec::new();
            if !text.is_called(&one.name) {
                found.push(faults::other_part(text.key(), &one.name));
            }
            found.extend(text.faults(catalog, &self.role_codes(bundle).await?));
            if !found.is_empty() {
                let told = found.into_iter().map(|fault| diagnostic(&one.path, fault));
                return Ok(Err(told.collect()));
            }
        }
        let kind = match (known.is_some(), mine.is_some()) {
            (false, _) => ChangeKind::AddView,
            (true, true) => ChangeKind::UpdateView,
            (true, false) => ChangeKind::RemoveView,
        };
        let described = CatalogChange {
            kind,
            object: text.object.clone(),
            field: Some(text.name.clone()),
            risk: Risk::Safe,
            reason: None,
        };
        let known = known.map(|known| known.known);
        Ok(Ok((SharedViewChange { known, text: mine.map(|_| text) }, described)))
    }
}
