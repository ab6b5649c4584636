//! `tw_view_pin`: the views that people have pinned.

use sea_orm::entity::prelude::*;

/// One pinned view of one operator.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tw_view_pin")]
pub struct Model {
    /// The operator.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub operator_id: String,
    /// The view.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub view_id: String,
}

/// No relations: what people keep is read one table at a time.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
