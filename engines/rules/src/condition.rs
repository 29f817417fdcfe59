use std::collections::BTreeMap;

use base::Date;

use crate::{
    Diagnostic, EvalError, Facts, Input, InputType, Moment, Program, RuleFault, Unit, Value,
    diagnostic::{Place, SourceText},
    evaluation::{Fault, Frame, Run},
    language::{Expr, Names, read_expression},
    unit::Kind,
};

/// An expression over facts alone, in the language of the rules: what an answer given elsewhere says of a fact.
#[derive(Debug, Clone)]
pub struct Formula {
    /// A program of inputs without rules: the names that the expression uses.
    program: Program,
    expr: Expr,
    text: String,
}

/// A yes/no expression over facts alone, in the language of the rules: when a question of a form is asked.
#[derive(Debug, Clone)]
pub struct Condition(Formula);

impl Program {
    /// Reads a condition. Names need no declaration: a plain name is a value of the household (or of the member given
    /// to [`Condition::holds_for`]), a qualified one is a member's and stands inside an aggregate.
    ///
    /// # Errors
    /// What is wrong, with line and column in `text`; the file is left empty for the caller to fill.
    pub fn expression(text: &str) -> Result<Condition, Diagnostic> {
        let (formula, kind) = read_formula(text)?;
        if !matches!(kind, Kind::Bool | Kind::Any) {
            let message = format!("una condizione è sì/no, questa espressione dà {kind}");
            return Err(complain(text, message, "scrivere un confronto, per esempio isee < 9000"));
        }
        Ok(Condition(formula))
    }

    /// Reads an expression that may give anything. Names need no declaration, as in [`Program::expression`].
    ///
    /// # Errors
    /// As [`Program::expression`].
    pub fn formula(text: &str) -> Result<Formula, Diagnostic> {
        read_formula(text).map(|(formula, _)| formula)
    }
}

fn read_formula(text: &str) -> Result<(Formula, Kind), Diagnostic> {
    let mut names = Names::open();
    let (expr, kind) = read_expression(text, None, &mut names).map_err(|error| {
        let place = error.place.unwrap_or(START);
        SourceText::new("", text).complain(place, error.message, error.mend)
    })?;
    let met = names.open.take().unwrap_or_default();
    let inputs = met.into_iter().map(|(owner, name)| input(owner, name, &names.relations)).collect();
    let program = Program { relations: names.relations, inputs, ..Program::default() };
    Ok((Formula { program, expr, text: text.to_owned() }, kind))
}

/// Where a text begins.
const START: Place = Place { line: 1, column: 1 };

fn complain(text: &str, message: String, mend: &str) -> Diagnostic {
    SourceText::new("", text).complain(START, message, mend)
}

fn input(owner: Option<usize>, name: String, relations: &[String]) -> Input {
    Input {
        label: name.clone(),
        name,
        relation: owner.map(|owner| relations[owner].clone()),
        kind: InputType::Text,
        unit: Unit::Text,
        required: false,
        values: Vec::new(),
        identification: false,
        hypothesis: None,
        owner,
    }
}

impl Formula {
    /// The text that it was read from.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The names used: the relation, if a member's, and the name.
    pub fn names(&self) -> impl Iterator<Item = (Option<&str>, &str)> {
        self.program.inputs.iter().map(|input| (input.relation.as_deref(), input.name.as_str()))
    }

    /// The texts that names are compared with, in `=`, `<>` and `IN`: a slip of the pen there is never true, and nobody
    /// would notice.
    #[must_use]
    pub fn texts_compared(&self) -> Vec<(Option<&str>, &str, &str)> {
        let mut found = Vec::new();
        self.gather_texts(&self.expr, &mut found);
        found
    }

    fn gather_texts<'f>(&'f self, expr: &'f Expr, found: &mut Vec<(Option<&'f str>, &'f str, &'f str)>) {
        let (named, others): (&Expr, Vec<&Expr>) = match expr {
            Expr::Compare(_, a, b) if matches!(**b, Expr::Input(_)) => (b, vec![a]),
            Expr::Compare(_, a, b) => (a, vec![b]),
            Expr::InList(a, list) => (a, list.iter().collect()),
            _ => (expr, Vec::new()),
        };
        if let Expr::Input(slot) = named {
            let input = &self.program.inputs[*slot];
            let texts = others.into_iter().filter_map(|other| match other {
                Expr::Const(Value::Text(text)) => Some((input.relation.as_deref(), input.name.as_str(), text.as_str())),
                _ => None,
            });
            found.extend(texts);
        }
        expr.children().into_iter().for_each(|child| self.gather_texts(child, found));
    }

    /// Its value on the day `on`, which is also what `giorno()` gives; [`Value::Null`] if a fact that decides is not
    /// there.
    ///
    /// # Errors
    /// [`EvalError`] if a value is of another type than the expression needs, on overflow and on division by zero.
    pub fn value(&self, facts: &Facts, on: Date) -> Result<Value, EvalError> {
        let frame = Frame::load(&self.program, facts, false)?;
        let mut run = Run::new(&self.program, &frame, Moment::at(on));
        run.eval(&self.expr, 0).map_err(|origin| fault(origin.fault))
    }
}

fn fault(fault: Fault) -> EvalError {
    RuleFault { rule: String::new(), member: None, fault }.into()
}

impl Condition {
    /// The text that it was read from.
    #[must_use]
    pub fn text(&self) -> &str {
        self.0.text()
    }

    /// The names used: the relation, if a member's, and the name.
    pub fn names(&self) -> impl Iterator<Item = (Option<&str>, &str)> {
        self.0.names()
    }

    /// The texts that names are compared with; see [`Formula::texts_compared`].
    #[must_use]
    pub fn texts_compared(&self) -> Vec<(Option<&str>, &str, &str)> {
        self.0.texts_compared()
    }

    /// Whether it holds on the day `on` (which counts for ages only); `None` if a fact that decides is not known.
    ///
    /// # Errors
    /// [`EvalError`] if a value is of another type than the expression needs, on overflow and on division by zero.
    pub fn holds(&self, facts: &Facts, on: Date) -> Result<Option<bool>, EvalError> {
        match self.0.value(facts, on)? {
            Value::Bool(truth) => Ok(Some(truth)),
            Value::Null => Ok(None),
            _ => Err(fault(Fault::WrongType)),
        }
    }

    /// As [`Condition::holds`], for one member of a relation: plain names are the member's own, then the household's.
    ///
    /// # Errors
    /// As [`Condition::holds`].
    pub fn holds_for(
        &self,
        facts: &Facts,
        member: &BTreeMap<String, Value>,
        on: Date,
    ) -> Result<Option<bool>, EvalError> {
        let mut overlaid = facts.clone();
        overlaid.values.extend(member.clone());
        self.holds(&overlaid, on)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn facts() -> Facts {
        let mut facts = Facts::default();
        facts.values.insert("isee".into(), Value::Int(9000));
        let child = |born: &str| BTreeMap::from([("data_nascita".to_owned(), Value::Date(born.parse().unwrap()))]);
        facts.groups.insert("figli".into(), vec![child("2007-05-01"), child("2020-01-01")]);
        facts
    }

    fn holds(text: &str) -> Option<bool> {
        Program::expression(text).unwrap().holds(&facts(), date(2026, 3, 1)).unwrap()
    }

    #[test]
    fn conditions_read_the_facts() {
        assert_eq!(holds("isee <= 9000"), Some(true));
        assert_eq!(holds("mancante = 'x'"), None);
        assert_eq!(holds("mancante IS NULL"), Some(true));
        assert_eq!(holds("bool_or(anni(figli.data_nascita) >= 18)"), Some(true));
        assert_eq!(holds("count(*) FILTER (WHERE anni(figli.data_nascita) < 18) > 1"), Some(false));
    }

    #[test]
    fn plain_names_are_the_members_own() {
        let adult = Program::expression("anni(data_nascita) >= 18 AND isee < 10000").unwrap();
        let facts = facts();
        let answers: Vec<_> = facts.groups["figli"]
            .iter()
            .map(|child| adult.holds_for(&facts, child, date(2026, 3, 1)).unwrap())
            .collect();
        assert_eq!(answers, [Some(true), Some(false)]);
        assert_eq!(adult.names().collect::<Vec<_>>(), [(None, "data_nascita"), (None, "isee")]);
    }

    #[test]
    fn texts_are_told_with_the_name_that_they_are_compared_with() {
        let condition =
            Program::expression("NOT (sede = 'nido' OR 'casa' <> sede) AND isee > 3 AND tipo IN ('a', 'b')");
        assert_eq!(
            condition.unwrap().texts_compared(),
            [(None, "sede", "nido"), (None, "sede", "casa"), (None, "tipo", "a"), (None, "tipo", "b")]
        );
        let members = Program::expression("bool_or(figli.disabilita = 'grave')").unwrap();
        assert_eq!(members.texts_compared(), [(Some("figli"), "disabilita", "grave")]);
    }

    #[test]
    fn a_formula_gives_whatever_it_computes() {
        let value = |text: &str| Program::formula(text).unwrap().value(&facts(), date(2026, 3, 1)).unwrap();
        assert_eq!(value("isee / 2"), Value::Dec(4500.into()));
        assert_eq!(value("CASE WHEN isee < 1 THEN 'poco' ELSE 'molto' END"), Value::from("molto"));
        assert_eq!(value("max(figli.data_nascita)"), Value::Date(date(2020, 1, 1)));
        assert_eq!(value("giorno()"), Value::Date(date(2026, 3, 1)));
        assert_eq!(value("mancante"), Value::Null);
    }

    #[test]
    fn what_is_not_a_condition_is_refused() {
        let wrong = Program::expression("round(isee)").unwrap_err();
        assert!(wrong.message.contains("sì/no") && wrong.column == 1, "{wrong}");
    }

    #[test]
    fn a_value_of_another_type_is_an_error() {
        let condition = Program::expression("isee = 'nessuno'").unwrap();
        assert!(matches!(condition.holds(&facts(), date(2026, 3, 1)), Err(EvalError::Rule(_))));
    }
}
