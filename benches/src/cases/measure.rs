//! Pages of the desk, asked for one after the other by an officer who is logged in.

use std::{
    io::Read,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use benches::{client::Client, figures::Times, person, program::Program, world};
use database::{Database, Row, params};
use ureq::ResponseExt;

use super::PEOPLE;

/// Who heads the office of the sample world, with the password that its login page shows.
const OFFICER: [(&str, &str); 2] = [("utente", "anna.ferri"), ("password", "dimostrazione")];
/// The list.
const LIST: &str = "/ufficio/pratiche";

/// Cases and people to ask for.
pub struct Sample {
    rows: Vec<Known>,
    requests: usize,
}

struct Known {
    id: String,
    name: String,
    code: String,
    number: i64,
    year: i64,
    due: String,
    open: bool,
}

/// Some cases from everywhere in the register.
pub async fn sample(url: &str, requests: usize) -> anyhow::Result<Sample> {
    let database = Database::open(url).await?;
    let mut tx = database.read().await?;
    let last = tx.number("SELECT max(protocol_number) AS n FROM cases WHERE office = 'famiglia'", params![]).await?;
    let mut rows = Vec::new();
    for step in 1..=i64::try_from(requests)? {
        let sql = "SELECT id, applicant_name, applicant, protocol_number, protocol_year, due, closed_on FROM cases \
                   WHERE protocol_office = 'famiglia' AND protocol_year = (SELECT max(protocol_year) FROM cases) \
                     AND protocol_number >= $1 ORDER BY protocol_number LIMIT 1";
        let from = last * step / (i64::try_from(requests)? + 1);
        rows.extend(tx.row(sql, params![from]).await?.map(|row| known(&row)).transpose()?);
    }
    drop(tx);
    database.close().await;
    Ok(Sample { rows, requests })
}

fn known(row: &Row) -> database::Result<Known> {
    Ok(Known {
        id: row.text("id")?,
        name: row.text("applicant_name")?,
        code: row.text("applicant")?,
        number: row.int("protocol_number")?,
        year: row.int("protocol_year")?,
        due: row.text("due")?,
        open: row.opt_text("closed_on")?.is_none(),
    })
}

/// Measures and prints, a line for each kind of page.
pub fn measure(program: &Program, sample: &Sample) -> anyhow::Result<()> {
    let desk = Desk::log_in(program)?;
    let same = |query: &str| vec![format!("{LIST}{query}"); sample.requests];
    let each = |of: &dyn Fn(&Known) -> String| sample.rows.iter().map(of).collect::<Vec<_>>();
    let word = |known: &Known, last: bool| {
        let mut words = known.name.split_whitespace();
        (if last { words.next_back() } else { words.next() }).unwrap_or_default().to_owned()
    };
    desk.time("the list, first page", &same(""))?;
    desk.time("my cases", &same("?chi=mie"))?;
    desk.time("nobody's", &same("?chi=libere"))?;
    desk.time("of a colleague", &same("?chi=operatore.77"))?;
    desk.time("late", &same("?scadenza=passata"))?;
    desk.time("due soon", &same("?scadenza=vicina"))?;
    for state in ["received", "in_progress", "awaiting_applicant", "granted", "refused", "withdrawn"] {
        desk.time(&format!("state {state}"), &same(&format!("?stato={state}")))?;
    }
    for service in ["assegno-unico", "bonus-nido", "assegno-inclusione"] {
        desk.time(&format!("service {service}"), &same(&format!("?servizio={service}")))?;
    }
    desk.time("service and state", &same("?servizio=assegno-inclusione&stato=granted"))?;
    desk.time("service and nobody's", &same("?servizio=assegno-inclusione&chi=libere"))?;
    desk.time("service and late", &same("?servizio=assegno-inclusione&scadenza=passata"))?;
    desk.leaf("leafing from page to page", sample.requests)?;
    let open = sample.rows.iter().filter(|known| known.open);
    let deep: Vec<_> = open.map(|known| format!("{LIST}?dopo=c.{}.{}", known.due, known.id.replace('-', ""))).collect();
    desk.time("a page anywhere in the list", &deep)?;
    desk.time("search: name and surname", &each(&|known| search(&known.name)))?;
    desk.time("search: surname", &each(&|known| search(&word(known, true))))?;
    desk.time("search: name", &each(&|known| search(&word(known, false))))?;
    desk.time("search: three letters", &each(&|known| search(&word(known, true).chars().take(3).collect::<String>())))?;
    desk.time("search: fiscal code", &each(&|known| search(&known.code)))?;
    desk.time("search: number", &each(&|known| search(&format!("{}/{}", known.number, known.year))))?;
    desk.time("search: number of any year", &each(&|known| search(&known.number.to_string())))?;
    desk.time("search: nobody", &same("?q=Inesistente+Nessuno"))?;
    desk.time(
        "search with service and state",
        &each(&|known| format!("{}&servizio=bonus-nido&stato=in_progress", search(&word(known, true)))),
    )?;
    desk.time("a case", &each(&|known| format!("{LIST}/{}", known.id)))?;
    desk.time("who holds what", &vec!["/ufficio/carichi".to_owned(); sample.requests.min(20)])?;
    desk.time("the report on late cases", &vec!["/ufficio/ritardi".to_owned(); sample.requests.min(20)])
}

/// The cookies of those whose cases the sample holds.
pub async fn cookies(program: &Program, url: &str, sample: &Sample) -> anyhow::Result<Vec<String>> {
    let codes: Vec<String> = sample.rows.iter().map(|known| known.code.clone()).collect();
    let somebody = person::parents(PEOPLE, 1).pop().context("nobody lives in the sample world")?;
    person::Visitor::new(&program.url).log_in(&somebody, "/")?;
    world::sessions(url, &codes).await
}

/// Measures and prints what applicants see.
pub fn citizens(program: &Program, sample: &Sample, cookies: &[String]) -> anyhow::Result<()> {
    let page = |path: &dyn Fn(&Known) -> String, what: &str| {
        let mut client = Client::new(program.url.trim_start_matches("http://"));
        let (mut times, began) = (Vec::new(), Instant::now());
        for (known, cookie) in sample.rows.iter().zip(cookies) {
            let at = Instant::now();
            let reply = client.get(&path(known), cookie)?;
            times.push(at.elapsed());
            ensure!(reply.status == 200, "{}: {}", path(known), reply.status);
        }
        println!("{what:34} {}", Times::new(times, began.elapsed()).spread());
        anyhow::Ok(())
    };
    page(&|_| "/pratiche".to_owned(), "a citizen: my cases")?;
    page(&|known| format!("/pratiche/{}", known.id), "a citizen: a case")
}

fn search(words: &str) -> String {
    format!("{LIST}?q={}", words.replace(' ', "+"))
}

/// An officer at work.
pub struct Desk<'a> {
    pub program: &'a Program,
    agent: ureq::Agent,
}

impl<'a> Desk<'a> {
    /// Who heads the office, logged in.
    pub fn log_in(program: &'a Program) -> anyhow::Result<Self> {
        let desk = Self { program, agent: person::agent() };
        let (page, _) = desk.post("/ufficio/accesso", &OFFICER)?;
        ensure!(page.contains("Anna Ferri"), "the officer could not log in");
        Ok(desk)
    }

    /// Sends a form; gives the page to which it leads, and its path.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> anyhow::Result<(String, String)> {
        let request = self.agent.post(format!("{}{path}", self.program.url)).header("origin", &self.program.url);
        let mut response = request.send_form(fields.iter().copied())?;
        let place = response.get_uri().path().to_owned();
        Ok((response.body_mut().read_to_string()?, place))
    }

    /// Sends a form whose answer is a file; it is read while it is made.
    pub fn download(&self, path: &str, fields: &[(&str, &str)]) -> anyhow::Result<impl Read + use<>> {
        let request = self.agent.post(format!("{}{path}", self.program.url)).header("origin", &self.program.url);
        let response = request.send_form(fields.iter().copied())?;
        ensure!(response.status() == 200, "{path}: {}", response.status());
        Ok(response.into_body().into_reader())
    }

    /// Asks for a page; gives it with the time it took.
    pub fn get(&self, path: &str) -> anyhow::Result<(String, Duration)> {
        let began = Instant::now();
        let mut response = self.agent.get(format!("{}{path}", self.program.url)).call()?;
        let page = response.body_mut().with_config().limit(1 << 24).read_to_string()?;
        let took = began.elapsed();
        ensure!(response.status() == 200, "{path}: {}", response.status());
        Ok((page, took))
    }

    fn time(&self, what: &str, paths: &[String]) -> anyhow::Result<()> {
        let (before, began) = (self.program.processor_seconds()?, Instant::now());
        let times: Vec<_> = paths.iter().map(|path| Ok(self.get(path)?.1)).collect::<anyhow::Result<_>>()?;
        self.tell(what, times, (began.elapsed(), self.program.processor_seconds()? - before));
        Ok(())
    }

    /// Follows the link to the next page.
    fn leaf(&self, what: &str, pages: usize) -> anyhow::Result<()> {
        let (before, began) = (self.program.processor_seconds()?, Instant::now());
        let (mut path, mut times) = (LIST.to_owned(), Vec::new());
        for _ in 0..pages {
            let (page, took) = self.get(&path)?;
            times.push(took);
            let Some(next) = next(&page) else { break };
            path = next;
        }
        self.tell(what, times, (began.elapsed(), self.program.processor_seconds()? - before));
        Ok(())
    }

    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
    fn tell(&self, what: &str, times: Vec<Duration>, (took, processor): (Duration, f64)) {
        let many = times.len().max(1) as f64;
        let times = Times::new(times, took);
        println!("{what:34} {} processor {:.1} ms", times.spread(), processor * 1000.0 / many);
    }
}

/// Where the link to the next page leads.
fn next(page: &str) -> Option<String> {
    let before = page.split("rel=\"next\"").next().filter(|before| before.len() < page.len())?;
    let (_, href) = before.rsplit_once("href=\"")?;
    href.split('"').next().map(|href| href.replace("&#38;", "&").replace("&amp;", "&"))
}
