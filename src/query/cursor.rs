//! Cursors: a record's place in an ordered list, encrypted so that a client can read nothing from it.
//!
//! A cursor holds the JSON array of the order keys' stored values, ending in the id. It is bound to its list
//! (object and order) and opens in no other. Sealing is deterministic: the same place gives the same cursor.
//! AES-GCM-SIV keeps that safe, because it tolerates a nonce that is used again.

use aes_gcm_siv::{
    Aes256GcmSiv, KeyInit, Nonce,
    aead::{Aead, Payload},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use super::faults;
use crate::base::Result;

/// Seals and opens cursors with the company's secret.
#[derive(Clone)]
pub struct Seal(Aes256GcmSiv);

impl Seal {
    /// A seal from any secret text.
    pub fn new(secret: &[u8]) -> Self {
        let key = Sha256::new().chain_update(b"tradewind cursor").chain_update(secret).finalize();
        Self(Aes256GcmSiv::new(&key))
    }

    /// Seals a place in a list as a cursor.
    pub fn seal(&self, list: &str, keys: &str) -> String {
        let sealed = self
            .0
            .encrypt(&Nonce::default(), Payload { msg: keys.as_bytes(), aad: list.as_bytes() })
            .unwrap_or_default();
        URL_SAFE_NO_PAD.encode(sealed)
    }

    /// Opens a cursor. Fails with `INPUT_CURSOR` if it is not a cursor of this list.
    pub fn open(&self, list: &str, cursor: &str) -> Result<String> {
        let sealed =
            URL_SAFE_NO_PAD.decode(cursor).map_err(|_malformed| faults::foreign_cursor())?;
        let plain = self
            .0
            .decrypt(&Nonce::default(), Payload { msg: &sealed, aad: list.as_bytes() })
            .map_err(|_refused| faults::foreign_cursor())?;
        String::from_utf8(plain).map_err(|_not_text| faults::foreign_cursor())
    }
}

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seal(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Code;

    #[test]
    fn opens_only_in_its_own_list() {
        let seal = Seal::new(b"secret");
        let cursor = seal.seal("Customer|name", "[\"a\",1]");
        assert_eq!(seal.open("Customer|name", &cursor).unwrap(), "[\"a\",1]");
        assert_eq!(cursor, seal.seal("Customer|name", "[\"a\",1]"));
        assert!(!cursor.contains('a') || cursor.len() > 8);
        for (list, cursor) in
            [("Customer|code", cursor.as_str()), ("Customer|name", "x"), ("Customer|name", "")]
        {
            assert_eq!(seal.open(list, cursor).unwrap_err().code, Code::InputCursor);
        }
        assert!(Seal::new(b"other").open("Customer|name", &cursor).is_err());
    }
}
