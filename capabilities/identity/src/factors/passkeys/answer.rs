//! The two parts of a browser's answer: what the browser says (5.8.1) and what the device says (6.1).

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{Answered, Asked, Refusal, decode};

const PRESENT: u8 = 1;
const VERIFIED: u8 = 1 << 2;
const HAS_CREDENTIAL: u8 = 1 << 6;
/// Longest identifier of a credential, in bytes (level 3, 7.1).
const LONGEST_ID: usize = 1023;

/// What the browser says. Fields beside these are allowed: new ones are added from time to time.
#[derive(Deserialize)]
pub(super) struct Client {
    r#type: String,
    challenge: String,
    origin: String,
    #[serde(default, rename = "crossOrigin")]
    cross_origin: bool,
}

impl Client {
    pub(super) fn read(answered: &Answered<'_>) -> Result<Self, Refusal> {
        serde_json::from_slice(&decode(answered.client_data)?).map_err(|_| Refusal::Malformed)
    }

    pub(super) fn check(&self, asked: &Asked<'_>, ceremony: &str) -> Result<(), Refusal> {
        if self.r#type != ceremony {
            Err(Refusal::Ceremony)
        } else if asked.challenge.is_empty() || self.challenge != asked.challenge {
            Err(Refusal::Challenge)
        } else if self.origin != asked.site.origin || self.cross_origin {
            Err(Refusal::Origin)
        } else {
            Ok(())
        }
    }
}

/// What the device says.
pub(super) struct Authenticator<'a> {
    site: &'a [u8; 32],
    flags: u8,
    pub(super) counter: u32,
    rest: &'a [u8],
}

impl<'a> Authenticator<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let parts = || {
            let (site, rest) = bytes.split_first_chunk::<32>()?;
            let (flags, rest) = rest.split_first()?;
            let (counter, rest) = rest.split_first_chunk::<4>()?;
            Some(Self { site, flags: *flags, counter: u32::from_be_bytes(*counter), rest })
        };
        parts().ok_or(Refusal::Malformed)
    }

    pub(super) fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        if self.site[..] != Sha256::digest(&asked.site.id)[..] {
            Err(Refusal::Site)
        } else if self.flags & PRESENT == 0 {
            Err(Refusal::Absent)
        } else if asked.verified && self.flags & VERIFIED == 0 {
            Err(Refusal::Unverified)
        } else {
            Ok(())
        }
    }

    /// The identifier of a credential that was made just now: after the model of the device comes its length.
    pub(super) fn credential(&self) -> Result<&'a [u8], Refusal> {
        let parts = || {
            let (_model, rest) = self.rest.split_first_chunk::<16>()?;
            let (length, rest) = rest.split_first_chunk::<2>()?;
            rest.get(..usize::from(u16::from_be_bytes(*length)))
        };
        let id = parts().filter(|_| self.flags & HAS_CREDENTIAL != 0).ok_or(Refusal::Malformed)?;
        if (1..=LONGEST_ID).contains(&id.len()) { Ok(id) } else { Err(Refusal::Malformed) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_device_says_is_read_to_the_byte() {
        let mut said = [&[7; 32][..], &[0b0100_0101], &[0, 0, 1, 2], &[9; 16], &[0, 3], b"abc", b"key"].concat();
        let device = Authenticator::read(&said).unwrap();
        assert_eq!((device.counter, device.credential()), (258, Ok(&b"abc"[..])));
        for end in 0..said.len() {
            let cut = Authenticator::read(&said[..end]).and_then(|device| device.credential());
            assert_eq!(cut.is_ok(), end >= 58, "{end}");
        }
        said[32] = 0b101;
        assert_eq!(
            Authenticator::read(&said).unwrap().credential(),
            Err(Refusal::Malformed),
            "it says that it has none"
        );
    }
}
