use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect},
};
use base::Language;
use database::Tx;
use web::{
    Answer, Failure, Page, Posted, SetCookie, Visit,
    components::{Card, Choice, Fact, Fault, Field},
    parked, sessions, show, show_faulty,
};

use super::identities::told;
use crate::{
    Citizen, Identity, Person,
    store::people::{self, Account},
};

#[derive(Template)]
#[template(path = "pages/profile.html")]
struct ProfilePage {
    page: Page,
    facts: Vec<Fact>,
    cards: Vec<Card>,
    faults: Vec<Fault>,
    /// Sessions of the person elsewhere.
    others: u32,
    email: Field,
    language: Field,
}

/// What the form says, right or wrong.
struct Contacts {
    email: String,
    language: Language,
}

/// `GET /profilo`: who I am, as the office sees it.
pub(crate) async fn profile(State(identity): State<Identity>, visit: Visit, Citizen(person): Citizen) -> Answer {
    let mut tx = visit.web.database().read().await?;
    let account = people::account(&mut tx, person.fiscal_code.as_str()).await?;
    let typed = parked::find(&mut tx, person.fiscal_code.as_str(), "/profilo").await?;
    let contacts = match typed {
        Some(parked) => Contacts::read(&Posted { fields: parked.fields, files: Vec::new() }, visit.language),
        None => Contacts {
            email: account.email.clone().unwrap_or_default(),
            language: account.language.unwrap_or(visit.language),
        },
    };
    let others = sessions::others(&mut tx, &visit).await?;
    show(&ProfilePage { others, ..page(&identity, &visit, &person, &account, &contacts, Vec::new()) })
}

/// `POST /profilo/altri`: ends the person's other sessions, such as one that was left open at a library's computer.
pub(crate) async fn end_others(visit: Visit, _: Citizen, _: Posted) -> Answer {
    leave_others(&visit, "/profilo").await
}

/// Ends all sessions of the visitor but this one, and says how many there were.
pub(crate) async fn leave_others(visit: &Visit, place: &str) -> Answer {
    let mut tx = visit.web.database().begin().await?;
    let ended = sessions::end_others(&mut tx, visit).await?;
    tx.commit().await?;
    let told = SetCookie::told(visit, ended > 0, ("identity.others.ended", "identity.others.were_none"));
    Ok((told, Redirect::to(place)).into_response())
}

/// `POST /profilo`: how to reach me, in which language.
pub(crate) async fn save_profile(
    State(identity): State<Identity>,
    visit: Visit,
    Citizen(person): Citizen,
    posted: Posted,
) -> Answer {
    let contacts = Contacts::read(&posted, visit.language);
    let mut tx = visit.web.database().begin().await?;
    let account = people::account(&mut tx, person.fiscal_code.as_str()).await?;
    if let Some(message) = fault(&mut tx, &visit, &person, &account, &contacts).await? {
        drop(tx);
        let fault = Fault { field: "email".to_owned(), message };
        let others = sessions::others(&mut visit.web.database().read().await?, &visit).await?;
        let page = page(&identity, &visit, &person, &account, &contacts, vec![fault]);
        return show_faulty(&ProfilePage { others, ..page });
    }
    let email = Some(contacts.email.as_str()).filter(|email| !email.is_empty());
    people::save_contacts(&mut tx, person.fiscal_code.as_str(), email, contacts.language).await?;
    tx.commit().await?;
    let location = format!("/profilo?lingua={}", contacts.language.tag());
    Ok((SetCookie::notice(&visit, "identity.profile.saved"), Redirect::to(&location)).into_response())
}

/// Why the address is not taken: it is none, or a new digital identity would lead the post elsewhere.
async fn fault(
    tx: &mut Tx,
    visit: &Visit,
    person: &Person,
    account: &Account,
    contacts: &Contacts,
) -> Result<Option<String>, Failure> {
    if !contacts.email.is_empty() && !base::is_email(&contacts.email) {
        return Ok(Some(visit.t("identity.profile.email_wrong").to_owned()));
    }
    let same = contacts.email == account.email.as_deref().unwrap_or_default();
    let freeze = if same { None } else { crate::freeze(tx, person.fiscal_code.as_str(), visit.now).await? };
    Ok(freeze.map(|freeze| told(&visit.page("identity.profile.title"), freeze)))
}

impl Contacts {
    fn read(posted: &Posted, otherwise: Language) -> Self {
        let language = Language::from_tag(posted.text("lingua")).unwrap_or(otherwise);
        Self { email: posted.text("email").to_owned(), language }
    }
}

fn page(
    identity: &Identity,
    visit: &Visit,
    person: &Person,
    account: &Account,
    contacts: &Contacts,
    faults: Vec<Fault>,
) -> ProfilePage {
    let page = visit.page("identity.profile.title").faulty(!faults.is_empty());
    let languages =
        Language::ALL.map(|one| Choice::new(one.tag(), one.own_name()).chosen(one == contacts.language)).to_vec();
    ProfilePage {
        facts: facts(identity, &page, person, account),
        cards: cards(&page),
        email: Field::text("email", page.t("identity.profile.email"))
            .hint(page.t("identity.profile.email_hint"))
            .input("email", "email")
            .value(&contacts.email)
            .optional()
            .fault_from(&faults),
        language: Field::radios("lingua", page.t("identity.profile.language"), languages),
        others: 0,
        faults,
        page,
    }
}

fn facts(identity: &Identity, page: &Page, person: &Person, account: &Account) -> Vec<Fact> {
    let provider = identity.provider_name(&person.provider, person.signed_in_at);
    let before = account.previous_login_at.as_ref();
    let before = before.map_or_else(|| page.t("identity.profile.first_time").to_owned(), |at| page.moment(at));
    let mut facts = vec![
        Fact::new(page.t("identity.profile.name"), person.name.to_string()),
        Fact::new(page.t("identity.profile.fiscal_code"), person.fiscal_code.to_string()),
    ];
    facts.extend(person.born.map(|born| Fact::new(page.t("identity.profile.born"), page.date(&born))));
    facts.push(Fact::new(
        page.t("identity.profile.identified"),
        page.t2("identity.profile.identified_value", "provider", provider, "level", person.level),
    ));
    facts.push(Fact::new(page.t("identity.profile.now"), page.moment(&person.signed_in_at)));
    facts.push(Fact::new(page.t("identity.profile.before"), before));
    facts.extend(account.first_login_at.map(|at| Fact::new(page.t("identity.profile.first"), page.moment(&at))));
    facts
}

fn cards(page: &Page) -> Vec<Card> {
    vec![
        Card::new(page.t("identity.profile.data"), page.t("identity.profile.data_text"), "/profilo/dati"),
        Card::new(page.t("identity.identities.title"), page.t("identity.identities.card"), super::IDENTITIES),
        Card::new(page.t("identity.copy.title"), page.t("identity.copy.card"), "/profilo/copia"),
        Card::new(page.t("identity.reads.title"), page.t("identity.profile.reads_text"), "/profilo/letture"),
        Card::new(page.t("identity.profile.mandates"), page.t("identity.profile.mandates_text"), "/deleghe"),
        Card::new(page.t("identity.profile.consents"), page.t("identity.profile.consents_text"), "/profilo/consensi"),
    ]
}
