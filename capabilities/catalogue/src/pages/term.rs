use deadlines::Count;
use web::Page;

use crate::law_reference;

/// The term of a service in words: "30 giorni", "20 giorni lavorativi".
#[must_use]
pub fn term(rules: &deadlines::Rules, page: &Page) -> String {
    let key = match rules.count {
        Count::Calendar => "catalogue.term.calendar",
        Count::WorkingFiveDays | Count::WorkingSixDays => "catalogue.term.working",
    };
    page.tn(key, rules.days)
}

/// What the clock of a service means to a person, sentence by sentence.
pub(super) fn sentences(rules: &deadlines::Rules, page: &Page) -> Vec<String> {
    let mut told = vec![page.t2(
        "catalogue.term.answer",
        "term",
        term(rules, page),
        "law",
        law_reference(&rules.law, page.language),
    )];
    if 0 < rules.max_suspension_days {
        told.push(page.tn("catalogue.term.suspension", rules.max_suspension_days));
    }
    let notice = if rules.notice_before_refusal { "catalogue.term.notice" } else { "catalogue.term.no_notice" };
    told.push(page.t1(notice, "days", rules.observation_days));
    told.push(page.t(silence(rules.silence)).to_owned());
    told
}

const fn silence(silence: deadlines::Silence) -> &'static str {
    match silence {
        deadlines::Silence::Late => "catalogue.term.silence_late",
        deadlines::Silence::Consent => "catalogue.term.silence_consent",
        deadlines::Silence::Refusal => "catalogue.term.silence_refusal",
    }
}
