use axum::Router;
use catalogue::Catalogue;
use web::Web;

/// What the pages of this room share. Cheap to clone.
#[derive(Clone)]
pub struct Consents {
    /// Database, clock, chance, words.
    pub web: Web,
    /// The services, with what they ask.
    pub catalogue: Catalogue,
}

impl Consents {
    /// All pages of this room.
    pub fn router(self) -> Router {
        crate::pages::router().merge(crate::office::router()).with_state(self)
    }
}
