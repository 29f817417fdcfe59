use std::sync::Arc;

use axum::{
    Router,
    routing::{get, post},
};
use base::Timestamp;
use database::Tx;
use jiff::SignedDuration;
use web::Mode;

use crate::{
    KeyError, Provider, Settings,
    demonstration::{self, DemoIdp},
    login, office, pages,
    saml::Signer,
    store,
};

/// Where providers post their answers: the only paths that take a POST from another site. The app puts them into
/// `web::Settings::cross_site_paths`.
pub const CROSS_SITE_PATHS: [&str; 1] = ["/accesso/saml/acs"];

/// Where people log in and out, with all below: open also while the program is switched to read-only, because what they
/// may then read is theirs alone. The app puts them into `web::Settings::read_only_paths`.
pub const DOORS: [&str; 4] = ["/accesso", "/esci", "/idp-dimostrativo", "/ufficio/accesso"];

const CONSUMER: &str = CROSS_SITE_PATHS[0];
/// An answer of a provider is some kilobytes; base64 and form encoding make it larger.
const LARGEST_ANSWER: usize = 128 * 1024;
/// SPID: the register of messages is kept for 24 months; so is who read what, and whom a hold was about.
pub const REGISTER: SignedDuration = SignedDuration::from_hours(24 * 731);
/// Finished and abandoned logins, and counters of wrong passwords, are of no use after a day.
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Who is at the counter: providers, keys, routes. Cheap to clone.
#[derive(Clone)]
pub struct Identity(pub(crate) Arc<Parts>);

/// What the routes share.
pub(crate) struct Parts {
    /// Our entity ID: the public address of the program.
    pub(crate) entity_id: String,
    /// Where answers arrive.
    pub(crate) consumer_url: String,
    pub(crate) signer: Signer,
    pub(crate) providers: Vec<Provider>,
    pub(crate) skew: SignedDuration,
    pub(crate) demonstration: Option<DemoIdp>,
    /// Keeps digests of addresses from being reversed by trying all addresses.
    pub(crate) address_secret: Vec<u8>,
}

/// Why the program cannot start with these settings.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The demonstration identity provider lets anybody be anybody.
    #[error(
        "the demonstration identity provider lets anybody be anybody: it runs in demo mode only. Take it out of the settings and configure real providers"
    )]
    DemonstrationInProduction,
    /// Two providers have one short name.
    #[error("two identity providers are called `{0}`: rename one")]
    ProviderTwice(String),
    /// Our keys cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl Identity {
    /// Checks the settings and opens (or, at the first start, makes) our keys.
    ///
    /// # Errors
    /// [`SetupError`], above all when the demonstration provider is on in production.
    pub fn new(settings: Settings, pages: &web::Settings) -> Result<Self, SetupError> {
        if settings.demonstration.is_some() && pages.mode == Mode::Production {
            return Err(SetupError::DemonstrationInProduction);
        }
        let entity_id = pages.public_url.clone();
        let signer = Signer::open_or_create(&settings.keys, "sp", pages.office.name.get(base::Language::Italian))?;
        let demonstration =
            settings.demonstration.map(|demo| DemoIdp::open(demo, &settings.keys, &entity_id)).transpose()?;
        let mut providers = settings.providers;
        providers.extend(demonstration.as_ref().map(DemoIdp::provider));
        refuse_doubles(&providers)?;
        let consumer_url = format!("{entity_id}{CONSUMER}");
        let address_secret = signer.derive_secret("sportello/addresses/v1")?;
        let skew = settings.skew;
        let parts = Parts { entity_id, consumer_url, signer, providers, skew, demonstration, address_secret };
        Ok(Self(Arc::new(parts)))
    }

    /// All pages of this room. Those of the demonstration provider exist only where it is on.
    pub fn routes(&self) -> Router {
        let routes = Router::new()
            .route("/accesso", get(login::choose))
            .route("/accesso/saml/avvia", get(login::start))
            .route(CONSUMER, web::uploads(post(login::consume), LARGEST_ANSWER))
            .route("/accesso/saml/metadata", get(login::metadata))
            .route("/accesso/fine", get(login::finish))
            .route("/esci", get(pages::ask_logout).post(pages::logout))
            .route("/esci/fatto", get(pages::logged_out))
            .route("/profilo", get(pages::profile).post(pages::save_profile))
            .route("/profilo/letture", get(pages::reads))
            .route("/ufficio/accesso", get(office::login_page).post(office::sign_in));
        let routes = if self.0.demonstration.is_some() { demonstration::add_routes(routes) } else { routes };
        routes.with_state(self.clone())
    }

    pub(crate) fn provider(&self, id: &str) -> Option<&Provider> {
        self.0.providers.iter().find(|provider| provider.id == id)
    }
}

fn refuse_doubles(providers: &[Provider]) -> Result<(), SetupError> {
    let mut ids: Vec<_> = providers.iter().map(|provider| &provider.id).collect();
    ids.sort_unstable();
    match ids.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(SetupError::ProviderTwice(pair[0].clone())),
        None => Ok(()),
    }
}

/// Forgets what may no longer be kept; gives the number of rows. For a daily job.
///
/// # Errors
/// When the database refuses the write.
pub async fn forget_old(tx: &mut Tx, now: Timestamp) -> database::Result<u64> {
    let before = |age| now.saturating_sub(age).unwrap_or(Timestamp::MIN);
    Ok(store::logins::forget(tx, before(DAY), before(REGISTER)).await? + store::reads::forget(tx, now).await?)
}
