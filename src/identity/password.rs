//! Passwords: their length, hashing and verifying.
//!
//! Owns argon2 and the number of hashes at once. Knows no accounts and no database.

use std::sync::Arc;

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{self, PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::spawn_blocking,
};

use super::{faults, token};
use crate::base::{Error, error::Result};

/// Fewest characters of a password.
pub(super) const MIN: usize = 10;
/// Most characters of a password. Hashing longer ones would let an attacker keep the server busy.
pub(super) const MAX: usize = 1024;

/// The permit of one check. Drop it after counting the result; only then does the next check start.
pub(super) struct CheckPermit(#[expect(dead_code, reason = "held, not read")] OwnedSemaphorePermit);

/// Hashes and verifies passwords away from the threads that serve requests.
pub(super) struct Passwords {
    argon: Argon2<'static>,
    /// Limits concurrent hashes, because each needs much memory.
    permits: Arc<Semaphore>,
    /// The hash of a random password that nobody knows.
    decoy: String,
}

impl Passwords {
    pub(super) async fn new(memory_kib: u32, passes: u32, at_once: usize) -> Result<Self> {
        let params = Params::new(memory_kib, passes, 1, None).map_err(Error::internal)?;
        let mut passwords = Self {
            argon: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            permits: Arc::new(Semaphore::new(at_once.max(1))),
            decoy: String::new(),
        };
        passwords.decoy = passwords.hash(&URL_SAFE_NO_PAD.encode(token::random()?)).await?;
        Ok(passwords)
    }

    /// Refuses a password that is too short or too long.
    pub(super) fn accept(password: &str) -> Result<()> {
        let length = password.chars().take(MAX + 1).count();
        if length < MIN {
            return Err(faults::password_short(MIN).at(["password"]));
        }
        if length > MAX {
            return Err(faults::password_long(MAX).at(["password"]));
        }
        Ok(())
    }

    /// Returns the password's hash with parameters and a fresh salt.
    pub(super) async fn hash(&self, password: &str) -> Result<String> {
        let (argon, password) = (self.argon.clone(), password.to_owned());
        let hashed = hashed(self.turn().await?, move || {
            let hash = argon.hash_password(password.as_bytes()).map_err(Error::internal)?;
            Ok(hash.to_string())
        })
        .await?;
        Ok(hashed.0)
    }

    /// Whether the password matches `hash`. Without a hash the result is false after the same work, so that
    /// response times do not reveal which accounts exist.
    ///
    /// `admit` is called when the check gets its permit. It then counts running attempts and not waiting
    /// ones, so that many correct sign-ins at once do not look like guessing.
    pub(super) async fn verify(
        &self,
        password: &str,
        hash: Option<&str>,
        admit: impl FnOnce() -> Result<()>,
    ) -> Result<(bool, CheckPermit)> {
        let fits = password.chars().take(MAX + 1).count() <= MAX;
        let known = hash.is_some() && fits;
        let hash = hash.unwrap_or(&self.decoy).to_owned();
        let password = if fits { password.to_owned() } else { String::new() };
        let argon = self.argon.clone();
        let permit = self.turn().await?;
        admit()?;
        let (matches, turn) = hashed(permit, move || {
            let hash = PasswordHash::new(&hash).map_err(Error::internal)?;
            match argon.verify_password(password.as_bytes(), &hash) {
                Ok(()) => Ok(true),
                Err(password_hash::Error::PasswordInvalid) => Ok(false),
                Err(cause) => Err(Error::internal(cause)),
            }
        })
        .await?;
        Ok((matches && known, CheckPermit(turn)))
    }

    async fn turn(&self) -> Result<OwnedSemaphorePermit> {
        Arc::clone(&self.permits).acquire_owned().await.map_err(Error::internal)
    }
}

/// Runs one hash on a blocking thread. The permit moves there and returns with the result: a cancelled
/// request does not stop its hash, so its permit must not be free before the hash ends.
async fn hashed<T: Send + 'static>(
    permit: OwnedSemaphorePermit,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<(T, OwnedSemaphorePermit)> {
    spawn_blocking(move || work().map(|done| (done, permit))).await.map_err(Error::internal)?
}
