//! `tw_session`: sign-ins under way and past. Knows no tokens, only hashes of refresh tokens.

use sea_orm::entity::prelude::*;

/// One sign-in, from login to logout, revocation or expiry.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tw_session")]
pub struct Model {
    /// The session, as named in its tokens.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub id: String,
    /// Who signed in.
    #[sea_orm(column_type = "Text")]
    pub operator_id: String,
    /// Hash of the refresh token in force.
    #[sea_orm(column_type = "Text")]
    pub refresh_hash: String,
    /// Hashes of the refresh tokens used of late, each with when and by which process:
    /// `hash@when@process`, the newest first.
    #[sea_orm(column_type = "Text", nullable)]
    pub previous_hash: Option<String>,
    /// When the operator signed in.
    pub created_at: i64,
    /// When a token was last handed out.
    pub last_used_at: i64,
    /// When the session ends unless refreshed.
    pub expires_at: i64,
    /// When it was ended early.
    pub revoked_at: Option<i64>,
    /// What the client called itself at login.
    #[sea_orm(column_type = "Text", nullable)]
    pub user_agent: Option<String>,
    /// Where the login came from.
    #[sea_orm(column_type = "Text", nullable)]
    pub address: Option<String>,
}

/// No relations: sign-in reads one table at a time.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
