//! Texts of types that are generated from the catalog. The table has a sentence per family, such as `~Filter`
//! for `CustomerFilter`, with placeholders for the titles of object and field.

use std::collections::HashMap;

use super::{
    labels::{described, field_title, title},
    table,
};
use crate::{
    base::Lang,
    catalog::{
        Catalog, FieldType, FlowMove, NamedAction, Object, Picklist, Union, camel, grouped,
        in_words, place_of, small,
    },
    records::OPERATIONS,
};

/// Suffixes of type names after the name of an object or picklist. Longer ones come before those they end in.
const FAMILIES: [&str; 27] = [
    "FilterMany",
    "AggregateKey",
    "AggregateOrder",
    "NumbersHaving",
    "NumbersOrder",
    "ExtremesHaving",
    "ExtremesOrder",
    "DistinctHaving",
    "DistinctOrder",
    "GroupOrder",
    "GroupBy",
    "ListFilter",
    "RefInput",
    "PatchInput",
    "ListInput",
    "Connection",
    "Reassignment",
    "Aggregate",
    "Extremes",
    "Distinct",
    "Numbers",
    "Payload",
    "Having",
    "Filter",
    "Change",
    "Order",
    "Draft",
];

/// A catalog with indexes for names of generated types.
pub(super) struct Catalogued<'w> {
    catalog: &'w Catalog,
    picklists: HashMap<&'w str, &'w Picklist>,
    unions: HashMap<&'w str, &'w Union>,
    /// `Customers`.
    plurals: HashMap<String, &'w Object>,
    /// `customers`.
    lists: HashMap<&'w str, &'w Object>,
    /// `customer`.
    singulars: HashMap<String, &'w Object>,
    /// `SalesOrderFreight`, with the name of the group.
    groups: HashMap<String, (&'w Object, &'w str)>,
    /// `auditSalesOrder`.
    moves: HashMap<String, (&'w Object, &'w FlowMove)>,
    /// `convertLead`.
    actions: HashMap<String, (&'w Object, &'w NamedAction)>,
}

impl<'w> Catalogued<'w> {
    /// Indexes a catalog.
    pub(super) fn of(catalog: &'w Catalog) -> Self {
        let picklists = catalog.picklists.iter().map(|list| (list.name.as_str(), list));
        let objects = || catalog.objects.iter();
        let plurals = objects().filter_map(|object| Some((object.plural_name()?, object)));
        let lists = objects().filter_map(|object| Some((object.plural.as_deref()?, object)));
        Self {
            catalog,
            picklists: picklists.collect(),
            unions: catalog.unions.iter().map(|union| (union.name.as_str(), union)).collect(),
            plurals: plurals.collect(),
            lists: lists.collect(),
            singulars: objects().map(|object| (object.singular(), object)).collect(),
            groups: objects().flat_map(groups).collect(),
            moves: objects().flat_map(moves).collect(),
            actions: objects().flat_map(actions).collect(),
        }
    }
}

/// The root fields of an object's moves.
fn moves(object: &Object) -> impl Iterator<Item = (String, (&Object, &FlowMove))> {
    let moves = object.flow.iter().flat_map(|flow| &flow.moves);
    let names = [Some(object.name.clone()), object.plural_name()];
    moves.flat_map(move |step| {
        let names = names.clone().into_iter().flatten();
        names.map(move |name| (format!("{}{name}", step.code), (object, step)))
    })
}

/// The root fields of an object's actions.
fn actions(object: &Object) -> impl Iterator<Item = (String, (&Object, &NamedAction))> {
    let names = [Some(object.name.clone()), object.plural_name()];
    object.actions.iter().flat_map(move |action| {
        let names = names.clone().into_iter().flatten();
        names.map(move |name| (format!("{}{name}", action.code), (object, action)))
    })
}

/// The types of an object's groups, by the names that the groups have and had.
fn groups(object: &Object) -> impl Iterator<Item = (String, (&Object, &str))> {
    let old = object.old_names.keys().filter_map(|name| place_of(name).0);
    let named = object.groups.iter().map(|group| group.name.as_str()).chain(old);
    named.map(move |group| (object.group_type(group), (object, group)))
}

/// What a type was generated from.
pub(super) enum Made<'c> {
    /// A record of an object.
    Record(&'c Catalog, &'c Object),
    /// A group of a record's fields.
    Group(&'c Catalog, &'c Object, &'c str),
    /// A type of a family for an object, or for a group of it.
    Family(String, &'c Catalog, &'c Object, Option<&'c str>),
    /// What an action asks for.
    Asked(&'c Catalog, &'c Object, &'c NamedAction),
    /// What comes of an action.
    Acted(&'c Catalog, &'c Object, &'c NamedAction),
    /// A picklist.
    Values(&'c Picklist),
    /// A type of a family for a picklist.
    Compared(String, &'c Picklist),
    /// A union.
    Union(&'c Union),
    /// A type of a family for a union.
    United(String, &'c Catalog, &'c Union),
}

impl<'c> Made<'c> {
    pub(super) fn of(known: &Catalogued<'c>, ty: &str) -> Option<Self> {
        let catalog = known.catalog;
        if let Some(object) = catalog.named(ty) {
            return Some(Self::Record(catalog, object));
        }
        if let Some(list) = known.picklists.get(ty) {
            return Some(Self::Values(list));
        }
        if let Some(union) = known.unions.get(ty) {
            return Some(Self::Union(union));
        }
        if let Some((object, group)) = known.groups.get(ty) {
            return Some(Self::Group(catalog, object, group));
        }
        let of = |name: &str| match catalog.named(name) {
            Some(object) => Some((object, None)),
            None => known.groups.get(name).map(|(object, group)| (*object, Some(*group))),
        };
        for verb in ["Create", "Update"] {
            let name = ty.strip_prefix(verb).and_then(|rest| rest.strip_suffix("Input"));
            if let Some((object, group)) = name.and_then(of) {
                return Some(Self::Family(format!("~{verb}Input"), catalog, object, group));
            }
        }
        // The input of a move or an action: `AuditSalesOrderInput`; what comes of one: `ConvertLeadPayload`.
        let root = |suffix: &str| ty.strip_suffix(suffix).map(camel);
        if let Some((object, _)) = root("Input").and_then(|root| known.moves.get(&root)) {
            return Some(Self::Family("~MoveInput".to_owned(), catalog, object, None));
        }
        if let Some((object, action)) = root("Input").and_then(|root| known.actions.get(&root)) {
            return Some(Self::Asked(catalog, object, action));
        }
        if let Some((object, action)) = root("Payload").and_then(|root| known.actions.get(&root)) {
            return Some(Self::Acted(catalog, object, action));
        }
        let merged = ty.strip_prefix("Merge").and_then(|rest| rest.strip_suffix("Payload"));
        if let Some(object) = merged.and_then(|plural| known.plurals.get(plural)) {
            return Some(Self::Family("~MergePayload".to_owned(), catalog, object, None));
        }
        for family in FAMILIES.iter().chain(&["Edge", "Key"]) {
            let Some(name) = ty.strip_suffix(family) else { continue };
            if let Some((object, group)) = of(name) {
                return Some(Self::Family(format!("~{family}"), catalog, object, group));
            }
            if let Some(list) = known.picklists.get(name) {
                return Some(Self::Compared(format!("~Picklist{family}"), list));
            }
            if let Some(union) = known.unions.get(name) {
                return Some(Self::United(format!("~Union{family}"), catalog, union));
            }
        }
        let many = ty.strip_suffix("Payload").and_then(|plural| known.plurals.get(plural));
        many.map(|object| Self::Family("~ManyPayload".to_owned(), catalog, object, None))
    }

    /// Describes the type itself.
    pub(super) fn itself(&self, lang: Lang) -> Option<String> {
        match self {
            Self::Record(_, object) => {
                Some(described(&object.label, object.description.as_deref(), &object.name, lang))
            }
            Self::Values(list) => {
                Some(described(&list.label, list.description.as_deref(), &list.name, lang))
            }
            Self::Group(_, object, group) => match object.group(group) {
                Some(group) => {
                    Some(described(&group.label, group.description.as_deref(), &group.name, lang))
                }
                None => Some(in_words(group)),
            },
            Self::Family(family, _, object, _) => {
                said(family, &title(&object.label, &object.name, lang), "", lang)
            }
            Self::Asked(_, object, action) => said(
                "~ActionInput",
                &title(&object.label, &object.name, lang),
                &title(&action.label, &action.code, lang),
                lang,
            ),
            Self::Acted(_, object, action) => said(
                "~ActionPayload",
                &title(&object.label, &object.name, lang),
                &title(&action.label, &action.code, lang),
                lang,
            ),
            Self::Compared(family, list) => {
                said(family, &title(&list.label, &list.name, lang), "", lang)
            }
            Self::Union(union) => {
                Some(described(&union.label, union.description.as_deref(), &union.name, lang))
            }
            Self::United(family, _, union) => {
                said(family, &title(&union.label, &union.name, lang), "", lang)
            }
        }
    }

    /// Describes a field, an input field or a value.
    pub(super) fn part(&self, name: &str, lang: Lang) -> Option<String> {
        match self {
            Self::Record(catalog, object) => of_record(catalog, object, name, lang),
            Self::Group(catalog, object, group) => {
                of_record(catalog, object, &grouped(group, name), lang)
            }
            Self::Values(list) => {
                let value = list.values.iter().find(|value| value.name == name)?;
                Some(described(&value.label, value.description.as_deref(), name, lang))
            }
            Self::Compared(..) | Self::Union(_) => None,
            Self::Asked(catalog, _, action) => {
                let (_, asked) = action.input.named(name)?;
                Some(said(
                    "~ActionInput.*",
                    "",
                    &field_title(catalog, &action.input, asked, lang),
                    lang,
                )?)
            }
            Self::Acted(catalog, _, action) => match action.made(name) {
                Some(step) => {
                    let made = catalog.object(step.object);
                    said("~ActionPayload.*", &title(&made.label, &made.name, lang), "", lang)
                }
                None => said(&format!("~ActionPayload.{name}"), "", "", lang),
            },
            Self::United(family, catalog, union) => {
                let of = title(&union.label, &union.name, lang);
                if let Some(own) = said(&format!("{family}.{name}"), &of, "", lang) {
                    return Some(own);
                }
                let mut targets = union.targets.iter().map(|ix| catalog.object(*ix));
                let target = targets.find(|target| target.singular() == name)?;
                let target = title(&target.label, &target.name, lang);
                said(&format!("{family}.*"), &of, &target, lang)
            }
            Self::Family(family, catalog, object, group) => {
                let of = title(&object.label, &object.name, lang);
                if let Some(own) = said(&format!("{family}.{name}"), &of, "", lang) {
                    return Some(own);
                }
                let name = &group.map_or_else(|| name.to_owned(), |group| grouped(group, name));
                let Some((_, field)) = object.called(name) else {
                    let group = object.group(name)?;
                    return Some(title(&group.label, &group.name, lang));
                };
                if matches!(family.as_str(), "~CreateInput" | "~UpdateInput" | "~MoveInput") {
                    return of_record(catalog, object, name, lang);
                }
                let field = field_title(catalog, object, field, lang);
                said(&format!("{family}.*"), &of, &field, lang)
            }
        }
    }
}

fn of_record(catalog: &Catalog, object: &Object, name: &str, lang: Lang) -> Option<String> {
    let of = title(&object.label, &object.name, lang);
    if let Some((_, field)) = object.called(name) {
        if field.system
            && let Some(known) = said(&format!("~Record.{name}"), &of, "", lang)
        {
            return Some(known);
        }
        let label = &field.label;
        if label.zh.is_none() && label.en.is_none() || matches!(field.ty, FieldType::Inverse(_)) {
            let title = field_title(catalog, object, field, lang);
            return said("~Record.*", &of, &title, lang);
        }
        return Some(described(label, field.description.as_deref(), place_of(name).1, lang));
    }
    if let Some(group) = object.group(name) {
        return Some(described(&group.label, group.description.as_deref(), name, lang));
    }
    let list = name.strip_suffix("Aggregate").and_then(|list| object.called(list));
    let list = list.map(|(_, list)| field_title(catalog, object, list, lang))?;
    said("~Record.~aggregate", &of, &list, lang)
}

/// Describes a field of a root type.
pub(super) fn root(known: &Catalogued<'_>, ty: &str, name: &str, lang: Lang) -> Option<String> {
    let catalog = known.catalog;
    let singular = |name: &str| known.singulars.get(name).copied();
    let of = |object: &Object| title(&object.label, &object.name, lang);
    let (place, object) = match ty {
        "Query" => match known.lists.get(name) {
            Some(object) => ("list", *object),
            None => match name.strip_suffix("Aggregate").and_then(singular) {
                Some(object) => ("aggregate", object),
                None => match (singular(name), name.strip_prefix("draft")) {
                    (Some(object), _) => ("one", object),
                    (None, drafted) => ("draft", catalog.named(drafted?)?),
                },
            },
        },
        "Subscription" => ("changed", name.strip_suffix("Changed").and_then(singular)?),
        "Mutation" => {
            if let Some((object, step)) = known.moves.get(name) {
                let label = title(&step.label, &step.code, lang);
                return said("~Mutation.move", &of(object), &label, lang);
            }
            if let Some((object, action)) = known.actions.get(name) {
                let label = title(&action.label, &action.code, lang);
                return said("~Mutation.action", &of(object), &label, lang);
            }
            let made = |many: bool| {
                OPERATIONS.into_iter().filter(move |operation| operation.many == many).find_map(
                    |operation| {
                        let rest = name.strip_prefix(operation.verb)?;
                        let object = match many {
                            true => known.plurals.get(rest).copied(),
                            false => catalog.named(rest),
                        };
                        Some((operation, object?))
                    },
                )
            };
            // Where an object is called like several of it, the field is the one for several.
            let (operation, object) = made(true).or_else(|| made(false))?;
            let (en, zh) = operation.about;
            let text = if lang == Lang::Zh { zh } else { en };
            return Some(filled(text, &of(object), "", lang));
        }
        _ => return None,
    };
    said(&format!("~{ty}.{place}"), &of(object), "", lang)
}

/// Describes an argument that is a unique key of a record.
pub(super) fn key(
    known: &Catalogued<'_>,
    ty: &str,
    field: &str,
    name: &str,
    lang: Lang,
) -> Option<String> {
    let object = known.singulars.get(field).filter(|_| ty == "Query")?;
    let (called, _) = object.called(name)?;
    let (_, key) = object.key_fields().find(|(ix, _)| *ix == called)?;
    let key = field_title(known.catalog, object, key, lang);
    said("~Query.one(*)", &title(&object.label, &object.name, lang), &key, lang)
}

/// Fills titles into a sentence of the table. Within an English sentence they begin with a small letter.
fn said(place: &str, object: &str, field: &str, lang: Lang) -> Option<String> {
    Some(filled(table::records().text(place, lang)?, object, field, lang))
}

fn filled(text: &str, object: &str, field: &str, lang: Lang) -> String {
    let title = |title: &str, first: bool| match lang {
        Lang::En if !first => small(title),
        _ => title.to_owned(),
    };
    let object = title(object, text.starts_with("{object}"));
    let field = title(field, text.starts_with("{field}"));
    text.replace("{object}", &object).replace("{field}", &field)
}
