//! From HTML to what a person sees, in one walk.

use std::{collections::BTreeMap, ops::Range};

use scraper::{ElementRef, Html, Node};

use super::{Control, Form, Heading, Kind, Link, Page};

/// Elements that do not begin a new line.
const INLINE: [&str; 17] = [
    "a", "abbr", "b", "bdi", "cite", "code", "em", "i", "label", "mark", "q", "small", "span", "strong", "sub", "sup",
    "time",
];
/// Elements whose text nobody reads.
const UNREAD: [&str; 7] = ["head", "script", "style", "template", "noscript", "option", "svg"];

impl Page {
    /// Reads HTML.
    pub(crate) fn html(address: &str, status: u16, html: &str) -> Self {
        let document = Html::parse_document(html);
        let mut walk =
            Walk { page: Self { address: address.to_owned(), status, ..Self::default() }, ..Walk::default() };
        let root = document.root_element();
        root.attr("lang").unwrap_or_default().clone_into(&mut walk.page.lang);
        walk.element(root);
        walk.finish()
    }

    /// Takes in what is not HTML; its text is read if it is text.
    pub(crate) fn other(address: &str, status: u16, bytes: Vec<u8>) -> Self {
        let text = String::from_utf8(bytes).unwrap_or_default();
        Self { address: address.to_owned(), status, text, ..Self::default() }
    }
}

/// The walk through a document.
#[derive(Default)]
struct Walk {
    page: Page,
    form: Option<usize>,
    /// Legends of the groups around, innermost last.
    legends: Vec<Range<usize>>,
    labels: BTreeMap<String, Range<usize>>,
    /// Label elements around a control: the control, and the label's text.
    wrapping: Vec<(usize, Range<usize>)>,
    ids: BTreeMap<usize, String>,
    legend_of: BTreeMap<usize, Range<usize>>,
}

impl Walk {
    fn element(&mut self, element: ElementRef<'_>) {
        let name = element.value().name();
        if UNREAD.contains(&name) || element.attr("hidden").is_some() {
            return;
        }
        let block = !INLINE.contains(&name);
        if block {
            self.line();
        }
        let begin = self.page.text.len();
        let (form_around, legends_around) = (self.form, self.legends.len());
        let controls_before = self.page.controls.len();
        self.open(element, name);
        self.children(element, name);
        let range = self.trimmed(begin);
        if element.attr("role") == Some("alert") {
            self.page.alerts.push(range.clone());
        }
        self.close(element, name, range, controls_before);
        (self.form, _) = (form_around, self.legends.truncate(legends_around));
        if block {
            self.line();
        }
    }

    fn children(&mut self, element: ElementRef<'_>, name: &str) {
        if matches!(name, "textarea" | "select") {
            return;
        }
        // A legend speaks for the whole group, also for what the walk meets before its end.
        let legend = element.child_elements().find(|child| name == "fieldset" && child.value().name() == "legend");
        if name == "fieldset" {
            self.legends.push(0..0);
        }
        for child in element.children() {
            if let Node::Text(text) = child.value() {
                self.words(text);
            } else if let Some(child) = ElementRef::wrap(child) {
                let begin = self.page.text.len();
                self.element(child);
                if legend.is_some_and(|legend| legend.id() == child.id()) {
                    let range = self.trimmed(begin);
                    self.legends.pop();
                    self.legends.push(range);
                }
            }
        }
    }

    fn open(&mut self, element: ElementRef<'_>, name: &str) {
        match name {
            "form" => {
                let is =
                    |attribute, value: &str| element.attr(attribute).is_some_and(|set| set.eq_ignore_ascii_case(value));
                self.form = Some(self.page.forms.len());
                self.page.forms.push(Form {
                    action: element.attr("action").unwrap_or_default().to_owned(),
                    post: is("method", "post"),
                    multipart: is("enctype", "multipart/form-data"),
                });
            }
            "input" | "select" | "textarea" | "button" => self.control(element, name),
            _ => {}
        }
    }

    fn close(&mut self, element: ElementRef<'_>, name: &str, range: Range<usize>, controls_before: usize) {
        match name {
            "a" => {
                if let Some(href) = element.attr("href") {
                    self.page.links.push(Link { href: href.to_owned(), text: range });
                }
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                let level = name.as_bytes()[1] - b'0';
                self.page.headings.push(Heading { level, text: range });
            }
            // What can be unfolded is titled by its summary, below every heading.
            "summary" => self.page.headings.push(Heading { level: 7, text: range }),
            "label" => {
                if let Some(id) = element.attr("for") {
                    self.labels.insert(id.to_owned(), range.clone());
                }
                self.wrapping.extend((controls_before..self.page.controls.len()).map(|number| (number, range.clone())));
            }
            "button" => {
                if let Some(button) = self.page.controls.get_mut(controls_before) {
                    button.label = self.page.text[range].to_owned();
                }
            }
            "main" => self.page.main = range,
            _ => {}
        }
    }

    fn control(&mut self, element: ElementRef<'_>, name: &str) {
        let attribute = |attribute| element.attr(attribute).unwrap_or_default().to_owned();
        let kind = kind(name, &attribute("type"));
        let number = self.page.controls.len();
        let options = options(element);
        let value = match (name, kind) {
            ("textarea", _) => element.text().collect(),
            ("select", _) => chosen(element).unwrap_or_default(),
            (_, Kind::Checkbox | Kind::Radio) => element.attr("value").unwrap_or("on").to_owned(),
            _ => attribute("value"),
        };
        self.ids.insert(number, attribute("id"));
        if let Some(legend) = self.legends.last() {
            self.legend_of.insert(number, legend.clone());
        }
        self.page.controls.push(Control {
            number,
            form: self.form,
            kind,
            name: attribute("name"),
            action: attribute("formaction"),
            label: if kind == Kind::Button { value.clone() } else { attribute("aria-label") },
            value,
            checked: element.attr("checked").is_some(),
            disabled: element.attr("disabled").is_some(),
            file: None,
            options,
            legend: String::new(),
            at: self.page.text.len(),
        });
    }

    /// Appends words; blanks collapse.
    fn words(&mut self, text: &str) {
        for character in text.chars() {
            if !character.is_whitespace() {
                self.page.text.push(character);
            } else if !self.page.text.is_empty() && !self.page.text.ends_with([' ', '\n']) {
                self.page.text.push(' ');
            }
        }
    }

    /// Begins a new line.
    fn line(&mut self) {
        if self.page.text.ends_with(' ') {
            self.page.text.pop();
        }
        if !self.page.text.is_empty() && !self.page.text.ends_with('\n') {
            self.page.text.push('\n');
        }
    }

    /// From `begin` to here, without blanks at the end.
    fn trimmed(&self, begin: usize) -> Range<usize> {
        let begin = begin.min(self.page.text.len());
        begin..begin + self.page.text[begin..].trim_end().len()
    }

    fn finish(mut self) -> Page {
        let text = std::mem::take(&mut self.page.text);
        for control in &mut self.page.controls {
            let own = self.ids.get(&control.number).and_then(|id| self.labels.get(id));
            let around = self.wrapping.iter().find(|(number, _)| *number == control.number).map(|(_, range)| range);
            if let Some(range) = own.or(around).filter(|_| control.kind != Kind::Button) {
                control.label = text[range.clone()].trim().to_owned();
            }
            if let Some(range) = self.legend_of.get(&control.number) {
                control.legend = text[range.clone()].trim().to_owned();
            }
        }
        self.page.text = text;
        self.page
    }
}

fn kind(name: &str, input: &str) -> Kind {
    match (name, input.to_lowercase().as_str()) {
        ("select", _) => Kind::Select,
        ("button", "button" | "reset") => Kind::Hidden,
        ("button", _) | ("input", "submit" | "image") => Kind::Button,
        ("input", "hidden" | "button" | "reset") => Kind::Hidden,
        ("input", "checkbox") => Kind::Checkbox,
        ("input", "radio") => Kind::Radio,
        ("input", "file") => Kind::File,
        _ => Kind::Text,
    }
}

fn option_elements(select: ElementRef<'_>) -> impl Iterator<Item = ElementRef<'_>> {
    select.descendent_elements().filter(|element| element.value().name() == "option")
}

fn value_of(option: ElementRef<'_>) -> String {
    option.attr("value").map_or_else(|| option.text().collect::<String>().trim().to_owned(), str::to_owned)
}

fn options(select: ElementRef<'_>) -> Vec<(String, String)> {
    if select.value().name() != "select" {
        return Vec::new();
    }
    option_elements(select)
        .map(|option| (value_of(option), option.text().collect::<String>().trim().to_owned()))
        .collect()
}

/// The marked option, else the first, as browsers do.
fn chosen(select: ElementRef<'_>) -> Option<String> {
    let marked = option_elements(select).filter(|option| option.attr("selected").is_some()).last();
    marked.or_else(|| option_elements(select).next()).map(value_of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_lines_and_blanks_collapse() {
        let page = Page::html(
            "http://x/",
            200,
            "<html lang=it><title>T</title><h1>Uno  <b>due</b></h1>\n<p>tre&nbsp;<a href=/>qui</a><p hidden>no",
        );
        assert_eq!(page.text, "Uno due\ntre qui\n");
        assert_eq!((page.lang.as_str(), page.headings[0].level), ("it", 1));
        assert_eq!(&page.text[page.links[0].text.clone()], "qui");
    }

    #[test]
    fn labels_and_legends_belong_to_their_controls() {
        let page = Page::html(
            "http://x/",
            200,
            "<form><fieldset><legend>Nato il</legend><label for=g>Giorno</label><input id=g name=d.giorno></fieldset>
             <label>Nome <input name=n></label><fieldset><legend>Lavora?</legend><input type=radio name=l value=si id=l>
             <label for=l>Sì</label></fieldset></form>",
        );
        let read: Vec<_> =
            page.controls.iter().map(|control| (control.legend.as_str(), control.label.as_str())).collect();
        assert_eq!(read, [("Nato il", "Giorno"), ("", "Nome"), ("Lavora?", "Sì")]);
        assert_eq!((page.controls[1].question(), page.controls[2].question()), ("Nome", "Lavora?"));
    }
}
