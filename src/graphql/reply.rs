//! What answers are made of: refusals, and errors as callers see them.

use serde_json::{Value as Json, json};

use super::{
    exchange::{Caller, Reply},
    faults,
};
use crate::base::{Code, Error};

/// Builds the reply if no operation was executed.
pub(super) fn refusal(errors: &[Error], caller: &Caller) -> Reply {
    for error in errors {
        log(error, caller);
    }
    let listed: Vec<_> = errors.iter().take(20).map(|error| shown(error, caller)).collect();
    let status = errors.first().map_or(400, |error| error.code.status());
    Reply { body: json!({ "errors": listed }).to_string().into_bytes(), status, fingerprint: None }
}

pub(super) fn log(error: &Error, caller: &Caller) {
    if error.code == Code::Internal || error.code == Code::StorageUnavailable {
        tracing::error!(request.id = %caller.request_id, error = %error, "request failed");
    }
}

/// Formats an error for `errors`.
pub(super) fn shown(error: &Error, caller: &Caller) -> Json {
    let mut extensions = json!({ "code": error.code.name() });
    if let Some(hint) = &error.hint {
        extensions["hint"] = json!(hint.text(caller.lang));
    }
    if !error.path.is_empty() {
        extensions["path"] = json!(error.path);
    }
    if error.code == Code::Internal {
        extensions["requestId"] = json!(caller.request_id);
    }
    json!({ "message": error.message.text(caller.lang), "extensions": extensions })
}

pub(super) fn one(error: Error) -> Vec<Error> {
    vec![error]
}

/// Adjusts an error while reading the answer of something that is stored.
pub(super) fn stored(error: Error) -> Error {
    let stored = match error.code {
        Code::StorageUnavailable => faults::stored_unread(),
        Code::LimitTime => faults::stored_unread_in_time(),
        _ => return error,
    };
    Error { internal: error.internal, ..stored }
}
