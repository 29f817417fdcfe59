use std::fmt::Display;

use askama::{Template, filters::HtmlSafe};
use axum::{
    http::StatusCode,
    response::{Html, IntoResponse},
};
use base::{Date, Language, Timestamp};

use crate::{
    ActingFor, Answer, Door, MenuItem, Mode, Settings, Visit, Web, acting, assets,
    components::{Shown, Tone},
    cookies::WARNING,
    words,
};

/// Everything that the frame of a page shows. A page is an askama struct with a field `page: Page` whose template
/// begins with `{% extends "base.html" %}` (or `"office.html"`).
#[derive(Clone)]
pub struct Page {
    /// Heading of the browser's tab; the page shows its own `<h1>`, usually [`Page::title`].
    pub title: String,
    /// The language of the page.
    pub language: Language,
    /// Who is logged in, as the header shows it.
    pub user: Option<PageUser>,
    /// The way back, without the home page and without the page itself.
    pub crumbs: Vec<Crumb>,
    /// A message about what was just done.
    pub notice: Option<Notice>,
    /// One sentence for search engines and previews; only public pages have one.
    pub description: Option<String>,
    faulty: bool,
    read_only: bool,
    acting: Option<(ActingFor, acting::Holds, bool)>,
    opener: acting::Opener,
    path: String,
    query: String,
    web: Web,
}

/// Who is logged in.
#[derive(Debug, Clone)]
pub struct PageUser {
    /// First and last name.
    pub name: String,
    /// Where the person came in.
    pub door: Door,
}

/// A step of the way back.
#[derive(Debug, Clone)]
pub struct Crumb {
    /// What is read.
    pub label: String,
    /// Where it leads.
    pub href: String,
}

/// A message at the top of a page.
#[derive(Debug, Clone)]
pub struct Notice {
    /// Colour and icon.
    pub tone: Tone,
    /// The sentence.
    pub text: String,
}

/// The page as a response.
///
/// # Errors
/// [`crate::Failure::Internal`] when the template cannot be rendered.
pub fn show(template: &impl Template) -> Answer {
    Ok(Html(template.render()?).into_response())
}

/// The page of a form again, with what is wrong in it: status 422.
///
/// # Errors
/// See [`show`].
pub fn show_faulty(template: &impl Template) -> Answer {
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(template.render()?)).into_response())
}

impl Page {
    pub(crate) fn new(visit: &Visit, title: String) -> Self {
        let inside = visit.session.as_ref().filter(|session| session.door != Door::Threshold);
        let user = inside.map(|session| PageUser { name: session.name.clone(), door: session.door });
        let words = visit.web.words();
        let notice = visit.notice.as_deref().and_then(|told| {
            let warning = told.strip_prefix(WARNING);
            let tone = if warning.is_some() { Tone::Warning } else { Tone::Success };
            Some(Notice { tone, text: words.get(visit.language, warning.unwrap_or(told))?.to_owned() })
        });
        Self {
            title,
            language: visit.language,
            user,
            crumbs: Vec::new(),
            notice,
            description: None,
            faulty: false,
            read_only: visit.read_only,
            acting: acting::shown(visit),
            opener: acting::opener(visit),
            path: visit.path.clone(),
            query: visit.query.clone(),
            web: visit.web.clone(),
        }
    }

    /// Adds a step to the way back; the label is shown as it is.
    #[must_use]
    pub fn crumb(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.crumbs.push(Crumb { label: label.into(), href: href.into() });
        self
    }

    /// Says something at the top of the page.
    #[must_use]
    pub fn with_notice(mut self, tone: Tone, text: impl Into<String>) -> Self {
        self.notice = Some(Notice { tone, text: text.into() });
        self
    }

    /// One sentence about a public page.
    #[must_use]
    pub fn described(mut self, text: impl Into<String>) -> Self {
        self.description = Some(text.into());
        self
    }

    /// Marks that a form on the page was not accepted: the tab's title begins with "Error" (WCAG 2.2, 3.3.1).
    #[must_use]
    pub fn faulty(mut self, faulty: bool) -> Self {
        self.faulty = faulty;
        self
    }

    /// The words of `key`.
    #[must_use]
    pub fn t<'a>(&'a self, key: &'a str) -> &'a str {
        self.web.words().t(self.language, key)
    }

    /// The words of `key` with one value.
    #[must_use]
    pub fn t1(&self, key: &str, name: &str, value: impl Display) -> String {
        words::fill(self.t(key), &[(name, value.to_string())])
    }

    /// The words of `key` with two values.
    #[must_use]
    pub fn t2(&self, key: &str, name: &str, value: impl Display, second: &str, other: impl Display) -> String {
        words::fill(self.t(key), &[(name, value.to_string()), (second, other.to_string())])
    }

    /// The words of `key_one` or `key_other`; `{n}` is the number.
    #[must_use]
    pub fn tn(&self, key: &str, n: impl TryInto<i64>) -> String {
        self.counted(key, n, &[])
    }

    /// Like [`Page::tn`], with one value more.
    #[must_use]
    pub fn tn1(&self, key: &str, n: impl TryInto<i64>, name: &str, value: impl Display) -> String {
        self.counted(key, n, &[(name, value.to_string())])
    }

    fn counted(&self, key: &str, n: impl TryInto<i64>, values: &[(&str, String)]) -> String {
        let n = n.try_into().unwrap_or(i64::MAX);
        let plural = format!("{key}_{}", if n == 1 { "one" } else { "other" });
        words::fill(self.t(&plural), &[&[("n", n.to_string())], values].concat())
    }

    /// `21 novembre 2026`.
    #[must_use]
    pub fn date(&self, date: &Date) -> String {
        base::long_date(*date, self.language)
    }

    /// `21 novembre 2026, ore 14:05`.
    #[must_use]
    pub fn moment(&self, instant: &Timestamp) -> String {
        base::long_timestamp(*instant, self.language)
    }

    /// Where a file of the user interface lies.
    #[must_use]
    pub fn asset(&self, name: &str) -> String {
        assets::url(name)
    }

    /// The path of the page, without the query.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether the page belongs to the officials' part.
    #[must_use]
    pub fn office(&self) -> bool {
        self.path == "/ufficio" || self.path.starts_with("/ufficio/")
    }

    /// Whether the program runs with invented people.
    #[must_use]
    pub fn demo(&self) -> bool {
        self.settings().mode == Mode::Demo
    }

    /// Whether nothing that people send is taken at present.
    #[must_use]
    pub fn read_only(&self) -> bool {
        self.read_only
    }

    /// That the visitor acts for somebody else, and the way back; nothing otherwise. Called by the frame.
    fn acting_banner(&self) -> Option<Shown<acting::Banner<'_>>> {
        self.acting.as_ref().map(|acting| Shown::of(acting::Banner::of(self, acting)))
    }

    /// Who opened the forms of this page, and for whom: stands in each form that somebody sends who is logged in.
    #[must_use]
    pub fn opener(&self) -> Shown<impl Template> {
        Shown::of(self.opener.clone())
    }

    /// Everything above the content. Called by `base.html`.
    #[must_use]
    pub fn opening(&self) -> Opening<'_> {
        Opening { page: self }
    }

    /// Everything below the content. Called by `base.html`.
    #[must_use]
    pub fn closing(&self) -> Closing<'_> {
        Closing { page: self }
    }

    fn settings(&self) -> &Settings {
        self.web.settings()
    }

    /// The administration that answers for the pages.
    fn owner(&self) -> &str {
        self.settings().office.name.get(self.language)
    }

    /// Whether its name must be marked as a text in another language (WCAG 2.2, 3.1.2).
    fn owner_is_italian(&self) -> bool {
        self.language != Language::Italian && !self.settings().office.name.has(self.language)
    }

    fn tab_title(&self) -> String {
        let name = self.t("web.frame.name");
        let title = if self.title.is_empty() { name.to_owned() } else { format!("{} – {name}", self.title) };
        if self.faulty { format!("{}: {title}", self.t("web.form.error")) } else { title }
    }

    fn menu(&self) -> &[MenuItem] {
        if self.office() { &self.settings().office_menu } else { &self.settings().menu }
    }

    fn current(&self, item: &MenuItem) -> bool {
        self.path.strip_prefix(item.href).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// The same page in another language, with the rest of its query.
    fn in_language(&self, language: &Language) -> String {
        let others = self.query.split('&').filter(|part| !part.is_empty() && !part.starts_with("lingua="));
        let kept: String = others.map(|part| format!("{part}&")).collect();
        format!("{}?{kept}lingua={}", self.path, language.tag())
    }

    /// Where the way back begins: the home page, or the officials' one.
    #[must_use]
    pub fn home(&self) -> &'static str {
        if self.office() { "/ufficio" } else { "/" }
    }

    fn logged_in_home(&self) -> &'static str {
        match &self.user {
            Some(PageUser { door: Door::Staff, .. }) => "/ufficio",
            _ => "/profilo",
        }
    }

    fn login(&self) -> &'static str {
        if self.office() { "/ufficio/accesso" } else { "/accesso" }
    }
}

/// See [`Page::opening`].
#[derive(Template)]
#[template(path = "frame/opening.html")]
pub struct Opening<'a> {
    page: &'a Page,
}

/// See [`Page::closing`].
#[derive(Template)]
#[template(path = "frame/closing.html")]
pub struct Closing<'a> {
    page: &'a Page,
}

impl HtmlSafe for Opening<'_> {}
impl HtmlSafe for Closing<'_> {}
