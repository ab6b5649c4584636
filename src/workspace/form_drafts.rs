//! Drafts of forms: what someone has filled in and not saved yet, kept against a crash or a lost sign-in.
//!
//! A draft is text of its author and nothing else: it is not checked, no record is looked at, and it says nothing of
//! whether the record that it names exists. It expires, and is absent while its object does not exist for the author.

use chrono::TimeDelta;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QueryTrait,
};
use serde_json::Value as Json;
use uuid::Uuid;

use super::{
    faults,
    store::{Workspace, kept_object, operator},
};
use crate::{
    access::Visible,
    base::{Error, Result},
    storage::{Tx, fault, platform::form_draft},
};

/// Bytes of a draft, drafts of a person, days that one is kept.
const SIZE: usize = 200_000;
const MOST: u64 = 50;
const DAYS: i64 = 30;

/// What of a form is to be kept.
#[derive(Debug, Clone)]
pub struct FormInput {
    /// The API name of the object.
    pub object: String,
    /// The record that is edited; for a new one, the id of its draft once it has one.
    pub id: Option<Uuid>,
    /// The version that is edited.
    pub base: Option<i64>,
    /// What was filled in.
    pub data: Json,
}

/// A form that was kept.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptForm {
    /// Its id.
    pub id: Uuid,
    /// The API name of the object.
    pub object: String,
    /// The record that is edited; none for a new one.
    pub record: Option<Uuid>,
    /// The version that is edited.
    pub base: Option<i64>,
    /// What was filled in.
    pub data: Json,
    /// When it was kept last, in microseconds since 1970.
    pub updated_at: i64,
    /// When it expires, in microseconds since 1970.
    pub expires_at: i64,
}

fn lifetime() -> i64 {
    TimeDelta::days(DAYS).num_microseconds().unwrap_or_default()
}

fn kept(row: form_draft::Model) -> Result<KeptForm> {
    let id = |text: &str| text.parse::<Uuid>().map_err(Error::internal);
    Ok(KeptForm {
        id: id(&row.id)?,
        record: row.record_id.as_deref().map(id).transpose()?,
        data: serde_json::from_str(&row.data).map_err(Error::internal)?,
        object: row.object,
        base: row.base,
        updated_at: row.updated_at,
        expires_at: row.updated_at.saturating_add(lifetime()),
    })
}

impl Workspace {
    /// The drafts of the caller, those kept last first.
    pub async fn form_drafts(&self, visible: Visible<'_>) -> Result<Vec<KeptForm>> {
        let select = form_draft::Entity::find()
            .filter(form_draft::Column::OperatorId.eq(operator(visible.access)?.to_string()))
            .filter(form_draft::Column::UpdatedAt.gt(self.now() - lifetime()))
            .order_by_desc(form_draft::Column::UpdatedAt)
            .order_by_desc(form_draft::Column::Id)
            .into_query();
        let rows: Vec<form_draft::Model> = self.read(&select).await?;
        let seen = rows.into_iter().filter(|row| kept_object(visible, &row.object).is_some());
        seen.map(kept).collect()
    }

    /// Keeps a form of the caller, in place of what was kept of the same form before.
    pub async fn keep_draft(&self, visible: Visible<'_>, input: &FormInput) -> Result<KeptForm> {
        let Some(object) = kept_object(visible, &input.object) else {
            return Err(faults::no_object(input.object.as_str()).at(["object"]));
        };
        let data = input.data.to_string();
        if data.len() > SIZE {
            return Err(faults::large_draft(SIZE).at(["data"]));
        }
        let me = operator(visible.access)?.to_string();
        let now = self.now();
        let tx = self.database.begin().await?;
        let before = known(&tx, &me, &object.name, input.id).await?;
        let row = form_draft::Model {
            id: before.as_ref().map_or_else(|| self.env.ids.next().to_string(), |b| b.id.clone()),
            record_id: match &before {
                Some(before) => before.record_id.clone(),
                None => input.id.map(|id| id.to_string()),
            },
            operator_id: me,
            object: object.name.clone(),
            base: input.base,
            data,
            updated_at: now,
        };
        match before {
            Some(before) => {
                form_draft::Entity::delete_by_id(before.id).exec(&tx).await.map_err(fault)?;
            }
            None => self.is_room(&tx, &row.operator_id).await?,
        }
        let model = form_draft::ActiveModel::from(row.clone()).reset_all();
        form_draft::Entity::insert(model).exec_without_returning(&tx).await.map_err(fault)?;
        tx.commit().await?;
        kept(row)
    }

    /// Refuses more drafts than are kept, once expired ones are gone.
    async fn is_room(&self, tx: &Tx, operator: &str) -> Result<()> {
        let own = form_draft::Column::OperatorId.eq(operator);
        form_draft::Entity::delete_many()
            .filter(own.clone())
            .filter(form_draft::Column::UpdatedAt.lte(self.now() - lifetime()))
            .exec(tx)
            .await
            .map_err(fault)?;
        let count = form_draft::Entity::find().filter(own).count(tx).await.map_err(fault)?;
        if count >= MOST {
            return Err(faults::too_many_drafts(MOST).at(["object"]));
        }
        Ok(())
    }

    /// Removes a draft of the caller. Tells whether there was one.
    pub async fn drop_draft(&self, visible: Visible<'_>, id: Uuid) -> Result<bool> {
        let me = operator(visible.access)?.to_string();
        let tx = self.database.begin().await?;
        let found = form_draft::Entity::find_by_id(id.to_string())
            .filter(form_draft::Column::OperatorId.eq(me))
            .filter(form_draft::Column::UpdatedAt.gt(self.now() - lifetime()))
            .one(&tx)
            .await
            .map_err(fault)?;
        let Some(row) = found.filter(|row| kept_object(visible, &row.object).is_some()) else {
            return Ok(false);
        };
        form_draft::Entity::delete_by_id(row.id).exec(&tx).await.map_err(fault)?;
        tx.commit().await?;
        Ok(true)
    }
}

impl Workspace {
    /// Removes what has expired.
    pub async fn purge(&self) -> Result<()> {
        let tx = self.database.begin().await?;
        form_draft::Entity::delete_many()
            .filter(form_draft::Column::UpdatedAt.lte(self.now() - lifetime()))
            .exec(&tx)
            .await
            .map_err(fault)?;
        tx.commit().await
    }
}

/// What was kept before of the same form: of the record, or of the new record whose draft is named.
async fn known(
    tx: &Tx,
    operator: &str,
    object: &str,
    id: Option<Uuid>,
) -> Result<Option<form_draft::Model>> {
    let Some(id) = id.map(|id| id.to_string()) else { return Ok(None) };
    let found = form_draft::Entity::find()
        .filter(form_draft::Column::OperatorId.eq(operator))
        .filter(form_draft::Column::Object.eq(object))
        .filter(
            sea_orm::Condition::any()
                .add(form_draft::Column::RecordId.eq(id.as_str()))
                .add(form_draft::Column::Id.eq(id.as_str())),
        )
        .one(tx);
    found.await.map_err(fault)
}
