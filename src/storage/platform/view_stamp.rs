//! `tw_view_stamp`: when views changed last, for whom. Numbers, so that no clock decides about order.

use sea_orm::entity::prelude::*;

/// The last change for one audience.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tw_view_stamp")]
pub struct Model {
    /// Everyone, a role or an operator; empty for the last number.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub audience: String,
    /// The API name of the object.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub object: String,
    /// The number of the change.
    pub stamp: i64,
}

/// No relations: what people keep is read one table at a time.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
