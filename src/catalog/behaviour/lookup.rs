//! What names and expressions of a text of behaviour mean in the object that it is for, with all that is wrong with them.

use strum::VariantNames as _;
use toml::Spanned;

use super::{TextPlace, action::ActionScope, flow::MoveRight, rule::RuleExpr};
use crate::{
    base::{Code, Message},
    catalog::{
        DefinitionPart, Diagnostic, FieldIx, Object, ObjectIx, RecordScope, messages,
        names::nearest, quoted_list, resolve::Stages,
    },
    expr::{self, Expr, ExprError, Type},
};

/// The object for which a part of a text resolves.
pub(super) struct Lookup<'w, 'a, 'b> {
    pub(super) part: &'a DefinitionPart,
    pub(super) object: ObjectIx,
    /// The object of the lines that a rule goes over.
    pub(super) each: Option<ObjectIx>,
    /// What an action asks for, and makes in the steps before.
    pub(super) action: Option<ActionScope>,
    pub(super) work: &'w mut Stages<'b>,
}

impl<'w, 'a, 'b> Lookup<'w, 'a, 'b> {
    /// Names of an object's record.
    pub(super) fn of(part: &'a DefinitionPart, object: ObjectIx, work: &'w mut Stages<'b>) -> Self {
        Self { part, object, each: None, action: None, work }
    }

    /// Where a text stands.
    pub(super) fn place(&self, text: &Spanned<String>) -> TextPlace<'a> {
        TextPlace { part: self.part, at: text.span().start }
    }

    pub(super) fn fault(&mut self, place: TextPlace<'_>, message: Message) {
        self.work.faults.push(place.fault(Code::CatalogRule, message));
    }

    pub(super) fn at(&self, object: ObjectIx) -> &Object {
        self.work.catalog.object(object)
    }

    /// A field; reports one that there is not, unless its definition is faulty.
    pub(super) fn field(
        &mut self,
        of: ObjectIx,
        name: &str,
        place: TextPlace<'_>,
    ) -> Option<FieldIx> {
        let object = self.work.catalog.object(of);
        if let Some((ix, _)) = object.named(name) {
            return Some(ix);
        }
        if !self.work.refused.contains(&(of, name.to_owned())) {
            let message = messages::unknown_field(&object.name, name);
            let names = object.known_fields().map(|(_, field)| field.name.as_str());
            let hint = nearest(name, names).map(messages::did_you_mean);
            let fault = place.fault(Code::CatalogRule, message);
            self.work.faults.push(Diagnostic { hint, ..fault });
        }
        None
    }

    /// The right that a move or an action needs.
    pub(super) fn right(&mut self, text: Option<&Spanned<String>>) -> Option<MoveRight> {
        let Some(right) = text else { return Some(MoveRight::default()) };
        let known = right.get_ref().parse().ok();
        if known.is_none() {
            let names = quoted_list(MoveRight::VARIANTS);
            let message = messages::no_move_right(right.get_ref(), names);
            self.fault(self.place(right), message);
        }
        known
    }

    /// An expression over the record as it is stored, without what a save adds: no `old`, no records of lists.
    pub(super) fn condition(&mut self, text: &Spanned<String>) -> Option<RuleExpr> {
        let scope = RecordScope::of(&self.work.catalog, self.object);
        match expr::parse(text.get_ref(), &scope, &Type::Bool) {
            Ok(expr) => self.stored(self.place(text), expr, text.get_ref()),
            Err(errors) => self.misread(text, errors),
        }
    }

    /// An expression over the record.
    pub(super) fn expr(&mut self, text: &Spanned<String>, ty: &Type) -> Option<RuleExpr> {
        let (written, place) = (text.get_ref(), self.place(text));
        let scope = RecordScope::of(&self.work.catalog, self.object).in_rules();
        let scope = match self.each {
            Some(line) => scope.with_each(line),
            None => scope,
        };
        let scope = match &self.action {
            Some(action) => scope.within(action),
            None => scope,
        };
        match expr::parse(written, &scope, ty) {
            Ok(expr) => self.stored(place, expr, written),
            Err(errors) => self.misread(text, errors),
        }
    }

    /// Reports what is wrong with an expression, but for names whose definitions are faulty.
    fn misread(&mut self, text: &Spanned<String>, errors: Vec<ExprError>) -> Option<RuleExpr> {
        let (written, place) = (text.get_ref(), self.place(text));
        for error in errors {
            let refused = |name: &String| self.work.refused.contains(&(self.object, name.clone()));
            if error.unknown.as_ref().is_some_and(refused) {
                continue;
            }
            let message = messages::in_expression(written, error.message);
            let fault = place.fault(Code::CatalogExpression, message);
            self.work.faults.push(Diagnostic { hint: error.hint, ..fault });
        }
        None
    }

    /// The expression, unless it reads what is computed only when it is read.
    fn stored(&mut self, place: TextPlace<'_>, expr: Expr, text: &str) -> Option<RuleExpr> {
        let lists = expr.over_lists();
        let foreign = lists.iter().find_map(|over| {
            let first = over.list.first()?;
            let named = self.action.as_ref().is_some_and(|action| action.names(first));
            (named && over.list.len() > 1).then(|| over.list.join("."))
        });
        if let Some(list) = foreign {
            let message = messages::no_list_of_action(text, list);
            self.work.faults.push(place.fault(Code::CatalogExpression, message));
            return None;
        }
        let inside = lists.iter().filter_map(|over| {
            let object = self.work.catalog.named(&over.object)?.ix;
            Some(over.read_of_each().into_iter().map(move |path| (object, path)))
        });
        let own = expr.paths().into_iter().map(|path| (self.object, path));
        let all: Vec<_> = own.chain(inside.flatten()).collect();
        let unstored = all.iter().find(|(object, path)| self.is_unstored(*object, path));
        match unstored {
            None => Some(RuleExpr { text: text.to_owned(), expr }),
            Some((_, path)) => {
                let message = messages::reads_unstored(text, path.join("."));
                let fault = place.fault(Code::CatalogExpression, message);
                self.work.faults.push(Diagnostic { hint: Some(messages::store_it()), ..fault });
                None
            }
        }
    }

    fn is_unstored(&self, object: ObjectIx, path: &[String]) -> bool {
        let catalog = &self.work.catalog;
        let rest = path.get(1..).unwrap_or_default();
        let (object, path) = match path.first().map(String::as_str) {
            Some("old") => (Some(object), rest),
            Some("each") => (self.each, rest),
            Some("viewer") => (catalog.named("Employee").map(|employee| employee.ix), rest),
            Some(name) => match self.action.as_ref().and_then(|action| action.leads(name, rest)) {
                Some((made, rest)) => (Some(made), rest),
                None => (Some(object), path),
            },
            None => (Some(object), path),
        };
        let Some(object) = object.map(|object| catalog.object(object)) else { return false };
        let Some((last, steps)) = path.split_last() else { return false };
        let along = catalog.fields_along(object, steps);
        let end = match along.as_deref() {
            None => return false,
            Some([]) => Some(object.ix),
            Some(along) => catalog.end(object, along),
        };
        end.and_then(|end| catalog.object(end).named(last)).is_some_and(|(_, field)| field.on_read)
    }
}
