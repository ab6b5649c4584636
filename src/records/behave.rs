//! The rules of a company within a save: fields that they set, before the record's lines or behind them, values that they
//! require, saves that they refuse.
//!
//! `rules` tells what a rule comes to; here it is told when it is due, what it reads is loaded, and whether the caller may do
//! what it does. The employees that rules relate are in [`relate`](super::relate).

use super::{
    events, formulas, guesses,
    references::Reference,
    stages::{RowDraft, Save},
    store::Values,
};
use crate::{
    base::{Result, Value},
    catalog::{FieldIx, Object, Rule},
    expr::Expr,
    rules::{self, Checked, Facts, RuleContext, RuleOccasion},
};

impl Save<'_> {
    /// Sets the fields of a row that rules set: before its lines, or, if `late`, behind them. Returns whether any has another
    /// value now.
    pub(super) async fn set_by_rules(&self, row: &mut RowDraft<'_>, late: bool) -> Result<bool> {
        let object = row.object;
        let mut any = false;
        for rule in object.rules.iter().filter(|rule| !rule.set.is_empty() && rule.late == late) {
            if row.blind || !self.is_due(row, rule) || reads_unread(row, rule) {
                continue;
            }
            any |= self.set_by(row, rule).await?;
        }
        Ok(any)
    }

    /// Whether a rule is due in the save of a row.
    fn is_due(&self, row: &RowDraft<'_>, rule: &Rule) -> bool {
        let Some(old) = row.old else {
            return rules::is_due(row.object, rule, RuleOccasion::Create);
        };
        let mut changed = events::changed(row.object, old, &row.values);
        changed.extend(row.object.computed_of(&changed));
        changed.extend(row.given());
        rules::is_due(
            row.object,
            rule,
            match self.consequence {
                true => RuleOccasion::Consequence(&changed),
                false => RuleOccasion::Update(&changed),
            },
        )
    }

    async fn set_by(&self, row: &mut RowDraft<'_>, rule: &Rule) -> Result<bool> {
        let (session, object) = (self.session, row.object);
        let catalog = &session.catalog;
        self.read_for(row, rule.exprs()).await?;
        let computed = self.with_formulas(row, rule);
        let given = {
            let scope =
                RuleContext { values: computed.as_ref().unwrap_or(&row.values), ..self.scope(row) };
            match rules::applies(rule, &scope) {
                Ok(false) => Ok(Vec::new()),
                Err(fault) => Err(vec![fault]),
                Ok(true) => {
                    let each = rule.set.iter().map(|(ix, set)| {
                        let field = object.field(*ix);
                        Ok((*ix, rules::assigned(catalog, rule, field, set, &scope)?))
                    });
                    let (done, failed): (Vec<_>, Vec<_>) = each.partition(Result::is_ok);
                    match failed.is_empty() {
                        true => Ok(done.into_iter().flatten().collect()),
                        false => Err(failed.into_iter().filter_map(Result::err).collect()),
                    }
                }
            }
        };
        let given: Vec<(FieldIx, Value)> = match given {
            Ok(given) => given,
            Err(faults) => {
                let placed: Vec<_> = faults.into_iter().map(|fault| row.placed(fault)).collect();
                row.faults.extend(placed);
                return Ok(false);
            }
        };
        let mut any = false;
        for (ix, value) in given {
            if row.values.get(&ix).unwrap_or(&Value::Null) != &value {
                any |= self.assign(row, rule, ix, value)?;
            }
        }
        Ok(any)
    }

    /// The values of a row with formulas as they will be, if the rule reads any.
    fn with_formulas(&self, row: &RowDraft<'_>, rule: &Rule) -> Option<Values> {
        let object = row.object;
        let formula = |ix: &FieldIx| object.field(*ix).formula.is_some();
        if !rule.reads(object).iter().any(formula) {
            return None;
        }
        let mut values = row.values.clone();
        let changed = row.old.map(|old| events::changed(object, old, &row.values));
        // A fault of a formula is reported later, when all values are known.
        drop(formulas::compute(self.session, object, &mut values, changed.as_deref()));
        Some(values)
    }

    /// Gives a field of a row the value that a rule sets, if the caller may write it or the rule acts for the company.
    fn assign(
        &self,
        row: &mut RowDraft<'_>,
        rule: &Rule,
        ix: FieldIx,
        value: Value,
    ) -> Result<bool> {
        let (session, object) = (self.session, row.object);
        let (catalog, field) = (&session.catalog, object.field(ix));
        if !rule.mandate && !session.access.may_write(object.ix, ix) {
            let seen = session.access.field_rule(object.ix, ix).is_none();
            let fault = rules::sets_closed(catalog, object, rule, (field, seen));
            row.faults.push(row.placed(fault));
            return Ok(false);
        }
        if !rule.mandate && rule.exprs().any(|expr| self.scope(row).facts.unseen_by(expr)) {
            if !session.trial {
                session.guess(object, guesses::RULE)?;
                let fault = rules::sets_by_unseen(catalog, object, rule, field);
                row.faults.push(row.placed(fault));
            }
            return Ok(false);
        }
        if let (false, Some(relation), Some(id)) = (rule.mandate, field.relation(), value.as_id()) {
            let path: Vec<_> = row.path.iter().cloned().chain([field.name.clone()]).collect();
            let target = relation.target;
            row.references.retain(|reference| reference.path != path);
            row.references.push(Reference { path, target, id, keyed: true });
        }
        row.values.insert(ix, value);
        row.unread.retain(|unread| *unread != ix);
        row.forget_over(&field.name);
        Ok(true)
    }

    /// Finds what rules require and refuse. A rule is asked where it is due; of a restored row where it reads one of the
    /// fields that are empty or new.
    pub(super) async fn hold_rules(
        &self,
        row: &mut RowDraft<'_>,
        only: Option<&[FieldIx]>,
    ) -> Result<()> {
        let object = row.object;
        for rule in object.rules.iter().filter(|rule| rule.guards()) {
            let due = match only {
                Some(fields) => rule.reads(object).iter().any(|ix| fields.contains(ix)),
                None => self.is_due(row, rule),
            };
            if row.blind || !due || reads_unread(row, rule) {
                continue;
            }
            match rule.each {
                None => {
                    self.read_for(row, rule.exprs()).await?;
                    let checked = self.held(row, rule, (object, &row.values), None);
                    self.tell(row, checked)?;
                }
                Some(lines) => self.hold_each(row, rule, lines).await?,
            }
        }
        Ok(())
    }

    /// The same for a rule that goes over lines.
    async fn hold_each(&self, row: &mut RowDraft<'_>, rule: &Rule, lines: FieldIx) -> Result<()> {
        let field = row.object.field(lines);
        let Some(target) = field.target() else { return Ok(()) };
        let line = self.session.catalog.object(target);
        self.read_for(row, rule.exprs()).await?;
        for values in self.list_rows(row, lines).await? {
            let mut facts = row.facts().clone();
            for path in rule.exprs().flat_map(Expr::paths) {
                let Some(("each", rest)) =
                    path.split_first().map(|(first, rest)| (first.as_str(), rest))
                else {
                    continue;
                };
                let (value, seen) = self.value_over(line, &values, rest).await?;
                if !seen {
                    facts.unseen.insert(path.clone());
                }
                facts.values.insert(path, value);
            }
            let mut checked = self.held(row, rule, (line, &values), Some(&facts));
            for fault in &mut checked.faults {
                fault.path.insert(0, field.name.clone());
            }
            self.tell(row, checked)?;
        }
        Ok(())
    }

    /// What a rule holds up. Of a rule over what the caller does not see no more is told than that there is one.
    fn held(
        &self,
        row: &RowDraft<'_>,
        rule: &Rule,
        subject: (&Object, &Values),
        facts: Option<&Facts>,
    ) -> Checked {
        let own = self.scope(row);
        let scope = RuleContext { facts: facts.unwrap_or(own.facts), ..own };
        let unseen = !rule.mandate && rule.exprs().any(|expr| scope.facts.unseen_by(expr));
        let mut checked = Checked::default();
        if unseen && self.session.trial {
            return checked;
        }
        let faults = match rules::applies(rule, &scope) {
            Ok(true) => rules::refused(&self.session.catalog, rule, subject, &scope),
            Ok(false) => Vec::new(),
            Err(fault) => vec![fault],
        };
        match unseen {
            true => checked.unseen = !faults.is_empty(),
            false => checked.faults = faults,
        }
        checked
    }
}

/// Whether a rule reads a value that could not be read, which is reported already, or that is not known yet.
fn reads_unread(row: &RowDraft<'_>, rule: &Rule) -> bool {
    rule.reads(row.object).iter().any(|ix| row.unread.contains(ix))
}
