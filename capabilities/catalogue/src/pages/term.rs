use deadlines::Count;
use web::Page;

use crate::{Process, law_reference};

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
pub(super) fn sentences(process: &Process, page: &Page) -> Vec<String> {
    let rules = &process.rules;
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
    let exceptions = [
        ("catalogue.term.extension", rules.extension_days, &process.extension_law),
        ("catalogue.term.opinion", rules.opinion_suspension_days, &process.opinion_law),
    ];
    for (key, days, law) in exceptions.into_iter().filter(|(_, days, _)| 0 < *days) {
        let law = law_reference(law.as_deref().unwrap_or_default(), page.language);
        told.push(page.tn1(key, days, "law", law));
    }
    let silent = page.t(silence(rules.silence));
    told.push(match &process.silence_law {
        Some(law) => format!("{silent} ({})", law_reference(law, page.language)),
        None => silent.to_owned(),
    });
    told
}

const fn silence(silence: deadlines::Silence) -> &'static str {
    match silence {
        deadlines::Silence::Late => "catalogue.term.silence_late",
        deadlines::Silence::Consent => "catalogue.term.silence_consent",
        deadlines::Silence::Refusal => "catalogue.term.silence_refusal",
    }
}
