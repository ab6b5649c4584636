//! What definitions no longer have while its tables and columns are kept: its name is taken, and it can be restored.
//!
//! Owns what is retired and its comparison with what takes its name again; must not know the database.

use std::{collections::HashMap, sync::Arc};

use super::{
    change::{CatalogChange, ChangeKind, Risk},
    field::Field,
    field_type::FieldType,
    ids::FieldIx,
    messages,
    object::Object,
    snapshot::Catalog,
};

/// An object, or a field of one, that was retired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetiredName {
    /// The object.
    pub object: String,
    /// The field; `None` for the object as a whole.
    pub field: Option<String>,
    /// Its table, or `table.column`.
    pub place: String,
    /// The last version that has it.
    pub stood_in: i64,
}

impl RetiredName {
    /// What a change retires, as the catalog before has it. None for other changes.
    pub fn of(change: &CatalogChange, old: &Catalog, retired: &Retired) -> Option<Self> {
        let (of, object) = retired.earlier(old, &change.object)?;
        let place = match (change.kind, &change.field) {
            (ChangeKind::RetireObject, _) => object.table.clone(),
            (ChangeKind::RetireField, Some(field)) => place(object, object.named(field)?.1),
            _ => return None,
        };
        let (object, field) = (change.object.clone(), change.field.clone());
        Some(Self { object, field, place, stood_in: of.version })
    }
}

/// Where the values of a field are: `x_loan.due_date`, or the table of a many-to-many relation.
fn place(object: &Object, field: &Field) -> String {
    match (&field.ty, &field.column) {
        (FieldType::ManyToMany(junction), _) => junction.table.clone(),
        (_, Some(column)) => format!("{}.{column}", object.table),
        // Lines are where the line object is.
        (_, None) => String::new(),
    }
}

/// All that is retired, with the catalogs that have it.
#[derive(Debug, Clone, Default)]
pub struct Retired {
    /// The names.
    pub names: Vec<RetiredName>,
    /// The catalogs of earlier versions, for the names that a new version has again.
    pub catalogs: HashMap<i64, Arc<Catalog>>,
}

impl Retired {
    fn name(&self, object: &str, field: Option<&str>) -> Option<&RetiredName> {
        self.names.iter().find(|name| name.object == object && name.field.as_deref() == field)
    }

    fn catalog(&self, name: &RetiredName) -> Option<&Catalog> {
        self.catalogs.get(&name.stood_in).map(|catalog| &**catalog)
    }

    /// A retired object, with the catalog that has it.
    pub fn object(&self, name: &str) -> Option<(&Catalog, &Object)> {
        let catalog = self.catalog(self.name(name, None)?)?;
        Some((catalog, catalog.named(name)?))
    }

    /// A retired field, with its object and the catalog that has it.
    pub(super) fn field(&self, object: &str, field: &str) -> Option<(&Catalog, &Object, &Field)> {
        let catalog = self.catalog(self.name(object, Some(field))?)?;
        let object = catalog.named(object)?;
        Some((catalog, object, object.named(field)?.1))
    }

    /// Whether a field has a name that was retired.
    pub fn has_field(&self, object: &Object, field: FieldIx) -> bool {
        self.name(&object.name, Some(&object.field(field).name)).is_some()
    }

    /// The last version that has a retired object or field; none unless it is retired.
    pub fn stood_in(&self, object: &str, field: Option<&str>) -> Option<i64> {
        self.name(object, field).map(|name| name.stood_in)
    }

    /// Whether a field of this name was retired.
    pub(super) fn has_name(&self, object: &str, field: &str) -> bool {
        self.name(object, Some(field)).is_some()
    }

    /// An object as it was before: live, or retired.
    pub fn earlier<'c>(
        &'c self,
        live: &'c Catalog,
        name: &str,
    ) -> Option<(&'c Catalog, &'c Object)> {
        live.named(name).map(|object| (live, object)).or_else(|| self.object(name))
    }

    /// The versions whose catalogs it takes to compare a new catalog.
    pub fn needed(&self, new: &Catalog) -> Vec<i64> {
        let again = |name: &&RetiredName| {
            let object = new.named(&name.object);
            object.is_some_and(|object| {
                name.field.as_deref().is_none_or(|field| object.named(field).is_some())
            })
        };
        let mut versions: Vec<_> =
            self.names.iter().filter(again).map(|name| name.stood_in).collect();
        versions.sort_unstable();
        versions.dedup();
        versions
    }

    /// The refusal of a new object or field that would be stored where something retired is. The same name is no
    /// obstacle: there the types are compared.
    pub(super) fn taken(&self, object: &Object, field: Option<&Field>) -> Option<CatalogChange> {
        let at = field.map_or_else(|| object.table.clone(), |field| place(object, field));
        let name = field.map(|field| field.name.as_str());
        let same =
            |known: &RetiredName| known.object == object.name && known.field.as_deref() == name;
        let other =
            self.names.iter().find(|known| known.place == at && !at.is_empty() && !same(known))?;
        let of = other.field.as_ref().map(|field| format!(".{field}")).unwrap_or_default();
        let kind = match field {
            Some(_) => ChangeKind::AddField,
            None => ChangeKind::AddObject,
        };
        Some(CatalogChange {
            kind,
            object: object.name.clone(),
            field: name.map(str::to_owned),
            risk: Risk::Destructive,
            reason: Some(messages::kept_there(format!("{}{of}", other.object))),
        })
    }
}

/// Turns removals into retirements, which keep what is stored. What every record must have cannot go.
pub fn retire(changes: &mut [CatalogChange], old: &Catalog, retired: &Retired) {
    for change in changes.iter_mut().filter(|change| change.risk == Risk::Destructive) {
        let kind = match change.kind {
            ChangeKind::RemoveObject => ChangeKind::RetireObject,
            ChangeKind::RemoveField => ChangeKind::RetireField,
            _ => continue,
        };
        let object = retired.earlier(old, &change.object).map(|(_, object)| object);
        let field = change.field.as_deref();
        let field = field.and_then(|name| Some(object?.named(name)?.1));
        if field.is_some_and(|field| field.system && field.required) {
            change.reason = Some(messages::every_record_has());
            continue;
        }
        (change.kind, change.risk) = (kind, Risk::Retires);
        change.reason = Some(messages::hidden_and_kept());
    }
}
