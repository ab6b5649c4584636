//! `tw_operator_role`: the roles that operators hold. Does not know what a role grants.

use sea_orm::entity::prelude::*;

/// One role of one operator.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tw_operator_role")]
pub struct Model {
    /// The operator record.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub operator_id: String,
    /// The role's code.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub role: String,
}

/// No relations: sign-in reads one table at a time.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
