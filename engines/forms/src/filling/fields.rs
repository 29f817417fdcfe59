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
        self.pages.iter().filter(|page| scene.holds(page.when.as_ref())).flat_map(|page| scene.page(page)).collect()
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

    fn page<'q>(&self, page: &'q Page) -> Vec<Field<'q>> {
        let fields = page.items.iter().flat_map(|item| match item {
            Item::Question(question) => self.household(page, question),
            Item::Group(group) => self.group(page, group),
        });
        fields.filter(|field| self.form.is_open(&field.path)).collect()
    }

    fn household<'q>(&self, page: &'q Page, question: &'q Question) -> Vec<Field<'q>> {
        let path = Path::of(&question.id);
        let field = Field { page, group: None, question, path };
        if self.holds(question.when.as_ref()) { vec![field] } else { Vec::new() }
    }

    fn group<'q>(&self, page: &'q Page, group: &'q Group) -> Vec<Field<'q>> {
        if !self.holds(group.when.as_ref()) {
            return Vec::new();
        }
        let rows = 0..self.form.rows(group, self.answers);
        rows.flat_map(|row| self.row(page, group, row)).collect()
    }

    fn row<'q>(&self, page: &'q Page, group: &'q Group, row: usize) -> Vec<Field<'q>> {
        let member = in_row(self.answers, &group.id, row);
        let asked = group
            .questions
            .iter()
            .filter(|question| question.when.as_ref().is_none_or(|when| when.holds(&member, self.today)));
        asked
            .map(|question| Field {
                page,
                group: Some(group),
                question,
                path: Path::in_row(&group.id, row, &question.id),
            })
            .collect()
    }
}

/// The answers as a condition inside a group reads them: the member's own beside those of the household.
pub(crate) fn in_row(answers: &Facts, group: &str, row: usize) -> Facts {
    let member = answers.groups.get(group).and_then(|rows| rows.get(row));
    let mut facts = answers.clone();
    facts.values.extend(member.cloned().unwrap_or_default());
    facts
}
