//! `tw_default_view`: the views with which lists open, by role.

use sea_orm::entity::prelude::*;

/// The default of one role and object.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tw_default_view")]
pub struct Model {
    /// The role's code.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub role: String,
    /// The API name of the object.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub object: String,
    /// The view.
    #[sea_orm(column_type = "Text")]
    pub view_id: String,
}

/// No relations: what people keep is read one table at a time.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
