//! Stage 4: resolves the types of declared fields.

use std::collections::HashMap;

use async_graphql_parser::{
    Positioned,
    types::{BaseType, DirectiveLocation, FieldDefinition, Type},
};

use super::{
    super::{
        directive::{self, Directives},
        field::{Field, Junction, Label, Lines, OnDelete, Relation, RollupScope},
        field_conditions::FieldConditions,
        field_group::place_of,
        field_type::{FieldType, TextNormal, Unit},
        ids::{FieldIx, ObjectIx, PicklistIx},
        messages, names,
        number::NumberFormat,
        object::ObjectKind,
        part::Origin,
        source::{Definition, SourcePlace},
    },
    Stages,
    collect::Definitions,
    columns::column,
    computed_fields::{self, VIEWER},
    items,
    limits::{decimal, rating, text},
    links::labels_an_inverse,
    objects::push,
    renamed::old_names,
    restated,
    retyped::{former_types, unconverted},
    unions,
};
use crate::base::{Code, Message, text::tidy};

/// The scalar types of fields.
const SCALARS: [&str; 8] =
    ["String", "Int", "Decimal", "Boolean", "Date", "DateTime", "Time", "JSON"];
/// The largest number of fields that an object may declare.
const MOST_FIELDS: usize = 500;

pub(super) fn resolve<'a>(collected: &Definitions<'a>, work: &mut Stages<'a>) {
    let picklists: HashMap<String, PicklistIx> = work
        .catalog
        .picklists
        .iter()
        .enumerate()
        .map(|(ix, list)| (list.name.clone(), PicklistIx(ix)))
        .collect();
    for (ix, ty) in collected.types.iter().enumerate() {
        let ix = ObjectIx(ix);
        if ty.members.len() > MOST_FIELDS {
            let place = work.object_places[ix.0];
            work.fault(place.fault(Code::CatalogType, messages::too_many_fields(MOST_FIELDS)));
        }
        for (definition, member) in &ty.members {
            field(ix, definition, member, &picklists, work);
        }
    }
}

fn field<'a>(
    object: ObjectIx,
    definition: &Definition<'a>,
    member: &Positioned<FieldDefinition>,
    picklists: &HashMap<String, PicklistIx>,
    work: &mut Stages<'a>,
) {
    let name = member.node.name.node.to_string();
    let place = definition.at(member.node.name.pos);
    if let Some(fault) = names::field_fault(messages::the_field_name(), &name)
        .filter(|_| !definition.source.generated() && place_of(&name).0.is_none())
    {
        let fault = place.fault(Code::CatalogName, fault);
        work.hinted(
            fault,
            names::advice(&name, &names::camel(&name), Message::same("`@field(label:)`")),
        );
        work.refused.insert((object, name));
        return;
    }
    if work.catalog.object(object).by_name.contains_key(&name) {
        work.refused.insert((object, name.clone()));
        return work.fault(place.fault(
            Code::CatalogDuplicate,
            messages::already_has_field(&work.catalog.object(object).name, name),
        ));
    }
    if let Some(argument) = member.node.arguments.first() {
        work.fault(
            definition
                .at(argument.node.name.pos)
                .fault(Code::CatalogType, messages::no_field_arguments()),
        );
    }
    let directives = directive::read(
        definition,
        &member.node.directives,
        DirectiveLocation::FieldDefinition,
        &mut work.faults,
    );
    let type_place = definition.at(member.node.ty.pos);
    let renamed = old_names(place_of(&name).1, place, &directives, &mut work.faults);
    let owner = work.catalog.object(object);
    let renamed = match work.use_of(&owner.name, &name) {
        Some(used) => items::old_names(&used.group, place_of(&name).1, renamed),
        None => renamed,
    };
    let origin = work.origin_of(&owner.name, &name, definition.source.origin);
    let retyped = former_types(&directives);
    let stored = renamed.first().map_or_else(|| name.clone(), |first| first.name.clone());
    let ty = &member.node.ty.node;
    let asked = Asked { object, name: &name, stored: &stored, ty, directives: &directives };
    if let Some(applied) = directives.get("item") {
        let fault = SourcePlace { pos: applied.pos, ..place }
            .fault(Code::CatalogType, messages::no_data_item(&name));
        work.hinted(fault, messages::define_item());
        work.refused.insert((object, name));
        return;
    }
    let Some(ty) = field_type(&asked, type_place, picklists, work) else {
        work.refused.insert((object, name));
        return;
    };
    unfit_options(&asked, &ty, type_place, work);
    let owner = work.catalog.object(object);
    let said = directives.get("field");
    let text = |arg| said.and_then(|applied| applied.text(arg)).map(tidy);
    let scope = directives.get("rollup").and_then(|rollup| rollup.text("scope"));
    let viewer = scope == Some(VIEWER);
    let on_read =
        viewer || directives.get("formula").is_some_and(|formula| !formula.flag("stored"));
    let custom_on_standard = owner.origin == Origin::Standard && origin == Origin::Custom;
    let column = column(&stored, &ty, custom_on_standard, retyped.len()).filter(|_| !on_read);
    let computed = match &ty {
        FieldType::AutoNumber(_) => true,
        // What all related records come to may be more than a field holds; then there is no value.
        FieldType::Rollup(rollup) => {
            rollup.op.begins_at_zero() && rollup.scope == RollupScope::Lines
        }
        _ => false,
    };
    // Of a rich text its words are searched, which are a field of their own.
    let rich = matches!(ty, FieldType::RichText { .. });
    let search = !rich && said.is_some_and(|applied| applied.flag("search"));
    let field = Field {
        label: Label { zh: text("label"), en: text("labelEn") },
        description: text("help")
            .or_else(|| member.node.description.as_ref().map(|text| text.node.clone())),
        required: computed || (!member.node.ty.node.nullable && !is_many(&ty)),
        default: None,
        refills: false,
        checks: Vec::new(),
        conditions: FieldConditions::default(),
        formula: None,
        on_read,
        counted: None,
        counted_text: directives.get("rollup").and_then(|r| r.text("where")).map(str::to_owned),
        formula_text: directives.get("formula").and_then(|f| f.text("expr")).map(str::to_owned),
        origin,
        system: false,
        of_union: None,
        search,
        hidden: restated::hides(&directives),
        column,
        name,
        stored,
        renamed,
        retyped,
        ty,
    };
    unconverted(&field, &directives, type_place, work);
    if search && !field.ty.traits().searches {
        let pos = said.map_or(type_place.pos, |applied| applied.at("search"));
        let place = SourcePlace { pos, ..type_place };
        work.fault(place.fault(Code::CatalogType, messages::only_text_searched()));
    }
    if on_read {
        computed_fields::options_when_read(
            &field,
            &member.node.ty.node,
            &directives,
            type_place,
            work,
        );
    }
    let place_ix = push(&mut work.catalog.objects[object.0], field);
    unions::relations(object, place_ix, place, &directives, custom_on_standard, work);
    work.fields.insert((object, place_ix), (place, directives));
}

fn is_many(ty: &FieldType) -> bool {
    matches!(ty, FieldType::Lines(_) | FieldType::ManyToMany(_) | FieldType::MultiPicklist(_))
}

/// A declared field whose type is being resolved.
pub(super) struct Asked<'f> {
    object: ObjectIx,
    pub(super) name: &'f str,
    /// The first name that it had.
    stored: &'f str,
    pub(super) ty: &'f Type,
    pub(super) directives: &'f Directives,
}

fn field_type(
    asked: &Asked<'_>,
    place: SourcePlace<'_>,
    picklists: &HashMap<String, PicklistIx>,
    work: &mut Stages<'_>,
) -> Option<FieldType> {
    let (name, many) = match &asked.ty.base {
        BaseType::Named(name) => (name.as_str(), false),
        BaseType::List(inner) => match &inner.base {
            BaseType::Named(name) => (name.as_str(), true),
            BaseType::List(_) => {
                work.fault(place.fault(Code::CatalogType, messages::no_list_of_lists()));
                return None;
            }
        },
    };
    if let Some(list) = picklists.get(name) {
        misplaced(asked, place, &["relation", "lines", "rollup", "number"], work);
        return Some(if many {
            FieldType::MultiPicklist(*list)
        } else {
            FieldType::Picklist(*list)
        });
    }
    if let Some(target) = work.catalog.by_name.get(name).copied() {
        if work.catalog.object(target).kind == ObjectKind::Line {
            work.asked_lines.insert(target);
        }
        if work.catalog.object(target).is_item() {
            let fault = place.fault(Code::CatalogType, messages::is_data_item(name));
            work.hinted(fault, messages::write(format!("{}: {name} @item", asked.name)));
            return None;
        }
        misplaced(asked, place, &["rollup", "number", "formula"], work);
        return if many {
            if let Some(applied) = asked.directives.get("relation") {
                let place = SourcePlace { pos: applied.pos, ..place };
                let fault = place
                    .fault(Code::CatalogRelation, messages::many_takes_no_relation(asked.name));
                work.hinted(fault, messages::only_single_inverse());
            }
            many_type(asked, target, place, work)
        } else {
            lookup(asked, target, place, work)
        };
    }
    if let Some(union) = unions::named(work, name) {
        return unions::field_type(asked, union, many, place, work);
    }
    if work.refused_types.contains(name) {
        return None;
    }
    if many && !SCALARS.contains(&name) {
        return unknown_type(name, place, picklists, work);
    }
    if many {
        let fault = place.fault(Code::CatalogType, messages::no_list_of(name));
        work.hinted(fault, messages::instead_of_list());
        return None;
    }
    misplaced(asked, place, &["relation", "lines"], work);
    scalar(asked, name, place, picklists, work)
}

/// Reports directives that have no meaning on this type.
pub(super) fn misplaced(
    asked: &Asked<'_>,
    place: SourcePlace<'_>,
    wrong: &[&str],
    work: &mut Stages<'_>,
) {
    for name in wrong {
        if let Some(applied) = asked.directives.get(name) {
            let place = SourcePlace { pos: applied.pos, ..place };
            work.fault(place.fault(
                Code::CatalogDirective,
                messages::does_not_fit_type(format!("@{name}"), asked.name),
            ));
        }
    }
}

/// Reports arguments of `@field` that have no meaning on this type.
fn unfit_options(asked: &Asked<'_>, ty: &FieldType, place: SourcePlace<'_>, work: &mut Stages<'_>) {
    let Some(said) = asked.directives.get("field") else { return };
    let fitting: &[&str] = match ty {
        FieldType::Text { .. } => &["type", "max", "normalize"],
        FieldType::RichText { .. } | FieldType::Rating { .. } => &["type", "max"],
        FieldType::Integer | FieldType::Duration => &["type"],
        FieldType::Decimal { .. } => &["type", "scale"],
        FieldType::Rollup(rollup) if rollup.scale.is_some() => &["type", "scale"],
        _ => &[],
    };
    for option in ["type", "max", "scale", "normalize"] {
        if said.has(option) && !fitting.contains(&option) {
            let place = SourcePlace { pos: said.at(option), ..place };
            work.fault(
                place
                    .fault(Code::CatalogDirective, messages::does_not_fit_type(option, asked.name)),
            );
        }
    }
}

fn lookup(
    asked: &Asked<'_>,
    target: ObjectIx,
    place: SourcePlace<'_>,
    work: &mut Stages<'_>,
) -> Option<FieldType> {
    let object = work.catalog.object(target);
    if object.kind == ObjectKind::Line {
        let fault =
            place.fault(Code::CatalogRelation, messages::is_line_object_of_document(&object.name));
        work.hinted(fault, messages::use_list_with_lines());
        return None;
    }
    misplaced(asked, place, &["lines"], work);
    let said = asked.directives.get("relation");
    labels_an_inverse(said, place, work);
    let clear = said.and_then(|applied| applied.text("onDelete")) == Some("CLEAR");
    if clear && !asked.ty.nullable {
        let pos = said.map_or(place.pos, |said| said.at("onDelete"));
        work.fault(
            SourcePlace { pos, ..place }
                .fault(Code::CatalogRelation, messages::not_cleared(asked.name)),
        );
    }
    let tree = said.is_some_and(|applied| applied.flag("tree"));
    if tree && target != asked.object {
        let pos = said.map_or(place.pos, |said| said.at("tree"));
        let message = messages::forms_no_tree(asked.name);
        let fault = SourcePlace { pos, ..place }.fault(Code::CatalogRelation, message);
        work.hinted(fault, messages::only_own_tree());
    }
    Some(FieldType::Relation(Relation {
        target,
        inverse: said.and_then(|applied| applied.text("inverse")).map(str::to_owned),
        parent: said.is_some_and(|applied| applied.flag("parent")),
        tree,
        on_delete: if clear { OnDelete::Clear } else { OnDelete::Restrict },
    }))
}

fn many_type(
    asked: &Asked<'_>,
    target: ObjectIx,
    place: SourcePlace<'_>,
    work: &mut Stages<'_>,
) -> Option<FieldType> {
    let own_lines = asked.directives.get("lines").is_some();
    let object = work.catalog.object(target);
    let owner = work.catalog.object(asked.object);
    match (own_lines, object.kind) {
        (true, ObjectKind::Line) if owner.kind != ObjectKind::Line => {
            // The line's field that refers to its document is added when all lines are known.
            Some(FieldType::Lines(Lines { target, via: FieldIx(0) }))
        }
        (true, ObjectKind::Line) => {
            work.fault(place.fault(Code::CatalogRelation, messages::no_lines_of_lines()));
            None
        }
        (true, _) => {
            let fault = place.fault(Code::CatalogRelation, messages::not_line_object(&object.name));
            work.hinted(fault, messages::define_as_line());
            None
        }
        (false, ObjectKind::Line) => {
            let fault = place.fault(Code::CatalogRelation, messages::is_line_object(&object.name));
            work.hinted(fault, messages::add_lines());
            None
        }
        (false, _) if owner.kind == ObjectKind::Line => {
            let fault = place.fault(Code::CatalogRelation, messages::no_many_on_lines());
            work.hinted(fault, messages::one_or_document());
            None
        }
        (false, _) => {
            let custom = owner.origin == Origin::Standard && place.source.origin == Origin::Custom;
            let field = names::snake(asked.stored);
            let field = if custom { format!("x_{field}") } else { field };
            Some(FieldType::ManyToMany(Junction {
                target,
                table: format!("{}__{field}", owner.table),
            }))
        }
    }
}

fn scalar(
    asked: &Asked<'_>,
    name: &str,
    place: SourcePlace<'_>,
    picklists: &HashMap<String, PicklistIx>,
    work: &mut Stages<'_>,
) -> Option<FieldType> {
    if let Some(applied) = asked.directives.get("rollup") {
        misplaced(asked, place, &["number", "formula"], work);
        return computed_fields::rollup(asked.name, name, applied, place, work);
    }
    if let Some(applied) = asked.directives.get("number") {
        misplaced(asked, place, &["formula"], work);
        if name != "String" {
            work.fault(place.fault(Code::CatalogNumber, messages::number_is_text()));
            return None;
        }
        let format = NumberFormat::parse(applied.text("format").unwrap_or_default());
        let format = format.map_err(|fault| ("format", fault)).and_then(|format| {
            if !applied.has("per") {
                return Ok(format);
            }
            format.counting(&applied.list("per")).map_err(|fault| ("per", fault))
        });
        return match format {
            Ok(format) => Some(FieldType::AutoNumber(format)),
            Err((argument, fault)) => {
                let place = SourcePlace { pos: applied.at(argument), ..place };
                work.fault(place.fault(Code::CatalogNumber, fault));
                None
            }
        };
    }
    let said = asked.directives.get("field");
    let form = said.and_then(|applied| applied.text("type"));
    let allowed: &[&str] = match name {
        "String" => &["TEXT", "LONG_TEXT", "RICH_TEXT", "EMAIL", "PHONE", "URL"],
        "Int" => &["DURATION", "RATING"],
        "Decimal" => &["DECIMAL", "MONEY", "AMOUNT", "PERCENT"],
        _ => &[],
    };
    if let Some(form) = form.filter(|form| !allowed.contains(form)) {
        let pos = said.map_or(place.pos, |said| said.at("type"));
        let fault = SourcePlace { pos, ..place }
            .fault(Code::CatalogType, messages::form_does_not_fit(form, name));
        match allowed {
            [] => work.fault(fault),
            _ => work.hinted(fault, messages::may_be(names::quoted_list(allowed))),
        }
        return None;
    }
    let option = |name| SourcePlace { pos: said.map_or(place.pos, |said| said.at(name)), ..place };
    match name {
        "String" => {
            let normal = said.map(normal).unwrap_or_default();
            let max = said.and_then(|a| a.int("max"));
            Some(text(form, (max, normal), option("max"), work))
        }
        "Int" => match form {
            Some("DURATION") => Some(FieldType::Duration),
            Some("RATING") => rating(said.and_then(|a| a.int("max")), option("max"), work),
            _ => Some(FieldType::Integer),
        },
        "Decimal" => {
            let (unit, digits) = match form {
                Some("MONEY") => (Unit::Money, 2),
                Some("AMOUNT") => (Unit::Amount, 2),
                Some("PERCENT") => (Unit::Percent, 2),
                _ => (Unit::Plain, 4),
            };
            let scale = said.and_then(|a| a.int("scale")).unwrap_or(digits);
            decimal(scale, unit, option("scale"), work)
        }
        "Boolean" => Some(FieldType::Boolean),
        "Date" => Some(FieldType::Date),
        "DateTime" => Some(FieldType::DateTime),
        "Time" => Some(FieldType::Time),
        "JSON" => Some(FieldType::Json),
        _ => unknown_type(name, place, picklists, work),
    }
}

/// What `normalize` asks for.
fn normal(said: &directive::Applied) -> TextNormal {
    let asked = said.list("normalize");
    let has = |name: &str| asked.iter().any(|one| one == name);
    TextNormal { trimmed: has("TRIM"), half_width: has("HALF_WIDTH"), phone: has("PHONE") }
}

fn nearest_type<'w>(
    name: &str,
    picklists: &'w HashMap<String, PicklistIx>,
    work: &'w Stages<'_>,
) -> Option<&'w str> {
    let known = SCALARS
        .into_iter()
        .chain(picklists.keys().map(String::as_str))
        .chain(work.catalog.by_name.keys().map(String::as_str))
        .chain(work.catalog.unions.iter().map(|union| union.name.as_str()));
    names::nearest(name, known)
}

fn unknown_type(
    name: &str,
    place: SourcePlace<'_>,
    picklists: &HashMap<String, PicklistIx>,
    work: &mut Stages<'_>,
) -> Option<FieldType> {
    let hint = match name {
        "Float" | "Double" | "Number" => messages::use_decimal(),
        "Bool" => messages::did_you_mean("Boolean"),
        "Integer" | "Long" => messages::did_you_mean("Int"),
        "ID" => messages::refer_by_type(),
        "Money" | "Percent" => {
            messages::write(format!("Decimal @field(type: {})", name.to_uppercase()))
        }
        "Duration" | "Rating" => {
            messages::write(format!("Int @field(type: {})", name.to_uppercase()))
        }
        "Text" => messages::write_text(),
        "Email" | "Phone" | "Url" | "URL" => {
            messages::write(format!("String @field(type: {})", name.to_uppercase()))
        }
        "RichText" | "Html" | "HTML" => messages::write("String @field(type: RICH_TEXT)"),
        _ => match nearest_type(name, picklists, work) {
            Some(near) => messages::did_you_mean(near),
            None => messages::types_there_are(names::quoted_list(SCALARS)),
        },
    };
    let fault = place.fault(Code::CatalogType, messages::no_such_type(name));
    work.hinted(fault, hint);
    None
}
