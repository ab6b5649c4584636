//! Gives objects that have approvals a field with the state of a record's approval, which only the server sets.

use async_graphql_parser::types::TypeKind;
use async_graphql_value::ConstValue;

use super::{
    super::{
        behaviour::{APPROVAL_STATE, APPROVAL_STATES},
        part::DefinitionPart,
        source::Definition,
    },
    Stages,
};

/// The generated sources that define the field: `extend type SalesOrder { approvalState: ApprovalState … }`. None where
/// the picklist is not defined, or the object has a field of this name.
pub(super) fn sources(definitions: &[Definition<'_>]) -> Vec<DefinitionPart> {
    if !definitions.iter().any(|definition| definition.node.name.node == APPROVAL_STATES) {
        return Vec::new();
    }
    let has_field = |name: &str| {
        let of_type = definitions.iter().filter(|other| other.node.name.node == name);
        of_type
            .flat_map(|other| match &other.node.kind {
                TypeKind::Object(object) => object.fields.as_slice(),
                _ => &[],
            })
            .any(|field| field.node.name.node == APPROVAL_STATE)
    };
    let mut sources: Vec<DefinitionPart> = Vec::new();
    for definition in definitions.iter().filter(|definition| is_approved(definition)) {
        let name = definition.node.name.node.as_str();
        let path = format!("approval of {name}");
        if has_field(name) || sources.iter().any(|source| source.name == path) {
            continue;
        }
        let text = format!(
            "extend type {name} {{\n  \"审批进行到哪一步，由系统维护: How far its approval is; the server keeps it\"\n  {APPROVAL_STATE}: {APPROVAL_STATES} @field(label: \"审批状态\", labelEn: \"Approval\")\n}}\n"
        );
        sources.push(DefinitionPart::objects(path, text, definition.source.origin));
    }
    sources
}

/// Whether a definition says `@object(approval: true)`.
fn is_approved(definition: &Definition<'_>) -> bool {
    let directives = definition.node.directives.iter().map(|directive| &directive.node);
    let mut said = directives.filter(|directive| directive.name.node == "object");
    matches!(definition.node.kind, TypeKind::Object(_))
        && said.any(|directive| {
            let value = directive.get_argument("approval").map(|value| &value.node);
            value == Some(&ConstValue::Boolean(true))
        })
}

/// Makes it a field that only the server sets.
pub(super) fn resolve(work: &mut Stages<'_>) {
    let states = work.catalog.picklists.iter().position(|list| list.name == APPROVAL_STATES);
    for object in work.catalog.objects.iter_mut().filter(|object| object.approval) {
        let Some(ix) = object.by_name.get(APPROVAL_STATE).copied() else { continue };
        let field = &mut object.fields[ix.0];
        // A field that only has the name is somebody's own.
        if field.ty.picklist().map(|list| list.0) == states && states.is_some() {
            field.system = true;
        }
    }
}
