//! How a registration is shown to people: never without its register, because two offices give the same number.

use base::{Language, ProtocolNumber, Timestamp, long_date, rome_date};
use catalogue::{Catalogue, Office};

use crate::protocol::Protocol;

/// `FAMGEN 0000123/2026`: the register and the number. For an office that is not declared any more, its identifier.
#[must_use]
pub fn shown(catalogue: &Catalogue, protocol: &Protocol) -> String {
    format!("{} {protocol}", aoo(catalogue, &protocol.office))
}

/// The code of the register of an office: that of its area (AOO).
#[must_use]
pub fn aoo(catalogue: &Catalogue, office: &str) -> String {
    catalogue.office(office).map_or_else(|| office.to_owned(), |office| office.aoo)
}

/// The segnatura as a line (art. 55 D.P.R. 445/2000): administration, AOO, number, date.
#[must_use]
pub fn stamp(catalogue: &Catalogue, protocol: &Protocol, at: Timestamp, language: Language) -> String {
    let administration = |office: Office| format!("{} · ", office.administration.get(language));
    let body = catalogue.office(&protocol.office).map(administration).unwrap_or_default();
    let (date, number) = (long_date(rome_date(at), language), ProtocolNumber::from(protocol));
    match language {
        Language::Italian => format!("{body}AOO {} · n. {number} · del {date}", aoo(catalogue, &protocol.office)),
        Language::English => format!("{body}AOO {} · No. {number} · of {date}", aoo(catalogue, &protocol.office)),
        Language::German => format!("{body}AOO {} · Nr. {number} · vom {date}", aoo(catalogue, &protocol.office)),
    }
}
