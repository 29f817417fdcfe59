use base::Timestamp;
use roxmltree::Node;

use super::{
    super::{ASSERTION, BEARER, ENTITY, TRANSIENT, level_of},
    Expected, Refusal, child, trimmed,
};
use crate::federation::Kind;

/// What the signed assertion must say about itself: by whom, for whom, until when, how.
pub(super) fn check_assertion(assertion: Node, expected: &Expected) -> Result<(), Refusal> {
    if assertion.attribute("Version") != Some("2.0") {
        return Err(Refusal::Version);
    }
    let issuer = part(assertion, "Issuer")?;
    // Unlike in the answer, SPID wants the Format here; CIE lets it be left out.
    let format_allowed = match (issuer.attribute("Format"), expected.kind) {
        (Some(format), _) => format == ENTITY,
        (None, kind) => kind == Kind::Cie,
    };
    if trimmed(issuer) != expected.provider || !format_allowed {
        return Err(Refusal::Issuer);
    }
    issued_in_time(assertion.attribute("IssueInstant").unwrap_or_default(), expected)?;
    check_subject(part(assertion, "Subject")?, expected)?;
    check_conditions(part(assertion, "Conditions")?, expected)?;
    let statement = part(assertion, "AuthnStatement")?;
    instant(statement.attribute("AuthnInstant"))
        .filter(|at| *at <= late(expected))
        .ok_or(Refusal::Time("AuthnInstant"))?;
    let class = trimmed(part(part(statement, "AuthnContext")?, "AuthnContextClassRef")?);
    level_of(&class).filter(|level| *level >= expected.level).map(drop).ok_or(Refusal::Level)
}

fn check_subject(subject: Node, expected: &Expected) -> Result<(), Refusal> {
    let name = part(subject, "NameID")?;
    if name.attribute("Format") != Some(TRANSIENT) || trimmed(name).is_empty() {
        return Err(Refusal::Subject("NameID"));
    }
    let confirmation = part(subject, "SubjectConfirmation")?;
    if confirmation.attribute("Method") != Some(BEARER) {
        return Err(Refusal::Subject("Method"));
    }
    let data = part(confirmation, "SubjectConfirmationData")?;
    if data.attribute("Recipient") != Some(expected.consumer_url) {
        return Err(Refusal::Subject("Recipient"));
    }
    if data.attribute("InResponseTo") != Some(expected.request_id) {
        return Err(Refusal::InResponseTo);
    }
    ends_later(data, expected, "SubjectConfirmationData NotOnOrAfter")
}

fn check_conditions(conditions: Node, expected: &Expected) -> Result<(), Refusal> {
    let begun = instant(conditions.attribute("NotBefore")).is_some_and(|at| at <= late(expected));
    if !begun {
        return Err(Refusal::Time("NotBefore"));
    }
    ends_later(conditions, expected, "Conditions NotOnOrAfter")?;
    let audience = part(part(conditions, "AudienceRestriction")?, "Audience")?;
    if trimmed(audience) == expected.audience { Ok(()) } else { Err(Refusal::Audience) }
}

fn ends_later(node: Node, expected: &Expected, what: &'static str) -> Result<(), Refusal> {
    let end = instant(node.attribute("NotOnOrAfter")).ok_or(Refusal::Time(what))?;
    if early(expected) < end { Ok(()) } else { Err(Refusal::Time(what)) }
}

/// Not before the request was made (equality allowed: whole seconds), not in the future, apart from the skew.
pub(super) fn issued_in_time(text: &str, expected: &Expected) -> Result<(), Refusal> {
    let issued = instant(Some(text)).ok_or(Refusal::Time("IssueInstant"))?;
    let earliest = expected.requested_at.saturating_sub(expected.skew).unwrap_or(Timestamp::MIN);
    if earliest <= issued && issued <= late(expected) { Ok(()) } else { Err(Refusal::Time("IssueInstant")) }
}

fn late(expected: &Expected) -> Timestamp {
    expected.now.saturating_add(expected.skew).unwrap_or(Timestamp::MAX)
}

fn early(expected: &Expected) -> Timestamp {
    expected.now.saturating_sub(expected.skew).unwrap_or(Timestamp::MIN)
}

/// `2026-03-02T09:00:00Z`, perhaps with fractions of a second: SAML times are UTC and say so (SAML core, 1.3.3).
pub(in crate::saml) fn instant(text: Option<&str>) -> Option<Timestamp> {
    let text = text?;
    let pattern = |(place, byte): (usize, u8)| match place {
        4 | 7 => byte == b'-',
        10 => byte == b'T',
        13 | 16 => byte == b':',
        19 => byte == b'.',
        _ => byte.is_ascii_digit(),
    };
    let body = text.strip_suffix('Z')?;
    (body.len() >= 19 && body.len() != 20 && body.bytes().enumerate().all(pattern)).then(|| text.parse().ok())?
}

fn part<'a, 'input>(node: Node<'a, 'input>, name: &'static str) -> Result<Node<'a, 'input>, Refusal> {
    child(node, ASSERTION, name).ok_or_else(|| Refusal::Shape(format!("there is no {name}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_utc_instants_are_read() {
        assert!(instant(Some("2026-03-02T09:00:00Z")).is_some());
        assert!(instant(Some("2026-03-02T09:00:00.123Z")).is_some());
        for bad in [
            "",
            "2026-03-02",
            "2026-03-02T09:00:00",
            "2026-03-02T09:00:00+01:00",
            "2026-03-02T09:00:00.Z",
            "2026-13-02T09:00:00Z",
        ] {
            assert_eq!(instant(Some(bad)), None, "{bad}");
        }
    }
}
