use std::cell::LazyCell;

use base::{Date, Language};
use rules::Facts;

use crate::{Form, Group, Item, Page, Path, Question, When};

/// A question that applies to these answers, with its place.
#[derive(Debug, Clone)]
pub struct Field<'q> {
    /// The page that asks it.
    pub page: &'q Page,
    /// The group it belongs to.
    pub group: Option<&'q Group>,
    /// The question.
    pub question: &'q Question,
    /// Where its answer stands, and its name in HTML.
    pub path: Path,
}

impl Field<'_> {
    /// The member that is asked about, as its heading: `Figlio 2 Ada`; `None` outside groups.
    #[must_use]
    pub fn member(&self, answers: &Facts, language: Language) -> Option<String> {
        let (group, (_, row)) = self.group.zip(self.path.row.as_ref())?;
        Some(group.heading(*row, answers, language))
    }
}

impl Form {
    /// Every question (notes included) that applies to `answers` on that day, in order: conditions are evaluated,
    /// and each group has as many rows as it has members, but never fewer than its smallest number.
    #[must_use]
    pub fn fields(&self, answers: &Facts, today: Date) -> Vec<Field<'_>> {
        let scene = Scene { form: self, answers, today };
        let mut fields = Vec::new();
        for page in self.pages.iter().filter(|page| scene.holds(page.when.as_ref())) {
            scene.page(page, &mut fields);
        }
        fields
    }

    /// How many rows of a group to show.
    #[must_use]
    pub fn rows(&self, group: &Group, answers: &Facts) -> usize {
        let stored = answers.groups.get(&group.id).map_or(0, Vec::len);
        if self.only.is_some() { stored.min(group.max) } else { stored.clamp(group.min, group.max) }
    }
}

/// Answers on a day, by which conditions are judged.
struct Scene<'s> {
    form: &'s Form,
    answers: &'s Facts,
    today: Date,
}

impl Scene<'_> {
    fn holds(&self, when: Option<&When>) -> bool {
        when.is_none_or(|when| when.holds(self.answers, self.today))
    }

    fn page<'q>(&self, page: &'q Page, fields: &mut Vec<Field<'q>>) {
        for item in &page.items {
            match item {
                Item::Question(question) => fields.extend(self.household(page, question)),
                Item::Group(group) if self.holds(group.when.as_ref()) => {
                    (0..self.form.rows(group, self.answers)).for_each(|row| self.row(page, (group, row), fields));
                }
                Item::Group(_) => {}
            }
        }
    }

    fn household<'q>(&self, page: &'q Page, question: &'q Question) -> Option<Field<'q>> {
        let field = || Field { page, group: None, question, path: Path::of(&question.id) };
        self.holds(question.when.as_ref()).then(field).filter(|field| self.form.is_open(&field.path))
    }

    fn row<'q>(&self, page: &'q Page, (group, row): (&'q Group, usize), fields: &mut Vec<Field<'q>>) {
        // Only conditions read the member's answers beside the household's.
        let member = LazyCell::new(|| in_row(self.answers, &group.id, row));
        let asked = |question: &&Question| question.when.as_ref().is_none_or(|when| when.holds(&member, self.today));
        let field =
            |question| Field { page, group: Some(group), question, path: Path::in_row(&group.id, row, &question.id) };
        let asked = group.questions.iter().filter(asked).map(field);
        fields.extend(asked.filter(|field| self.form.is_open(&field.path)));
    }
}

/// The answers as a condition inside a group reads them: the member's own beside those of the household.
pub(crate) fn in_row(answers: &Facts, group: &str, row: usize) -> Facts {
    let member = answers.groups.get(group).and_then(|rows| rows.get(row));
    let mut facts = answers.clone();
    facts.values.extend(member.cloned().unwrap_or_default());
    facts
}
