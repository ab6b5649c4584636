//! `tw_api_key`: API keys of programs. Stores only hashes of secrets.

use sea_orm::entity::prelude::*;

/// One key, from its creation to its revocation or expiry.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tw_api_key")]
pub struct Model {
    /// The id that the text of the key contains.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub id: String,
    /// The operator it acts as.
    #[sea_orm(column_type = "Text")]
    pub operator_id: String,
    /// Its label.
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
    /// When it expires.
    pub expires_at: i64,
    /// When it was last used, to the minute.
    pub last_used_at: Option<i64>,
    /// When it was revoked.
    pub revoked_at: Option<i64>,
}

/// No relations: sign-in reads one table at a time.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
