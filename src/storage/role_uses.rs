//! What uses a role, within a transaction, so that a role is deleted only while nothing does and nobody gets one that is
//! deleted meanwhile.

use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use super::{
    Tx, fault, parts,
    platform::{api_key, dashboard, default_view, operator_role, saved_view},
};
use crate::{
    base::{Error, Result},
    catalog::PartKind,
};

/// Keeps others from giving or deleting these roles until the transaction ends. All take them in one order.
pub async fn keep(tx: &Tx, codes: &[String]) -> Result<()> {
    let mut codes: Vec<_> = codes.iter().collect();
    codes.sort_unstable();
    codes.dedup();
    for code in codes {
        tx.alone(&format!("role {code}")).await?;
    }
    Ok(())
}

/// Whether a role is stored.
pub async fn is_stored(tx: &Tx, code: &str) -> Result<bool> {
    let stored = parts::standing_in(tx, PartKind::Role).await?;
    Ok(stored.iter().any(|known| known.part.name == code))
}

/// Whether an account holds a role, a key has it, or a layout, a view or a dashboard is for it. `now` in microseconds since 1970.
pub async fn is_used(tx: &Tx, code: &str, now: i64) -> Result<bool> {
    let held = operator_role::Entity::find().filter(operator_role::Column::Role.eq(code));
    let opens = default_view::Entity::find().filter(default_view::Column::Role.eq(code));
    if held.count(tx).await.map_err(fault)? + opens.count(tx).await.map_err(fault)? > 0 {
        return Ok(true);
    }
    let keys = api_key::Entity::find()
        .filter(api_key::Column::RevokedAt.is_null())
        .filter(api_key::Column::ExpiresAt.gt(now));
    let keys = keys.all(tx).await.map_err(fault)?;
    let views = saved_view::Entity::find().filter(saved_view::Column::Share.eq("ROLES"));
    let views = views.all(tx).await.map_err(fault)?;
    let boards = dashboard::Entity::find().filter(dashboard::Column::Share.eq("ROLES"));
    let boards = boards.all(tx).await.map_err(fault)?;
    let shared = views.iter().map(|view| &view.roles).chain(boards.iter().map(|one| &one.roles));
    let lists = keys.iter().map(|key| &key.roles).chain(shared);
    for list in lists {
        let codes: Vec<String> = serde_json::from_str(list).map_err(Error::internal)?;
        if codes.iter().any(|known| known == code) {
            return Ok(true);
        }
    }
    let layouts = parts::standing_in(tx, PartKind::Layout).await?;
    let is_for = |name: &str| {
        let role = name.split_once('@').map(|(_, rest)| rest);
        role.is_some_and(|rest| rest.split('#').next() == Some(code))
    };
    Ok(layouts.iter().any(|known| is_for(&known.part.name)))
}
