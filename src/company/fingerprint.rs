//! The fingerprint of what a caller may know: pages keep what `/metadata` told them until it changes.
//!
//! It is made of what is in memory: the pinned version, the version published last, the digest of the caller's rights,
//! and the number of the last change of a view that they see. The company's secret goes into it, so that nobody can
//! compute what would make one. Must not know GraphQL or HTTP.

use std::sync::atomic::{AtomicI64, Ordering};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use tokio::sync::watch;

use super::Company;
use crate::{
    access::{Access, Visible},
    base::Result,
    catalog::Catalog,
    storage::{Database, catalogs},
};

/// Bytes of a fingerprint.
const LENGTH: usize = 16;

/// What fingerprints of a company are made with.
pub(super) struct Fingerprints {
    key: [u8; 32],
    /// The version published last, of parts of any kind.
    latest: AtomicI64,
    /// The number of the last change of a view, anybody's.
    views: AtomicI64,
    /// Wakes those who wait for another fingerprint.
    changed: watch::Sender<()>,
}

impl Fingerprints {
    /// With the company's secret.
    pub(super) async fn open(database: &Database, secret: &[u8]) -> Result<Self> {
        let key = Sha256::new().chain_update(b"tradewind fingerprint").chain_update(secret);
        let latest = AtomicI64::new(catalogs::latest(database).await?);
        let (views, changed) = (AtomicI64::new(0), watch::Sender::new(()));
        Ok(Self { key: key.finalize().into(), latest, views, changed })
    }

    /// The fingerprint of some content.
    ///
    /// The content is hashed before the key is put to it: both hashes have one length, so that the outer one, of
    /// which only half is told, cannot be continued.
    fn of(&self, content: Sha256) -> String {
        let content = content.finalize();
        let keyed = Sha256::new().chain_update(self.key).chain_update(content).finalize();
        URL_SAFE_NO_PAD.encode(keyed.get(..LENGTH).unwrap_or_default())
    }
}

impl Company {
    /// The fingerprint of what exists for an access in a version.
    pub fn fingerprint(&self, catalog: &Catalog, access: &Access) -> String {
        let prints = &self.fingerprints;
        let mut content = Sha256::new();
        content.update(catalog.version.to_le_bytes());
        content.update(prints.latest.load(Ordering::Relaxed).to_le_bytes());
        // Duplicate rules are live behind the version that brings them.
        content.update(self.rules_version.load(Ordering::Relaxed).to_le_bytes());
        content.update(access.digest());
        content.update([u8::from(access.may_everything())]);
        let views = self.workspace.view_stamp(Visible { catalog, access });
        content.update(views.to_le_bytes());
        for id in [access.operator(), access.viewer()] {
            content.update(id.unwrap_or_default().as_bytes());
        }
        prints.of(content)
    }

    /// Finds out what was published last, and which views have changed. Called from time to time for what other
    /// processes publish, and at once after a publish of this one.
    pub(super) async fn look_for_changes(&self) -> Result<()> {
        let latest = catalogs::latest(&self.database).await?;
        self.workspace.follow().await?;
        let prints = &self.fingerprints;
        let published = prints.latest.fetch_max(latest, Ordering::Relaxed) < latest;
        if published {
            // Whoever is woken asks at once, and with the rights of now.
            self.rights.forget();
        }
        let views = self.workspace.last_view_stamp();
        if prints.views.swap(views, Ordering::Relaxed) != views || published {
            self.wake_watchers();
        }
        Ok(())
    }

    /// Wakes those who wait for what [`fingerprint`](Self::fingerprint) is made of, whoever it concerns. Changes of one
    /// person's roles and sessions are told by [`Endings`](crate::identity::Endings), those of their reach by nobody.
    pub fn changes(&self) -> watch::Receiver<()> {
        self.fingerprints.changed.subscribe()
    }

    /// Tells the waiting that something has changed.
    pub(super) fn wake_watchers(&self) {
        self.fingerprints.changed.send_replace(());
    }

    /// The same after a change that is stored and live here, whatever comes of looking: a little later it is done again.
    /// It may have been heard of before it was live, so that all are woken in any case.
    pub(super) async fn notice_changes(&self) {
        if let Err(error) = self.look_for_changes().await {
            tracing::warn!(%error, "fingerprints change a little later");
        }
        self.wake_watchers();
    }
}
