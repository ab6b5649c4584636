//! Connections that the yardstick keeps checked out, as the server does: one that goes back into a pool is pinged.

use std::sync::atomic::{AtomicUsize, Ordering};

use sea_orm::sqlx::{Database, Error, Pool, pool::PoolConnection};
use tokio::sync::{Mutex, MutexGuard};

/// As many connections as a pool has.
pub(super) struct KeptConnections<D: Database> {
    each: Vec<Mutex<PoolConnection<D>>>,
    /// Who finds none free waits for one after the other.
    next: AtomicUsize,
}

impl<D: Database> KeptConnections<D> {
    /// Opens connections with the options of a pool.
    pub(super) async fn like(pool: &Pool<D>) -> Result<Self, Error> {
        let most = pool.options().get_max_connections();
        let own = pool.options().clone().connect_with((*pool.connect_options()).clone()).await?;
        let mut each = Vec::new();
        for _another in 0..most {
            each.push(Mutex::new(own.acquire().await?));
        }
        Ok(Self { each, next: AtomicUsize::new(0) })
    }

    /// A connection for one request.
    pub(super) async fn take(&self) -> Result<MutexGuard<'_, PoolConnection<D>>, Error> {
        if let Some(free) = self.each.iter().find_map(|one| one.try_lock().ok()) {
            return Ok(free);
        }
        let next = self.next.fetch_add(1, Ordering::Relaxed) % self.each.len().max(1);
        match self.each.get(next) {
            Some(busy) => Ok(busy.lock().await),
            None => Err(Error::PoolClosed),
        }
    }
}
