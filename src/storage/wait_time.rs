//! How long a request waits for the database: for a free connection and for the results of statements.
//!
//! Measured only within [`timed`]; outside it no clock is read. Waits in another task do not count.

use std::{
    cell::Cell,
    future::Future,
    time::{Duration, Instant},
};

tokio::task_local! {
    static WAITED: Cell<Duration>;
}

/// Runs a future. Returns its output and how long it waited for the database.
pub async fn timed<F: Future>(future: F) -> (F::Output, Duration) {
    let measured = async {
        let output = future.await;
        (output, WAITED.with(Cell::get))
    };
    WAITED.scope(Cell::default(), measured).await
}

/// Awaits a future of the database and measures the wait.
pub(super) async fn waiting<F: Future>(future: F) -> F::Output {
    let _measured = WAITED.try_with(|_| Begun(Instant::now()));
    future.await
}

/// The start of a wait. The wait ends on drop, so that cancelled waits count, too.
struct Begun(Instant);

impl Drop for Begun {
    fn drop(&mut self) {
        let waited = self.0.elapsed();
        // Outside [`timed`] this does nothing.
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
