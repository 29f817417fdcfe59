use std::collections::BTreeMap;

use base::Language;
use forms::{Group, Question};
use rules::Program;

use crate::{Process, Service, folder::LETTERS, law};

/// One difference between two versions of a service, as a sentence for officials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What kind of thing changed.
    pub kind: ChangeKind,
    /// What changed, in Italian.
    pub sentence: String,
    /// Of a change of the law: its day, its texts, what depends on it.
    pub law: Option<Box<rules::Change>>,
}

/// What a change touches, from what is only read to what decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// Names, pages, letters: what people read.
    Words,
    /// Who may ask, where, with which identity.
    Access,
    /// Questions.
    Form,
    /// Terms, silence, what decides by itself.
    Process,
    /// The law as a program, and its tables.
    Rules,
}

/// What changed from `old` to `new`, grouped by kind; empty when the versions are the same.
#[must_use]
pub fn diff(old: &Service, new: &Service) -> Vec<Change> {
    let mut changes = Changes(Vec::new());
    changes.words(old, new);
    changes.access(old, new);
    changes.form(old, new);
    changes.process(&old.process, &new.process);
    changes.rules(old, new);
    changes.0.sort_by_key(|change| change.kind);
    changes.0
}

struct Changes(Vec<Change>);

impl Changes {
    fn add(&mut self, kind: ChangeKind, sentence: impl Into<String>) {
        self.0.push(Change { kind, sentence: sentence.into(), law: None });
    }

    fn when(&mut self, changed: bool, kind: ChangeKind, sentence: &str) {
        if changed {
            self.add(kind, sentence);
        }
    }

    fn words(&mut self, old: &Service, new: &Service) {
        self.when(old.name != new.name, ChangeKind::Words, "Cambia il nome del servizio.");
        self.when(old.summary != new.summary, ChangeKind::Words, "Cambia il riassunto.");
        self.when(old.page != new.page, ChangeKind::Words, "Cambia la pagina del servizio.");
        self.when(old.decl.privacy != new.decl.privacy, ChangeKind::Words, "Cambia l’informativa sulla privacy.");
        self.when(old.decl.consents != new.decl.consents, ChangeKind::Words, "Cambiano i consensi che si chiedono.");
        self.when(old.decl.law != new.decl.law, ChangeKind::Words, "Cambiano i riferimenti di legge.");
        let of_the_law =
            |service: &Service| Language::ALL.map(|one| service.folder.text(law::file_name(one)).map(str::to_owned));
        self.when(
            of_the_law(old) != of_the_law(new),
            ChangeKind::Words,
            "Cambiano le parole con cui si dicono le regole.",
        );
        self.by_name(ChangeKind::Words, ("la comunicazione", 'a'), &letters(old), &letters(new));
    }

    fn access(&mut self, old: &Service, new: &Service) {
        let (before, after) = (&old.decl, &new.decl);
        self.when(
            before.state != after.state,
            ChangeKind::Access,
            "Cambia lo stato: aperto, chiuso o in preparazione.",
        );
        self.when(before.who != after.who, ChangeKind::Access, "Cambia chi può fare domanda.");
        if before.level != after.level {
            let sentence = format!("Il livello di identità richiesto passa da {} a {}.", before.level, after.level);
            self.add(ChangeKind::Access, sentence);
        }
        self.when(
            before.other_offices != after.other_offices,
            ChangeKind::Access,
            "Cambiano gli uffici a cui si può trasmettere una domanda arrivata a quello sbagliato.",
        );
        self.when(
            before.anonymous != after.anonymous,
            ChangeKind::Access,
            "Cambia se il modulo si può preparare senza accedere.",
        );
        if old.office != new.office {
            self.add(ChangeKind::Access, format!("L’ufficio passa da «{}» a «{}».", old.office, new.office));
        }
    }

    fn form(&mut self, old: &Service, new: &Service) {
        self.by_name(ChangeKind::Form, ("la domanda", 'a'), &questions(old), &questions(new));
        let pages = |service: &Service| service.form.pages.iter().map(|page| page.id.clone()).collect::<Vec<_>>();
        self.when(pages(old) != pages(new), ChangeKind::Form, "Cambiano le pagine del modulo o il loro ordine.");
    }

    fn process(&mut self, old: &Process, new: &Process) {
        let (before, after) = (&old.rules, &new.rules);
        if (before.days, before.count) != (after.days, after.count) {
            self.add(ChangeKind::Process, format!("Il termine passa da {} a {} giorni.", before.days, after.days));
        }
        self.when(
            before.slide != after.slide,
            ChangeKind::Process,
            "Cambia che cosa accade se il termine scade in un giorno festivo.",
        );
        self.when(
            before.extension_days != after.extension_days,
            ChangeKind::Process,
            "Cambia di quanto l’ufficio può prorogare il proprio termine.",
        );
        self.when(
            before.opinion_suspension_days != after.opinion_suspension_days,
            ChangeKind::Process,
            "Cambia per quanto un parere tecnico ferma il termine.",
        );
        self.when(before.silence != after.silence, ChangeKind::Process, "Cambia il valore del silenzio.");
        self.when(
            old.window != new.window,
            ChangeKind::Process,
            "Cambia quando si può fare domanda, o in quale ordine si esaminano le domande.",
        );
        self.when(
            old.signatures != new.signatures,
            ChangeKind::Process,
            "Cambia chi deve firmare insieme a chi fa domanda, che cosa, o entro quando.",
        );
        if before.notice_before_refusal != after.notice_before_refusal {
            let now = if after.notice_before_refusal {
                "Prima del rifiuto si manda il preavviso."
            } else {
                "Il preavviso di rifiuto non si manda più."
            };
            self.add(ChangeKind::Process, now);
        }
        if before.max_suspension_days != after.max_suspension_days {
            let sentence = format!(
                "La sospensione massima passa da {} a {} giorni.",
                before.max_suspension_days, after.max_suspension_days
            );
            self.add(ChangeKind::Process, sentence);
        }
        self.when(old.responsible != new.responsible, ChangeKind::Process, "Cambia il responsabile del procedimento.");
        let advice = (&old.remedies, &old.appeal) != (&new.remedies, &new.appeal);
        self.when(advice, ChangeKind::Words, "Cambiano i rimedi indicati a chi fa domanda.");
    }

    fn rules(&mut self, old: &Service, new: &Service) {
        match (&old.program, &new.program) {
            (None, Some(_)) => self.add(ChangeKind::Rules, "Il servizio ora ha regole di calcolo."),
            (Some(_), None) => self.add(ChangeKind::Rules, "Il servizio non ha più regole di calcolo."),
            (Some(before), Some(after)) => {
                let told = Program::differences(before, after).into_iter();
                self.0.extend(told.map(|law| Change {
                    kind: ChangeKind::Rules,
                    sentence: law.text.clone(),
                    law: Some(Box::new(law)),
                }));
            }
            (None, None) => {}
        }
    }

    /// What came, what went, what is different under the same name; `what` is a noun with its article and ending.
    fn by_name(&mut self, kind: ChangeKind, what: (&str, char), old: &Named, new: &Named) {
        let (noun, ending) = what;
        for name in old.keys().filter(|name| !new.contains_key(*name)) {
            self.add(kind, format!("Tolt{ending} {noun} «{name}»."));
        }
        for (name, after) in new {
            match old.get(name) {
                None => self.add(kind, format!("Aggiunt{ending} {noun} «{name}».")),
                Some(before) if before != after => self.add(kind, format!("Cambia {noun} «{name}».")),
                Some(_) => {}
            }
        }
    }
}

/// Things by name, each as a text that differs when the thing does.
type Named = BTreeMap<String, String>;

fn questions(service: &Service) -> Named {
    let named = |(group, question): (Option<&Group>, &Question)| {
        let name = group.map_or_else(|| question.id.clone(), |group| format!("{}.{}", group.id, question.id));
        // All that a person or the program could notice, but not the place in the file.
        let when = question.when.as_ref().map(|when| when.text.as_str());
        let text = format!(
            "{:?}{:?}{:?}{:?}{:?}{when:?}{:?}{:?}{:?}",
            question.kind,
            question.label,
            question.hint,
            question.error,
            question.required,
            question.from,
            question.purpose,
            question.default
        );
        (name, text)
    };
    service.form.questions().map(named).collect()
}

fn letters(service: &Service) -> Named {
    service
        .folder
        .below(LETTERS)
        .map(|(path, text)| (path.trim_end_matches(".md").to_owned(), text.to_owned()))
        .collect()
}
