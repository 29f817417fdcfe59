//! Finding on a page what a person would point at: by the words they read.

use std::ops::Range;

use super::{Control, Kind, Page};
use crate::words::{listed, plain};

/// How well words fit what was asked: exactly, at the beginning, somewhere.
fn fits(found: &str, wanted: &str) -> Option<u8> {
    let found = plain(found);
    if found == wanted {
        Some(0)
    } else if found.starts_with(wanted) {
        Some(1)
    } else if found.contains(wanted) {
        Some(2)
    } else {
        None
    }
}

/// Of the candidates those that fit best; among them those in the page's own matter go before header and footer.
fn best<'a, T>(candidates: impl Iterator<Item = (&'a str, bool, T)>, wanted: &str) -> Vec<T> {
    let wanted = plain(wanted);
    let mut fitting: Vec<_> = candidates
        .filter_map(|(text, in_main, candidate)| Some(((fits(text, &wanted)?, !in_main), candidate)))
        .collect();
    let Some(least) = fitting.iter().map(|(rank, _)| *rank).min() else { return Vec::new() };
    fitting.retain(|(rank, _)| *rank == least);
    fitting.into_iter().map(|(_, candidate)| candidate).collect()
}

impl Page {
    fn area(&self, under: Option<&str>) -> Result<Range<usize>, String> {
        under.map_or(Ok(0..usize::MAX), |heading| self.section(heading))
    }

    /// Whether the page, or the part of it under a heading, says `text`.
    pub(crate) fn says(&self, text: &str, under: Option<&str>) -> Result<bool, String> {
        let area = self.area(under)?;
        let part = &self.text[area.start..area.end.min(self.text.len())];
        Ok(plain(part).contains(&plain(text)))
    }

    /// Where the link with these words leads.
    pub(crate) fn link(&self, words: &str, under: Option<&str>) -> Result<&str, String> {
        let area = self.area(under)?;
        let here = self.links.iter().filter(|link| area.contains(&link.text.start));
        let candidates = here.clone().map(|link| (&self.text[link.text.clone()], self.in_main(link.text.start), link));
        let found = best(candidates, words);
        let Some(first) = found.first() else {
            let texts = listed(here.map(|link| self.text[link.text.clone()].trim()));
            return Err(format!("non c'è il collegamento «{words}»; ci sono: {texts}"));
        };
        if found.iter().any(|link| link.href != first.href) {
            let texts = listed(found.iter().map(|link| self.text[link.text.clone()].trim()));
            return Err(format!("più collegamenti si leggono «{words}»: {texts}. Aggiungi «sotto \"Titolo\"»"));
        }
        Ok(&first.href)
    }

    /// The button with these words.
    pub(crate) fn button(&self, words: &str, under: Option<&str>) -> Result<&Control, String> {
        let area = self.area(under)?;
        let here = self.controls.iter().filter(|control| control.kind == Kind::Button && area.contains(&control.at));
        let candidates = here.clone().map(|button| (button.label.as_str(), self.in_main(button.at), button));
        match best(candidates, words).as_slice() {
            [button] => Ok(button),
            [] => {
                let texts = listed(here.map(|button| button.label.as_str()));
                Err(format!("non c'è il pulsante «{words}»; ci sono: {texts}"))
            }
            _ => Err(format!("più pulsanti si leggono «{words}». Aggiungi «sotto \"Titolo\"»")),
        }
    }

    /// The first control that answers this question: of a date the day, of a choice the first choice.
    pub(crate) fn field(&self, question: &str, under: Option<&str>) -> Result<&Control, String> {
        let area = self.area(under)?;
        let here = self.controls.iter().filter(|control| control.is_question() && area.contains(&control.at));
        let by_label = here.clone().map(|control| (control.label.as_str(), self.in_main(control.at), control));
        let by_legend = here.clone().map(|control| (control.question(), self.in_main(control.at), control));
        let found = best(by_legend.chain(by_label), question);
        let Some(first) = found.first() else {
            let texts = listed(here.map(Control::question));
            return Err(format!("non c'è il campo «{question}»; ci sono: {texts}"));
        };
        if !found.iter().all(|control| self.same_group(control, first)) {
            return Err(format!("più campi si leggono «{question}». Aggiungi «sotto \"Titolo\"»"));
        }
        Ok(first)
    }

    /// The controls of one question: the parts of a date, the choices of a group.
    pub(crate) fn group(&self, of: &Control) -> Vec<&Control> {
        self.controls.iter().filter(|control| control.is_question() && self.same_group(control, of)).collect()
    }

    fn same_group(&self, one: &Control, other: &Control) -> bool {
        let date_parts = || match (stem(&one.name), stem(&other.name)) {
            (Some(one), Some(other)) => one == other,
            _ => false,
        };
        one.form == other.form && (one.name == other.name || date_parts())
    }

    /// The choice with these words, of one question or of the only question that offers it.
    pub(crate) fn choice(&self, words: &str, question: Option<&str>, under: Option<&str>) -> Result<Choice, String> {
        let area = self.area(under)?;
        let group = question.map(|question| self.field(question, under).map(|field| self.group(field))).transpose()?;
        let group = group.unwrap_or_else(|| self.controls.iter().collect());
        let here: Vec<_> = group.into_iter().filter(|control| area.contains(&control.at)).collect();
        let marks = here.iter().filter(|control| matches!(control.kind, Kind::Checkbox | Kind::Radio));
        let marks =
            marks.map(|control| (control.label.as_str(), self.in_main(control.at), Choice::Mark(control.number)));
        let options = here.iter().flat_map(|control| {
            let choose = |value: &String| Choice::Option(control.number, value.clone());
            control.options.iter().map(move |(value, text)| (text.as_str(), self.in_main(control.at), choose(value)))
        });
        let offered: Vec<_> = marks.chain(options).collect();
        let texts = listed(offered.iter().map(|(text, ..)| *text));
        let mut found = best(offered.into_iter(), words);
        match (found.pop(), found.is_empty()) {
            (Some(choice), true) => Ok(choice),
            (None, _) => Err(format!("non c'è la scelta «{words}»; ci sono: {texts}")),
            (Some(_), false) => Err(format!("più domande offrono «{words}». Aggiungi «in \"Domanda\"»")),
        }
    }

    /// The line after the line that reads `label`: the value of a name in a list, or what a panel shows.
    pub(crate) fn value_after(&self, label: &str, under: Option<&str>) -> Result<String, String> {
        let area = self.area(under)?;
        let part = &self.text[area.start..area.end.min(self.text.len())];
        let mut lines = part.lines().map(plain);
        let wanted = plain(label);
        lines.find(|line| *line == wanted).and_then(|_| lines.next()).filter(|value| !value.is_empty()).ok_or_else(
            || format!("non trovo il valore di «{label}»: serve una riga con queste parole e, sotto, il valore"),
        )
    }
}

/// `nascita` of `nascita.giorno`.
fn stem(name: &str) -> Option<&str> {
    ["giorno", "mese", "anno"].into_iter().find_map(|part| name.strip_suffix(part)?.strip_suffix('.'))
}

/// What can be chosen: a mark to set, or an option of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Choice {
    Mark(usize),
    Option(usize, String),
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<nav><a href=/fuori>Cambia</a></nav><main><h1>Dati</h1><h2>Primo</h2><a href=/1>Cambia</a>
        <h2>Secondo</h2><a href=/2>Cambia: IBAN</a> <a href=/3>Altro</a>
        <form><fieldset><legend>Nato il</legend><label for=g>Giorno</label><input id=g name=n.giorno>
        <label for=m>Mese</label><input id=m name=n.mese></fieldset>
        <fieldset><legend>Lavora?</legend><input type=radio name=l value=si id=l1><label for=l1>Sì</label>
        <input type=radio name=l value=no id=l2><label for=l2>No</label></fieldset>
        <label for=s>Stato</label><select id=s name=s><option value=a>Aperta</option></select><button>Invia</button></form>
        <p>Protocollo<br><strong>0000001/2026</strong></p></main>";

    fn page() -> Page {
        Page::html("http://x/", 200, PAGE)
    }

    #[test]
    fn links_are_found_by_their_words_the_page_before_its_frame() {
        assert_eq!(page().link("Cambia", None).as_deref(), Ok("/1"));
        assert_eq!(page().link("Cambia", Some("Secondo")).as_deref(), Ok("/2"));
        let error = page().link("Manca", Some("Secondo")).expect_err("there is none");
        assert_eq!(error, "non c'è il collegamento «Manca»; ci sono: «Cambia: IBAN», «Altro»");
    }

    #[test]
    fn fields_are_found_by_legend_or_label() {
        let page = page();
        let date = page.field("Nato il", None).expect("it is there");
        assert_eq!(page.group(date).iter().map(|part| part.name.as_str()).collect::<Vec<_>>(), ["n.giorno", "n.mese"]);
        assert_eq!(page.field("Stato", None).map(|field| field.name.as_str()), Ok("s"));
        assert!(page.field("Via", None).expect_err("no such field").contains("«Nato il», «Lavora?», «Stato»"));
    }

    #[test]
    fn choices_are_marks_or_options() {
        let page = page();
        assert_eq!(page.choice("No", Some("Lavora?"), None), Ok(Choice::Mark(3)));
        assert_eq!(page.choice("Aperta", None, None), Ok(Choice::Option(4, "a".into())));
        assert!(page.choice("Forse", Some("Lavora?"), None).expect_err("no such choice").contains("«Sì», «No»"));
    }

    #[test]
    fn a_value_stands_below_its_name() {
        assert_eq!(page().value_after("Protocollo", None).as_deref(), Ok("0000001/2026"));
        assert!(page().value_after("Numero", None).is_err());
    }

    #[test]
    fn text_is_looked_for_below_a_heading() {
        assert_eq!(page().says("Altro", Some("Primo")), Ok(false));
        assert_eq!(page().says("Cambia: IBAN Altro", None), Ok(true));
        assert!(page().says("x", Some("Terzo")).is_err());
    }
}
