//! People at their browsers.

use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use base::Timestamp;
use population::{ParentalRole, World};

/// A client that keeps cookies and follows redirects as a browser does.
pub fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).max_redirects(10).build().into()
}

/// Fiscal codes of parents in the demonstration's world (seed 1), at most `many`.
pub fn parents(people: u64, many: usize) -> Vec<String> {
    let Ok(world) = World::new(1, people, base::rome_date(Timestamp::now())) else { return Vec::new() };
    let families = world.filter(|household| household.children().next().is_some());
    let mother =
        families.filter_map(|household| household.parent(ParentalRole::Mother).map(|p| p.fiscal_code.to_string()));
    mother.take(many).collect()
}

/// Fiscal codes of grown-up people of that world, at most `many`.
pub fn adults(people: u64, many: usize) -> Vec<String> {
    let today = base::rome_date(Timestamp::now());
    let Ok(world) = World::new(1, people, today) else { return Vec::new() };
    let people = world.flat_map(|household| household.members).map(|member| member.person);
    let grown = people.filter(|person| person.born.year() + 18 < today.year());
    grown.map(|person| person.fiscal_code.to_string()).take(many).collect()
}

/// One person at their browser.
pub struct Visitor {
    agent: ureq::Agent,
    url: String,
}

impl Visitor {
    /// Somebody new.
    pub fn new(url: &str) -> Self {
        Self { agent: agent(), url: url.to_owned() }
    }

    /// Logs in and applies for the assegno unico with one click. Gives the time of the confirmation, or `None` when the
    /// program has something to ask of this person.
    pub fn apply(&self, fiscal_code: &str) -> anyhow::Result<Option<Duration>> {
        let page = self.log_in(fiscal_code, "/servizi/assegno-unico/domanda")?;
        let Some(key) = hidden(&page, "sp.chiave") else { return Ok(None) };
        let seen = hidden(&page, "sp.impronta").unwrap_or_default();
        let began = Instant::now();
        let receipt =
            self.post("/servizi/assegno-unico/domanda/invia", &[("sp.chiave", &key), ("sp.impronta", &seen)])?;
        if !receipt.contains("Numero di protocollo") {
            bail!("no receipt for {fiscal_code}");
        }
        Ok(Some(began.elapsed()))
    }

    /// The path of the national providers: choice, signed request, choice of the person, signed answer, session.
    pub fn log_in(&self, fiscal_code: &str, back: &str) -> anyhow::Result<String> {
        let choice = self.get(&format!("/accesso?ritorno={back}"))?;
        let start = link(&choice, "/accesso/saml/avvia").context("no link to the provider")?;
        let provider = self.get(&start)?;
        let mut fields: Vec<(&str, String)> = Vec::new();
        for name in ["SAMLRequest", "RelayState", "SigAlg", "Signature", "richiesta"] {
            fields.extend(hidden(&provider, name).map(|value| (name, value)));
        }
        fields.push(("codice", fiscal_code.to_owned()));
        fields.push(("livello", "2".to_owned()));
        let action = form_action(&provider).context("the provider shows no form")?;
        let pairs: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = self.post(&action, &pairs)?;
        let response = hidden(&answer, "SAMLResponse").context("the provider gave no answer")?;
        let state = hidden(&answer, "RelayState").unwrap_or_default();
        self.post("/accesso/saml/acs", &[("SAMLResponse", &response), ("RelayState", &state)])
    }

    fn get(&self, path: &str) -> anyhow::Result<String> {
        Ok(self.agent.get(self.absolute(path)).call()?.body_mut().read_to_string()?)
    }

    fn post(&self, path: &str, fields: &[(&str, &str)]) -> anyhow::Result<String> {
        let request = self.agent.post(self.absolute(path)).header("origin", &self.url);
        Ok(request.send_form(fields.iter().copied())?.body_mut().read_to_string()?)
    }

    fn absolute(&self, path: &str) -> String {
        if path.starts_with('/') { format!("{}{path}", self.url) } else { path.to_owned() }
    }
}

fn link(page: &str, begins: &str) -> Option<String> {
    let hrefs = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    hrefs.into_iter().find(|href| href.starts_with(begins)).map(unescaped)
}

fn form_action(page: &str) -> Option<String> {
    let main = page.split("<main").nth(1)?;
    let form = main.split("<form").find(|form| form.contains("method=\"post\""))?;
    form.split("action=\"").nth(1)?.split('"').next().map(unescaped)
}

fn hidden(page: &str, name: &str) -> Option<String> {
    let field = page.split("<input").find(|field| field.contains(&format!("name=\"{name}\"")))?;
    field.split("value=\"").nth(1)?.split('"').next().map(unescaped)
}

fn unescaped(text: &str) -> String {
    text.replace("&amp;", "&")
        .replace("&#38;", "&")
        .replace("&quot;", "\"")
        .replace("&#34;", "\"")
        .replace("&#x2f;", "/")
        .replace("&#43;", "+")
}
