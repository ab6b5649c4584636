//! The yardstick on PostgreSQL: typed rows become JSON here; the database builds nested lists as JSON.

use std::sync::Arc;

use axum::{Json, Router, extract::State, routing::post};
use chrono::{DateTime, Utc};
use sea_orm::sqlx::{self, Connection, PgPool, Postgres, Row, postgres::PgRow};
use uuid::Uuid;

use crate::sql::grams;

use super::{
    Answer, Before, Failed, New, Of, One, Patch, People, data, json,
    kept_connections::KeptConnections, new_id, now, saved,
};

macro_rules! fields {
    () => {
        "id, code, name, level, lifecycle, industry, phone, city, credit_limit::text, created_at"
    };
}

/// The manager's condition on a customer.
macro_rules! seen {
    ($customer:literal, $departments:literal, $employee:literal) => {
        concat!(
            "(",
            $customer,
            ".department_id = ANY(",
            $departments,
            ") OR EXISTS (SELECT FROM customer_employee e WHERE e.customer_id = ",
            $customer,
            ".id AND e.employee_id = ",
            $employee,
            " AND (e.until IS NULL OR e.until > now())))"
        )
    };
}

/// The customers of one of the manager's departments before an instant, newest first.
macro_rules! of_department {
    ($nth:literal, $limit:literal, $columns:literal) => {
        concat!(
            "(SELECT c.created_at AS made_at, c.id AS made_id, ",
            $columns,
            " FROM customer c WHERE c.department_id = $2[",
            $nth,
            "] AND c.created_at < $1 ORDER BY c.created_at DESC, c.id DESC LIMIT ",
            $limit,
            ")"
        )
    };
}

/// The manager's customers before an instant, newest first: a union of branches for eight departments and for
/// the manager's own. Each branch reads an index in that order.
macro_rules! newest {
    ($limit:literal, $columns:literal) => {
        concat!(
            "(SELECT * FROM ",
            of_department!("1", $limit, $columns),
            " b UNION ALL ",
            of_department!("2", $limit, $columns),
            " UNION ALL ",
            of_department!("3", $limit, $columns),
            " UNION ALL ",
            of_department!("4", $limit, $columns),
            " UNION ALL ",
            of_department!("5", $limit, $columns),
            " UNION ALL ",
            of_department!("6", $limit, $columns),
            " UNION ALL ",
            of_department!("7", $limit, $columns),
            " UNION ALL ",
            of_department!("8", $limit, $columns),
            " UNION ALL (SELECT e.recorded_at AS made_at, e.customer_id AS made_id, ",
            $columns,
            " FROM customer_employee e JOIN customer c ON c.id = e.customer_id \
             WHERE e.employee_id = $3 AND (e.until IS NULL OR e.until > now()) AND e.recorded_at < $1 \
             AND (c.department_id = ANY($2)) IS NOT TRUE AND NOT EXISTS (SELECT FROM customer_employee d \
              WHERE d.employee_id = $3 AND (d.until IS NULL OR d.until > now()) \
              AND d.customer_id = e.customer_id AND d.id > e.id) \
             ORDER BY e.recorded_at DESC, e.customer_id DESC LIMIT ",
            $limit,
            ") ORDER BY made_at DESC, made_id DESC LIMIT ",
            $limit,
            ")"
        )
    };
}

#[derive(Clone)]
pub(super) struct PostgresState {
    pub(super) pool: Arc<KeptConnections<Postgres>>,
    pub(super) people: People,
    /// The operator of saves, as on our server.
    operator: Option<Uuid>,
}

pub(super) async fn router(pool: PgPool, people: People) -> Result<Router, sqlx::Error> {
    let row = sqlx::query("SELECT id FROM operator WHERE account = 'bench_manager'")
        .fetch_optional(&pool)
        .await?;
    let operator = row.map(|row| row.try_get(0)).transpose()?;
    Ok(Router::new()
        .route("/w1", post(w1))
        .route("/w2", post(w2))
        .route("/w2s", post(w2s))
        .route("/w3", post(w3))
        .route("/w4", post(super::orders_postgres::w4))
        .route("/w5", post(super::orders_postgres::w5))
        .route("/w6", post(w6))
        .route("/w7c", post(w7c))
        .route("/w7u", post(w7u))
        .with_state(PostgresState {
            pool: Arc::new(KeptConnections::like(&pool).await?),
            people,
            operator,
        }))
}

/// Ten fields of a customer.
fn customer(row: &PgRow, out: &mut String) -> Result<(), sqlx::Error> {
    out.push('{');
    uuid("id", row, 0, out)?;
    for (at, name) in [
        (1, "code"),
        (2, "name"),
        (3, "level"),
        (4, "lifecycle"),
        (5, "industry"),
        (6, "phone"),
        (7, "city"),
    ] {
        text(name, row, at, out)?;
    }
    text("creditLimit", row, 8, out)?;
    json::key("createdAt", out);
    json::instant(row.try_get::<DateTime<Utc>, _>(9)?, out);
    out.push('}');
    Ok(())
}

pub(super) fn uuid(
    name: &str,
    row: &PgRow,
    at: usize,
    out: &mut String,
) -> Result<(), sqlx::Error> {
    json::key(name, out);
    let id: Uuid = row.try_get(at)?;
    json::plain(id.hyphenated().encode_lower(&mut Uuid::encode_buffer()), out);
    Ok(())
}

pub(super) fn text(
    name: &str,
    row: &PgRow,
    at: usize,
    out: &mut String,
) -> Result<(), sqlx::Error> {
    json::key(name, out);
    json::text(row.try_get::<Option<&str>, _>(at)?, out);
    Ok(())
}

pub(super) fn nodes(
    rows: &[PgRow],
    each: impl Fn(&PgRow, &mut String) -> Result<(), sqlx::Error>,
) -> Result<String, sqlx::Error> {
    let mut out = String::with_capacity(64 + rows.len() * 280);
    out.push_str("{\"nodes\":[");
    for (ix, row) in rows.iter().enumerate() {
        if ix > 0 {
            out.push(',');
        }
        each(row, &mut out)?;
    }
    out.push_str("]}");
    Ok(out)
}

async fn w1(State(shared): State<PostgresState>, Json(one): Json<One>) -> Answer {
    let row = sqlx::query(concat!(
        "SELECT ",
        fields!(),
        " FROM customer WHERE id = $1 AND ",
        seen!("customer", "$2", "$3")
    ))
    .bind(one.id)
    .bind(&shared.people.departments)
    .bind(shared.people.manager)
    .fetch_optional(&mut **shared.pool.take().await?)
    .await?;
    let mut out = String::with_capacity(320);
    match row {
        Some(row) => customer(&row, &mut out)?,
        None => out.push_str("null"),
    }
    Ok(data("customer", &out))
}

async fn w2(State(shared): State<PostgresState>, Json(of): Json<Of>) -> Answer {
    let rows = sqlx::query(concat!(
        "SELECT ",
        fields!(),
        " FROM customer WHERE region_id = $1 AND level = $2 AND ",
        seen!("customer", "$3", "$4"),
        " ORDER BY created_at DESC, id DESC LIMIT 50"
    ))
    .bind(of.region)
    .bind(of.level)
    .bind(&shared.people.departments)
    .bind(shared.people.manager)
    .fetch_all(&mut **shared.pool.take().await?)
    .await?;
    Ok(data("customers", &nodes(&rows, customer)?))
}

async fn w2s(State(shared): State<PostgresState>) -> Answer {
    let rows = sqlx::query(concat!(
        "SELECT ",
        fields!(),
        " FROM (SELECT customer_id, recorded_at FROM customer_employee e \
          WHERE e.employee_id = $1 AND (e.until IS NULL OR e.until > now()) \
          AND NOT EXISTS (SELECT FROM customer_employee d WHERE d.employee_id = $1 \
           AND (d.until IS NULL OR d.until > now()) AND d.customer_id = e.customer_id AND d.id > e.id)) e \
          JOIN customer ON id = customer_id ORDER BY recorded_at DESC, customer_id DESC LIMIT 50"
    ))
    .bind(shared.people.salesperson)
    .fetch_all(&mut **shared.pool.take().await?)
    .await?;
    Ok(data("customers", &nodes(&rows, customer)?))
}

async fn w6(State(shared): State<PostgresState>, Json(before): Json<Before>) -> Answer {
    let rows = sqlx::query(concat!(
        "SELECT ",
        fields!(),
        " FROM ",
        newest!(
            "1000",
            "c.id, c.code, c.name, c.level, c.lifecycle, c.industry, c.phone, c.city, c.credit_limit, c.created_at"
        ),
        " customer ORDER BY made_at DESC, made_id DESC"
    ))
    .bind(before.before)
    .bind(&shared.people.departments)
    .bind(shared.people.manager)
    .fetch_all(&mut **shared.pool.take().await?)
    .await?;
    Ok(data("customers", &nodes(&rows, customer)?))
}

async fn w3(State(shared): State<PostgresState>, Json(before): Json<Before>) -> Answer {
    let rows = sqlx::query(concat!(
        "SELECT c.id, c.code, c.name, o.id, o.name, d.id, d.name, \
         (SELECT json_agg(x) FROM (SELECT id, name, mobile FROM contact k \
          WHERE k.customer_id = c.id AND (c.department_id = ANY($2) OR EXISTS (SELECT FROM \
           contact_employee e WHERE e.contact_id = k.id AND e.employee_id = $3 \
           AND (e.until IS NULL OR e.until > now()) OFFSET 0)) ORDER BY id LIMIT 5) x)::text, \
         (SELECT json_agg(x) FROM (SELECT id, name, amount::text FROM opportunity k \
          WHERE k.customer_id = c.id AND (k.department_id = ANY($2) OR EXISTS (SELECT FROM \
           opportunity_employee e WHERE e.opportunity_id = k.id AND e.employee_id = $3 \
           AND (e.until IS NULL OR e.until > now()) OFFSET 0)) ORDER BY id LIMIT 5) x)::text \
         FROM ",
        newest!("20", "c.id, c.code, c.name, c.owner_id, c.department_id"),
        " c LEFT JOIN employee o ON o.id = c.owner_id \
         LEFT JOIN department d ON d.id = c.department_id ORDER BY c.made_at DESC, c.made_id DESC",
    ))
    .bind(before.before)
    .bind(&shared.people.departments)
    .bind(shared.people.manager)
    .fetch_all(&mut **shared.pool.take().await?)
    .await?;
    let each = |row: &PgRow, out: &mut String| {
        out.push('{');
        uuid("id", row, 0, out)?;
        text("code", row, 1, out)?;
        text("name", row, 2, out)?;
        for (name, at) in [("owner", 3), ("department", 5)] {
            json::key(name, out);
            if row.try_get::<Option<Uuid>, _>(at)?.is_some() {
                out.push('{');
                uuid("id", row, at, out)?;
                text("name", row, at + 1, out)?;
                out.push('}');
            } else {
                out.push_str("null");
            }
        }
        for (name, at) in [("contacts", 7), ("opportunities", 8)] {
            json::key(name, out);
            out.push_str("{\"nodes\":");
            out.push_str(row.try_get::<Option<&str>, _>(at)?.unwrap_or("[]"));
            out.push('}');
        }
        out.push('}');
        Ok(())
    };
    Ok(data("customers", &nodes(&rows, each)?))
}

async fn w7c(State(shared): State<PostgresState>, Json(new): Json<New>) -> Answer {
    let (id, at) = (new_id(), now());
    if !shared.people.departments.contains(&new.department) {
        return Err(Failed("not a department of the manager's".to_owned()));
    }
    let mut connection = shared.pool.take().await?;
    let mut tx = connection.begin().await?;
    sqlx::query(
        "WITH customer AS (INSERT INTO customer (id, version, created_at, created_by_id, updated_at, updated_by_id, code, \
         name, type, level, lifecycle, industry, region_id, department_id, owner_id, credit_limit, \
         phone, city) VALUES ($1, 1, $2, $3, $2, $3, $4, $5, 'INDUSTRIAL_END', $6, 'POTENTIAL', $7, \
         $8, $9, $10, $11, $12, $13)) \
         INSERT INTO tw_customer__search (record_id, grams) \
         VALUES ($1, array_to_tsvector(string_to_array($14, ' ')))",
    )
    .bind(id)
    .bind(at)
    .bind(shared.operator)
    .bind(&new.code)
    .bind(&new.name)
    .bind(&new.level)
    .bind(&new.industry)
    .bind(new.region)
    .bind(new.department)
    .bind(new.owner)
    .bind(new.credit_limit)
    .bind(&new.phone)
    .bind(&new.city)
    .bind(grams([new.code.as_str(), &new.name, &new.phone], Some(&new.name)))
    .execute(&mut *tx)
    .await?;
    sqlx::query(
        "INSERT INTO customer_employee (id, customer_id, line_no, employee_id, is_responsible, \
         is_primary, source, since, recorded_at) VALUES ($1, $2, 1, $3, TRUE, TRUE, 'OWNER', $4, $4)",
    )
    .bind(new_id())
    .bind(id)
    .bind(new.owner)
    .bind(at)
    .execute(&mut *tx)
    .await?;
    events(&mut tx, &shared, id, "CREATE", 1, new.changes(id), at).await?;
    tx.commit().await?;
    Ok(saved("create", id))
}

async fn w7u(State(shared): State<PostgresState>, Json(patch): Json<Patch>) -> Answer {
    let at = now();
    let mut connection = shared.pool.take().await?;
    let mut tx = connection.begin().await?;
    let row = sqlx::query(concat!(
        "SELECT phone, version, code, name, short_name, tax_number FROM customer WHERE id = $1 AND ",
        seen!("customer", "$2", "$3"),
        " FOR UPDATE"
    ))
    .bind(patch.id)
    .bind(&shared.people.departments)
    .bind(shared.people.manager)
    .fetch_one(&mut *tx)
    .await?;
    let (phone, version): (Option<String>, i64) = (row.try_get(0)?, row.try_get(1)?);
    sqlx::query(
        "UPDATE customer SET phone = $2, version = $3, updated_at = $4, updated_by_id = $5 WHERE id = $1",
    )
    .bind(patch.id)
    .bind(&patch.phone)
    .bind(version + 1)
    .bind(at)
    .bind(shared.operator)
    .execute(&mut *tx)
    .await?;
    let texts: Vec<Option<&str>> =
        (2..6).map(|at| row.try_get(at)).collect::<Result<_, sqlx::Error>>()?;
    let name = texts.get(1).copied().flatten();
    sqlx::query(
        "UPDATE tw_customer__search SET grams = array_to_tsvector(string_to_array($2, ' ')) \
         WHERE record_id = $1",
    )
    .bind(patch.id)
    .bind(grams(texts.iter().copied().flatten().chain([patch.phone.as_str()]), name))
    .execute(&mut *tx)
    .await?;
    let changes = serde_json::json!({ "phone": [phone, patch.phone] });
    events(&mut tx, &shared, patch.id, "UPDATE", version + 1, changes, at).await?;
    tx.commit().await?;
    Ok(saved("update", patch.id))
}

async fn events(
    tx: &mut sqlx::PgConnection,
    shared: &PostgresState,
    record: Uuid,
    action: &str,
    version: i64,
    changes: serde_json::Value,
    at: DateTime<Utc>,
) -> Result<(), Failed> {
    let fields: Vec<_> = changes.as_object().into_iter().flat_map(|map| map.keys()).collect();
    let fields = serde_json::json!(fields).to_string();
    sqlx::query(
        "WITH history AS (INSERT INTO tw_history (id, object, record_id, action, version, \
         operator_id, at, changes) VALUES ($1, 'Customer', $2, $3, $4, $5, $6, $7)) \
         INSERT INTO tw_outbox (object, record_id, action, fields, catalog_version, at, version) \
         VALUES ('Customer', $2, $3, $8, 1, $6, $4)",
    )
    .bind(new_id().to_string())
    .bind(record.to_string())
    .bind(action)
    .bind(version)
    .bind(shared.operator.map(|id| id.to_string()))
    .bind(at.timestamp_micros())
    .bind(changes.to_string())
    .bind(fields)
    .execute(&mut *tx)
    .await?;
    Ok(())
}
