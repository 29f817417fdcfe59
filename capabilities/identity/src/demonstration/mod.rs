//! An identity provider inside the program, for demonstrations: whoever asks is whoever they choose to be. It speaks
//! what the national providers speak (signed request, signed answer), with its own key and its own pages, and knows
//! of the rest of this crate only our certificate and the address for answers.

pub(crate) mod answer;
mod pages;

use std::{path::Path, sync::Arc};

use async_trait::async_trait;
use axum::{
    Router,
    routing::{get, post},
};
use base::{Date, FiscalCode, PersonName, Sex, Translated};

use crate::{
    Identity, KeyError,
    declared::Organisation,
    federation::{Federation, Sources},
    saml::{Endpoint, Endpoints, Provider, Signer},
};

/// Its short name in tables.
pub(crate) const ID: &str = "dimostrativo";
const PATH: &str = "/idp-dimostrativo";

/// A person of the sample world.
#[derive(Debug, Clone)]
pub struct DemoPerson {
    /// Short name in guides and tests, e.g. `anna`.
    pub handle: String,
    /// Name and surname.
    pub name: PersonName,
    /// Fiscal code.
    pub fiscal_code: FiscalCode,
    /// Date of birth.
    pub born: Date,
    /// Sex recorded at the registry office.
    pub sex: Sex,
    /// Belfiore code of the municipality or country of birth, e.g. `H501`.
    pub birthplace: String,
    /// Who the person is and what can be tried with them; `None` for people of the generated crowd.
    pub story: Option<Translated>,
}

/// Who lives in the sample world.
#[async_trait]
pub trait People: Send + Sync {
    /// The people with a story, in the order of the page.
    fn samples(&self) -> Vec<DemoPerson>;

    /// Anybody, by fiscal code.
    async fn find(&self, code: &FiscalCode) -> anyhow::Result<Option<DemoPerson>>;
}

/// An official whose account the login page tells, password included.
#[derive(Debug, Clone)]
pub struct DemoOfficer {
    /// Identifier of the account.
    pub id: String,
    /// Name and surname.
    pub name: String,
    /// Name of the office.
    pub office: String,
    /// The obviously invented password.
    pub password: String,
}

/// What a demonstration shows.
pub struct Demonstration {
    /// The citizens.
    pub people: Arc<dyn People>,
    /// The officials; their accounts are made with [`crate::create_staff`].
    pub officers: Vec<DemoOfficer>,
}

/// The provider with its key.
pub(crate) struct DemoIdp {
    pub(crate) people: Arc<dyn People>,
    pub(crate) officers: Vec<DemoOfficer>,
    pub(crate) entity_id: String,
    pub(crate) signer: Signer,
}

impl DemoIdp {
    pub(crate) fn open(demo: Demonstration, keys: &Path, public_url: &str) -> Result<Self, KeyError> {
        let signer = Signer::open_or_create(keys, "idp", "Identity provider dimostrativo")?;
        let entity_id = format!("{public_url}{PATH}");
        Ok(Self { people: demo.people, officers: demo.officers, entity_id, signer })
    }

    /// As the service provider knows it.
    pub(crate) fn provider(&self) -> Provider {
        Provider {
            id: ID.to_owned(),
            name: "IdP dimostrativo".to_owned(),
            entity_id: self.entity_id.clone(),
            sign_on: Endpoints { redirect: Some(Endpoint::new(format!("{}/sso", self.entity_id))), post: None },
            logout: Endpoints::default(),
            certificates: vec![self.signer.certificate().clone()],
            valid_until: None,
        }
    }
}

/// A federation for those who declared none: the office that the pages name, with an invented place and code.
pub(crate) fn federation(public_url: &str, signer: Signer, office: &web::Office) -> Federation {
    let organisation = Organisation {
        name: office.name.get(base::Language::Italian).to_owned(),
        display_name: None,
        url: public_url.to_owned(),
        ipa_code: "m_demo".to_owned(),
        fiscal_code: None,
        locality: "Roma".to_owned(),
        municipality: "H501".to_owned(),
        province: "RM".to_owned(),
        email: office.email.clone(),
        phone: "+390600000000".to_owned(),
    };
    Federation::bare(public_url.to_owned(), vec![signer], organisation, Sources::default())
}

pub(crate) fn add_routes(router: Router<Identity>) -> Router<Identity> {
    router
        .route("/idp-dimostrativo", get(pages::about))
        .route("/idp-dimostrativo/", get(pages::about))
        .route("/idp-dimostrativo/sso", get(pages::sign_on))
        .route("/idp-dimostrativo/scelta", post(pages::choose).get(pages::about))
}
