//! Resolves fills: their object and field, and where the value is looked for, with all that is wrong at once.

use std::collections::BTreeMap;

use toml::Spanned;

use super::{
    TextPlace,
    fill::{FieldFill, FillSource},
    lookup::Lookup,
    rule::RuleExpr,
    text::{FillSourceText, FillText},
};
use crate::{
    base::Code,
    catalog::{
        DefinitionPart, FieldIx, FieldType, ObjectIx, messages,
        resolve::{Stages, field_type},
    },
    expr::Type,
};

/// Most fills of an object, and most places in which one looks.
const MOST: usize = 10;

/// Adds a fill to its object.
pub(super) fn resolve(part: &DefinitionPart, text: &Spanned<FillText>, work: &mut Stages<'_>) {
    let text = text.get_ref();
    let Some(object) = super::known_object(part, &text.object, work) else { return };
    let mut lookup = Lookup::of(part, object, work);
    let before = lookup.work.faults.len();
    let fill = lookup.fill(text);
    if lookup.work.faults.len() > before {
        return;
    }
    let Some(fill) = fill else { return };
    let place = TextPlace { part, at: text.field.span().start };
    let fills = &mut work.catalog.objects[object.0].fills;
    if fills.iter().any(|known| known.field == fill.field && known.origin == fill.origin) {
        let message = messages::filled_twice(text.field.get_ref());
        work.faults.push(place.fault(Code::CatalogRule, message));
        return;
    }
    // One's own takes the place of the standard one of its field.
    fills.retain(|known| known.field != fill.field);
    fills.push(fill);
}

impl Lookup<'_, '_, '_> {
    fn fill(&mut self, text: &FillText) -> Option<FieldFill> {
        let (code, place) = (text.code.get_ref(), self.place(&text.code));
        let fills = &self.at(self.object).fills;
        let message = if !super::is_rule_code(code) {
            Some(messages::bad_rule_code(code))
        } else if fills.iter().any(|known| known.code == *code && known.origin == self.part.origin)
        {
            Some(messages::fill_twice(code))
        } else if fills.len() >= MOST || text.from.len() > MOST || text.from.is_empty() {
            Some(messages::many_fills(MOST))
        } else {
            None
        };
        if let Some(message) = message {
            self.fault(place, message);
        }
        let field = self.filled(&text.field);
        let on = text.on.as_ref().map(|on| self.expr(on, &Type::Date));
        let ty =
            field.and_then(|ix| field_type(&self.work.catalog, &self.at(self.object).field(ix).ty));
        let mut from = Vec::new();
        for source in &text.from {
            from.extend(self.source(source.get_ref(), ty.as_ref()));
        }
        let origin = self.part.origin;
        let fill = FieldFill { origin, code: code.clone(), field: field?, on: on.flatten(), from };
        self.computed_late(&fill, place);
        Some(fill)
    }

    /// Reports what a fill reads and a save computes behind it: formulas and sums of the record, and sums of its document.
    fn computed_late(&mut self, fill: &FieldFill, place: TextPlace<'_>) {
        let object = self.at(self.object);
        let late = |ix: &FieldIx| {
            let field = object.field(*ix);
            field.formula.is_some() || matches!(field.ty, FieldType::Rollup(_))
        };
        let catalog = &self.work.catalog;
        let mut found = Vec::new();
        for expr in fill.exprs() {
            let own = object.read_by(expr).into_iter().find(late);
            let own = own.map(|ix| object.field(ix).name.clone());
            let summed = expr.paths().into_iter().find(|path| {
                let document = path.first().and_then(|first| object.named(first));
                let document = document.filter(|(ix, _)| object.parent == Some(*ix));
                let head = document.and_then(|(_, field)| field.target());
                let read = head.zip(path.get(1)).and_then(|(head, name)| {
                    catalog.object(head).named(name).map(|(_, field)| field)
                });
                read.is_some_and(|field| {
                    field.formula.is_some() || matches!(field.ty, FieldType::Rollup(_))
                })
            });
            found.extend(own.or(summed.map(|path| path.join("."))));
        }
        for name in found {
            let message = messages::filled_by_computed(&fill.code, name);
            self.work.faults.push(place.fault(Code::CatalogExpression, message));
        }
    }

    /// The field that is filled.
    fn filled(&mut self, name: &Spanned<String>) -> Option<FieldIx> {
        let place = self.place(name);
        let ix = self.field(self.object, name.get_ref(), place)?;
        let object = self.at(self.object);
        let field = object.field(ix);
        let state = object.flow.as_ref().is_some_and(|flow| flow.field == ix);
        let single = field.writable() && field.column.is_some() && object.parent != Some(ix);
        if state || !single || field.default.is_some() {
            self.fault(place, messages::not_filled(name.get_ref()));
            return None;
        }
        Some(ix)
    }

    fn source(&mut self, text: &FillSourceText, ty: Option<&Type>) -> Option<FillSource> {
        let of = super::known_object(self.part, &text.object, self.work)?;
        let value = match &text.value {
            Some(name) => self.column(of, name)?,
            None => {
                self.fault(self.place(&text.object), messages::fills_with_nothing());
                return None;
            }
        };
        let held = field_type(&self.work.catalog, &self.at(of).field(value).ty);
        if let (Some(name), Some(ty)) = (&text.value, ty)
            && held.as_ref() != Some(ty)
        {
            self.fault(self.place(name), messages::fills_another_type(name.get_ref()));
        }
        let matches = self.pairs(of, &text.matches);
        if text.matches.is_empty() {
            self.fault(self.place(&text.object), messages::matches_nothing());
        }
        let tier = self.pairs(of, &text.tier).into_iter().next();
        let valid = match text.valid.as_slice() {
            [] => None,
            [first, last] => {
                let days = [first, last].map(|name| self.day(of, name));
                Some((days[0]?, days[1]?))
            }
            [first, ..] => {
                self.fault(self.place(first), messages::two_days());
                None
            }
        };
        Some(FillSource { object: of, value, matches, valid, tier })
    }

    fn pairs(
        &mut self,
        of: ObjectIx,
        texts: &BTreeMap<String, Spanned<String>>,
    ) -> Vec<(FieldIx, RuleExpr)> {
        let mut found = Vec::new();
        for (name, text) in texts {
            let place = self.place(text);
            let Some(ix) = self.field(of, name, place) else { continue };
            let field = self.at(of).field(ix);
            let ty = field_type(&self.work.catalog, &field.ty).filter(|_| field.column.is_some());
            match ty {
                Some(ty) => found.extend(self.expr(text, &ty).map(|expr| (ix, expr))),
                None => self.fault(place, messages::not_looked_up(name)),
            }
        }
        found
    }

    /// A field with a column of its own.
    fn column(&mut self, of: ObjectIx, name: &Spanned<String>) -> Option<FieldIx> {
        let place = self.place(name);
        let ix = self.field(of, name.get_ref(), place)?;
        if self.at(of).field(ix).column.is_none() {
            self.fault(place, messages::not_looked_up(name.get_ref()));
            return None;
        }
        Some(ix)
    }

    fn day(&mut self, of: ObjectIx, name: &Spanned<String>) -> Option<FieldIx> {
        let ix = self.column(of, name)?;
        if !matches!(self.at(of).field(ix).ty, FieldType::Date) {
            self.work.faults.push(self.place(name).fault(Code::CatalogRule, messages::two_days()));
            return None;
        }
        Some(ix)
    }
}
