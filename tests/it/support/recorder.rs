//! Hears the statements that are sent on a thread.

use std::{cell::RefCell, fmt::Write as _, sync::Once};

use tracing_subscriber::{Layer, layer::SubscriberExt};

thread_local! {
    /// The statements sent on this thread, while someone listens.
    static SENT: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
}

/// Hears every statement of the process. One for all tests: a listener for one thread alone would miss
/// events whose places other threads have passed before.
struct Recorder;

/// Listens on this thread from now on.
pub(crate) fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let subscriber = tracing_subscriber::registry().with(Recorder);
        tracing::subscriber::set_global_default(subscriber).unwrap();
    });
    SENT.set(Some(Vec::new()));
}

/// What was sent since the last time.
pub(crate) fn sent() -> Vec<String> {
    SENT.with_borrow_mut(|sent| sent.as_mut().map(std::mem::take).unwrap_or_default())
}

struct Message<'m>(&'m mut String);

impl tracing::field::Visit for Message<'_> {
    fn record_debug(&mut self, _: &tracing::field::Field, value: &dyn std::fmt::Debug) {
        write!(self.0, "{value:?}").unwrap();
    }
}

impl<S: tracing::Subscriber> Layer<S> for Recorder {
    fn on_event(&self, event: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        if event.metadata().target() == "tradewind::sql" {
            let mut sql = String::new();
            event.record(&mut Message(&mut sql));
            SENT.with_borrow_mut(|sent| sent.iter_mut().for_each(|sent| sent.push(sql.clone())));
        }
    }
}
