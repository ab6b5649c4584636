//! Automatic persisted queries: documents that clients send once and afterwards name by their hash.
//!
//! Knows hashes and texts, never what a document says. Only texts of signed-in callers are kept, and what
//! is kept is bounded: a client whose document was forgotten sends it again.

use std::{fmt::Write, sync::Arc};

use moka::sync::Cache;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::graphql::wrong;
use crate::base::{Code, Error, error::Result};

/// Bytes of documents kept.
const KEPT: u64 = 10_000_000;
/// The longest document that is kept, in bytes.
const LONGEST: usize = 200_000;

/// Documents by the hash of their text.
#[derive(Clone)]
pub(super) struct Documents(Cache<String, Arc<str>>);

impl Default for Documents {
    fn default() -> Self {
        let weight = |hash: &String, text: &Arc<str>| {
            u32::try_from(hash.len() + text.len()).unwrap_or(u32::MAX)
        };
        Self(Cache::builder().weigher(weight).max_capacity(KEPT).build())
    }
}

impl Documents {
    /// The text of a request's document: the one it brings, or the one it names by
    /// `{"persistedQuery": {"version": 1, "sha256Hash": "…"}}`.
    pub(super) fn text(
        &self,
        query: Option<String>,
        extensions: &Map<String, Value>,
        signed_in: bool,
    ) -> Result<String> {
        let Some(named) = extensions.get("persistedQuery").filter(|named| !named.is_null()) else {
            return query.ok_or_else(|| {
                Error::new(Code::InputValue, "`query` is missing", "缺少 `query`")
                    .at(["query"])
                    .hint("put the document's text there", "请在其中填写 GraphQL 文档")
            });
        };
        let hash = hash(named)?;
        match query {
            None => match self.0.get(&hash) {
                Some(text) => Ok(text.to_string()),
                // Clients look for these very words before they send the text.
                None => Err(Error::new(
                    Code::PersistedQueryNotFound,
                    "PersistedQueryNotFound",
                    "PersistedQueryNotFound",
                )),
            },
            Some(text) => {
                if hash != hashed(&text) {
                    return Err(wrong(
                        "extensions.persistedQuery.sha256Hash",
                        "the SHA-256 of `query`",
                        " `query` 的 SHA-256",
                    ));
                }
                if signed_in && text.len() <= LONGEST {
                    self.0.insert(hash, text.as_str().into());
                }
                Ok(text)
            }
        }
    }
}

fn hash(named: &Value) -> Result<String> {
    let hash = named.get("sha256Hash").and_then(Value::as_str).unwrap_or_default();
    let fits = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    if named.get("version").and_then(Value::as_u64) == Some(1) && fits {
        return Ok(hash.to_ascii_lowercase());
    }
    Err(wrong(
        "extensions.persistedQuery",
        "`{\"version\": 1, \"sha256Hash\": \"…\"}` with 64 hexadecimal digits",
        " `{\"version\": 1, \"sha256Hash\": \"…\"}`，其中哈希为 64 位十六进制数",
    ))
}

fn hashed(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn naming(hash: &str) -> Map<String, Value> {
        let named = json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } });
        named.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn a_text_is_kept_by_its_hash_for_those_who_signed_in() {
        let documents = Documents::default();
        let text = "{ __typename }".to_owned();
        let hash = hashed(&text);
        assert_eq!(hash, "7f56e67dd21ab3f30d1ff8b7bed08893f0a0db86449836189b361dd1e56ddb4b");
        let code = |result: Result<String>| result.map_err(|error| error.code);
        let unknown = Err(Code::PersistedQueryNotFound);
        assert_eq!(code(documents.text(None, &naming(&hash), true)), unknown);
        assert!(documents.text(Some(text.clone()), &naming(&hash), false).is_ok());
        assert_eq!(code(documents.text(None, &naming(&hash), true)), unknown);
        assert!(documents.text(Some(text.clone()), &naming(&hash), true).is_ok());
        assert_eq!(documents.text(None, &naming(&hash.to_uppercase()), false).ok(), Some(text));
        let other = Some("{ other }".to_owned());
        assert_eq!(code(documents.text(other, &naming(&hash), true)), Err(Code::InputValue));
        for wrong in ["", "xyz", &"g".repeat(64)] {
            assert_eq!(code(documents.text(None, &naming(wrong), true)), Err(Code::InputValue));
        }
        assert_eq!(code(documents.text(None, &Map::new(), true)), Err(Code::InputValue));
    }
}
