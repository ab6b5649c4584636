//! What stored saved views ask for, changed where names of their definitions change.

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use serde_json::Value as Json;

use super::{Tx, fault};
use crate::base::{Error, Result};

const TABLE: &str = "tw_saved_view";

/// Changes the questions for which `change` gives another: `UPDATE tw_saved_view SET question = $1 WHERE id = $2`. The
/// views stay as they are otherwise.
pub async fn change(tx: &Tx, change: impl Fn(&str, &Json) -> Option<Json>) -> Result<()> {
    let select = Query::select()
        .columns(["id", "object", "question"].map(Alias::new))
        .from(Alias::new(TABLE))
        .to_owned();
    for row in tx.select(&select).await? {
        let text = |at: usize| row.try_get_by_index::<String>(at).map_err(Error::internal);
        let question: Json = serde_json::from_str(&text(2)?).map_err(Error::internal)?;
        let Some(new) = change(&text(1)?, &question) else { continue };
        let update = Query::update()
            .table(Alias::new(TABLE))
            .value(Alias::new("question"), new.to_string())
            .and_where(Expr::col(Alias::new("id")).eq(text(0)?))
            .to_owned();
        tx.update(&update).await.map_err(fault)?;
    }
    Ok(())
}
