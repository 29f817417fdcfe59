use async_trait::async_trait;
use web::{Failure, Holds, Visit};

use super::{Claim, Found};

/// Tells the frame, for each request about somebody else, whether its visitor may still act for them.
#[derive(Debug)]
pub struct Authorities;

#[async_trait]
impl web::Authorities for Authorities {
    async fn hold(&self, visit: &Visit) -> Result<Holds, Failure> {
        let Some(claim) = Claim::of(visit) else { return Ok(Holds::Yes) }; // who is not logged in is told so elsewhere
        let mut tx = visit.web.database().read().await?;
        Ok(match claim.find(&mut tx, visit.now).await? {
            Found::Stands(_) => Holds::Yes,
            Found::Over => Holds::No,
            Found::Silent => Holds::Unknown,
        })
    }
}
