//! The applicant calls whoever holds the substitute power (art. 2 c. 9-ter L. 241/1990): one button, once the term is over.

use axum::{
    extract::Path,
    response::{IntoResponse, Redirect},
};
use web::{Answer, Posted};

use super::{Counter, done, moved};
use crate::{
    decide::Deed,
    perform::{Attempt, attempt},
};

/// Who logs in again after a session expired on the button comes back by GET: to the case.
pub async fn back(Path(id): Path<String>) -> Answer {
    Ok(Redirect::to(&format!("/pratiche/{id}")).into_response())
}

/// Calls the substitute.
pub async fn call(counter: Counter, Path(id): Path<String>, _: Posted) -> Answer {
    match attempt(&counter, &id, &Deed::CallSubstitute).await? {
        Attempt::Done(_) | Attempt::Again(_) => done(&counter.visit, &id, "cases.case.substitute_called"),
        Attempt::NotNow(case, why) => moved::case(&counter.visit, &case, why, Vec::new()),
    }
}
