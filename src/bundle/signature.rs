//! Signatures of bundles: Ed25519 over the paths and digests of all files.

use std::{fmt, str::FromStr};

use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::{
    SECRET_KEY_LENGTH, Signature, Signer, SigningKey, VerifyingKey,
    pkcs8::{DecodePrivateKey, EncodePrivateKey, spki::der::pem::LineEnding},
};

use super::{BundleFile, digest, faults};
use crate::base::{Error, Result};

/// What a public key begins with where people read it.
const PREFIX: &str = "ed25519:";
/// What a signature and what is signed begin with, so that a key signs nothing else by it.
const PURPOSE: &str = "tradewind-bundle";

/// A public key: `ed25519:` and its 32 bytes in base64.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrustedKey(VerifyingKey);

impl fmt::Display for TrustedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}{}", STANDARD.encode(self.0.as_bytes()))
    }
}

impl FromStr for TrustedKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let bytes = text.trim().strip_prefix(PREFIX).and_then(|text| STANDARD.decode(text).ok());
        let bytes: Option<[u8; 32]> = bytes.and_then(|bytes| bytes.try_into().ok());
        let key = bytes.and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok());
        key.filter(|key| !key.is_weak()).map(Self).ok_or_else(faults::unreadable_signature)
    }
}

/// A private key. `{:?}` hides it.
pub struct BundleKey(SigningKey);

impl fmt::Debug for BundleKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

impl BundleKey {
    /// A key of random bytes.
    pub fn of(bytes: &[u8; SECRET_KEY_LENGTH]) -> Self {
        Self(SigningKey::from_bytes(bytes))
    }

    /// Reads a key as `to_pem` or `openssl genpkey -algorithm ed25519` writes it.
    pub fn from_pem(text: &str) -> Result<Self> {
        SigningKey::from_pkcs8_pem(text).map(Self).map_err(|fault| {
            let internal = Some(fault.to_string());
            Error { internal, ..faults::unreadable_key() }
        })
    }

    /// The key as PKCS #8 in PEM.
    pub fn to_pem(&self) -> Result<String> {
        let pem = self.0.to_pkcs8_pem(LineEnding::LF).map_err(Error::internal)?;
        Ok(pem.to_string())
    }

    /// The key that proves what this one signs.
    pub fn public(&self) -> TrustedKey {
        TrustedKey(self.0.verifying_key())
    }
}

/// What is signed: a line for each file, in the order of their paths.
fn signed(files: &[BundleFile]) -> String {
    let mut lines: Vec<_> =
        files.iter().map(|file| format!("{} {}\n", digest(&file.text), file.path)).collect();
    lines.sort();
    format!("{PURPOSE} 1 {}\n{}", lines.len(), lines.concat())
}

/// Signs files: one line with the public key and the signature.
pub fn sign(files: &[BundleFile], key: &BundleKey) -> String {
    let signature = key.0.sign(signed(files).as_bytes());
    format!("{PURPOSE} {} {}\n", key.public(), STANDARD.encode(signature.to_bytes()))
}

fn parts(signature: &str) -> Option<(TrustedKey, Signature)> {
    let mut words = signature.split_whitespace();
    let (purpose, key, signed) = (words.next()?, words.next()?, words.next()?);
    let bytes: [u8; 64] = STANDARD.decode(signed).ok()?.try_into().ok()?;
    let whole = purpose == PURPOSE && words.next().is_none();
    Some((key.parse().ok()?, Signature::from_bytes(&bytes))).filter(|_| whole)
}

/// The key that a signature says it is by, proved or not.
pub fn key_of_signature(signature: &str) -> Option<TrustedKey> {
    parts(signature).map(|(key, _)| key)
}

/// The key that has signed just these files.
pub fn verify(files: &[BundleFile], signature: &str) -> Result<TrustedKey> {
    let (key, signature) = parts(signature).ok_or_else(faults::unreadable_signature)?;
    let proved = key.0.verify_strict(signed(files).as_bytes(), &signature);
    proved.map(|()| key).map_err(|_not_by_it| faults::altered())
}
