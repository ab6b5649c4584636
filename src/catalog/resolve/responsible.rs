//! Expands `@responsible` to a line object with the employees who look after a record.
//!
//! They are ordinary lines, so reading, filtering, writing and history need no code of their own.

use async_graphql_parser::types::TypeKind;

use super::{
    super::{
        known_fields::StaffFields,
        messages, names,
        object::{EMPLOYEES, RECORDED},
        part::DefinitionPart,
        source::{Definition, SourcePlace},
    },
    Stages,
};
use crate::base::Code;

/// The generated sources that define the related employees of each object.
///
/// `SampleLoan @responsible` becomes `type SampleLoanEmployee …` and
/// `extend type SampleLoan { relatedEmployees … }`.
pub(super) fn sources(definitions: &[Definition<'_>]) -> Vec<DefinitionPart> {
    let object = |definition: &&Definition<'_>| {
        matches!(definition.node.kind, TypeKind::Object(_))
            && definition.node.directives.iter().any(|d| d.node.name.node == "responsible")
    };
    let mut sources: Vec<DefinitionPart> = Vec::new();
    if !definitions.iter().any(|definition| definition.node.name.node == "Employee") {
        return sources;
    }
    for definition in definitions.iter().filter(object) {
        let name = definition.node.name.node.as_str();
        let path = format!("@responsible of {name}");
        if sources.iter().any(|source| source.name == path) {
            continue;
        }
        let origin = definition.source.origin;
        sources.push(DefinitionPart::objects(path, text(name), origin));
    }
    sources
}

fn text(object: &str) -> String {
    let parent = names::camel(object);
    // The indexes contain all columns that rights read, so that the table itself is not read. The first
    // serves one record, the second an employee's own records in creation order.
    format!(
        r#""相关员工: who looks after the record; the responsible ones and those with a share in it."
type {object}Employee @object(kind: LINE, label: "相关员工", labelEn: "Related employee") @index(fields: ["employee", "{parent}", "until", "isResponsible"]) @index(fields: ["employee", "{RECORDED}", "{parent}", "until", "isResponsible"]) {{
  employee: Employee! @field(label: "员工", labelEn: "Employee")
  isResponsible: Boolean! @field(label: "负责", labelEn: "Responsible", default: "false")
  isPrimary: Boolean! @field(label: "主要", labelEn: "Primary", default: "false")
  source: RelatedSource! @field(label: "来源", labelEn: "Source", default: "MANUAL")
  rule: String @field(label: "规则", labelEn: "Rule", max: 60)
  since: DateTime @field(label: "自", labelEn: "Since", default: "now()")
  until: DateTime @field(label: "至", labelEn: "Until")
  "When the record itself was made."
  {RECORDED}: DateTime! @field(label: "记录创建时间", labelEn: "Record made at")
}}
extend type {object} {{
  {EMPLOYEES}: [{object}Employee!]! @field(label: "相关员工", labelEn: "Related employees") @lines
}}
"#
    )
}

/// Finds the owner and the fields of the lines. Makes `source`, `since` and the creation time of the record
/// fields that only the server sets.
pub(super) fn resolve(work: &mut Stages<'_>) {
    let employee = work.catalog.named("Employee").map(|object| object.ix);
    for ix in 0..work.catalog.objects.len() {
        let said = work.object_directives[ix]
            .iter()
            .find_map(|(place, directives)| Some((*place, directives.get("responsible")?.clone())));
        let Some((place, said)) = said else { continue };
        let name = said.text("owner").unwrap_or("owner");
        let object = &work.catalog.objects[ix];
        let owner = object.named(name).filter(|(_, field)| {
            field.relation().is_some_and(|relation| Some(relation.target) == employee)
        });
        let owner = owner.map(|(ix, _)| ix);
        let line = object.named(EMPLOYEES).and_then(|(_, field)| field.target());
        if owner.is_none() && name != "owner" {
            let message = messages::no_employee_relation(&object.name, name);
            let place = SourcePlace { pos: said.pos, ..place };
            work.fault(place.fault(Code::CatalogDirective, message));
        }
        work.catalog.objects[ix].owner = owner;
        let Some(line) = line else { continue };
        let line = &mut work.catalog.objects[line.0];
        let named = |name: &str| line.named(name).map(|(ix, _)| ix);
        line.staff = StaffFields {
            employee: named("employee"),
            responsible: named("isResponsible"),
            primary: named("isPrimary"),
            source: named("source"),
            rule: named("rule"),
            since: named("since"),
            until: named("until"),
        };
        for field in &mut line.fields {
            match field.name.as_str() {
                "source" | "rule" | "since" => (field.system, field.required) = (true, false),
                RECORDED => field.system = true,
                _ => {}
            }
        }
    }
}
