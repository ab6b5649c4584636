//! Stage 9: reports names that collide once everything is derived from the catalog, and objects from which no
//! input types can be derived.

use std::collections::{HashMap, HashSet, hash_map::Entry};

use super::{
    super::{
        field_type::FieldType,
        messages,
        names::{LONGEST, ROOT_FIELDS, TYPES, camel},
        object::{Object, ObjectKind},
        part::Origin,
        snapshot::Picklist,
        source::SourcePlace,
        union::Union,
    },
    Stages,
};
use crate::base::{Code, Message};

pub(super) fn check(work: &mut Stages<'_>) {
    writable(work);
    types(work);
    root_fields(work);
    mutations(work);
    tables(work);
    columns(work);
    aggregates(work);
    groups(work);
}

/// A group and a field, such as an inverse, of one name.
fn groups(work: &mut Stages<'_>) {
    let mut faults = Vec::new();
    for object in &work.catalog.objects {
        for used in work.uses.get(&object.name).into_iter().flatten() {
            let name = &used.group.name;
            let list = name.strip_suffix("Aggregate").and_then(|list| object.named(list));
            let list = list.is_some_and(|(_, f)| f.target().is_some() && f.relation().is_none());
            if object.named(name).is_some() || list {
                let message = messages::group_name_taken(&object.name, name);
                let fault = used.place.fault(Code::CatalogDuplicate, message);
                faults.push(fault.hinted(messages::other_api_name()));
            }
        }
    }
    work.faults.extend(faults);
}

/// A list `contacts` also derives the field `contactsAggregate`.
fn aggregates(work: &mut Stages<'_>) {
    let mut faults = Vec::new();
    for object in &work.catalog.objects {
        for (ix, field) in object.each_field() {
            let Some(list) = field.name.strip_suffix("Aggregate") else { continue };
            let Some((_, list)) = object.named(list) else { continue };
            if list.target().is_none() || list.relation().is_some() {
                continue;
            }
            let place = work.fields.get(&(object.ix, ix)).map(|(place, _)| *place);
            let message = messages::aggregate_of_list(&field.name, &list.name);
            let place = place.unwrap_or(work.object_places[object.ix.0]);
            faults.push(
                place.fault(Code::CatalogDuplicate, message).hinted(messages::other_api_name()),
            );
        }
    }
    work.faults.extend(faults);
}

/// An object without a writable field has no input types.
fn writable(work: &mut Stages<'_>) {
    for ix in 0..work.catalog.objects.len() {
        let object = &work.catalog.objects[ix];
        let faulty = work.refused.iter().any(|(of, _)| *of == object.ix);
        if !faulty && !object.fields.iter().any(super::super::field::Field::writable) {
            let fault = work.object_places[ix]
                .fault(Code::CatalogType, messages::nothing_writable(&object.name));
            work.hinted(fault, messages::give_a_field());
        }
    }
}

/// The suffixes that the types of aggregates add to an object's name.
const AGGREGATES: [&str; 15] = [
    "GroupBy",
    "GroupOrder",
    "Having",
    "Aggregate",
    "AggregateKey",
    "AggregateOrder",
    "Numbers",
    "NumbersHaving",
    "NumbersOrder",
    "Extremes",
    "ExtremesHaving",
    "ExtremesOrder",
    "Distinct",
    "DistinctHaving",
    "DistinctOrder",
];

/// Those of them that have the fields of a group.
const GROUPED: [&str; 12] = [
    "GroupBy",
    "GroupOrder",
    "AggregateKey",
    "Numbers",
    "NumbersHaving",
    "NumbersOrder",
    "Extremes",
    "ExtremesHaving",
    "ExtremesOrder",
    "Distinct",
    "DistinctHaving",
    "DistinctOrder",
];

/// The GraphQL types that an object derives, itself included.
fn derived_types(object: &Object) -> Vec<String> {
    let name = &object.name;
    if object.is_item() {
        return vec![name.clone()];
    }
    let mut derived = vec![
        name.clone(),
        format!("{name}Filter"),
        format!("{name}FilterMany"),
        format!("Create{name}Input"),
        format!("Update{name}Input"),
    ];
    derived.extend(AGGREGATES.map(|suffix| format!("{name}{suffix}")));
    for group in &object.groups {
        let name = object.group_type(&group.name);
        derived.extend(["", "Filter", "Order"].map(|suffix| format!("{name}{suffix}")));
        derived.extend([format!("Create{name}Input"), format!("Update{name}Input")]);
        derived.extend(GROUPED.map(|suffix| format!("{name}{suffix}")));
    }
    if object.kind == ObjectKind::Line {
        derived.extend([format!("{name}ListInput"), format!("{name}PatchInput")]);
    } else {
        for suffix in [
            "Connection",
            "Edge",
            "Order",
            "Payload",
            "Reassignment",
            "RefInput",
            "Key",
            "Change",
            "Draft",
        ] {
            derived.push(format!("{name}{suffix}"));
        }
        let plural = object.plural_name().filter(|plural| plural != name);
        derived.extend(plural.map(|plural| format!("{plural}Payload")));
    }
    derived
}

/// The GraphQL types that a picklist derives, itself included.
fn picklist_types(list: &Picklist) -> Vec<String> {
    ["", "Filter", "ListFilter"].map(|suffix| format!("{}{suffix}", list.name)).into()
}

/// The GraphQL types that a union derives, itself included.
fn union_types(union: &Union) -> Vec<String> {
    ["", "Filter", "Order", "RefInput"].map(|suffix| format!("{}{suffix}", union.name)).into()
}

fn types(work: &mut Stages<'_>) {
    let lists = work.catalog.picklists.iter().zip(&work.picklist_places);
    let lists = lists.map(|(list, place)| (list.name.as_str(), picklist_types(list), *place));
    let objects = work.catalog.objects.iter().zip(&work.object_places);
    let objects = objects.map(|(object, at)| (object.name.as_str(), derived_types(object), *at));
    let unions = work.catalog.unions.iter().zip(&work.union_places);
    let unions = unions.map(|(union, at)| (union.name.as_str(), union_types(union), *at));
    let mut all: Vec<(&str, Vec<String>, SourcePlace<'_>)> =
        lists.chain(objects).chain(unions).collect();
    // Of two, the later one is reported, and a custom definition before a standard one.
    all.sort_by_key(|(_, _, place)| {
        (place.source.origin == Origin::Custom, place.pos.line, place.pos.column)
    });
    let mut owners: HashMap<String, &str> = HashMap::new();
    let mut told: HashSet<(&str, &str)> = HashSet::new();
    let mut faults = Vec::new();
    for (name, derived, place) in all {
        for ty in derived {
            let message = if ty != name && TYPES.contains(&ty.as_str()) {
                messages::type_of_platform(name, ty)
            } else {
                match owners.entry(ty) {
                    Entry::Vacant(free) => {
                        free.insert(name);
                        continue;
                    }
                    Entry::Occupied(taken) => {
                        let (ty, other) = (taken.key(), *taken.get());
                        if !told.insert((name, other)) {
                            continue;
                        }
                        if ty == name {
                            messages::name_of_derived(name, other)
                        } else if ty == other {
                            messages::derived_is_defined(name, ty)
                        } else {
                            messages::both_derive(name, other, ty)
                        }
                    }
                }
            };
            faults.push(
                place.fault(Code::CatalogDuplicate, message).hinted(messages::other_type_name()),
            );
        }
    }
    work.faults.extend(faults);
}

fn root_fields(work: &mut Stages<'_>) {
    let mut owners: HashMap<String, Message> =
        ROOT_FIELDS.iter().map(|name| ((*name).to_owned(), messages::the_platform())).collect();
    let mut faults = Vec::new();
    for object in work.catalog.objects.iter().filter(|o| o.has_roots()) {
        let place = work.object_places[object.ix.0];
        let singular = object.singular();
        if object.plural.as_ref() == Some(&singular) {
            faults.push(
                place
                    .fault(Code::CatalogDuplicate, messages::plural_is_singular(&object.name))
                    .hinted(messages::for_example_plural(camel(&format!("all {singular}")))),
            );
        }
        let draft = format!("draft{}", object.name);
        let mut names = vec![singular.clone(), format!("{singular}Aggregate"), draft];
        names.extend(object.plural.clone().filter(|plural| *plural != singular));
        for name in names {
            if let Some(other) = owners.insert(name.clone(), messages::an_object(&object.name)) {
                let message = messages::root_field_taken(&name, &object.name, other);
                let plural = object.plural.as_deref() == Some(name.as_str());
                let hint =
                    if plural { messages::other_plural() } else { messages::other_type_name() };
                faults.push(place.fault(Code::CatalogDuplicate, message).hinted(hint));
            }
        }
    }
    work.faults.extend(faults);
}

/// `createX` of one object must differ from `createXs` of another.
fn mutations(work: &mut Stages<'_>) {
    let heads = || work.catalog.objects.iter().filter(|object| object.has_roots());
    let names: HashMap<&str, _> = heads().map(|object| (object.name.as_str(), object.ix)).collect();
    let mut faults = Vec::new();
    for object in heads() {
        let Some(plural) = object.plural_name() else { continue };
        let Some(other) = names.get(plural.as_str()).filter(|other| **other != object.ix) else {
            continue;
        };
        // A custom definition is reported before a standard one.
        let places = [work.object_places[object.ix.0], work.object_places[other.0]];
        let [own, taker] = places.map(|place| place.source.origin == Origin::Custom);
        let place = if taker && !own { places[1] } else { places[0] };
        let field = format!("create{plural}");
        let message = messages::both_create(&object.name, &plural, field);
        let fault = place.fault(Code::CatalogDuplicate, message);
        faults.push(fault.hinted(messages::other_plural_or_name()));
    }
    work.faults.extend(faults);
}

fn tables(work: &mut Stages<'_>) {
    let mut owners: HashMap<String, String> = HashMap::new();
    let mut faults = Vec::new();
    for object in work.catalog.objects.iter().filter(|object| !object.is_item()) {
        let place = work.object_places[object.ix.0];
        let junctions = object.each_field().filter_map(|(ix, field)| match &field.ty {
            FieldType::ManyToMany(junction) => {
                let place = work.fields.get(&(object.ix, ix)).map_or(place, |(place, _)| *place);
                Some((junction.table.clone(), place))
            }
            _ => None,
        });
        for (table, place) in [(object.table.clone(), place)].into_iter().chain(junctions) {
            if table.len() > 60 {
                let message = messages::long_table(&table);
                faults.push(
                    place.fault(Code::CatalogName, message).hinted(messages::shorter_api_name()),
                );
            }
            if table.starts_with("tw_") || table.starts_with("sqlite_") || table.starts_with("pg_")
            {
                faults.push(
                    place.fault(Code::CatalogName, messages::reserved_table(&table, &object.name)),
                );
            }
            if let Some(other) = owners.insert(table.clone(), object.name.clone()) {
                faults.push(place.fault(
                    Code::CatalogDuplicate,
                    messages::both_need_table(&object.name, other, table),
                ));
            }
        }
    }
    work.faults.extend(faults);
}

fn columns(work: &mut Stages<'_>) {
    let mut faults = Vec::new();
    for object in &work.catalog.objects {
        // A field that was renamed is stored by its first name, whatever has that name now.
        for (ix, field) in object.each_field().filter(|(_, field)| !field.renamed.is_empty()) {
            let other = object.named(&field.stored).filter(|(of, _)| *of != ix);
            if let Some((_, other)) = other.filter(|(_, other)| other.stored == field.stored) {
                let own = work.fields.get(&(object.ix, ix)).map(|(place, _)| *place);
                let message = messages::stored_as(&field.name, &other.name);
                let place = own.unwrap_or(work.object_places[object.ix.0]);
                let fault = place.fault(Code::CatalogDuplicate, message);
                faults.push(fault.hinted(messages::other_api_name()));
            }
        }
        let mut owners: HashMap<&str, (&str, Option<SourcePlace<'_>>)> = HashMap::new();
        for (ix, field) in object.each_field() {
            let Some(column) = field.column.as_deref() else { continue };
            // The column of a field in a group is there because of the use of its item.
            let used = work.use_of(&object.name, &field.name).map(|used| used.place);
            let own = used.or(work.fields.get(&(object.ix, ix)).map(|(place, _)| *place));
            let whole = work.object_places[object.ix.0];
            if column.len() > LONGEST + 22 {
                let message = messages::long_column(&field.name, column);
                faults.push(
                    own.unwrap_or(whole)
                        .fault(Code::CatalogName, message)
                        .hinted(messages::shorter_api_name()),
                );
            }
            if let Some((other, earlier)) = owners.insert(column, (&field.name, own)) {
                let message = messages::both_need_column(&field.name, other, column);
                faults.push(
                    own.or(earlier)
                        .unwrap_or(whole)
                        .fault(Code::CatalogDuplicate, message)
                        .hinted(messages::other_api_name()),
                );
            }
        }
    }
    work.faults.extend(faults);
}
