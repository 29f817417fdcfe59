//! The pieces that pages are made of. Each is a value made by a handler and shown by the page that knows the words:
//! `{{ page.field(iban) }}`, `{{ page.timeline(steps) }}`. `/stile` ([`crate::gallery`]) shows them all.

mod content;
mod field;
mod steps;
mod table;

use std::borrow::{Borrow, Cow};

use askama::{Template, filters::HtmlSafe};

pub use content::{Card, Fact, Panel, Provenance, Tone};
pub use field::{Choice, Fault, Field, FieldKind, day_of};
pub use steps::{Step, StepState, TimelineItem};
pub use table::{Cell, Pagination, Table};

use crate::{Page, assets};

/// A component on its way into a page; made by the methods of [`Page`].
pub struct Shown<T>(T);

impl<T> Shown<T> {
    pub(crate) const fn of(view: T) -> Self {
        Self(view)
    }
}

impl<T: Template> std::fmt::Display for Shown<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.render_into(f).map_err(|_| std::fmt::Error)
    }
}

impl<T: Template> HtmlSafe for Shown<T> {}

#[derive(Template)]
#[template(path = "components/icon.html")]
struct IconView<'a> {
    sprite: String,
    name: &'a str,
    class: &'a str,
}

#[derive(Template)]
#[template(path = "components/field.html")]
struct FieldView<'a> {
    page: &'a Page,
    field: &'a Field,
}

#[derive(Template)]
#[template(path = "components/faults.html")]
struct FaultsView<'a> {
    page: &'a Page,
    faults: Cow<'a, [Fault]>,
}

#[derive(Template)]
#[template(path = "components/badge.html")]
struct BadgeView<'a> {
    tone: Tone,
    text: &'a str,
}

#[derive(Template)]
#[template(path = "components/callout.html")]
struct CalloutView<'a> {
    page: &'a Page,
    tone: Tone,
    title: &'a str,
    text: &'a str,
}

#[derive(Template)]
#[template(path = "components/facts.html")]
struct FactsView<'a> {
    page: &'a Page,
    facts: &'a [Fact],
}

#[derive(Template)]
#[template(path = "components/panel.html")]
struct PanelView<'a> {
    page: &'a Page,
    panel: &'a Panel,
}

#[derive(Template)]
#[template(path = "components/cards.html")]
struct CardsView<'a> {
    page: &'a Page,
    cards: &'a [Card],
    level: u8,
}

#[derive(Template)]
#[template(path = "components/timeline.html")]
struct TimelineView<'a> {
    page: &'a Page,
    items: &'a [TimelineItem],
}

#[derive(Template)]
#[template(path = "components/steps.html")]
struct StepsView<'a> {
    page: &'a Page,
    steps: &'a [Step],
}

#[derive(Template)]
#[template(path = "components/table.html")]
struct TableView<'a> {
    table: &'a Table,
}

#[derive(Template)]
#[template(path = "components/pagination.html")]
struct PaginationView<'a> {
    page: &'a Page,
    pages: &'a Pagination,
}

impl Page {
    /// A picture from the sprite, hidden from screen readers: the words stand beside it. `make assets` puts into the
    /// sprite the icons of bootstrap-italia that templates name.
    #[must_use]
    pub fn icon<'a>(&'a self, name: &'a str) -> Shown<impl Template + 'a> {
        self.icon_class(name, "")
    }

    /// [`Page::icon`] with classes, such as `icon-sm`, `icon-white`, `icon-primary`.
    #[must_use]
    pub fn icon_class<'a>(&'a self, name: &'a str, class: &'a str) -> Shown<impl Template + 'a> {
        Shown(IconView { sprite: assets::url("sprite.svg"), name, class })
    }

    /// A question: label, hint, error, control.
    #[must_use]
    pub fn field<'a>(&'a self, field: &'a Field) -> Shown<impl Template + 'a> {
        Shown(FieldView { page: self, field })
    }

    /// What is wrong in a form, each with a link to its field; nothing when nothing is wrong. Goes above the `<h1>`.
    #[must_use]
    pub fn faults<'a>(&'a self, faults: &'a [Fault]) -> Shown<impl Template + 'a> {
        Shown(FaultsView { page: self, faults: Cow::Borrowed(faults) })
    }

    /// The same above a form whose fields are known: each line begins with the question that it is about, since several may lack
    /// the same.
    #[must_use]
    pub fn faults_in<'a>(&'a self, faults: &[Fault], fields: &[Field]) -> Shown<impl Template + 'a> {
        let labelled = |fault: &Fault| {
            let of_it =
                |field: &&Field| fault.field == field.name || fault.field.starts_with(&format!("{}.", field.name));
            let label = fields.iter().find(of_it).map(|field| field.label.as_str());
            let message = label.map_or_else(|| fault.message.clone(), |label| format!("{label}: {}", fault.message));
            Fault { field: fault.field.clone(), message }
        };
        Shown(FaultsView { page: self, faults: faults.iter().map(labelled).collect() })
    }

    /// The state of something in a word or two.
    #[must_use]
    pub fn badge<'a>(&'a self, tone: impl Borrow<Tone>, text: &'a str) -> Shown<impl Template + 'a> {
        Shown(BadgeView { tone: *tone.borrow(), text })
    }

    /// Something to notice, one paragraph. For richer content there is the macro of `components/blocks.html`.
    #[must_use]
    pub fn callout<'a>(&'a self, tone: impl Borrow<Tone>, title: &'a str, text: &'a str) -> Shown<impl Template + 'a> {
        Shown(CalloutView { page: self, tone: *tone.borrow(), title, text })
    }

    /// Names and values, each with where it comes from and what can be done about it.
    #[must_use]
    pub fn facts<'a>(&'a self, facts: &'a [Fact]) -> Shown<impl Template + 'a> {
        Shown(FactsView { page: self, facts })
    }

    /// The large confirmation after something was done.
    #[must_use]
    pub fn panel<'a>(&'a self, panel: &'a Panel) -> Shown<impl Template + 'a> {
        Shown(PanelView { page: self, panel })
    }

    /// Cards in a grid; `level` is that of their headings (2 to 4).
    #[must_use]
    pub fn cards<'a>(&'a self, cards: &'a [Card], level: u8) -> Shown<impl Template + 'a> {
        Shown(CardsView { page: self, cards, level })
    }

    /// What happened and what comes next, oldest first.
    #[must_use]
    pub fn timeline<'a>(&'a self, items: &'a [TimelineItem]) -> Shown<impl Template + 'a> {
        Shown(TimelineView { page: self, items })
    }

    /// How far a form has come.
    #[must_use]
    pub fn steps<'a>(&'a self, steps: &'a [Step]) -> Shown<impl Template + 'a> {
        Shown(StepsView { page: self, steps })
    }

    /// A table; on narrow screens each row becomes a small list.
    #[must_use]
    pub fn table<'a>(&'a self, table: &'a Table) -> Shown<impl Template + 'a> {
        Shown(TableView { table })
    }

    /// Links to the other pages of a list; nothing when there is one page.
    #[must_use]
    pub fn pagination<'a>(&'a self, pages: &'a Pagination) -> Shown<impl Template + 'a> {
        Shown(PaginationView { page: self, pages })
    }
}
