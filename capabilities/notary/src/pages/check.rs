//! The page with which anybody checks a receipt: in the portal, and as one file that works without network. Its code is
//! `content/verifica`, which shares nothing with the Rust verifier.

use std::sync::LazyLock;

use askama::Template;
use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};
use web::{Answer, Page, Visit, components::Tone};

use crate::Notary;

/// The files change with the program only, and their addresses with the files.
const KEPT_SECONDS: u32 = 86_400;

macro_rules! source {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../content/verifica/", $name))
    };
}

const TEMPLATE: &str = source!("verifica.html");
/// The part that both pages have: the choice of a file, and what was found.
const CHECKER: &str = source!("controllo.html");
const STYLE: &str = source!("verifica.css");
const SCRIPT: &str =
    concat!(source!("crypto.js"), "\n", source!("receipt.js"), "\n", source!("words.js"), "\n", source!("page.js"));
const PORTAL_STYLE: &str = include_str!("../../assets/portal.css");

/// The same script inside the portal, whose page already has a language and a title: they are kept.
const PORTAL_SCRIPT: &str = concat!(
    "const portal = { language: document.documentElement.lang, title: document.title };\n",
    source!("crypto.js"),
    "\n",
    source!("receipt.js"),
    "\n",
    source!("words.js"),
    "\n",
    source!("page.js"),
    "\nspeak(portal.language);\ndocument.title = portal.title;\n",
);

/// Part of the addresses of script and style, so that a new version is fetched at once.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let digest = Sha256::new().chain_update(PORTAL_SCRIPT).chain_update(PORTAL_STYLE).finalize();
    hex::encode(&digest[..6])
});

#[derive(Template)]
#[template(path = "pages/check.html")]
struct CheckPage {
    page: Page,
    key: String,
    origin: String,
    version: &'static str,
    checker: &'static str,
}

/// The page in the portal's frame.
pub(crate) async fn show(State(notary): State<Notary>, visit: Visit) -> Answer {
    let page = visit.page("notary.check.title").described(visit.t("notary.check.description"));
    let (key, origin) = (notary.verifier().to_string(), notary.origin().to_owned());
    web::show(&CheckPage { page, key, origin, version: VERSION.as_str(), checker: CHECKER })
}

/// The page as one file, with the log's key in it.
pub(crate) async fn download(State(notary): State<Notary>) -> Response {
    let page = offline_page(&notary.verifier().to_string());
    web::download("verifica-ricevute.html", "text/html; charset=utf-8", page)
}

fn offline_page(key: &str) -> String {
    // The texts of style and script go in last, so that nothing inside them is taken for a placeholder.
    let page = TEMPLATE.replace("{{CHECKER}}", CHECKER).replace("{{LOG_VKEY}}", &escape(key));
    let page = page.replace("{{STYLE}}", &format!("<style>\n{STYLE}</style>"));
    page.replace("{{SCRIPT}}", &format!("<script>\n{SCRIPT}</script>"))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

pub(crate) async fn script() -> Response {
    asset("text/javascript; charset=utf-8", PORTAL_SCRIPT)
}

pub(crate) async fn style() -> Response {
    asset("text/css; charset=utf-8", PORTAL_STYLE)
}

fn asset(media_type: &'static str, text: &'static str) -> Response {
    web::cacheable(KEPT_SECONDS, ([(header::CONTENT_TYPE, media_type)], text).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_downloaded_page_is_whole_and_carries_the_key() {
        let page = offline_page("registro.example+0123abcd+AQ<\"");
        assert_eq!(page.matches("registro.example+0123abcd+AQ&lt;&quot;").count(), 2);
        assert!(
            !page.contains("{{STYLE}}")
                && !page.contains("{{SCRIPT}}")
                && !page.contains("{{LOG_VKEY}}")
                && !page.contains("{{CHECKER}}")
        );
        assert!(!page.contains("<link rel=\"stylesheet\"") && !page.contains("<script src"));
        // Text that ends the element early would spill the code into the page.
        assert!(!SCRIPT.contains("</script") && !STYLE.contains("</style"));
        assert_eq!(page.matches("</script>").count(), 1);
    }
}
