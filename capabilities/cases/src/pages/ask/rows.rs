//! Members that somebody may add.

use base::Language;
use web::Page;

use super::{Application, By};

impl Application {
    /// Groups that registries fill may lack somebody: a newborn, a child in another registry.
    pub fn add_rows(&self, page: &Page) -> Vec<(String, String)> {
        let form = self.form();
        let groups = form.pages.iter().flat_map(|declared| declared.items.iter().map(move |item| (declared, item)));
        let growing = groups.filter_map(|(declared, item)| match item {
            forms::Item::Group(group)
                if (self.by == By::Person || group.from.is_none()) && form.rows(group, self.answers()) < group.max =>
            {
                Some((declared, group))
            }
            _ => None,
        });
        growing
            .map(|(declared, group)| {
                let words =
                    page.t1("cases.ask.add_member", "member", lower(group.member.get(page.language), page.language));
                let href = format!("{}?aggiungi={}", self.place(&declared.id), group.id);
                (words, href)
            })
            .collect()
    }
}

/// In the middle of a sentence; German nouns keep their capital.
fn lower(noun: &str, language: Language) -> String {
    if language == Language::German { noun.to_owned() } else { noun.to_lowercase() }
}
