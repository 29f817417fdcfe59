use crate::{Fault, Tree};

/// Doors, the way out and the demonstration's own provider: whoever sends these forms is nobody yet, or is leaving, or gets back
/// the fields as they were sent.
const UNSTAMPED: [&str; 12] = [
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

/// A form says who opened it: at a computer that people share, nothing of one becomes another's.
pub fn stamped(tree: &Tree) -> Vec<Fault> {
    let templates = tree.ending(".html").filter(|(path, _)| !UNSTAMPED.contains(path));
    templates.flat_map(|(path, text)| unstamped(text).map(move |line| fault(path, line))).collect()
}

fn fault(path: &str, line: usize) -> Fault {
    Fault::new(
        path,
        line,
        "this form lacks {{ page.stamp() }}: it could be sent by somebody else than who opened it".to_owned(),
    )
}

/// The lines where forms begin that are sent without it.
fn unstamped(text: &str) -> impl Iterator<Item = usize> {
    let begins = text.match_indices("method=\"post\"").map(|(at, _)| at);
    let form = |at: usize| text[at..].split("</form>").next().unwrap_or_default();
    let missing = begins.filter(move |at| !form(*at).contains("page.stamp()"));
    missing.map(|at| text[..at].lines().count())
}
