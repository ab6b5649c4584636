//! Removing a record with its lines; what it held stays in history.

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order, Query};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{
    events,
    save::Saved,
    session::Session,
    store::{self, Values},
};
use crate::{
    base::{Code, Error, Result, Value},
    catalog::{FieldType, Junction, Object},
    sql::{decode, encode_as},
    storage::{Tx, Violation, fault, violation},
};

/// `DELETE FROM customer WHERE id = $1`; lines go with it, references from elsewhere refuse it.
pub(super) async fn delete(
    session: &Session,
    tx: &Tx,
    object: &Object,
    id: Uuid,
    (old, version): (Values, i64),
) -> Result<Saved> {
    let mut changes = events::differences(object, Some(&old), None);
    owned(session, tx, object, id, &mut changes).await?;
    let delete = Query::delete()
        .from_table(Alias::new(&object.table))
        .and_where(Expr::col(Alias::new("id")).eq(encode_as(tx.dialect(), &Value::Id(id))?))
        .to_owned();
    tx.delete(&delete).await.map_err(|error| match violation(&error) {
        Some(Violation::Reference) => Error::new(
            Code::RecordInUse,
            "other records still refer to this one",
            "仍有其他记录引用此记录",
        )
        .at(["id"])
        .hint("remove or change them first", "请先删除或修改这些记录"),
        _ => fault(error),
    })?;
    events::record(session, tx, object, id, "DELETE", version + 1, changes).await?;
    Ok(Saved::Done(id))
}

/// Puts the lines and members that go with a record into its last history entry.
async fn owned(
    session: &Session,
    tx: &Tx,
    object: &Object,
    id: Uuid,
    changes: &mut Map<String, Json>,
) -> Result<()> {
    for field in &object.fields {
        let held: Vec<Json> = match &field.ty {
            FieldType::Lines(lines) => {
                let line = session.catalog.object(lines.target);
                let rows = store::load(tx, line, lines.via, id).await?;
                let row = |row| Json::Object(events::values(line, row));
                rows.iter().map(row).collect()
            }
            FieldType::ManyToMany(junction) => {
                let select = Query::select()
                    .column(Alias::new(Junction::MEMBER))
                    .from(Alias::new(&junction.table))
                    .and_where(
                        Expr::col(Alias::new(Junction::OWNER))
                            .eq(encode_as(tx.dialect(), &Value::Id(id))?),
                    )
                    .order_by(Alias::new(Junction::MEMBER), Order::Asc)
                    .to_owned();
                let rows = tx.select(&select).await?;
                let member = |row| decode(tx.dialect(), &FieldType::Id, row, 0);
                let ids = rows.iter().map(member).collect::<Result<Vec<_>>>()?;
                ids.iter().map(events::json_of).collect()
            }
            _ => continue,
        };
        if !held.is_empty() {
            changes.insert(field.name.clone(), json!([held, null]));
        }
    }
    Ok(())
}
