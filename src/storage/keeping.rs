//! Whether a request has asked the database to keep something, for who stops it before it has answered.
//!
//! Only within [`keeping`]. Work that a request leaves to another task is not its own.

use std::{cell::Cell, future::Future};

tokio::task_local! {
    static ASKED: Cell<bool>;
}

/// What a future comes to, and whether a commit began in it: one that it has seen to the end, or whose end it
/// was not left the time to see.
pub async fn keeping<F: Future>(future: F) -> (F::Output, bool) {
    let watched = async {
        let output = future.await;
        (output, ASKED.with(Cell::get))
    };
    ASKED.scope(Cell::default(), watched).await
}

/// A commit that the request did not ask for: what is written down about it.
pub(super) async fn unasked<F: Future>(future: F) -> F::Output {
    ASKED.scope(Cell::default(), future).await
}

/// A commit begins.
pub(super) fn begins() {
    // Outside of a request nobody asks.
    let _ = ASKED.try_with(|asked| asked.set(true));
}
