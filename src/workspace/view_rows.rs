//! Statements of saved views: what is read and written together. Knows no rights.

use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QueryTrait,
    sea_query::{Expr, SelectStatement},
};
use uuid::Uuid;

use super::views::{StoredView, ViewShare};
use crate::{
    base::Result,
    storage::{
        Tx, fault,
        platform::{default_view, saved_view, view_pin},
    },
};

fn not_private() -> sea_orm::sea_query::SimpleExpr {
    saved_view::Column::Share.ne(ViewShare::Private.as_ref())
}

/// The views of an object that an operator may see: their own and all that are shared.
pub(super) fn of_object(object: &str, operator: &str) -> SelectStatement {
    saved_view::Entity::find()
        .filter(saved_view::Column::Object.eq(object))
        .filter(Condition::any().add(saved_view::Column::OwnerId.eq(operator)).add(not_private()))
        .into_query()
}

/// One view.
pub(super) fn of_id(id: Uuid) -> SelectStatement {
    saved_view::Entity::find_by_id(id.to_string()).into_query()
}

/// What an operator has pinned.
pub(super) fn pins(operator: &str) -> SelectStatement {
    view_pin::Entity::find().filter(view_pin::Column::OperatorId.eq(operator)).into_query()
}

/// The defaults of roles for an object, by role.
pub(super) fn defaults(object: &str, roles: &[String]) -> SelectStatement {
    default_view::Entity::find()
        .filter(default_view::Column::Object.eq(object))
        .filter(default_view::Column::Role.is_in(roles))
        .order_by_asc(default_view::Column::Role)
        .into_query()
}

/// The views that are shared with roles.
pub(super) fn of_roles() -> SelectStatement {
    let shared = saved_view::Column::Share.eq(ViewShare::Roles.as_ref());
    saved_view::Entity::find().filter(shared).into_query()
}

/// All views that are shared.
pub(super) fn all_shared() -> SelectStatement {
    saved_view::Entity::find().filter(not_private()).into_query()
}

/// The defaults of all roles.
pub(super) fn all_defaults() -> SelectStatement {
    default_view::Entity::find().order_by_asc(default_view::Column::Role).into_query()
}

/// The defaults of a role.
pub(super) fn defaults_of(role: &str) -> SelectStatement {
    default_view::Entity::find().filter(default_view::Column::Role.eq(role)).into_query()
}

/// A view as it is within a transaction.
pub(super) async fn read(tx: &Tx, id: Uuid) -> Result<Option<StoredView>> {
    let row = saved_view::Entity::find_by_id(id.to_string()).one(tx).await.map_err(fault)?;
    row.map(StoredView::read).transpose()
}

/// How many views an operator has.
pub(super) async fn count_own(tx: &Tx, operator: &str) -> Result<u64> {
    let own = saved_view::Entity::find().filter(saved_view::Column::OwnerId.eq(operator));
    own.count(tx).await.map_err(fault)
}

/// How many views of an object are shared.
pub(super) async fn count_shared(tx: &Tx, object: &str) -> Result<u64> {
    let shared = saved_view::Entity::find()
        .filter(saved_view::Column::Object.eq(object))
        .filter(not_private());
    shared.count(tx).await.map_err(fault)
}

/// Inserts a view.
pub(super) async fn insert(tx: &Tx, row: &saved_view::Model) -> Result<()> {
    let row = saved_view::ActiveModel::from(row.clone()).reset_all();
    saved_view::Entity::insert(row).exec_without_returning(tx).await.map(|_| ()).map_err(fault)
}

/// Changes a view, if it still has the version before. Returns whether it had.
pub(super) async fn update(tx: &Tx, row: &saved_view::Model) -> Result<bool> {
    let done = saved_view::Entity::update_many()
        .col_expr(saved_view::Column::Name, Expr::value(row.name.as_str()))
        .col_expr(saved_view::Column::Face, Expr::value(row.face.as_str()))
        .col_expr(saved_view::Column::Question, Expr::value(row.question.as_str()))
        .col_expr(saved_view::Column::Share, Expr::value(row.share.as_str()))
        .col_expr(saved_view::Column::Roles, Expr::value(row.roles.as_str()))
        .col_expr(saved_view::Column::Version, Expr::value(row.version))
        .col_expr(saved_view::Column::UpdatedAt, Expr::value(row.updated_at))
        .filter(saved_view::Column::Id.eq(row.id.as_str()))
        .filter(saved_view::Column::Version.eq(row.version - 1))
        .exec(tx)
        .await
        .map_err(fault)?;
    Ok(done.rows_affected == 1)
}

/// Removes a view with its pins and defaults.
pub(super) async fn delete(tx: &Tx, id: &str) -> Result<()> {
    view_pin::Entity::delete_many()
        .filter(view_pin::Column::ViewId.eq(id))
        .exec(tx)
        .await
        .map_err(fault)?;
    keep_defaults(tx, id, &[]).await?;
    saved_view::Entity::delete_by_id(id).exec(tx).await.map(|_| ()).map_err(fault)
}

/// Removes a view as the default of all roles but some.
pub(super) async fn keep_defaults(tx: &Tx, id: &str, roles: &[String]) -> Result<()> {
    default_view::Entity::delete_many()
        .filter(default_view::Column::ViewId.eq(id))
        .filter(default_view::Column::Role.is_not_in(roles))
        .exec(tx)
        .await
        .map(|_| ())
        .map_err(fault)
}

/// Pins a view for an operator, or takes the pin away.
pub(super) async fn pin(tx: &Tx, operator: &str, id: &str, pinned: bool) -> Result<()> {
    if !pinned {
        let pin = view_pin::Entity::delete_by_id((operator.to_owned(), id.to_owned()));
        return pin.exec(tx).await.map(|_| ()).map_err(fault);
    }
    let row = view_pin::ActiveModel {
        operator_id: Set(operator.to_owned()),
        view_id: Set(id.to_owned()),
    };
    view_pin::Entity::insert(row)
        .on_conflict_do_nothing_on([view_pin::Column::OperatorId, view_pin::Column::ViewId])
        .exec_without_returning(tx)
        .await
        .map(|_| ())
        .map_err(fault)
}

/// Makes a view the default of a role, or ends that.
pub(super) async fn set_default(
    tx: &Tx,
    role: &str,
    view: &saved_view::Model,
    is_default: bool,
) -> Result<()> {
    default_view::Entity::delete_many()
        .filter(default_view::Column::Role.eq(role))
        .filter(default_view::Column::Object.eq(view.object.as_str()))
        .filter(match is_default {
            true => Condition::all(),
            // Another view that is the default stays so.
            false => Condition::all().add(default_view::Column::ViewId.eq(view.id.as_str())),
        })
        .exec(tx)
        .await
        .map_err(fault)?;
    if !is_default {
        return Ok(());
    }
    let row = default_view::ActiveModel {
        role: Set(role.to_owned()),
        object: Set(view.object.clone()),
        view_id: Set(view.id.clone()),
    };
    default_view::Entity::insert(row).exec_without_returning(tx).await.map(|_| ()).map_err(fault)
}
