use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use crate::{Error, Result, faults::Faults, session::Outcome};

/// Falls at the first input/output error and stays down until the program ends.
///
/// After a failed `fsync` the operating system may take the pages for written that it could not write, and say so to
/// the next `fsync`: whoever goes on acknowledges what a power cut takes back. PostgreSQL learned it in 2018
/// (<https://wiki.postgresql.org/wiki/Fsync_Errors>). So nothing is acknowledged any more; reading goes on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Latch {
    fallen: Arc<AtomicBool>,
    /// What tests let fail.
    pub(crate) faults: Faults,
}

impl Latch {
    /// The outcome as ours, noting whether it shows that the storage is broken.
    pub(crate) fn judge<T>(&self, outcome: Outcome<T>) -> Result<T> {
        outcome.map_err(|error| {
            let cause = error.to_string();
            let error = Error::from(error);
            if matches!(error, Error::Broken) && !self.fallen.swap(true, Ordering::SeqCst) {
                tracing::error!(cause, "THE STORAGE FAILED: nothing is written any more. Check the disk, then restart");
            }
            error
        })
    }

    /// # Errors
    /// [`Error::Broken`] once it has fallen.
    pub(crate) fn refuse_if_fallen(&self) -> Result<()> {
        if self.fallen.load(Ordering::SeqCst) { Err(Error::Broken) } else { Ok(()) }
    }
}
