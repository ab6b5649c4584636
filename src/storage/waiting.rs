//! How long a request has waited for the database: for a free connection and for the ends of statements.
//!
//! Measured only within [`timed`]; without it no clock is read. Work that a request leaves to another task is
//! not its waiting.

use std::{
    cell::Cell,
    future::Future,
    time::{Duration, Instant},
};

tokio::task_local! {
    static WAITED: Cell<Duration>;
}

/// What a future comes to, and how long it has waited for the database.
pub async fn timed<F: Future>(future: F) -> (F::Output, Duration) {
    let measured = async {
        let output = future.await;
        (output, WAITED.with(Cell::get))
    };
    WAITED.scope(Cell::default(), measured).await
}

/// Awaits the database.
pub(super) async fn waiting<F: Future>(future: F) -> F::Output {
    let _measured = WAITED.try_with(|_| Begun(Instant::now()));
    future.await
}

/// When a wait began. It ends with its drop, for what is given up was waited for, too.
struct Begun(Instant);

impl Drop for Begun {
    fn drop(&mut self) {
        let waited = self.0.elapsed();
        // Outside of the request nobody asks.
        let _ = WAITED.try_with(|all| all.set(all.get().saturating_add(waited)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_waited_for_is_added_up() {
        let wait = || tokio::task::yield_now();
        waiting(wait()).await;
        let (output, none) = timed(async { 7 }).await;
        assert_eq!((output, none), (7, Duration::ZERO));
        let ((), once) = timed(waiting(wait())).await;
        assert!(once > Duration::ZERO);
        let given_up = async {
            let limit = Duration::from_millis(1);
            let stopped = tokio::time::timeout(limit, waiting(std::future::pending::<()>())).await;
            assert!(stopped.is_err());
        };
        assert!(timed(given_up).await.1 > Duration::ZERO);
    }
}
