//! What was declared, as rows of a table: name, value, where it comes from.

use base::{Language::Italian, short_date};
use cases::Case;
use catalogue::{LawTeller, Service};
use forms::{Group, Kind, Path, Question};
use rules::MemberRef;

/// Rows of three cells, for the filter `tabella_dati`: answers of the person first, then those of each member, in the
/// order of the form. Files are told by name elsewhere.
pub(super) fn rows(case: &Case, service: &Service) -> Vec<[String; 3]> {
    let writer = Writer { case, law: LawTeller { words: &service.law, facts: &case.answers, language: Italian } };
    let own = service.form.questions().filter(|(group, _)| group.is_none());
    let own = own.filter_map(|(_, question)| writer.row(question, &Path::of(&question.id), None));
    own.chain(service.form.groups().flat_map(|group| writer.members(group))).collect()
}

struct Writer<'a> {
    case: &'a Case,
    law: LawTeller<'a>,
}

impl Writer<'_> {
    fn members(&self, group: &Group) -> Vec<[String; 3]> {
        let many = self.case.answers.groups.get(&group.id).map_or(0, Vec::len);
        let rows = (0..many).flat_map(|index| {
            let name = self.law.member(&MemberRef { relation: group.id.clone(), index });
            let asked = group.questions.iter().map(move |question| (index, question, name.clone()));
            asked.filter_map(|(index, question, name)| {
                self.row(question, &Path::in_row(&group.id, index, &question.id), Some(&name))
            })
        });
        rows.collect()
    }

    fn row(&self, question: &Question, path: &Path, member: Option<&str>) -> Option<[String; 3]> {
        let answer = path.get(&self.case.answers).filter(|answer| !answer.is_null())?;
        if matches!(question.kind, Kind::Attachment(_)) {
            return None;
        }
        let label = question.label.get(Italian);
        let label = member.map_or_else(|| label.to_owned(), |member| format!("{member}: {label}"));
        Some([label, question.show(answer, Italian), self.source(path)])
    }

    fn source(&self, path: &Path) -> String {
        let source = self.case.sources.get(&path.to_string());
        source.map_or_else(
            || "dichiarato da te".to_owned(),
            |source| format!("{}, {}", source.registry_name, short_date(source.recorded_on)),
        )
    }
}
