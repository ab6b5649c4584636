//! Members of many-to-many fields, as rows of their tables. References are checked before.

use sea_orm::sea_query::{Alias, Expr, ExprTrait, OnConflict, Order, Query};
use uuid::Uuid;

use super::{change::MemberChange, store};
use crate::{
    base::{Error, Result, Value},
    catalog::{FieldType, Junction},
    sql::{decode, encode_as},
    storage::{Tx, fault},
};

/// Returns the members of records: pairs of record id and member id, ordered by member.
///
/// `SELECT owner_id, member_id FROM opportunity__categories WHERE owner_id = $1 ORDER BY member_id`
pub(super) async fn load(
    tx: &Tx,
    junction: &Junction,
    owners: &[Uuid],
) -> Result<Vec<(Uuid, Uuid)>> {
    let mut members = Vec::new();
    for owners in owners.chunks(store::NAMED) {
        let select = Query::select()
            .columns([Junction::OWNER, Junction::MEMBER].map(Alias::new))
            .from(Alias::new(&junction.table))
            .and_where(store::among(tx.dialect(), Junction::OWNER, owners)?)
            .order_by(Alias::new(Junction::MEMBER), Order::Asc)
            .to_owned();
        for row in tx.select(&select).await? {
            let id = |at| decode(tx.dialect(), &FieldType::Id, &row, at);
            members.extend(id(0)?.as_id().zip(id(1)?.as_id()));
        }
    }
    Ok(members)
}

/// Inserts and deletes members of a record. The change must be reduced by [`MemberChange::of`].
pub(super) async fn write(
    tx: &Tx,
    junction: &Junction,
    owner: Uuid,
    change: &MemberChange,
) -> Result<()> {
    let id = |id: Uuid| encode_as(tx.dialect(), &Value::Id(id)).map(Expr::val);
    let removed = change.remove.iter().map(|member| id(*member)).collect::<Result<Vec<_>>>()?;
    if !removed.is_empty() {
        let delete = Query::delete()
            .from_table(Alias::new(&junction.table))
            .and_where(Expr::col(Alias::new(Junction::OWNER)).eq(id(owner)?))
            .and_where(Expr::col(Alias::new(Junction::MEMBER)).is_in(removed))
            .to_owned();
        tx.delete(&delete).await.map_err(fault)?;
    }
    if change.add.is_empty() {
        return Ok(());
    }
    let mut insert = Query::insert();
    insert
        .into_table(Alias::new(&junction.table))
        .columns([Junction::OWNER, Junction::MEMBER].map(Alias::new))
        .on_conflict(
            OnConflict::columns([Junction::OWNER, Junction::MEMBER].map(Alias::new))
                .do_nothing()
                .to_owned(),
        );
    for member in &change.add {
        insert.values([id(owner)?, id(*member)?]).map_err(Error::internal)?;
    }
    tx.insert(&insert).await.map_err(fault)?;
    Ok(())
}
