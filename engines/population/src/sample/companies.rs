//! Companies and who represents them.

use std::collections::BTreeSet;

use base::Date;

use super::{
    SampleCompany, SampleFamily, SampleWorld,
    declared::{Carica, File, Impresa},
    error::Problem,
};
use crate::model::{Company, CompanyOffice};

/// Offices name people by their handles.
pub(super) fn companies(file: &File, world: &SampleWorld, today: Date) -> Result<Vec<SampleCompany>, Problem> {
    let mut taken = BTreeSet::new();
    let made = |declared: &Impresa| {
        let company = company(declared, today);
        if !taken.insert(company.fiscal_code.to_string()) {
            let message = format!("two companies have the fiscal code {}", company.fiscal_code);
            return Err(Problem { at: declared.id.span(), message, mend: "give each its own" });
        }
        let offices = declared.carica.iter().map(|one| office(declared, &company, (one, world), today));
        Ok(SampleCompany { offices: offices.collect::<Result<_, _>>()?, company })
    };
    file.impresa.iter().map(made).collect()
}

fn company(declared: &Impresa, today: Date) -> Company {
    Company {
        fiscal_code: declared.codice_fiscale.as_ref().unwrap_or(&declared.partita_iva).clone(),
        vat_number: declared.partita_iva.clone(),
        name: declared.nome.clone(),
        form: declared.forma,
        seat: declared.sede.clone(),
        certified_email: declared.pec.clone(),
        activity: declared.attivita.clone(),
        employees: declared.addetti,
        register_number: declared.rea.clone(),
        since: declared.iscritta_da.from(today),
        ceased_on: declared.cessata_da.map(|ago| ago.from(today)),
    }
}

fn office(
    declared: &Impresa,
    company: &Company,
    (carica, world): (&Carica, &SampleWorld),
    today: Date,
) -> Result<CompanyOffice, Problem> {
    let handle = &carica.persona;
    let unknown = || Problem {
        at: declared.id.span(),
        message: format!("nobody is called {handle}"),
        mend: "write a person's id in `persona`",
    };
    let code = world.fiscal_code(handle).ok_or_else(unknown)?;
    let member = |family: &SampleFamily| {
        let member = family.household.members.iter().find(|member| member.person.fiscal_code == *code)?;
        Some(format!("{} {}", member.person.name.given, member.person.name.surname))
    };
    Ok(CompanyOffice {
        id: format!("{}-{handle}", declared.id.get_ref()),
        company: company.fiscal_code.clone(),
        holder: code.clone(),
        holder_name: world.families.iter().find_map(member).ok_or_else(unknown)?,
        role: carica.tipo,
        signature: carica.firma,
        from: carica.da.from(today),
        until: carica.finita_da.map(|ago| ago.from(today)),
    })
}
