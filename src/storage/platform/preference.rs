//! `tw_preference`: what people have set for their pages. Knows no key.

use sea_orm::entity::prelude::*;

/// One setting of one operator.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tw_preference")]
pub struct Model {
    /// The operator.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub operator_id: String,
    /// Its name.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub key: String,
    /// Its value, JSON.
    #[sea_orm(column_type = "Text")]
    pub value: String,
}

/// No relations: what people keep is read one table at a time.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
