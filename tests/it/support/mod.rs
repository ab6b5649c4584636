//! What the tests stand on: a company on a database of its own, and a client that speaks HTTP to it.

mod access_keys;
mod client;
mod database;
mod events;
pub(crate) mod office;
pub(crate) mod recorder;
pub(crate) mod rule;
mod template;

pub(crate) use self::{
    access_keys::{access_keys_hold, stale_access_keys},
    client::{
        Answer, Client, PASSWORD, Poster, open_beside, open_closed, open_copy, open_copy_as,
        open_harmed, open_hasty, open_hurried, open_impatient, open_limited, open_tuned,
        open_unhurried, told,
    },
    database::{TestDatabase, setting},
    events::Told,
};

/// Tells each story on SQLite and, where a server is at hand, on PostgreSQL.
#[macro_export]
macro_rules! both_dbs {
    ($($name:ident)*) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $name() {
                let client = $crate::support::Client::sqlite().await;
                Box::pin(super::$name(&client)).await;
                $crate::support::access_keys_hold(&client.company).await;
            })*
        }
        mod postgres {
            $(#[tokio::test]
            async fn $name() {
                if let Some(client) = $crate::support::Client::postgres().await {
                    Box::pin(super::$name(&client)).await;
                    $crate::support::access_keys_hold(&client.company).await;
                }
            })*
        }
    };
}
