//! The yardstick: bare handlers that do the same work with the best hand-written SQL.
//!
//! It is the ceiling of what a server can do: no GraphQL, sign-in, rules or catalog; of rights only the row
//! conditions of the person. Tables and columns are written by hand on purpose. It shares only the pool's
//! settings with the server.

mod json;
mod kept_connections;
mod orders_postgres;
mod orders_sqlite;
mod postgres;
mod sqlite;

use std::net::SocketAddr;

use anyhow::Result;
use axum::{
    Router,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use sea_orm::sqlx;
use serde::Deserialize;
use uuid::Uuid;

use super::{
    accounts::{self, BenchUser},
    data::World,
};
use crate::{
    base::{Clock, clock::SystemWorld},
    sql::Dialect,
    storage::Database,
};

/// Serves the yardstick of a database until the future is dropped. Calls `ready` with the address.
pub(super) async fn serve(
    database: &Database,
    world: World,
    address: SocketAddr,
    ready: impl FnOnce(SocketAddr) -> Result<()>,
) -> Result<()> {
    let people = People::new(world);
    let router: Router = match database.dialect() {
        Dialect::Postgres => {
            postgres::router(database.reader().get_postgres_connection_pool().clone(), people)
                .await?
        }
        Dialect::Sqlite => {
            sqlite::router(
                database.reader().get_sqlite_connection_pool().clone(),
                database.writer().get_sqlite_connection_pool().clone(),
                people,
            )
            .await?
        }
    };
    let listener = tokio::net::TcpListener::bind(address).await?;
    ready(listener.local_addr()?)?;
    Ok(axum::serve(listener, router).await?)
}

/// The people in the row conditions.
#[derive(Clone)]
struct People {
    /// The manager's departments.
    departments: Vec<Uuid>,
    manager: Uuid,
    salesperson: Uuid,
}

impl People {
    fn new(world: World) -> Self {
        Self {
            departments: accounts::managed(world),
            manager: BenchUser::Manager.employee(world),
            salesperson: BenchUser::Salesperson.employee(world),
        }
    }
}

/// The id of one customer.
#[derive(Deserialize)]
struct One {
    id: Uuid,
}

/// Customers of a region and level.
#[derive(Deserialize)]
struct Of {
    region: Uuid,
    level: String,
}

/// Records created before an instant.
#[derive(Deserialize)]
struct Before {
    before: chrono::DateTime<chrono::Utc>,
}

/// A new phone number for a customer.
#[derive(Deserialize)]
struct Patch {
    id: Uuid,
    phone: String,
}

/// A new customer.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct New {
    code: String,
    name: String,
    level: String,
    industry: String,
    region: Uuid,
    department: Uuid,
    owner: Uuid,
    phone: String,
    city: String,
    credit_limit: rust_decimal::Decimal,
}

impl New {
    /// The history entry of a new customer.
    fn changes(&self, id: Uuid) -> serde_json::Value {
        serde_json::json!({
            "id": [null, id],
            "code": [null, self.code],
            "name": [null, self.name],
            "type": [null, "INDUSTRIAL_END"],
            "level": [null, self.level],
            "lifecycle": [null, "POTENTIAL"],
            "industry": [null, self.industry],
            "region": [null, self.region],
            "department": [null, self.department],
            "owner": [null, self.owner],
            "creditLimit": [null, self.credit_limit],
            "phone": [null, self.phone],
            "city": [null, self.city],
            "relatedEmployees": { "created": 1, "updated": 0, "deleted": 0 },
        })
    }
}

/// The result of a handler.
type Answer = Result<Response, Failed>;

/// The body `{"data":{NAME:VALUE}}`.
fn data(name: &str, value: &str) -> Response {
    let mut body = String::with_capacity(value.len() + 64);
    for part in ["{\"data\":{\"", name, "\":", value, "}}"] {
        body.push_str(part);
    }
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// The body of a successful save.
fn saved(verb: &str, id: Uuid) -> Response {
    data(
        &format!("{verb}Customer"),
        &format!("{{\"record\":{{\"id\":\"{id}\"}},\"userErrors\":[]}}"),
    )
}

/// A failure of a handler, returned to the run.
struct Failed(String);

impl From<sqlx::Error> for Failed {
    fn from(error: sqlx::Error) -> Self {
        Self(error.to_string())
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        (StatusCode::INTERNAL_SERVER_ERROR, self.0).into_response()
    }
}

fn now() -> chrono::DateTime<chrono::Utc> {
    SystemWorld.now()
}

fn new_id() -> Uuid {
    use crate::base::Ids;
    SystemWorld.next()
}
