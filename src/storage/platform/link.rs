//! `tw_sign_in_link`: links by which people set a password themselves. Knows no secrets, only their hashes.

use sea_orm::entity::prelude::*;

/// The link of one operator that was not used yet.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tw_sign_in_link")]
pub struct Model {
    /// Whose password it sets.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub operator_id: String,
    /// The link, as named in its text.
    #[sea_orm(unique, column_type = "Text")]
    pub id: String,
    /// The account it is for.
    #[sea_orm(column_type = "Text")]
    pub account: String,
    /// Hash of the whole text.
    #[sea_orm(column_type = "Text")]
    pub secret_hash: String,
    /// When it was made.
    pub created_at: i64,
    /// From when on it is refused.
    pub expires_at: i64,
}

/// No relations: sign-in reads one table at a time.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
