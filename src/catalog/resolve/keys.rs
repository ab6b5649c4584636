//! Stage 6: unique keys, indexes, dimensions and the display field.

use super::{
    super::{
        directive::Applied,
        field::Field,
        field_type::FieldType,
        ids::{FieldIx, ObjectIx},
        messages,
        names::{fitted, quoted_list},
        number::LONGEST_VALUE,
        object::{Dimension, Index, Object, Unique},
        part::Origin,
        source::SourcePlace,
    },
    Stages,
};
use crate::base::{Code, Message};

pub(super) fn resolve(work: &mut Stages<'_>) {
    for ix in 0..work.catalog.objects.len() {
        let ix = ObjectIx(ix);
        marked_fields(ix, work);
        // The stage of items has told what these say of keys.
        if work.catalog.object(ix).is_item() {
            continue;
        }
        let mut given = Vec::new();
        for (place, directives) in work.object_directives[ix.0].clone() {
            for applied in directives.all("unique") {
                if let Some(fields) = key_fields(ix, place, applied, "fields", work) {
                    add_unique(&mut work.catalog.objects[ix.0], fields);
                }
            }
            for applied in directives.all("index") {
                let fields = key_fields(ix, place, applied, "fields", work);
                let include = match applied.list("include").is_empty() {
                    true => Some(Vec::new()),
                    false => key_fields(ix, place, applied, "include", work),
                };
                if let (Some(fields), Some(include)) = (fields, include) {
                    add_covering(&mut work.catalog.objects[ix.0], fields, include);
                }
            }
            for applied in directives.all("dimension") {
                dimension(ix, place, applied, &mut given, work);
            }
            let said = directives.get("object");
            if let Some((said, wanted)) =
                said.and_then(|applied| Some((applied, applied.text("display")?)))
            {
                let place = SourcePlace { pos: said.at("display"), ..place };
                match work.catalog.object(ix).named(wanted) {
                    Some((field, known)) if can_show(&known.ty) && !known.on_read => {
                        work.catalog.objects[ix.0].display = Some(field);
                    }
                    Some(_) => work
                        .fault(place.fault(Code::CatalogDirective, messages::cannot_name(wanted))),
                    None => work.unknown_field(ix, wanted, place),
                }
            }
        }
        let object = &mut work.catalog.objects[ix.0];
        if object.display.is_none() {
            object.display = ["name", "number", "code"]
                .iter()
                .filter_map(|name| object.named(name))
                .find(|(_, field)| !field.on_read && !matches!(field.ty, FieldType::Union(_)))
                .map(|(ix, _)| ix);
        }
        dimension_index(object);
        relation_indexes(object);
    }
}

/// Whether a field's value can name its record to people.
fn can_show(ty: &FieldType) -> bool {
    !matches!(
        ty,
        FieldType::Lines(_)
            | FieldType::ManyToMany(_)
            | FieldType::Inverse(_)
            | FieldType::Union(_)
            | FieldType::MultiPicklist(_)
            | FieldType::RichText { .. }
            | FieldType::Json
    )
}

/// Adds the keys and indexes of `unique: true`, `index: true` and auto-numbers.
fn marked_fields(ix: ObjectIx, work: &mut Stages<'_>) {
    let fields: Vec<_> =
        work.catalog.object(ix).each_field().map(|(f, field)| (f, field.clone())).collect();
    for (f, field) in fields {
        let said = work.fields.get(&(ix, f)).cloned();
        let flag = |name| {
            said.as_ref()
                .and_then(|(_, directives)| directives.get("field"))
                .is_some_and(|applied| applied.flag(name))
        };
        let unique = flag("unique") || matches!(field.ty, FieldType::AutoNumber(_));
        let index = flag("index");
        // The stage of fields has reported these options already.
        if field.on_read {
            continue;
        }
        if (unique || index)
            && let Err(message) = indexable(&field)
        {
            if let Some((place, directives)) = said {
                let option = if unique { "unique" } else { "index" };
                let pos = directives.get("field").map_or(place.pos, |said| said.at(option));
                let place = SourcePlace { pos, ..place };
                work.fault(place.fault(Code::CatalogDirective, message));
            }
            continue;
        }
        let object = &mut work.catalog.objects[ix.0];
        if unique {
            add_unique(object, vec![f]);
        }
        if index {
            add_index(object, vec![f]);
        }
    }
}

fn indexable(field: &Field) -> Result<(), Message> {
    match field.ty {
        _ if field.on_read => Err(messages::no_key_part(&field.name)),
        FieldType::Lines(_)
        | FieldType::ManyToMany(_)
        | FieldType::Inverse(_)
        | FieldType::Union(_)
        | FieldType::Json
        | FieldType::RichText { .. }
        | FieldType::MultiPicklist(_) => Err(messages::no_key_part(&field.name)),
        FieldType::Text { max, .. } if max > 600 => Err(messages::long_key_part(&field.name)),
        _ => Ok(()),
    }
}

fn key_fields(
    ix: ObjectIx,
    place: SourcePlace<'_>,
    applied: &Applied,
    argument: &str,
    work: &mut Stages<'_>,
) -> Option<Vec<FieldIx>> {
    let place = SourcePlace { pos: applied.at(argument), ..place };
    let given = applied.list(argument);
    let mut fields = Vec::new();
    if given.is_empty() || given.len() > 8 {
        work.fault(place.fault(Code::CatalogDirective, messages::key_fields()));
        return None;
    }
    for name in &given {
        let object = work.catalog.object(ix);
        match object.named(name) {
            None => {
                work.unknown_field(ix, name, place);
                return None;
            }
            Some((field_ix, _)) if fields.contains(&field_ix) => {
                work.fault(place.fault(Code::CatalogDirective, messages::twice_in_key(name)));
                return None;
            }
            Some((field_ix, field)) => {
                if let Err(message) = indexable(field) {
                    work.fault(place.fault(Code::CatalogDirective, message));
                    return None;
                }
                fields.push(field_ix);
            }
        }
    }
    let object = work.catalog.object(ix);
    let wide: u32 = fields.iter().map(|field| width(object.field(*field))).sum();
    if wide > WIDEST {
        let message = messages::wide_key(quoted_list(&given), wide, WIDEST);
        let fault = place.fault(Code::CatalogDirective, message);
        work.fault(fault.hinted(messages::smaller_max()));
        return None;
    }
    Some(fields)
}

/// The largest entry of an index in bytes that every database accepts. PostgreSQL accepts
/// 2,704 with its overhead.
const WIDEST: u32 = 2_600;

/// The largest size of a field's value in an index, in bytes.
fn width(field: &Field) -> u32 {
    match field.ty {
        FieldType::Text { max, .. } => max.saturating_mul(4).saturating_add(4),
        FieldType::AutoNumber(ref format) => {
            let values = u32::try_from(format.paths().count()).unwrap_or(u32::MAX);
            values.saturating_mul(4 * LONGEST_VALUE).saturating_add(256)
        }
        FieldType::Picklist(_) => 256,
        _ => 20,
    }
}

/// A dimension's name, and the place that gives it.
type Given<'a> = (String, SourcePlace<'a>);

/// Adds a dimension, which replaces one from an earlier custom text, or removes that one.
fn dimension<'a>(
    ix: ObjectIx,
    place: SourcePlace<'a>,
    applied: &Applied,
    given: &mut Vec<Given<'a>>,
    work: &mut Stages<'a>,
) {
    let named = SourcePlace { pos: applied.at("name"), ..place };
    let name = applied.text("name").unwrap_or_default().to_owned();
    let removed = applied.flag("removed");
    let earlier = given.iter().position(|(known, _)| *known == name);
    if let Some(at) = earlier {
        let earlier = given[at].1.source;
        if earlier.origin != Origin::Custom {
            let fault = messages::dimension_of_standard(name);
            let fault = named.fault(Code::CatalogDuplicate, fault);
            return work.hinted(fault, messages::switch_off_instead());
        }
        if earlier.name == named.source.name {
            let fault = messages::dimension_twice(name);
            return work.fault(named.fault(Code::CatalogDuplicate, fault));
        }
        // An extension may be older than the text of the type itself; the newer one counts.
        if earlier.name > named.source.name {
            return;
        }
        given.remove(at);
    } else if removed {
        let message = messages::no_dimension(&work.catalog.object(ix).name, name);
        return work.fault(named.fault(Code::CatalogDirective, message));
    }
    work.catalog.objects[ix.0].dimensions.retain(|known| known.name != name);
    if !removed {
        let path = SourcePlace { pos: applied.at("path"), ..place };
        leads(ix, path, name.clone(), applied.text("path").unwrap_or_default(), work);
        given.push((name, named));
    }
}

/// Adds a dimension by the value at the end of a path.
fn leads(ix: ObjectIx, place: SourcePlace<'_>, name: String, path: &str, work: &mut Stages<'_>) {
    let mut fields = Vec::new();
    let (mut at, mut end) = (ix, None);
    let steps = work.catalog.steps(work.catalog.object(ix), path);
    let count = steps.len();
    for (step, part) in steps.into_iter().enumerate() {
        let object = work.catalog.object(at);
        let Some((field_ix, field)) = object.named(part) else {
            if path.is_empty() {
                return work
                    .fault(place.fault(Code::CatalogDirective, messages::path_names_field()));
            }
            return work.unknown_field(at, part, place);
        };
        fields.push(field_ix);
        let last = step + 1 == count;
        match (&field.ty, last) {
            (FieldType::Relation(relation), _) => {
                at = relation.target;
                end = last.then_some(at);
            }
            (FieldType::Picklist(_), true) if !field.on_read => {}
            _ => {
                let message = messages::dimension_path(path);
                return work.fault(place.fault(Code::CatalogDirective, message));
            }
        }
    }
    work.catalog.objects[ix.0].dimensions.push(Dimension { name, path: fields });
    // Descendants of a value are found by `parent`, so that relation must stay a tree.
    let Some(end) = end else { return };
    let object = &mut work.catalog.objects[end.0];
    let Some((parent, _)) = object.named("parent") else { return };
    if let FieldType::Relation(relation) = &mut object.fields[parent.0].ty {
        relation.tree |= relation.target == end;
    }
}

/// Adds the index by which `query::ordered_union` lists the records of each dimension value in creation
/// order. Only the first dimension with its value in the record itself has one. Records that a parent
/// opens are listed through it.
fn dimension_index(object: &mut Object) {
    let parent = |field: FieldIx| object.field(field).relation().is_some_and(|to| to.parent);
    let own = object.dimensions.iter().find_map(|dimension| match dimension.path.as_slice() {
        [field] if !parent(*field) => Some(*field),
        _ => None,
    });
    if let (Some(field), Some(created)) = (own, object.system.created_at) {
        add_index(object, vec![field, created]);
    }
}

/// Users filter by relations, and the database checks deletes by them, so each relation has an index: of the rows
/// that refer to something, where some may not.
fn relation_indexes(object: &mut Object) {
    let authors = [object.system.created_by, object.system.updated_by];
    let relations: Vec<_> = object
        .each_field()
        .filter(|(ix, field)| field.relation().is_some() && !authors.contains(&Some(*ix)))
        .map(|(ix, _)| ix)
        .collect();
    for relation in relations {
        let led = object.uniques.iter().map(|unique| &unique.fields);
        let covered = led
            .chain(object.indexes.iter().map(|index| &index.fields))
            .any(|fields| fields.first() == Some(&relation));
        if covered {
            continue;
        }
        if object.field(relation).required {
            add_index(object, vec![relation]);
        } else {
            let column = object.field(relation).column.clone().unwrap_or_default();
            // No column begins with an underscore, so no other index has this name.
            let name = fitted(format!("by_{}___{column}", object.table));
            let (fields, sparse) = (vec![relation], true);
            let (include, carried) = (Vec::new(), Vec::new());
            object.indexes.push(Index { name, fields, include, carried, sparse });
        }
    }
}

fn add_unique(object: &mut Object, fields: Vec<FieldIx>) {
    if !object.uniques.iter().any(|unique| unique.fields == fields) {
        let name = index_name("uq", object, &fields);
        object.uniques.push(Unique { name, fields });
    }
}

fn add_index(object: &mut Object, fields: Vec<FieldIx>) {
    add_covering(object, fields, Vec::new());
}

/// Adds an index with fields that are read from it alone. `access_keys` completes those with what the rule reads.
fn add_covering(object: &mut Object, fields: Vec<FieldIx>, mut include: Vec<FieldIx>) {
    include.retain(|field| !fields.contains(field));
    let known = |index: &Index| index.fields == fields && index.include == include;
    let unique = include.is_empty() && object.uniques.iter().any(|unique| unique.fields == fields);
    if !object.indexes.iter().any(known) && !unique {
        let name = index_name("by", object, &fields);
        object.indexes.push(Index { name, fields, include, carried: Vec::new(), sparse: false });
    }
}

/// `uq_customer__code`, `by_customer__region_id__level`; these names are unique in a
/// database, for all its tables.
///
/// No table or column of a field has two underscores in a row, so the parts of a name are unambiguous.
/// `sql::ddl` has the prefix `ix_` for itself. Long names end in a digest, so that they fit 63 bytes.
fn index_name(kind: &str, object: &Object, fields: &[FieldIx]) -> String {
    let columns: Vec<_> = fields
        .iter()
        .map(|field| object.field(*field).column.clone().unwrap_or_default())
        .collect();
    fitted(format!("{kind}_{}__{}", object.table, columns.join("__")))
}
