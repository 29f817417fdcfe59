//! Whether what the rules read is asked, in a fitting way.

use forms::{Group, Kind, Path, Question};
use rules::{Diagnostic, Input, InputType};

use super::form_site;
use crate::{Service, source::whole_file};

/// What the rules need must be asked: else no application could ever be decided.
pub(super) fn inspect(service: &Service) -> Vec<Diagnostic> {
    let inputs = || service.program.iter().flat_map(|program| program.inputs());
    let unasked = inputs().filter_map(|input| input_is_asked(service, input));
    unasked.chain(inputs().filter_map(|input| options_are_read(service, input))).collect()
}

fn input_is_asked(service: &Service, input: &Input) -> Option<Diagnostic> {
    let name = input.relation.as_ref().map_or_else(|| input.name.clone(), |group| format!("{group}.{}", input.name));
    let same = |(group, question): &(Option<&Group>, &Question)| {
        question.id == input.name && group.map(|group| &group.id) == input.relation.as_ref()
    };
    let file = &service.form.file;
    match service.form.questions().find(same) {
        None if input.required => Some(whole_file(
            file,
            format!("le regole usano «{name}» e nessuno lo chiede"),
            format!("aggiungere una domanda con id = \"{}\"{}", input.name, in_group(input)),
        )),
        None => mistyped(service, input),
        Some((_, question)) if !fits(&question.kind, input.kind) => Some(whole_file(
            file,
            format!("«{name}» è {} nel modulo e un altro tipo di dato nelle regole", question.kind.name()),
            format!("usare kind = \"{}\"", usual_kind(input.kind)),
        )),
        _ => None,
    }
}

/// A fact that may be left out need not be asked; but a question of nearly the same name, which nobody reads, is a slip.
fn mistyped(service: &Service, input: &Input) -> Option<Diagnostic> {
    let program = service.program.as_ref()?;
    let read = |id: &str| program.inputs().iter().any(|one| one.name == id);
    let group = |group: Option<&Group>| group.map(|group| &group.id) == input.relation.as_ref();
    let unread = service.form.questions().filter(|(owner, question)| group(*owner) && !read(&question.id));
    let near = base::nearest(&input.name, unread.map(|(_, question)| question.id.as_str()))?.to_owned();
    let message = format!("le regole usano «{}», e la domanda «{near}» non la legge nessuno", input.name);
    let mend = format!("forse si voleva id = \"{}\"", input.name);
    Some(form_site(service, &near).complain(message, mend))
}

/// Answers to choose from are values that the rules know.
fn options_are_read(service: &Service, input: &Input) -> Option<Diagnostic> {
    let path = match &input.relation {
        Some(relation) => Path::in_row(relation, 0, &input.name),
        None => Path::of(&input.name),
    };
    let (_, question) = service.form.question(&path).filter(|_| !input.values.is_empty())?;
    let option = question.kind.options().iter().find(|option| !input.values.contains(&option.value))?;
    let message = format!("le regole non conoscono la risposta «{}» di «{}»", option.value, input.name);
    let mend = format!("i valori che leggono: {}", input.values.join(", "));
    Some(form_site(service, &option.value).complain(message, mend))
}

fn in_group(input: &Input) -> String {
    input.relation.as_ref().map_or_else(String::new, |group| format!(" nel gruppo \"{group}\""))
}

pub(super) const fn fits(kind: &Kind, input: InputType) -> bool {
    match input {
        InputType::Bool => matches!(kind, Kind::YesNo | Kind::Declaration { .. }),
        InputType::Integer => matches!(kind, Kind::Number { .. }),
        InputType::Decimal => matches!(kind, Kind::Number { .. } | Kind::Money { .. }),
        InputType::Date => matches!(kind, Kind::Date { .. }),
        InputType::Text => !matches!(
            kind,
            Kind::YesNo
                | Kind::Declaration { .. }
                | Kind::Number { .. }
                | Kind::Money { .. }
                | Kind::Date { .. }
                | Kind::Note
        ),
    }
}

pub(super) const fn usual_kind(input: InputType) -> &'static str {
    match input {
        InputType::Bool => "yes-no",
        InputType::Integer => "number",
        InputType::Decimal => "money",
        InputType::Date => "date",
        InputType::Text => "text",
    }
}
