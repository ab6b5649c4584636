//! `tw_session`: present and past sessions. Stores only hashes of refresh tokens.

use sea_orm::entity::prelude::*;

/// One session, from sign-in to sign-out, revocation or expiry.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tw_session")]
pub struct Model {
    /// The id that its tokens contain.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub id: String,
    /// The operator who signed in.
    #[sea_orm(column_type = "Text")]
    pub operator_id: String,
    /// Hash of the current refresh token.
    #[sea_orm(column_type = "Text")]
    pub refresh_hash: String,
    /// Hashes of recently used refresh tokens, newest first. Each is `hash@when@process`.
    #[sea_orm(column_type = "Text", nullable)]
    pub previous_hash: Option<String>,
    /// When the operator signed in.
    pub created_at: i64,
    /// When a token was last issued.
    pub last_used_at: i64,
    /// When the session ends unless refreshed.
    pub expires_at: i64,
    /// When it was revoked.
    pub revoked_at: Option<i64>,
    /// The client's user agent at sign-in.
    #[sea_orm(column_type = "Text", nullable)]
    pub user_agent: Option<String>,
    /// The client's address at sign-in.
    #[sea_orm(column_type = "Text", nullable)]
    pub address: Option<String>,
}

/// No relations: sign-in reads one table at a time.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
