use std::fmt;

use rules::{Diagnostic, Mismatch, Program, run_example};

use crate::{Declared, Offer, Service};

/// What `sportello check` found. Its text is for the official who edits the folders; it ends with one line of result.
#[derive(Debug)]
pub struct Report {
    /// One for each folder, in order of slug.
    pub services: Vec<Checked>,
    /// What is wrong outside services.
    pub content: Vec<Diagnostic>,
}

/// One service.
#[derive(Debug)]
pub struct Checked {
    /// The folder.
    pub slug: String,
    /// Its version, where it could be read.
    pub version: Option<String>,
    /// What is wrong in its texts.
    pub problems: Vec<Diagnostic>,
    /// What should be mended and does not keep it from being offered.
    pub warnings: Vec<Diagnostic>,
    /// Pages of its form, all complete and reachable where there are no problems.
    pub pages: usize,
    /// Questions of its form.
    pub questions: usize,
    /// Examples that gave what they expect.
    pub examples: usize,
    /// Examples that did not, each in a sentence.
    pub failures: Vec<String>,
}

/// Checks all folders: whether they can be offered, and what each example gives.
#[must_use]
pub fn check(declared: &Declared) -> Report {
    let mut offer = Offer::read(declared);
    let services = declared.folders.iter().map(|folder| {
        let problems = offer.problems.remove(&folder.slug).unwrap_or_default();
        match offer.services.get(&folder.slug) {
            Some(service) => check_service(service),
            None => Checked::refused(&folder.slug, problems),
        }
    });
    let services = services.collect();
    Report { services, content: offer.problems.remove(Offer::SHARED).unwrap_or_default() }
}

fn check_service(service: &Service) -> Checked {
    let mut checked = Checked {
        version: Some(service.version.clone()),
        pages: service.form.pages.len(),
        questions: service.form.questions().count(),
        warnings: service.warnings.clone(),
        ..Checked::refused(&service.slug, Vec::new())
    };
    match &service.program {
        Some(_) if service.examples.is_empty() => {
            checked
                .failures
                .push("nessun esempio: aggiungere in examples/ almeno un caso con il risultato atteso".to_owned());
        }
        Some(program) => checked.run(service, program),
        None if service.examples.is_empty() => {}
        None => checked.failures.push("esempi senza regole: aggiungere rules.md o togliere examples/".to_owned()),
    }
    checked
}

impl Checked {
    fn refused(slug: &str, problems: Vec<Diagnostic>) -> Self {
        let slug = slug.to_owned();
        let (warnings, failures) = (Vec::new(), Vec::new());
        Self { slug, version: None, problems, warnings, pages: 0, questions: 0, examples: 0, failures }
    }

    fn run(&mut self, service: &Service, program: &Program) {
        for (file, text) in &service.examples {
            let name = service.folder.name_of(&format!("examples/{file}"));
            match run_example(program, text) {
                Ok(outcome) if outcome.mismatches.is_empty() => self.examples += 1,
                Ok(outcome) => {
                    let told =
                        outcome.mismatches.iter().map(|one| format!("{name} «{}»: {}", outcome.title, differs(one)));
                    self.failures.extend(told);
                }
                Err(error) => self.failures.push(format!("{name}: {error}")),
            }
        }
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.problems.is_empty() && self.failures.is_empty()
    }
}

fn differs(one: &Mismatch) -> String {
    format!("«{}» doveva essere {} e risulta {}", one.rule, one.expected, one.found)
}

impl Report {
    /// Whether nothing is wrong anywhere.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.content.is_empty() && self.services.iter().all(Checked::passed)
    }

    /// Exit status of the command: 0 when all is well, 1 otherwise.
    #[must_use]
    pub fn exit_status(&self) -> u8 {
        u8::from(!self.passed())
    }

    fn warnings(&self) -> usize {
        self.services.iter().map(|one| one.warnings.len()).sum()
    }

    fn mistakes(&self) -> usize {
        let of_services = self.services.iter().map(|one| one.problems.len() + one.failures.len());
        self.content.len() + of_services.sum::<usize>()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for service in &self.services {
            write!(f, "{service}")?;
        }
        for problem in &self.content {
            writeln!(f, "\n{problem}")?;
        }
        if self.warnings() > 0 {
            writeln!(f, "\nDa completare: {}.", counted(self.warnings(), "avviso", "avvisi"))?;
        }
        match self.mistakes() {
            0 => writeln!(f, "\nTutto in ordine: {}.", counted(self.services.len(), "servizio", "servizi")),
            mistakes => writeln!(f, "\nDa correggere: {}.", counted(mistakes, "errore", "errori")),
        }
    }
}

impl fmt::Display for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.passed() { "✓" } else { "✗" };
        write!(f, "{mark} {}", self.slug)?;
        match &self.version {
            Some(version) => {
                let pages = counted(self.pages, "pagina completa", "pagine complete");
                let questions = counted(self.questions, "domanda", "domande");
                let examples = counted(self.examples, "esempio riuscito", "esempi riusciti");
                writeln!(f, " ({version}): modulo di {pages}, {questions}; {examples}")?;
            }
            None => writeln!(f, ": non viene offerto")?,
        }
        for problem in &self.problems {
            writeln!(f, "\n{problem}")?;
        }
        for warning in &self.warnings {
            writeln!(f, "\n{}", warning.to_string().replacen("errore:", "avviso:", 1))?;
        }
        for failure in &self.failures {
            writeln!(f, "  ✗ {failure}")?;
        }
        Ok(())
    }
}

fn counted(number: usize, one: &str, more: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { more })
}
