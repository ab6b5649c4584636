//! Resolves definition texts to a catalog, in stages. Each stage needs only the results of those before it.
//!
//! Every stage reports all the faults it finds and omits faulty members, so that one resolve names everything
//! that is wrong with a text.

mod access_keys;
mod appearance;
mod approval_state;
mod collect;
mod collisions;
mod columns;
mod computed_fields;
mod conditions;
mod dependents;
mod expressions;
mod fields;
mod formulas;
mod inactive_values;
mod items;
mod keys;
mod limits;
mod links;
mod numbers;
mod objects;
mod picklists;
mod read_formulas;
mod renamed;
mod responsible;
mod restated;
mod retyped;
mod rich_text;
mod system_rollups;
mod unions;

pub use expressions::RecordScope;
pub(in crate::catalog) use expressions::field_type;
pub(in crate::catalog) use objects::{empty, push, system};
pub(in crate::catalog) use read_formulas::unwritten;

use std::collections::{HashMap, HashSet};

use super::{
    behaviour,
    diagnostic::Diagnostic,
    directive::Directives,
    ids::{FieldIx, ObjectIx, PicklistIx},
    messages, names,
    part::{DefinitionPart, PartKind},
    snapshot::Catalog,
    source::{self, SourcePlace},
};
use crate::base::{Code, Message};

/// The state that the stages share, beside the catalog being built.
pub(in crate::catalog) struct Stages<'a> {
    pub(in crate::catalog) catalog: Catalog,
    pub(in crate::catalog) faults: Vec<Diagnostic>,
    /// The place of each picklist's definition, by its index.
    picklist_places: Vec<SourcePlace<'a>>,
    /// Picklist values that nobody chooses any more, and where that is said.
    inactive: Vec<(PicklistIx, String, SourcePlace<'a>)>,
    /// The place of each union's definition, by its index.
    union_places: Vec<SourcePlace<'a>>,
    /// The place of each object's definition, by its index.
    object_places: Vec<SourcePlace<'a>>,
    /// Directives on each object's definition and extensions.
    object_directives: Vec<Vec<(SourcePlace<'a>, Directives)>>,
    /// The place of each declared field, and its directives.
    fields: HashMap<(ObjectIx, FieldIx), (SourcePlace<'a>, Directives)>,
    /// Fields that are omitted because they are faulty. References to them are not reported.
    pub(in crate::catalog) refused: HashSet<(ObjectIx, String)>,
    /// Types and enums that are omitted because they are faulty.
    pub(in crate::catalog) refused_types: HashSet<String>,
    /// The fields that put data items into types.
    uses: items::Uses<'a>,
    /// Line objects that some field refers to, rightly or not.
    asked_lines: HashSet<ObjectIx>,
}

impl Stages<'_> {
    fn fault(&mut self, fault: Diagnostic) {
        self.faults.push(fault);
    }

    /// Reports a name that is no field of the object, unless the field was omitted because it is faulty.
    fn unknown_field(&mut self, object: ObjectIx, name: &str, place: SourcePlace<'_>) {
        if self.refused.contains(&(object, name.to_owned())) {
            return;
        }
        let known = self.catalog.object(object);
        let fault = place.fault(Code::CatalogDirective, messages::unknown_field(&known.name, name));
        let names = known.known_fields().map(|(_, field)| field.name.as_str());
        let hint = match names::nearest(name, names) {
            Some(near) => Some(messages::did_you_mean(near)),
            None if name.contains('.') => Some(messages::own_fields()),
            None => None,
        };
        self.faults.push(Diagnostic { hint, ..fault });
    }

    fn hinted(&mut self, mut fault: Diagnostic, hint: Message) {
        fault.hint = Some(hint);
        self.faults.push(fault);
    }
}

/// Resolves definition texts to the catalog of one version. Returns all diagnostics, in text
/// order, if there are any.
pub fn resolve(parts: &[DefinitionPart], version: i64) -> Result<Catalog, Vec<Diagnostic>> {
    let mut faults = Vec::new();
    let sources = parts.iter().filter(|part| part.kind == PartKind::Objects);
    let mut definitions = source::read(sources, &mut faults);
    let mut meant = responsible::sources(&definitions);
    meant.extend(approval_state::sources(&definitions));
    meant.extend(rich_text::sources(&definitions, &mut faults));
    definitions.extend(source::read(meant.iter(), &mut faults));
    // A text that cannot be read would only cause more faults about the types that it defines.
    if faults.iter().any(|fault| fault.code == Code::CatalogSyntax) {
        return Err(faults);
    }
    let mut collected = collect::collect(definitions, &mut faults);
    let uses = items::expand(&mut collected, &mut faults);
    let mut work = Stages {
        catalog: Catalog { version, ..Catalog::default() },
        faults,
        picklist_places: Vec::new(),
        inactive: Vec::new(),
        union_places: Vec::new(),
        object_places: Vec::new(),
        object_directives: Vec::new(),
        fields: HashMap::new(),
        refused: HashSet::new(),
        refused_types: collected.refused.clone(),
        asked_lines: HashSet::new(),
        uses,
    };
    picklists::resolve(&collected, &mut work);
    objects::resolve(&collected, &mut work);
    unions::resolve(&collected, &mut work);
    fields::resolve(&collected, &mut work);
    dependents::resolve(&mut work);
    links::resolve(&mut work);
    keys::resolve(&mut work);
    numbers::resolve(&mut work);
    expressions::resolve(&mut work);
    inactive_values::check(&mut work);
    formulas::resolve(&mut work);
    system_rollups::resolve(&mut work);
    responsible::resolve(&mut work);
    approval_state::resolve(&mut work);
    restated::resolve(&collected, &mut work);
    collisions::check(&mut work);
    behaviour::resolve(&behaviour::parts(parts), &mut work);
    if work.faults.is_empty() {
        items::apart(&mut work);
        work.catalog.hidden = restated::hidden(&work.catalog);
        access_keys::derive(&mut work.catalog);
        return Ok(work.catalog);
    }
    let order: HashMap<&str, usize> =
        parts.iter().enumerate().map(|(ix, part)| (part.name.as_str(), ix)).collect();
    work.faults.sort_by_key(|fault| {
        (order.get(fault.path.as_str()).copied(), fault.line, fault.column, fault.message.clone())
    });
    work.faults.dedup();
    items::say_once(&collected, &mut work.faults);
    // Faults of sources that the resolver generated count only if there are no others.
    if work.faults.iter().any(|fault| order.contains_key(fault.path.as_str())) {
        work.faults.retain(|fault| order.contains_key(fault.path.as_str()));
    }
    Err(work.faults)
}
