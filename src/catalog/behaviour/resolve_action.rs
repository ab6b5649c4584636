//! Resolves named actions: their object, what they ask for, the records that they make and the fields that they set, with
//! all that is wrong at once.

use std::collections::BTreeMap;

use toml::Spanned;

use super::{
    TextPlace,
    action::{
        ActionScope, ActionStep, CreateLines, CreateStep, INPUT, NamedAction, UpdateStep, type_name,
    },
    known_object,
    lookup::Lookup,
    mutation_names,
    rule::RuleExpr,
    text::{ActionInputText, ActionText, StepLinesText, StepText},
};
use crate::{
    base::{Code, Message},
    catalog::{
        DefinitionPart, Diagnostic, Field, FieldIx, FieldType, Label, Object, ObjectIx, ObjectKind,
        OnDelete, Origin, PicklistIx, Relation, TextForm, TextNormal, Unit, messages,
        names::nearest,
        quoted_list,
        resolve::{Stages, empty, field_type, push, system, unwritten},
    },
    expr::{Function, Type},
};

/// Most actions of an object, steps of an action and values that it asks for.
const MOST: usize = 20;
/// The longest text that an action asks for, in characters.
const LONGEST: u32 = 2_000;
/// Digits after the point of a number that an action asks for.
const SCALE: u8 = 6;
/// The types of what an action asks for, beside objects and picklists.
const SCALARS: [&str; 6] = ["String", "Int", "Decimal", "Boolean", "Date", "DateTime"];

/// Adds an action to its object.
pub(super) fn resolve(part: &DefinitionPart, text: &Spanned<ActionText>, work: &mut Stages<'_>) {
    let text = text.get_ref();
    let place = |spanned: &Spanned<String>| TextPlace { part, at: spanned.span().start };
    let Some(object) = known_object(part, &text.object, work) else { return };
    let (code, of) = (text.code.get_ref(), work.catalog.object(object));
    let moves = of.flow.iter().flat_map(|flow| &flow.moves);
    let known = of.actions.iter().position(|known| known.code == *code);
    let own = of.flow.as_ref().is_some_and(|flow| flow.origin == Origin::Custom);
    if part.origin == Origin::Standard && own && moves.clone().any(|step| step.code == *code) {
        // A company's own move of this name takes its place.
        return;
    }
    let fault = if !of.has_roots() {
        Some(messages::no_actions(&of.name))
    } else if moves.clone().any(|step| step.code == *code)
        || known.is_some_and(|at| of.actions[at].origin == part.origin)
    {
        Some(messages::action_twice(&of.name, code))
    } else if known.is_none() && of.actions.len() >= MOST {
        Some(messages::many_actions(MOST))
    } else if text.steps.len() > MOST || text.input.len() > MOST {
        Some(messages::many_steps(MOST))
    } else if text.steps.is_empty() && text.set.is_empty() {
        Some(messages::action_does_nothing(code))
    } else {
        None
    };
    if let Some(message) = fault {
        work.faults.push(place(&text.code).fault(Code::CatalogRule, message));
        return;
    }
    let mut lookup = Lookup::of(part, object, work);
    if part.origin == Origin::Standard && mutation_names::is_taken(&lookup, code) {
        // A company's own object has the names that its mutation and types would have.
        return;
    }
    let before = lookup.work.faults.len();
    mutation_names::check(&mut lookup, code, place(&text.code));
    let action = lookup.action(text);
    if lookup.work.faults.len() > before {
        return;
    }
    let actions = &mut work.catalog.objects[object.0].actions;
    match (action, known) {
        (Some(action), Some(at)) => actions[at] = action,
        (Some(action), None) => actions.push(action),
        (None, _) => {}
    }
}

impl Lookup<'_, '_, '_> {
    fn action(&mut self, text: &ActionText) -> Option<NamedAction> {
        let (origin, code) = (self.part.origin, text.code.get_ref().clone());
        let right = self.right(text.right.as_ref());
        let when = text.when.as_ref().map(|when| self.condition(when));
        let input = self.asked(text);
        if self.is_taken(INPUT) && !text.input.is_empty() {
            let message = messages::name_of_a_field(INPUT, &self.at(self.object).name);
            self.fault(self.place(&text.code), message);
        }
        self.action = Some(ActionScope { input, made: Vec::new() });
        let mut steps = Vec::new();
        for step in &text.steps {
            steps.extend(self.step(step));
        }
        let mut set = Vec::new();
        for (name, expr) in &text.set {
            set.extend(self.given(self.object, name, expr));
        }
        let scope = self.action.take()?;
        let label = Label { zh: text.label.clone(), en: text.label_en.clone() };
        let message = Label { zh: text.message.clone(), en: text.message_en.clone() };
        let when = when.flatten();
        let told = when.as_ref().is_some_and(|when| self.is_told(when));
        let (right, input) = (right?, scope.input);
        Some(NamedAction { origin, code, label, right, when, told, message, input, steps, set })
    }

    /// Whether a field of the record has a name. A company's own field takes no name from the program's texts: there the
    /// name stands for what the action says.
    fn is_taken(&self, name: &str) -> bool {
        let standard = self.part.origin == Origin::Standard;
        let known = self.at(self.object).named(name);
        known.is_some_and(|(_, field)| !standard || field.origin == Origin::Standard)
    }

    /// Whether the database computes a condition, and from the record's own fields alone.
    fn is_told(&self, when: &RuleExpr) -> bool {
        let object = self.at(self.object);
        let own =
            |path: &Vec<String>| matches!(path.as_slice(), [name] if object.named(name).is_some());
        when.expr.paths().iter().all(own)
            && !when.expr.calls(Function::Now)
            && unwritten(&when.text, &when.expr).is_empty()
    }

    /// What an action asks for, as an object without records: `ConvertLeadInput`.
    fn asked(&mut self, text: &ActionText) -> Object {
        let own = self.at(self.object);
        let name = format!("{}Input", type_name(text.code.get_ref(), own));
        // It is no object of the catalog, so that nothing is found by its index.
        let ix = ObjectIx(usize::MAX);
        let mut input = empty(ix, name, ObjectKind::DataItem, self.part.origin);
        push(&mut input, system("id", "id", FieldType::Id));
        for asked in &text.input {
            if let Some(field) = self.asked_field(&input, asked.get_ref()) {
                push(&mut input, field);
            }
        }
        input
    }

    fn asked_field(&mut self, input: &Object, text: &ActionInputText) -> Option<Field> {
        let (name, place) = (text.name.get_ref(), self.place(&text.name));
        if let Some(message) = bad_name(name) {
            self.fault(place, message);
            return None;
        }
        if input.named(name).is_some() {
            self.fault(place, messages::asked_twice(name));
            return None;
        }
        let written = text.ty.get_ref();
        let ty = self.asked_type(written.strip_suffix('!').unwrap_or(written), &text.ty)?;
        let target = ty.target().map(|target| self.at(target).label.clone());
        let said = Label { zh: text.label.clone(), en: text.label_en.clone() };
        let label = match (said == Label::default(), target) {
            (true, Some(label)) => label,
            _ => said,
        };
        let required = written.ends_with('!');
        let field = Field { label, required, system: false, ..system(name, name, ty) };
        Some(Field { origin: Origin::Custom, ..field })
    }

    /// The type of a value that an action asks for.
    fn asked_type(&mut self, name: &str, text: &Spanned<String>) -> Option<FieldType> {
        let catalog = &self.work.catalog;
        let plain = TextNormal { trimmed: true, ..TextNormal::default() };
        Some(match name {
            "String" => FieldType::Text { max: LONGEST, form: TextForm::Plain, normal: plain },
            "Int" => FieldType::Integer,
            "Decimal" => FieldType::Decimal { scale: SCALE, unit: Unit::Plain },
            "Boolean" => FieldType::Boolean,
            "Date" => FieldType::Date,
            "DateTime" => FieldType::DateTime,
            name => {
                if let Some(object) = catalog.named(name).filter(|object| object.has_roots()) {
                    let (target, on_delete) = (object.ix, OnDelete::Restrict);
                    let (inverse, parent, tree) = (None, false, false);
                    return Some(FieldType::Relation(Relation {
                        target,
                        inverse,
                        parent,
                        tree,
                        on_delete,
                    }));
                }
                if let Some(at) = catalog.picklists.iter().position(|list| list.name == name) {
                    return Some(FieldType::Picklist(PicklistIx(at)));
                }
                let objects = catalog.objects.iter().map(|object| object.name.as_str());
                let lists = catalog.picklists.iter().map(|list| list.name.as_str());
                let hint = nearest(name, objects.chain(lists).chain(SCALARS));
                let hint = hint.map(messages::did_you_mean);
                let message = messages::no_asked_type(name, quoted_list(SCALARS));
                let fault = self.place(text).fault(Code::CatalogRule, message);
                self.work.faults.push(Diagnostic { hint, ..fault });
                return None;
            }
        })
    }

    fn step(&mut self, step: &Spanned<StepText>) -> Option<ActionStep> {
        let text = step.get_ref();
        match (&text.create, &text.name, &text.update) {
            (Some(create), Some(name), None) => {
                self.create_step(text, create, name).map(ActionStep::Create)
            }
            (None, None, Some(list)) if text.lines.is_none() => {
                self.update_step(text, list).map(ActionStep::Update)
            }
            _ => {
                let place = TextPlace { part: self.part, at: step.span().start };
                self.fault(place, messages::creates_or_updates());
                None
            }
        }
    }

    /// A record that the action makes. From the next step on it can be read under its name.
    fn create_step(
        &mut self,
        text: &StepText,
        create: &Spanned<String>,
        name: &Spanned<String>,
    ) -> Option<CreateStep> {
        let (name, place) = (name.get_ref(), self.place(name));
        let of = known_object(self.part, create, self.work)?;
        let mut made = self.action.iter().flat_map(|action| &action.made);
        let taken = made.any(|(other, _)| other == name) || name == INPUT;
        let own = self.at(self.object);
        let message = if !self.at(of).has_roots() {
            Some(messages::no_actions(&self.at(of).name))
        } else if let Some(message) = bad_name(name) {
            Some(message)
        } else if taken {
            Some(messages::made_twice(name))
        } else if self.is_taken(name) || RESERVED.contains(&name.as_str()) {
            Some(messages::name_of_a_field(name, &own.name))
        } else {
            None
        };
        if let Some(message) = message {
            self.fault(place, message);
            return None;
        }
        let when = text.when.as_ref().map(|when| self.expr(when, &Type::Bool));
        let set = self.all_given(of, &text.set);
        let lines = text.lines.as_ref().map(|lines| self.create_lines(of, lines));
        if let Some(action) = &mut self.action {
            action.made.push((name.clone(), of));
        }
        let (when, lines) = (when.flatten(), lines.flatten());
        Some(CreateStep { object: of, name: name.clone(), when, set, lines })
    }

    /// The records of a list that the action changes.
    fn update_step(&mut self, text: &StepText, list: &Spanned<String>) -> Option<UpdateStep> {
        let place = self.place(list);
        let ix = self.field(self.object, list.get_ref(), place)?;
        let target = match &self.at(self.object).field(ix).ty {
            FieldType::Inverse(inverse) => Some(inverse.target),
            _ => None,
        };
        let Some(of) = target.filter(|of| self.at(*of).has_roots()) else {
            self.fault(place, messages::no_list_to_update(list.get_ref()));
            return None;
        };
        let when = text.when.as_ref().map(|when| self.expr(when, &Type::Bool)).unwrap_or_default();
        Some(UpdateStep { list: ix, when, set: self.all_given(of, &text.set) })
    }

    /// The lines of such a record.
    fn create_lines(&mut self, of: ObjectIx, text: &StepLinesText) -> Option<CreateLines> {
        let (from, line) = self.lines_of(self.object, &text.from)?;
        let (to, made) = self.lines_of(of, &text.to)?;
        self.each = Some(line);
        let set = self.all_given(made, &text.set);
        self.each = None;
        Some(CreateLines { from, to, set })
    }

    fn lines_of(&mut self, of: ObjectIx, name: &Spanned<String>) -> Option<(FieldIx, ObjectIx)> {
        let place = self.place(name);
        let ix = self.field(of, name.get_ref(), place)?;
        let field = self.at(of).field(ix);
        match &field.ty {
            FieldType::Lines(lines) if field.writable() => Some((ix, lines.target)),
            _ => {
                self.fault(place, messages::no_lines_to_copy(name.get_ref()));
                None
            }
        }
    }

    fn all_given(
        &mut self,
        of: ObjectIx,
        texts: &BTreeMap<String, Spanned<String>>,
    ) -> Vec<(FieldIx, RuleExpr)> {
        let each = texts.iter().filter_map(|(name, text)| self.given(of, name, text));
        each.collect()
    }

    /// A field that an action gives a value.
    fn given(
        &mut self,
        of: ObjectIx,
        name: &str,
        text: &Spanned<String>,
    ) -> Option<(FieldIx, RuleExpr)> {
        let place = self.place(text);
        let ix = self.field(of, name, place)?;
        let object = self.at(of);
        let field = object.field(ix);
        let state = object.flow.as_ref().is_some_and(|flow| flow.field == ix);
        let ty = field_type(&self.work.catalog, &field.ty);
        let single = field.writable() && field.column.is_some() && object.parent != Some(ix);
        let message = match &ty {
            _ if state && of == self.object => Some(messages::moves_set_it(name)),
            None => Some(messages::not_given_by_actions(name)),
            Some(_) if !single => Some(messages::not_given_by_actions(name)),
            Some(_) => None,
        };
        if let Some(message) = message {
            self.fault(place, message);
            return None;
        }
        Some((ix, self.expr(text, &ty?)?))
    }
}

/// Names that expressions know already.
const RESERVED: [&str; 3] = ["viewer", "old", "each"];
/// Names that answers of mutations have for something else.
const ANSWERED: [&str; 8] =
    ["record", "records", "nodes", "ids", "count", "moved", "userErrors", "duplicates"];

/// What is wrong with the name of a value that is asked for, or of a record that is made.
fn bad_name(name: &str) -> Option<Message> {
    let begins = name.starts_with(|c: char| c.is_ascii_lowercase());
    let fits = begins && name.len() <= 40 && name.chars().all(|c| c.is_ascii_alphanumeric());
    (!fits || ANSWERED.contains(&name)).then(|| messages::bad_action_name(name))
}
