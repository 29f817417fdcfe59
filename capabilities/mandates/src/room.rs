use catalogue::{Catalogue, HomePanel};
use web::{Failure, Visit, Web};

use crate::{Limits, deeds};

/// What the pages of this room share. Cheap to clone.
#[derive(Clone)]
pub struct Mandates {
    /// Database, clock, chance, words.
    pub web: Web,
    /// The services.
    pub catalogue: Catalogue,
    /// How far mandates reach.
    pub limits: Limits,
}

impl Mandates {
    /// All pages of this room.
    pub fn router(self) -> axum::Router {
        crate::pages::router().merge(crate::office::router()).with_state(self)
    }

    /// What the home page tells who is logged in.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn home_panels(visit: &Visit) -> Result<Vec<HomePanel>, Failure> {
        deeds::panels(visit).await
    }
}
