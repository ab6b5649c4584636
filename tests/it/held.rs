//! Reads and transactions on PostgreSQL keep their connections, and give them back to whoever waits for the pool.

use std::time::Duration;

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Func, Query, SelectStatement};
use tradewind::storage::{self, Database, PoolSettings};

use crate::support::TestDatabase;

fn sleep(seconds: f64) -> SelectStatement {
    let sleep = Func::cust(Alias::new("pg_sleep")).arg(seconds);
    Query::select().expr(Expr::expr(sleep).cast_as(Alias::new("text"))).to_owned()
}

fn one() -> SelectStatement {
    Query::select().expr(Expr::val(1)).to_owned()
}

async fn open(most: u32, test: &TestDatabase) -> Database {
    let acquire = Duration::from_secs(2);
    let pool = PoolSettings { least: 0, most, acquire, ..PoolSettings::default() };
    storage::open(&test.url(), pool).await.unwrap()
}

/// The connections that are not free in the pool.
fn held(database: &Database) -> usize {
    let pool = database.reader().get_postgres_connection_pool();
    usize::try_from(pool.size()).unwrap() - pool.num_idle()
}

#[tokio::test]
async fn a_read_keeps_its_connection_and_a_transaction_gets_it() {
    let Some(test) = TestDatabase::postgres().await else { return };
    let database = open(1, &test).await;
    for _again in 0..3 {
        database.select(&one()).await.unwrap();
        assert_eq!(held(&database), 1);
        // The only connection is kept by reads, and nobody waits for it to grow old.
        let tx = database.begin().await.unwrap();
        // Now it is the transaction's, and a read has to wait for it: in vain.
        assert!(database.select(&one()).await.is_err());
        tx.commit().await.unwrap();
    }
    database.select(&one()).await.unwrap();
    database.close().await.unwrap();
    assert!(database.select(&one()).await.is_err());
}

#[tokio::test]
async fn everyone_has_their_turn() {
    let Some(test) = TestDatabase::postgres().await else { return };
    let database = open(3, &test).await;
    let reads = (0..60).map(|at| {
        let database = database.clone();
        tokio::spawn(async move {
            if at % 4 == 0 {
                let tx = database.begin().await.unwrap();
                tx.select(&sleep(0.01)).await.unwrap();
                tx.commit().await.unwrap();
            } else {
                database.select(&sleep(0.01)).await.unwrap();
            }
        })
    });
    for read in reads.collect::<Vec<_>>() {
        read.await.unwrap();
    }
    assert!(held(&database) <= 3);
}

#[tokio::test]
async fn what_reads_keep_goes_to_all_who_wait() {
    let Some(test) = TestDatabase::postgres().await else { return };
    let database = open(4, &test).await;
    for _again in 0..5 {
        // Reads have all four, and then there are no more reads.
        let asked = sleep(0.02);
        let reads = (0..4).map(|_| database.select(&asked));
        futures_util::future::try_join_all(reads).await.unwrap();
        let begun = (0..4).map(|_| database.begin());
        let begun = futures_util::future::try_join_all(begun).await.unwrap();
        for tx in begun {
            tx.commit().await.unwrap();
        }
    }
}

#[tokio::test]
async fn what_is_cut_off_or_refused_harms_no_other_read() {
    let Some(test) = TestDatabase::postgres().await else { return };
    let database = open(1, &test).await;
    // Cut off while the statement runs.
    let cut = tokio::time::timeout(Duration::from_millis(50), async {
        database.select(&sleep(0.3)).await.unwrap()
    });
    assert!(cut.await.is_err());
    let rows = database.select(&one()).await.unwrap();
    assert_eq!(rows[0].try_get_by_index::<i32>(0).unwrap(), 1);
    // Refused by the database.
    let nowhere = Query::select().column(Alias::new("a")).from(Alias::new("nowhere")).to_owned();
    assert!(database.select(&nowhere).await.is_err());
    database.select(&one()).await.unwrap();
    // Ended by the database: the next read goes on with another connection.
    let backend = Func::cust(Alias::new("pg_backend_pid"));
    let rows = database.select(&Query::select().expr(backend).to_owned()).await.unwrap();
    let pid: i32 = rows[0].try_get_by_index(0).unwrap();
    let other = open(1, &test).await;
    let tx = other.begin().await.unwrap();
    tx.define(&format!("SELECT pg_terminate_backend({pid})")).await.unwrap();
    tx.commit().await.unwrap();
    database.select(&one()).await.unwrap();
}

#[tokio::test]
async fn a_transaction_hands_its_connection_on() {
    let Some(test) = TestDatabase::postgres().await else { return };
    let database = open(1, &test).await;
    let backend = Func::cust(Alias::new("pg_backend_pid"));
    let backend = Query::select().expr(backend).to_owned();
    let tx = database.begin().await.unwrap();
    tx.define("CREATE TABLE kept (a int)").await.unwrap();
    let rows = tx.select(&backend).await.unwrap();
    let pid: i32 = rows[0].try_get_by_index(0).unwrap();
    tx.commit().await.unwrap();
    // It has not gone back into the pool, and a read goes on with it.
    assert_eq!(held(&database), 1);
    let all = Query::select().column(Alias::new("a")).from(Alias::new("kept")).to_owned();
    for again in 0..3 {
        let snapshot = database.snapshot().await.unwrap();
        assert!(snapshot.define("INSERT INTO kept VALUES (1)").await.is_err());
        drop(snapshot);
        // Dropped, and dropped while a statement runs: neither stores anything.
        let tx = database.begin().await.unwrap();
        tx.define(&format!("INSERT INTO kept VALUES ({again})")).await.unwrap();
        drop(tx);
        assert!(database.select(&all).await.unwrap().is_empty());
        let tx = database.begin().await.unwrap();
        tx.define(&format!("INSERT INTO kept VALUES ({again})")).await.unwrap();
        let cut = tokio::time::timeout(Duration::from_millis(20), async {
            tx.select(&sleep(0.1)).await.unwrap()
        });
        assert!(cut.await.is_err());
        drop(tx);
        assert!(database.select(&all).await.unwrap().is_empty());
        let rows = database.select(&backend).await.unwrap();
        assert_eq!(rows[0].try_get_by_index::<i32>(0).unwrap(), pid);
    }
    database.close().await.unwrap();
}
