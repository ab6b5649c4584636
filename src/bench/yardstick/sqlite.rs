//! The yardstick on SQLite: the database builds the whole JSON, because each row would have to cross threads.

use std::sync::Arc;

use axum::{Json, Router, extract::State, routing::post};
use rust_decimal::prelude::ToPrimitive;
use sea_orm::sqlx::{self, Connection, Row, Sqlite, SqlitePool};
use uuid::Uuid;

use crate::sql::grams;

use super::{
    Answer, Before, Failed, New, Of, One, Patch, People, data, kept_connections::KeptConnections,
    new_id, now, saved,
};

macro_rules! customer {
    () => {
        "json_object('id', id, 'code', code, 'name', name, 'level', level, 'lifecycle', lifecycle, \
         'industry', industry, 'phone', phone, 'city', city, \
         'creditLimit', printf('%d.%02d', credit_limit / 100, credit_limit % 100), \
         'createdAt', strftime('%Y-%m-%dT%H:%M:%S', created_at / 1000000, 'unixepoch') || \
         CASE WHEN created_at % 1000000 = 0 THEN 'Z' \
         ELSE '.' || rtrim(printf('%06d', created_at % 1000000), '0') || 'Z' END)"
    };
}

macro_rules! columns {
    () => {
        "id, code, name, level, lifecycle, industry, phone, city, credit_limit, created_at"
    };
}

/// The manager's condition on a customer. Arguments: the departments as a JSON list, the employee, the
/// instant.
macro_rules! seen {
    ($customer:literal, $departments:literal, $employee:literal, $now:literal) => {
        concat!(
            "(",
            $customer,
            ".department_id IN (SELECT value FROM json_each(",
            $departments,
            ")) OR EXISTS (SELECT 1 FROM customer_employee e WHERE e.customer_id = ",
            $customer,
            ".id AND e.employee_id = ",
            $employee,
            " AND (e.until IS NULL OR e.until > ",
            $now,
            ")))"
        )
    };
}

/// The customers of one of the manager's departments before an instant.
macro_rules! of_department {
    ($nth:literal, $columns:literal) => {
        concat!(
            "SELECT c.created_at AS made_at, c.id AS made_id, ",
            $columns,
            " FROM customer c WHERE c.department_id = json_extract(?2, '$[",
            $nth,
            "]') AND c.created_at < ?1"
        )
    };
}

/// The manager's customers before an instant, newest first: a union of branches for eight departments and for
/// the manager's own. Each branch reads an index in that order.
macro_rules! newest {
    ($limit:literal, $columns:literal) => {
        concat!(
            "(",
            of_department!("0", $columns),
            " UNION ALL ",
            of_department!("1", $columns),
            " UNION ALL ",
            of_department!("2", $columns),
            " UNION ALL ",
            of_department!("3", $columns),
            " UNION ALL ",
            of_department!("4", $columns),
            " UNION ALL ",
            of_department!("5", $columns),
            " UNION ALL ",
            of_department!("6", $columns),
            " UNION ALL ",
            of_department!("7", $columns),
            " UNION ALL SELECT e.recorded_at AS made_at, e.customer_id AS made_id, ",
            $columns,
            " FROM customer_employee e JOIN customer c ON c.id = e.customer_id \
             WHERE e.employee_id = ?3 AND (e.until IS NULL OR e.until > ?4) AND e.recorded_at < ?1 \
             AND (c.department_id IN (SELECT value FROM json_each(?2))) IS NOT TRUE \
             AND NOT EXISTS (SELECT 1 FROM customer_employee d WHERE d.employee_id = ?3 \
              AND (d.until IS NULL OR d.until > ?4) AND d.customer_id = e.customer_id AND d.id > e.id) \
             ORDER BY made_at DESC, made_id DESC LIMIT ",
            $limit,
            ")"
        )
    };
}

#[derive(Clone)]
pub(super) struct SqliteState {
    pub(super) people: People,
    /// The manager's departments as a JSON list.
    pub(super) departments: String,
    pub(super) reader: Arc<KeptConnections<Sqlite>>,
    writer: Arc<KeptConnections<Sqlite>>,
    operator: Option<String>,
}

pub(super) async fn router(
    reader: SqlitePool,
    writer: SqlitePool,
    people: People,
) -> Result<Router, sqlx::Error> {
    let row = sqlx::query("SELECT id FROM operator WHERE account = 'bench_manager'")
        .fetch_optional(&reader)
        .await?;
    let operator = row.map(|row| row.try_get(0)).transpose()?;
    Ok(Router::new()
        .route("/w1", post(w1))
        .route("/w2", post(w2))
        .route("/w2s", post(w2s))
        .route("/w3", post(w3))
        .route("/w4", post(super::orders_sqlite::w4))
        .route("/w5", post(super::orders_sqlite::w5))
        .route("/w6", post(w6))
        .route("/w7c", post(w7c))
        .route("/w7u", post(w7u))
        .with_state(SqliteState {
            departments: serde_json::json!(people.departments).to_string(),
            people,
            reader: Arc::new(KeptConnections::like(&reader).await?),
            writer: Arc::new(KeptConnections::like(&writer).await?),
            operator,
        }))
}

/// Builds the body `{"data":{"customers":{"nodes":ROWS}}}`.
fn nodes(rows: &str) -> axum::response::Response {
    data("customers\":{\"nodes", &format!("{rows}}}"))
}

async fn w1(State(shared): State<SqliteState>, Json(one): Json<One>) -> Answer {
    let row = sqlx::query(concat!(
        "SELECT ",
        customer!(),
        " FROM customer WHERE id = ?1 AND ",
        seen!("customer", "?2", "?3", "?4")
    ))
    .bind(one.id.to_string())
    .bind(&shared.departments)
    .bind(shared.people.manager.to_string())
    .bind(now().timestamp_micros())
    .fetch_optional(&mut **shared.reader.take().await?)
    .await?;
    Ok(match row {
        Some(row) => data("customer", row.try_get::<&str, _>(0)?),
        None => data("customer", "null"),
    })
}

async fn w2(State(shared): State<SqliteState>, Json(of): Json<Of>) -> Answer {
    let row = sqlx::query(concat!(
        "SELECT json_group_array(",
        customer!(),
        ") FROM (SELECT ",
        columns!(),
        " FROM customer WHERE region_id = ?1 AND level = ?2 AND ",
        seen!("customer", "?3", "?4", "?5"),
        " ORDER BY created_at DESC, id DESC LIMIT 50)"
    ))
    .bind(of.region.to_string())
    .bind(of.level)
    .bind(&shared.departments)
    .bind(shared.people.manager.to_string())
    .bind(now().timestamp_micros())
    .fetch_one(&mut **shared.reader.take().await?)
    .await?;
    Ok(nodes(row.try_get(0)?))
}

async fn w2s(State(shared): State<SqliteState>) -> Answer {
    let row = sqlx::query(concat!(
        "SELECT json_group_array(",
        customer!(),
        ") FROM (SELECT ",
        columns!(),
        " FROM (SELECT customer_id, recorded_at FROM customer_employee e \
          WHERE e.employee_id = ?1 AND (e.until IS NULL OR e.until > ?2) \
          AND NOT EXISTS (SELECT 1 FROM customer_employee d WHERE d.employee_id = ?1 \
           AND (d.until IS NULL OR d.until > ?2) AND d.customer_id = e.customer_id AND d.id > e.id)) e \
         JOIN customer ON id = customer_id ORDER BY recorded_at DESC, customer_id DESC LIMIT 50)"
    ))
    .bind(shared.people.salesperson.to_string())
    .bind(now().timestamp_micros())
    .fetch_one(&mut **shared.reader.take().await?)
    .await?;
    Ok(nodes(row.try_get(0)?))
}

async fn w6(State(shared): State<SqliteState>, Json(before): Json<Before>) -> Answer {
    let row = sqlx::query(concat!(
        "SELECT json_group_array(",
        customer!(),
        ") FROM ",
        newest!(
            "1000",
            "c.id, c.code, c.name, c.level, c.lifecycle, c.industry, c.phone, c.city, c.credit_limit, c.created_at"
        )
    ))
    .bind(before.before.timestamp_micros())
    .bind(&shared.departments)
    .bind(shared.people.manager.to_string())
    .bind(now().timestamp_micros())
    .fetch_one(&mut **shared.reader.take().await?)
    .await?;
    Ok(nodes(row.try_get(0)?))
}

async fn w3(State(shared): State<SqliteState>, Json(before): Json<Before>) -> Answer {
    let row = sqlx::query(concat!(
        "SELECT json_group_array(json_object('id', c.id, 'code', c.code, 'name', c.name, \
         'owner', CASE WHEN o.id IS NULL THEN NULL ELSE json_object('id', o.id, 'name', o.name) END, \
         'department', json_object('id', d.id, 'name', d.name), \
         'contacts', json_object('nodes', (SELECT json_group_array(json_object('id', x.id, \
          'name', x.name, 'mobile', x.mobile)) FROM (SELECT id, name, mobile FROM contact k \
          WHERE customer_id = c.id AND (c.department_id IN (SELECT value FROM json_each(?2)) OR EXISTS (\
           SELECT 1 FROM contact_employee e WHERE e.contact_id = k.id AND e.employee_id = ?3 \
           AND (e.until IS NULL OR e.until > ?4))) ORDER BY id LIMIT 5) x)), \
         'opportunities', json_object('nodes', (SELECT json_group_array(json_object('id', x.id, \
          'name', x.name, 'amount', printf('%d.%02d', x.amount / 100, x.amount % 100))) \
          FROM (SELECT id, name, amount FROM opportunity k \
          WHERE customer_id = c.id AND (k.department_id IN (SELECT value FROM json_each(?2)) OR EXISTS (\
           SELECT 1 FROM opportunity_employee e WHERE e.opportunity_id = k.id AND e.employee_id = ?3 \
           AND (e.until IS NULL OR e.until > ?4))) ORDER BY id LIMIT 5) x)))) \
         FROM (SELECT id, code, name, owner_id, department_id FROM customer WHERE created_at < ?1 AND ",
        seen!("customer", "?2", "?3", "?4"),
        " ORDER BY created_at DESC, id DESC LIMIT 20) c \
         LEFT JOIN employee o ON o.id = c.owner_id LEFT JOIN department d ON d.id = c.department_id",
    ))
    .bind(before.before.timestamp_micros())
        .bind(&shared.departments)
        .bind(shared.people.manager.to_string())
        .bind(now().timestamp_micros())
    .fetch_one(&mut **shared.reader.take().await?)
    .await?;
    Ok(nodes(row.try_get(0)?))
}

async fn w7c(State(shared): State<SqliteState>, Json(new): Json<New>) -> Answer {
    let (id, at) = (new_id(), now().timestamp_micros());
    if !shared.people.departments.contains(&new.department) {
        return Err(Failed("not a department of the manager's".to_owned()));
    }
    let mut limit = new.credit_limit;
    limit.rescale(2);
    let mut connection = shared.writer.take().await?;
    let mut tx = connection.begin_with("BEGIN IMMEDIATE").await?;
    sqlx::query(
        "INSERT INTO customer (id, version, created_at, created_by_id, updated_at, updated_by_id, code, \
         name, type, level, lifecycle, industry, region_id, department_id, owner_id, credit_limit, \
         phone, city) VALUES (?1, 1, ?2, ?3, ?2, ?3, ?4, ?5, 'INDUSTRIAL_END', ?6, 'POTENTIAL', ?7, \
         ?8, ?9, ?10, ?11, ?12, ?13)",
    )
    .bind(id.to_string())
    .bind(at)
    .bind(shared.operator.as_deref())
    .bind(&new.code)
    .bind(&new.name)
    .bind(&new.level)
    .bind(&new.industry)
    .bind(new.region.to_string())
    .bind(new.department.to_string())
    .bind(new.owner.to_string())
    .bind(limit.mantissa().to_i64())
    .bind(&new.phone)
    .bind(&new.city)
    .execute(&mut *tx)
    .await?;
    let no = sqlx::query("INSERT INTO tw_customer__searched (record_id) VALUES (?1)")
        .bind(id.to_string())
        .execute(&mut *tx)
        .await?
        .last_insert_rowid();
    sqlx::query("INSERT INTO tw_customer__search (rowid, grams) VALUES (?1, ?2)")
        .bind(no)
        .bind(grams([new.code.as_str(), &new.name, &new.phone], Some(&new.name)))
        .execute(&mut *tx)
        .await?;
    sqlx::query(
        "INSERT INTO customer_employee (id, customer_id, line_no, employee_id, is_responsible, \
         is_primary, source, since, recorded_at) VALUES (?1, ?2, 1, ?3, 1, 1, 'OWNER', ?4, ?4)",
    )
    .bind(new_id().to_string())
    .bind(id.to_string())
    .bind(new.owner.to_string())
    .bind(at)
    .execute(&mut *tx)
    .await?;
    events(&mut tx, &shared, id, "CREATE", 1, new.changes(id), at).await?;
    tx.commit().await?;
    Ok(saved("create", id))
}

async fn w7u(State(shared): State<SqliteState>, Json(patch): Json<Patch>) -> Answer {
    let at = now().timestamp_micros();
    let id = patch.id.to_string();
    let mut connection = shared.writer.take().await?;
    let mut tx = connection.begin_with("BEGIN IMMEDIATE").await?;
    let row = sqlx::query(concat!(
        "SELECT phone, version, code, name, short_name, tax_number FROM customer WHERE id = ?1 AND ",
        seen!("customer", "?2", "?3", "?4")
    ))
    .bind(&id)
    .bind(&shared.departments)
    .bind(shared.people.manager.to_string())
    .bind(at)
    .fetch_one(&mut *tx)
    .await?;
    let (phone, version): (Option<String>, i64) = (row.try_get(0)?, row.try_get(1)?);
    sqlx::query(
        "UPDATE customer SET phone = ?2, version = ?3, updated_at = ?4, updated_by_id = ?5 WHERE id = ?1",
    )
    .bind(&id)
    .bind(&patch.phone)
    .bind(version + 1)
    .bind(at)
    .bind(shared.operator.as_deref())
    .execute(&mut *tx)
    .await?;
    let texts: Vec<Option<&str>> =
        (2..6).map(|at| row.try_get(at)).collect::<Result<_, sqlx::Error>>()?;
    let name = texts.get(1).copied().flatten();
    let row = sqlx::query("SELECT no FROM tw_customer__searched WHERE record_id = ?1")
        .bind(&id)
        .fetch_one(&mut *tx)
        .await?;
    let no: i64 = row.try_get(0)?;
    sqlx::query("DELETE FROM tw_customer__search WHERE rowid = ?1")
        .bind(no)
        .execute(&mut *tx)
        .await?;
    sqlx::query("INSERT INTO tw_customer__search (rowid, grams) VALUES (?1, ?2)")
        .bind(no)
        .bind(grams(texts.iter().copied().flatten().chain([patch.phone.as_str()]), name))
        .execute(&mut *tx)
        .await?;
    let changes = serde_json::json!({ "phone": [phone, patch.phone] });
    events(&mut tx, &shared, patch.id, "UPDATE", version + 1, changes, at).await?;
    tx.commit().await?;
    Ok(saved("update", patch.id))
}

async fn events(
    tx: &mut sqlx::SqliteConnection,
    shared: &SqliteState,
    record: Uuid,
    action: &str,
    version: i64,
    changes: serde_json::Value,
    at: i64,
) -> Result<(), Failed> {
    let fields: Vec<_> = changes.as_object().into_iter().flat_map(|map| map.keys()).collect();
    let fields = serde_json::json!(fields).to_string();
    sqlx::query(
        "INSERT INTO tw_history (id, object, record_id, action, version, operator_id, at, changes) \
         VALUES (?1, 'Customer', ?2, ?3, ?4, ?5, ?6, ?7)",
    )
    .bind(new_id().to_string())
    .bind(record.to_string())
    .bind(action)
    .bind(version)
    .bind(shared.operator.as_deref())
    .bind(at)
    .bind(changes.to_string())
    .execute(&mut *tx)
    .await?;
    sqlx::query(
        "INSERT INTO tw_outbox (object, record_id, action, fields, catalog_version, at, version) \
         VALUES ('Customer', ?1, ?2, ?3, 1, ?4, ?5)",
    )
    .bind(record.to_string())
    .bind(action)
    .bind(fields)
    .bind(at)
    .bind(version)
    .execute(&mut *tx)
    .await?;
    Ok(())
}
