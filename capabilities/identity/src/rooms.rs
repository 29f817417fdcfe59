use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use axum::{
    Router,
    routing::{get, post},
};
use background::{Round, RoundError};
use base::{Clock, Timestamp};
use database::Tx;
use jiff::SignedDuration;
use web::Mode;

use crate::{
    Declared, Demands, Holdings, KeyError, Settings,
    cards::{self, Cards},
    demonstration::{self, DemoIdp},
    factors::Factors,
    federation::{Federation, FederationError, Kind, Site},
    login, logout, office,
    openid::{
        self, Around, Member, When,
        staff::{self, StaffProvider},
    },
    pages,
    saml::{Provider, Signer},
    store,
};

/// Where providers post their answers, and where they end sessions, also of officials: the only paths that take a POST from another site. The
/// app puts them into `web::Settings::cross_site_paths`.
pub const CROSS_SITE_PATHS: [&str; 3] = ["/accesso/saml/acs", "/accesso/saml/uscita", staff::LEFT];

/// Where people log in and out, with all below: open also while the program is switched to read-only, because what they
/// may then read is theirs alone. The app puts them into `web::Settings::read_only_paths`.
pub const DOORS: [&str; 4] = ["/accesso", "/esci", "/idp-dimostrativo", "/ufficio/accesso"];

const CONSUMER: &str = CROSS_SITE_PATHS[0];
const LOGOUT: &str = CROSS_SITE_PATHS[1];
/// An answer of a provider is some kilobytes; base64 and form encoding make it larger.
const LARGEST_ANSWER: usize = 128 * 1024;
/// SPID: the register of messages is kept for 24 months; so is who read what, and whom a hold was about.
pub const REGISTER: SignedDuration = SignedDuration::from_hours(24 * 731);
/// Answers that anybody may have sent: long enough to see an attack, or why somebody could not come in.
const STRAYS: SignedDuration = SignedDuration::from_hours(24 * 3);
/// How officials' accounts were tried: a year, so that a theft that is noticed late can be followed.
const STAFF_LOGINS: SignedDuration = SignedDuration::from_hours(24 * 366);
/// Finished and abandoned logins, and counters of wrong passwords, are of no use after a day.
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Who is at the counter: providers, keys, routes. Cheap to clone.
#[derive(Clone)]
pub struct Identity(pub(crate) Arc<Parts>);

/// What the routes share.
pub(crate) struct Parts {
    /// In the order of the page.
    pub(crate) federations: Vec<Federation>,
    /// Who we are for providers that speak OpenID Connect.
    pub(crate) openid: Option<Member>,
    /// The administration's own provider, by which officials come in.
    pub(crate) staff: Option<StaffProvider>,
    /// Who is believed that shows a card of services.
    pub(crate) cards: Option<Cards>,
    /// Where answers arrive, from all federations.
    pub(crate) consumer_url: String,
    /// Where providers end sessions.
    pub(crate) logout_url: String,
    pub(crate) demands: Arc<dyn Demands>,
    pub(crate) objections: Option<String>,
    pub(crate) holdings: Option<Arc<dyn Holdings>>,
    pub(crate) skew: SignedDuration,
    pub(crate) demonstration: Option<DemoIdp>,
    /// Of officials.
    pub(crate) factors: Factors,
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
    /// A federation that cannot be entered.
    #[error(transparent)]
    Federation(#[from] FederationError),
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
        let url = &pages.public_url;
        let site = Site { public_url: url, keys: &settings.keys, today: settings.today };
        let own = || Signer::open_or_create(&settings.keys, "sp", pages.office.name.get(base::Language::Italian));
        let address_secret = own()?.derive_secret("sportello/addresses/v1")?;
        let mut federations =
            settings.declared.iter().map(|declared| enter(declared, &site)).next().unwrap_or(Ok(vec![]))?;
        let around = Around {
            strict: pages.mode == Mode::Production,
            wire: settings.wire,
            secret: own()?.derive_secret("sportello/openid/v1")?,
        };
        let staff = match &settings.declared {
            Some(declared) => {
                let secret = own()?.derive_secret("sportello/staff/v1")?;
                StaffProvider::enter(declared, &site, &Around { wire: around.wire.clone(), secret, ..around })?
            }
            None => None,
        };
        let cns = settings.declared.as_ref().and_then(|declared| Some((declared, declared.cns.as_ref()?)));
        let cards = cns.map(|(declared, cns)| Cards::enter(declared, cns, pages.mode)).transpose()?;
        let openid = match &settings.declared {
            Some(declared) => openid::enter(declared, &site, &around)?,
            None => None,
        };
        let demonstration = match settings.demonstration {
            Some(demo) => {
                let idp = DemoIdp::open(demo, &settings.keys, url)?;
                let spid = federations.iter().position(|one| one.kind == Kind::Spid).map(|at| federations.remove(at));
                let spid = match spid {
                    Some(spid) => spid,
                    None => demonstration::federation(url, own()?, &pages.office),
                };
                federations.insert(0, spid.with(idp.provider()));
                Some(idp)
            }
            None => None,
        };
        Ok(Self(Arc::new(Parts {
            federations,
            openid,
            staff,
            cards,
            consumer_url: format!("{url}{CONSUMER}"),
            logout_url: format!("{url}{LOGOUT}"),
            demands: settings.demands,
            objections: settings.objections,
            holdings: settings.holdings,
            skew: settings.skew,
            demonstration,
            factors: Factors::open(&settings.keys, pages)?,
            address_secret,
        })))
    }

    /// All pages of this room. Those of the demonstration provider exist only where it is on.
    pub fn routes(&self) -> Router {
        let routes = Router::new()
            .route("/accesso", get(login::choose))
            .route("/accesso/saml/avvia", get(login::start))
            .route(CONSUMER, web::uploads(post(login::consume), LARGEST_ANSWER))
            .route(LOGOUT, get(logout::receive_query).post(logout::receive_form))
            .route(Kind::Spid.metadata_path(), get(login::metadata_of_spid))
            .route(Kind::Cie.metadata_path(), get(login::metadata_of_cie))
            .route("/accesso/cns/avvia", get(login::cards::start))
            .route("/accesso/cns/esito", get(login::cards::outcome))
            .route("/accesso/oidc/risolvi", get(login::openid::resolve))
            .route("/accesso/oidc/avvia", get(login::openid::start))
            .route("/accesso/oidc/ritorno", get(login::openid::come_back))
            .route("/.well-known/openid-federation", get(login::openid::configuration))
            .route("/accesso/fine", get(login::finish))
            .route("/esci", get(pages::ask_logout).post(pages::logout))
            .route("/esci/fatto", get(pages::logged_out))
            .route("/profilo", get(pages::profile).post(pages::save_profile))
            .route("/profilo/altri", post(pages::end_others))
            .route("/profilo/letture", get(pages::reads))
            .route("/profilo/copia", get(pages::about_copy))
            .route("/profilo/copia/dati.json", get(pages::download_copy))
            .route("/profilo/identita", get(pages::identities).post(pages::answer_identity))
            .merge(office::routes());
        let routes = if self.0.demonstration.is_some() { demonstration::add_routes(routes) } else { routes };
        routes.with_state(self.clone())
    }

    /// Accounts whose app is sealed with another `factors.key` than ours: its codes open nothing until the old file is put
    /// back, or the second proof is set up anew. For the program's start.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn sealed_elsewhere(&self, tx: &mut Tx) -> database::Result<Vec<String>> {
        let unreadable =
            |(id, sealed): (String, String)| self.0.factors.vault.open(&id, &sealed).is_none().then_some(id);
        Ok(store::factors::apps(tx).await?.into_iter().filter_map(unreadable).collect())
    }

    /// A provider and its federation, while its metadata hold.
    pub(crate) fn provider(&self, id: &str, now: Timestamp) -> Option<(&Federation, Arc<Provider>)> {
        let of = |federation: &Federation| federation.providers(now).into_iter().find(|provider| provider.id == id);
        self.0.federations.iter().find_map(|federation| Some((federation, of(federation)?)))
    }

    /// The provider that calls itself so.
    pub(crate) fn issuer(&self, entity_id: &str, now: Timestamp) -> Option<(&Federation, Arc<Provider>)> {
        let of = |federation: &Federation| federation.providers(now).into_iter().find(|one| one.entity_id == entity_id);
        self.0.federations.iter().find_map(|federation| Some((federation, of(federation)?)))
    }

    /// What people call a provider, whatever it speaks; its identifier when it is not there any more.
    pub(crate) fn provider_name(&self, id: &str, now: Timestamp) -> String {
        let saml = || self.provider(id, now).map(|(_, provider)| provider.name.clone());
        let openid = || self.0.openid.as_ref()?.provider(id, now).map(|(_, provider)| provider.name.clone());
        let card = || (id == cards::ID).then(|| "CNS".to_owned());
        saml().or_else(openid).or_else(card).unwrap_or_else(|| id.to_owned())
    }

    pub(crate) fn federation(&self, kind: Kind) -> Option<&Federation> {
        self.0.federations.iter().find(|federation| federation.kind == kind)
    }

    /// Reads metadata of providers again where a file changed, as long as the program runs.
    #[must_use]
    pub fn watcher(&self) -> Watcher {
        Watcher { identity: self.clone(), told: Mutex::default() }
    }
}

impl Identity {
    /// Looks up whom the federations of OpenID Connect vouch for, and how the provider of officials is asked, as long as the program runs: never in a person's request.
    #[must_use]
    pub fn federation_watcher(&self, clock: Arc<dyn Clock>) -> FederationWatcher {
        FederationWatcher { identity: self.clone(), clock, told: Mutex::default() }
    }
}

fn enter(declared: &Declared, site: &Site) -> Result<Vec<Federation>, FederationError> {
    let members = [(Kind::Spid, &declared.spid), (Kind::Cie, &declared.cie)];
    let declared_in = members.into_iter().filter_map(|(kind, member)| Some((kind, member.as_ref()?)));
    declared_in.map(|(kind, member)| Federation::enter(kind, declared, member, site)).collect()
}

/// See [`Identity::watcher`].
pub struct Watcher {
    identity: Identity,
    /// What was last said to be wrong: it is told once.
    told: Mutex<Option<String>>,
}

#[async_trait]
impl Round for Watcher {
    fn name(&self) -> &'static str {
        "identity.providers"
    }

    /// A file that cannot be read is told, but is no failure of the program: people come in with what was known before.
    async fn round(&self) -> Result<(), RoundError> {
        let parts = Arc::clone(&self.identity.0);
        let outcome = tokio::task::spawn_blocking(move || {
            // All of them, and all mistakes are told: one federation's file is no matter of the other's.
            let cards = parts.cards.iter().map(Cards::reread);
            let read: Vec<_> = parts.federations.iter().map(Federation::reread).chain(cards).collect();
            let changed = read.contains(&Ok(true));
            (changed, read.into_iter().filter_map(Result::err).collect::<Vec<_>>().join("; "))
        });
        let (changed, trouble) = outcome.await?;
        if changed {
            tracing::info!("the metadata of identity providers were read again");
        }
        let trouble = Some(trouble).filter(|trouble| !trouble.is_empty());
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(trouble) = trouble.as_ref().filter(|trouble| told.as_ref() != Some(*trouble)) {
            tracing::error!(
                trouble,
                "files about who is believed cannot be used: metadata of providers, or about cards"
            );
        }
        *told = trouble;
        Ok(())
    }
}

/// See [`Identity::federation_watcher`].
pub struct FederationWatcher {
    identity: Identity,
    clock: Arc<dyn Clock>,
    told: Mutex<Option<String>>,
}

#[async_trait]
impl Round for FederationWatcher {
    fn name(&self) -> &'static str {
        "identity.federations"
    }

    /// Who does not answer is told, but is no failure of the program: people come in with what is known and holds.
    async fn round(&self) -> Result<(), RoundError> {
        let (parts, now) = (Arc::clone(&self.identity.0), self.clock.now());
        let due = |member: &Member| member.federations.iter().any(|one| one.is_due(now));
        if !parts.openid.as_ref().is_some_and(due) && !parts.staff.as_ref().is_some_and(|staff| staff.is_due(now)) {
            return Ok(());
        }
        let troubles = tokio::task::spawn_blocking(move || {
            let when = When { now, skew: parts.skew };
            let members =
                parts.openid.iter().flat_map(|member| member.federations.iter().map(move |one| (member, one)));
            let looked = members.filter(|(_, one)| one.is_due(now)).map(|(member, one)| one.look(member, when));
            let told = looked.flat_map(|looked| looked.troubles.into_iter().chain(looked.unknown_here));
            // One machine that is near, before many that may be slow.
            let staff = parts.staff.iter().filter(|staff| staff.is_due(now));
            staff.filter_map(|staff| staff.look(now).err()).chain(told).collect::<Vec<_>>()
        });
        let trouble = Some(troubles.await?.join("; ")).filter(|told| !told.is_empty());
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(trouble) = trouble.as_ref().filter(|trouble| told.as_ref() != Some(*trouble)) {
            tracing::error!(
                trouble,
                "a federation of identity providers, or that of officials, could not be looked up wholly"
            );
        }
        *told = trouble;
        Ok(())
    }
}

/// Forgets what may no longer be kept; gives the number of rows. For a daily job.
///
/// # Errors
/// When the database refuses the write.
pub async fn forget_old(tx: &mut Tx, now: Timestamp) -> database::Result<u64> {
    let before = |age| now.saturating_sub(age).unwrap_or(Timestamp::MIN);
    let strays = store::strays::forget(tx, before(STRAYS)).await?;
    let strays = strays + store::staff_logins::forget(tx, before(STAFF_LOGINS)).await?;
    let logins = store::logins::forget(tx, before(DAY), before(REGISTER)).await?;
    Ok(strays + logins + store::reads::forget(tx, now).await?)
}
