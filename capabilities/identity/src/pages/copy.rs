use askama::Template;
use axum::{extract::State, response::IntoResponse};
use base::Language;
use database::Tx;
use serde_json::{Value, json};
use web::{Answer, Failure, Page, Visit, components::Tone, show};

use crate::{
    Citizen, Identity, Person,
    identities::{Freeze, Verdict, freeze_of},
    pages::identities::told,
    store::{identities, listings, people, reads},
};

/// The file with everything.
const FILE: &str = "/profilo/copia/dati.json";
/// Readings in the file at most: more than any person's of two years.
const MOST: i64 = 100_000;

#[derive(Template)]
#[template(path = "pages/copy.html")]
struct CopyPage {
    page: Page,
    file: &'static str,
    /// Why it is not given to this login for now.
    waiting: Option<String>,
}

/// What everything about somebody is given to: an e-ID of this level.
const LEVEL: u8 = 2;

/// `GET /profilo/copia`: what there is to take along, and how.
pub(crate) async fn about(visit: Visit, Citizen(person): Citizen) -> Answer {
    let freeze = newcomer(&mut visit.web.database().read().await?, &person, &visit).await?;
    let page = visit.page("identity.copy.title").crumb(visit.t("identity.profile.title"), "/profilo");
    let waiting = freeze.map(|freeze| told(&page, freeze));
    show(&CopyPage { page, file: FILE, waiting })
}

/// Whether this login is with an identity that came lately and of which nobody has said that it is the person's: whoever
/// obtained it in somebody else's name would take everything along.
async fn newcomer(tx: &mut Tx, person: &Person, visit: &Visit) -> Result<Option<Freeze>, Failure> {
    let mut known = identities::of_person(tx, person.fiscal_code.as_str()).await?;
    let mut place = 0;
    known.retain(|one| {
        place += 1;
        place == 1 || one.is(&person.account)
    });
    Ok(freeze_of(&known, visit.now))
}

/// `GET /profilo/copia/dati.json`: everything that the house holds of the person, in one file that programs read too
/// (art. 15 and 20 GDPR).
pub(crate) async fn download(State(identity): State<Identity>, visit: Visit, Citizen(person): Citizen) -> Answer {
    if let Some(way) = person.step_up(&visit, LEVEL) {
        return Ok(way);
    }
    let mut tx = visit.web.database().read().await?;
    if newcomer(&mut tx, &person, &visit).await?.is_some() {
        return Err(Failure::Conflict("identity.copy.frozen"));
    }
    let mut copy = own(&mut tx, &visit, &person).await?;
    if let Some(holdings) = &identity.0.holdings {
        copy.extend(holdings.of(&mut tx, &visit, &person).await?);
    }
    let text = serde_json::to_vec_pretty(&Value::Object(copy)).map_err(Failure::internal)?;
    let name = format!("i-miei-dati-{}.json", base::rome_date(visit.now));
    Ok(web::download(&name, "application/json", text).into_response())
}

/// What this room holds.
async fn own(tx: &mut Tx, visit: &Visit, person: &Person) -> Result<serde_json::Map<String, Value>, Failure> {
    let (subject, language) = (person.fiscal_code.as_str(), visit.language);
    let account = people::account(tx, subject).await?;
    let identities: Vec<_> = identities::of_person(tx, subject).await?.into_iter().map(|one| {
        json!({ "gestore": one.provider, "primo_accesso": one.first_login_at.to_string(), "ultimo_accesso": one.last_login_at.map(|at| at.to_string()), "di_un_estraneo": one.verdict.map(|(said, _)| said == Verdict::Stranger) })
    }).collect();
    let seen: Vec<_> = reads::of_person(tx, subject, MOST, 0)
        .await?
        .into_iter()
        .map(|row| {
            json!({
                "quando": row.at.to_string(),
                "chi": row.reader_name,
                "ufficio": row.office.get(language),
                "perche": row.purpose.get(language),
                "che_cosa": row.what.get(language),
                "pratica": row.case.map(|case| format!("/pratiche/{case}")),
            })
        })
        .collect();
    let listed: Vec<_> = listings::of_person(tx, subject, MOST, 0).await?.into_iter().map(|row| {
        json!({ "giorno": row.day.to_string(), "chi": row.reader_name, "ufficio": row.office.get(language), "perche": row.purpose.get(language) })
    }).collect();
    let told = json!({
        "fatta_il": visit.now.to_string(),
        "persona": {
            "codice_fiscale": subject,
            "nome": person.name.given,
            "cognome": person.name.surname,
            "nato_il": person.born.map(|day| day.to_string()),
            "posta_elettronica": account.email,
            "lingua": account.language.map(Language::tag),
            "primo_accesso": account.first_login_at.map(|at| at.to_string()),
        },
        "identita_digitali": identities,
        "chi_ha_aperto_i_miei_dati": seen,
        "chi_ha_visto_il_mio_nome_in_un_elenco": listed,
    });
    match told {
        Value::Object(told) => Ok(told),
        _ => Ok(serde_json::Map::new()),
    }
}
