//! Unions, and the plain relations that stand for fields of them.
//!
//! `subject: ActivitySubject` with `union ActivitySubject = Customer | Lead` brings the relations `subject.customer`
//! and `subject.lead`. No definition can write such a name, so nothing collides with it.

use async_graphql_parser::types::DirectiveLocation;

use super::{
    super::{
        directive::{self, Directives},
        field::{Field, Label, OnDelete, Relation},
        field_type::FieldType,
        ids::{FieldIx, ObjectIx, UnionIx},
        messages, names,
        object::ObjectKind,
        source::SourcePlace,
        union::{Union, UnionRelation},
    },
    Stages,
    collect::Definitions,
    columns::column,
    fields::{Asked, misplaced},
    links::labels_an_inverse,
    objects::{push, system},
};
use crate::base::{Code, text::tidy};

/// The largest number of objects in a union. A record of each is joined where the union is read.
const MOST_OBJECTS: usize = 12;

/// Stage 3b: makes unions, once objects have their places.
pub(super) fn resolve<'a>(collected: &Definitions<'a>, work: &mut Stages<'a>) {
    for union in &collected.unions {
        let definition = &union.definition;
        let place = definition.at(definition.node.name.pos);
        let directives = directive::read(
            definition,
            &definition.node.directives,
            DirectiveLocation::Union,
            &mut work.faults,
        );
        let mut targets: Vec<ObjectIx> = Vec::new();
        for (written, member) in &union.members {
            let place = written.at(member.pos);
            let known = work.catalog.by_name.get(member.node.as_str()).copied();
            match known.map(|ix| work.catalog.object(ix)) {
                Some(object) if object.kind == ObjectKind::Line => {
                    let message = messages::is_line_object_of_document(&object.name);
                    work.fault(place.fault(Code::CatalogRelation, message));
                }
                Some(object) => targets.push(object.ix),
                None if work.refused_types.contains(member.node.as_str()) => {}
                None => {
                    let message = messages::no_such_type(member.node.as_str());
                    let fault = place.fault(Code::CatalogType, message);
                    work.hinted(fault, messages::unites_objects());
                }
            }
        }
        if union.members.is_empty() {
            let fault = place.fault(Code::CatalogType, messages::empty_union());
            work.hinted(fault, messages::unites_objects());
        }
        if targets.len() > MOST_OBJECTS {
            work.fault(place.fault(Code::CatalogType, messages::large_union(MOST_OBJECTS)));
        }
        let text = |arg| directives.get("label").and_then(|said| said.text(arg)).map(tidy);
        work.union_places.push(place);
        work.catalog.unions.push(Union {
            name: definition.node.name.node.to_string(),
            label: Label { zh: text("zh"), en: text("en") },
            description: definition.node.description.as_ref().map(|text| text.node.clone()),
            targets,
            origin: definition.source.origin,
        });
    }
}

/// The union with a name.
pub(super) fn named(work: &Stages<'_>, name: &str) -> Option<UnionIx> {
    work.catalog.unions.iter().position(|union| union.name == name).map(UnionIx)
}

/// The type of a declared field of a union; `None` if the definition is faulty.
pub(super) fn field_type(
    asked: &Asked<'_>,
    union: UnionIx,
    many: bool,
    place: SourcePlace<'_>,
    work: &mut Stages<'_>,
) -> Option<FieldType> {
    if many {
        let message = messages::no_list_of(&work.catalog.union(union).name);
        work.fault(place.fault(Code::CatalogType, message));
        return None;
    }
    misplaced(asked, place, &["lines", "rollup", "number", "formula", "dependent"], work);
    if let Some(said) = asked.directives.get("relation") {
        let wrong = ["parent", "tree", "choose"].into_iter();
        let wrong: Vec<_> =
            wrong.filter(|arg| said.flag(arg) || said.text(arg).is_some()).collect();
        for argument in &wrong {
            let place = SourcePlace { pos: said.at(argument), ..place };
            let message = messages::does_not_fit_type(*argument, asked.name);
            work.fault(place.fault(Code::CatalogRelation, message));
        }
        if !wrong.is_empty() {
            return None;
        }
        labels_an_inverse(Some(said), place, work);
        if said.text("onDelete") == Some("CLEAR") && !asked.ty.nullable {
            let place = SourcePlace { pos: said.at("onDelete"), ..place };
            let message = messages::not_cleared(asked.name);
            work.fault(place.fault(Code::CatalogRelation, message));
        }
    }
    Some(FieldType::Union(UnionRelation { union, relations: Vec::new() }))
}

/// Adds the relations that stand for a union field.
pub(super) fn relations<'a>(
    object: ObjectIx,
    ix: FieldIx,
    place: SourcePlace<'a>,
    directives: &Directives,
    custom_on_standard: bool,
    work: &mut Stages<'a>,
) {
    let whole = work.catalog.object(object).field(ix).clone();
    let FieldType::Union(UnionRelation { union, .. }) = whole.ty else { return };
    let said = directives.get("relation");
    let clear = said.and_then(|said| said.text("onDelete")) == Some("CLEAR");
    let mut relations = Vec::new();
    for target in work.catalog.union(union).targets.clone() {
        let other = work.catalog.object(target);
        let relation = FieldType::Relation(Relation {
            target,
            inverse: said.and_then(|said| said.text("inverse")).map(str::to_owned),
            parent: false,
            tree: false,
            on_delete: if clear { OnDelete::Clear } else { OnDelete::Restrict },
        });
        // No field of a definition has such a name or is stored by one.
        let name = format!("{}.{}", whole.name, other.singular());
        let stored = format!("{}_{}", whole.stored, names::snake(&other.name));
        let label = Label {
            zh: Some(format!("{}（{}）", whole.title().zh, other.title().zh)),
            en: Some(format!("{} ({})", whole.title().en, other.noun().en)),
        };
        let field = Field {
            column: column(&stored, &relation, custom_on_standard, 0),
            name,
            stored,
            label,
            required: false,
            system: false,
            origin: whole.origin,
            of_union: Some(ix),
            ..system("", "", relation)
        };
        let relation = push(&mut work.catalog.objects[object.0], field);
        work.fields.insert((object, relation), (place, directives.only("relation")));
        relations.push(relation);
    }
    let ty = FieldType::Union(UnionRelation { union, relations });
    work.catalog.objects[object.0].fields[ix.0].ty = ty;
}
