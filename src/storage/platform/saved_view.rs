//! `tw_saved_view`: saved views of lists. Does not know what of a question exists for whom.

use sea_orm::entity::prelude::*;

/// One saved view.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tw_saved_view")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub id: String,
    /// The API name of the object.
    #[sea_orm(column_type = "Text")]
    pub object: String,
    /// What it is called.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// How it is shown.
    #[sea_orm(column_type = "Text")]
    pub face: String,
    /// What it asks for, a JSON object.
    #[sea_orm(column_type = "Text")]
    pub question: String,
    /// The operator whose it is.
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
    /// When it was made.
    pub created_at: i64,
    /// When it was changed last.
    pub updated_at: i64,
}

/// No relations: what people keep is read one table at a time.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
