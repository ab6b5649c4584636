//! `tw_dashboard`: dashboards that people keep. Does not know what of their content exists for whom.

use sea_orm::entity::prelude::*;

/// One dashboard.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tw_dashboard")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub id: String,
    /// Its name.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// Its parameters and widgets, a JSON object.
    #[sea_orm(column_type = "Text")]
    pub content: String,
    /// The operator who owns it.
    #[sea_orm(column_type = "Text")]
    pub owner_id: String,
    /// Who sees it.
    #[sea_orm(column_type = "Text")]
    pub share: String,
    /// Codes of the roles that see it, a JSON list.
    #[sea_orm(column_type = "Text")]
    pub roles: String,
    /// Rises with each change.
    pub version: i64,
    /// When it was created.
    pub created_at: i64,
    /// When it was changed last.
    pub updated_at: i64,
}

/// No relations: what people keep is read one table at a time.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
