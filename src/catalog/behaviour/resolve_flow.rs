//! Resolves flows: their object, state field, states, moves and gates, with all that is wrong at once.

use toml::Spanned;

use super::{
    TextPlace,
    flow::{Flow, FlowMove, Gate, MoveInput, MoveTarget},
    known_object,
    lookup::Lookup,
    mutation_names,
    rule::RuleExpr,
    text::{FlowText, GateText, MoveText},
};
use crate::{
    base::{Code, Message},
    catalog::{
        DefinitionPart, Diagnostic, FieldIx, FieldType, Label, Object, ObjectIx, ObjectKind,
        messages,
        names::nearest,
        quoted_list,
        resolve::{Stages, field_type},
    },
    expr::Type,
};

/// Most moves and gates of a flow.
const MOST: usize = 50;
/// What resolves of one flow.
struct Resolving<'w, 'a, 'b> {
    lookup: Lookup<'w, 'a, 'b>,
    /// The states, if they are those of a picklist.
    states: Option<Vec<String>>,
}

/// Adds a flow to its object.
pub(super) fn resolve(part: &DefinitionPart, text: &Spanned<FlowText>, work: &mut Stages<'_>) {
    let (at, text) = (text.span().start, text.get_ref());
    let place = |spanned: &Spanned<String>| TextPlace { part, at: spanned.span().start };
    let Some(object) = known_object(part, &text.object, work) else { return };
    let (name, object) = (text.object.get_ref(), work.catalog.object(object));
    let fault = match &object.flow {
        _ if object.kind == ObjectKind::Line => Some(messages::no_flow_of_lines(name)),
        _ if !object.workflow => Some(messages::no_workflow(name)),
        Some(known) if known.origin == part.origin => Some(messages::flow_twice(name)),
        _ => None,
    };
    if let Some(message) = fault {
        work.faults.push(place(&text.object).fault(Code::CatalogRule, message));
        return;
    }
    let object = object.ix;
    let lookup = Lookup::of(part, object, work);
    let mut resolving = Resolving { lookup, states: None };
    let Some((field, key)) = resolving.state_field(text) else { return };
    let (moves, gates) = (text.moves.len(), text.gates.len());
    if moves > MOST || gates > MOST {
        let place = TextPlace { part, at };
        resolving.fault(place, messages::many_moves(MOST));
        return;
    }
    let start = resolving.known_states(&text.start);
    if text.start.is_empty() {
        resolving.fault(place(&text.field), messages::no_start());
    }
    let edit = text.edit.as_ref().map(|states| resolving.known_states(states));
    let delete = text.delete.as_ref().map(|states| resolving.known_states(states));
    let origin = part.origin;
    let mut flow =
        Flow { origin, field, key, start, edit, delete, moves: Vec::new(), gates: Vec::new() };
    for text in &text.moves {
        let resolved = resolving.a_move(&flow, text);
        flow.moves.extend(resolved);
    }
    for text in &text.gates {
        let gate = resolving.gate(text.get_ref());
        flow.gates.extend(gate);
    }
    resolving.lookup.work.catalog.objects[object.0].flow = Some(Box::new(flow));
}

impl<'a> Resolving<'_, 'a, '_> {
    fn object(&self) -> &Object {
        self.lookup.at(self.lookup.object)
    }

    fn place(&self, text: &Spanned<String>) -> TextPlace<'a> {
        self.lookup.place(text)
    }

    fn fault(&mut self, place: TextPlace<'_>, message: Message) {
        self.lookup.fault(place, message);
    }

    fn field(&mut self, name: &str, place: TextPlace<'_>) -> Option<FieldIx> {
        self.lookup.field(self.lookup.object, name, place)
    }

    /// The state field and, of a relation, its object and key.
    fn state_field(&mut self, text: &FlowText) -> Option<(FieldIx, Option<(ObjectIx, FieldIx)>)> {
        let place = self.place(&text.field);
        let ix = self.field(text.field.get_ref(), place)?;
        let field = self.object().field(ix);
        let stored = field.column.is_some() && field.formula_text.is_none();
        let (ty, required) = (field.ty.clone(), field.required);
        let message = match &ty {
            FieldType::Picklist(_) | FieldType::Relation(_) if !stored || !required => {
                messages::state_required(text.field.get_ref())
            }
            FieldType::Picklist(list) => {
                let values = &self.lookup.work.catalog.picklist(*list).values;
                self.states = Some(values.iter().map(|value| value.name.clone()).collect());
                match &text.key {
                    None => return Some((ix, None)),
                    Some(key) => {
                        let place = self.place(key);
                        self.fault(place, messages::key_of_relation());
                        return None;
                    }
                }
            }
            FieldType::Relation(relation) => match &text.key {
                None => messages::needs_key(text.field.get_ref()),
                Some(key) => {
                    let target = self.lookup.work.catalog.object(relation.target);
                    let known = target.named(key.get_ref());
                    let known = known.filter(|(ix, field)| {
                        let alone = target.uniques.iter().any(|unique| unique.fields == [*ix]);
                        alone && matches!(field.ty, FieldType::Text { .. })
                    });
                    if let Some((key, _)) = known {
                        return Some((ix, Some((relation.target, key))));
                    }
                    let message = messages::no_state_key(key.get_ref(), &target.name);
                    let place = self.place(key);
                    self.fault(place, message);
                    return None;
                }
            },
            _ => messages::no_state_field(text.field.get_ref()),
        };
        self.fault(place, message);
        None
    }

    /// States, without those that there are not.
    fn known_states(&mut self, texts: &[Spanned<String>]) -> Vec<String> {
        let mut known = Vec::new();
        for text in texts {
            if self.is_state(text) {
                known.push(text.get_ref().clone());
            }
        }
        known
    }

    fn is_state(&mut self, text: &Spanned<String>) -> bool {
        let name = text.get_ref();
        let Some(states) = &self.states else { return !name.is_empty() };
        if states.iter().any(|state| state == name) {
            return true;
        }
        let hint = nearest(name, states.iter().map(String::as_str)).map(messages::did_you_mean);
        let fault = self.place(text).fault(Code::CatalogRule, messages::no_state(name));
        self.lookup.work.faults.push(Diagnostic { hint, ..fault });
        false
    }

    fn a_move(&mut self, flow: &Flow, text: &Spanned<MoveText>) -> Option<FlowMove> {
        let text = text.get_ref();
        let before = self.lookup.work.faults.len();
        let (code, place) = (text.code.get_ref(), self.place(&text.code));
        match flow.named(code) {
            Some(_) => self.fault(place, messages::move_twice(code)),
            None => mutation_names::check(&mut self.lookup, code, place),
        }
        let from = self.known_states(&text.from);
        if text.from.is_empty() {
            self.fault(place, messages::from_nowhere(code));
        }
        let to = self.target(flow, &text.to);
        let right = self.lookup.right(text.right.as_ref());
        let needs_approval = self.needs_approval(text);
        let input = text.input.iter().filter_map(|input| self.input(flow, input)).collect();
        let mut set = Vec::new();
        for (name, expr) in &text.set {
            set.extend(self.set(flow, name, expr));
        }
        let mandate = match text.acts_as.as_ref().map(|acts| acts.get_ref().as_str()) {
            None | Some("editor") => false,
            Some("system") => {
                if text.reason.as_ref().is_none_or(|reason| reason.trim().is_empty()) {
                    self.fault(place, messages::mandate_without_reason());
                }
                true
            }
            Some(other) => {
                let place = text.acts_as.as_ref().map_or(place, |acts| self.place(acts));
                self.fault(place, messages::no_identity(other));
                false
            }
        };
        if self.lookup.work.faults.len() > before {
            return None;
        }
        let label = Label { zh: text.label.clone(), en: text.label_en.clone() };
        let (to, right) = (to?, right?);
        let code = code.clone();
        Some(FlowMove { code, label, from, to, right, needs_approval, input, set, mandate })
    }

    fn needs_approval(&mut self, text: &MoveText) -> bool {
        let Some(needs) = &text.needs else { return false };
        let place = self.place(needs);
        if needs.get_ref() != "approval" {
            self.fault(place, messages::not_one_of(needs.get_ref(), quoted_list(["approval"])));
        } else if !self.object().approval {
            let message = messages::no_approval(&self.object().name);
            self.fault(place, message);
        }
        true
    }

    /// A state, `next:` and a field of the states' object, or an expression that names a state.
    fn target(&mut self, flow: &Flow, text: &Spanned<String>) -> Option<MoveTarget> {
        let (written, place) = (text.get_ref().as_str(), self.place(text));
        if let Some(name) = written.strip_prefix("next:") {
            let Some((states, _)) = flow.key else {
                self.fault(place, messages::next_of_relation());
                return None;
            };
            let states = self.lookup.work.catalog.object(states);
            let known = states.named(name.trim()).filter(|(_, field)| {
                matches!(field.ty, FieldType::Integer | FieldType::Decimal { .. })
                    && field.column.is_some()
            });
            return match known {
                Some((ix, _)) => Some(MoveTarget::Next(ix)),
                None => {
                    let message = messages::no_order_field(name.trim(), &states.name);
                    self.fault(place, message);
                    None
                }
            };
        }
        let is_name = written.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
        if is_name {
            return self.is_state(text).then(|| MoveTarget::State(written.to_owned()));
        }
        let ty = match self.states {
            Some(_) => field_type(&self.lookup.work.catalog, &self.object().field(flow.field).ty)?,
            None => Type::Text,
        };
        let expr = self.lookup.expr(text, &ty)?;
        Some(MoveTarget::Chosen(expr))
    }

    fn input(&mut self, flow: &Flow, text: &Spanned<String>) -> Option<MoveInput> {
        let (written, place) = (text.get_ref().as_str(), self.place(text));
        let name = written.strip_suffix('!').unwrap_or(written);
        let ix = self.given(flow, name, place)?;
        Some(MoveInput { field: ix, required: name.len() < written.len() })
    }

    /// A field that a move gives a value.
    fn given(&mut self, flow: &Flow, name: &str, place: TextPlace<'_>) -> Option<FieldIx> {
        let ix = self.field(name, place)?;
        let field = self.object().field(ix);
        let single = !matches!(
            field.ty,
            FieldType::Lines(_) | FieldType::ManyToMany(_) | FieldType::Union(_)
        );
        if ix == flow.field || !field.writable() || !single {
            self.fault(place, messages::not_moved(name));
            return None;
        }
        Some(ix)
    }

    fn set(
        &mut self,
        flow: &Flow,
        name: &str,
        text: &Spanned<String>,
    ) -> Option<(FieldIx, RuleExpr)> {
        let place = self.place(text);
        let ix = self.given(flow, name, place)?;
        let ty = field_type(&self.lookup.work.catalog, &self.object().field(ix).ty)?;
        Some((ix, self.lookup.expr(text, &ty)?))
    }

    fn gate(&mut self, text: &GateText) -> Option<Gate> {
        let known = self.is_state(&text.to);
        let mut require = Vec::new();
        for name in &text.require {
            let place = self.place(name);
            require.extend(self.field(name.get_ref(), place));
        }
        let check = match &text.check {
            None => None,
            Some(check) => Some(self.lookup.expr(check, &Type::Bool)?),
        };
        let message = Label { zh: text.message.clone(), en: text.message_en.clone() };
        known.then(|| Gate { to: text.to.get_ref().clone(), require, check, message })
    }
}
