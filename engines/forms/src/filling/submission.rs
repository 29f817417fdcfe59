use base::Date;
use rules::{Facts, Value};

use crate::{Form, Kind, Path};

impl Form {
    /// Writes in that the person accepted every statement which the confirmation button accepts.
    pub fn accept_declarations(&self, answers: &mut Facts, today: Date) {
        let fields = self.fields(answers, today).into_iter();
        let on_confirm = fields.filter(|field| field.question.kind == Kind::Declaration { on_confirm: true });
        let paths: Vec<Path> = on_confirm.map(|field| field.path).collect();
        for path in paths {
            path.set(answers, Value::Bool(true));
        }
    }

    /// The answers as the rules want them: [`Value::Null`] ("there is none") for questions that do not apply or may
    /// stay empty and do; nothing ("not known") for those that must still be answered.
    #[must_use]
    pub fn submission(&self, answers: &Facts, today: Date) -> Facts {
        let mut submitted = Facts::default();
        for (group, question) in self.questions().filter(|(_, question)| question.kind != Kind::Note) {
            let rows = group.map_or(1, |group| self.rows(group, answers));
            if let Some(group) = group {
                submitted.groups.entry(group.id.clone()).or_default().resize_with(rows, Default::default);
            }
            let paths = (0..rows).map(|row| Path::new(group.map(|group| (group.id.as_str(), row)), &question.id));
            for path in paths.filter(|path| self.is_open(path)) {
                path.set(&mut submitted, Value::Null);
            }
        }
        for field in self.fields(answers, today).iter().filter(|field| field.question.kind != Kind::Note) {
            match field.path.get(answers).filter(|answer| !answer.is_null()) {
                Some(answer) => field.path.set(&mut submitted, answer.clone()),
                None if field.question.required => field.path.remove(&mut submitted),
                None => {}
            }
        }
        submitted
    }
}
