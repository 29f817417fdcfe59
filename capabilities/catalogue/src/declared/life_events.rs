use std::{cell::RefCell, collections::BTreeSet};

use base::Translated;
use rules::Diagnostic;

use super::reader::{self, Table};

/// A moment of life in which services are needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LifeEvent {
    /// Its place in URLs: `/eventi-della-vita/nascita`.
    pub id: String,
    /// Name of its icon.
    pub icon: &'static str,
    /// In the words of who lives it.
    pub name: Translated,
    /// One sentence.
    pub summary: Translated,
}

/// The icons to choose from: a fixed list, because only icons named in the program travel with it.
const ICONS: [(&str, &str); 16] = [
    ("it-user", "it-user"),
    ("it-star-outline", "it-star-outline"),
    ("it-hearing", "it-hearing"),
    ("it-refresh", "it-refresh"),
    ("it-pencil", "it-pencil"),
    ("it-mail", "it-mail"),
    ("it-calendar", "it-calendar"),
    ("it-card", "it-card"),
    ("it-clock", "it-clock"),
    ("it-files", "it-files"),
    ("it-flag", "it-flag"),
    ("it-inbox", "it-inbox"),
    ("it-map-marker", "it-map-marker"),
    ("it-settings", "it-settings"),
    ("it-telephone", "it-telephone"),
    ("it-tool", "it-tool"),
];

/// Reads `life-events.toml`, in the order of the home page.
pub(crate) fn read_life_events(file: &str, text: &str) -> Result<Vec<LifeEvent>, Vec<Diagnostic>> {
    reader::read(file, text, |root| {
        let known = RefCell::new(BTreeSet::new());
        root.tables("events", |table| {
            let event = read_event(table);
            if !known.borrow_mut().insert(event.id.clone()) {
                table.wrong("id", format!("il momento «{}» c’è già", event.id), "dare un altro id a uno dei due");
            }
            event
        })
    })
}

fn read_event(table: &Table) -> LifeEvent {
    LifeEvent {
        id: table.need_text("id"),
        icon: table.need_choice("icon", &ICONS),
        name: table.need_translated("name"),
        summary: table.need_translated("summary"),
    }
}
