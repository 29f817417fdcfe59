use base::Translated;

use super::reader::Table;
use crate::source::Site;

/// Who must sign beside the applicant before an application is filed: `[signatures]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signatures {
    /// Who: each entry finds one person, or one in each row of a group, in the answers.
    pub people: Vec<Cosigner>,
    /// How many different people at least, beside the applicant.
    pub at_least: usize,
    /// For how many days after the confirmation signatures are awaited.
    pub days: u16,
    /// After how many days, again and again, who has not signed is reminded.
    pub remind_days: u16,
    /// Which moment must be inside the window; there if and only if the service has one.
    pub in_time: Option<InTime>,
    /// The questions whose answers stand in the text that is signed: `question`, or `group.question`. Nothing else is shown.
    pub shows: Vec<String>,
    /// Why they must sign: the article.
    pub law: String,
}

/// Somebody who must sign, as the answers name them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosigner {
    /// The question that holds the fiscal code: `question`, or `group.question`.
    pub code: String,
    /// The question of the same group by whose date only adults sign; without it, everybody in the group does.
    pub adults_by: Option<String>,
    /// As what they sign: "l’altro genitore".
    pub who: Translated,
    /// What they declare by signing.
    pub statement: Translated,
}

/// Which moment must be inside the window of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InTime {
    /// The applicant's confirmation: who signs may do it afterwards.
    Confirmed,
    /// The last signature.
    Signed,
}

/// Where that stands which only the form can judge.
#[derive(Debug, Clone)]
pub(crate) struct SignatureSites {
    pub people: Vec<(Site, Option<Site>)>,
    pub shows: Vec<Site>,
}

/// Longest time for signatures, in days.
const LONGEST: i64 = 180;
/// Most people whom a service may ask for at least.
const MOST: i64 = 50;
const IN_TIME: [(&str, InTime); 2] = [("confirmed", InTime::Confirmed), ("signed", InTime::Signed)];

/// Reads `[signatures]`; whether the service has a window decides what it must say of it.
pub(super) fn read_signatures(root: &Table, window: bool) -> Option<(Signatures, SignatureSites)> {
    root.table("signatures", |table| {
        let (shows, show_sites) = table.need_texts("shows").into_iter().unzip();
        let (people, sites): (Vec<_>, Vec<_>) = table.tables("people", read_cosigner).into_iter().unzip();
        if people.is_empty() {
            let mend = "aggiungere [[signatures.people]] con code, who e statement";
            table.wrong("people", "nessuno deve firmare", mend);
        }
        let signatures = Signatures {
            people,
            at_least: table.need_number("at_least", 0..=MOST),
            days: table.need_number("days", 1..=LONGEST),
            remind_days: table.need_number("remind_days", 1..=LONGEST),
            in_time: table.choice("in_time", &IN_TIME),
            shows,
            law: table.need_text("law"),
        };
        goes_with_the_window(table, window, &signatures);
        (signatures, SignatureSites { people: sites, shows: show_sites })
    })
}

fn read_cosigner(table: &Table) -> (Cosigner, (Site, Option<Site>)) {
    let cosigner = Cosigner {
        code: table.need_text("code"),
        adults_by: table.text("adults_by"),
        who: table.need_translated("who"),
        statement: table.need_translated("statement"),
    };
    let adults = cosigner.adults_by.is_some().then(|| table.site("adults_by"));
    (cosigner, (table.site("code"), adults))
}

fn goes_with_the_window(table: &Table, window: bool, signatures: &Signatures) {
    match (window, signatures.in_time) {
        (true, None) => {
            let mend = "aggiungere in_time = \"confirmed\" (conta la conferma di chi chiede) oppure \"signed\" (l’ultima firma)";
            table.wrong("in_time", "c’è una finestra e non si dice che cosa deve arrivare in tempo", mend);
        }
        (false, Some(_)) => table.wrong("in_time", "il servizio non ha una finestra", "togliere in_time"),
        _ => {}
    }
}
