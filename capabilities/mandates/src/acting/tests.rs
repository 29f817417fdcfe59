//! What the transaction finds, whatever the frame asked before.

use acts::Door;
use base::SeededChance;
use catalogue::{Intermediary, IntermediaryKind};
use database::testing::TestDatabase;
use population::{Company, CompanyForm, CompanyOffice, CompanyRole, Signature};
use registry::COMPANY_REGISTRY;

use super::*;
use crate::{Delegate, Limits, Proposal, accept, propose};

const DIRECTOR: &str = "DMSMRA80A41H501R";
const OPERATOR: &str = "DMSLCU80A01H501D";

fn now() -> Timestamp {
    "2026-11-21T10:00:00Z".parse().unwrap()
}

fn actor(who: &str) -> Actor {
    let (subject, name) = (who.to_owned(), "Maria Dimostrativa".to_owned());
    Actor { subject, name, door: Door::Citizen, level: 2, on_behalf_of: None, authority: None }
}

async fn house() -> (TestDatabase, database::Database) {
    let data = TestDatabase::migrated(&[acts::MIGRATIONS, registry::MIGRATIONS, crate::MIGRATIONS].concat()).await;
    let database = data.open().await;
    (data, database)
}

fn company() -> (Company, CompanyOffice) {
    let code = VatNumber::with_check_digit(690);
    let company = Company {
        fiscal_code: code.clone(),
        vat_number: code.clone(),
        name: "Alfa Prova S.r.l.".to_owned(),
        form: CompanyForm::Srl,
        seat: "Via delle Imprese 1".to_owned(),
        certified_email: "alfa@pec.example".to_owned(),
        activity: "Prove".to_owned(),
        employees: 3,
        register_number: "RM-1".to_owned(),
        since: rome_date(now()),
        ceased_on: None,
    };
    let office = CompanyOffice {
        id: "alfa-maria".to_owned(),
        company: code,
        holder: DIRECTOR.parse().unwrap(),
        holder_name: "Maria Dimostrativa".to_owned(),
        role: CompanyRole::Amministratore,
        signature: Signature::Disgiunta,
        from: rome_date(now()),
        until: None,
    };
    (company, office)
}

#[tokio::test]
async fn an_office_in_a_company_is_asked_anew_in_each_transaction() {
    let (_data, database) = house().await;
    let mut tx = database.begin().await.unwrap();
    let today = rome_date(now());
    let claim = |who: &str| Claim { actor: actor(who), under: Under::read("impresa:alfa-maria") };
    let (alfa, office) = company();
    let yesterday = today.yesterday().unwrap();
    let changed: [(&str, Company, CompanyOffice, bool); 5] = [
        ("holds", alfa.clone(), office.clone(), true),
        ("ended", alfa.clone(), CompanyOffice { until: Some(yesterday), ..office.clone() }, false),
        ("joint", alfa.clone(), CompanyOffice { signature: Signature::Congiunta, ..office.clone() }, false),
        ("not begun", alfa.clone(), CompanyOffice { from: today.tomorrow().unwrap(), ..office.clone() }, false),
        ("ceased", Company { ceased_on: Some(today), ..alfa.clone() }, office.clone(), false),
    ];
    for (what, company, office, holds) in changed {
        registry::record_company(&mut tx, &company, &[office], today).await.unwrap();
        let found = claim(DIRECTOR).stand(&mut tx, now()).await.unwrap();
        assert_eq!(found.is_some(), holds, "{what}");
        assert!(claim(OPERATOR).stand(&mut tx, now()).await.unwrap().is_none(), "{what}: somebody else's office");
    }
    registry::record_company(&mut tx, &alfa, &[office], today).await.unwrap();
    registry::fall_silent(&mut tx, COMPANY_REGISTRY, now()).await.unwrap();
    assert!(claim(DIRECTOR).stand(&mut tx, now()).await.unwrap().is_none(), "silence is no yes");
    registry::answer_again(&mut tx, COMPANY_REGISTRY).await.unwrap();
    let acting = claim(DIRECTOR).check(&mut tx, ("qualcosa", Verb::Withdraw), now()).await.unwrap().unwrap();
    assert_eq!(acting.principal().kind(), Applicant::Company);
    assert_eq!(acting.actor().on_behalf_of.as_deref(), Some(alfa.fiscal_code.as_str()));
}

#[tokio::test]
async fn an_offices_mandate_holds_for_who_works_there_at_that_moment() {
    let (_data, database) = house().await;
    let mut tx = database.begin().await.unwrap();
    let list = |operators: &[&str]| {
        let operators = operators.iter().map(|code| (code.parse().unwrap(), "Operatore".to_owned())).collect();
        let (name, seat) = ("CAF delle Prove".to_owned(), "Milano".to_owned());
        vec![Intermediary { id: "caf".to_owned(), kind: IntermediaryKind::Caf, name, seat, operators }]
    };
    crate::enrol(&mut tx, &list(&[OPERATOR])).await.unwrap();
    let (chance, id) = (SeededChance::new(7), Uuid::from_u128(1));
    let proposal = Proposal {
        delegate: Delegate::Office("caf".to_owned(), "CAF delle Prove".to_owned()),
        services: Services::only(["uno".to_owned()]),
        service_names: Vec::new(),
        verbs: [Verb::See].into_iter().collect(),
        until: rome_date(now()),
    };
    let act = propose(proposal, (id, "1/2026".to_owned()), &actor(DIRECTOR), Limits::default(), now()).unwrap();
    let mandate = store::write(&mut tx, &chance, None, (now(), act)).await.unwrap();
    let claim = |text: &str| Claim { actor: actor(OPERATOR), under: Under::read(text) };
    assert_eq!(under(&mandate), format!("ufficio:{id}"));
    assert!(claim(&under(&mandate)).stand(&mut tx, now()).await.unwrap().is_none(), "nobody accepted it");
    assert_eq!(
        accept(&mandate, &actor(OPERATOR), now()),
        Err(crate::NotNow::NotYours),
        "the office accepts, not a person"
    );
    let act = accept(&mandate, &actor("ufficio:caf"), now()).unwrap();
    store::write(&mut tx, &chance, Some(&mandate), (now(), act)).await.unwrap();
    let found = claim(&under(&mandate)).stand(&mut tx, now()).await.unwrap().unwrap();
    assert!(found.may("uno", Verb::See).is_some() && found.may("uno", Verb::Submit).is_none());
    assert!(found.may("due", Verb::See).is_none());
    assert_eq!(found.actor().authority.as_ref().unwrap().office.as_deref(), Some("CAF delle Prove"));
    // By the way of mandates of one's own it is nobody's.
    assert!(claim(&format!("delega:{id}")).stand(&mut tx, now()).await.unwrap().is_none());
    for others in [&[DIRECTOR][..], &[]] {
        assert!(crate::enrol(&mut tx, &list(others)).await.unwrap());
        assert!(claim(&under(&mandate)).stand(&mut tx, now()).await.unwrap().is_none(), "{others:?}");
    }
    crate::enrol(&mut tx, &[]).await.unwrap();
    assert!(claim(&under(&mandate)).stand(&mut tx, now()).await.unwrap().is_none(), "the office left the list");
}
