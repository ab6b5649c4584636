//! What a formula that is computed when it is read reads: fields of its record, and of the records that its
//! relations lead to.

use super::{field_type::FieldType, ids::FieldIx, object::Object, snapshot::Catalog};
use crate::expr::{Expr, Function};

impl Catalog {
    /// The fields that a path of names leads over, from a record of an object; `None` for a name that is no field.
    pub fn fields_along(&self, object: &Object, names: &[String]) -> Option<Vec<FieldIx>> {
        let mut at = Some(object);
        let mut path = Vec::with_capacity(names.len());
        let mut names = names;
        while !names.is_empty() {
            let (ix, field, rest) = at?.begin(names)?;
            path.push(ix);
            names = rest;
            at = field.target().map(|target| self.object(target));
        }
        Some(path)
    }

    /// The paths to what a formula reads that is computed when it is read, each once. In place of another such
    /// formula of the record stands what that one reads.
    pub fn read_by_formula(&self, object: &Object, formula: &Expr) -> Vec<Vec<FieldIx>> {
        let mut found = Vec::new();
        self.add_read(object, formula, &mut found);
        found
    }

    /// The fields of its record by which a field goes that is computed when it is read.
    pub fn goes_by(&self, object: &Object, ix: FieldIx) -> Vec<FieldIx> {
        let field = object.field(ix);
        match (&field.ty, &field.formula) {
            _ if !field.on_read => Vec::new(),
            (FieldType::Rollup(rollup), _) => vec![rollup.lines],
            (_, None) => Vec::new(),
            (_, Some(formula)) => {
                let paths = self.read_by_formula(object, formula);
                paths.iter().filter_map(|path| path.first().copied()).collect()
            }
        }
    }

    /// The recursion ends, because no formula reads itself.
    fn add_read(&self, object: &Object, formula: &Expr, found: &mut Vec<Vec<FieldIx>>) {
        for names in formula.paths() {
            let Some(path) = self.fields_along(object, &names) else { continue };
            let inner = match path.as_slice() {
                [own] if object.field(*own).on_read => object.field(*own).formula.as_ref(),
                _ => None,
            };
            match inner {
                Some(inner) => self.add_read(object, inner, found),
                None if !found.contains(&path) => found.push(path),
                None => {}
            }
        }
    }

    /// The relations that a formula leads over, each by its path from the record, shorter ones first. A relation
    /// that is itself compared counts, too.
    pub fn led_over(&self, object: &Object, formula: &Expr) -> Vec<Vec<FieldIx>> {
        let mut found: Vec<Vec<FieldIx>> = Vec::new();
        for path in self.read_by_formula(object, formula) {
            let mut at = object;
            for (place, step) in path.iter().enumerate() {
                let Some(target) = at.field(*step).target() else { break };
                let way = path[..=place].to_vec();
                if !found.contains(&way) {
                    found.push(way);
                }
                at = self.object(target);
            }
        }
        found.sort_by_key(Vec::len);
        found
    }
}

impl Object {
    /// Whether the value of a formula over a record depends on the day.
    pub fn asks_for_today(&self, formula: &Expr) -> bool {
        formula.calls(Function::Today)
            || self.read_by(formula).into_iter().any(|read| {
                let read = self.field(read);
                let inner = read.formula.as_ref().filter(|_| read.on_read);
                inner.is_some_and(|inner| self.asks_for_today(inner))
            })
    }
}
