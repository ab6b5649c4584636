//! `history` of records: its types and its selection.

use async_graphql::{
    Value as Given,
    dynamic::{Field as Described, Object as Type, TypeRef},
    parser::types::Field as Asked,
};

use super::{
    describe::{arg, field as described},
    names::HISTORY,
    select::unknown,
};
use crate::{
    base::Result,
    catalog::Object,
    graphql::{optional, reader::SelectionReader},
    query::{ChangePart, EntryPart, HistoryListing, HistoryPart, Part},
    records::no_such_field,
};

const CONNECTION: &str = "HistoryConnection";
const ENTRY: &str = "HistoryEntry";
/// The type of a field that changed.
pub(super) const CHANGE: &str = "FieldChange";

/// Builds the field.
pub(super) fn field() -> Described {
    described(HISTORY, TypeRef::named_nn(CONNECTION))
        .description(
            "What was changed of the record, the latest first, as far as the caller sees it today.",
        )
        .argument(arg("field", TypeRef::named("String")))
        .argument(arg("first", TypeRef::named("Int")))
        .argument(arg("after", TypeRef::named("String")))
}

/// Builds its types.
pub(super) fn types() -> Vec<async_graphql::dynamic::Type> {
    let connection = Type::new(CONNECTION)
        .field(described("nodes", TypeRef::named_nn_list_nn(ENTRY)))
        .field(described("pageInfo", TypeRef::named_nn("PageInfo")));
    let entry = Type::new(ENTRY)
        .description("One save of a record.")
        .field(described("id", TypeRef::named_nn("ID")))
        .field(described("at", TypeRef::named_nn("DateTime")))
        .field(
            described("action", TypeRef::named_nn("String"))
                .description("`CREATE`, `UPDATE`, `DELETE` or another action that changed it."),
        )
        .field(described("version", TypeRef::named_nn("Int")))
        .field(described("operator", TypeRef::named("ID")))
        .field(described("operatorName", TypeRef::named("String")))
        .field(
            described("via", TypeRef::named("String"))
                .description("The root field of the move or action that saved it."),
        )
        .field(described("viaLabel", TypeRef::named("String")))
        .field(described("changes", TypeRef::named_nn_list_nn(CHANGE)));
    let change = Type::new(CHANGE)
        .description(
            "A field's value before and after: references as ids, and what they are called.",
        )
        .field(described("field", TypeRef::named_nn("String")))
        .field(described("old", TypeRef::named("JSON")))
        .field(described("new", TypeRef::named("JSON")))
        .field(described("oldText", TypeRef::named("String")))
        .field(described("newText", TypeRef::named("String")));
    vec![connection.into(), entry.into(), change.into()]
}

impl<'r> SelectionReader<'r> {
    /// Parses `history(field: "level", first: 20) { nodes { at changes { old new } } }`.
    pub(super) fn history(
        &self,
        object: &Object,
        field: &'r Asked,
        fields: &[&'r Asked],
    ) -> Result<HistoryListing> {
        let given = self.arguments(field);
        let page = self.args.page(&given, self.args.limits.page)?;
        let only = match given.get("field") {
            Some(Given::String(name)) => {
                let known = object.called(name).map(|(ix, _)| ix);
                Some(known.ok_or_else(|| no_such_field(object, name))?)
            }
            _ => None,
        };
        let mut listing = HistoryListing {
            field: only,
            size: page.size,
            after: page.cursor,
            lang: self.lang,
            parts: Vec::new(),
        };
        let sets: Vec<_> = fields.iter().map(|field| &field.selection_set.node).collect();
        for (key, fields) in self.collect(&sets, CONNECTION) {
            let Some(first) = fields.first() else { continue };
            let what = match first.name.node.as_str() {
                "__typename" => HistoryPart::Typename(optional::told(first, CONNECTION)),
                "nodes" => HistoryPart::Nodes(self.entries(&fields)?),
                "pageInfo" => HistoryPart::PageInfo(self.page_info(&fields)?),
                name => return Err(unknown(CONNECTION, name)),
            };
            listing.parts.push(Part { key, what });
        }
        Ok(listing)
    }

    fn entries(&self, fields: &[&'r Asked]) -> Result<Vec<Part<EntryPart>>> {
        let sets: Vec<_> = fields.iter().map(|field| &field.selection_set.node).collect();
        let mut parts = Vec::new();
        for (key, fields) in self.collect(&sets, ENTRY) {
            let Some(first) = fields.first() else { continue };
            let what = match first.name.node.as_str() {
                "__typename" => EntryPart::Typename(optional::told(first, ENTRY)),
                "id" => EntryPart::Id,
                "at" => EntryPart::At,
                "action" => EntryPart::Action,
                "version" => EntryPart::Version,
                "operator" => EntryPart::Operator,
                "operatorName" => EntryPart::OperatorName,
                "via" => EntryPart::Via,
                "viaLabel" => EntryPart::ViaLabel,
                "changes" => EntryPart::Changes(self.changes(&fields)?),
                name => return Err(unknown(ENTRY, name)),
            };
            parts.push(Part { key, what });
        }
        Ok(parts)
    }

    fn changes(&self, fields: &[&'r Asked]) -> Result<Vec<Part<ChangePart>>> {
        let sets: Vec<_> = fields.iter().map(|field| &field.selection_set.node).collect();
        let mut parts = Vec::new();
        for (key, fields) in self.collect(&sets, CHANGE) {
            let Some(first) = fields.first() else { continue };
            let what = match first.name.node.as_str() {
                "__typename" => ChangePart::Typename(optional::told(first, CHANGE)),
                "field" => ChangePart::Field,
                "old" => ChangePart::Old,
                "new" => ChangePart::New,
                "oldText" => ChangePart::OldText,
                "newText" => ChangePart::NewText,
                name => return Err(unknown(CHANGE, name)),
            };
            parts.push(Part { key, what });
        }
        Ok(parts)
    }
}
