//! `tw_login`: an operator's login. Stores only password hashes.

use sea_orm::entity::prelude::*;

/// One operator's login.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tw_login")]
pub struct Model {
    /// The operator record.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub operator_id: String,
    /// The account name, trimmed and in lower case.
    #[sea_orm(unique, column_type = "Text")]
    pub account: String,
    /// The password hash with its parameters and salt.
    #[sea_orm(column_type = "Text")]
    pub password_hash: String,
    /// Whether the operator may sign in.
    pub enabled: bool,
    /// When the login was created.
    pub created_at: i64,
    /// When account, password or `enabled` last changed.
    pub updated_at: i64,
}

/// No relations: sign-in reads one table at a time.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
