//! Looking at the page.

use std::time::{Duration, Instant};

use super::Runner;
use crate::{
    Host,
    action::What,
    page::{Control, Kind},
    words::{listed, plain, shortened},
};

/// How long a page may take to say something that is being made meanwhile.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(100);

impl<H: Host> Runner<H> {
    pub(super) fn read(&mut self, what: What, under: Option<&str>) -> Result<(), String> {
        match what {
            What::Read(text) => match self.page().says(&text, under)? {
                true => Ok(()),
                false => Err(format!("la pagina non dice «{text}»")),
            },
            What::ReadNot(text) => match self.page().says(&text, under)? {
                true => Err(format!("la pagina dice «{text}»")),
                false => Ok(()),
            },
            What::WaitFor(text) => self.wait_for(&text, under),
            What::Title(title) => same("il titolo", &self.page().title().unwrap_or_default(), &plain(&title)),
            What::Place(place) => self.at(&place),
            What::Language(tag) => same("la lingua", &self.page().lang.clone(), &tag),
            What::Status(status) => {
                self.browser().page.expected = true;
                same("la risposta", &self.page().status.to_string(), &status.to_string())
            }
            What::FieldHolds(label, value) => {
                let shown = holds(&self.page().field(&label, under)?.clone(), self.page());
                same(&format!("il campo «{label}»"), &plain(&shown), &plain(&value))
            }
            What::OnlyAsked(labels) => self.only_asked(&labels),
            _ => Ok(()),
        }
    }

    /// Asks for the page again until it says `text`: what the program makes in the background arrives so.
    fn wait_for(&mut self, text: &str, under: Option<&str>) -> Result<(), String> {
        let started = Instant::now();
        while !self.page().says(text, under)? {
            if PATIENCE < started.elapsed() {
                return Err(format!("dopo {} secondi la pagina non dice «{text}»", PATIENCE.as_secs()));
            }
            std::thread::sleep(PAUSE);
            self.browser().reload()?;
        }
        Ok(())
    }

    /// Compared without the query, unless the story writes one.
    fn at(&mut self, place: &str) -> Result<(), String> {
        let wanted = crate::address::split_origin(place).1.to_owned();
        let found = self.page().place().to_owned();
        let path = found.split('?').next().unwrap_or_default().to_owned();
        same("l'indirizzo", if wanted.contains('?') { &found } else { &path }, &wanted)
    }

    fn only_asked(&mut self, labels: &[String]) -> Result<(), String> {
        let page = self.page();
        let mut asked: Vec<String> = Vec::new();
        for control in page.controls.iter().filter(|control| control.is_question() && page.in_main(control.at)) {
            let question = plain(control.question());
            if asked.last() != Some(&question) {
                asked.push(question);
            }
        }
        let fits = |(asked, wanted): (&String, &String)| asked.starts_with(&plain(wanted));
        if asked.len() == labels.len() && asked.iter().zip(labels).all(fits) {
            return Ok(());
        }
        Err(format!("la pagina chiede: {}", listed(asked.iter().map(String::as_str))))
    }
}

fn same(what: &str, found: &str, wanted: &str) -> Result<(), String> {
    if found == wanted { Ok(()) } else { Err(format!("{what} è «{}», non «{wanted}»", shortened(found, 200))) }
}

/// What a person sees in a field: of a date its three parts, of choices the words of the chosen one.
fn holds(field: &Control, page: &crate::page::Page) -> String {
    let group = page.group(field);
    match field.kind {
        Kind::Select => {
            let chosen = field.options.iter().find(|(value, _)| *value == field.value);
            chosen.map(|(_, words)| words.clone()).unwrap_or_default()
        }
        Kind::Checkbox | Kind::Radio => {
            let chosen = group.iter().filter(|control| control.checked);
            chosen.map(|control| control.label.as_str()).collect::<Vec<_>>().join(", ")
        }
        Kind::Text if group.len() == 3 => group.iter().map(|part| part.value.as_str()).collect::<Vec<_>>().join("/"),
        _ => field.value.clone(),
    }
}
