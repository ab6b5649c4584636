//! The stages that a row goes through on its way to the database, whatever it is: a record, a line of one, or
//! one that is put back. A rule of a new kind is one more stage here.
//!
//! Values given → records made for relations → references looked at → defaults → (lines, and what they come
//! to) → formulas → required fields and checks.

use super::{
    change::Input,
    events, formulas, guesses, nested, privileges,
    references::{self, Memo, Reference},
    session::Session,
    store::Values,
};
use crate::{
    base::{Error, Result, Value},
    catalog::{FieldIx, Object},
    rules::{self, Facts, Scope},
    storage::Tx,
};

/// One save: what all its rows are made in.
pub(super) struct Save<'s> {
    pub(super) session: &'s Session,
    pub(super) tx: &'s Tx,
    pub(super) memo: Memo,
}

/// The document of a line, as the save makes it.
pub(super) struct Above<'s> {
    /// The line's field that names it.
    pub(super) via: FieldIx,
    pub(super) values: &'s Values,
}

/// A row in the making.
pub(super) struct Row<'s> {
    pub(super) object: &'s Object,
    pub(super) values: Values,
    /// As it is stored; none for a new one.
    pub(super) old: Option<&'s Values>,
    /// Where it stands in the input.
    pub(super) path: Vec<String>,
    pub(super) above: Option<Above<'s>>,
    /// The fields that were given, or whose records were made with it.
    pub(super) touched: Vec<FieldIx>,
    /// The fields that the caller gave, lines and members among them.
    given: Vec<FieldIx>,
    /// The fields whose values could not be read, with those that are computed of them.
    pub(super) unread: Vec<FieldIx>,
    /// What could not be read.
    pub(super) misread: Vec<Error>,
    pub(super) references: Vec<Reference>,
    pub(super) faults: Vec<Error>,
    /// It was there before.
    pub(super) put_back: bool,
    /// It refers to what the caller may not see, or what is not there: that is told, and nothing computed.
    pub(super) blind: bool,
    facts: Facts,
}

impl<'s> Row<'s> {
    pub(super) fn new(object: &'s Object, values: Values, path: Vec<String>) -> Self {
        Self {
            object,
            values,
            old: None,
            path,
            above: None,
            touched: Vec::new(),
            given: Vec::new(),
            unread: Vec::new(),
            misread: Vec::new(),
            references: Vec::new(),
            faults: Vec::new(),
            put_back: false,
            blind: false,
            facts: Facts::default(),
        }
    }

    /// One that is stored.
    pub(super) fn known(object: &'s Object, old: &'s Values, path: Vec<String>) -> Self {
        Self { old: Some(old), ..Self::new(object, old.clone(), path) }
    }

    /// The line of a document.
    pub(super) fn below(self, via: FieldIx, values: &'s Values) -> Self {
        Self { above: Some(Above { via, values }), ..self }
    }

    /// A fault of this row, with its place.
    pub(super) fn placed(&self, fault: Error) -> Error {
        self.path.iter().rev().fold(fault, |fault, part| fault.within(part.clone()))
    }
}

impl<'s> Save<'s> {
    pub(super) fn new(session: &'s Session, tx: &'s Tx) -> Self {
        Self { session, tx, memo: Memo::default() }
    }

    /// Puts what is given into a row, normalised, with the records that are made for its relations; looks at
    /// the references among it that expressions read over.
    pub(super) async fn give(&self, row: &mut Row<'_>, input: &Input) -> Result<()> {
        for (ix, value) in &input.values {
            let field = row.object.field(*ix);
            let value = rules::normalise(&self.session.catalog, field, value.clone());
            row.values.insert(*ix, value);
            row.touched.push(*ix);
        }
        row.given.extend(input.given());
        for (ix, faults) in &input.unread {
            // No default stands for it.
            row.values.entry(*ix).or_insert(Value::Null);
            row.unread.push(*ix);
            let placed: Vec<_> = faults.iter().map(|fault| row.placed(fault.clone())).collect();
            row.misread.extend(placed);
        }
        row.references = references::of_values(row.object, &row.values, &row.touched);
        let made = nested::make(self, row.object, input, &row.path, &mut row.faults).await?;
        row.touched.extend(made.iter().map(|(ix, _)| *ix));
        row.values.extend(made);
        privileges::check(self.session, row);
        self.look(row).await?;
        let path = &row.path;
        for reference in &mut row.references {
            reference.path.splice(0..0, path.iter().cloned());
        }
        Ok(())
    }

    /// One that may not be seen is none to expressions. Where all may be seen, keys tell what is not there.
    async fn look(&self, row: &mut Row<'_>) -> Result<()> {
        if row.references.is_empty() {
            return Ok(());
        }
        let roots = rules::roots(row.object);
        let read = |reference: &&Reference| {
            let name = reference.path.first().and_then(|name| row.object.named(name));
            name.is_some_and(|(ix, _)| roots.contains(&ix))
                && !references::left_to_keys(self.session, reference)
        };
        let asked: Vec<_> = row.references.iter().filter(read).collect();
        row.blind = self.visible(&asked).await?.contains(&false);
        Ok(())
    }

    /// Gives a new row its defaults, in field order; a given value, also an explicit null, stays.
    pub(super) async fn fill(&self, row: &mut Row<'_>) -> Result<()> {
        if row.blind {
            return Ok(());
        }
        let object = row.object;
        for (ix, field) in object.each_field() {
            let Some(default) = &field.default else { continue };
            if row.values.contains_key(&ix) {
                continue;
            }
            let read = object.read_by(default);
            if read.iter().any(|ix| row.unread.contains(ix)) {
                row.unread.push(ix);
                continue;
            }
            if read.iter().any(|ix| object.field(*ix).formula.is_some()) {
                // What is wrong with it is told when all values are there.
                match row.put_back {
                    true => formulas::settle(self.session, object, &mut row.values),
                    false => drop(formulas::compute(self.session, object, &mut row.values, None)),
                }
            }
            match self.default_of(row, ix).await? {
                Some(Ok(value)) => {
                    row.values.insert(ix, value);
                }
                Some(Err(fault)) => row.faults.push(row.placed(fault)),
                None => {}
            }
        }
        Ok(())
    }

    /// What a field of a new row is by default, or what is wrong with that; none where it has no default.
    pub(super) async fn default_of(
        &self,
        row: &mut Row<'_>,
        ix: FieldIx,
    ) -> Result<Option<Result<Value, Error>>> {
        let field = row.object.field(ix);
        let Some(default) = &field.default else { return Ok(None) };
        let mut paths = default.paths();
        paths.push(vec![field.name.clone()]);
        self.read(row, paths).await?;
        Ok(rules::default_of(&self.session.catalog, field, &self.scope(row)))
    }

    /// Computes formulas, and carries out checks: of a row that is stored what reads what has changed or was given, of
    /// a new one all.
    pub(super) async fn check(&self, row: &mut Row<'_>) -> Result<()> {
        if row.blind {
            return Ok(());
        }
        let changed = |row: &Row<'_>| {
            row.old.map(|old| {
                let mut changed = events::changed(row.object, old, &row.values);
                changed.extend(&row.touched);
                changed
            })
        };
        let given = changed(row);
        self.compute(row, given.as_deref());
        let touched = changed(row).zip(given).map(|(mut changed, given)| {
            changed.extend(row.object.computed_of(&given));
            changed
        });
        self.hold(row, touched.as_deref()).await
    }

    /// The same of a new row whose number is there by now: what reads it.
    pub(super) async fn check_numbered(&self, row: &mut Row<'_>, number: FieldIx) -> Result<()> {
        row.unread.clear();
        let mut touched = vec![number];
        self.compute(row, Some(&touched));
        touched.extend(row.object.computed_of(&touched));
        self.hold(row, Some(&touched)).await
    }

    /// The same of a row that is put back: what reads some fields. Its formulas are those of today, and where one has
    /// no value that fits, nobody could correct it there.
    pub(super) async fn check_put_back(&self, row: &mut Row<'_>, fields: &[FieldIx]) -> Result<()> {
        if row.blind {
            return Ok(());
        }
        formulas::settle(self.session, row.object, &mut row.values);
        self.hold(row, Some(fields)).await
    }

    /// Of what cannot be read, or is not there yet, nothing is told.
    fn compute(&self, row: &mut Row<'_>, touched: Option<&[FieldIx]>) {
        let unread = row.object.computed_of(&row.unread);
        let untold: Vec<_> = unread.iter().map(|ix| &row.object.field(*ix).name).collect();
        row.unread.extend(&unread);
        for fault in formulas::compute(self.session, row.object, &mut row.values, touched) {
            if !fault.path.first().is_some_and(|field| untold.contains(&field)) {
                row.faults.push(row.placed(fault));
            }
        }
    }

    /// Carries out the checks that read some fields, or all.
    async fn hold(&self, row: &mut Row<'_>, touched: Option<&[FieldIx]>) -> Result<()> {
        self.read(row, rules::checks_read(row.object, touched)).await?;
        let checked = rules::check_record(&self.session.catalog, &self.scope(row), touched);
        let mut faults = checked.faults;
        if checked.unseen {
            self.session.guess(row.object, guesses::RULE)?;
            faults.push(rules::unseen_rule());
        }
        let placed: Vec<_> = faults.into_iter().map(|fault| row.placed(fault)).collect();
        row.faults.extend(placed);
        Ok(())
    }

    /// Reads what expressions ask for by some paths, and finds out what of it the caller does not see.
    async fn read(&self, row: &mut Row<'_>, paths: Vec<Vec<String>>) -> Result<()> {
        for path in paths {
            if path.len() > 1 && row.facts.values.contains_key(&path) {
                continue;
            }
            let (value, seen) = self.follow(row, &path).await?;
            if seen {
                row.facts.unseen.remove(&path);
            } else {
                row.facts.unseen.insert(path.clone());
            }
            // What is not there yet may come with a default.
            if path.len() > 1 && !value.is_null() {
                row.facts.values.insert(path, value);
            }
        }
        Ok(())
    }

    fn scope<'r>(&'r self, row: &'r Row<'_>) -> Scope<'r> {
        Scope {
            object: row.object,
            values: &row.values,
            facts: &row.facts,
            viewer: self.session.access.viewer().map_or(Value::Null, Value::Id),
            today: self.session.today(),
            now: self.session.env.clock.now(),
            trial: self.session.trial,
            given: &row.given,
            unread: &row.unread,
        }
    }
}
