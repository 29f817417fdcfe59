use std::collections::BTreeMap;

use base::{Language, Translated};
use deadlines::Silence;
use forms::{Form, Question};
use rules::{Diagnostic, Program, Role, Sources, Unit};

use crate::{
    Folder, LawWords,
    declared::{
        self, Applicant, ChangeNote, ConsentAsked, Declaration, DeclarationSites, Letter, LetterAct, LetterPart,
        Letters, PageTexts, Process, ProcessSites, ServiceFile, Start, State,
    },
    law,
    source::whole_file,
};

/// One service, read whole from its folder.
#[derive(Debug, Clone)]
pub struct Service {
    /// Name of the folder and place in URLs.
    pub slug: String,
    /// Names the content: see [`Folder::version`].
    pub version: String,
    /// Its name.
    pub name: Translated,
    /// One or two sentences about it.
    pub summary: Translated,
    /// Id of the office that answers.
    pub office: String,
    /// Who may ask, on which law, with which privacy.
    pub decl: Declaration,
    /// What a person reads first.
    pub page: PageTexts,
    /// What is asked.
    pub form: Form,
    /// The law as a program, where there is something to compute.
    pub program: Option<Program>,
    /// The words of the law in the languages of people.
    pub law: LawWords,
    /// What is not wrong and should be mended: words of the law that nobody translated.
    pub warnings: Vec<Diagnostic>,
    /// The clock of the proceeding and what decides by itself.
    pub process: Process,
    /// Letters by name without extension: `ricevuta`.
    pub letters: BTreeMap<String, Letter>,
    /// What letters include, by the name that they say: `parti/ufficio.md`.
    pub letter_parts: BTreeMap<String, LetterPart>,
    /// Worked examples by file name: whole text.
    pub examples: BTreeMap<String, String>,
    /// What changed and when, latest first.
    pub changes: Vec<ChangeNote>,
    /// The texts it was read from.
    pub folder: Folder,
    pub(crate) sites: Sites,
}

/// Places and front matter needed only to check the service against the rest of the catalogue.
#[derive(Debug, Clone)]
pub(crate) struct Sites {
    pub declaration: DeclarationSites,
    pub process: ProcessSites,
}

impl Service {
    /// Reads a folder. Whether it fits the rest of the catalogue is judged by [`crate::Offer::read`]: a version that
    /// an old case is pinned to must be read even where its office has since closed.
    ///
    /// # Errors
    /// Everything that is wrong, file by file, each with its place and how to mend it.
    pub fn read(folder: Folder) -> Result<Self, Vec<Diagnostic>> {
        let mut reading = Reading { folder: &folder, complaints: Vec::new() };
        reading.only_known_files();
        let head = reading.file("service.toml", declared::read_service_file);
        let italian_only = head.as_ref().map_or(&[][..], |head| &head.declaration.italian_only);
        let page = declared::read_page(|path| folder.text(path), |path| folder.name_of(path), italian_only);
        let page = reading.keep(page);
        let form = reading.file("form.toml", Form::parse);
        let process = reading.file("process.toml", declared::read_process);
        let changes = reading.file("CHANGES.md", declared::read_changes);
        let program = reading.program();
        let words = reading.keep(LawWords::read(&folder));
        let letters = reading.keep(declared::read_letters(&folder));
        let complaints = reading.complaints;
        match (head, page, form, words, process, changes, letters) {
            (Some(head), Some(page), Some(form), Some(words), Some(process), Some(changes), Some(letters))
                if complaints.is_empty() =>
            {
                Ok(Self::whole(Parts { head, page, form, program, words, process, changes, letters }, folder))
            }
            _ => Err(complaints),
        }
    }

    fn whole(parts: Parts, folder: Folder) -> Self {
        let (process, process_sites) = parts.process;
        let italian_only = &parts.head.declaration.italian_only;
        let warnings = parts.program.as_ref().map(|program| law::audit(&folder, program, &parts.words, italian_only));
        Self {
            law: parts.words.with_form(&parts.form),
            warnings: warnings.unwrap_or_default(),
            slug: folder.slug.clone(),
            version: folder.version(),
            name: parts.head.name,
            summary: parts.head.summary,
            office: parts.head.office,
            decl: parts.head.declaration,
            page: parts.page,
            form: parts.form,
            program: parts.program,
            process,
            letters: parts.letters.letters,
            letter_parts: parts.letters.parts,
            examples: folder.below("examples/").map(|(path, text)| (path.to_owned(), text.to_owned())).collect(),
            changes: parts.changes,
            sites: Sites { declaration: parts.head.sites, process: process_sites },
            folder,
        }
    }

    /// What a letter is called in `language`; `None` for a letter that the service does not have.
    #[must_use]
    pub fn letter_title(&self, letter: &str, language: Language) -> Option<&str> {
        self.letters.get(letter).map(|letter| letter.title.get(language))
    }

    /// The letter that tells of an act, with its name; `None` where the service tells nobody.
    #[must_use]
    pub fn letter_for(&self, act: LetterAct) -> Option<(&str, &Letter)> {
        self.letters.iter().find(|(_, letter)| letter.act == act).map(|(name, letter)| (name.as_str(), letter))
    }

    /// Whether the proceeding has this act, so that people must be told of it.
    #[must_use]
    pub const fn tells_of(&self, act: LetterAct) -> bool {
        match act {
            LetterAct::IntegrationRequested => 0 < self.process.rules.max_suspension_days,
            // Social-security bodies send no notice before refusal (art. 10-bis L. 241/1990, last sentence).
            LetterAct::RefusalProposed | LetterAct::ObservationsFiled => self.process.rules.notice_before_refusal,
            LetterAct::PassedOn => !self.decl.other_offices.is_empty(),
            LetterAct::Extended => 0 < self.process.rules.extension_days,
            LetterAct::SubstituteCalled => matches!(self.process.rules.silence, Silence::Late),
            LetterAct::SilenceConsent => matches!(self.process.rules.silence, Silence::Consent),
            LetterAct::SilenceRefusal => matches!(self.process.rules.silence, Silence::Refusal),
            LetterAct::Submitted | LetterAct::Granted | LetterAct::Refused | LetterAct::Withdrawn => true,
        }
    }

    /// Ids of all offices that may have a case of it, its own first.
    pub fn offices(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.office).chain(&self.decl.other_offices).map(String::as_str)
    }

    /// The unit of what it pays; `None` where its rules give no amount.
    #[must_use]
    pub fn pays(&self) -> Option<Unit> {
        let rules = self.program.as_ref()?.rules();
        rules.iter().find(|rule| rule.role == Some(Role::Amount)).map(|rule| rule.unit)
    }

    /// Whether somebody may ask for it as this.
    #[must_use]
    pub fn takes(&self, who: Applicant) -> bool {
        self.decl.who.contains(&who)
    }

    /// Whether a person can apply now: it is open, and cases begin because somebody asks.
    #[must_use]
    pub fn can_be_asked(&self) -> bool {
        self.decl.state == State::Open && self.decl.start == Start::Request
    }

    /// The question by whose answer applications are put in order, where the service has a window.
    #[must_use]
    pub fn ordering_question(&self) -> Option<&Question> {
        let datum = &self.process.window.as_ref()?.datum;
        self.form.questions().find(|(group, one)| group.is_none() && one.id == *datum).map(|(_, one)| one)
    }

    /// What it asks people to agree to under this id.
    #[must_use]
    pub fn consent(&self, id: &str) -> Option<&ConsentAsked> {
        self.decl.consents.iter().find(|asked| asked.id == id)
    }

    /// Whether citizens may know of it: a draft is for officials only.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.decl.state != State::Draft
    }

    /// `/servizi/<slug>`.
    #[must_use]
    pub fn href(&self) -> String {
        format!("/servizi/{}", self.slug)
    }
}

struct Parts {
    head: ServiceFile,
    page: PageTexts,
    form: Form,
    program: Option<Program>,
    words: LawWords,
    process: (Process, ProcessSites),
    changes: Vec<ChangeNote>,
    letters: Letters,
}

/// The files that a folder may hold.
const FILES: [&str; 12] = [
    "service.toml",
    "page.md",
    "page.en.md",
    "page.de.md",
    "form.toml",
    "rules.md",
    "rules.it.toml",
    "rules.en.toml",
    "rules.de.toml",
    "process.toml",
    "CHANGES.md",
    "README.md",
];

/// The folders inside, with the ending of their files.
const INNER: [(&str, &str); 3] = [("tabelle/", ".csv"), ("letters/", ".md"), ("examples/", ".toml")];

struct Reading<'f> {
    folder: &'f Folder,
    complaints: Vec<Diagnostic>,
}

impl Reading<'_> {
    fn keep<T>(&mut self, read: Result<T, Vec<Diagnostic>>) -> Option<T> {
        read.map_err(|told| self.complaints.extend(told)).ok()
    }

    fn file<T>(&mut self, path: &str, read: impl FnOnce(&str, &str) -> Result<T, Vec<Diagnostic>>) -> Option<T> {
        let name = self.folder.name_of(path);
        let made = match self.folder.text(path) {
            Some(text) => read(&name, text),
            None => {
                Err(vec![whole_file(&name, "manca il file", format!("aggiungere {path}: il formato è in docs/guides"))])
            }
        };
        self.keep(made)
    }

    fn program(&mut self) -> Option<Program> {
        let text = self.folder.text("rules.md")?;
        let files = self.folder.files.iter().filter(|(path, _)| path.starts_with("tabelle/"));
        let tables = files.map(|(path, text)| (path.clone(), text.clone())).collect();
        let file = self.folder.name_of("rules.md");
        self.keep(Program::parse(&Sources { file: &file, text, tables: &tables }))
    }

    /// A file with a mistyped name would silently be without effect.
    fn only_known_files(&mut self) {
        let known = |path: &str| {
            FILES.contains(&path)
                || INNER.iter().any(|(folder, ending)| path.starts_with(folder) && path.ends_with(ending))
        };
        for path in self.folder.files.keys().filter(|path| !known(path)) {
            let mend = base::nearest(path, FILES).map_or_else(
                || "toglierlo dalla cartella del servizio".to_owned(),
                |near| format!("forse si voleva {near}"),
            );
            self.complaints.push(whole_file(&self.folder.name_of(path), "un file che il servizio non usa", mend));
        }
    }
}
