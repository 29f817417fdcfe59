use crate::{Form, Group, Item, Kind, Page, Path, Question};

impl Form {
    /// The form of only those answers: what reopens for the person when the office asks for an integration.
    ///
    /// Asked for by a person, these fields are required and no longer depend on conditions; groups neither gain nor
    /// lose rows; checks stay where their answer is open. Paths that the form does not ask are ignored.
    #[must_use]
    pub fn restrict(&self, paths: &[Path]) -> Self {
        let open: std::collections::BTreeSet<Path> = paths
            .iter()
            .filter(|path| self.question(path).is_some_and(|(_, q)| q.kind != Kind::Note))
            .cloned()
            .collect();
        let is_open = |group: Option<&str>, id: &str| {
            open.iter().any(|path| path.id == id && path.row.as_ref().map(|(group, _)| group.as_str()) == group)
        };
        let pages = self.pages.iter().filter_map(|page| narrow_page(page, &is_open));
        let checks = self.checks.iter().filter(|check| is_open(check.group.as_deref(), &check.at));
        Self { file: self.file.clone(), pages: pages.collect(), checks: checks.cloned().collect(), only: Some(open) }
    }
}

fn narrow_page(page: &Page, is_open: &impl Fn(Option<&str>, &str) -> bool) -> Option<Page> {
    let items: Vec<Item> = page.items.iter().filter_map(|item| narrow(item, is_open)).collect();
    (!items.is_empty()).then(|| Page { items, when: None, ..page.clone() })
}

fn narrow(item: &Item, is_open: &impl Fn(Option<&str>, &str) -> bool) -> Option<Item> {
    match item {
        Item::Question(question) => is_open(None, &question.id).then(|| Item::Question(reopened(question))),
        Item::Group(group) => {
            let open = group.questions.iter().filter(|question| is_open(Some(&group.id), &question.id));
            let questions: Vec<Question> = open.map(reopened).collect();
            (!questions.is_empty()).then(|| Item::Group(Group { questions, when: None, ..group.clone() }))
        }
    }
}

fn reopened(question: &Question) -> Question {
    Question { required: true, when: None, ..question.clone() }
}
