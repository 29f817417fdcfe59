//! One-time codes of an app (RFC 6238: SHA-1, 30 seconds, six digits, which is what every app takes).

use aws_lc_rs::{constant_time::verify_slices_are_equal, hmac};
use base::Timestamp;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use data_encoding::BASE32_NOPAD;
use qrcode::{QrCode, render::svg, types::QrError};
use web::percent;

/// How long a code holds (RFC 6238, 5.2).
const STEP_SECONDS: i64 = 30;
/// Codes of so many steps before and after are taken too: clocks of telephones differ, and people type slowly.
const TOLERANCE: i64 = 1;
/// Digits of a code.
pub(crate) const DIGITS: usize = 6;
/// Bytes of a secret: 160 bits (RFC 4226, 4).
pub(crate) const SECRET_BYTES: usize = 20;
/// Less than any step: no code was used yet.
pub(crate) const NONE_USED: i64 = -1;

/// The step of `typed`, if it is a code of `secret` around `now` and of a step after `last`: none is taken twice.
pub(crate) fn step_of(secret: &[u8], typed: &str, now: Timestamp, last: i64) -> Option<i64> {
    let step = now.as_second().div_euclid(STEP_SECONDS);
    let fits = |step: &i64| verify_slices_are_equal(code(secret, *step).as_bytes(), typed.as_bytes()).is_ok();
    (step - TOLERANCE..=step + TOLERANCE).filter(|step| last < *step).find(fits)
}

/// RFC 4226, 5.3.
fn code(secret: &[u8], step: i64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let digest = tag.as_ref();
    let offset = usize::from(digest[digest.len() - 1] & 0xf);
    let number = digest[offset..offset + 4].iter().fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte));
    format!("{:0DIGITS$}", (number & 0x7fff_ffff) % 10_u32.pow(DIGITS as u32))
}

/// The secret as people type it into an app, in groups of four.
pub(crate) fn as_typed(secret: &[u8]) -> String {
    let text = BASE32_NOPAD.encode(secret);
    let groups: Vec<_> = text.as_bytes().chunks(4).map(String::from_utf8_lossy).collect();
    groups.join(" ")
}

/// The secret as a picture that an app photographs: a QR code as the address of an image.
pub(crate) fn picture(secret: &[u8], account: &str, issuer: &str) -> Result<String, QrError> {
    let (secret, account, issuer) = (BASE32_NOPAD.encode(secret), percent(account), percent(issuer));
    let address = format!("otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}");
    let drawn = QrCode::new(address)?.render::<svg::Color>().min_dimensions(240, 240).build();
    Ok(format!("data:image/svg+xml;base64,{}", STANDARD.encode(drawn)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of RFC 6238, appendix B.
    const SECRET: &[u8] = b"12345678901234567890";

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        for (seconds, expected) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code(SECRET, seconds / STEP_SECONDS), expected, "{seconds}");
        }
    }

    #[test]
    fn a_code_holds_around_its_time_and_once() {
        let typed = code(SECRET, 100);
        for (now, step) in [(2_969, None), (2_970, Some(100)), (3_015, Some(100)), (3_059, Some(100)), (3_060, None)] {
            assert_eq!(step_of(SECRET, &typed, at(now), NONE_USED), step, "{now}");
        }
        assert_eq!(step_of(SECRET, &typed, at(3_000), 99), Some(100));
        assert_eq!(step_of(SECRET, &typed, at(3_000), 100), None, "it was used");
        for wrong in ["", "0", "000000 ", "１２３４５６"] {
            assert_eq!(step_of(SECRET, wrong, at(3_000), NONE_USED), None);
        }
    }

    #[test]
    fn apps_get_the_secret_by_hand_or_by_eye() {
        assert_eq!(as_typed(b"Hello!\xDE\xAD\xBE\xEF"), "JBSW Y3DP EHPK 3PXP");
        let image = picture(SECRET, "anna.ferri", "Ente dimostrativo").unwrap();
        assert!(image.starts_with("data:image/svg+xml;base64,"));
    }
}
