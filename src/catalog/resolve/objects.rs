//! Stage 3: makes objects of types, with their kind, names and system fields.

use std::collections::{BTreeMap, HashMap};

use async_graphql_parser::types::DirectiveLocation;

use super::{
    super::{
        appearance::{Appearance, PlaceFields, TimelineKind},
        directive::{self, Applied, Directives},
        field::{Field, Label},
        field_conditions::FieldConditions,
        field_type::FieldType,
        ids::{FieldIx, ObjectIx},
        known_fields::{StaffFields, SystemFields},
        messages, names,
        number::NumberFormat,
        object::{Object, ObjectKind},
        part::Origin,
        source::SourcePlace,
    },
    Stages,
    appearance::appearance,
    collect::Definitions,
    items, restated,
};
use crate::base::{Code, Message, text::tidy};

pub(super) fn resolve<'a>(collected: &Definitions<'a>, work: &mut Stages<'a>) {
    for ty in &collected.types {
        let definition = &ty.definition;
        let directives = directive::read(
            definition,
            &definition.node.directives,
            DirectiveLocation::Object,
            &mut work.faults,
        );
        let place = definition.at(definition.node.name.pos);
        let ix = ObjectIx(work.catalog.objects.len());
        let mut object = object(ix, place, &directives, definition, work);
        let mut said = vec![(definition.place(), directives)];
        for (extension, written) in &ty.extra {
            let read =
                directive::read(extension, written, DirectiveLocation::Object, &mut work.faults);
            if let Some(again) = read.get("object") {
                restated::object(&mut object, extension, again, written, work);
            }
            if read.get("responsible").is_some() {
                object.responsible = true;
            }
            said.push((extension.place(), read));
        }
        work.catalog.by_name.insert(object.name.clone(), ix);
        work.catalog.objects.push(object);
        work.object_places.push(place);
        work.object_directives.push(said);
    }
    // `createdBy` refers to an operator, whose type may be defined after the object.
    let operator = work.catalog.by_name.get("Operator").copied();
    for object in &mut work.catalog.objects {
        if !matches!(object.kind, ObjectKind::Line | ObjectKind::DataItem) {
            add_audit_fields(object, operator);
        }
    }
}

fn object<'a>(
    ix: ObjectIx,
    place: SourcePlace<'a>,
    directives: &Directives,
    definition: &super::super::source::Definition<'a>,
    work: &mut Stages<'a>,
) -> Object {
    let name = definition.node.name.node.to_string();
    let origin = definition.source.origin;
    let said = directives.get("object");
    if said.is_none() && !definition.node.directives.iter().any(|d| d.node.name.node == "object") {
        let fault = place.fault(Code::CatalogDirective, messages::no_object(&name));
        work.hinted(fault, messages::every_type_is_object());
    }
    let kind = match said.and_then(|applied| applied.text("kind")) {
        Some("DOCUMENT") => ObjectKind::Document,
        Some("SETUP") => ObjectKind::Setup,
        Some("LINE") => ObjectKind::Line,
        Some(items::DATA_ITEM) => ObjectKind::DataItem,
        _ => ObjectKind::Master,
    };
    let plural = said.and_then(|applied| plural(applied, kind, &name, place, work));
    let table = match origin {
        Origin::Standard => names::snake(&name),
        Origin::Custom => format!("x_{}", names::snake(&name)),
    };
    let text = |arg| said.and_then(|applied: &Applied| applied.text(arg)).map(tidy);
    let mut object = Object {
        plural,
        plural_label: text("pluralLabelEn"),
        label: Label { zh: text("label"), en: text("labelEn") },
        description: definition.node.description.as_ref().map(|text| text.node.clone()),
        groups: work.uses.get(&name).into_iter().flatten().map(|used| used.group.clone()).collect(),
        table,
        responsible: directives.get("responsible").is_some(),
        area: definition.source.area().map(str::to_owned),
        systems: said.map(|applied| applied.list("systems")).unwrap_or_default(),
        business_line: said.and_then(|applied| applied.text("businessLine")).map(str::to_owned),
        workflow: said.is_some_and(|applied| applied.flag("workflow")),
        approval: said.is_some_and(|applied| applied.flag("approval")),
        upstream: said.is_some_and(|applied| applied.flag("upstream")),
        appearance: said.map(|applied| appearance(applied, place, work)).unwrap_or_default(),
        timeline: said
            .and_then(|applied| applied.text("timeline"))
            .and_then(|kind| kind.parse().ok())
            .or((kind == ObjectKind::Document).then_some(TimelineKind::Document)),
        ..empty(ix, name, kind, origin)
    };
    if kind == ObjectKind::DataItem {
        return object;
    }
    push(&mut object, system("id", "id", FieldType::Id));
    if kind == ObjectKind::Line {
        let line_no = push(&mut object, system("lineNo", "line_no", FieldType::Integer));
        object.system.line_no = Some(line_no);
    } else {
        let version = push(&mut object, system("version", "version", FieldType::Integer));
        object.system.version = Some(version);
    }
    if let Some(applied) = said
        && let Some(format) = applied.text("number")
    {
        number(&mut object, format, SourcePlace { pos: applied.at("number"), ..place }, work);
    }
    if kind == ObjectKind::Line {
        let options = said.map(|said| ["workflow", "approval", "upstream"].map(|o| (said, o)));
        for (said, option) in options.into_iter().flatten().filter(|(said, o)| said.flag(o)) {
            let place = SourcePlace { pos: said.at(option), ..place };
            work.fault(place.fault(Code::CatalogDirective, messages::lines_have_no(option)));
        }
        for name in ["responsible", "dimension"] {
            if let Some(applied) = directives.get(name) {
                let place = SourcePlace { pos: applied.pos, ..place };
                let fault = place
                    .fault(Code::CatalogDirective, messages::lines_have_no(format!("@{name}")));
                work.hinted(fault, messages::documents_counts());
            }
        }
    }
    object
}

/// An object without fields and without a table.
pub(in crate::catalog) fn empty(
    ix: ObjectIx,
    name: String,
    kind: ObjectKind,
    origin: Origin,
) -> Object {
    Object {
        ix,
        name,
        plural: None,
        plural_label: None,
        label: Label::default(),
        description: None,
        kind,
        origin,
        table: String::new(),
        fields: Vec::new(),
        groups: Vec::new(),
        by_name: HashMap::default(),
        old_names: BTreeMap::new(),
        system: SystemFields::default(),
        staff: StaffFields::default(),
        uniques: Vec::new(),
        indexes: Vec::new(),
        checks: Vec::new(),
        formulas: Vec::new(),
        parent: None,
        display: None,
        places: PlaceFields::default(),
        responsible: false,
        owner: None,
        dimensions: Vec::new(),
        dependents: Vec::new(),
        access_keys: Vec::new(),
        carriers: Vec::new(),
        counts_for: Vec::new(),
        area: None,
        systems: Vec::new(),
        business_line: None,
        workflow: false,
        approval: false,
        upstream: false,
        appearance: Appearance::default(),
        timeline: None,
        flow: None,
        rules: Vec::new(),
        relate_reads: Vec::new(),
        fills: Vec::new(),
        approvals: Vec::new(),
        actions: Vec::new(),
    }
}

fn plural(
    applied: &Applied,
    kind: ObjectKind,
    name: &str,
    place: SourcePlace<'_>,
    work: &mut Stages<'_>,
) -> Option<String> {
    let plural = applied.text("plural").map(str::to_owned);
    let given = SourcePlace { pos: applied.at("plural"), ..place };
    match (&plural, kind) {
        (Some(_), ObjectKind::Line) => {
            work.fault(given.fault(Code::CatalogDirective, messages::no_plural_of_lines()));
            return None;
        }
        // The stage of items has reported a plural.
        (_, ObjectKind::DataItem) | (None, ObjectKind::Line) => return None,
        (None, _) if applied.faulty => {}
        (None, _) => {
            let fault = place.fault(Code::CatalogDirective, messages::needs_plural(name));
            work.hinted(fault, messages::for_example_plural(format!("{}s", names::camel(name))));
        }
        (Some(plural), _) => {
            if let Some(fault) = names::field_fault(messages::the_plural(), plural) {
                let fault = given.fault(Code::CatalogName, fault);
                work.hinted(
                    fault,
                    names::advice(plural, &names::camel(plural), Message::same("`label`")),
                );
            }
        }
    }
    plural
}

fn number(object: &mut Object, format: &str, place: SourcePlace<'_>, work: &mut Stages<'_>) {
    if object.kind == ObjectKind::Line {
        return work.fault(place.fault(Code::CatalogNumber, messages::lines_have_no("number")));
    }
    match NumberFormat::parse(format) {
        Ok(format) => {
            let mut field = system("number", "number", FieldType::AutoNumber(format));
            field.label = Label { zh: Some("编号".to_owned()), en: Some("Number".to_owned()) };
            // What people know a document by.
            field.search = true;
            push(object, field);
        }
        Err(fault) => work.fault(place.fault(Code::CatalogNumber, fault)),
    }
}

/// A system field. These are the same on every object.
pub(in crate::catalog) fn system(name: &str, column: &str, ty: FieldType) -> Field {
    Field {
        name: name.to_owned(),
        stored: name.to_owned(),
        renamed: Vec::new(),
        retyped: Vec::new(),
        label: Label::default(),
        description: None,
        ty,
        required: true,
        default: None,
        refills: false,
        checks: Vec::new(),
        conditions: FieldConditions::default(),
        formula: None,
        formula_text: None,
        on_read: false,
        counted: None,
        counted_text: None,
        origin: Origin::Standard,
        system: true,
        of_union: None,
        search: false,
        hidden: false,
        column: Some(column.to_owned()),
    }
}

/// Adds a field and returns its index.
pub(in crate::catalog) fn push(object: &mut Object, field: Field) -> FieldIx {
    let ix = FieldIx(object.fields.len());
    object.by_name.insert(field.name.clone(), ix);
    object.fields.push(field);
    ix
}

fn add_audit_fields(object: &mut Object, operator: Option<ObjectIx>) {
    let (at, by) = time_and_author(object, "created", operator);
    (object.system.created_at, object.system.created_by) = (Some(at), by);
    let (at, by) = time_and_author(object, "updated", operator);
    (object.system.updated_at, object.system.updated_by) = (Some(at), by);
}

/// Adds `createdAt` and `createdBy`, or the same of the last change.
fn time_and_author(
    object: &mut Object,
    when: &str,
    operator: Option<ObjectIx>,
) -> (FieldIx, Option<FieldIx>) {
    let at = system(&format!("{when}At"), &format!("{when}_at"), FieldType::DateTime);
    let at = push(object, at);
    let by = operator.map(|target| {
        let relation = super::super::field::Relation {
            target,
            inverse: None,
            parent: false,
            tree: false,
            on_delete: super::super::field::OnDelete::Clear,
        };
        let relation = FieldType::Relation(relation);
        let mut field = system(&format!("{when}By"), &format!("{when}_by_id"), relation);
        field.required = false;
        push(object, field)
    });
    (at, by)
}
