use std::collections::BTreeSet;

use crate::{Fault, Tree};

/// Doors, the way out and the demonstration's own provider: whoever sends these forms is nobody yet, or is leaving, or gets back
/// the fields as they were sent.
const UNNAMED: [&str; 12] = [
    "capabilities/identity/src/carrier.html",
    "capabilities/identity/src/demonstration/answer.html",
    "capabilities/identity/src/demonstration/people.html",
    "capabilities/identity/src/office/enrol.html",
    "capabilities/identity/src/office/login.html",
    "capabilities/identity/src/office/passkey_form.html",
    "capabilities/identity/src/office/second.html",
    "capabilities/identity/src/pages/logout.html",
    "platform/web/templates/acting.html",
    "platform/web/templates/frame/acting.html",
    "platform/web/templates/frame/opening.html",
    "platform/web/templates/read_only.html",
];

/// What answers a form of which it does not matter who opened it: the way out and back to oneself, and drafts that belong to a code.
const UNREAD: [&str; 5] = [
    "capabilities/cases/src/pages/anonymous/mod.rs: begin",
    "capabilities/cases/src/pages/anonymous/mod.rs: close",
    "capabilities/cases/src/pages/anonymous/mod.rs: delete",
    "capabilities/identity/src/pages/logout.rs: logout",
    "capabilities/mandates/src/pages/act.rs: back",
];

/// What reads a body.
const READERS: [&str; 3] = ["Posted", "Bytes", "Request"];

/// Who answers a form reads it: what is not read is not held to who opened it.
pub fn read(tree: &Tree) -> Vec<Fault> {
    let sources = tree.ending(".rs").filter(|(path, _)| path.contains("/src/"));
    let answering: BTreeSet<Answering> = sources.flat_map(|(path, text)| answering(path, text)).collect();
    answering.iter().flat_map(|one| one.unread(tree)).collect()
}

/// Something that stands in `post(…)`.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Answering<'t> {
    /// Where it stands there.
    path: &'t str,
    /// The module that is named before it.
    module: Option<&'t str>,
    name: &'t str,
}

fn answering<'t>(path: &'t str, text: &'t str) -> impl Iterator<Item = Answering<'t>> {
    let named = text.split("post(").skip(1).filter_map(|rest| rest.split(')').next());
    let plain = |name: &&str| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == ':');
    named.filter(plain).map(move |way| {
        let mut parts = way.rsplit("::");
        let name = parts.next().unwrap_or(way);
        Answering { path, module: parts.next(), name }
    })
}

impl Answering<'_> {
    fn unread(&self, tree: &Tree) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (path, text) in tree.ending(".rs").filter(|(path, _)| self.may_be_in(path)) {
            let unread = |arguments: &str| !READERS.iter().any(|reader| arguments.contains(reader));
            let known = UNREAD.contains(&format!("{path}: {}", self.name).as_str());
            for (line, _) in handlers(text, self.name).into_iter().filter(|(_, arguments)| !known && unread(arguments))
            {
                let told =
                    format!("{} answers a form and does not take `Posted`: whoever opened it, it is done", self.name);
                faults.push(Fault::new(path, line, told));
            }
        }
        faults
    }

    /// In the file itself, or in that of the module.
    fn may_be_in(&self, path: &str) -> bool {
        let room = self.path.split("/src/").next().unwrap_or_default();
        match self.module {
            None => path == self.path,
            Some(module) => {
                path.starts_with(room)
                    && (path.ends_with(&format!("/{module}.rs")) || path.ends_with(&format!("/{module}/mod.rs")))
            }
        }
    }
}

/// The handlers of this name in a source, each with its line and its arguments.
fn handlers<'t>(text: &'t str, name: &str) -> Vec<(usize, &'t str)> {
    let begin = format!("async fn {name}(");
    let handler = |(at, _): (usize, &str)| {
        let (arguments, rest) = text[at + begin.len()..].split_once(") -> ")?;
        rest.starts_with("Answer").then(|| (text[..at].matches('\n').count() + 1, arguments))
    };
    text.match_indices(&begin).filter_map(handler).collect()
}

/// A form says who opened it: at a computer that people share, nothing of one becomes another's.
pub fn named(tree: &Tree) -> Vec<Fault> {
    let templates = tree.ending(".html").filter(|(path, _)| !UNNAMED.contains(path));
    templates.flat_map(|(path, text)| unnamed(text).map(move |line| fault(path, line))).collect()
}

fn fault(path: &str, line: usize) -> Fault {
    Fault::new(
        path,
        line,
        "this form lacks {{ page.opener() }}: it could be sent by somebody else than who opened it".to_owned(),
    )
}

/// The lines where forms begin that are sent without it.
fn unnamed(text: &str) -> impl Iterator<Item = usize> {
    let begins = text.match_indices("method=\"post\"").map(|(at, _)| at);
    let form = |at: usize| text[at..].split("</form>").next().unwrap_or_default();
    let missing = begins.filter(move |at| !form(*at).contains("page.opener()"));
    missing.map(|at| text[..at].lines().count())
}
