//! A page in a few lines, for messages.

use super::Page;
use crate::words::{plain, shortened};

impl Page {
    /// Address, title, what is marked as wrong, the beginning of the text.
    pub(crate) fn described(&self) -> String {
        let mut lines = vec![format!("  · {} {}", self.status, self.place())];
        if let Some(title) = self.title() {
            lines.push(format!("  · titolo: {title}"));
        }
        for alert in &self.alerts {
            lines.push(format!("  · errori: {}", shortened(&plain(&self.text[alert.clone()]), 300)));
        }
        let matter = if self.main.is_empty() { &self.text } else { &self.text[self.main.clone()] };
        if !matter.is_empty() {
            lines.push(format!("  · testo: {}", shortened(&plain(matter), 600)));
        }
        lines.join("\n")
    }

    /// The first heading of the first level.
    pub(crate) fn title(&self) -> Option<String> {
        let first = self.headings.iter().find(|heading| heading.level == 1)?;
        Some(plain(&self.text[first.text.clone()]))
    }
}
