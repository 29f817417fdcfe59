use std::time::Duration;

/// What the surroundings of a story can do besides answering requests. Every method has a default that says "not
/// possible here", so that a host implements only what it really can.
pub trait Host {
    /// Lets `by` pass on the program's clock and runs what falls due meanwhile.
    ///
    /// # Errors
    /// [`HostError::NotPossible`] where the program follows the real clock.
    fn advance_clock(&mut self, by: Duration) -> Result<(), HostError> {
        let _ = by;
        Err(HostError::NotPossible("far passare il tempo"))
    }

    /// Kills the program without warning (`kill -9`) and starts it again on the same data and address.
    ///
    /// # Errors
    /// [`HostError::NotPossible`] where the program cannot be killed without ending the story.
    fn restart(&mut self) -> Result<(), HostError> {
        Err(HostError::NotPossible("riavviare il programma"))
    }

    /// Checks a proof with the key of the program's log, independently of the program's pages.
    ///
    /// # Errors
    /// [`HostError::NotPossible`] where the log's key is not known.
    fn verify(&mut self, proof: &[u8]) -> Result<Verdict, HostError> {
        let _ = proof;
        Err(HostError::NotPossible("verificare una prova"))
    }
}

/// Why a host did not do what a story asks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HostError {
    /// This host has not the means; the words complete "qui non è possibile …".
    #[error("qui non è possibile {0}")]
    NotPossible(&'static str),
    /// It tried and failed.
    #[error("{0}")]
    Failed(String),
}

/// What a verifier says of a proof, with its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Genuine: the act is in the log.
    Genuine(String),
    /// Not genuine, and why.
    Wrong(String),
}

impl From<Result<String, String>> for Verdict {
    fn from(said: Result<String, String>) -> Self {
        match said {
            Ok(words) => Self::Genuine(words),
            Err(why) => Self::Wrong(why),
        }
    }
}

/// A host that can do nothing but answer requests.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoPowers;

impl Host for NoPowers {}

impl<H: Host + ?Sized> Host for Box<H> {
    fn advance_clock(&mut self, by: Duration) -> Result<(), HostError> {
        (**self).advance_clock(by)
    }

    fn restart(&mut self) -> Result<(), HostError> {
        (**self).restart()
    }

    fn verify(&mut self, proof: &[u8]) -> Result<Verdict, HostError> {
        (**self).verify(proof)
    }
}
