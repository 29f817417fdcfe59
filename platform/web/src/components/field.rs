use base::Date;

/// A question of a form: what is asked, what was typed, what is wrong with it.
///
/// ```
/// let iban = web::components::Field::text("iban", "IBAN").hint("27 caratteri, comincia con IT").width(27);
/// ```
#[derive(Debug, Clone)]
pub struct Field {
    /// Name of the value that the form sends; also the `id` of the control, so that `#name` leads to it.
    pub name: String,
    /// The question, always visible.
    pub label: String,
    /// What helps to answer.
    pub hint: Option<String>,
    /// What is wrong and how to mend it.
    pub fault: Option<String>,
    /// Said beside the label; everything else must be answered.
    pub optional: bool,
    /// Said there instead of «facoltativo»: when it must be answered.
    pub asked_when: Option<String>,
    /// The label is the heading of the page (one question a page).
    pub heading: bool,
    /// The control.
    pub kind: FieldKind,
}

/// The control of a [`Field`].
#[derive(Debug, Clone)]
pub enum FieldKind {
    /// One line.
    Text {
        /// What was typed.
        value: String,
        /// `text`, `email`, `tel`, `search` or `password`.
        input: &'static str,
        /// The keyboard that telephones show: `numeric`, `decimal` or nothing.
        inputmode: &'static str,
        /// What browsers may fill in (WCAG 2.2, 1.3.5), or nothing.
        autocomplete: &'static str,
        /// Expected number of characters, 0 for the whole width.
        width: u8,
        /// A sign after the control, such as `€`.
        unit: &'static str,
    },
    /// Several lines.
    Area {
        /// What was typed.
        value: String,
        /// Height in lines.
        rows: u8,
    },
    /// A date in three parts, sent as `name.giorno`, `name.mese`, `name.anno`.
    Date {
        /// Day, month, year as typed.
        parts: [String; 3],
    },
    /// One of many, folded.
    Select {
        /// What can be chosen.
        choices: Vec<Choice>,
    },
    /// One of a few.
    Radios {
        /// What can be chosen.
        choices: Vec<Choice>,
    },
    /// Any of a few.
    Checks {
        /// What can be chosen.
        choices: Vec<Choice>,
    },
    /// A file. The form must have `enctype="multipart/form-data"`.
    File {
        /// Accepted endings: `.pdf,.jpg,.png`.
        accept: String,
    },
}

/// An answer to choose.
#[derive(Debug, Clone)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What is read.
    pub label: String,
    /// What helps to choose.
    pub hint: Option<String>,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// Something wrong in a form.
#[derive(Debug, Clone)]
pub struct Fault {
    /// Where the link of the summary leads: the name of the field, or of its first part.
    pub field: String,
    /// What is wrong and how to mend it.
    pub message: String,
}

impl Choice {
    /// An answer that is not chosen.
    #[must_use]
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), hint: None, chosen: false }
    }

    /// Whether it is chosen.
    #[must_use]
    pub fn chosen(mut self, chosen: bool) -> Self {
        self.chosen = chosen;
        self
    }

    /// What helps to choose.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// The day that was typed into [`Field::date`]; `None` where it is none.
///
/// ```
/// use web::components::day_of;
/// let typed = |parts: [&str; 3]| day_of(&parts.map(str::to_owned));
/// assert_eq!(typed(["2", "3", "2026"]), Some(base::Date::constant(2026, 3, 2)));
/// assert_eq!(typed(["30", "2", "2026"]), None);
/// ```
#[must_use]
pub fn day_of([day, month, year]: &[String; 3]) -> Option<Date> {
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

impl Field {
    fn new(name: impl Into<String>, label: impl Into<String>, kind: FieldKind) -> Self {
        let (name, label) = (name.into(), label.into());
        Self { name, label, hint: None, fault: None, optional: false, asked_when: None, heading: false, kind }
    }

    /// One line of text.
    #[must_use]
    pub fn text(name: impl Into<String>, label: impl Into<String>) -> Self {
        let value = String::new();
        let kind = FieldKind::Text { value, input: "text", inputmode: "", autocomplete: "", width: 0, unit: "" };
        Self::new(name, label, kind)
    }

    /// A whole number.
    #[must_use]
    pub fn number(name: impl Into<String>, label: impl Into<String>) -> Self {
        let value = String::new();
        let kind = FieldKind::Text { value, input: "text", inputmode: "numeric", autocomplete: "", width: 8, unit: "" };
        Self::new(name, label, kind)
    }

    /// An amount in euro.
    #[must_use]
    pub fn money(name: impl Into<String>, label: impl Into<String>) -> Self {
        let value = String::new();
        let kind =
            FieldKind::Text { value, input: "text", inputmode: "decimal", autocomplete: "", width: 12, unit: "€" };
        Self::new(name, label, kind)
    }

    /// Several lines of text.
    #[must_use]
    pub fn area(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(name, label, FieldKind::Area { value: String::new(), rows: 5 })
    }

    /// A date in three parts.
    #[must_use]
    pub fn date(name: impl Into<String>, label: impl Into<String>, parts: [String; 3]) -> Self {
        Self::new(name, label, FieldKind::Date { parts })
    }

    /// One of many.
    #[must_use]
    pub fn select(name: impl Into<String>, label: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self::new(name, label, FieldKind::Select { choices })
    }

    /// One of a few.
    #[must_use]
    pub fn radios(name: impl Into<String>, label: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self::new(name, label, FieldKind::Radios { choices })
    }

    /// Any of a few.
    #[must_use]
    pub fn checks(name: impl Into<String>, label: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self::new(name, label, FieldKind::Checks { choices })
    }

    /// A file to attach.
    #[must_use]
    pub fn file(name: impl Into<String>, label: impl Into<String>, accept: impl Into<String>) -> Self {
        Self::new(name, label, FieldKind::File { accept: accept.into() })
    }

    /// What was typed; only for kinds that hold one text.
    #[must_use]
    pub fn value(mut self, typed: impl Into<String>) -> Self {
        match &mut self.kind {
            FieldKind::Text { value, .. } | FieldKind::Area { value, .. } => *value = typed.into(),
            _ => {}
        }
        self
    }

    /// What helps to answer.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// What is wrong, if anything.
    #[must_use]
    pub fn fault(mut self, fault: Option<impl Into<String>>) -> Self {
        self.fault = fault.map(Into::into);
        self
    }

    /// Takes the fault of this field out of those of the form.
    #[must_use]
    pub fn fault_from(self, faults: &[Fault]) -> Self {
        let own = faults.iter().find(|fault| fault.field == self.name).map(|fault| fault.message.clone());
        self.fault(own)
    }

    /// Need not be answered.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// Must be answered only then, as `when` says in brackets: `(per una persona)`.
    #[must_use]
    pub fn asked_when(self, when: impl Into<String>) -> Self {
        Self { asked_when: Some(when.into()), ..self.optional() }
    }

    /// The label is the heading of the page.
    #[must_use]
    pub fn heading(mut self) -> Self {
        self.heading = true;
        self
    }

    /// Expected number of characters: the control is as wide (10, 20 or 30 and more).
    #[must_use]
    pub fn width(mut self, characters: u8) -> Self {
        if let FieldKind::Text { width, .. } = &mut self.kind {
            *width = characters;
        }
        self
    }

    /// The `type` of the control: `email`, `tel`, `search`, `password`; and what browsers may fill in.
    #[must_use]
    pub fn input(mut self, kind: &'static str, fills: &'static str) -> Self {
        if let FieldKind::Text { input, autocomplete, .. } = &mut self.kind {
            (*input, *autocomplete) = (kind, fills);
        }
        self
    }

    /// Whether a browser sends nothing for it when nothing is chosen: a form that must tell "none" from "not asked" puts
    /// a hidden empty value of the same name before it.
    #[must_use]
    pub fn sends_nothing_when_empty(&self) -> bool {
        matches!(self.kind, FieldKind::Radios { .. } | FieldKind::Checks { .. })
    }

    /// Whether the controls are several and need a `<fieldset>`.
    pub(super) fn grouped(&self) -> bool {
        matches!(self.kind, FieldKind::Date { .. } | FieldKind::Radios { .. } | FieldKind::Checks { .. })
    }

    /// The identifiers that `aria-describedby` names: hint, then error.
    pub(super) fn described_by(&self) -> String {
        let hint = self.hint.iter().map(|_| format!("{}-aiuto", self.name));
        let fault = self.fault.iter().map(|_| format!("{}-errore", self.name));
        hint.chain(fault).collect::<Vec<_>>().join(" ")
    }

    /// The first part bears the field's own name as its `id`, so that the summary of errors leads to it.
    pub(super) fn date_parts<'a>(&self, values: &'a [String; 3]) -> [DatePart<'a>; 3] {
        let part = |index: usize, ending: &str, words, length| {
            let name = format!("{}.{ending}", self.name);
            let id = if index == 0 { self.name.clone() } else { name.clone() };
            DatePart { id, name, words, value: &values[index], length }
        };
        [
            part(0, "giorno", "web.form.day", 2),
            part(1, "mese", "web.form.month", 2),
            part(2, "anno", "web.form.year", 4),
        ]
    }

    pub(super) fn none_chosen(choices: &[Choice]) -> bool {
        !choices.iter().any(|choice| choice.chosen)
    }

    pub(super) fn width_class(width: &u8) -> &'static str {
        match width {
            0 => "sp-width-full",
            1..=5 => "sp-width-5",
            6..=12 => "sp-width-10",
            13..=22 => "sp-width-20",
            _ => "sp-width-30",
        }
    }
}

/// Day, month or year.
pub(super) struct DatePart<'a> {
    pub id: String,
    pub name: String,
    pub words: &'static str,
    pub value: &'a str,
    pub length: u8,
}
