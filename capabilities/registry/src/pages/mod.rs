mod correction;
mod data;
mod values;

use axum::{Router, routing::get};

/// All pages of this room.
pub fn router() -> Router {
    Router::new().route("/profilo/dati", get(data::data))
}
