//! How a message of ours reaches a provider: in an address, or in a form with a button that everybody can press.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use web::{Failure, Page, leading_out};

use crate::{
    declared::Binding,
    saml::{Endpoint, Endpoints},
};

/// The way that a message takes.
pub(crate) enum Way<'a> {
    /// In the query of an address.
    Redirect(&'a Endpoint),
    /// In a form.
    Post(&'a Endpoint),
}

impl<'a> Way<'a> {
    /// The preferred way if the provider takes it, else the other.
    pub(crate) fn to(endpoints: &'a Endpoints, preferred: Binding) -> Option<Self> {
        let redirect = || endpoints.redirect.as_ref().map(Self::Redirect);
        let post = || endpoints.post.as_ref().map(Self::Post);
        match preferred {
            Binding::Redirect => redirect().or_else(post),
            Binding::Post => post().or_else(redirect),
        }
    }

    pub(crate) fn endpoint(&self) -> &'a Endpoint {
        match self {
            Self::Redirect(endpoint) | Self::Post(endpoint) => endpoint,
        }
    }
}

/// A page with one button, which carries a message to a provider.
#[derive(Template)]
#[template(path = "carrier.html")]
pub(crate) struct Carrier {
    pub(crate) page: Page,
    pub(crate) text: String,
    /// The provider's address.
    pub(crate) location: String,
    /// `SAMLRequest` or `SAMLResponse`.
    pub(crate) parameter: &'static str,
    /// The message in base64.
    pub(crate) message: String,
    pub(crate) relay_state: Option<String>,
}

impl Carrier {
    pub(crate) fn response(&self) -> Result<Response, Failure> {
        Ok(leading_out(Html(self.render()?).into_response()))
    }
}
