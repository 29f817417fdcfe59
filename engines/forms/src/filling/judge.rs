use base::Date;
use rules::{Facts, Value};

use super::{
    fields::{Field, in_row},
    status::{FieldState, FieldStatus, PageStatus, PageToAsk, Status},
};
use crate::{Check, FieldError, Form, Group, Item, Kind, Path, When, problem::Problem, reading::check};

impl Form {
    /// How far the form is filled with these answers.
    #[must_use]
    pub fn status(&self, answers: &Facts, today: Date) -> Status {
        let mut pages: Vec<PageStatus> = Vec::new();
        for field in self.fields(answers, today) {
            if pages.last().is_none_or(|last| last.page != field.page.id) {
                pages.push(PageStatus { page: field.page.id.clone(), fields: Vec::new(), problems: Vec::new() });
            }
            if let Some(page) = pages.last_mut().filter(|_| field.question.kind != Kind::Note) {
                let state = state(&field, field.path.get(answers), today);
                page.fields.push(FieldStatus { path: field.path, state });
            }
        }
        let mut status = Status { pages };
        self.count_rows(answers, today, &mut status);
        self.cross_check(answers, today, &mut status);
        self.refuse_doubles(answers, &mut status);
        status
    }

    /// What is still to ask, page by page: pages with nothing missing are left out.
    #[must_use]
    pub fn ask_only_missing(&self, answers: &Facts, today: Date) -> Vec<PageToAsk<'_>> {
        let status = self.status(answers, today);
        let open = status.pages.iter().filter_map(|status| {
            let paths: Vec<Path> = status.errors().map(|error| error.path.clone()).collect();
            let page = self.page(&status.page).filter(|_| !paths.is_empty())?;
            Some(PageToAsk { page, paths })
        });
        open.collect()
    }

    /// The full check before submission: everything missing or wrong, statements of the confirmation included (write
    /// them in with [`Form::accept_declarations`] when the person confirms).
    #[must_use]
    pub fn validate(&self, answers: &Facts, today: Date) -> Vec<FieldError> {
        let status = self.status(answers, today);
        let accepted = |path: &Path| path.get(answers) == Some(&Value::Bool(true));
        let unaccepted = status
            .pages
            .iter()
            .flat_map(|page| &page.fields)
            .filter(|field| field.state == FieldState::OnConfirm && !accepted(&field.path));
        let unaccepted: Vec<_> = unaccepted.map(|field| Problem::NotAccepted.at(field.path.clone())).collect();
        status.errors().cloned().chain(unaccepted).collect()
    }

    fn count_rows(&self, answers: &Facts, today: Date, status: &mut Status) {
        if self.only.is_some() {
            return; // a reopened form cannot gain or lose rows
        }
        for page in self.pages.iter().filter(|page| holds(page.when.as_ref(), answers, today)) {
            for group in page.items.iter().filter_map(Item::group) {
                let rows = answers.groups.get(&group.id).map_or(0, Vec::len);
                let problem = match rows {
                    _ if !holds(group.when.as_ref(), answers, today) => None,
                    rows if rows < group.min => Some(Problem::TooFewRows(group.min)),
                    rows if group.max < rows => Some(Problem::TooManyRows(group.max)),
                    _ => None,
                };
                if let Some(problem) = problem {
                    status.note(&page.id, problem.at(Path::of(&group.id)));
                }
            }
        }
    }

    /// The same person twice in a list is always a mistake, and an expensive one.
    fn refuse_doubles(&self, answers: &Facts, status: &mut Status) {
        for page in &self.pages {
            for group in page.items.iter().filter_map(Item::group) {
                for question in group.questions.iter().filter(|question| question.kind == Kind::FiscalCode) {
                    for path in doubles(group, &question.id, answers) {
                        status.note(&page.id, Problem::Double.at(path));
                    }
                }
            }
        }
    }

    fn cross_check(&self, answers: &Facts, today: Date, status: &mut Status) {
        for check in &self.checks {
            for path in failing(check, answers, today) {
                let shown = status.pages.iter().find(|page| page.fields.iter().any(|field| field.path == path));
                if let Some(page) = shown.map(|page| page.page.clone()) {
                    let error = FieldError { path, code: "check".to_owned(), text: check.message.clone() };
                    status.note(&page, error);
                }
            }
        }
    }
}

/// The paths of a group whose answer an earlier row has already given.
fn doubles(group: &Group, id: &str, answers: &Facts) -> Vec<Path> {
    let rows = answers.groups.get(&group.id).map_or(&[][..], Vec::as_slice);
    let told = |row: usize| rows[row].get(id).filter(|value| !value.is_null());
    let again = |row: &usize| told(*row).is_some_and(|value| (0..*row).any(|earlier| told(earlier) == Some(value)));
    (0..rows.len()).filter(again).map(|row| Path::in_row(&group.id, row, id)).collect()
}

fn holds(when: Option<&When>, answers: &Facts, today: Date) -> bool {
    when.is_none_or(|when| when.holds(answers, today))
}

/// Where a check finds its problem: once, or in each row of its group.
fn failing(check: &Check, answers: &Facts, today: Date) -> Vec<Path> {
    let Some(group) = &check.group else {
        let path = Path::of(&check.at);
        return if check.when.holds(answers, today) { vec![path] } else { Vec::new() };
    };
    let rows = 0..answers.groups.get(group).map_or(0, Vec::len);
    let failing = rows.filter(|row| check.when.holds(&in_row(answers, group, *row), today));
    failing.map(|row| Path::in_row(group, row, &check.at)).collect()
}

pub(crate) fn state(field: &Field, answer: Option<&Value>, today: Date) -> FieldState {
    let question = field.question;
    let missing = |problem: Problem| FieldState::Missing(problem.at(field.path.clone()));
    match (answer.unwrap_or(&Value::Null), &question.kind) {
        (_, Kind::Declaration { on_confirm: true }) => FieldState::OnConfirm,
        (Value::Null | Value::Bool(false), Kind::Declaration { .. }) if question.required => {
            missing(Problem::NotAccepted)
        }
        (Value::Null | Value::Bool(false), Kind::Declaration { .. }) => FieldState::Empty,
        (Value::Null, Kind::YesNo | Kind::Choice(_) | Kind::Choices(_)) if question.required => {
            missing(Problem::ChoiceRequired)
        }
        (Value::Null, _) if question.required => missing(Problem::Required),
        (Value::Null, _) => FieldState::Empty,
        (value, kind) => match check(kind, value, today) {
            Ok(()) => FieldState::Answered,
            Err(problem) => FieldState::Wrong(question.complaint(problem, field.path.clone())),
        },
    }
}
