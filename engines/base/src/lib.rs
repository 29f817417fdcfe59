#![doc = include_str!("../README.md")]

mod chance;
mod clock;
mod dates;
mod email;
mod file_kind;
mod fiscal_code;
mod iban;
mod ids;
mod keyed;
mod language;
mod money;
mod protocol;
mod text;
mod vat_number;

pub use chance::{Chance, SeededChance};
pub use clock::{Clock, ManualClock};
pub use dates::{
    age_on, long_date, long_timestamp, push_elided, rome_date, rome_instant, rome_midnight, rome_time, short_date,
};
pub use email::is_email;
pub use file_kind::FileKind;
pub use fiscal_code::{FiscalCode, FiscalCodeError, PersonName, Sex};
pub use iban::{Iban, IbanError};
pub use ids::new_id;
pub use jiff::{Timestamp, civil::Date};
pub use language::{Language, Translated};
pub use money::{Cents, shown_count};
pub use protocol::{ProtocolNumber, ProtocolNumberError};
pub use text::{TextPlace, edits, escape_xml, fold, nearest, text_place};
pub use uuid::Uuid;
pub use vat_number::{VatNumber, VatNumberError};
