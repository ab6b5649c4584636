//! Passwords: what they must be like, hashing and checking them.
//!
//! Owns argon2 and how many hashes run at once; knows no accounts and no database.

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

use super::token;
use crate::base::{Code, Error, error::Result};

/// Fewest characters of a password.
pub(super) const MIN: usize = 10;
/// Most characters of a password: hashing more would only serve those who want to keep us busy.
pub(super) const MAX: usize = 1024;

/// The turn of one check; the next begins when it is dropped, which is when its outcome is counted.
pub(super) struct Turn(#[expect(dead_code, reason = "held, not read")] OwnedSemaphorePermit);

/// Hashes and checks passwords away from the threads that serve requests.
pub(super) struct Passwords {
    argon: Argon2<'static>,
    /// Each hash takes its memory: this many at a time, the rest wait.
    permits: Arc<Semaphore>,
    /// The hash of a password nobody knows.
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
            return Err(Error::new(
                Code::InputValue,
                format!("the password must have at least {MIN} characters"),
                format!("密码至少需要 {MIN} 个字符"),
            )
            .at(["password"]));
        }
        if length > MAX {
            return Err(Error::new(
                Code::InputValue,
                format!("the password must have at most {MAX} characters"),
                format!("密码最多 {MAX} 个字符"),
            )
            .at(["password"]));
        }
        Ok(())
    }

    /// The password's hash, with parameters and a salt of its own.
    pub(super) async fn hash(&self, password: &str) -> Result<String> {
        let (argon, password) = (self.argon.clone(), password.to_owned());
        let hashed = hashed(self.turn().await?, move || {
            let hash = argon.hash_password(password.as_bytes()).map_err(Error::internal)?;
            Ok(hash.to_string())
        })
        .await?;
        Ok(hashed.0)
    }

    /// Whether the password is the one behind `hash`. Without a hash the answer is no, after the
    /// same work, so that the time taken does not tell which accounts exist.
    ///
    /// `admit` is asked once the turn has come: what it counts then are attempts under way, not those
    /// that still wait, so that many right sign-ins at once are not taken for guessing.
    pub(super) async fn verify(
        &self,
        password: &str,
        hash: Option<&str>,
        admit: impl FnOnce() -> Result<()>,
    ) -> Result<(bool, Turn)> {
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
        Ok((matches && known, Turn(turn)))
    }

    async fn turn(&self) -> Result<OwnedSemaphorePermit> {
        Arc::clone(&self.permits).acquire_owned().await.map_err(Error::internal)
    }
}

/// Runs one hash on a blocking thread. The permit goes with it and comes back with the outcome: a request
/// that is given up does not stop its hash, and must not make room for another before that is done.
async fn hashed<T: Send + 'static>(
    permit: OwnedSemaphorePermit,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<(T, OwnedSemaphorePermit)> {
    spawn_blocking(move || work().map(|done| (done, permit))).await.map_err(Error::internal)?
}
