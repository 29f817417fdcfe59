//! What is not translated, and what translates nothing. The service is offered all the same, in Italian where words
//! are missing: `sportello check` tells it.

use std::collections::BTreeSet;

use base::{Language, nearest};
use rules::{Diagnostic, InputType, Program, Role, Unit};

use super::{LawWords, file_name};
use crate::{
    Folder,
    source::{Source, whole_file},
};

/// All that is to be told about the words of a law.
pub(crate) fn audit(
    folder: &Folder,
    program: &Program,
    words: &LawWords,
    italian_only: &[Language],
) -> Vec<Diagnostic> {
    let spoken = Language::ALL.into_iter().filter(|language| !italian_only.contains(language));
    spoken.flat_map(|language| Audit { folder, program, words, language }.all()).collect()
}

struct Audit<'a> {
    folder: &'a Folder,
    program: &'a Program,
    words: &'a LawWords,
    language: Language,
}

impl Audit<'_> {
    fn all(&self) -> Vec<Diagnostic> {
        if !self.words.files.contains_key(&self.language) {
            let name = self.folder.name_of(file_name(self.language));
            let mend = "scriverlo: il formato è in docs/guides/add-a-service.md";
            return vec![whole_file(&name, "manca il file: le parole delle regole restano in italiano", mend)];
        }
        let mut told = self.words();
        told.extend(self.supposed());
        told
    }

    fn words(&self) -> Vec<Diagnostic> {
        let Some(file) = self.words.files.get(&self.language) else { return Vec::new() };
        let wanted = if self.language == Language::Italian { code_names(self.program) } else { texts(self.program) };
        let missing = wanted.iter().filter(|(text, _)| !file.words.contains_key(text));
        let missing = missing.map(|(text, written)| {
            let message = match self.language {
                Language::Italian => format!("«{text}» non ha un nome per le persone"),
                other => format!("«{text}» non è tradotto in «{}»", other.tag()),
            };
            self.in_rules(written, message, format!("aggiungere in {}, sotto [words]: \"{text}\" = \"…\"", self.file()))
        });
        let known: BTreeSet<&str> = wanted.iter().map(|(text, _)| text.as_str()).collect();
        let idle = file.words.iter().filter(|(text, _)| !known.contains(text.as_str()));
        let idle = idle.map(|(text, (_, site))| {
            let near = nearest(text, known.iter().copied());
            let mend = near.map_or("togliere la riga".to_owned(), |near| format!("in rules.md ora c’è «{near}»?"));
            site.complain(format!("«{text}» non è in rules.md"), mend)
        });
        missing.chain(idle).collect()
    }

    fn supposed(&self) -> Vec<Diagnostic> {
        let Some(file) = self.words.files.get(&self.language) else { return Vec::new() };
        let wanted = supposable(self.program);
        let missing = wanted.iter().filter(|(name, _)| !file.supposed.contains_key(name));
        let missing = missing.map(|(name, written)| {
            let message = format!("nessuna frase in «{}» per quando «{name}» potrebbe cambiare", self.language.tag());
            let mend = format!("aggiungere in {}, sotto [supposed]: {name} = \"… {{outcome}}.\"", self.file());
            self.in_rules(written, message, mend)
        });
        let numbers =
            self.program.inputs().iter().filter(|input| is_number(input.kind)).map(|input| input.name.as_str());
        let known: BTreeSet<&str> = wanted.iter().map(|(name, _)| name.as_str()).chain(numbers).collect();
        let idle = file.supposed.iter().filter(|(name, _)| !known.contains(name.as_str()));
        let idle = idle.map(|(name, (_, site))| {
            let near = nearest(name, known.iter().copied());
            let mend = near.map_or("togliere la riga".to_owned(), |near| format!("forse si voleva «{near}»"));
            site.complain(format!("«{name}» non è una regola o un dato che si possa supporre diverso"), mend)
        });
        missing.chain(idle).collect()
    }

    fn file(&self) -> &'static str {
        file_name(self.language)
    }

    /// At the line of `rules.md` where `written` stands.
    fn in_rules(&self, written: &str, message: String, mend: String) -> Diagnostic {
        let (name, text) = (self.folder.name_of("rules.md"), self.folder.text("rules.md").unwrap_or(""));
        Source::new(&name, text).site(text.find(written).unwrap_or(0)).complain(message, mend)
    }
}

/// Every text of the law that people may read, once, with how it is written in the file.
fn texts(program: &Program) -> Vec<(String, String)> {
    let titles = program.rules().iter().flat_map(|rule| &rule.versions).flat_map(|version| {
        let otherwise = version.otherwise.as_ref().map(|text| (text.clone(), format!("se no: {text}")));
        [Some((version.title.clone(), format!("titolo: {}", version.title))), otherwise].into_iter().flatten()
    });
    let inputs = program.inputs().iter().filter(|input| !input.identification);
    let inputs = inputs.map(|input| (input.label.clone(), format!("| {} |", input.label)));
    let mut seen = BTreeSet::new();
    titles.chain(inputs).chain(code_names(program)).filter(|(text, _)| seen.insert(text.clone())).collect()
}

/// Parameters: what is written of them in `rules.md` is a name for the program, without accents.
fn code_names(program: &Program) -> Vec<(String, String)> {
    program.parameters().iter().map(|one| (one.name.replace('_', " "), format!("| {} |", one.name))).collect()
}

/// Numbers are tried at their nearest bounds: a sentence may say so, and the general one will do.
const fn is_number(kind: InputType) -> bool {
    matches!(kind, InputType::Integer | InputType::Decimal)
}

/// Rules and data that a near miss names and that a sentence about a number does not fit.
fn supposable(program: &Program) -> Vec<(String, String)> {
    let rules = program.rules().iter().filter(|rule| {
        let tried = rule.versions.iter().any(|version| version.supposable);
        rule.unit == Unit::YesNo && rule.role != Some(Role::Entitlement) && tried
    });
    let rules = rules.map(|rule| (rule.name.clone(), format!("regola: {}\n", rule.name)));
    let inputs = program.inputs().iter().filter(|input| input.hypothesis.is_some());
    rules.chain(inputs.map(|input| (input.name.clone(), format!("| {} |", input.name)))).collect()
}
