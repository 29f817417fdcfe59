//! What the registry of companies knows of a company, as its forms need it.

use base::VatNumber;
use database::{Result, Tx};
use forms::Known;
use rules::{Moment, Value};

use super::teller::{Teller, Told};
use crate::{
    companies::{COMPANY_REGISTRY, is_silent},
    declared::Registries,
    store::companies::{self as store, RecordedCompany},
};

/// Nothing of a company that the registry does not know, or while it is silent.
pub(super) async fn known(tx: &mut Tx, registries: &Registries, code: &VatNumber, moment: Moment) -> Result<Known> {
    if is_silent(tx, COMPANY_REGISTRY).await? {
        return Ok(Known::default());
    }
    let found = store::find(tx, code.as_str()).await?.filter(|found| found.recorded_on <= moment.known);
    let Some(found) = found else { return Ok(Known::default()) };
    Ok(Known { values: values(&found, &Teller { registries, moment }), ..Known::default() })
}

fn values(RecordedCompany { company, recorded_on }: &RecordedCompany, teller: &Teller<'_>) -> Told {
    let mut told = Told::new();
    let mut text = |key: &str, value: &str| teller.tell(&mut told, &of(key), value, *recorded_on, None);
    text("denominazione", &company.name);
    text("codice_fiscale", company.fiscal_code.as_str());
    text("partita_iva", company.vat_number.as_str());
    text("forma_giuridica", company.form.code());
    text("sede", &company.seat);
    text("domicilio_digitale", &company.certified_email);
    text("attivita", &company.activity);
    text("numero_rea", &company.register_number);
    text("stato", if company.is_active(teller.moment.on) { "attiva" } else { "cessata" });
    teller.tell(&mut told, &of("iscritta_dal"), company.since, *recorded_on, None);
    teller.tell(&mut told, &of("addetti"), Value::Int(i64::from(company.employees)), *recorded_on, None);
    told
}

fn of(key: &str) -> String {
    format!("{COMPANY_REGISTRY}.{key}")
}
