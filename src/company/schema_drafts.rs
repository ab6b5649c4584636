//! Drafts of definitions: one text of each operator over the version it began with, and what its publish would do.
//!
//! A draft is the whole of one's own definitions. If others published meanwhile, their changes are merged into it by
//! type; a type that both changed is theirs to settle.

use uuid::Uuid;

use super::{Company, faults};
use crate::{
    base::{Code, Result},
    catalog::{
        Catalog, Diagnostic, LARGEST_TEXT, Origin, PartKind, RenamedField, RetiredName, messages,
        place_of, renamed_text,
        sdl::{self, EditFault, SchemaEdit},
        standard_sources,
    },
    customize::{self, PublishPlan, Purged, WantedText},
    records::Session,
    storage::{catalogs, parts, retired, schema_drafts},
};

pub use crate::storage::schema_drafts::StoredDraft;

/// A step on a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DraftStep {
    /// An edit of the text alone.
    Edit(SchemaEdit),
    /// Another name for a field, with all that names it in the text.
    RenameField {
        /// The object.
        object: String,
        /// The field.
        field: String,
        /// The name that it gets.
        to: String,
    },
}

/// The place of a draft in diagnostics.
const PATH: &str = "draft.graphql";

/// A draft with what its publish would do now.
pub struct KnownDraft {
    /// What is stored.
    pub stored: StoredDraft,
    /// Whose it is.
    pub by: Uuid,
    /// Whether others have published objects since its base.
    pub outdated: bool,
    /// The comparison of what a publish would make of it with what is live.
    pub plan: PublishPlan,
}

/// The text after an edit. What comes with the program is stated anew in it.
fn after(text: &str, edit: &SchemaEdit) -> Result<String, EditFault> {
    let refused = match sdl::edited(text, edit) {
        Err(refused @ (EditFault::NoObject(_) | EditFault::NoField(..))) => refused,
        done => return done,
    };
    let standard = standard_sources();
    let meant = standard.iter().find_map(|part| sdl::restating(&part.text, edit));
    meant.map_or(Err(refused), |meant| sdl::edited(text, &meant?))
}

impl Company {
    /// The caller's draft, compared with what is live.
    pub async fn schema_draft(&self, session: &Session) -> Result<Option<KnownDraft>> {
        let by = operator(session)?;
        let Some(stored) = schema_drafts::of(&self.database, by).await? else { return Ok(None) };
        let live = self.catalog();
        let plan = match self.draft_over(&stored, &live).await? {
            Ok(text) => {
                let wanted = WantedText::Whole(&text);
                let (database, env) = (&self.database, &self.env);
                customize::plan(database, env, &live, &session.access, wanted.into()).await?
            }
            Err(refused) => refused,
        };
        Ok(Some(KnownDraft { outdated: stored.base != live.version, stored, by, plan }))
    }

    /// Saves the caller's draft over a version, in place of the one before.
    pub async fn save_schema_draft(&self, session: &Session, sdl: &str, base: i64) -> Result<()> {
        let by = operator(session)?;
        if sdl.len() > LARGEST_TEXT {
            return Err(faults::large_draft(LARGEST_TEXT >> 20).at(["sdl"]));
        }
        let base = self.base_of(base, "base").await?;
        schema_drafts::put(&self.database, &self.env, by, base, sdl).await
    }

    /// Drops the caller's draft. Returns whether there was one.
    pub async fn drop_schema_draft(&self, session: &Session) -> Result<bool> {
        let tx = self.database.begin().await?;
        let dropped = schema_drafts::drop_of(&tx, operator(session)?).await?;
        if dropped {
            tx.commit().await?;
        }
        Ok(dropped)
    }

    /// The caller's draft; what is live, if they have none.
    async fn draft_text(&self, session: &Session) -> Result<(String, i64)> {
        if let Some(stored) = schema_drafts::of(&self.database, operator(session)?).await? {
            return Ok((stored.text, stored.base));
        }
        let live = self.catalog().version;
        Ok((customize::custom_text(&self.database, live).await?, live))
    }

    /// Changes the caller's draft by steps, all of them or none; without a draft, what is live. What another request of
    /// theirs does meanwhile is not written over. A fault has the index of its step.
    pub async fn edit_schema_draft(
        &self,
        session: &Session,
        steps: &[DraftStep],
    ) -> Result<Result<(), (usize, EditFault)>> {
        let _turn = self.live.turn().await;
        let (mut text, base) = self.draft_text(session).await?;
        for (at, step) in steps.iter().enumerate() {
            match self.taken(&text, step).await? {
                Ok(next) => text = next,
                Err(fault) => return Ok(Err((at, fault))),
            }
        }
        self.save_schema_draft(session, &text, base).await.map(Ok)
    }

    /// The text after a step.
    async fn taken(&self, text: &str, step: &DraftStep) -> Result<Result<String, EditFault>> {
        let (object, field, to) = match step {
            DraftStep::Edit(edit) => return Ok(after(text, edit)),
            DraftStep::RenameField { object, field, to } => (object, field, to),
        };
        let live = self.catalog();
        let resolved = customize::resolved_text(&self.database, text, &live.apart).await?;
        let Some(catalog) = resolved else { return Ok(Err(EditFault::Faulty)) };
        let standard = catalog.named(object).and_then(|object| object.named(field));
        if standard.is_some_and(|(_, field)| field.origin == Origin::Standard) {
            return Ok(Err(EditFault::Standard(format!("{object}.{field}"))));
        }
        let of = live.named(object).or_else(|| live.item(object));
        let known = of.is_some_and(|of| of.named(field).is_some() || of.group(field).is_some());
        Ok(renamed_text(text, &catalog, RenamedField { object, field, to, known }))
    }

    /// The edit that defines again what was retired, as it was.
    pub async fn restoring(&self, object: &str, field: Option<&str>) -> Result<SchemaEdit> {
        let names = retired::all(&self.database).await?;
        let known = |name: &&RetiredName| name.object == object && name.field.as_deref() == field;
        let Some(name) = names.iter().find(known) else {
            return Err(faults::not_retired(match field {
                Some(field) => format!("{object}.{field}"),
                None => object.to_owned(),
            }));
        };
        let text = customize::custom_text(&self.database, name.stood_in).await?;
        // A field of a group is defined where its data item is, or with the group.
        let live = self.catalog();
        let (object, field) = match field.map(place_of) {
            Some((Some(group), name)) => {
                let of = live.named(object).and_then(|object| object.group(group));
                of.map_or((object, Some(group)), |group| (group.item.as_str(), Some(name)))
            }
            _ => (object, field),
        };
        let object = object.to_owned();
        let sdl = match field {
            Some(field) => sdl::member_of(&text, &object, field),
            None => sdl::definition_of(&text, &object),
        };
        let sdl = sdl.ok_or_else(|| faults::not_retired(&object))?;
        Ok(match field {
            Some(_) => SchemaEdit::DefineField { object, sdl },
            None => SchemaEdit::DefineObject { sdl },
        })
    }

    /// What is retired, for whoever defines objects.
    pub async fn retired(&self) -> Result<Vec<RetiredName>> {
        retired::all(&self.database).await
    }

    /// Removes for good what is retired; `confirm` is its name once more.
    pub async fn purge_retired(&self, gone: Purged<'_>, confirm: &str) -> Result<()> {
        if confirm != gone.name() {
            return Err(faults::not_confirmed(gone.name()).at(["confirm"]));
        }
        let turn = self.live.turn().await;
        if turn.live().keeps_apart(gone.object, gone.field) {
            return Err(faults::in_quarantine(gone.name()));
        }
        customize::purge(&self.database, gone).await
    }

    /// What a publish makes of the caller's draft, or the refusal.
    pub(super) async fn own_draft_over(
        &self,
        session: &Session,
        live: &Catalog,
    ) -> Result<Result<String, PublishPlan>> {
        let stored = schema_drafts::of(&self.database, operator(session)?).await?;
        self.draft_over(&stored.ok_or_else(faults::no_draft)?, live).await
    }

    pub(super) async fn draft_over(
        &self,
        draft: &StoredDraft,
        live: &Catalog,
    ) -> Result<Result<String, PublishPlan>> {
        if draft.base == live.version {
            return Ok(Ok(draft.text.clone()));
        }
        let base = customize::custom_text(&self.database, draft.base).await?;
        let theirs = customize::custom_text(&self.database, live.version).await?;
        Ok(match sdl::merged(&base, &draft.text, &theirs) {
            Ok(text) => Ok(text),
            // What cannot be read has diagnostics of its own.
            Err(types) if types.is_empty() => Ok(draft.text.clone()),
            Err(types) => Err(clash(&types, live.version)),
        })
    }

    /// One's own definitions of an earlier version.
    pub(super) async fn text_of_version(&self, live: &Catalog, version: i64) -> Result<String> {
        if version >= live.version || self.base_of(version, "to").await? != version {
            return Err(faults::no_earlier_version(version).at(["to"]));
        }
        customize::custom_text(&self.database, version).await
    }

    /// The version of objects that a version of any kind has.
    async fn base_of(&self, version: i64, argument: &'static str) -> Result<i64> {
        let known = catalogs::objects_at(&self.database, version).await?;
        let there = version <= catalogs::latest(&self.database).await? && known > 0;
        // The parts of versions before the first publish by anyone are those of the program.
        if !there || parts::of_version(&self.database, PartKind::Objects, known).await?.is_empty() {
            return Err(faults::no_earlier_version(version).at([argument]));
        }
        Ok(known)
    }
}

/// The operator whose draft it is.
fn operator(session: &Session) -> Result<Uuid> {
    session.access.operator().ok_or_else(faults::no_draft)
}

/// The refusal of a draft that changes types which others changed meanwhile.
fn clash(types: &[String], version: i64) -> PublishPlan {
    let told = types.iter().map(|name| Diagnostic {
        code: Code::CatalogConflict,
        path: PATH.to_owned(),
        line: 1,
        column: 1,
        message: messages::changed_meanwhile(name, version),
        hint: Some(messages::take_theirs_first()),
    });
    PublishPlan::refused(PATH.to_owned(), told.collect())
}
