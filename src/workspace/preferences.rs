//! Preferences: what a person has set for their pages. Pages give the keys their meaning; here they are bounded.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QueryTrait, sea_query::OnConflict,
};
use serde_json::{Map, Value as Json};

use super::{
    faults,
    store::{Workspace, operator},
};
use crate::{
    access::Access,
    base::{Error, Result},
    storage::{fault, platform::preference},
};

/// Most characters of a key, bytes of a value, preferences of a person.
const KEY: usize = 64;
const VALUE: usize = 4_000;
const MOST: u64 = 100;

fn is_key(key: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    key.starts_with(|c: char| c.is_ascii_alphabetic()) && key.len() <= KEY && key.chars().all(plain)
}

impl Workspace {
    /// What the caller has set, by key.
    pub async fn preferences(&self, access: &Access) -> Result<Map<String, Json>> {
        let select = preference::Entity::find()
            .filter(preference::Column::OperatorId.eq(operator(access)?.to_string()))
            .order_by_asc(preference::Column::Key)
            .into_query();
        let rows: Vec<preference::Model> = self.read(&select).await?;
        let read = |row: preference::Model| {
            Ok((row.key, serde_json::from_str(&row.value).map_err(Error::internal)?))
        };
        rows.into_iter().map(read).collect()
    }

    /// Sets a preference of the caller; null removes it.
    pub async fn set_preference(&self, access: &Access, key: &str, value: &Json) -> Result<()> {
        let me = operator(access)?.to_string();
        if !is_key(key) {
            return Err(faults::bad_preference(KEY).at(["key"]));
        }
        let text = value.to_string();
        if text.len() > VALUE {
            return Err(faults::large_preference(VALUE).at(["value"]));
        }
        let tx = self.database.begin().await?;
        let of_key = (me.clone(), key.to_owned());
        if value.is_null() {
            preference::Entity::delete_by_id(of_key).exec(&tx).await.map_err(fault)?;
            return tx.commit().await;
        }
        let others = preference::Entity::find()
            .filter(preference::Column::OperatorId.eq(me.as_str()))
            .filter(preference::Column::Key.ne(key))
            .count(&tx);
        if others.await.map_err(fault)? >= MOST {
            return Err(faults::too_many_preferences(MOST).at(["key"]));
        }
        let newer = OnConflict::columns([preference::Column::OperatorId, preference::Column::Key])
            .update_column(preference::Column::Value)
            .to_owned();
        let row = preference::ActiveModel {
            operator_id: Set(me),
            key: Set(key.to_owned()),
            value: Set(text),
        };
        preference::Entity::insert(row)
            .on_conflict(newer)
            .exec_without_returning(&tx)
            .await
            .map_err(fault)?;
        tx.commit().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_plain() {
        let long = "a".repeat(KEY);
        assert!(["theme", "list.Customer.widths", "a-b_c9", &long].into_iter().all(is_key));
        let longer = format!("{long}a");
        for key in ["", "9a", ".a", "a b", "主题", "a\n", "a/b", &longer] {
            assert!(!is_key(key), "{key}");
        }
    }
}
