//! Who signed, as the pages of a case show it.

use catalogue::Service;
use web::{Page, components::Fact};

use crate::{pages::role, payload::Submitted};

/// Who signed beside the applicant, and what; nothing where nobody had to.
#[must_use]
pub fn facts(page: &Page, service: &Service, submitted: &Submitted) -> Vec<Fact> {
    let Some(signed) = &submitted.signed else { return Vec::new() };
    let signature = |one: &crate::payload::Signature| {
        let values = [
            ("name", one.name.clone()),
            ("role", role(service, &one.role, page.language)),
            ("when", page.moment(&one.at)),
            ("level", one.level.to_string()),
        ];
        Fact::new(
            page.t("cases.signing.fact.signed_by"),
            web::words::fill(page.t("cases.signing.fact.signed_line"), &values),
        )
    };
    let digest = Fact::new(page.t("cases.signing.fact.signed_digest"), &signed.digest);
    signed.signatures.iter().map(signature).chain([digest]).collect()
}
