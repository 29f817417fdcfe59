//! Coming in and going out, through the same pages and buttons as everybody.

use super::Runner;
use crate::{
    Host, form,
    page::{Control, Page},
};

impl<H: Host> Runner<H> {
    /// Logs in through the demonstration identity provider, as the sample person with this handle. On a login page the
    /// login goes on from there, so that the program leads back to where it was.
    pub(super) fn login(&mut self, person: &str) -> Result<(), String> {
        if !self.page().place().starts_with("/accesso") {
            self.browser().type_in("/accesso")?;
        }
        let provider = self.page().links.iter().find(|link| link.href.contains("/accesso/saml/avvia"));
        let provider = provider.map(|link| link.href.clone()).ok_or("la pagina di accesso non offre nessun accesso")?;
        self.browser().open(&provider)?;
        let choice = self.page().controls.iter().find(|control| control.name == "persona" && control.value == person);
        let number = choice.map(|choice| choice.number).ok_or_else(|| self.nobody(person))?;
        self.mark(number, true);
        self.press_first_of(number)?;
        let answer = self.page().controls.iter().find(|control| control.name == "SAMLResponse");
        let answer = answer.map(|control| control.number).ok_or("l'identity provider non ha dato una risposta")?;
        self.press_first_of(answer)?;
        if self.logged_in() { Ok(()) } else { Err(format!("l'accesso di «{person}» non è riuscito")) }
    }

    fn nobody(&mut self, person: &str) -> String {
        let people = self.page().controls.iter().filter(|control| control.name == "persona");
        let people = crate::words::listed(people.map(|control| control.value.as_str()));
        format!("fra le persone di prova non c'è «{person}»; ci sono: {people}")
    }

    /// Logs in at the officers' door with the password that the demonstration shows there.
    pub(super) fn officer_login(&mut self, id: &str) -> Result<(), String> {
        if !self.page().place().starts_with("/ufficio/accesso") {
            self.browser().type_in("/ufficio/accesso")?;
        }
        let password = shown_password(self.page(), id)?;
        let named = |page: &Page, name: &str| {
            page.controls.iter().find(|control| control.name == name).map(|control| control.number)
        };
        let account = named(self.page(), "utente").ok_or("la pagina non chiede il nome utente")?;
        let secret = named(self.page(), "password").ok_or("la pagina non chiede la password")?;
        let controls = &mut self.browser().page.controls;
        id.clone_into(&mut controls[account].value);
        controls[secret].value = password;
        self.press_first_of(account)?;
        if self.logged_in() { Ok(()) } else { Err(format!("l'accesso di «{id}» non è riuscito")) }
    }

    pub(super) fn logout(&mut self) -> Result<(), String> {
        let form = self.page().forms.iter().position(|form| form.action.ends_with("/esci"));
        let form = form.ok_or("nessuno ha fatto l'accesso: la pagina non permette di uscire")?;
        let button = self.page().controls.iter().find(|control| control.form == Some(form)).cloned();
        self.press_control(&button.ok_or("il modulo per uscire non ha un pulsante")?)
    }

    fn logged_in(&mut self) -> bool {
        self.page().forms.iter().any(|form| form.action.ends_with("/esci"))
    }

    /// Presses the first button of the form of a control.
    fn press_first_of(&mut self, number: usize) -> Result<(), String> {
        let form = self.page().controls[number].form;
        let button = self.page().controls.iter().find(|control| control.form == form && control.is_button()).cloned();
        self.press_control(&button.ok_or("il modulo non ha un pulsante")?)
    }

    /// Presses a button by its words.
    pub(super) fn press(&mut self, words: &str, under: Option<&str>) -> Result<(), String> {
        let button = self.page().button(words, under)?.clone();
        self.press_control(&button)
    }

    /// Presses a button twice at the same time.
    pub(super) fn press_twice(&mut self, words: &str, under: Option<&str>) -> Result<(), String> {
        let button = self.page().button(words, under)?.clone();
        let sending = sending(self.page(), &button)?;
        self.browser().send_twice(&sending)
    }

    fn press_control(&mut self, button: &Control) -> Result<(), String> {
        let sending = sending(self.page(), button)?;
        self.browser().send(&sending)
    }

    /// Sets or clears a mark; of radio buttons only one stays set.
    pub(super) fn mark(&mut self, number: usize, checked: bool) {
        let controls = &mut self.browser().page.controls;
        let (form, name, kind) = (controls[number].form, controls[number].name.clone(), controls[number].kind);
        for control in controls.iter_mut().filter(|control| control.kind == kind && kind.excludes()) {
            control.checked &= control.form != form || control.name != name;
        }
        controls[number].checked = checked;
    }
}

fn sending(page: &Page, button: &Control) -> Result<form::Sending, String> {
    let number = button.form.ok_or("il pulsante non appartiene a un modulo: senza JavaScript non fa niente")?;
    let controls: Vec<_> = page.controls.iter().filter(|control| control.form == Some(number)).collect();
    Ok(form::sending(&page.address, &page.forms[number], &controls, button))
}

/// The demonstration's login page names account and password of its invented officers on one line.
fn shown_password(page: &Page, id: &str) -> Result<String, String> {
    let line = page.text.lines().find(|line| line.split_whitespace().any(|word| word.trim_end_matches(',') == id));
    let line = line.ok_or_else(|| format!("la pagina di accesso degli uffici non nomina l'operatore «{id}»"))?;
    line.split_whitespace().last().map(str::to_owned).ok_or_else(|| "la riga dell'operatore è vuota".to_owned())
}
