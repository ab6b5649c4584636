//! Access and refresh tokens as text: making, signing, reading.
//!
//! Owns the signing key and both forms; knows neither sessions nor operators beyond their ids.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation,
    crypto::{self, rust_crypto},
};
use rand::{TryRng, rngs::SysRng};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::base::{Code, Error, LEEWAY, error::Result};

const ISSUER: &str = "tradewind";
const AUDIENCE: &str = "tradewind-api";

/// Keeps a refresh token's mark from ever being a mark on something else signed with the same key.
const REFRESH_CONTEXT: &[u8] = b"tradewind refresh token\n";

/// Keeps the secret of the next refresh token from ever being a mark.
const NEXT_CONTEXT: &[u8] = b"tradewind next refresh token\n";

const ID: usize = 16;
const SECRET: usize = 32;
const MARK: usize = 32;

/// What an access token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Claims {
    /// The operator.
    pub(super) sub: Uuid,
    /// The session.
    pub(super) sid: Uuid,
    pub(super) iss: String,
    pub(super) aud: String,
    /// Seconds since the epoch, as are the next two.
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

    /// Whether they hold at `now`, in seconds since the epoch.
    ///
    /// Another process may have made them by a clock that is ahead of this one: they may begin a little later
    /// than now. They end to the second.
    pub(super) fn hold(&self, now: i64) -> Result<()> {
        let leeway = i64::try_from(LEEWAY.as_secs()).unwrap_or(i64::MAX);
        let soonest = self.nbf.max(self.iat).saturating_sub(leeway);
        if now < soonest {
            return Err(invalid());
        }
        if now >= self.exp {
            return Err(Error::new(
                Code::AuthTokenExpired,
                "the access token has expired",
                "访问令牌已过期",
            ));
        }
        Ok(())
    }
}

/// A refresh token taken apart.
pub(super) struct Refresh {
    pub(super) session: Uuid,
    bytes: Vec<u8>,
    /// What the database keeps of it.
    pub(super) hash: String,
}

/// The keys tokens are signed and checked with.
pub(super) struct Signer {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
}

impl Signer {
    /// A signer from the secret's text as the database keeps it.
    pub(super) fn new(secret: &str) -> Result<Self> {
        let secret = URL_SAFE_NO_PAD.decode(secret).map_err(Error::internal)?;
        if secret.len() < SECRET {
            return Err(Error::internal("the token secret is too short"));
        }
        // The process may hold a provider already, ours or an equal one: then this one is not needed.
        rust_crypto::DEFAULT_PROVIDER.install_default().ok();
        let mut validation = Validation::new(Algorithm::HS256);
        // The crate would ask the machine's clock; `hold` asks the one handed in.
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

    /// A new secret, as text for the database.
    pub(super) fn secret() -> Result<String> {
        Ok(URL_SAFE_NO_PAD.encode(random()?))
    }

    pub(super) fn sign(&self, claims: &Claims) -> Result<String> {
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &self.encoding)
            .map_err(Error::internal)
    }

    /// The claims of an access token of ours; whether they hold is for [`Claims::hold`] to say.
    pub(super) fn read(&self, token: &str) -> Result<Claims> {
        jsonwebtoken::decode::<Claims>(token, &self.decoding, &self.validation)
            .map(|decoded| decoded.claims)
            .map_err(|cause| Error { internal: Some(cause.to_string()), ..invalid() })
    }

    /// The first refresh token of a session.
    ///
    /// It is the session's id, 256 random bits and a mark under our key. The mark tells a token we
    /// once issued, however long ago, from one made up: the former used again ends the session, the
    /// latter must not be able to.
    pub(super) fn issue(&self, session: Uuid) -> Result<Refresh> {
        self.marked(session, &random()?)
    }

    /// The refresh token that takes the place of one: always the same, so that it can be given again without
    /// being kept, and known to nobody without our key.
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

    /// A refresh token of ours taken apart; whether it is still in force is for the session to say.
    pub(super) fn parse(&self, token: &str) -> Result<Refresh> {
        // Longer ones are none of ours: not worth decoding.
        if token.len() > 2 * (ID + SECRET + MARK) {
            return Err(invalid());
        }
        let bytes = URL_SAFE_NO_PAD.decode(token).unwrap_or_default();
        let (Some((id, _)), Some((body, mark))) =
            (bytes.split_first_chunk::<ID>(), bytes.split_at_checked(ID + SECRET))
        else {
            return Err(invalid());
        };
        if mark.len() != MARK {
            return Err(invalid());
        }
        let mark = URL_SAFE_NO_PAD.encode(mark);
        let body = [REFRESH_CONTEXT, body].concat();
        match crypto::verify(&mark, &body, &self.decoding, Algorithm::HS256) {
            Ok(true) => Ok(Refresh { session: Uuid::from_bytes(*id), hash: hash(&bytes), bytes }),
            _ => Err(invalid()),
        }
    }
}

impl Refresh {
    /// The token as the client has it.
    pub(super) fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.bytes)
    }
}

/// The answer to every token that is not, or no longer, one of ours.
pub(super) fn invalid() -> Error {
    Error::new(Code::AuthTokenInvalid, "the token is not valid", "令牌无效")
        .hint("sign in again", "请重新登录")
}

/// 256 bits from the operating system.
pub(super) fn random() -> Result<[u8; SECRET]> {
    let mut bytes = [0; SECRET];
    SysRng.try_fill_bytes(&mut bytes).map_err(Error::internal)?;
    Ok(bytes)
}

/// What the database keeps of a secret.
pub(super) fn hash(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(bytes))
}
