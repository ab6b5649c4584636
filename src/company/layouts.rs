//! The layouts of a company: those of the program, those that are stored, and the generated ones; stored and accepted in
//! turn with other definitions.
//!
//! Resolved once for each version of catalog and layouts, not for each request. What of a layout a caller sees, the
//! room `layouts` says.

use std::sync::Arc;

use arc_swap::ArcSwapOption;

use super::{Company, faults};
use crate::{
    access::Visible,
    base::{Code, Error, Result},
    catalog::{Catalog, CatalogChange, ChangeKind, DefinitionPart, Diagnostic, Object, PartKind},
    customize::{self, PartChange, PublishedParts},
    layouts::{
        LayoutKey, LayoutKind, LayoutText, PageLayout, generate, missing_pages, needs_pages,
        preferred, resolve_layout, seen_by, standard_layouts, state_field, write_layout,
    },
    records::Session,
    storage::{catalogs, parts},
};

/// How often layouts are accepted while others store them.
const TRIES: usize = 3;

/// A layout that somebody has written.
pub struct KnownLayout {
    /// What it is for.
    pub key: LayoutKey,
    /// Its text.
    pub text: String,
    /// The version that brought it; 0 if it comes with the program.
    pub version: i64,
    /// Whether it comes with the program.
    pub standard: bool,
    /// What it names in vain, as a field that is retired.
    pub faults: Vec<Diagnostic>,
    page: Option<PageLayout>,
}

/// All written layouts, on one catalog.
#[derive(Default)]
pub struct LayoutBook {
    catalog: i64,
    version: i64,
    known: Vec<KnownLayout>,
}

/// The book of the last versions that were asked for.
pub(super) type LayoutCell = Arc<ArcSwapOption<LayoutBook>>;

/// A layout as a caller sees it.
pub struct ShownLayout {
    /// What it shows.
    pub page: PageLayout,
    /// What it is for.
    pub key: LayoutKey,
    /// Its text.
    pub text: String,
    /// The version that brought it; 0 if none is stored.
    pub version: i64,
    /// Whether nobody has written it.
    pub generated: bool,
    /// What it names in vain.
    pub faults: Vec<Diagnostic>,
}

/// What came of storing a layout.
pub struct StoredLayout {
    /// Its text, as it is or would be stored.
    pub text: String,
    /// The version that is live now.
    pub version: i64,
    /// What is wrong; nothing is stored unless it is empty.
    pub faults: Vec<Diagnostic>,
}

impl LayoutBook {
    /// The layouts that somebody has written, by their names.
    pub fn written(&self) -> &[KnownLayout] {
        &self.known
    }

    fn of(&self, key: &LayoutKey) -> Option<&KnownLayout> {
        self.known.iter().find(|known| known.key == *key)
    }

    /// Whether ordinary users get to an object: it comes with the program, or it has a list and a detail layout.
    pub fn opens(&self, object: &Object) -> bool {
        !needs_pages(object) || self.missing(object).is_empty()
    }

    /// The layouts without which an object is for those who define it only.
    pub fn missing(&self, object: &Object) -> Vec<LayoutKind> {
        missing_pages(object, |key| self.of(key).is_some())
    }

    /// The layout that counts for a caller with some roles: the most specific one, else a generated one. `None` if the
    /// object does not exist for them, or has nothing to show in this way.
    pub fn shown(
        &self,
        visible: Visible<'_>,
        name: &str,
        kind: LayoutKind,
        roles: &[String],
        state: Option<&str>,
    ) -> Option<ShownLayout> {
        let object = visible.objects().find(|object| object.name == name)?;
        let sees = |of: &Object, ix| visible.sees(of, ix);
        let state = state.filter(|_| state_field(object, &sees).is_some());
        let written = preferred(&self.known, |known| &known.key, name, kind, roles, state);
        let page = written.and_then(|known| known.page.as_ref());
        let page = page.and_then(|page| seen_by(page, visible, false));
        if let (Some(known), Some(page)) = (written, page) {
            let (key, text, version) = (known.key.clone(), known.text.clone(), known.version);
            let faults = known.faults.clone();
            return Some(ShownLayout { page, key, text, version, generated: false, faults });
        }
        let layout = generate(visible.catalog, object, kind, &sees)?;
        let page = resolve_layout("", "", &layout, visible.catalog).page?;
        let page = seen_by(&page, visible, true)?;
        let (key, text) = (layout.key(), write_layout(&layout));
        Some(ShownLayout { page, key, text, version: 0, generated: true, faults: Vec::new() })
    }
}

impl Company {
    /// The layouts that are live, on the catalog of a request.
    pub async fn layouts(&self, catalog: &Arc<Catalog>) -> Result<Arc<LayoutBook>> {
        let version = catalogs::version_of(&self.database, PartKind::Layout).await?;
        let current =
            |book: &Arc<LayoutBook>| (book.catalog, book.version) == (catalog.version, version);
        if let Some(book) = self.layouts.load_full().filter(current) {
            return Ok(book);
        }
        let stored = parts::standing(&self.database, PartKind::Layout).await?;
        let stored =
            stored.into_iter().map(|known| (known.part.name, known.part.text, known.since));
        let texts: Vec<_> = stored.collect();
        let catalog = Arc::clone(catalog);
        // Conditions are parsed on threads of their own.
        let reading = tokio::task::spawn_blocking(move || book(&catalog, version, texts));
        let book = Arc::new(reading.await.map_err(Error::internal)?);
        self.layouts.store(Some(Arc::clone(&book)));
        Ok(book)
    }

    /// Stores a layout, unless something is wrong with it or `dry_run`. `expected` is the version that brought the one
    /// it replaces, as far as the caller knows.
    pub async fn set_layout(
        &self,
        session: &Session,
        key: &LayoutKey,
        text: String,
        expected: Option<i64>,
        dry_run: bool,
    ) -> Result<StoredLayout> {
        let faults = self.faults_of(session, key, &text)?;
        let wanted = [self.change(key, Some(text.clone()), expected)];
        if dry_run || !faults.is_empty() {
            let version = catalogs::latest(&self.database).await?;
            return Ok(StoredLayout { text, version, faults });
        }
        let version = self.publish_layouts(session, &wanted).await?;
        Ok(StoredLayout { text, version, faults })
    }

    /// Removes a stored layout. What comes with the program, or a generated one, is shown again.
    pub async fn remove_layout(
        &self,
        session: &Session,
        key: &LayoutKey,
        expected: Option<i64>,
    ) -> Result<i64> {
        let book = self.layouts(&session.catalog).await?;
        if book.of(key).is_none_or(|known| known.standard)
            && expected.is_none_or(|known| known == 0)
        {
            return Err(faults::no_layout(key.variant(), &key.object));
        }
        let wanted = [self.change(key, None, expected)];
        self.publish_layouts(session, &wanted).await
    }

    /// Stores the generated list and detail layouts of an object as they are, where it has none.
    pub async fn accept_layouts(&self, session: &Session, object: &Object) -> Result<i64> {
        for _another in 1..TRIES {
            match self.try_accept(session, object).await {
                // Somebody has stored one of them in the meantime, which is accepted as well.
                Err(error) if error.code == Code::CatalogConflict => {}
                accepted => return accepted,
            }
        }
        self.try_accept(session, object).await
    }

    async fn try_accept(&self, session: &Session, object: &Object) -> Result<i64> {
        let book = self.layouts(&session.catalog).await?;
        let wanted = self.generated(&session.catalog, object, &book.missing(object));
        self.publish_layouts(session, &wanted).await
    }

    /// The generated layouts of an object, to be stored.
    fn generated(
        &self,
        catalog: &Catalog,
        object: &Object,
        kinds: &[LayoutKind],
    ) -> Vec<PartChange> {
        let change = |kind: &LayoutKind| {
            let layout = generate(catalog, object, *kind, &|_, _| true);
            let text = layout.map(|layout| write_layout(&layout));
            self.change(&LayoutKey::plain(&object.name, *kind), text, Some(0))
        };
        kinds.iter().map(change).collect()
    }

    /// The generated layouts of the objects that a publish brings and that have none.
    pub(super) async fn layouts_along(
        &self,
        new: &Catalog,
        changes: &[CatalogChange],
    ) -> Result<Vec<PartChange>> {
        let brought = changes.iter().filter(|change| {
            matches!(change.kind, ChangeKind::AddObject | ChangeKind::RestoreObject)
        });
        let brought: Vec<_> = brought
            .filter_map(|change| new.named(&change.object))
            .filter(|object| needs_pages(object))
            .collect();
        if brought.is_empty() {
            return Ok(Vec::new());
        }
        let stored = parts::names(&self.database, PartKind::Layout).await?;
        let lacking = brought.into_iter().flat_map(|object| {
            let missing = missing_pages(object, |key| stored.contains(&key.name()));
            self.generated(new, object, &missing)
        });
        Ok(lacking.collect())
    }

    fn faults_of(&self, session: &Session, key: &LayoutKey, text: &str) -> Result<Vec<Diagnostic>> {
        let path = key.name();
        let layout = match LayoutText::parse(&path, text) {
            Ok(layout) => layout,
            Err(fault) => return Ok(vec![fault]),
        };
        if layout.key() != *key {
            return Err(faults::other_layout(layout.key().name(), path));
        }
        Ok(resolve_layout(&path, text, &layout, &session.catalog).faults)
    }

    /// A stored layout as it is to be; without a text it is removed.
    pub(super) fn change(
        &self,
        key: &LayoutKey,
        text: Option<String>,
        expected: Option<i64>,
    ) -> PartChange {
        let name = key.name();
        let part = text.map(|text| DefinitionPart::stored(PartKind::Layout, name.clone(), text));
        let standard = standard().any(|(_, layout, _)| layout.key() == *key);
        let about = (key.object.clone(), Some(key.variant()));
        PartChange { name, part, standard, expected, about }
    }

    async fn publish_layouts(&self, session: &Session, wanted: &[PartChange]) -> Result<i64> {
        let _turn = self.live.turn().await;
        let by = session.access.operator();
        let (database, env) = (&self.database, &self.env);
        match customize::publish_parts(database, env, by, PartKind::Layout, wanted).await? {
            PublishedParts::Live(version) => {
                // An own object is open to ordinary users once it has pages.
                self.rights.forget();
                self.notice_changes().await;
                Ok(version)
            }
            PublishedParts::Unchanged => catalogs::latest(database).await,
            PublishedParts::Stale(at, since) => {
                let what = wanted.get(at).map(|change| change.name.clone()).unwrap_or_default();
                Err(self.changed_meanwhile(what, since).await?)
            }
        }
    }

    /// The refusal of a definition that somebody else has changed: who, and in which version.
    pub(super) async fn changed_meanwhile(&self, what: String, since: i64) -> Result<Error> {
        if since == 0 {
            return Ok(faults::definition_removed(what));
        }
        let found = catalogs::published(&self.database, Some(since + 1), 1).await?;
        let by = found.first().and_then(|version| version.by);
        let holders = self.holders().await?;
        let who = holders.into_iter().find(|(operator, ..)| Some(*operator) == by);
        let who = who.map_or_else(|| "?".to_owned(), |(_, account, _)| account);
        Ok(faults::definition_changed(who, what, since))
    }
}

/// The layouts of the program: path, layout, text.
fn standard() -> impl Iterator<Item = (String, LayoutText, String)> {
    standard_layouts().into_iter().filter_map(|(path, text)| {
        let layout = LayoutText::parse(&path, &text).ok()?;
        Some((path, layout, text))
    })
}

/// Reads all written layouts. A stored one takes the place of one of the program.
fn book(catalog: &Catalog, version: i64, stored: Vec<(String, String, i64)>) -> LayoutBook {
    let own = stored.into_iter().filter_map(|(name, text, since)| {
        // It was read before it was stored; what an older program refuses is not shown by it.
        let layout = LayoutText::parse(&name, &text).ok()?;
        Some((name, layout, text, since))
    });
    let mut texts: Vec<_> = own.collect();
    for (path, layout, text) in standard() {
        if !texts.iter().any(|(_, known, ..)| known.key() == layout.key()) {
            texts.push((path, layout, text, 0));
        }
    }
    let known = texts.into_iter().map(|(path, layout, text, since)| {
        let resolved = resolve_layout(&path, &text, &layout, catalog);
        KnownLayout {
            key: layout.key(),
            version: since,
            standard: since == 0,
            faults: resolved.faults,
            page: resolved.page,
            text,
        }
    });
    let mut known: Vec<_> = known.collect();
    known.sort_by(|one, other| one.key.cmp(&other.key));
    LayoutBook { catalog: catalog.version, version, known }
}
