use base::{FiscalCode, Sex};
use rules::{Facts, Value};

use crate::{FieldError, Form, Group, Path, Question, problem::Problem};

impl Form {
    /// Answers that do not agree with the fiscal code beside them (`agrees_with`): another day of birth, another sex.
    /// Omocodes are read like plain codes; the century is never asked of a code.
    ///
    /// It is no part of [`Form::status`], because only what a person typed can be mended by them: the caller leaves out
    /// what a registry said.
    #[must_use]
    pub fn disagreements(&self, answers: &Facts) -> Vec<FieldError> {
        self.questions().flat_map(|(group, question)| disagreements(group, question, answers)).collect()
    }
}

fn disagreements(group: Option<&Group>, question: &Question, answers: &Facts) -> Vec<FieldError> {
    let Some(code) = &question.agrees_with else { return Vec::new() };
    let rows = group.map_or(1, |group| answers.groups.get(&group.id).map_or(0, Vec::len));
    let row = |row: usize| group.map(|group| (group.id.as_str(), row));
    let told = (0..rows).filter_map(|number| {
        let path = Path::new(row(number), &question.id);
        let Value::Text(code) = Path::new(row(number), code).get(answers)? else { return None };
        let problem = contradicted(&code.parse().ok()?, path.get(answers)?)?;
        Some(problem.at(path))
    });
    told.collect()
}

fn contradicted(code: &FiscalCode, answer: &Value) -> Option<Problem> {
    match answer {
        Value::Date(born) => (!code.fits(*born)).then(|| Problem::OtherBirthday(code.birthday())),
        Value::Text(sex) => (sex.as_str() != letter(code.sex())).then(|| Problem::OtherSex(code.sex())),
        _ => None,
    }
}

const fn letter(sex: Sex) -> &'static str {
    match sex {
        Sex::F => "f",
        Sex::M => "m",
    }
}
