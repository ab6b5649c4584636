//! Stage 7: parses the texts of defaults, checks and conditions to typed expressions in the scope of their record.

use std::sync::Arc;

use super::{
    super::{
        behaviour::{ActionScope, INPUT},
        diagnostic::Diagnostic,
        directive::{Applied, Directives},
        field::Label,
        field_type::FieldType,
        ids::{FieldIx, ObjectIx},
        messages,
        object::RecordCheck,
        snapshot::Catalog,
        source::SourcePlace,
    },
    Stages, conditions,
};
use crate::{
    base::{Code, text::tidy},
    expr::{self, Scope, Type},
};

pub(super) fn resolve(work: &mut Stages<'_>) {
    for ix in 0..work.catalog.objects.len() {
        let ix = ObjectIx(ix);
        field_expressions(ix, work);
        for (place, directives) in work.object_directives[ix.0].clone() {
            let checks = checks(ix, place, &directives, work);
            work.catalog.objects[ix.0].checks.extend(checks);
        }
    }
}

/// The checks of the directives `@check` at one place.
fn checks(
    object: ObjectIx,
    place: SourcePlace<'_>,
    directives: &Directives,
    work: &mut Stages<'_>,
) -> Vec<RecordCheck> {
    let mut checks = Vec::new();
    for applied in directives.all("check") {
        for (name, earlier) in [("zh", "message"), ("en", "messageEn")] {
            if applied.has(name) && applied.has(earlier) {
                let place = SourcePlace { pos: applied.at(earlier), ..place };
                let message = messages::said_twice(earlier, name);
                work.fault(place.fault(Code::CatalogDirective, message));
            }
        }
        let said = |name, earlier| applied.text(name).or(applied.text(earlier)).map(str::to_owned);
        let message = Label { zh: said("zh", "message"), en: said("en", "messageEn") };
        let text = applied.text("expr").unwrap_or_default().to_owned();
        let place = SourcePlace { pos: applied.at("expr"), ..place };
        let parsed = parse(object, &text, &Type::Bool, place, work);
        checks.extend(parsed.map(|expr| RecordCheck { expr, text, message }));
    }
    checks
}

fn field_expressions(ix: ObjectIx, work: &mut Stages<'_>) {
    let fields: Vec<_> = work.catalog.object(ix).each_field().map(|(f, _)| f).collect();
    for field_ix in fields {
        let Some((place, directives)) = work.fields.get(&(ix, field_ix)).cloned() else { continue };
        let mut found = Vec::new();
        if let Some(said) = directives.get("field") {
            default(ix, field_ix, said, place, work);
            if let Some(text) = said.text("check") {
                let place = SourcePlace { pos: said.at("check"), ..place };
                let words = |arg| said.text(arg).map(tidy);
                let message = Label { zh: words("message"), en: words("messageEn") };
                let parsed = parse(ix, text, &Type::Bool, place, work);
                found.extend(parsed.map(|expr| RecordCheck { expr, text: tidy(text), message }));
            }
        }
        found.extend(checks(ix, place, &directives, work));
        work.catalog.objects[ix.0].fields[field_ix.0].checks = found;
        let conditions = conditions::resolve(ix, field_ix, place, &directives, work);
        work.catalog.objects[ix.0].fields[field_ix.0].conditions = conditions;
    }
}

fn default(
    ix: ObjectIx,
    field_ix: FieldIx,
    said: &Applied,
    place: SourcePlace<'_>,
    work: &mut Stages<'_>,
) {
    let filled = said.text("fill");
    let (argument, text) = match (said.text("default"), filled) {
        (None, None) => return,
        (Some(text), None) => ("default", text),
        (_, Some(text)) => ("fill", text),
    };
    let field = work.catalog.object(ix).field(field_ix);
    let expected = field_type(&work.catalog, &field.ty);
    let place = SourcePlace { pos: said.at(argument), ..place };
    let fault = match &expected {
        None => Some(messages::no_default()),
        Some(_) if !field.writable() => Some(messages::no_default_of_computed()),
        Some(_) if filled.is_some() && said.text("default").is_some() => {
            Some(messages::default_or_fill())
        }
        Some(_) => None,
    };
    if let Some(message) = fault {
        work.fault(place.fault(Code::CatalogExpression, message));
    } else if let Some(expected) = &expected {
        let parsed = parse(ix, text, expected, place, work);
        let read = parsed.as_ref().map(|parsed| work.catalog.object(ix).read_by(parsed));
        let of = work.catalog.object(ix);
        // A change of the document alone does not touch its lines.
        let followed = |at: &FieldIx| *at != field_ix && Some(*at) != of.parent;
        let own = |read: &Vec<FieldIx>| !read.iter().any(followed) || read.contains(&field_ix);
        if filled.is_some() && read.as_ref().is_some_and(own) {
            let fault = place.fault(Code::CatalogExpression, messages::fills_from_nothing());
            work.hinted(fault, messages::default_instead());
            return;
        }
        let field = &mut work.catalog.objects[ix.0].fields[field_ix.0];
        field.default = parsed;
        field.refills = filled.is_some();
    }
}

pub(super) fn parse(
    object: ObjectIx,
    text: &str,
    expected: &Type,
    place: SourcePlace<'_>,
    work: &mut Stages<'_>,
) -> Option<expr::Expr> {
    let parsed = parse_when_read(object, text, expected, place, work)?;
    stays_true(object, text, parsed, place, work)
}

/// The same for an expression that is computed when it is read.
pub(super) fn parse_when_read(
    object: ObjectIx,
    text: &str,
    expected: &Type,
    place: SourcePlace<'_>,
    work: &mut Stages<'_>,
) -> Option<expr::Expr> {
    let scope = RecordScope::of(&work.catalog, object);
    match expr::parse(text, &scope, expected) {
        Ok(parsed) => Some(parsed),
        Err(errors) => {
            let owner = work.catalog.object(object);
            let lists: Vec<String> = owner
                .fields
                .iter()
                .filter(|field| field_type(&work.catalog, &field.ty).is_none())
                .map(|field| field.name.clone())
                .collect();
            for error in errors {
                let unknown = error.unknown.as_ref();
                if unknown.is_some_and(|name| work.refused.contains(&(object, name.clone()))) {
                    continue;
                }
                let united = unknown.and_then(|name| work.catalog.object(object).named(name));
                let united = united.is_some_and(|(_, f)| matches!(f.ty, FieldType::Union(_)));
                let (message, hint) = match unknown.is_some_and(|name| lists.contains(name)) {
                    _ if united => (messages::reads_union(), Some(messages::ask_for_one())),
                    true => (messages::reads_list(), Some(messages::roll_up_instead())),
                    false => (error.message, error.hint),
                };
                let message = messages::in_expression(text, message);
                let fault = place.fault(Code::CatalogExpression, message);
                work.fault(Diagnostic { hint, ..fault });
            }
            None
        }
    }
}

/// Reports an expression over what is computed when it is read, unless it is such a formula itself: no save notices
/// that the value has changed.
fn stays_true(
    object: ObjectIx,
    text: &str,
    parsed: expr::Expr,
    place: SourcePlace<'_>,
    work: &mut Stages<'_>,
) -> Option<expr::Expr> {
    let catalog = &work.catalog;
    let unstored = |path: &Vec<String>| {
        let (last, steps) = path.split_last()?;
        let first = path.first()?;
        let (at, steps) = match (catalog.object(object).named(first), first.as_str()) {
            (None, "viewer") => (catalog.named("Employee")?, steps.get(1..)?),
            _ => (catalog.object(object), steps),
        };
        let along = catalog.fields_along(at, steps)?;
        let end = if along.is_empty() { at.ix } else { catalog.end(at, &along)? };
        catalog.object(end).named(last).filter(|(_, field)| field.on_read).map(|_| path.join("."))
    };
    let Some(name) = parsed.paths().iter().find_map(unstored) else { return Some(parsed) };
    let fault = place.fault(Code::CatalogExpression, messages::reads_unstored(text, name));
    work.hinted(fault, messages::store_it());
    None
}

/// A record of an object as the scope of an expression: its fields, and `viewer`.
pub struct RecordScope<'c> {
    catalog: &'c Catalog,
    object: ObjectIx,
    /// `old` is the record before the save, and lists are looked through.
    in_rules: bool,
    /// The object of the lines that `each` is one of.
    each: Option<ObjectIx>,
    /// What an action of the record asks for and has made.
    action: Option<&'c ActionScope>,
}

impl<'c> RecordScope<'c> {
    /// A record of an object.
    pub fn of(catalog: &'c Catalog, object: ObjectIx) -> Self {
        Self { catalog, object, in_rules: false, each: None, action: None }
    }

    /// The same where rules are: with `old`, `changed` and the records of lists.
    #[must_use]
    pub fn in_rules(self) -> Self {
        Self { in_rules: true, ..self }
    }

    /// The same with `each`, a line of this object.
    #[must_use]
    pub fn with_each(self, line: ObjectIx) -> Self {
        Self { each: Some(line), ..self }
    }

    /// The same within an action: with `input`, and the records made by then under their names.
    #[must_use]
    pub fn within(self, action: &'c ActionScope) -> Self {
        Self { action: Some(action), ..self }
    }

    fn record(&self, object: ObjectIx) -> Type {
        Type::Record(self.catalog.object(object).name.clone())
    }
}

impl Scope for RecordScope<'_> {
    fn root(&self, name: &str) -> Option<Type> {
        match (name, self.each) {
            ("viewer", _) => {
                return self.catalog.named("Employee").map(|employee| self.record(employee.ix));
            }
            ("old", _) if self.in_rules => return Some(self.record(self.object)),
            ("each", Some(line)) => return Some(self.record(line)),
            _ => {}
        }
        if let Some(action) = self.action {
            if name == INPUT {
                return Some(Type::Record(action.input.name.clone()));
            }
            if let Some((_, made)) = action.made.iter().find(|(known, _)| known == name) {
                return Some(self.record(*made));
            }
        }
        let (_, field) = self.catalog.object(self.object).named(name)?;
        field_type(self.catalog, &field.ty)
    }

    fn member(&self, record: &str, name: &str) -> Option<Type> {
        let input = self.action.map(|action| &action.input).filter(|input| input.name == record);
        let (_, field) = input.or_else(|| self.catalog.named(record))?.named(name)?;
        field_type(self.catalog, &field.ty)
    }

    fn names(&self) -> Vec<String> {
        let object = self.catalog.object(self.object);
        let fields = object.known_fields().map(|(_, field)| field);
        let fields = fields.filter(|field| field_type(self.catalog, &field.ty).is_some());
        let roots = [("viewer", true), ("old", self.in_rules), ("each", self.each.is_some())];
        let roots = roots.into_iter().filter(|(_, there)| *there).map(|(name, _)| name.to_owned());
        let input = self.action.map(|_| INPUT.to_owned());
        let made = self.action.into_iter().flat_map(|action| &action.made);
        let made = made.map(|(name, _)| name.clone());
        fields.map(|field| field.name.clone()).chain(roots).chain(input).chain(made).collect()
    }

    fn has_lists(&self) -> bool {
        self.in_rules
    }

    fn list(&self, record: Option<&str>, name: &str) -> Option<String> {
        let object = match record {
            // What is given and made is no list of stored records.
            Some(record) if self.action.is_some_and(|action| action.input.name == record) => {
                return None;
            }
            Some(record) => self.catalog.named(record)?,
            None => self.catalog.object(self.object),
        };
        let (_, field) = object.named(name)?;
        let several = matches!(
            field.ty,
            FieldType::Lines(_) | FieldType::ManyToMany(_) | FieldType::Inverse(_)
        );
        let target = field.target().filter(|_| several)?;
        Some(self.catalog.object(target).name.clone())
    }
}

/// The type of a field in expressions; `None` if expressions cannot read it.
pub(in crate::catalog) fn field_type(catalog: &Catalog, ty: &FieldType) -> Option<Type> {
    let picklist = |ix| {
        let list = catalog.picklist(ix);
        let values = list.values.iter().map(|value| value.name.clone()).collect();
        Type::Picklist(Arc::new(expr::PicklistType { name: list.name.clone(), values }))
    };
    Some(match ty {
        FieldType::Id => Type::Id,
        FieldType::Text { .. } | FieldType::RichText { .. } | FieldType::AutoNumber(_) => {
            Type::Text
        }
        FieldType::Integer | FieldType::Duration | FieldType::Rating { .. } => Type::Int,
        FieldType::Decimal { .. } => Type::Decimal,
        FieldType::Rollup(rollup) => match rollup.scale {
            Some(_) => Type::Decimal,
            None => Type::Int,
        },
        FieldType::Boolean => Type::Bool,
        FieldType::Date => Type::Date,
        FieldType::DateTime => Type::DateTime,
        FieldType::Time => Type::Time,
        FieldType::Json => Type::Json,
        FieldType::Picklist(list) => picklist(*list),
        FieldType::MultiPicklist(list) => Type::List(Box::new(picklist(*list))),
        FieldType::Relation(relation) => Type::Record(catalog.object(relation.target).name.clone()),
        FieldType::Lines(_)
        | FieldType::ManyToMany(_)
        | FieldType::Inverse(_)
        | FieldType::Union(_) => return None,
    })
}
