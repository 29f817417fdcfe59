use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect},
};
use web::{
    Answer, Page, Posted, SetCookie, Visit,
    components::{Fact, Tone},
    show,
};

use crate::{
    Citizen, Identity, Person,
    identities::{self, DigitalIdentity, Freeze, SaidBy, Verdict, freeze_of},
    store::identities as store,
};

/// Where the person sees with which identities somebody came in that name.
pub(crate) const PLACE: &str = "/profilo/identita";

#[derive(Template)]
#[template(path = "pages/identities.html")]
struct IdentitiesPage {
    page: Page,
    /// Why accounts and addresses wait, if they do.
    waiting: Option<String>,
    shown: Vec<Shown>,
    /// Where the login was to lead.
    back: String,
}

struct Shown {
    name: String,
    facts: Vec<Fact>,
    /// Whether the person may say from here whose it is.
    asked: bool,
    place: usize,
}

/// `GET /profilo/identita`: the digital identities with which somebody came as me.
pub(crate) async fn list(State(identity): State<Identity>, visit: Visit, Citizen(person): Citizen) -> Answer {
    let known = store::of_person(&mut visit.web.database().read().await?, person.fiscal_code.as_str()).await?;
    let page = visit.page("identity.identities.title").crumb(visit.t("identity.profile.title"), "/profilo");
    let waiting = freeze_of(&known, visit.now).map(|freeze| told(&page, freeze));
    let shown = known.iter().enumerate().map(|(place, one)| shown(&identity, &page, &person, &known, (place, one)));
    let shown = shown.collect();
    let back = visit.query("ritorno").map(|_| visit.return_path("/profilo")).unwrap_or_default();
    show(&IdentitiesPage { waiting, shown, back, page })
}

/// `POST /profilo/identita`: it is mine, or a stranger's.
pub(crate) async fn answer(visit: Visit, Citizen(person): Citizen, posted: Posted) -> Answer {
    let back = Visit::local_path(posted.text("ritorno")).map_or(PLACE.to_owned(), str::to_owned);
    let mut tx = visit.web.database().begin().await?;
    let known = store::of_person(&mut tx, person.fiscal_code.as_str()).await?;
    let asked = posted.text("identita").parse::<usize>().ok().filter(|place| may_say(&person, &known, *place));
    let said = asked.and_then(|place| known.get(place)).zip(Verdict::stored(posted.text("risposta")));
    let Some((one, verdict)) = said else {
        return Ok(Redirect::to(PLACE).into_response());
    };
    identities::say(&mut tx, person.fiscal_code.as_str(), one, (verdict, SaidBy::Person), visit.now).await?;
    tx.commit().await?;
    Ok(match verdict {
        Verdict::Own => {
            (SetCookie::notice(&visit, "identity.identities.said_own"), Redirect::to(&back)).into_response()
        }
        Verdict::Stranger => {
            (SetCookie::warning(&visit, "identity.identities.said_stranger"), Redirect::to(PLACE)).into_response()
        }
    })
}

/// Whether there is a newer identity of which nothing was said, and this login may say it.
pub(crate) fn asks(account: &str, known: &[DigitalIdentity]) -> bool {
    let own = known.iter().position(|one| one.is(account));
    own.is_some_and(|own| known.iter().skip(own + 1).any(|one| one.verdict.is_none()))
}

/// Of newer identities than the one in use the person says whose they are; of older ones nobody does from a newer one. What the
/// office has said stays; and that it is a stranger's only the office takes back, which sees a document: whoever stole a
/// session would.
fn may_say(person: &Person, known: &[DigitalIdentity], place: usize) -> bool {
    let own = known.iter().position(|one| one.is(&person.account));
    let open = known.get(place).is_some_and(|one| matches!(one.verdict, None | Some((Verdict::Own, SaidBy::Person))));
    own.is_some_and(|own| own < place) && open
}

fn shown(
    identity: &Identity,
    page: &Page,
    person: &Person,
    known: &[DigitalIdentity],
    (place, one): (usize, &DigitalIdentity),
) -> Shown {
    let name = identity.provider_name(&one.provider, person.signed_in_at);
    let standing = match one.verdict {
        _ if one.is(&person.account) => "identity.identities.in_use",
        Some((Verdict::Own, _)) => "identity.identities.is_own",
        Some((Verdict::Stranger, _)) => "identity.identities.is_stranger",
        None => "identity.identities.unsaid",
    };
    let mut facts = vec![Fact::new(page.t("identity.identities.first"), page.moment(&one.first_login_at))];
    facts.extend(one.last_login_at.map(|at| Fact::new(page.t("identity.identities.last"), page.moment(&at))));
    facts.push(Fact::new(page.t("identity.identities.standing"), page.t(standing)));
    Shown { name, facts, asked: may_say(person, known, place), place }
}

/// Why accounts and addresses wait, in words.
pub(crate) fn told(page: &Page, freeze: Freeze) -> String {
    match freeze {
        Freeze::Until(end) => page.t1("identity.identities.waiting", "when", page.moment(&end)),
        Freeze::UntilChecked => page.t("identity.identities.waiting_check").to_owned(),
    }
}
