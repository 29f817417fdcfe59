//! How cases look, for citizens and officers alike.

use acts::Act;
use base::{Date, Language, rome_date};
use catalogue::{Catalogue, Service};
use web::{
    Page,
    components::{Fact, StepState, TimelineItem, Tone},
    words::fill,
};

use crate::{
    case::{Case, State},
    payload::{Granted, LetterIssued, RefusalReasons, Words, kind},
    store::CaseRow,
};

/// With this in the query a page is loaded again by itself: only for who asks for it (WCAG 2.2, 2.2.1 and 3.2.5).
pub const BY_ITSELF: &str = "da-sola";

/// The colour of a state's badge.
#[must_use]
pub const fn tone(state: State) -> Tone {
    match state {
        State::Received => Tone::Neutral,
        State::InProgress => Tone::Info,
        State::AwaitingApplicant | State::RefusalProposed => Tone::Warning,
        State::Granted | State::GrantedBySilence => Tone::Success,
        State::Refused | State::RefusedBySilence => Tone::Danger,
        State::Withdrawn => Tone::Neutral,
    }
}

/// The applicant of a case in a list: of one that was destroyed nobody is named.
#[must_use]
pub fn applicant<'t>(page: &'t Page, row: &'t CaseRow) -> &'t str {
    if row.applicant_name.is_empty() { page.t("cases.gone.name") } else { &row.applicant_name }
}

/// The key of a state's words.
#[must_use]
pub fn state_key(state: State) -> String {
    format!("cases.state.{}", state.key())
}

/// The key of the words for a kind of act.
#[must_use]
pub fn act_key(kind: &str) -> String {
    format!("cases.act.{}", kind.replace('-', "_"))
}

/// `914.30` as `914,30 €`; a text that is no amount is shown as it is.
#[must_use]
pub fn euro(amount: &str, language: Language) -> String {
    amount.parse().map_or_else(|_| amount.to_owned(), |amount| rules::shown_money(amount, language))
}

/// Who looks at a timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// The applicant: notes of the office are left out.
    Applicant,
    /// Who acts for the applicant and may not read the letters.
    WithoutLetters,
    /// An officer.
    Officer,
}

/// What happened to a case, with links to letters and proofs, and the end of the term as what comes next.
#[must_use]
pub fn timeline(page: &Page, case: &Case, named: Named<'_>, due: Option<Date>, reader: Reader) -> Vec<TimelineItem> {
    let told = |act: &&Act| reader == Reader::Officer || case.is_for_applicant(act);
    let mut items: Vec<_> = case.acts.iter().filter(told).map(|act| item(page, (case, named), act, reader)).collect();
    items.extend(
        due.filter(|_| !case.state.is_closed())
            .map(|due| TimelineItem::done(page.t("cases.timeline.due"), page.date(&due)).state(StepState::Ahead)),
    );
    items
}

/// What acts name: the service in its version, and offices.
type Named<'a> = (&'a Service, &'a Catalogue);

fn item(page: &Page, (case, (service, catalogue)): (&Case, Named<'_>), act: &Act, reader: Reader) -> TimelineItem {
    let title = page.t(&act_key(&act.kind)).to_owned();
    let at = page.moment(&act.at);
    let folder = if reader == Reader::Officer { "/ufficio/pratiche" } else { "/pratiche" };
    if act.kind == kind::LETTER_ISSUED
        && let Some(letter) = act.payload::<LetterIssued>()
    {
        let href = format!("{folder}/{}/comunicazioni/{}", case.id, act.seq);
        let title = page.t1(
            "cases.timeline.letter",
            "title",
            service.letter_title(&letter.letter, page.language).unwrap_or(&letter.title),
        );
        if reader == Reader::WithoutLetters {
            return TimelineItem::done(title, at);
        }
        return TimelineItem::done(title, at).link(page.t("cases.timeline.read_letter"), href);
    }
    let told = [detail((page, catalogue), act, reader), on_behalf(page, act).unwrap_or_default()];
    let item = TimelineItem::done(title, at)
        .text(told.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" — "));
    let proof = format!("/pratiche/{}/prova/{}", case.id, act.seq);
    let given = reader != Reader::Officer && case.is_open_to_applicant(act);
    if given { item.link(page.t("cases.timeline.proof"), proof) } else { item }
}

fn detail((page, catalogue): (&Page, &Catalogue), act: &Act, reader: Reader) -> String {
    let who = act.body.as_ref().map_or("", |body| body.actor.name.as_str());
    let signed = |text: String| if reader == Reader::Officer { format!("{text} — {who}") } else { text };
    match act.kind.as_str() {
        kind::TAKEN => page.t1("cases.timeline.by", "name", who),
        kind::ASSIGNED => {
            let new = page.t1("cases.timeline.by", "name", act.text("officer_name"));
            let reason = Some(act.text("reason")).filter(|reason| reader == Reader::Officer && !reason.is_empty());
            signed(reason.map_or(new.clone(), |reason| format!("{new}: {reason}")))
        }
        kind::PASSED_ON => signed(passed_on(page, catalogue, act)),
        kind::SUBSTITUTE_TOOK_OVER => page.t1("cases.timeline.by", "name", act.text("officer_name")),
        kind::EXTENDED => act.text("reason").to_owned(),
        kind::OPINION_REQUESTED => format!("{}: {}", act.text("expert"), act.text("question")),
        kind::OPINION_GIVEN => format!("{}: {}", act.text("expert"), act.text("text")),
        kind::OPINION_REMINDED => act.text("expert").to_owned(),
        kind::SILENCE_CONSENT | kind::SILENCE_REFUSAL => page.t1("cases.timeline.by_law", "law", act.text("law")),
        kind::INTEGRATION_REQUESTED => signed(act.text("message").to_owned()),
        kind::NOTE_ADDED | kind::OBSERVATIONS_FILED | kind::FILING_CONTESTED | kind::WITHDRAWN => {
            signed(act.payload::<Words>().map(|words| words.text).unwrap_or_default())
        }
        kind::REFUSED | kind::REFUSAL_PROPOSED => {
            act.payload::<RefusalReasons>().map(|refusal| refusal.reasons).unwrap_or_default()
        }
        kind::GRANTED => {
            let amount = act.field("amount").as_str().map(|amount| euro(amount, page.language));
            let together = act.payload::<Granted>().and_then(|granted| granted.together);
            let together = together.map(|_| page.t("cases.timeline.together").to_owned());
            amount.into_iter().chain(together).collect::<Vec<_>>().join(", ")
        }
        _ => String::new(),
    }
}

/// By whom and by which authority an act was done for somebody else; nothing where it was one's own.
#[must_use]
pub fn on_behalf(page: &Page, act: &Act) -> Option<String> {
    let actor = &act.body.as_ref()?.actor;
    let authority = actor.authority.as_ref()?;
    let values = [
        ("name", actor.name.clone()),
        ("principal", authority.principal.clone()),
        ("number", authority.number.clone()),
        ("office", authority.office.clone().unwrap_or_default()),
        ("read", authority.read_at.map(|at| page.date(&rome_date(at))).unwrap_or_default()),
    ];
    Some(fill(page.t(&format!("cases.on_behalf.{}", authority.kind)), &values))
}

/// Who filed the application, where somebody did it for the applicant.
#[must_use]
pub fn filed_by(page: &Page, case: &Case) -> Option<Fact> {
    let told = on_behalf(page, case.acts.first()?)?;
    Some(Fact::new(page.t("cases.fact.filed_by"), told))
}

/// From which office to which one, and why.
fn passed_on(page: &Page, catalogue: &Catalogue, act: &Act) -> String {
    let name = |id, kept| catalogue.office_name(act.text(id), act.text(kept)).get(page.language).to_owned();
    let values =
        [("from", name("from", "from_name")), ("to", name("to", "to_name")), ("reason", act.text("reason").to_owned())];
    fill(page.t("cases.timeline.passed_on"), &values)
}

/// The files of a case with their addresses, below the list of cases of whoever looks.
pub fn attachments(list: &str, case: &Case) -> Vec<(String, String)> {
    let href = |upload: &str| format!("{list}/{}/allegati/{upload}", case.id);
    case.attachments.iter().map(|file| (file.file_name.clone(), href(&file.upload))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_shown_as_italians_write_them() {
        assert_eq!(euro("1044.45", Language::Italian), "1.044,45\u{a0}€");
        assert_eq!(euro("914.3", Language::German), "914,30\u{a0}€");
        assert_eq!(euro("poco", Language::Italian), "poco");
    }
}
