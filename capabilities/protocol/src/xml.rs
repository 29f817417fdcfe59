//! Writing XML: the few shapes that the segnatura and the daily register are made of.

use base::escape_xml as escape;

/// An element of XML with text.
#[must_use]
pub fn element(name: &str, text: &str) -> String {
    format!("<{name}>{}</{name}>", escape(text))
}

/// An element with text, if there is any.
pub fn element_if(name: &str, text: Option<&str>) -> String {
    text.map(|text| element(name, text)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_text_is_read_back(text in "\\PC{0,40}", control in any::<char>()) {
            let written = format!("{text}{control}");
            let xml = element("a", &written);
            let read = roxmltree::Document::parse(&xml).unwrap();
            let read = read.root_element().text().unwrap_or_default().to_owned();
            prop_assert_eq!(read.chars().count(), written.chars().count());
        }
    }
}
