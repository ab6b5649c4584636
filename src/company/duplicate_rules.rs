//! The duplicate rules of a company: those of the program and those that are stored, with the indexes by which they find
//! records; stored in turn with other definitions.
//!
//! What a rule means, the room `rules` says; here they are kept in memory, so that a save asks for nothing.

use std::{
    collections::BTreeMap,
    sync::{Arc, atomic::Ordering},
};

use arc_swap::ArcSwap;

use super::{Company, faults};
use crate::{
    access::Access,
    base::Result,
    catalog::{Catalog, DefinitionPart, Diagnostic, PartKind},
    customize::{self, PartChange, PublishedParts},
    records::Session,
    rules::{DuplicateBook, DuplicatesText, has_standard_duplicates},
    sql::forms::{drop_form_index, form_index, is_form_index},
    storage::{Database, catalogs, derived, fault, parts},
};

/// The duplicate rules of an object.
pub struct DuplicatesInfo {
    /// The object.
    pub object: String,
    /// Their text.
    pub text: String,
    /// The version that brought it; 0 if it comes with the program.
    pub version: i64,
    /// What they name in vain.
    pub faults: Vec<Diagnostic>,
}

/// What came of storing duplicate rules.
pub struct StoredDuplicates {
    /// The version that is live now; none where nothing was stored.
    pub version: Option<i64>,
    /// What is wrong; nothing is stored where there is any.
    pub faults: Vec<Diagnostic>,
}

/// The rules that are live, with their indexes.
pub(super) async fn open(database: &Database, catalog: &Catalog) -> Result<ArcSwap<DuplicateBook>> {
    let book = stored(database).await?;
    index(database, catalog, &book).await?;
    Ok(ArcSwap::from_pointee(book))
}

async fn stored(database: &Database) -> Result<DuplicateBook> {
    let stored = parts::standing(database, PartKind::Duplicates).await?;
    let texts = stored.into_iter().map(|known| (known.part.name, known.part.text, known.since));
    Ok(DuplicateBook::new(texts))
}

/// Makes the indexes that rules need and lack, and drops those that no rule needs any more.
async fn index(database: &Database, catalog: &Catalog, book: &DuplicateBook) -> Result<()> {
    let mut wanted = BTreeMap::new();
    for object in &catalog.objects {
        for rule in book.of(catalog, object) {
            let (name, create) = form_index(database.dialect(), object, &rule.fields);
            wanted.insert(name, create);
        }
    }
    let tx = database.begin().await?;
    catalogs::alone(&tx).await?;
    let there = derived::there(&tx).await?.indexes;
    let mut statements: Vec<_> = wanted
        .iter()
        .filter(|(name, _)| !there.contains(*name))
        .map(|(_, sql)| sql.clone())
        .collect();
    let stale = there.iter().filter(|name| is_form_index(name) && !wanted.contains_key(*name));
    statements.extend(stale.map(|name| drop_form_index(name)));
    if statements.is_empty() {
        return Ok(());
    }
    tx.unlimited().await?;
    for statement in statements {
        tx.define(&statement).await.map_err(fault)?;
    }
    tx.commit().await
}

impl Company {
    /// The duplicate rules that are live, of all objects or one.
    pub fn duplicate_rules(&self, catalog: &Catalog, object: Option<&str>) -> Vec<DuplicatesInfo> {
        let book = self.sessions.duplicates.load_full();
        let written =
            book.written().filter(|(name, _)| object.is_none_or(|object| object == *name));
        let info = |(object, known): (&str, &crate::rules::KnownDuplicates)| DuplicatesInfo {
            object: object.to_owned(),
            text: known.text.clone(),
            version: known.version,
            faults: known.resolve(catalog).1,
        };
        written.map(info).collect()
    }

    /// Stores the duplicate rules of an object, or removes those that are stored, unless something is wrong or `dry_run`.
    /// Those that come with the program count again where none are stored. `expected` is the version that brought those
    /// it replaces, as far as the caller knows.
    pub async fn set_duplicate_rules(
        &self,
        session: &Session,
        object: &str,
        text: Option<String>,
        expected: Option<i64>,
        dry_run: bool,
    ) -> Result<StoredDuplicates> {
        let found = match &text {
            Some(text) => faults_of(&session.access, &session.catalog, object, text)?,
            None => Vec::new(),
        };
        if dry_run || !found.is_empty() {
            return Ok(StoredDuplicates { version: None, faults: found });
        }
        let wanted = [change(object, text, expected)];
        let _turn = self.live.turn().await;
        let (database, env, by) = (&self.database, &self.env, session.access.operator());
        let kind = PartKind::Duplicates;
        let version = match customize::publish_parts(database, env, by, kind, &wanted).await? {
            PublishedParts::Live(version) => {
                self.take_over_duplicate_rules().await?;
                self.notice_changes().await;
                version
            }
            PublishedParts::Unchanged => catalogs::latest(database).await?,
            PublishedParts::Stale(_, since) => {
                return Err(self.changed_meanwhile(object.to_owned(), since).await?);
            }
        };
        Ok(StoredDuplicates { version: Some(version), faults: found })
    }

    /// Reads the stored rules again and makes their indexes, on the catalog that is live.
    pub(super) async fn take_over_duplicate_rules(&self) -> Result<()> {
        let version = catalogs::version_of(&self.database, PartKind::Duplicates).await?;
        let book = stored(&self.database).await?;
        index(&self.database, &self.catalog(), &book).await?;
        self.sessions.duplicates.store(Arc::new(book));
        self.rules_version.fetch_max(version, Ordering::Relaxed);
        self.wake_watchers();
        Ok(())
    }

    /// The same where another process has stored some since.
    pub(super) async fn follow_duplicate_rules(&self) -> Result<()> {
        let version = catalogs::version_of(&self.database, PartKind::Duplicates).await?;
        match version > self.rules_version.load(Ordering::Relaxed) {
            true => self.take_over_duplicate_rules().await,
            false => Ok(()),
        }
    }
}

/// The rules of an object as they are to be; `None` removes those that are stored. `expected` is as in [`PartChange`].
pub(super) fn change(object: &str, text: Option<String>, expected: Option<i64>) -> PartChange {
    let name = object.to_owned();
    let part = text.map(|text| DefinitionPart::stored(PartKind::Duplicates, name.clone(), text));
    let (standard, about) = (has_standard_duplicates(object), (name.clone(), None));
    PartChange { name, part, standard, expected, about }
}

/// What is wrong with a text. That one tells of records which its reader may not see is for administrators to say.
pub(super) fn faults_of(
    access: &Access,
    catalog: &Catalog,
    object: &str,
    text: &str,
) -> Result<Vec<Diagnostic>> {
    let read = match DuplicatesText::parse(object, text) {
        Ok(read) => read,
        Err(fault) => return Ok(vec![fault]),
    };
    if read.object.get_ref() != object {
        return Err(faults::other_duplicates(read.object.get_ref().clone(), object));
    }
    if read.tells_hidden() && !access.may_everything() {
        return Err(faults::administrators_tell());
    }
    Ok(read.resolve(object, text, catalog).1)
}
