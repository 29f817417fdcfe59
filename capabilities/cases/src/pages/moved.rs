//! What was sent can no longer be taken in: the page says what happened and gives the text back.

use askama::Template;
use axum::{http::StatusCode, response::IntoResponse};
use forms::Form;
use web::{Answer, Page, Posted, Visit};

use crate::{
    case::{Case, State},
    decide::NotNow,
    typed::TypedText,
};

/// Something happened meanwhile.
#[derive(Template)]
#[template(path = "pages/moved.html")]
struct MovedPage {
    page: Page,
    text: String,
    kept: Vec<TypedText>,
    files: Vec<String>,
    onward: (String, String),
}

/// What was typed and cannot be sent, and where to go on.
pub struct Moved<'a> {
    /// What happened, in a sentence.
    pub text: String,
    /// What was typed.
    pub kept: Vec<TypedText>,
    /// Files that were chosen.
    pub files: Vec<String>,
    /// Words and address of the way on.
    pub onward: (&'a str, String),
}

impl Moved<'_> {
    /// The page: status 409, because nothing was written.
    ///
    /// # Errors
    /// When the page cannot be drawn.
    pub fn show(self, visit: &Visit) -> Answer {
        let page = visit.page("cases.moved.title").crumb(visit.t("cases.list.title"), "/pratiche");
        let kept = TypedText::not_blank(self.kept);
        let onward = (page.t(self.onward.0).to_owned(), self.onward.1);
        let shown = MovedPage { text: self.text, kept, files: self.files, onward, page };
        Ok((StatusCode::CONFLICT, web::show(&shown)?).into_response())
    }
}

/// A deed on a case that can no longer be done.
///
/// # Errors
/// When the page cannot be drawn.
pub fn case(visit: &Visit, case: &Case, why: NotNow, kept: Vec<TypedText>) -> Answer {
    let day = case.closed_on.map(|day| base::long_date(day, visit.language)).unwrap_or_default();
    let text = match case.state {
        State::Granted => visit.t1("cases.moved.granted", "day", day),
        State::Refused => visit.t1("cases.moved.refused", "day", day),
        State::GrantedBySilence => visit.t1("cases.moved.granted_by_silence", "day", day),
        State::RefusedBySilence => visit.t1("cases.moved.refused_by_silence", "day", day),
        State::Withdrawn => visit.t1("cases.moved.withdrawn", "day", day),
        _ => visit.t(why.key()).to_owned(),
    };
    let onward = ("cases.moved.case", format!("/pratiche/{}", case.id));
    Moved { text, kept, files: Vec::new(), onward }.show(visit)
}

/// What a page of a form had sent, question by question.
#[must_use]
pub fn typed(form: Option<&Form>, visit: &Visit, posted: &Posted) -> Vec<TypedText> {
    let texts = posted.fields.iter().filter(|(name, _)| !name.starts_with("sp."));
    let kept = texts.filter_map(|(name, text)| {
        let path: forms::Path = name.parse().ok()?;
        let question = form.and_then(|form| form.question(&path)).map(|(_, question)| question);
        Some(TypedText::new(question.map_or(name.as_str(), |question| question.label.get(visit.language)), text))
    });
    kept.collect()
}
