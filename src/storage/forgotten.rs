//! What is kept beside records of what is removed for good: history, the recycle bin, merges.
//!
//! All of an object goes with its name; a field is taken out of each text that has a value of it.

use sea_orm::sea_query::{Alias, Expr, ExprTrait, LikeExpr, Order, Query};
use serde_json::{Map, Value as Json};

use super::{Tx, fault};
use crate::base::{Error, Result};

/// Texts that are read at once.
const CHUNK: u64 = 500;

/// Takes a field out of a text.
type Without = fn(&mut Json, ForgottenField<'_>);

/// A field that is forgotten, by the names that are stored.
#[derive(Debug, Clone, Copy)]
pub struct ForgottenField<'f> {
    /// The object of whose records history is kept: of lines, that of their document.
    pub object: &'f str,
    /// The field with the lines whose field it is.
    pub lines: Option<&'f str>,
    /// The field.
    pub field: &'f str,
}

/// Forgets all records of an object: `DELETE FROM tw_history WHERE object = $1`.
pub async fn object(tx: &Tx, name: &str) -> Result<()> {
    approvals(tx, name).await?;
    for table in ["tw_history", "tw_recycled", "tw_merge"] {
        let delete = Query::delete()
            .from_table(Alias::new(table))
            .and_where(Expr::col(Alias::new("object")).eq(name))
            .to_owned();
        tx.delete(&delete).await.map_err(fault)?;
    }
    Ok(())
}

/// `DELETE FROM tw_approval_task WHERE approval_id IN (SELECT id FROM tw_approval WHERE object = $1)`, and so on.
async fn approvals(tx: &Tx, name: &str) -> Result<()> {
    let of = |column: &str| Expr::col(Alias::new(column));
    for table in ["tw_approval_task", "tw_approval_entry"] {
        let own = Query::select()
            .column(Alias::new("id"))
            .from(Alias::new("tw_approval"))
            .and_where(of("object").eq(name))
            .to_owned();
        let delete = Query::delete()
            .from_table(Alias::new(table))
            .and_where(of("approval_id").in_subquery(own))
            .to_owned();
        tx.delete(&delete).await.map_err(fault)?;
    }
    let delete = Query::delete()
        .from_table(Alias::new("tw_approval"))
        .and_where(of("object").eq(name))
        .to_owned();
    tx.delete(&delete).await.map(|_| ()).map_err(fault)
}

/// Forgets the values of a field. An entry of history that was about nothing else stays, and says nothing.
pub async fn field(tx: &Tx, gone: ForgottenField<'_>) -> Result<()> {
    let each: [(&str, &str, Without); 3] = [
        ("tw_history", "changes", changes),
        ("tw_recycled", "content", content),
        ("tw_merge", "detail", detail),
    ];
    for (table, column, without) in each {
        texts(tx, (table, column), gone, without).await?;
    }
    Ok(())
}

/// Takes a field out of the texts of a column: `UPDATE tw_history SET changes = $1 WHERE id = $2`.
async fn texts(
    tx: &Tx,
    (table, column): (&str, &str),
    gone: ForgottenField<'_>,
    without: Without,
) -> Result<()> {
    let of = |column: &str| Expr::col(Alias::new(column));
    let mut last = String::new();
    loop {
        let select = Query::select()
            .columns(["id", column].map(Alias::new))
            .from(Alias::new(table))
            .and_where(of("object").eq(gone.object))
            .and_where(of(column).like(LikeExpr::new(format!("%\"{}\"%", gone.field))))
            .and_where(of("id").gt(last.as_str()))
            .order_by(Alias::new("id"), Order::Asc)
            .limit(CHUNK)
            .to_owned();
        let rows = tx.select(&select).await?;
        for row in &rows {
            let text = |at: usize| row.try_get_by_index::<String>(at).map_err(Error::internal);
            last = text(0)?;
            let mut json: Json = serde_json::from_str(&text(1)?).map_err(Error::internal)?;
            without(&mut json, gone);
            let update = Query::update()
                .table(Alias::new(table))
                .value(Alias::new(column), json.to_string())
                .and_where(of("id").eq(last.as_str()))
                .to_owned();
            tx.update(&update).await.map_err(fault)?;
        }
        if rows.is_empty() {
            return Ok(());
        }
    }
}

/// `{"minutes": [30, 40]}`; of lines `{"lines": [{"fields": {"note": ["a", "b"]}}]}`, or the whole lines of a record that
/// was deleted with them.
fn changes(json: &mut Json, gone: ForgottenField<'_>) {
    let Some(lines) = gone.lines else { return remove(json.as_object_mut(), gone.field) };
    let Some(change) = json.get_mut(lines) else { return };
    let whole = change.get_mut(0).and_then(Json::as_array_mut).into_iter().flatten();
    whole.for_each(|line| remove(line.as_object_mut(), gone.field));
    let told = change.get_mut("lines").and_then(Json::as_array_mut).into_iter().flatten();
    for line in told {
        remove(line.get_mut("fields").and_then(Json::as_object_mut), gone.field);
    }
}

/// `{"values": {…}, "lines": {"steps": [{…}]}, "members": {…}}`
fn content(json: &mut Json, gone: ForgottenField<'_>) {
    match gone.lines {
        None => {
            for part in ["values", "lines", "members"] {
                remove(json.get_mut(part).and_then(Json::as_object_mut), gone.field);
            }
        }
        Some(lines) => {
            let rows = json.get_mut("lines").and_then(|all| all.get_mut(lines));
            let rows = rows.and_then(Json::as_array_mut).into_iter().flatten();
            rows.for_each(|line| remove(line.as_object_mut(), gone.field));
        }
    }
}

/// `{"taken": {"minutes": [30, 40]}, …}`
fn detail(json: &mut Json, gone: ForgottenField<'_>) {
    if gone.lines.is_none() {
        remove(json.get_mut("taken").and_then(Json::as_object_mut), gone.field);
    }
}

fn remove(of: Option<&mut Map<String, Json>>, field: &str) {
    if let Some(of) = of {
        of.remove(field);
    }
}
