use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use base::Language;

use super::{WordFiles, read};

/// What is wrong with the words of a crate, one sentence each; empty when all is well. Meant for a test of each crate:
///
/// ```ignore
/// assert_eq!(web::words::check(&crate::WORDS, tidy::room(), &[&web::WORDS]), Vec::<String>::new());
/// ```
///
/// The three languages must have the same keys with the same placeholders; every key that the templates and the Rust
/// files below `src` and `templates` ask for must exist, here or in `others`; every key must be used. A text literal
/// that ends with a dot, such as `"cases.state."`, counts as a use of all keys that begin with it.
#[must_use]
pub fn check(files: &WordFiles, folder: impl AsRef<Path>, others: &[&WordFiles]) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut languages = Vec::new();
    for language in Language::ALL {
        match read(files, language) {
            Ok(texts) => languages.push((language.tag(), BTreeMap::from_iter(texts))),
            Err(error) => wrong.push(error.to_string()),
        }
    }
    compare(&languages, &mut wrong);
    let own: BTreeSet<&String> = languages.iter().flat_map(|(_, texts)| texts.keys()).collect();
    let foreign: BTreeSet<String> = others.iter().flat_map(|files| keys(files)).collect();
    let source = sources(folder.as_ref());
    for key in asked(&source) {
        let defined = |key: &String| own.contains(key) || foreign.contains(key);
        let plural = |ending: &str| defined(&format!("{key}{ending}"));
        let known = defined(&key) || (plural("_one") && plural("_other"));
        if !known {
            wrong.push(format!("`{key}` is asked for and not defined"));
        }
    }
    let literals = literals(&source);
    wrong.extend(own.iter().filter(|key| !used(key, &literals)).map(|key| format!("`{key}` is never used")));
    wrong
}

fn keys(files: &WordFiles) -> Vec<String> {
    read(files, Language::Italian).unwrap_or_default().into_iter().map(|(key, _)| key).collect()
}

type Texts = BTreeMap<String, String>;

fn compare(languages: &[(&'static str, Texts)], wrong: &mut Vec<String>) {
    let Some(((_, italian), rest)) = languages.split_first() else { return };
    for (tag, texts) in rest {
        let missing =
            |from: &Texts, to: &Texts| from.keys().filter(|key| !to.contains_key(*key)).cloned().collect::<Vec<_>>();
        wrong.extend(missing(italian, texts).iter().map(|key| format!("`{key}` is missing in {tag}")));
        wrong.extend(missing(texts, italian).iter().map(|key| format!("`{key}` is in {tag} and not in it")));
        let both = italian.iter().filter_map(|(key, text)| Some((key, text, texts.get(key)?)));
        let unlike = both.filter(|(_, first, second)| placeholders(first) != placeholders(second));
        wrong.extend(unlike.map(|(key, ..)| format!("`{key}` has other placeholders in {tag} than in it")));
    }
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect()
}

fn sources(folder: &Path) -> String {
    let mut text = String::new();
    for part in ["src", "templates"] {
        gather(&folder.join(part), &mut text);
    }
    text
}

fn gather(folder: &Path, text: &mut String) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            gather(&path, text);
        } else if path.extension().is_some_and(|ending| ending == "rs" || ending == "html") {
            let whole = fs::read_to_string(&path).unwrap_or_default();
            // Tests inside a file speak of keys that nobody shows.
            text.push_str(whole.split("#[cfg(test)]").next().unwrap_or(""));
            text.push('\n');
        }
    }
}

/// Keys that are certainly meant as such: the first argument of `t`, `t1`, `t2`, `tn`, `tn1`, `in_all` and `page`.
fn asked(source: &str) -> BTreeSet<String> {
    let calls = [".t(\"", ".t1(\"", ".t2(\"", ".tn(\"", ".tn1(\"", ".in_all(\"", ".page(\""];
    let starts = calls.iter().flat_map(|call| source.match_indices(call).map(move |(at, _)| at + call.len()));
    starts.filter_map(|at| source[at..].split_once('"')).map(|(key, _)| key.to_owned()).collect()
}

fn literals(source: &str) -> BTreeSet<&str> {
    let word = |text: &&str| {
        text.contains('.')
            && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '{' | '}'))
    };
    source.split('"').filter(word).collect()
}

fn used(key: &str, literals: &BTreeSet<&str>) -> bool {
    let plain = key.trim_end_matches("_one").trim_end_matches("_other");
    literals.contains(key)
        || literals.contains(plain)
        || literals.iter().any(|literal| {
            let fixed = literal.split('{').next().unwrap_or(literal);
            fixed.ends_with('.') && key.starts_with(fixed)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_is_missing_unlike_undefined_and_unused() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("src")).unwrap();
        let template =
            r#"{{ page.t("x.good") }} {{ page.tn("x.many", n) }} {{ page.t("x.ghost") }} {{ page.t("y.other") }}"#;
        fs::write(folder.path().join("src/a.html"), template).unwrap();
        fs::write(folder.path().join("src/a.rs"), r#"page.t(&format!("x.state.{state}"))"#).unwrap();
        let italian = "x.good = '{a}'\nx.many_one = ''\nx.many_other = ''\nx.idle = ''\nx.state.open = ''\nx.only = ''";
        let english = "x.good = '{b}'\nx.many_one = ''\nx.many_other = ''\nx.idle = ''\nx.state.open = ''";
        let files = WordFiles { room: "x", texts: [italian, english, italian] };
        let others = WordFiles { room: "y", texts: ["y.other = ''", "", ""] };
        let wrong = check(&files, folder.path().to_str().unwrap(), &[&others]);
        assert_eq!(
            wrong,
            [
                "`x.only` is missing in en",
                "`x.good` has other placeholders in en than in it",
                "`x.ghost` is asked for and not defined",
                "`x.idle` is never used",
                "`x.only` is never used",
            ]
        );
    }
}
