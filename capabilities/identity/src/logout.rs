//! Single logout with the providers, both ways. Without it a computer that somebody shares would still be logged in at the
//! provider, and whoever leaves there would still be logged in here.

mod openid;

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use database::Tx;
use jiff::SignedDuration;
use web::{Answer, Door, Failure, Posted, Session, Visit, sessions};

pub(crate) use openid::leave as leave_openid;

use crate::{
    Identity,
    address::Address,
    carrier::{Carrier, Way},
    declared::Binding,
    federation::Federation,
    pages::at_provider,
    person::Kept,
    register::Entry,
    saml::{
        Incoming, LogoutAnswer, LogoutRequest, Provider, Received, Refusal,
        redirect::{self, Parameter},
    },
    store::{logins, logouts},
};

/// Longer than the time of a wish may be off, so that none is taken twice.
const WISH_HOLDS: SignedDuration = SignedDuration::from_hours(1);
const REPLAYED: &str = "replayed";

/// `GET /accesso/saml/uscita`: a message of a provider, in the address.
pub(crate) async fn receive_query(State(identity): State<Identity>, visit: Visit, address: Address) -> Answer {
    let incoming = Incoming::from_query(&visit.query);
    receive(&identity, &visit, &address, (incoming, Binding::Redirect)).await
}

/// `POST /accesso/saml/uscita`: the same, in a form.
pub(crate) async fn receive_form(
    State(identity): State<Identity>,
    visit: Visit,
    address: Address,
    posted: Posted,
) -> Answer {
    let request = posted.text(Parameter::Request.name());
    let (parameter, message) = match request {
        "" => (Parameter::Response, posted.text(Parameter::Response.name())),
        request => (Parameter::Request, request),
    };
    let incoming = Incoming::from_form(parameter, message, posted.text("RelayState"));
    receive(&identity, &visit, &address, (incoming, Binding::Post)).await
}

async fn receive(
    identity: &Identity,
    visit: &Visit,
    address: &Address,
    (incoming, binding): (Result<Incoming, Refusal>, Binding),
) -> Answer {
    let read = incoming.and_then(|incoming| {
        let (federation, provider) = identity.issuer(&incoming.issuer, visit.now).ok_or(Refusal::Issuer)?;
        let when = (visit.now, identity.0.skew);
        let received = incoming.verify(&provider.certificates, &identity.0.logout_url, when)?;
        Ok((federation, provider, received, incoming.xml))
    });
    let (federation, provider, received, xml) = match read {
        Ok(read) => read,
        Err(refusal) => return refused(visit, &refusal),
    };
    let mut tx = visit.web.database().begin().await?;
    let (direction, request_id) = match received.parameter {
        Parameter::Request => ("logout-request", &received.id),
        Parameter::Response => ("logout-response", &received.in_response_to),
    };
    let outcome = match received.parameter {
        Parameter::Request => end(&mut tx, visit, &provider, &received).await?,
        Parameter::Response if !logouts::answered(&mut tx, &received.in_response_to, &provider.id).await? => {
            return refused(visit, &Refusal::UnknownRequest);
        }
        Parameter::Response if received.success => "ended at the provider",
        Parameter::Response => "not ended at the provider",
    };
    if outcome == REPLAYED {
        return refused(visit, &Refusal::Replayed);
    }
    let entry = Entry { direction, provider: &provider.id, request_id, outcome };
    entry.write(&mut tx, identity, visit, address, &xml).await?;
    if received.parameter == Parameter::Response {
        tx.commit().await?;
        let told = if received.success { "si" } else { "no" };
        return Ok(Redirect::to(&format!("/esci/fatto?gestore={told}")).into_response());
    }
    let leaving = Leaving { identity, visit, address, federation, provider: &provider };
    let response = leaving.answer(&mut tx, &received, binding).await?;
    tx.commit().await?;
    Ok(response)
}

/// Why is for the log: whoever sent it could be anybody.
fn refused(visit: &Visit, refusal: &Refusal) -> Answer {
    tracing::warn!(%refusal, reference = visit.request_id, "a message about logout was refused");
    Err(Failure::BadRequest("identity.logout.refused"))
}

/// Ends what the provider wishes to be ended; a session that is over already is no mistake.
async fn end(tx: &mut Tx, visit: &Visit, provider: &Provider, received: &Received) -> Result<&'static str, Failure> {
    let once = format!("logout:{}:{}", provider.id, received.id);
    let remembered_until = visit.now.saturating_add(WISH_HOLDS).map_err(anyhow::Error::from)?;
    if !logins::use_assertion(tx, &once, remembered_until).await? {
        return Ok(REPLAYED);
    }
    let Some(subject) = logouts::named(tx, &provider.id, &received.name_id).await? else {
        return Ok("unknown session");
    };
    let named = |session: &Session| {
        let kept = Kept::of(session).filter(|_| session.door == Door::Citizen);
        kept.is_some_and(|kept| kept.provider == provider.id && kept.name_id == received.name_id)
    };
    Ok(if sessions::end_where(tx, &subject, named).await? > 0 { "ended" } else { "ended before" })
}

/// Somebody leaves: what messages about it need to know.
pub(crate) struct Leaving<'a> {
    pub(crate) identity: &'a Identity,
    pub(crate) visit: &'a Visit,
    pub(crate) address: &'a Address,
    pub(crate) federation: &'a Federation,
    pub(crate) provider: &'a Provider,
}

impl Leaving<'_> {
    /// "Your session is ended" to a provider that wished so, by the way that it came if there is one back.
    async fn answer(&self, tx: &mut Tx, received: &Received, binding: Binding) -> Result<Response, Failure> {
        let Some(way) = Way::to(&self.provider.logout, binding) else {
            return Ok(Redirect::to("/esci/fatto").into_response());
        };
        let destination = way.endpoint().for_answers();
        let answer = LogoutAnswer {
            id: self.fresh_id(),
            issued_at: self.visit.now,
            destination,
            issuer: &self.federation.entity_id,
            in_response_to: &received.id,
        };
        let (signer, state) = (self.federation.signer(), received.relay_state.as_deref());
        let (xml, response) = match way {
            Way::Redirect(_) => {
                let (xml, query) = answer.to_query(state, signer).map_err(Failure::internal)?;
                let location = redirect::address(destination, &query);
                (xml, (StatusCode::FOUND, [(header::LOCATION, location)]).into_response())
            }
            Way::Post(_) => {
                let xml = answer.to_signed_xml(signer).map_err(Failure::internal)?;
                let carrier = self.carrier(destination, Parameter::Response, &xml, received.relay_state.clone());
                (xml, carrier.response()?)
            }
        };
        self.note(tx, "logout-response", &received.id, &xml).await?;
        Ok(response)
    }

    /// "End this person's session" on a page that leads on by itself where messages travel in addresses, and by its button
    /// where they travel in forms. `None` if the provider opened no session or takes no such wish.
    pub(crate) async fn ask(&self, tx: &mut Tx, kept: &Kept) -> Result<Option<Response>, Failure> {
        let way = Way::to(&self.provider.logout, self.federation.binding);
        let (Some(way), Some(session_index)) = (way, kept.session_index.as_deref()) else { return Ok(None) };
        let destination = way.endpoint().location.as_str();
        let wish = LogoutRequest {
            id: self.fresh_id(),
            issued_at: self.visit.now,
            destination,
            issuer: &self.federation.entity_id,
            name_id: &kept.name_id,
            name_qualifier: kept.name_qualifier.as_deref().unwrap_or(&self.provider.entity_id),
            session_index,
        };
        let signer = self.federation.signer();
        let (xml, response) = match way {
            Way::Redirect(_) => {
                let (xml, query) = wish.to_query(signer).map_err(Failure::internal)?;
                (xml, at_provider(self.visit, &self.provider.name, &redirect::address(destination, &query))?)
            }
            Way::Post(_) => {
                let xml = wish.to_signed_xml(signer).map_err(Failure::internal)?;
                let carrier = self.carrier(destination, Parameter::Request, &xml, None);
                (xml, carrier.response()?)
            }
        };
        logouts::ask(tx, &wish.id, &self.provider.id, self.visit.now).await?;
        self.note(tx, "logout-request", &wish.id, &xml).await?;
        Ok(Some(response))
    }

    fn carrier(&self, location: &str, parameter: Parameter, xml: &str, relay_state: Option<String>) -> Carrier {
        Carrier {
            page: self.visit.page("identity.logout.done_title"),
            text: self.visit.t1("identity.logout.at_provider", "provider", &self.provider.name),
            location: location.to_owned(),
            parameter: parameter.name(),
            message: STANDARD.encode(xml),
            relay_state,
        }
    }

    fn fresh_id(&self) -> String {
        format!("_{}", hex::encode(self.visit.web.chance().bytes::<20>()))
    }

    async fn note(
        &self,
        tx: &mut Tx,
        direction: &'static str,
        request_id: &str,
        message: &str,
    ) -> database::Result<()> {
        let entry = Entry { direction, provider: &self.provider.id, request_id, outcome: "sent" };
        entry.write(tx, self.identity, self.visit, self.address, message).await
    }
}
