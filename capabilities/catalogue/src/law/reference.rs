use base::Language;

/// A reference to the law as `rules.md` shortens it, in the way of a language: `art. 3 c. 1 lett. b` becomes
/// `Art. 3(1)(b)` in English and `Art. 3 Abs. 1 Buchst. b` in German. What is not understood stays as it is.
#[must_use]
pub fn law_reference(italian: &str, language: Language) -> String {
    match language {
        Language::Italian => italian.to_owned(),
        Language::English => english(&shortened(italian)),
        Language::German => german(&shortened(italian)),
    }
}

/// `art. 2, comma 2` as `art. 2 c. 2`: officials write both.
fn shortened(italian: &str) -> String {
    let pairs = [(", comma ", " c. "), (", commi ", " cc. "), (", lettera ", " lett. "), (", lettere ", " lett. ")];
    pairs.iter().fold(italian.to_owned(), |text, (long, short)| text.replace(long, short))
}

fn german(italian: &str) -> String {
    let word = |word: &str| {
        let german = match word {
            "art." | "artt." | "Art." | "Artt." => "Art.",
            "c." | "cc." => "Abs.",
            "lett." => "Buchst.",
            "L." => "Gesetz",
            "d.lgs." => "GvD",
            "DL" => "Gesetzesdekret",
            "allegato" | "Allegato" => "Anhang",
            "tabella" => "Tabelle",
            "c.c." => "ZGB",
            "n." => "Nr.",
            "e" => "und",
            other => other,
        };
        german.to_owned()
    };
    italian.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// Paragraphs and letters stand in brackets behind the article.
fn english(italian: &str) -> String {
    let mut text = String::new();
    let mut bracketed = false;
    for word in italian.split(' ') {
        if bracketed {
            let (number, rest) = word.split_at(word.find([',', ';']).unwrap_or(word.len()));
            text.push_str(&format!("({number}){rest}"));
            bracketed = false;
            continue;
        }
        let english = match word {
            "c." | "cc." | "lett." => {
                bracketed = true;
                continue;
            }
            "art." | "Art." => "Art.",
            "artt." | "Artt." => "Arts.",
            "L." => "Law",
            "d.lgs." => "Legislative Decree",
            "DL" => "Decree-Law",
            "allegato" | "Allegato" => "Annex",
            "tabella" => "Table",
            "c.c." => "Civil Code",
            "n." => "No.",
            "e" => "and",
            other => other,
        };
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(english);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_follow_the_habits_of_each_language() {
        let cases = [
            ("art. 2 c. 1 lett. a", "Art. 2(1)(a)", "Art. 2 Abs. 1 Buchst. a"),
            ("art. 3 c. 1 lett. c-d", "Art. 3(1)(c-d)", "Art. 3 Abs. 1 Buchst. c-d"),
            ("art. 4 cc. 1-8", "Art. 4(1-8)", "Art. 4 Abs. 1-8"),
            ("L. 197/2022, art. 1 c. 357", "Law 197/2022, Art. 1(357)", "Gesetz 197/2022, Art. 1 Abs. 357"),
            ("art. 4 c. 1, tabella 2", "Art. 4(1), Table 2", "Art. 4 Abs. 1, Tabelle 2"),
            ("art. 2, comma 2, L. 241/1990", "Art. 2(2), Law 241/1990", "Art. 2 Abs. 2, Gesetz 241/1990"),
            ("art. 2963 c. 3 c.c.", "Art. 2963(3) Civil Code", "Art. 2963 Abs. 3 ZGB"),
            ("art. 4", "Art. 4", "Art. 4"),
            ("", "", ""),
        ];
        for (italian, english, german) in cases {
            assert_eq!(law_reference(italian, Language::English), english);
            assert_eq!(law_reference(italian, Language::German), german);
            assert_eq!(law_reference(italian, Language::Italian), italian);
        }
    }
}
