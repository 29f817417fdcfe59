//! A browser without a screen, for what stories do not tell: raw headers, many requests at once, whole-site walks.

use std::io::Read;

use scraper::{ElementRef, Html, Selector};
use sportello::sample::PASSWORD;
use ureq::{
    Agent, Body, SendBody,
    http::{HeaderMap, Request, Response, Uri},
    middleware::MiddlewareNext,
};

/// One browser with its cookies; clones share them, as tabs do.
#[derive(Clone)]
pub struct Client {
    agent: Agent,
    base: String,
}

/// An answer, after redirections.
pub struct Page {
    pub status: u16,
    pub headers: HeaderMap,
    /// Path and query where the redirections ended.
    pub place: String,
    pub body: String,
}

/// A form of a page, with what it would send.
#[derive(Clone)]
pub struct Form {
    pub action: String,
    pub fields: Vec<(String, String)>,
}

impl Client {
    pub fn new(base: &str) -> Self {
        Self::with(base, None)
    }

    /// As behind a proxy, which says that it comes from there.
    pub fn coming_from(base: &str, address: &str) -> Self {
        Self::with(base, Some(address.to_owned()))
    }

    fn with(base: &str, address: Option<String>) -> Self {
        let forwarded = move |mut request: Request<SendBody<'_>>, next: MiddlewareNext<'_>| {
            if let Some(address) = &address {
                let address = address.parse().map_err(|_| ureq::Error::BadUri(address.clone()))?;
                request.headers_mut().insert("x-forwarded-for", address);
            }
            next.handle(request)
        };
        let config = Agent::config_builder().http_status_as_error(false).proxy(None).middleware(forwarded);
        let config = config.timeout_global(Some(std::time::Duration::from_secs(60)));
        Self { agent: Agent::new_with_config(config.build()), base: base.to_owned() }
    }

    pub fn get(&self, place: &str) -> Page {
        self.try_get(place).unwrap_or_else(|error| panic!("GET {place}: {error}"))
    }

    pub fn try_get(&self, place: &str) -> Result<Page, ureq::Error> {
        let address = self.address(place);
        read(self.agent.get(address).header("accept-language", "it").call()?)
    }

    /// Without following where the answer leads.
    pub fn get_only(&self, place: &str) -> Page {
        let request = self.agent.get(self.address(place)).config().max_redirects(0).build();
        let answer = request.header("accept-language", "it").call().and_then(read);
        answer.unwrap_or_else(|error| panic!("GET {place}: {error}"))
    }

    pub fn post(&self, form: &Form) -> Page {
        self.try_post(form).unwrap_or_else(|error| panic!("POST {}: {error}", form.action))
    }

    /// Without following where the answer leads.
    pub fn post_only(&self, form: &Form) -> Page {
        let request = self.agent.post(self.address(&form.action)).config().max_redirects(0).build();
        let fields = form.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let answer = request.header("origin", &self.base).send_form(fields).and_then(read);
        answer.unwrap_or_else(|error| panic!("POST {}: {error}", form.action))
    }

    pub fn try_post(&self, form: &Form) -> Result<Page, ureq::Error> {
        self.send(&self.base, form)
    }

    /// As a page of another site would make this browser do.
    pub fn post_from(&self, origin: &str, form: &Form) -> Page {
        self.send(origin, form).unwrap_or_else(|error| panic!("POST {}: {error}", form.action))
    }

    fn send(&self, origin: &str, form: &Form) -> Result<Page, ureq::Error> {
        let request = self.agent.post(self.address(&form.action)).header("accept-language", "it");
        let fields = form.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        read(request.header("origin", origin).send_form(fields)?)
    }

    /// Posts bytes under a media type of their own.
    pub fn post_bytes(&self, place: &str, media_type: &str, bytes: &[u8]) -> Page {
        let request = self.agent.post(self.address(place)).header("accept-language", "it").header("origin", &self.base);
        let answer = request.header("content-type", media_type).send(bytes).and_then(read);
        answer.unwrap_or_else(|error| panic!("POST {place}: {error}"))
    }

    /// Posts a form that is much too large, with or without saying beforehand how large.
    pub fn post_zeros(&self, place: &str, bytes: u64, announced: bool) -> Page {
        let mut request =
            self.agent.post(self.address(place)).header("accept-language", "it").header("origin", &self.base);
        if announced {
            request = request.header("content-length", bytes.to_string());
        }
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let mut zeros = std::io::repeat(b'0').take(bytes);
        let answer = request.send(SendBody::from_reader(&mut zeros)).and_then(read);
        answer.unwrap_or_else(|error| panic!("POST {place}: {error}"))
    }

    /// Through the demonstration identity provider, as people go.
    pub fn log_in(&self, handle: &str) {
        self.log_in_at("/accesso", handle);
    }

    /// From this login page on; gives the page to which the login leads.
    pub fn log_in_at(&self, door: &str, handle: &str) -> Page {
        let door = self.get(door).links().into_iter().find(|link| link.contains("/accesso/saml/avvia"));
        let choice = self.get(&door.expect("the login page offers a provider"));
        let answer = self.post(&choice.form("/idp-dimostrativo/scelta").with("persona", handle));
        let home = self.post(&answer.form("/accesso/saml/"));
        assert!(home.has_form("/esci"), "the login of {handle} ends at {} ({})", home.place, home.status);
        home
    }

    pub fn log_in_officer(&self, id: &str) {
        let form = self.get("/ufficio/accesso").form("/ufficio/accesso").with("utente", id).with("password", PASSWORD);
        let desk = self.post(&form);
        assert!(desk.has_form("/esci"), "the login of {id} ends at {} ({})", desk.place, desk.status);
    }

    /// The confirmation page's form, which files the application.
    pub fn confirmation(&self, service: &str) -> Form {
        self.get(&format!("/servizi/{service}/domanda")).form("/domanda/invia")
    }

    /// Files an application of which nothing is missing; gives the receipt's page.
    pub fn apply(&self, service: &str) -> Page {
        let receipt = self.post(&self.confirmation(service));
        assert!(receipt.status == 200 && receipt.place.ends_with("/ricevuta"), "{} {}", receipt.status, receipt.place);
        receipt
    }

    /// Files the general request with these words, from whatever page the form stands at; gives the receipt's page.
    pub fn request(&self, subject: &str, text: &str) -> Page {
        let mut page = self.get("/servizi/istanza-generica/domanda");
        while !page.has_form("/domanda/invia") {
            let form = page.form("/domanda/").with("ufficio", "relazioni").with("oggetto", subject);
            page = self.post(&form.with("testo", text).with("dichiara_veridicita", "si"));
            assert_eq!(page.status, 200, "{}", page.words());
        }
        let receipt = self.post(&page.form("/domanda/invia"));
        assert!(receipt.status == 200 && receipt.place.ends_with("/ricevuta"), "{} {}", receipt.status, receipt.place);
        receipt
    }

    fn address(&self, place: &str) -> String {
        if place.starts_with("http") { place.to_owned() } else { format!("{}{place}", self.base) }
    }
}

fn read(mut answer: Response<Body>) -> Result<Page, ureq::Error> {
    use ureq::ResponseExt;
    let place = answer.get_uri().path_and_query().map_or_else(String::new, ToString::to_string);
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let bytes = answer.body_mut().with_config().limit(64 << 20).read_to_vec()?;
    Ok(Page { status, headers, place, body: String::from_utf8_lossy(&bytes).into_owned() })
}

impl Page {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
    }

    /// The words of the main part, blanks folded.
    pub fn words(&self) -> String {
        let html = Html::parse_document(&self.body);
        let main = html.select(&selector("main")).next().map(|main| main.text().collect::<Vec<_>>().join(" "));
        main.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    pub fn title(&self) -> String {
        let html = Html::parse_document(&self.body);
        html.select(&selector("h1")).next().map(|title| title.text().collect::<String>()).unwrap_or_default()
    }

    /// The protocol number that the page shows, without its year.
    pub fn number(&self) -> u64 {
        let words = self.words();
        let shown = words.split_whitespace().find_map(|word| word.split_once("/20").filter(|(n, _)| n.len() == 7));
        shown.and_then(|(number, _)| number.parse().ok()).unwrap_or_else(|| panic!("no number in: {words}"))
    }

    /// Whatever the page refers to: links, pictures, styles, scripts.
    pub fn links(&self) -> Vec<String> {
        let html = Html::parse_document(&self.body);
        let refers = selector("[href], [src]");
        let found = html.select(&refers);
        found.filter_map(|element| element.attr("href").or(element.attr("src")).map(str::to_owned)).collect()
    }

    /// Where the link to the next page of a list leads.
    pub fn next(&self) -> Option<String> {
        let html = Html::parse_document(&self.body);
        html.select(&selector("[rel=next]")).find_map(|element| element.attr("href").map(str::to_owned))
    }

    pub fn has_id(&self, id: &str) -> bool {
        let html = Html::parse_document(&self.body);
        html.select(&selector("[id]")).any(|element| element.attr("id") == Some(id))
    }

    pub fn has_form(&self, action: &str) -> bool {
        let html = Html::parse_document(&self.body);
        html.select(&selector("form")).any(|form| form.attr("action").is_some_and(|own| own.contains(action)))
    }

    /// The form whose action contains `action`, with what it would send as the page stands.
    pub fn form(&self, action: &str) -> Form {
        let html = Html::parse_document(&self.body);
        let any = selector("form");
        let mut forms = html.select(&any);
        let form = forms.find(|form| form.attr("action").unwrap_or(&self.place).contains(action));
        let shown = || format!("no form for {action} on {} ({}): {}", self.place, self.status, self.words());
        let form = form.unwrap_or_else(|| panic!("{}", shown()));
        let fields = form.select(&selector("input, textarea, select")).filter_map(sent).collect();
        Form { action: form.attr("action").unwrap_or(&self.place).to_owned(), fields }
    }
}

/// What a control would send.
fn sent(control: ElementRef<'_>) -> Option<(String, String)> {
    let name = control.attr("name").filter(|_| control.attr("disabled").is_none())?;
    let value = match (control.value().name(), control.attr("type").unwrap_or("text")) {
        ("input", "checkbox" | "radio") if control.attr("checked").is_none() => return None,
        ("input", "file" | "submit" | "button") => return None,
        ("textarea", _) => control.text().collect(),
        ("select", _) => control.select(&selector("option[selected]")).next()?.attr("value")?.to_owned(),
        _ => control.attr("value").unwrap_or("").to_owned(),
    };
    Some((name.to_owned(), value))
}

impl Form {
    /// With another value in a field.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(own, _)| own != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// As somebody makes it who never opened the page: nothing in it says who did.
    pub fn made_up(mut self) -> Self {
        self.fields.retain(|(own, _)| own != "sp.chi");
        self
    }
}

/// Where a link leads, seen from `page`: path with query and fragment; `None` when it leaves the site.
pub fn inside(base: &str, page: &str, link: &str) -> Option<(String, Option<String>)> {
    let (link, fragment) = link.split_once('#').map_or((link, None), |(link, id)| (link, Some(id.to_owned())));
    let link = link.strip_prefix(base).unwrap_or(link);
    let path = page.split('?').next().unwrap_or(page);
    let place = match link {
        "" => page.to_owned(),
        _ if link.starts_with("//") || link.parse::<Uri>().is_ok_and(|uri| uri.scheme().is_some()) => return None,
        _ if link.starts_with("data:") || link.starts_with("mailto:") || link.starts_with("tel:") => return None,
        _ if link.starts_with('/') => link.to_owned(),
        _ if link.starts_with('?') => format!("{path}{link}"),
        _ => format!("{}/{link}", path.rsplit_once('/').map_or("", |(folder, _)| folder)),
    };
    Some((place, fragment.filter(|id| !id.is_empty())))
}

fn selector(text: &str) -> Selector {
    Selector::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}
