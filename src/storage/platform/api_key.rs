//! `tw_api_key`: the keys that programs act with. Knows no secrets, only their hashes.

use sea_orm::entity::prelude::*;

/// One key, from when it was made to its revocation or expiry.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tw_api_key")]
pub struct Model {
    /// The key, as named in its text.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub id: String,
    /// As whom it acts.
    #[sea_orm(column_type = "Text")]
    pub operator_id: String,
    /// What people call it.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// Codes of its roles, as a JSON list.
    #[sea_orm(column_type = "Text")]
    pub roles: String,
    /// Hash of the whole key.
    #[sea_orm(column_type = "Text")]
    pub secret_hash: String,
    /// The operator who made it.
    #[sea_orm(column_type = "Text")]
    pub created_by: String,
    /// When it was made.
    pub created_at: i64,
    /// From when on it is refused.
    pub expires_at: i64,
    /// When it was last used, to the minute.
    pub last_used_at: Option<i64>,
    /// When it was ended early.
    pub revoked_at: Option<i64>,
}

/// No relations: sign-in reads one table at a time.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
