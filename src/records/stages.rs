//! The stages of every row before it is written: a record or a line, new, changed or restored. A new kind of
//! rule becomes another stage here.
//!
//! [`Save::open`]: given values → nested records → privileges → reference checks → defaults → read-only fields
//! ([`read_only_fields`](super::read_only_fields)) → what is found elsewhere ([`fill_in`](super::fill_in)) → what rules set ([`behave`](super::behave)). Then lines and their
//! roll-ups. [`Save::close`]: formulas → what rules set behind the lines → required fields and checks → what rules require
//! and refuse.

use std::collections::HashMap;

use super::{
    approvals,
    change::{Input, MemberChange},
    events, formulas, guesses, nested, numbers, privileges,
    references::{self, Memo, Reference},
    restored_row,
    session::Session,
    store::Values,
};
use crate::{
    base::{Error, Result, Value},
    catalog::{FieldIx, Object},
    rules::{self, Checked, Facts, RuleContext},
    storage::Tx,
};

/// The context of one save, shared by all its rows.
pub(super) struct Save<'s> {
    pub(super) session: &'s Session,
    pub(super) tx: &'s Tx,
    pub(super) memo: Memo,
    /// The states of lines' fields are told, too.
    pub(super) tells_states: bool,
    /// It follows from another save: rules that name saves are not due again.
    pub(super) consequence: bool,
}

/// The document of a line with the values of this save.
pub(super) struct LineParent<'s> {
    /// The line's field that refers to it.
    pub(super) via: FieldIx,
    pub(super) values: &'s Values,
}

/// What only a restored row has.
pub(super) struct Restored {
    /// Whether its required references have to name records that the caller sees.
    pub(super) asked: bool,
    /// The fields that are empty or newer than the row: checks that read others held when it was deleted.
    pub(super) touched: Vec<FieldIx>,
}

/// A row before it is written.
pub(super) struct RowDraft<'s> {
    pub(super) object: &'s Object,
    pub(super) values: Values,
    /// Its stored values. None for a new row.
    pub(super) old: Option<&'s Values>,
    /// Its path in the input.
    pub(super) path: Vec<String>,
    pub(super) above: Option<LineParent<'s>>,
    /// The fields that were given, including those with nested records.
    pub(super) touched: Vec<FieldIx>,
    /// The fields that the caller gave, including lines and members.
    given: Vec<FieldIx>,
    /// The fields whose values could not be read, and those computed from them.
    pub(super) unread: Vec<FieldIx>,
    /// Faults of values that could not be read.
    pub(super) misread: Vec<Error>,
    pub(super) references: Vec<Reference>,
    pub(super) faults: Vec<Error>,
    /// Set if it is being restored.
    pub(super) restored: Option<Restored>,
    /// It refers to a record that is invisible or missing. Only that is reported, and nothing is computed.
    pub(super) blind: bool,
    /// Its state is written as it is given.
    pub(super) places_state: bool,
    /// Its drafted lines, where rules may read them.
    pub(super) lines: Vec<(FieldIx, Vec<Values>)>,
    /// Its members that come and go.
    pub(super) members: Vec<(FieldIx, MemberChange)>,
    facts: Facts,
}

impl<'s> RowDraft<'s> {
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
            restored: None,
            blind: false,
            places_state: false,
            lines: Vec::new(),
            members: Vec::new(),
            facts: Facts::default(),
        }
    }

    /// Starts from a stored row.
    pub(super) fn known(object: &'s Object, old: &'s Values, path: Vec<String>) -> Self {
        Self { old: Some(old), ..Self::new(object, old.clone(), path) }
    }

    /// Starts from a row of the recycle bin.
    pub(super) fn restored(
        object: &'s Object,
        values: Values,
        path: Vec<String>,
        asked: bool,
    ) -> Self {
        let restored = Some(Restored { asked, touched: Vec::new() });
        Self { restored, ..Self::new(object, values, path) }
    }

    /// Makes it a line of a document.
    pub(super) fn below(self, via: FieldIx, values: &'s Values) -> Self {
        Self { above: Some(LineParent { via, values }), ..self }
    }

    /// The fields that the caller gave, including lines and members.
    pub(super) fn given(&self) -> &[FieldIx] {
        &self.given
    }

    /// What its expressions read beyond it, as far as it is loaded.
    pub(super) fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Forgets what was read over a reference that it had.
    pub(super) fn forget_over(&mut self, field: &str) {
        let over = |path: &Vec<String>| path.first().is_some_and(|first| first == field);
        self.facts.values.retain(|path, _| !over(path));
        self.facts.rows.retain(|path, _| path.len() == 1 || !over(path));
    }

    /// Keeps what was read of a list.
    pub(super) fn list_read(
        &mut self,
        list: &[String],
        rows: Vec<HashMap<Vec<String>, Value>>,
        seen: bool,
    ) {
        if !seen {
            self.facts.unseen.insert(list.to_vec());
        }
        match self.facts.rows.get_mut(list) {
            // Another expression has read other values of the same records.
            Some(known) if known.len() == rows.len() => {
                known.iter_mut().zip(rows).for_each(|(known, row)| known.extend(row));
            }
            _ => drop(self.facts.rows.insert(list.to_vec(), rows)),
        }
    }

    /// Adds the row's path to a fault.
    pub(super) fn placed(&self, fault: Error) -> Error {
        self.path.iter().rev().fold(fault, |fault, part| fault.within(part.clone()))
    }
}

impl<'s> Save<'s> {
    pub(super) fn new(session: &'s Session, tx: &'s Tx) -> Self {
        Self { session, tx, memo: Memo::default(), tells_states: false, consequence: false }
    }

    /// The stages before the row's lines: its values, the checks of its references, and defaults.
    pub(super) async fn open(&self, row: &mut RowDraft<'_>, input: &Input) -> Result<()> {
        if row.restored.is_some() {
            restored_row::to_definition(self, row).await?;
        } else {
            self.give(row, input).await?;
        }
        match row.old {
            None => {
                self.fill(row).await?;
                if row.object.flow.is_some() {
                    Box::pin(self.start(row)).await?;
                }
            }
            Some(old) => self.refill(row, old).await?,
        }
        self.keep_locked(row, input).await?;
        if !row.object.fills.is_empty() {
            Box::pin(self.fill_in(row)).await?;
        }
        self.set_by_rules(row, false).await?;
        Ok(())
    }

    /// Adds the normalised input to a row, creates nested records, and checks the references that expressions
    /// read.
    async fn give(&self, row: &mut RowDraft<'_>, input: &Input) -> Result<()> {
        for (ix, value) in &input.values {
            let field = row.object.field(*ix);
            let value = rules::normalise(&self.session.catalog, field, value.clone());
            row.values.insert(*ix, value);
            row.touched.push(*ix);
        }
        row.given.extend(input.given());
        row.places_state = input.places_state;
        for (ix, faults) in &input.unread {
            // A null prevents the default.
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

    /// Checks references that expressions read. If the caller may see all records of a target, foreign keys
    /// are enough.
    async fn look(&self, row: &mut RowDraft<'_>) -> Result<()> {
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

    /// Fills the defaults of a new row in field order. Given values stay, including an explicit null.
    async fn fill(&self, row: &mut RowDraft<'_>) -> Result<()> {
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
                // A fault of the formula is reported later, when all values are known.
                match row.restored.is_some() {
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

    /// Gives the fields of a stored row that follow others their value anew, in field order, where what they read has
    /// changed and they are not given. A read-only field stays as it is.
    async fn refill(&self, row: &mut RowDraft<'_>, old: &Values) -> Result<()> {
        if row.blind || row.restored.is_some() {
            return Ok(());
        }
        let object = row.object;
        for (ix, field) in object.each_field() {
            let Some(default) = field.default.as_ref().filter(|_| field.refills) else { continue };
            if row.touched.contains(&ix) || row.unread.contains(&ix) {
                continue;
            }
            let read = object.read_by(default);
            let mut changed = events::changed(object, old, &row.values);
            changed.extend(object.computed_of(&changed));
            if !read.iter().any(|ix| changed.contains(ix)) {
                continue;
            }
            // A read-only field stays as it is.
            let locked = self.locked(row, ix).await?;
            if !locked.faults.is_empty() {
                continue;
            }
            match self.filled(row, ix, &read, &changed).await? {
                Some(Ok(value)) if locked.unseen && row.values.get(&ix) == Some(&value) => {}
                // Neither kept nor changed without a word, which would tell the condition.
                Some(Ok(_)) if locked.unseen => self.tell(row, locked)?,
                Some(Ok(value)) => {
                    row.values.insert(ix, value);
                    // What was read over the reference it had is not what it leads to now.
                    row.forget_over(&field.name);
                }
                Some(Err(fault)) => row.faults.push(row.placed(fault)),
                None => {}
            }
        }
        Ok(())
    }

    /// Evaluates a default over formulas as they will be, which are computed for good when all values are known. None if
    /// one of them cannot be computed, which is reported then.
    async fn filled(
        &self,
        row: &mut RowDraft<'_>,
        ix: FieldIx,
        read: &[FieldIx],
        changed: &[FieldIx],
    ) -> Result<Option<Result<Value, Error>>> {
        let object = row.object;
        if !read.iter().any(|ix| object.field(*ix).formula.is_some()) {
            return self.default_of(row, ix).await;
        }
        let kept = row.values.clone();
        let faults = formulas::compute(self.session, object, &mut row.values, Some(changed));
        let value = match faults.is_empty() {
            true => self.default_of(row, ix).await?,
            false => None,
        };
        row.values = kept;
        Ok(value)
    }

    /// Evaluates the default of a field of a row. None if it has no default.
    pub(super) async fn default_of(
        &self,
        row: &mut RowDraft<'_>,
        ix: FieldIx,
    ) -> Result<Option<Result<Value, Error>>> {
        let field = row.object.field(ix);
        let Some(default) = &field.default else { return Ok(None) };
        let mut paths = default.paths();
        paths.push(vec![field.name.clone()]);
        self.read(row, paths).await?;
        Ok(rules::default_of(&self.session.catalog, field, &self.scope(row)))
    }

    /// The stages after the row's lines: formulas and checks. On a stored row only those that read changed or
    /// given fields, on a restored one the checks that read [`Restored::touched`].
    pub(super) async fn close(&self, row: &mut RowDraft<'_>) -> Result<()> {
        if row.blind {
            return Ok(());
        }
        if row.object.flow.is_some() {
            Box::pin(self.hold_state(row)).await?;
        }
        if let Some(restored) = &row.restored {
            let touched = restored.touched.clone();
            // A formula without a valid value stays empty, because nobody could correct it here.
            formulas::settle(self.session, row.object, &mut row.values);
            if self.set_by_rules(row, true).await? {
                formulas::settle(self.session, row.object, &mut row.values);
            }
            self.hold(row, Some(&touched)).await?;
            return self.hold_rules(row, Some(&touched)).await;
        }
        let Some(old) = row.old else {
            // Expressions that read the number are evaluated when it is known.
            row.unread.extend(numbers::numbers(row.object).map(|(ix, _)| ix));
            self.compute(row, None);
            if self.set_by_rules(row, true).await? {
                self.compute(row, None);
            }
            self.hold(row, None).await?;
            self.hold_rules(row, None).await?;
            return self.choose(row).await;
        };
        let changed = |row: &RowDraft<'_>| {
            let mut changed = events::changed(row.object, old, &row.values);
            changed.extend(&row.touched);
            changed
        };
        let mut given = changed(row);
        self.compute(row, Some(&given));
        if self.set_by_rules(row, true).await? {
            given = changed(row);
            self.compute(row, Some(&given));
        }
        let mut touched = changed(row);
        touched.extend(row.object.computed_of(&given));
        self.hold(row, Some(&touched)).await?;
        self.hold_rules(row, None).await?;
        self.choose(row).await?;
        approvals::take_back(row, old, &touched);
        Ok(())
    }

    /// Like [`Save::close`], for a new row that has its number now: only what reads the number.
    pub(super) async fn close_numbered(
        &self,
        row: &mut RowDraft<'_>,
        number: FieldIx,
    ) -> Result<()> {
        row.unread.clear();
        let mut touched = vec![number];
        self.compute(row, Some(&touched));
        touched.extend(row.object.computed_of(&touched));
        self.hold(row, Some(&touched)).await?;
        self.hold_rules(row, Some(&touched)).await
    }

    /// Computes formulas. Reports no faults of those that read unreadable or missing values.
    fn compute(&self, row: &mut RowDraft<'_>, touched: Option<&[FieldIx]>) {
        let unread = row.object.computed_of(&row.unread);
        let untold: Vec<_> = unread.iter().map(|ix| &row.object.field(*ix).name).collect();
        row.unread.extend(&unread);
        for fault in formulas::compute(self.session, row.object, &mut row.values, touched) {
            if !fault.path.first().is_some_and(|field| untold.contains(&field)) {
                row.faults.push(row.placed(fault));
            }
        }
    }

    /// Evaluates the checks that read these fields, or all checks.
    async fn hold(&self, row: &mut RowDraft<'_>, touched: Option<&[FieldIx]>) -> Result<()> {
        self.read(row, rules::checks_read(row.object, touched)).await?;
        let checked = rules::check_record(&self.session.catalog, &self.scope(row), touched);
        self.tell(row, checked)
    }

    /// Adds the faults of rules to a row.
    pub(super) fn tell(&self, row: &mut RowDraft<'_>, checked: rules::Checked) -> Result<()> {
        self.report(row, checked)
    }

    /// Checks which values of picklists are chosen anew.
    async fn choose(&self, row: &mut RowDraft<'_>) -> Result<()> {
        let object = row.object;
        let told = object.dependents.iter().flat_map(|known| [known.field, known.on]);
        let paths = told.map(|ix| vec![object.field(ix).name.clone()]).collect();
        self.read(row, paths).await?;
        let mut checked = Checked::default();
        rules::check_choices(&self.session.catalog, &self.scope(row), row.old, &mut checked);
        self.report(row, checked)
    }

    /// Adds what a record breaks to its faults.
    fn report(&self, row: &mut RowDraft<'_>, checked: Checked) -> Result<()> {
        let mut faults = checked.faults;
        if checked.unseen {
            self.session.guess(row.object, guesses::RULE)?;
            faults.push(rules::unseen_rule());
        }
        let placed: Vec<_> = faults.into_iter().map(|fault| row.placed(fault)).collect();
        row.faults.extend(placed);
        Ok(())
    }

    /// Loads the values of paths that expressions read, and records which of them the caller does not see.
    pub(super) async fn read(&self, row: &mut RowDraft<'_>, paths: Vec<Vec<String>>) -> Result<()> {
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
            // A null is not cached: a default may fill the reference later.
            if path.len() > 1 && !value.is_null() {
                row.facts.values.insert(path, value);
            }
        }
        Ok(())
    }

    pub(super) fn scope<'r>(&'r self, row: &'r RowDraft<'_>) -> RuleContext<'r> {
        RuleContext {
            object: row.object,
            values: &row.values,
            old: row.old,
            facts: &row.facts,
            viewer: self.session.access.viewer().map_or(Value::Null, Value::Id),
            today: self.session.today(),
            now: self.session.env.clock.now(),
            zone: self.session.env.zone,
            trial: self.session.trial,
            restored: row.restored.is_some(),
            given: &row.given,
            unread: &row.unread,
        }
    }
}
