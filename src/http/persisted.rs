//! Named documents. Clients send a document once and then name it by its hash (automatic persisted queries),
//! or name one of the settings' list (trusted documents).
//!
//! Knows names and texts, never the meaning of a document. Only texts of signed-in callers are cached, within
//! a bound. If a document was evicted, the client sends it again.

use std::{collections::HashMap, fmt::Write, path::Path, sync::Arc};

use moka::sync::Cache;
use serde::Deserialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::faults;
use crate::base::error::Result;

/// Most bytes of cached documents.
const KEPT: u64 = 10_000_000;
/// The longest document that is cached, in bytes.
const LONGEST: usize = 200_000;

/// The documents of the settings' list, by their id and by the hash of their text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trusted {
    texts: HashMap<String, Arc<str>>,
    /// Refuse all other documents.
    only: bool,
}

impl Trusted {
    /// Reads a list from a file. The error says what is wrong with it.
    pub fn read(path: &Path, only: bool) -> Result<Self, String> {
        let place = path.display();
        let json = std::fs::read_to_string(path)
            .map_err(|error| format!("{place}: cannot be read: {error}"))?;
        Self::parse(&json, only).map_err(|fault| format!("{place}: {fault}"))
    }

    /// Parses a list: a JSON object of ids and texts, as Relay's compiler and the client preset of GraphQL
    /// Code Generator write it, or the manifest of Apollo's tool.
    pub fn parse(json: &str, only: bool) -> Result<Self, String> {
        let listed = match serde_json::from_str(json) {
            Ok(List::Manifest { operations }) => {
                operations.into_iter().map(|operation| (operation.id, operation.body)).collect()
            }
            Ok(List::Plain(texts)) => texts,
            Err(error) => return Err(format!("not a JSON object of texts: {error}")),
        };
        let mut texts = HashMap::new();
        for (id, text) in listed {
            let text: Arc<str> = text.into();
            texts.insert(hashed(&text), Arc::clone(&text));
            texts.insert(plain(&id).to_owned(), text);
        }
        Ok(Self { texts, only })
    }
}

/// The formats of a list.
#[derive(Deserialize)]
#[serde(untagged)]
enum List {
    Manifest { operations: Vec<Operation> },
    Plain(HashMap<String, String>),
}

/// A document of Apollo's manifest.
#[derive(Deserialize)]
struct Operation {
    id: String,
    body: String,
}

/// Returns an id without the prefix of its hash.
fn plain(id: &str) -> &str {
    id.strip_prefix("sha256:").unwrap_or(id)
}

/// The documents that a request can name.
#[derive(Clone, Default)]
pub(super) struct PersistedDocuments {
    sent: Sent,
    trusted: Arc<Trusted>,
}

#[derive(Clone)]
struct Sent(Cache<String, Arc<str>>);

impl Default for Sent {
    fn default() -> Self {
        let weight = |hash: &String, text: &Arc<str>| {
            u32::try_from(hash.len() + text.len()).unwrap_or(u32::MAX)
        };
        Self(Cache::builder().weigher(weight).max_capacity(KEPT).build())
    }
}

impl PersistedDocuments {
    /// Adds an empty cache of sent documents to a list.
    pub(super) fn beside(trusted: Trusted) -> Self {
        Self { sent: Sent::default(), trusted: Arc::new(trusted) }
    }

    /// Returns the text of a request's document: the text it contains, or the document it names by
    /// `documentId` or by `{"persistedQuery": {"version": 1, "sha256Hash": "…"}}`.
    pub(super) fn text(
        &self,
        query: Option<String>,
        id: Option<&str>,
        extensions: &Map<String, Value>,
        signed_in: bool,
    ) -> Result<String> {
        if let (None, Some(id)) = (&query, id) {
            let listed = self.trusted.texts.get(plain(id));
            return listed.map(ToString::to_string).ok_or_else(faults::document_unknown);
        }
        let text = self.sent_or_named(query, extensions, signed_in)?;
        if self.trusted.only && !self.trusted.texts.contains_key(&hashed(&text)) {
            return Err(faults::document_not_listed());
        }
        Ok(text)
    }

    fn sent_or_named(
        &self,
        query: Option<String>,
        extensions: &Map<String, Value>,
        signed_in: bool,
    ) -> Result<String> {
        let Some(named) = extensions.get("persistedQuery").filter(|named| !named.is_null()) else {
            return query.ok_or_else(|| faults::query_missing().at(["query"]));
        };
        let hash = hash(named)?;
        match query {
            None => {
                let listed = self.trusted.texts.get(&hash).cloned();
                let known = listed.or_else(|| self.sent.0.get(&hash));
                known.as_ref().map(ToString::to_string).ok_or_else(faults::document_unknown)
            }
            Some(text) => {
                if hash != hashed(&text) {
                    let key = "extensions.persistedQuery.sha256Hash";
                    return Err(faults::other_hash(key).at([key]));
                }
                if signed_in && text.len() <= LONGEST {
                    self.sent.0.insert(hash, text.as_str().into());
                }
                Ok(text)
            }
        }
    }
}

fn hash(named: &Value) -> Result<String> {
    // The client preset of GraphQL Code Generator adds the prefix `sha256:`.
    let hash = plain(named.get("sha256Hash").and_then(Value::as_str).unwrap_or_default());
    let fits = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    if named.get("version").and_then(Value::as_u64) == Some(1) && fits {
        return Ok(hash.to_ascii_lowercase());
    }
    let key = "extensions.persistedQuery";
    Err(faults::bad_hash(key).at([key]))
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
    use crate::base::Code;

    fn naming(hash: &str) -> Map<String, Value> {
        let named = json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } });
        named.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn a_text_is_kept_by_its_hash_for_those_who_signed_in() {
        let documents = PersistedDocuments::default();
        let text = "{ __typename }".to_owned();
        let hash = hashed(&text);
        assert_eq!(hash, "7f56e67dd21ab3f30d1ff8b7bed08893f0a0db86449836189b361dd1e56ddb4b");
        let code = |result: Result<String>| result.map_err(|error| error.code);
        let unknown = Err(Code::PersistedQueryNotFound);
        assert_eq!(code(documents.text(None, None, &naming(&hash), true)), unknown);
        assert!(documents.text(Some(text.clone()), None, &naming(&hash), false).is_ok());
        assert_eq!(code(documents.text(None, None, &naming(&hash), true)), unknown);
        assert!(documents.text(Some(text.clone()), None, &naming(&hash), true).is_ok());
        let named = naming(&format!("sha256:{hash}"));
        assert_eq!(documents.text(None, None, &named, true).ok().as_deref(), Some(text.as_str()));
        assert_eq!(
            documents.text(None, None, &naming(&hash.to_uppercase()), false).ok(),
            Some(text)
        );
        let other = Some("{ other }".to_owned());
        assert_eq!(code(documents.text(other, None, &naming(&hash), true)), Err(Code::InputValue));
        for wrong in ["", "xyz", &"g".repeat(64)] {
            assert_eq!(
                code(documents.text(None, None, &naming(wrong), true)),
                Err(Code::InputValue)
            );
        }
        assert_eq!(code(documents.text(None, None, &Map::new(), true)), Err(Code::InputValue));
    }

    #[test]
    fn a_list_is_read_and_may_be_all_there_is() {
        let folder = std::env::temp_dir().join(format!("tradewind-list-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("list.json");
        std::fs::write(&path, r#"{"sha256:ab": "{ a }", "one": "{ b }"}"#).unwrap();
        let none = Map::new();
        for only in [false, true] {
            let documents = PersistedDocuments::beside(Trusted::read(&path, only).unwrap());
            let text = |query: Option<&str>, id, extensions: &Map<String, Value>| {
                let found = documents.text(query.map(str::to_owned), id, extensions, true);
                found.map_err(|error| error.code)
            };
            assert_eq!(text(None, Some("ab"), &none).unwrap(), "{ a }");
            assert_eq!(text(None, Some("sha256:ab"), &none).unwrap(), "{ a }");
            assert_eq!(text(None, Some("one"), &none).unwrap(), "{ b }");
            assert_eq!(text(None, Some("two"), &none), Err(Code::PersistedQueryNotFound));
            assert_eq!(text(None, None, &naming(&hashed("{ b }"))).unwrap(), "{ b }");
            assert_eq!(text(Some("{ b }"), None, &none).unwrap(), "{ b }");
            let other = text(Some("{ c }"), None, &none);
            let hash = naming(&hashed("{ c }"));
            let sent = text(Some("{ c }"), None, &hash);
            if only {
                let refused = Err(Code::PersistedQueryOnly);
                assert_eq!((other, sent), (refused.clone(), refused.clone()));
                assert_eq!(text(None, None, &hash), refused);
            } else {
                assert_eq!((other.unwrap().as_str(), sent.unwrap().as_str()), ("{ c }", "{ c }"));
            }
        }
        std::fs::write(&path, "[]").unwrap();
        assert!(Trusted::read(&path, true).unwrap_err().contains("not a JSON object"));
        assert!(Trusted::read(&folder.join("none"), true).unwrap_err().contains("cannot be read"));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
