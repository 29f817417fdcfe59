use askama::Template;
use web::{
    Page,
    components::{Fault, Field},
};

/// A form about a case, below a sentence that says what it is for.
#[derive(Template)]
#[template(path = "office/form.html")]
pub struct FormPage {
    /// The frame.
    pub page: Page,
    /// The case.
    pub id: String,
    /// What is wrong with what was typed.
    pub faults: Vec<Fault>,
    /// What it is for.
    pub lead: String,
    /// What is asked.
    pub fields: Vec<Field>,
    /// The words on the button.
    pub send: String,
}
