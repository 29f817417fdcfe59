//! What rooms need of one another against the direction of dependencies, each as the trait that the needing room says.

use async_trait::async_trait;
use base::{FiscalCode, Language, Uuid};
use cases::Cases;
use catalogue::{Catalogue, HomePanel, HomePanels, Measured};
use database::{Database, Tx};
use identity::{DemoPerson, People};
use population::SampleWorld;
use web::{Failure, Visit};

/// The notary asks for documents; letters keeps them.
pub struct Documents;

#[async_trait]
impl notary::Documents for Documents {
    async fn pdf(&self, tx: &mut Tx, document: Uuid) -> database::Result<Option<Vec<u8>>> {
        letters::pdf_by_id(tx, document).await
    }

    async fn issued_by(&self, tx: &mut Tx, document: Uuid) -> database::Result<Option<(Uuid, i64)>> {
        Ok(letters::by_id(tx, document).await?.map(|document| (document.case, document.issued_seq)))
    }
}

/// The register leads to cases; cases know whose they are.
pub struct CaseOffices;

#[async_trait]
impl protocol::CaseOffices for CaseOffices {
    async fn office_of(&self, tx: &mut Tx, case: Uuid) -> database::Result<Option<String>> {
        cases::office_of(tx, case).await
    }
}

/// Retention destroys cases; branches hold something of them.
pub struct Papers;

#[async_trait]
impl retention::Branches for Papers {
    async fn erase(&self, tx: &mut Tx, case: Uuid) -> database::Result<()> {
        mandates::erase_case(tx, case).await?;
        letters::erase_case(tx, case).await
    }
}

/// The copy of a person's data is identity's page; what is in it, each room knows.
pub struct Holdings(pub Cases);

#[async_trait]
impl identity::Holdings for Holdings {
    async fn of(
        &self,
        tx: &mut Tx,
        visit: &Visit,
        person: &identity::Person,
    ) -> Result<serde_json::Map<String, serde_json::Value>, Failure> {
        let code = person.fiscal_code.as_str();
        let registries = self.0.catalogue.offer().registries.clone();
        let known = registry::known(tx, &registries, code, cases::today(visit)).await?;
        let mut held = serde_json::Map::new();
        held.insert("banche_dati".to_owned(), serde_json::to_value(known)?);
        let powers = registry::powers_of(tx, code, cases::today(visit)).await?;
        let companies = registry::representations_of(tx, code, cases::today(visit)).await?.answer().unwrap_or_default();
        held.insert("imprese_che_rappresenti".to_owned(), companies.iter().map(representation).collect());
        held.insert("chi_rappresenti_per_legge".to_owned(), powers.iter().map(power).collect());
        let powers = registry::representatives_of(tx, code, cases::today(visit)).await?;
        held.insert("chi_ti_rappresenta_per_legge".to_owned(), powers.iter().map(power).collect());
        let rooms = [
            mandates::copy_of(tx, code).await?,
            consents::copy_of(tx, code).await?,
            self.0.copy_of(tx, visit, code).await?,
        ];
        for told in rooms {
            held.extend(told.as_object().cloned().unwrap_or_default());
        }
        Ok(held)
    }
}

fn power(power: &registry::LegalPower) -> serde_json::Value {
    serde_json::json!({
        "titolo": power.kind.key(),
        "numero": power.number,
        "rappresentato": power.represented_name,
        "rappresentante": power.representative_name,
        "tribunale": power.court,
        "fino_al": power.until.map(|day| day.to_string()),
    })
}

fn representation(one: &registry::Representation) -> serde_json::Value {
    serde_json::json!({
        "impresa": one.company.name,
        "codice_fiscale": one.company.fiscal_code,
        "carica": one.office.role,
        "firma": one.office.signature,
        "dal": one.office.from.to_string(),
    })
}

/// The home page shows what is a person's; cases know it.
pub struct Panels(pub Cases);

#[async_trait]
impl HomePanels for Panels {
    async fn panels(&self, visit: &Visit) -> Result<Vec<HomePanel>, Failure> {
        let mut panels = mandates::Mandates::home_panels(visit).await?;
        panels.extend(self.0.home_panels(visit).await?);
        Ok(panels)
    }

    async fn measured(&self, visit: &Visit, service: &str) -> Result<Option<Measured>, Failure> {
        let mut tx = visit.web.database().read().await?;
        Ok(cases::measured(&mut tx, service).await?)
    }
}

/// Logins ask for what services declare; the catalogue knows them.
pub struct Services(pub Catalogue);

impl identity::Demands for Services {
    fn of(&self, path: &str) -> Option<identity::Demand> {
        let slug = path.strip_prefix("/servizi/")?.split(['/', '?']).next()?;
        let level = self.0.service(slug)?.decl.level;
        Some(identity::Demand { service: slug.to_owned(), level })
    }
}

/// The demonstration identity provider shows people; the sample world and the registry know them.
pub struct DemoPeople {
    /// People with a story.
    pub samples: Vec<DemoPerson>,
    /// Where everybody else is.
    pub database: Database,
}

#[async_trait]
impl People for DemoPeople {
    fn samples(&self) -> Vec<DemoPerson> {
        self.samples.clone()
    }

    async fn find(&self, code: &FiscalCode) -> anyhow::Result<Option<DemoPerson>> {
        let mut tx = self.database.read().await?;
        let found = registry::person(&mut tx, code).await?;
        Ok(found.map(|person| DemoPerson {
            handle: String::new(),
            name: person.name,
            fiscal_code: person.fiscal_code,
            born: person.born,
            sex: person.sex,
            birthplace: person.birthplace.code,
            story: None,
        }))
    }
}

/// The people of the sample world who log in, as the identity provider shows them.
pub fn samples(world: &SampleWorld) -> Vec<DemoPerson> {
    let family = |family: &population::SampleFamily| {
        let member = family.household.members.iter().find(|member| member.person.fiscal_code == family.logs_in)?;
        let person = &member.person;
        Some(DemoPerson {
            handle: family.id.clone(),
            name: person.name.clone(),
            fiscal_code: person.fiscal_code.clone(),
            born: person.born,
            sex: person.sex,
            birthplace: person.birthplace.code.clone(),
            story: Some(story(family)),
        })
    };
    world.families.iter().filter_map(family).collect()
}

fn story(family: &population::SampleFamily) -> base::Translated {
    let text = |language| format!("{} {}", family.story.get(language), family.to_try.get(language));
    base::Translated::Many(Language::ALL.into_iter().map(|language| (language, text(language))).collect())
}
