//! Access and refresh tokens: creating, signing, parsing.
//!
//! Owns the signing key and both formats. Knows sessions and operators only by their ids.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation,
    crypto::{self, rust_crypto},
};
use rand::{TryRng, rngs::SysRng};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::faults;
use crate::base::{Error, LEEWAY, error::Result};

const ISSUER: &str = "tradewind";
const AUDIENCE: &str = "tradewind-api";

/// Domain separation: a refresh token's mark is no valid signature of anything else under the same key.
const REFRESH_CONTEXT: &[u8] = b"tradewind refresh token\n";

/// Domain separation: the secret of the next refresh token is never a mark.
const NEXT_CONTEXT: &[u8] = b"tradewind next refresh token\n";

const ID: usize = 16;
const SECRET: usize = 32;
const MARK: usize = 32;

/// The claims of an access token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Claims {
    /// The operator.
    pub(super) sub: Uuid,
    /// The session.
    pub(super) sid: Uuid,
    pub(super) iss: String,
    pub(super) aud: String,
    /// Seconds since 1970, like the next two.
    pub(super) iat: i64,
    pub(super) nbf: i64,
    pub(super) exp: i64,
}

impl Claims {
    pub(super) fn new(operator: Uuid, session: Uuid, now: i64, ttl: i64) -> Self {
        Self {
            sub: operator,
            sid: session,
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            iat: now,
            nbf: now,
            exp: now.saturating_add(ttl),
        }
    }

    /// Whether the claims are valid at `now`, in seconds since 1970.
    ///
    /// They may begin up to [`LEEWAY`] later than `now`, because the clock of the issuing process may be
    /// ahead. They end to the second.
    pub(super) fn hold(&self, now: i64) -> Result<()> {
        let leeway = i64::try_from(LEEWAY.as_secs()).unwrap_or(i64::MAX);
        let soonest = self.nbf.max(self.iat).saturating_sub(leeway);
        if now < soonest {
            return Err(faults::token_invalid());
        }
        if now >= self.exp {
            return Err(faults::token_expired());
        }
        Ok(())
    }
}

/// A parsed refresh token.
pub(super) struct Refresh {
    pub(super) session: Uuid,
    bytes: Vec<u8>,
    /// The hash that the database stores.
    pub(super) hash: String,
}

/// The keys that sign and verify tokens.
pub(super) struct Signer {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
}

impl Signer {
    /// Builds a signer from the stored secret.
    pub(super) fn new(secret: &str) -> Result<Self> {
        let secret = URL_SAFE_NO_PAD.decode(secret).map_err(Error::internal)?;
        if secret.len() < SECRET {
            return Err(Error::internal("the token secret is too short"));
        }
        // Fails if the process already has a provider, which is equally good.
        rust_crypto::DEFAULT_PROVIDER.install_default().ok();
        let mut validation = Validation::new(Algorithm::HS256);
        // The crate would read the system clock. [`Claims::hold`] uses the given one.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_issuer(&[ISSUER]);
        Ok(Self {
            encoding: EncodingKey::from_secret(&secret),
            decoding: DecodingKey::from_secret(&secret),
            validation,
        })
    }

    /// Creates a secret, as text for the database.
    pub(super) fn secret() -> Result<String> {
        Ok(URL_SAFE_NO_PAD.encode(random()?))
    }

    pub(super) fn sign(&self, claims: &Claims) -> Result<String> {
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &self.encoding)
            .map_err(Error::internal)
    }

    /// Verifies an access token and returns its claims. [`Claims::hold`] checks their time.
    pub(super) fn read(&self, token: &str) -> Result<Claims> {
        jsonwebtoken::decode::<Claims>(token, &self.decoding, &self.validation)
            .map(|decoded| decoded.claims)
            .map_err(|cause| Error { internal: Some(cause.to_string()), ..faults::token_invalid() })
    }

    /// Creates the first refresh token of a session.
    ///
    /// It consists of the session's id, 256 random bits, and a mark: their HMAC under our key. The mark
    /// proves that we issued the token, however long ago. A real token that is used again ends the session; a
    /// forged one must not.
    pub(super) fn issue(&self, session: Uuid) -> Result<Refresh> {
        self.marked(session, &random()?)
    }

    /// Derives the next refresh token. It is always the same, so it can be returned again without being
    /// stored, and nobody can compute it without our key.
    pub(super) fn next(&self, used: &Refresh) -> Result<Refresh> {
        self.marked(used.session, &self.keyed(NEXT_CONTEXT, &used.bytes)?)
    }

    fn marked(&self, session: Uuid, secret: &[u8]) -> Result<Refresh> {
        let mut bytes = session.as_bytes().to_vec();
        bytes.extend(secret);
        bytes.extend(self.keyed(REFRESH_CONTEXT, &bytes)?);
        Ok(Refresh { session, hash: hash(&bytes), bytes })
    }

    fn keyed(&self, context: &[u8], body: &[u8]) -> Result<Vec<u8>> {
        let signed = crypto::sign(&[context, body].concat(), &self.encoding, Algorithm::HS256);
        URL_SAFE_NO_PAD.decode(signed.map_err(Error::internal)?).map_err(Error::internal)
    }

    /// Parses and verifies a refresh token. The session decides whether it is current.
    pub(super) fn parse(&self, token: &str) -> Result<Refresh> {
        // Longer ones cannot be ours and are not decoded.
        if token.len() > 2 * (ID + SECRET + MARK) {
            return Err(faults::token_invalid());
        }
        let bytes = URL_SAFE_NO_PAD.decode(token).unwrap_or_default();
        let (Some((id, _)), Some((body, mark))) =
            (bytes.split_first_chunk::<ID>(), bytes.split_at_checked(ID + SECRET))
        else {
            return Err(faults::token_invalid());
        };
        if mark.len() != MARK {
            return Err(faults::token_invalid());
        }
        let mark = URL_SAFE_NO_PAD.encode(mark);
        let body = [REFRESH_CONTEXT, body].concat();
        match crypto::verify(&mark, &body, &self.decoding, Algorithm::HS256) {
            Ok(true) => Ok(Refresh { session: Uuid::from_bytes(*id), hash: hash(&bytes), bytes }),
            _ => Err(faults::token_invalid()),
        }
    }
}

impl Refresh {
    /// The text that the client gets.
    pub(super) fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.bytes)
    }
}

/// 256 random bits from the operating system.
pub(super) fn random() -> Result<[u8; SECRET]> {
    let mut bytes = [0; SECRET];
    SysRng.try_fill_bytes(&mut bytes).map_err(Error::internal)?;
    Ok(bytes)
}

/// The hash of a secret that the database stores.
pub(super) fn hash(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(bytes))
}
