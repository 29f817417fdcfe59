//! What the answers given so far say to a service, and what they leave open.

use std::collections::{BTreeMap, BTreeSet};

use base::Date;
use forms::Path;
use rules::Decimal;
use rules::{Facts, Formula, Input, InputType, Value};

use super::{
    Screener,
    declared::{InputName, List, Source, Surety},
};
use crate::Service;

/// The answers given so far.
pub(super) struct Known<'a> {
    pub(super) screener: &'a Screener,
    answers: &'a Facts,
    pub(super) today: Date,
    /// Pages that are answered, or that nobody has to answer.
    settled: BTreeSet<&'a str>,
}

/// The facts of a service, as far as the answers tell them.
#[derive(Debug, Clone, Default)]
pub(super) struct Told {
    /// What the rules get.
    pub facts: Facts,
    /// By input that is still unknown (with its relation): the questions that would tell it.
    pub waiting: BTreeMap<(Option<String>, String), BTreeSet<String>>,
    /// The questions without which not even the number of a list's rows is known.
    pub lists: BTreeSet<String>,
}

impl<'a> Known<'a> {
    pub fn new(screener: &'a Screener, answers: &'a Facts, today: Date) -> Self {
        let mut known = Self { screener, answers, today, settled: BTreeSet::new() };
        // A condition names only what earlier pages ask: in this order each page finds its own condition settled.
        for page in &screener.form.pages {
            let open = page.when.as_ref().is_some_and(|when| !known.pending(&when.names(), None).is_empty());
            let skipped = || page.when.as_ref().is_some_and(|when| !when.holds(answers, today));
            if !open && (skipped() || known.is_answered(page)) {
                known.settled.insert(&page.id);
            }
        }
        known
    }

    /// Whether a page is answered, or nobody has to answer it.
    pub fn is_settled(&self, page: &str) -> bool {
        self.settled.contains(page)
    }

    /// Whether every question of the page that applies has an answer.
    pub fn is_answered(&self, page: &forms::Page) -> bool {
        let fields = self.screener.form.fields(self.answers, self.today);
        let mut asked = fields.iter().filter(|field| field.page.id == page.id).peekable();
        let status = self.screener.form.status(self.answers, self.today);
        let sound = status.pages.iter().all(|one| one.page != page.id || one.is_complete());
        asked.peek().is_some() && sound && asked.all(|field| field.path.get(self.answers).is_some())
    }

    /// The questions to ask before these names are known; inside a group a plain name is the row's own first.
    fn pending(&self, names: &[String], group: Option<&str>) -> BTreeSet<String> {
        let pages = names.iter().filter_map(|name| {
            let own = group.and_then(|group| self.screener.pages.get(&format!("{group}.{name}")));
            own.or_else(|| self.screener.pages.get(name))
        });
        pages.filter(|page| !self.settled.contains(page.as_str())).flat_map(|page| self.before(page)).collect()
    }

    /// The page itself, or the questions that decide whether it is asked at all.
    fn before(&self, page: &str) -> BTreeSet<String> {
        let when = self.screener.form.page(page).and_then(|page| page.when.as_ref());
        let first = when.map(|when| self.pending(&when.names(), None)).unwrap_or_default();
        if first.is_empty() { BTreeSet::from([page.to_owned()]) } else { first }
    }

    /// What the answers say to a service.
    pub fn told(&self, service: &Service) -> Told {
        let mut told = Told::default();
        let Some(program) = &service.program else { return told };
        for input in program.inputs().iter().filter(|input| input.relation.is_none()) {
            if let Some(source) = self.screener.source(&service.slug, input) {
                let mut values = std::mem::take(&mut told.facts.values);
                self.write(source, input, (None, self.answers), &mut values, &mut told);
                told.facts.values = values;
            }
        }
        for relation in program.relations() {
            let rows = self.rows(service, relation, &mut told);
            told.facts.groups.insert(relation.clone(), rows);
        }
        told
    }

    fn rows(&self, service: &Service, relation: &str, told: &mut Told) -> Vec<BTreeMap<String, Value>> {
        let inputs = service.program.as_ref().map_or(&[][..], |program| program.inputs());
        let mut rows = Vec::new();
        for list in self.screener.lists(&service.slug, relation) {
            let group = Some(list.each.as_str());
            told.lists.extend(self.pending(&names(list.when.names()), group));
            for member in self.members(list) {
                let mut row = BTreeMap::new();
                for input in inputs.iter().filter(|input| input.relation.as_deref() == Some(relation)) {
                    if let Some(source) = self.screener.source(&service.slug, input) {
                        self.write(source, input, (group, &member), &mut row, told);
                    }
                }
                rows.push(row);
            }
        }
        rows
    }

    /// The answers as each row of a list sees them: its own over those of everybody.
    fn members(&self, list: &List) -> Vec<Facts> {
        let rows = self.answers.groups.get(&list.each).map_or(&[][..], Vec::as_slice);
        let seen = rows.iter().map(|row| {
            let mut facts = self.answers.clone();
            facts.values.extend(row.clone());
            facts
        });
        seen.filter(|facts| matches!(list.when.holds(facts, self.today), Ok(Some(true)))).collect()
    }

    /// Writes the value of an input, or notes which questions would tell it.
    fn write(
        &self,
        source: &Source,
        input: &Input,
        (group, answers): (Option<&str>, &Facts),
        values: &mut BTreeMap<String, Value>,
        told: &mut Told,
    ) {
        let Some(formula) = &source.formula else {
            if !input.required {
                values.insert(input.name.clone(), Value::Null);
            }
            return;
        };
        let pending = self.pending(&names(formula.names()), group);
        if pending.is_empty() {
            values.insert(input.name.clone(), value(formula, input, answers, self.today));
        } else {
            told.waiting.entry((input.relation.clone(), input.name.clone())).or_default().extend(pending);
        }
    }

    /// What was really answered, by the names of the service's form, as it would be typed.
    pub fn carried(&self, service: &Service) -> Vec<(String, String)> {
        let told = self.told(service);
        let said = |path: &Path| {
            let relation = path.row.as_ref().map(|(relation, _)| relation.as_str());
            let sources = self.screener.mapping.sources.iter();
            let said = sources.filter(|source| source.surety == Surety::Said).flat_map(|source| &source.inputs);
            said.into_iter().any(|input| input.is(&service.slug, relation, &path.id))
        };
        let paths = Path::all(&told.facts).into_iter().filter(said);
        let typed = paths.filter_map(|path| {
            let (_, question) = service.form.question(&path)?;
            let value = path.get(&told.facts).filter(|value| !value.is_null())?;
            Some((path.to_string(), question.typed(value)))
        });
        typed.collect()
    }
}

impl Screener {
    pub(super) fn source(&self, service: &str, input: &Input) -> Option<&Source> {
        let is = |one: &InputName| one.is(service, input.relation.as_deref(), &input.name);
        self.mapping.sources.iter().find(|source| source.inputs.iter().any(is))
    }

    pub(super) fn lists<'s>(&'s self, service: &'s str, relation: &'s str) -> impl Iterator<Item = &'s List> {
        let fills = move |list: &&List| list.of.iter().any(|(slug, name)| slug == service && name == relation);
        self.mapping.lists.iter().filter(fills)
    }
}

/// `isee`, `persone.chi`.
pub(super) fn names<'n>(names: impl Iterator<Item = (Option<&'n str>, &'n str)>) -> Vec<String> {
    let name = |(relation, name): (Option<&str>, &str)| {
        relation.map_or_else(|| name.to_owned(), |relation| format!("{relation}.{name}"))
    };
    names.map(name).collect()
}

/// The value as the input holds it; what cannot be computed is as if it did not exist, and the rules say what then.
pub(super) fn value(formula: &Formula, input: &Input, answers: &Facts, today: Date) -> Value {
    match (formula.value(answers, today).unwrap_or_default(), input.kind) {
        (Value::Dec(number), InputType::Integer) if number.is_integer() => whole(number),
        (value, _) => value,
    }
}

fn whole(number: Decimal) -> Value {
    number.normalize().to_string().parse().map_or(Value::Dec(number), Value::Int)
}
