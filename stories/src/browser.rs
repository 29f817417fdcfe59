//! Real HTTP, with the cookies and the history of one device.

use std::time::Duration;

use ureq::{Agent, http};

use crate::{address, form::Sending, page::Page};

/// A request and its answer, as a story's report shows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Path and query.
    pub place: String,
    /// HTTP status.
    pub status: u16,
}

/// More redirections than any login needs: there is a loop.
const MOST_HOPS: usize = 12;
const LARGEST: u64 = 64 << 20;
const PATIENCE: Duration = Duration::from_secs(60);

/// One device: its cookies, the page it shows, the pages before.
pub(crate) struct Browser {
    agent: Agent,
    base: String,
    pub page: Page,
    before: Vec<Page>,
    /// Requests of the present step.
    pub trail: Vec<Hop>,
}

/// What came back before it is read as a page.
struct Arrived {
    address: String,
    status: u16,
    location: Option<String>,
    media_type: String,
    bytes: Vec<u8>,
}

impl Browser {
    pub(crate) fn new(base: &str) -> Self {
        let config =
            Agent::config_builder().max_redirects(0).max_redirects_will_error(false).http_status_as_error(false);
        let config = config.timeout_global(Some(PATIENCE)).proxy(None).user_agent("storie-di-sportello").build();
        let base = base.trim_end_matches('/').to_owned();
        Self {
            agent: Agent::new_with_config(config),
            base,
            page: Page::default(),
            before: Vec::new(),
            trail: Vec::new(),
        }
    }

    /// Opens a link of the present page, or an address typed by hand, and shows what it leads to.
    pub(crate) fn open(&mut self, link: &str) -> Result<(), String> {
        let from = if self.page.address.is_empty() { format!("{}/", self.base) } else { self.page.address.clone() };
        let arrived = self.get(&address::resolve(&from, link))?;
        self.show(arrived);
        Ok(())
    }

    /// Opens an address of the program.
    pub(crate) fn type_in(&mut self, place: &str) -> Result<(), String> {
        let arrived = self.get(&address::typed(&address::resolve(&format!("{}/", self.base), place)))?;
        self.show(arrived);
        Ok(())
    }

    /// Sends a form and shows what comes of it.
    pub(crate) fn send(&mut self, sending: &Sending) -> Result<(), String> {
        let arrived = match sending {
            Sending::Get(address) => self.get(address)?,
            Sending::Post(..) => {
                let first = post(&self.agent, sending)?;
                self.note("POST", &first);
                self.follow(first)?
            }
        };
        self.show(arrived);
        Ok(())
    }

    /// Sends a form twice at the same time, as an impatient double click does, and shows what comes of the second.
    pub(crate) fn send_twice(&mut self, sending: &Sending) -> Result<(), String> {
        let agent = &self.agent;
        let (one, two) = std::thread::scope(|scope| {
            let other = scope.spawn(|| post(agent, sending));
            let one = post(agent, sending);
            (one, other.join().unwrap_or_else(|_| Err("la seconda richiesta si è interrotta".to_owned())))
        });
        let (one, two) = (one?, two?);
        self.note("POST", &one);
        self.follow(one)?;
        self.note("POST", &two);
        let shown = self.follow(two)?;
        self.show(shown);
        Ok(())
    }

    /// The bytes behind a link, without leaving the page.
    pub(crate) fn download(&mut self, link: &str) -> Result<Vec<u8>, String> {
        let arrived = self.get(&address::resolve(&self.page.address, link))?;
        if arrived.status == 200 { Ok(arrived.bytes) } else { Err(format!("il file risponde {}", arrived.status)) }
    }

    /// Shows the present page again as the program gives it now.
    pub(crate) fn reload(&mut self) -> Result<(), String> {
        let arrived = self.get(&self.page.address.clone())?;
        self.page = arrived.into_page();
        Ok(())
    }

    /// Shows the page before, as it was when it was left.
    pub(crate) fn back(&mut self) -> Result<(), String> {
        self.page = self.before.pop().ok_or("non c'è una pagina a cui tornare")?;
        Ok(())
    }

    fn show(&mut self, arrived: Arrived) {
        let left = std::mem::replace(&mut self.page, arrived.into_page());
        if !left.address.is_empty() {
            self.before.push(left);
        }
    }

    fn get(&mut self, address: &str) -> Result<Arrived, String> {
        let arrived = get(&self.agent, address)?;
        self.note("GET", &arrived);
        self.follow(arrived)
    }

    /// Follows redirections, each of them a step that can be seen.
    fn follow(&mut self, mut arrived: Arrived) -> Result<Arrived, String> {
        for _ in 0..MOST_HOPS {
            let Some(location) = arrived.location.take().filter(|_| (300..400).contains(&arrived.status)) else {
                return Ok(arrived);
            };
            arrived = get(&self.agent, &address::resolve(&arrived.address, &location))?;
            self.note("GET", &arrived);
        }
        Err("le pagine si rimandano l'una all'altra senza fine".to_owned())
    }

    fn note(&mut self, method: &'static str, arrived: &Arrived) {
        let place = address::split_origin(&arrived.address).1.to_owned();
        self.trail.push(Hop { method, place, status: arrived.status });
    }
}

impl Arrived {
    fn into_page(self) -> Page {
        if self.media_type.starts_with("text/html") {
            return Page::html(&self.address, self.status, &String::from_utf8_lossy(&self.bytes));
        }
        Page::other(&self.address, self.status, self.bytes)
    }
}

fn get(agent: &Agent, address: &str) -> Result<Arrived, String> {
    let request = http::Request::get(address).header("accept-language", "it").body(());
    let request = request.map_err(|error| format!("l'indirizzo {address} non è scritto bene: {error}"))?;
    arrive(address, agent.run(request))
}

fn post(agent: &Agent, sending: &Sending) -> Result<Arrived, String> {
    let Sending::Post(address, media_type, body) = sending else {
        return Err("questo modulo non invia nulla: cerca soltanto".to_owned());
    };
    let request = http::Request::post(address)
        .header("accept-language", "it")
        .header("origin", address::split_origin(address).0)
        .header("content-type", media_type)
        .body(body.as_slice());
    let request = request.map_err(|error| format!("l'indirizzo {address} non è scritto bene: {error}"))?;
    arrive(address, agent.run(request))
}

fn arrive(address: &str, answer: Result<http::Response<ureq::Body>, ureq::Error>) -> Result<Arrived, String> {
    let failed = |error| format!("il programma non risponde a {address}: {error}");
    let mut answer = answer.map_err(failed)?;
    let header = |name| answer.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let (location, media_type) = (header("location"), header("content-type").unwrap_or_default());
    let status = answer.status().as_u16();
    let bytes = answer.body_mut().with_config().limit(LARGEST).read_to_vec().map_err(failed)?;
    Ok(Arrived { address: address.to_owned(), status, location, media_type, bytes })
}
