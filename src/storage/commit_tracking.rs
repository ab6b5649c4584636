//! Tracks whether a request has begun a commit. Code that cancels the request needs to know.
//!
//! Only within [`keeping`]. Work that a request moves to another task is not tracked.

use std::{cell::Cell, future::Future};

tokio::task_local! {
    static ASKED: Cell<bool>;
}

/// Runs a future. Returns its output and whether it began a commit, finished or not.
pub async fn keeping<F: Future>(future: F) -> (F::Output, bool) {
    let watched = async {
        let output = future.await;
        (output, ASKED.with(Cell::get))
    };
    ASKED.scope(Cell::default(), watched).await
}

/// Runs a commit that does not count as the request's own, such as an audit entry about it.
pub(super) async fn unasked<F: Future>(future: F) -> F::Output {
    ASKED.scope(Cell::default(), future).await
}

/// Records that a commit begins.
pub(super) fn begins() {
    // Outside [`keeping`] this does nothing.
    let _ = ASKED.try_with(|asked| asked.set(true));
}
