//! A pass says that a person may enter a door until an instant. Only who knows the door's key can make one.

use sha2::{Digest, Sha256};

const BLOCK: usize = 64;
/// No sign of a pass.
const BETWEEN: &str = "~";
/// Of some eighty signs each: well below what a cookie holds.
const MOST: usize = 8;

/// Lets `person` in until `until`, in microseconds.
pub fn made(secret: &str, door: &str, person: &str, until: i64) -> String {
    format!("{until}.{}", code(secret, door, person, until))
}

/// The passes that somebody holds: a browser keeps those of several doors in one place.
pub fn each(held: &str) -> impl Iterator<Item = &str> {
    held.split(BETWEEN).filter(|pass| !pass.is_empty())
}

/// One more pass beside those that somebody holds; the oldest of many are let go.
#[must_use]
pub fn beside(pass: &str, held: &str) -> String {
    std::iter::once(pass).chain(each(held)).take(MOST).collect::<Vec<_>>().join(BETWEEN)
}

/// Whether this pass lets `person` in now. Nobody learns anything from how long a wrong one takes: a comparison of
/// digests that nobody can steer.
pub fn holds(pass: &str, secret: &str, (door, person): (&str, &str), now: i64) -> bool {
    let Some((until, told)) = pass.split_once('.') else { return false };
    let Ok(until) = until.parse::<i64>() else { return false };
    let expected = code(secret, door, person, until);
    now < until && Sha256::digest(told) == Sha256::digest(expected)
}

fn code(secret: &str, door: &str, person: &str, until: i64) -> String {
    hex::encode(hmac(secret.as_bytes(), format!("{door}\n{person}\n{until}").as_bytes()))
}

/// HMAC-SHA-256 (RFC 2104).
fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut block = [0; BLOCK];
    if key.len() > BLOCK {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let inner = Sha256::new().chain_update(block.map(|byte| byte ^ 0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(block.map(|byte| byte ^ 0x5c)).chain_update(inner).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_is_that_of_rfc_4231() {
        let second = hmac(b"Jefe", b"what do ya want for nothing?");
        assert_eq!(hex::encode(second), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        let sixth = hmac(&[0xaa; 131], b"Test Using Larger Than Block-Size Key - Hash Key First");
        assert_eq!(hex::encode(sixth), "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    }

    #[test]
    fn a_pass_is_for_one_person_one_door_and_a_time() {
        let pass = made("key", "bonus", "RSSMRA", 100);
        assert!(holds(&pass, "key", ("bonus", "RSSMRA"), 99));
        assert!(!holds(&pass, "key", ("bonus", "RSSMRA"), 100));
        assert!(!holds(&pass, "key", ("bonus", "VRDLGU"), 99));
        assert!(!holds(&pass, "key", ("naspi", "RSSMRA"), 99));
        assert!(!holds(&pass, "other", ("bonus", "RSSMRA"), 99));
        assert!(!holds(&pass.replacen("100", "900", 1), "key", ("bonus", "RSSMRA"), 99));
        assert!(!holds("", "key", ("bonus", "RSSMRA"), 99));
        let both = beside(&made("key", "naspi", "RSSMRA", 100), &pass);
        assert!(["bonus", "naspi"].iter().all(|door| each(&both).any(|one| holds(one, "key", (door, "RSSMRA"), 99))));
        assert_eq!(each(&(0..20).fold(String::new(), |held, _| beside(&pass, &held))).count(), MOST);
    }
}
