//! `tw_sign_in_link`: links with which people set their own password. Stores only hashes of secrets.

use sea_orm::entity::prelude::*;

/// An operator's unused link.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tw_sign_in_link")]
pub struct Model {
    /// The operator whose password it sets.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub operator_id: String,
    /// The id that the text of the link contains.
    #[sea_orm(unique, column_type = "Text")]
    pub id: String,
    /// The account it is for.
    #[sea_orm(column_type = "Text")]
    pub account: String,
    /// Hash of the whole link text.
    #[sea_orm(column_type = "Text")]
    pub secret_hash: String,
    /// When it was made.
    pub created_at: i64,
    /// When it expires.
    pub expires_at: i64,
}

/// No relations: sign-in reads one table at a time.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
