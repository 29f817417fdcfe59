//! What is served: the log for programs, receipts for applicants, the check for everybody.

mod check;
mod place;
mod receipt;
mod registry;

use axum::{Router, routing::get};

use crate::Notary;

pub(crate) fn router() -> Router<Notary> {
    Router::new()
        .route("/registro/checkpoint", get(registry::checkpoint))
        .route("/registro/tile/{*path}", get(registry::tile))
        .route("/registro/chiave", get(registry::key))
        .route("/pratiche/{case}/prova/{seq}", get(receipt::download))
        .route("/verifica", get(check::show))
        .route("/verifica/pagina", get(check::download))
        .route("/verifica/controllo.js", get(check::script))
        .route("/verifica/controllo.css", get(check::style))
        .route("/verifica/documento/{document}", get(place::document))
        .route("/verifica/{position}/{digest}", get(place::act))
}
