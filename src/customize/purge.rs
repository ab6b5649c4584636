//! What is retired removed for good: its tables and columns, and what is kept of it beside records.

use std::collections::HashSet;

use super::{custom_text, faults};
use crate::{
    base::Result,
    catalog::{Catalog, Field, FieldType, Object, Retired, quoted_list},
    sql::purged,
    storage::{
        Database, Tx, catalogs, derived,
        forgotten::{self, ForgottenField},
        retired,
    },
};

/// What is to be purged: an object, or a field of one.
#[derive(Debug, Clone, Copy)]
pub struct Purged<'p> {
    /// The object.
    pub object: &'p str,
    /// The field; none for the object as a whole.
    pub field: Option<&'p str>,
}

impl Purged<'_> {
    /// What is typed to confirm it: `Visit`, or `Visit.minutes`.
    pub fn name(self) -> String {
        let field = self.field.map(|field| format!(".{field}")).unwrap_or_default();
        format!("{}{field}", self.object)
    }
}

/// Removes what is retired, in one transaction. Refused while something else that is kept refers to it.
pub async fn purge(database: &Database, gone: Purged<'_>) -> Result<()> {
    let kept = custom_text::all_retired(database).await?;
    let Some(version) = kept.stood_in(gone.object, gone.field) else {
        return Err(faults::not_retired(gone.name()));
    };
    let unknown = || faults::not_retired(gone.name());
    let catalog = kept.catalogs.get(&version).ok_or_else(unknown)?;
    let object = catalog.named(gone.object).ok_or_else(unknown)?;
    let tx = database.begin().await?;
    tx.unlimited().await?;
    catalogs::alone(&tx).await?;
    // Another process may have restored it meanwhile.
    if !retired::has(&tx, gone.object, gone.field).await? {
        return Err(unknown());
    }
    match gone.field {
        Some(name) => {
            let (_, field) = object.named(name).ok_or_else(unknown)?;
            of_field(&tx, catalog, object, field).await?;
            retired::forget(&tx, gone.object, gone.field).await?;
            // A union field goes with what is still retired of the relations that stand for it.
            let relations = object.named(name).map_or(&[][..], |(ix, _)| object.relations_of(ix));
            for relation in relations.iter().map(|ix| object.field(*ix)) {
                if retired::has(&tx, gone.object, Some(&relation.name)).await? {
                    of_field(&tx, catalog, object, relation).await?;
                    retired::forget(&tx, gone.object, Some(&relation.name)).await?;
                }
            }
        }
        None => of_object(&tx, &kept, catalog, object).await?,
    }
    tx.commit().await
}

async fn of_object(tx: &Tx, kept: &Retired, catalog: &Catalog, object: &Object) -> Result<()> {
    // Lines are nothing without their documents; they go first, because they refer to them.
    let lines = catalog.objects.iter().filter(|line| {
        let head = line.parent.and_then(|parent| line.field(parent).target());
        head == Some(object.ix) && kept.stood_in(&line.name, None).is_some()
    });
    let all: Vec<_> = lines.chain([object]).collect();
    let names: HashSet<_> = all.iter().map(|object| object.name.as_str()).collect();
    let referring = referring(kept, &names);
    if !referring.is_empty() {
        return Err(faults::referred_to(&object.name, quoted_list(&referring)));
    }
    for object in all {
        let there = derived::there(tx).await?;
        for statement in purged::object(tx.dialect(), object, &there) {
            super::define(tx, &statement).await?;
        }
        forgotten::object(tx, &object.name).await?;
        retired::forget_all(tx, &object.name).await?;
    }
    Ok(())
}

/// Retired fields whose columns or tables refer to records of some objects, outside of these.
fn referring(kept: &Retired, names: &HashSet<&str>) -> Vec<String> {
    let mut found = Vec::new();
    for known in kept.names.iter().filter(|known| !names.contains(known.object.as_str())) {
        let Some(catalog) = kept.catalogs.get(&known.stood_in) else { continue };
        let Some(object) = catalog.named(&known.object) else { continue };
        for field in &object.fields {
            let told = known.field.as_ref().is_none_or(|name| *name == field.name);
            let refers = matches!(field.ty, FieldType::Relation(_) | FieldType::ManyToMany(_));
            let target = field.target().map(|target| catalog.object(target).name.as_str());
            let name = format!("{}.{}", object.name, field.name);
            if told
                && refers
                && target.is_some_and(|name| names.contains(name))
                && !found.contains(&name)
            {
                found.push(name);
            }
        }
    }
    found
}

async fn of_field(tx: &Tx, catalog: &Catalog, object: &Object, field: &Field) -> Result<()> {
    let there = derived::there(tx).await?;
    for statement in purged::field(tx.dialect(), object, field, &there) {
        super::define(tx, &statement).await?;
    }
    // Records that refer to one of the object may carry its value.
    for other in &catalog.objects {
        for key in &other.access_keys {
            let via = other.field(key.via).target() == Some(object.ix);
            let of_it = via && object.field(key.key).stored == field.stored;
            let has = there.columns.contains(&(other.table.clone(), key.column.clone()));
            if of_it && has {
                super::define(tx, &purged::column(tx.dialect(), &other.table, &key.column)).await?;
            }
        }
    }
    let head = catalog.head(object);
    let lines = head.fields.iter().find(|known| {
        let of = |target| catalog.object(target).name == object.name;
        matches!(known.ty, FieldType::Lines(_)) && known.target().is_some_and(of)
    });
    let lines = lines.filter(|_| head.name != object.name).map(|lines| lines.stored.as_str());
    let gone = ForgottenField { object: &head.name, lines, field: &field.stored };
    forgotten::field(tx, gone).await
}
