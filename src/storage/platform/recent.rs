//! `tw_recent`: which records people have opened lately.

use sea_orm::entity::prelude::*;

/// One record that one operator has opened.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tw_recent")]
pub struct Model {
    /// The operator.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub operator_id: String,
    /// The API name of the object.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub object: String,
    /// The record.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub record_id: String,
    /// When they opened it last.
    pub opened_at: i64,
}

/// No relations: what people keep is read one table at a time.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
