//! `tw_form_draft`: inputs of forms that are not saved yet.

use sea_orm::entity::prelude::*;

/// One unsaved form.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tw_form_draft")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub id: String,
    /// The operator who fills it in.
    #[sea_orm(column_type = "Text")]
    pub operator_id: String,
    /// The API name of the object.
    #[sea_orm(column_type = "Text")]
    pub object: String,
    /// The record that is edited; none for a new one.
    #[sea_orm(column_type = "Text")]
    pub record_id: Option<String>,
    /// The version that is edited.
    pub base: Option<i64>,
    /// What was filled in, JSON.
    #[sea_orm(column_type = "Text")]
    pub data: String,
    /// When it was kept last.
    pub updated_at: i64,
}

/// No relations: what people keep is read one table at a time.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
