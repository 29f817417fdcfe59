use std::collections::BTreeSet;

use crate::{Expr, Program, Value};

/// The texts that a law names, in their order. Each has an odd code; every other text has the even code between its
/// neighbours. So codes compare as texts do, as long as one side is a text that the law names.
#[derive(Debug, Clone, Default)]
pub(super) struct Words(Vec<String>);

impl Words {
    pub fn of(program: &Program) -> Self {
        let mut words = BTreeSet::new();
        for input in &program.inputs {
            words.extend(input.values.iter().cloned());
        }
        for row in program.parameters.iter().flat_map(|parameter| &parameter.rows) {
            words.extend(row.value.as_text().map(str::to_owned));
        }
        for version in program.rules.iter().flat_map(|rule| &rule.versions) {
            texts(&version.expr, &mut words);
        }
        Self(words.into_iter().collect())
    }

    /// The code of a text that the law names.
    pub fn code(&self, text: &str) -> Option<i32> {
        let place = self.0.binary_search_by(|word| word.as_str().cmp(text)).ok()?;
        i32::try_from(2 * place + 1).ok()
    }

    /// The code of any text.
    pub fn code_of_any(&self, text: &str) -> i32 {
        let code = match self.0.binary_search_by(|word| word.as_str().cmp(text)) {
            Ok(place) => 2 * place + 1,
            Err(place) => 2 * place,
        };
        i32::try_from(code).unwrap_or(i32::MAX)
    }

    /// All of them; the code of each is twice its place and one more.
    pub fn all(&self) -> &[String] {
        &self.0
    }
}

fn texts(expr: &Expr, words: &mut BTreeSet<String>) {
    if let Expr::Const(Value::Text(text)) = expr {
        words.insert(text.clone());
    }
    for child in expr.children() {
        texts(child, words);
    }
}
