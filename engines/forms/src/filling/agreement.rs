use base::{FiscalCode, Sex};
use rules::{Facts, Value};

use crate::{FieldError, Form, Group, Path, Question, problem::Problem};

impl Form {
    /// Answers that do not agree with the fiscal code beside them (`agrees_with`): another day of birth, another sex.
    /// Omocodes are read like plain codes; the century is never asked of a code.
    ///
    /// It is no part of [`Form::status`], because only what a person typed can be mended by them. What is `fixed`, such as
    /// what a registry said, is not to blame: then it is the code, and where that is fixed, too, nothing is told.
    #[must_use]
    pub fn disagreements(&self, answers: &Facts, fixed: impl Fn(&Path) -> bool) -> Vec<FieldError> {
        self.questions().flat_map(|(group, question)| disagreements((group, question), answers, &fixed)).collect()
    }
}

fn disagreements(
    (group, question): (Option<&Group>, &Question),
    answers: &Facts,
    fixed: &impl Fn(&Path) -> bool,
) -> Vec<FieldError> {
    let Some(code) = &question.agrees_with else { return Vec::new() };
    let rows = group.map_or(1, |group| answers.groups.get(&group.id).map_or(0, Vec::len));
    let row = |row: usize| group.map(|group| (group.id.as_str(), row));
    let told = (0..rows).filter_map(|number| {
        let (path, beside) = (Path::new(row(number), &question.id), Path::new(row(number), code));
        let Value::Text(code) = beside.get(answers)? else { return None };
        let problem = contradicted(&code.parse().ok()?, path.get(answers)?)?;
        match (fixed(&path), fixed(&beside)) {
            (false, _) => Some(problem.at(path)),
            (true, false) => Some(problem.of_code().at(beside)),
            (true, true) => None,
        }
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
