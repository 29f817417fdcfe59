use crate::Param;

/// Conditions of ours joined with `AND`, with the values of whoever asks. The place of each value is written `?`.
#[derive(Debug, Clone, Default)]
pub struct Conditions {
    text: String,
    values: Vec<Param>,
}

impl Conditions {
    /// Behind values that the query has already.
    #[must_use]
    pub const fn behind(values: Vec<Param>) -> Self {
        Self { text: String::new(), values }
    }

    /// One more.
    pub fn and(&mut self, condition: &str, values: impl IntoIterator<Item = Param>) {
        let mut text = condition.to_owned();
        for value in values {
            self.values.push(value);
            text = text.replacen('?', &format!("${}", self.values.len()), 1);
        }
        if !self.text.is_empty() {
            self.text.push_str(" AND ");
        }
        self.text.push_str(&text);
    }

    /// What stands behind `WHERE`.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The values of all placeholders, those before the conditions among them.
    #[must_use]
    pub fn values(&self) -> &[Param] {
        &self.values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_take_the_next_places() {
        let mut wanted = Conditions::behind(vec![Param::from(1_i64)]);
        wanted.and("a = ?", [Param::from(2_i64)]);
        wanted.and("b IS NULL", []);
        wanted.and("(c, d) > (?, ?)", [Param::from(3_i64), Param::from(4_i64)]);
        assert_eq!(wanted.text(), "a = $2 AND b IS NULL AND (c, d) > ($3, $4)");
        assert_eq!(wanted.values().len(), 4);
    }
}
