//! One person who fills in the whole form of thirty fields and sends it.

use std::{
    fmt::Write,
    time::{Duration, Instant},
};

use anyhow::{Context, bail, ensure};

use crate::client::{Client, Reply};

/// The application's address.
const APPLICATION: &str = "/servizi/indennita-emergenza/domanda";
/// The thirty fields, encoded.
const FIELDS: &str = "residente=si&lavora=si&categoria=autonomo&reddito=18.500%2C00&iban=IT60X0542811101000000123456\
    &attivita=Idraulico&codice_attivita=43.22.01&ragione_sociale=Impianti+di+prova&comune_attivita=Ferrara\
    &indirizzo_attivita=Via+delle+Prove+7&cap_attivita=44121&provincia_attivita=FE&cassa=Artigiani&posizione=1234567\
    &cliente_principale=Condominio+di+esempio&settore=Costruzioni&intermediario=nessuno&mestiere=Idraulico&albo=Artigiani\
    &numero_albo=98765&inizio_attivita.giorno=1&inizio_attivita.mese=3&inizio_attivita.anno=2015\
    &inizio_calo.giorno=1&inizio_calo.mese=2&inizio_calo.anno=2026&sospesa=no&altri_aiuti=no&pensione=no&dipendenti=no\
    &sede_propria=si&fatturato=42.000%2C00&telefono=0532123456&email=prova%40example.org\
    &note=Scritto+per+la+prova+di+carico.";

/// What is told of somebody whose session has ended.
pub const LOGGED_OUT: &str = "the session has ended";

/// How long a step took, and the whole.
pub struct Times {
    /// From the first page to the receipt's address.
    pub whole: Duration,
    /// The confirmation: from the click until the receipt's address is known, that is until the act is on disk.
    pub confirmation: Duration,
    /// The slowest of the requests.
    pub slowest: Duration,
}

/// Fills in and sends an application; the address of the receipt is what was accepted.
pub fn apply(client: &mut Client, cookie: &str) -> anyhow::Result<(String, Times)> {
    let mut slowest = Duration::ZERO;
    let began = Instant::now();
    let form = fill_in(client, cookie, &mut slowest)?;
    let at = Instant::now();
    let place = confirm(client, cookie, &form)?;
    let confirmation = at.elapsed();
    Ok((place, Times { whole: began.elapsed(), confirmation, slowest: slowest.max(confirmation) }))
}

/// Fills in an application up to its summary; gives the form that confirms it. Sent twice, it is the same application.
pub fn fill_in(client: &mut Client, cookie: &str, slowest: &mut Duration) -> anyhow::Result<String> {
    let mut step = |reply: anyhow::Result<Reply>, began: Instant| {
        *slowest = (*slowest).max(began.elapsed());
        reply
    };
    let at = Instant::now();
    let start = step(client.get(APPLICATION, cookie), at)?;
    ensure!(start.status == 303, "the application begins with {}: {}", start.status, told(&start.body));
    ensure!(!start.location.starts_with("/accesso"), LOGGED_OUT);
    // A draft that is complete already leads to its summary.
    let place =
        if is_summary(&start.location) { start.location } else { answer(client, cookie, &start.location, &mut step)? };
    let at = Instant::now();
    let summary = step(client.get(&place, cookie), at)?;
    ensure!(summary.status == 200, "the summary answers {}", summary.status);
    Ok(format!("{}dichiara_veridicita=si", hidden_fields(&summary.body)?))
}

/// Answers the thirty questions; gives the summary's address.
fn answer(
    client: &mut Client,
    cookie: &str,
    place: &str,
    step: &mut impl FnMut(anyhow::Result<Reply>, Instant) -> anyhow::Result<Reply>,
) -> anyhow::Result<String> {
    let at = Instant::now();
    let page = step(client.get(place, cookie), at)?;
    ensure!(page.status == 200, "the page of questions answers {}: {}", page.status, told(&page.body));
    let at = Instant::now();
    let saved = step(client.post(place, cookie, &format!("{}{FIELDS}", hidden_fields(&page.body)?)), at)?;
    if saved.status != 303 || !is_summary(&saved.location) {
        bail!("the page was not accepted: {} {} {}", saved.status, saved.location, told(&saved.body));
    }
    Ok(saved.location)
}

fn is_summary(place: &str) -> bool {
    place.ends_with("/riepilogo")
}

/// Sends the confirmation; gives the receipt's address.
pub fn confirm(client: &mut Client, cookie: &str, form: &str) -> anyhow::Result<String> {
    let sent = client.post(&format!("{APPLICATION}/invia"), cookie, form)?;
    if sent.status != 303 || !sent.location.ends_with("/ricevuta") {
        bail!("not accepted: {} {} {}", sent.status, sent.location, told(&sent.body));
    }
    Ok(sent.location)
}

/// The hidden fields of the form of a page, encoded, each with `&` behind it.
fn hidden_fields(page: &str) -> anyhow::Result<String> {
    let main = page.split("<main").nth(1).context("no main part")?;
    let mut fields = String::new();
    for field in main.split("<input").skip(1).filter(|field| field.split('>').next().is_some_and(is_hidden)) {
        let (name, value) = (attribute(field, "name"), attribute(field, "value"));
        write!(fields, "{}={}&", encoded(name), encoded(&unescaped(value)))?;
    }
    Ok(fields)
}

fn is_hidden(field: &str) -> bool {
    field.contains("type=\"hidden\"")
}

fn attribute<'a>(field: &'a str, name: &str) -> &'a str {
    let inside = field.split('>').next().unwrap_or("");
    let behind = inside.split_once(&format!("{name}=\"")).map_or("", |(_, behind)| behind);
    behind.split('"').next().unwrap_or("")
}

fn unescaped(text: &str) -> String {
    text.replace("&quot;", "\"").replace("&#34;", "\"").replace("&#38;", "&").replace("&amp;", "&")
}

fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// What a page says went wrong.
fn told(page: &str) -> String {
    let main = page.split("<main").nth(1).unwrap_or(page);
    let text: String = main
        .split('<')
        .filter_map(|part| part.split_once('>'))
        .map(|(_, text)| text.trim())
        .collect::<Vec<_>>()
        .join(" ");
    text.split_whitespace().take(60).collect::<Vec<_>>().join(" ")
}
