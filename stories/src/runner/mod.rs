//! Walks a story, step by step.

mod entering;
mod filling;
mod keeping;
mod reading;

use std::{
    collections::BTreeMap,
    fmt,
    time::{Duration, Instant},
};

use crate::{
    Hop, Host, StepFailure, Story,
    action::{self, What},
    browser::Browser,
    page::Page,
    story::Step,
    words::shortened,
};

/// Walks stories against a program at one address. Every story begins on a new device, logged out.
pub struct Runner<H: Host> {
    base: String,
    host: H,
    devices: BTreeMap<String, Browser>,
    device: String,
    memory: BTreeMap<String, String>,
    files: BTreeMap<String, Vec<u8>>,
}

/// A step that went as the story tells.
#[derive(Debug)]
pub struct StepReport<'a> {
    /// The step: line, sentence, chapter.
    pub step: &'a Step,
    /// Whether a chapter begins with this step.
    pub begins_chapter: bool,
    /// The sentence with remembered values filled in.
    pub told: String,
    /// Every request that it made.
    pub trail: &'a [Hop],
    /// How long it took.
    pub elapsed: Duration,
}

/// A story that went well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    /// Steps taken.
    pub steps: usize,
    /// Requests made.
    pub requests: usize,
    /// How long it took.
    pub elapsed: Duration,
}

/// A line for people: the sentence, what the program answered, how long it took.
impl fmt::Display for StepReport<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.begins_chapter {
            writeln!(f, "\n{}", self.step.chapter)?;
        }
        write!(f, "  ✓ {}", self.told)?;
        if !self.trail.is_empty() {
            let hops =
                self.trail.iter().map(|hop| format!("{} {} {}", hop.method, shortened(&hop.place, 60), hop.status));
            write!(f, "\n      {} · {} ms", hops.collect::<Vec<_>>().join(" → "), self.elapsed.as_millis())?;
        }
        Ok(())
    }
}

/// The device that a story begins on.
const FIRST_DEVICE: &str = "computer";

impl<H: Host> Runner<H> {
    /// A runner for the program at `base_url` (`http://localhost:8080`): the address that the program itself writes into
    /// its absolute links, otherwise cookies get lost on the way.
    pub fn new(base_url: &str, host: H) -> Self {
        let (devices, memory, files) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self { base: base_url.trim_end_matches('/').to_owned(), host, devices, device: String::new(), memory, files }
    }

    /// The host, to look at afterwards.
    pub fn host(&self) -> &H {
        &self.host
    }

    /// A file that the last story downloaded, by the name it gave it.
    pub fn file(&self, name: &str) -> Option<&[u8]> {
        self.files.get(name).map(Vec::as_slice)
    }

    /// Walks a story and tells each step after it went well.
    ///
    /// # Errors
    /// The first step that went otherwise, with what was on the page instead.
    pub fn run(&mut self, story: &Story, tell: &mut dyn FnMut(StepReport<'_>)) -> Result<Summary, Box<StepFailure>> {
        self.begin();
        let (started, mut requests) = (Instant::now(), 0);
        let mut chapter = "";
        for step in &story.steps {
            let step_started = Instant::now();
            let tokens = step.tokens.iter().map(|token| token.filled(|name| self.memory.get(name).cloned()));
            let tokens: Vec<_> = tokens.collect();
            self.browser().trail.clear();
            self.take(&tokens).map_err(|problem| self.failed(story, step, problem))?;
            let told = self.told(&step.sentence);
            let trail = &self.browser().trail;
            requests += trail.len();
            let begins_chapter = chapter != step.chapter;
            chapter = &step.chapter;
            tell(StepReport { step, begins_chapter, told, trail, elapsed: step_started.elapsed() });
        }
        if let Some(last) = story.steps.last() {
            self.no_open_error().map_err(|problem| self.failed(story, last, problem))?;
        }
        Ok(Summary { steps: story.steps.len(), requests, elapsed: started.elapsed() })
    }

    fn begin(&mut self) {
        self.devices.clear();
        self.memory.clear();
        self.files.clear();
        self.use_device(FIRST_DEVICE);
    }

    fn take(&mut self, tokens: &[crate::sentence::Token]) -> Result<(), String> {
        let action = action::interpret(tokens).ok_or("non capisco questo passo")?;
        if !matches!(action.what, What::Status(_)) {
            self.no_open_error()?;
        }
        let under = action.under.as_deref();
        match action.what {
            What::Login(person) => self.login(&person),
            What::OfficerLogin(id) => self.officer_login(&id),
            What::Logout => self.logout(),
            What::Device(name) => {
                self.use_device(&name);
                Ok(())
            }
            What::Open(place) => self.browser().type_in(&place),
            What::Follow(link) => {
                let href = self.page().link(&link, under)?.to_owned();
                self.browser().open(&href)
            }
            What::Press(button) => self.press(&button, under),
            What::PressTwice(button) => self.press_twice(&button, under),
            What::Back => self.browser().back(),
            What::Reload => self.browser().reload(),
            What::Pass(time) => self.host.advance_clock(time).map_err(|error| error.to_string()),
            What::Restart => self.host.restart().map_err(|error| error.to_string()),
            What::Fill(..) | What::Choose(..) | What::Unchoose(_) | What::Attach { .. } => {
                self.fill(action.what, under)
            }
            What::RememberValue(..)
            | What::RememberPlace(_)
            | What::Download { .. }
            | What::IsPdf(_)
            | What::FileHolds(..)
            | What::Verify(_)
            | What::VerifyFails(_)
            | What::Alter(_) => self.keep(action.what, under),
            reading => self.read(reading, under),
        }
    }

    /// A refusal must be told by the story ("Risponde 404"); a form shown again with its errors (422) need not.
    fn no_open_error(&mut self) -> Result<(), String> {
        let Page { status, expected, .. } = *self.page();
        let fine = status < 400 || status == 422 || expected;
        if fine {
            Ok(())
        } else {
            Err(format!("la pagina risponde {status} e la storia non lo dice («Risponde {status}»)"))
        }
    }

    fn use_device(&mut self, name: &str) {
        let base = &self.base;
        self.devices.entry(name.to_owned()).or_insert_with(|| Browser::new(base));
        name.clone_into(&mut self.device);
    }

    fn browser(&mut self) -> &mut Browser {
        let base = &self.base;
        self.devices.entry(self.device.clone()).or_insert_with(|| Browser::new(base))
    }

    fn page(&mut self) -> &Page {
        &self.browser().page
    }

    fn told(&self, sentence: &str) -> String {
        let fill = |told: String, (name, value): (&String, &String)| told.replace(&format!("{{{name}}}"), value);
        self.memory.iter().fold(sentence.to_owned(), fill)
    }

    fn failed(&mut self, story: &Story, step: &Step, problem: String) -> Box<StepFailure> {
        let shown = if self.page().address.is_empty() { String::new() } else { self.page().described() };
        let (story, sentence) = (story.name.clone(), step.sentence.clone());
        Box::new(StepFailure { story, line: step.line, sentence, problem, page: shown })
    }
}
