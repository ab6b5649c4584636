//! The states of records in a save: the first state of a new record, that moves alone write the state field, and what
//! must hold before a record gets to a state.
//!
//! Owns these stages. Must not know who may make a move.

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use uuid::Uuid;

use super::{
    faults,
    stages::{RowDraft, Save},
    store::Values,
};
use crate::{
    base::{Error, Message, Result, Value},
    catalog::{Catalog, FieldIx, FieldType, Flow, Object, ObjectIx},
    expr,
    rules::{self, Checked},
    sql::{decode, encode_as},
    storage::Tx,
};

/// What people call a state.
pub(super) fn title(catalog: &Catalog, object: &Object, flow: &Flow, state: &str) -> Message {
    match object.field(flow.field).ty.picklist() {
        Some(list) => catalog.picklist(list).title(state),
        None => Message::same(state.to_owned()),
    }
}

/// What people call states, in a list.
pub(super) fn titles(
    catalog: &Catalog,
    object: &Object,
    flow: &Flow,
    states: &[String],
) -> Message {
    let titles = states.iter().map(|state| title(catalog, object, flow, state));
    Message::joined(&titles.collect::<Vec<_>>(), (", ", "、"))
}

/// The record of a state that is told by a key: `SELECT id FROM sales_stage WHERE code = $1`. None if there is none.
pub(super) async fn record_of(
    tx: &Tx,
    catalog: &Catalog,
    (states, key): (ObjectIx, FieldIx),
    state: &str,
) -> Result<Option<Uuid>> {
    let states = catalog.object(states);
    let column = states.field(key).column.as_deref();
    let column = column.ok_or_else(|| Error::internal("a state without a key"))?;
    let select = Query::select()
        .column(Alias::new("id"))
        .from(Alias::new(&states.table))
        .and_where(Expr::col(Alias::new(column)).eq(state))
        .to_owned();
    first_id(tx, &select).await
}

/// The id in the first row.
pub(super) async fn first_id(
    tx: &Tx,
    select: &sea_orm::sea_query::SelectStatement,
) -> Result<Option<Uuid>> {
    match tx.select(select).await?.first() {
        Some(row) => Ok(decode(tx.dialect(), &FieldType::Id, row, 0)?.as_id()),
        None => Ok(None),
    }
}

/// The name of the state that values hold: `SELECT code FROM sales_stage WHERE id = $1` for a relation.
pub(super) async fn state_of(
    tx: &Tx,
    catalog: &Catalog,
    flow: &Flow,
    values: &Values,
) -> Result<Option<String>> {
    let value = values.get(&flow.field).unwrap_or(&Value::Null);
    let Some((states, key)) = flow.key else {
        return Ok(value.as_text().map(str::to_owned));
    };
    let (Some(id), states) = (value.as_id(), catalog.object(states)) else { return Ok(None) };
    let key = states.field(key);
    let column = key.column.as_deref();
    let column = column.ok_or_else(|| Error::internal("a state without a key"))?;
    let select = Query::select()
        .column(Alias::new(column))
        .from(Alias::new(&states.table))
        .and_where(Expr::col(Alias::new("id")).eq(encode_as(tx.dialect(), &Value::Id(id))?))
        .to_owned();
    let rows = tx.select(&select).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    Ok(decode(tx.dialect(), &key.ty, row, 0)?.as_text().map(str::to_owned))
}

impl Save<'_> {
    /// Gives a new record without a state the first of those in which records start.
    pub(super) async fn start(&self, row: &mut RowDraft<'_>) -> Result<()> {
        let Some(flow) = row.object.flow.as_deref() else { return Ok(()) };
        let given = row.values.contains_key(&flow.field) || row.unread.contains(&flow.field);
        let Some(first) = flow.start.first().filter(|_| !given && row.old.is_none()) else {
            return Ok(());
        };
        let state = match flow.key {
            None => Some(Value::Text(first.clone())),
            Some(key) => {
                record_of(self.tx, &self.session.catalog, key, first).await?.map(Value::Id)
            }
        };
        row.values.extend(state.map(|state| (flow.field, state)));
        Ok(())
    }

    /// Checks that a new record starts where records start, that a stored one changes its state by a move, and what
    /// must hold in the state to which it gets.
    pub(super) async fn hold_state(&self, row: &mut RowDraft<'_>) -> Result<()> {
        let Some(flow) = row.object.flow.as_deref() else { return Ok(()) };
        if row.restored.is_some() || row.blind || row.unread.contains(&flow.field) {
            return Ok(());
        }
        let (catalog, object) = (&self.session.catalog, row.object);
        let now = row.values.get(&flow.field).unwrap_or(&Value::Null);
        let placed = row.places_state || self.session.access.is_server();
        let field = || object.field(flow.field);
        match row.old {
            None if placed || now.is_null() => Ok(()),
            None => {
                let state = state_of(self.tx, catalog, flow, &row.values).await?;
                if state.as_ref().is_none_or(|state| !flow.start.contains(state)) {
                    let start = titles(catalog, object, flow, &flow.start);
                    let fault = faults::starts_elsewhere(object.noun(), start);
                    row.faults.push(row.placed(fault.at([field().name.as_str()])));
                }
                Ok(())
            }
            Some(old) if old.get(&flow.field).unwrap_or(&Value::Null) == now => Ok(()),
            Some(_) if !placed => {
                let moves: Vec<_> = flow
                    .moves
                    .iter()
                    .map(|known| Message::same(format!("`{}{}`", known.code, object.name)))
                    .collect();
                let title = catalog.title(object, field());
                let fault = faults::state_by_moves(title, Message::joined(&moves, (", ", "、")));
                row.faults.push(row.placed(fault.at([field().name.as_str()])));
                Ok(())
            }
            Some(_) => {
                let state = state_of(self.tx, catalog, flow, &row.values).await?;
                match state {
                    Some(state) => self.pass_gates(row, flow, &state).await,
                    None => Ok(()),
                }
            }
        }
    }

    /// Checks what must hold before a record gets to a state.
    async fn pass_gates(&self, row: &mut RowDraft<'_>, flow: &Flow, state: &str) -> Result<()> {
        let (catalog, object) = (&self.session.catalog, row.object);
        for gate in flow.gates.iter().filter(|gate| gate.to == state) {
            let mut checked = Checked::default();
            for ix in &gate.require {
                if rules::is_empty(object, &row.values, *ix) {
                    checked.faults.push(rules::required(catalog, object, object.field(*ix)));
                }
            }
            if let Some(check) = gate.check.as_ref().map(|check| &check.expr) {
                self.read_for(row, std::iter::once(check)).await?;
                let scope = self.scope(row);
                let at = object.field(flow.field).name.as_str();
                let fault = match expr::eval(check, &scope) {
                    Ok(Value::Bool(false)) => {
                        Some(rules::broken(catalog, &scope, check, &gate.message).at([at]))
                    }
                    Ok(_) => None,
                    Err(error) => {
                        let title = catalog.title(object, object.field(flow.field));
                        Some(rules::faults::not_computable(title, error).at([at]))
                    }
                };
                match fault {
                    Some(_) if scope.facts.unseen_by(check) => checked.unseen = true,
                    fault => checked.faults.extend(fault),
                }
            }
            self.tell(row, checked)?;
        }
        Ok(())
    }
}
