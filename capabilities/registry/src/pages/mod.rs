mod data;
mod values;

use std::sync::Arc;

use axum::{Router, routing::get};

use crate::declared::Registries;

/// All pages of this room.
pub fn router(registries: Arc<Registries>) -> Router {
    Router::new().route("/profilo/dati", get(data::data)).with_state(registries)
}
