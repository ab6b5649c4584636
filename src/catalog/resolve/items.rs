//! Puts the fields of data items into the types that use them, before anything of them is resolved.
//!
//! `freight: Freight @item` gives place to the fields of `Freight`, called `freight.carrier` and so on, with their places
//! in the text of the item. The item itself is resolved like an object, so that its faults are found even if nobody
//! uses it, and then kept apart from objects.

use std::collections::{HashMap, HashSet};

use async_graphql_parser::{
    Pos, Positioned,
    types::{BaseType, ConstDirective, DirectiveLocation, FieldDefinition},
};
use async_graphql_value::{ConstValue, Name};

use super::{
    super::{
        diagnostic::Diagnostic,
        directive,
        field::{Label, OldName},
        field_group::{FieldGroup, grouped},
        messages, names,
        object::Object,
        part::Origin,
        renames::rewritten,
        source::{Definition, SourcePlace},
    },
    Stages,
    collect::{Collected, Definitions},
    renamed,
};
use crate::base::{Code, Message, text::tidy};

/// The kind of data items, as definitions write it.
pub(super) const DATA_ITEM: &str = "DATA_ITEM";

/// A field that puts a data item into a type.
#[derive(Debug, Clone)]
pub(super) struct GroupUse<'a> {
    pub(super) group: FieldGroup,
    pub(super) place: SourcePlace<'a>,
}

/// The groups of each type, by its name.
pub(super) type Uses<'a> = HashMap<String, Vec<GroupUse<'a>>>;

/// Expands the uses of data items, and moves the items behind all other types.
pub(super) fn expand<'a>(
    collected: &mut Definitions<'a>,
    faults: &mut Vec<Diagnostic>,
) -> Uses<'a> {
    let (mut items, mut types): (Vec<_>, Vec<_>) =
        std::mem::take(&mut collected.types).into_iter().partition(is_item);
    let lists: HashSet<&str> =
        collected.enums.iter().map(|list| list.definition.node.name.node.as_str()).collect();
    let unions = collected.unions.iter().map(|union| union.definition.node.name.node.as_str());
    let unions: HashSet<&str> = unions.collect();
    let named: HashSet<String> =
        items.iter().map(|item| item.definition.node.name.node.to_string()).collect();
    for item in &mut items {
        unfit_type(item, faults);
        item.members.retain(|(definition, member)| {
            let unfit = unfit(&member.node, (&lists, &unions), &named);
            faults.extend(unfit.iter().map(|(at, message, hint)| {
                definition.at(*at).fault(Code::CatalogType, message.clone()).hinted(hint.clone())
            }));
            unfit.is_empty()
        });
    }
    let by_name: HashMap<&str, &Collected<'a, FieldDefinition>> =
        items.iter().map(|item| (item.definition.node.name.node.as_str(), item)).collect();
    let mut uses = Uses::new();
    for ty in &mut types {
        let mut found = Vec::new();
        let members = std::mem::take(&mut ty.members);
        for (definition, member) in members {
            let item = of_item(&member.node).and_then(|name| by_name.get(name));
            let (Some(item), true) = (item, has(&member.node, "item")) else {
                ty.members.push((definition, member));
                continue;
            };
            let Some(used) = used(&definition, &member, item, faults) else { continue };
            let own = Own::of(item, &used.group.name);
            for (source, inner) in &item.members {
                let mut inner = inner.clone();
                let name = grouped(&used.group.name, inner.node.name.node.as_str());
                inner.node.name.node = Name::new(name);
                own.rewrite(&mut inner.node.directives);
                ty.members.push((source.clone(), inner));
            }
            let said = (&item.definition, &item.definition.node.directives);
            let extra = item.extra.iter().map(|(extension, said)| (extension, said));
            for (source, said) in [said].into_iter().chain(extra) {
                let check = |said: &&Positioned<ConstDirective>| said.node.name.node == "check";
                let mut checks: Vec<_> = said.iter().filter(check).cloned().collect();
                own.rewrite(&mut checks);
                if !checks.is_empty() {
                    ty.extra.push((source.clone(), checks));
                }
            }
            found.push(used);
        }
        if !found.is_empty() {
            uses.insert(ty.definition.node.name.node.to_string(), found);
        }
    }
    types.extend(items);
    collected.types = types;
    uses
}

/// The fields of an item as its own expressions call them, in an object that uses it.
struct Own<'i> {
    group: &'i str,
    fields: HashSet<&'i str>,
}

impl<'i> Own<'i> {
    fn of(item: &'i Collected<'_, FieldDefinition>, group: &'i str) -> Self {
        let fields = item.members.iter().map(|(_, member)| member.node.name.node.as_str());
        Self { group, fields: fields.collect() }
    }

    /// Has directives call them as the object does: `cost` is `freight.cost`.
    fn rewrite(&self, directives: &mut [Positioned<ConstDirective>]) {
        for directive in directives {
            let name = directive.node.name.node.clone();
            for (argument, value) in &mut directive.node.arguments {
                let ConstValue::String(text) = &mut value.node else { continue };
                *text = match (name.as_str(), argument.node.as_str()) {
                    (
                        "field",
                        "default" | "fill" | "check" | "requiredWhen" | "visibleWhen"
                        | "readOnlyWhen",
                    )
                    | ("formula" | "check", "expr")
                    | ("relation", "choose")
                    | ("dependent", "on") => rewritten(text, |path| self.path(path)),
                    _ => continue,
                };
            }
        }
    }

    fn path(&self, path: &str) -> Option<String> {
        let first = path.split('.').next().map(str::trim)?;
        self.fields.contains(first).then(|| grouped(self.group, path))
    }
}

fn is_item(ty: &Collected<'_, FieldDefinition>) -> bool {
    let object = ty.definition.node.directives.iter().find(|said| said.node.name.node == "object");
    let kind = object.and_then(|said| argument(&said.node, "kind"));
    matches!(kind, Some(ConstValue::Enum(kind)) if kind == DATA_ITEM)
}

fn argument<'d>(said: &'d ConstDirective, name: &str) -> Option<&'d ConstValue> {
    said.arguments.iter().find(|(arg, _)| arg.node == name).map(|(_, value)| &value.node)
}

fn has(member: &FieldDefinition, directive: &str) -> bool {
    member.directives.iter().any(|said| said.node.name.node == directive)
}

/// Reports what a data item is said to have that only records have.
fn unfit_type(item: &Collected<'_, FieldDefinition>, faults: &mut Vec<Diagnostic>) {
    let name = item.definition.node.name.node.as_str();
    let own = (&item.definition, item.definition.node.directives.as_slice());
    let extensions = item.extra.iter().map(|(extension, said)| (extension, said.as_slice()));
    for (definition, said) in [own].into_iter().chain(extensions) {
        for directive in said {
            let written = directive.node.name.node.as_str();
            let reason = match written {
                "object" | "check" => continue,
                "unique" | "index" => messages::item_has_no_keys(),
                _ => messages::item_has_no_records(),
            };
            let message = messages::item_takes_no(name, format!("@{written}"));
            let fault = definition.at(directive.pos).fault(Code::CatalogDirective, message);
            faults.push(fault.hinted(reason));
        }
    }
    let object = own.1.iter().find(|said| said.node.name.node == "object");
    for (argument, _) in object.iter().flat_map(|said| &said.node.arguments) {
        let written = argument.node.as_str();
        if !["kind", "label", "labelEn"].contains(&written) {
            let message = messages::item_takes_no(name, format!("{written}:"));
            let fault = item.definition.at(argument.pos).fault(Code::CatalogDirective, message);
            faults.push(fault.hinted(messages::item_has_no_records()));
        }
    }
}

/// Why a field does not fit into a data item: what would need a table, a list or a key of its own.
fn unfit(
    member: &FieldDefinition,
    (lists, unions): (&HashSet<&str>, &HashSet<&str>),
    items: &HashSet<String>,
) -> Vec<(Pos, Message, Message)> {
    let name = member.name.node.as_str();
    let mut found = Vec::new();
    match &member.ty.node.base {
        BaseType::Named(ty) if items.contains(ty.as_str()) => found.push((
            member.ty.pos,
            messages::item_in_item(name, ty.as_str()),
            messages::put_beside(),
        )),
        BaseType::Named(ty) if unions.contains(ty.as_str()) => {
            found.push((member.ty.pos, messages::item_has_no_union(name), messages::on_object()));
        }
        BaseType::List(inner) => {
            if !matches!(&inner.base, BaseType::Named(ty) if lists.contains(ty.as_str())) {
                found.push((
                    member.ty.pos,
                    messages::item_has_no_lists(name),
                    messages::on_object(),
                ));
            }
        }
        BaseType::Named(_) => {}
    }
    for said in &member.directives {
        let directive = said.node.name.node.as_str();
        let refused = match directive {
            "number" => Some(messages::item_numbers_nothing(name)),
            "rollup" => Some(messages::item_has_no_lists(name)),
            _ => None,
        };
        found.extend(refused.map(|message| (said.pos, message, messages::on_object())));
        for (argument, value) in &said.node.arguments {
            let on = value.node == ConstValue::Boolean(true);
            let refused = match (directive, argument.node.as_str()) {
                ("relation", "inverse" | "inverseLabel" | "inverseLabelEn") => {
                    Some(messages::item_has_no_inverse(name))
                }
                ("relation", "parent" | "tree") if on => Some(messages::item_opens_nothing(name)),
                ("field", "unique") if on => Some(messages::item_has_no_key(name)),
                _ => None,
            };
            found.extend(refused.map(|message| (argument.pos, message, messages::on_object())));
        }
    }
    found
}

/// Leaves one fault at each place of an item, which are found for every object that uses it.
pub(super) fn say_once(collected: &Definitions<'_>, faults: &mut Vec<Diagnostic>) {
    let items: Vec<_> = collected.types.iter().filter(|ty| is_item(ty)).collect();
    if items.is_empty() {
        return;
    }
    let on = |definition: &Definition<'_>, first: usize, said: &[Positioned<ConstDirective>]| {
        let last = said.iter().map(|said| said.pos.line).max().unwrap_or(first);
        let name = definition.source.name.clone();
        (first.min(last)..=last).map(move |line| (name.clone(), line)).collect::<Vec<_>>()
    };
    let lines: HashSet<(String, usize)> = items
        .iter()
        .flat_map(|item| {
            let members = item.members.iter().flat_map(|(definition, member)| {
                on(definition, member.pos.line, &member.node.directives)
            });
            let own = &item.definition;
            let own = on(own, own.pos.line, &own.node.directives);
            let extra = item.extra.iter();
            let extra =
                extra.flat_map(|(definition, said)| on(definition, definition.pos.line, said));
            members.chain(own).chain(extra).collect::<Vec<_>>()
        })
        .collect();
    faults.dedup_by(|later, first| {
        lines.contains(&(later.path.clone(), later.line))
            && (later.line, later.column, &later.path) == (first.line, first.column, &first.path)
    });
}

/// The name of a field's type, if it is not a list.
fn of_item(member: &FieldDefinition) -> Option<&str> {
    match &member.ty.node.base {
        BaseType::Named(name) => Some(name.as_str()),
        BaseType::List(_) => None,
    }
}

/// The group that a field of a type makes of an item; none if the field is faulty.
fn used<'a>(
    definition: &Definition<'a>,
    member: &Positioned<FieldDefinition>,
    item: &Collected<'a, FieldDefinition>,
    faults: &mut Vec<Diagnostic>,
) -> Option<GroupUse<'a>> {
    let name = member.node.name.node.to_string();
    let place = definition.at(member.node.name.pos);
    if let Some(fault) = names::field_fault(messages::the_field_name(), &name) {
        let hint = names::advice(&name, &names::camel(&name), Message::same("`@field(label:)`"));
        faults.push(place.fault(Code::CatalogName, fault).hinted(hint));
        return None;
    }
    let directives = directive::read(
        definition,
        &member.node.directives,
        DirectiveLocation::FieldDefinition,
        faults,
    );
    for said in &member.node.directives {
        let written = said.node.name.node.as_str();
        if !["item", "field", "renamed"].contains(&written) && directives.get(written).is_some() {
            let fault = definition.at(said.pos).fault(
                Code::CatalogDirective,
                messages::does_not_fit_type(format!("@{written}"), &name),
            );
            faults.push(fault.hinted(messages::said_of_item_fields()));
        }
    }
    let said = directives.get("field");
    for (option, at) in written(&member.node, "field") {
        if !["label", "labelEn", "help"].contains(&option) {
            let fault = definition
                .at(at)
                .fault(Code::CatalogDirective, messages::does_not_fit_type(option, &name));
            faults.push(fault.hinted(messages::said_of_item_fields()));
        }
    }
    if !member.node.ty.node.nullable {
        let fault = definition
            .at(member.node.ty.pos)
            .fault(Code::CatalogType, messages::group_is_not_required(&name));
        faults.push(fault.hinted(messages::said_of_item_fields()));
    }
    let text = |arg| said.and_then(|said| said.text(arg)).map(tidy);
    let own = Label { zh: text("label"), en: text("labelEn") };
    let label = if own == Label::default() { label_of(item) } else { own };
    let group = FieldGroup {
        renamed: renamed::old_names(&name, place, &directives, faults),
        item: item.definition.node.name.node.to_string(),
        label,
        description: text("help")
            .or_else(|| member.node.description.as_ref().map(|text| text.node.clone())),
        origin: definition.source.origin,
        name,
    };
    Some(GroupUse { group, place })
}

/// The arguments that a directive is written with, each with its place.
fn written<'m>(member: &'m FieldDefinition, directive: &str) -> Vec<(&'m str, Pos)> {
    let said = member.directives.iter().filter(|said| said.node.name.node == directive);
    said.flat_map(|said| &said.node.arguments)
        .map(|(arg, _)| (arg.node.as_str(), arg.pos))
        .collect()
}

fn label_of(item: &Collected<'_, FieldDefinition>) -> Label {
    let object = item.definition.node.directives.iter();
    let object = object.map(|said| &said.node).find(|said| said.name.node == "object");
    let text = |name| match object.and_then(|said| argument(said, name)) {
        Some(ConstValue::String(text)) => Some(tidy(text)),
        _ => None,
    };
    Label { zh: text("label"), en: text("labelEn") }
}

impl<'a> Stages<'a> {
    /// The use of an item that a field of a type comes from.
    pub(super) fn use_of(&self, object: &str, field: &str) -> Option<&GroupUse<'a>> {
        let (group, _) = super::super::field_group::place_of(field);
        self.uses.get(object)?.iter().find(|used| Some(used.group.name.as_str()) == group)
    }

    /// Whose a field is. A company's own use of a standard item, and its own field of one, are its own.
    pub(super) fn origin_of(&self, object: &str, field: &str, written: Origin) -> Origin {
        match self.use_of(object, field) {
            Some(used) if used.group.origin == Origin::Custom => Origin::Custom,
            _ => written,
        }
    }
}

/// The names that a field of a group had: those of the group with those of the field, the first of both first.
pub(super) fn old_names(group: &FieldGroup, name: &str, own: Vec<OldName>) -> Vec<OldName> {
    let now = |name: &str| OldName { name: name.to_owned(), dropped: false };
    let groups: Vec<_> = group.renamed.iter().cloned().chain([now(&group.name)]).collect();
    let fields: Vec<_> = own.into_iter().chain([now(name)]).collect();
    let mut all = Vec::new();
    for group in &groups {
        for field in &fields {
            let dropped = group.dropped || field.dropped;
            all.push(OldName { name: grouped(&group.name, &field.name), dropped });
        }
    }
    // The last is what it is called now.
    all.pop();
    all
}

/// Takes the items out of the objects, behind which they are.
pub(super) fn apart(work: &mut Stages<'_>) {
    let first = work.catalog.objects.iter().position(Object::is_item);
    let items = first.map(|first| work.catalog.objects.split_off(first)).unwrap_or_default();
    for item in &items {
        work.catalog.by_name.remove(&item.name);
    }
    work.catalog.items = items;
}
