//! «Che cosa mi spetta?», on the real services: whoever answers, in whatever way.

use base::{Chance, Date, SeededChance};
use catalogue::{MOST_QUESTIONS, Offer, Screener, Standing};
use forms::{Field, Form, Kind, Path};
use jiff::{ToSpan, civil::date};
use rules::{Decimal, Facts, Value};

use crate::real::real_offer;

const TODAY: Date = date(2026, 11, 21);

/// Somebody who answers at random, and always the same way.
struct Person<'a> {
    form: &'a Form,
    chance: SeededChance,
    answers: Facts,
}

impl<'a> Person<'a> {
    fn new(screener: &'a Screener, seed: u64) -> Self {
        let mut person = Self { form: &screener.form, chance: SeededChance::new(seed), answers: Facts::default() };
        let many = 1 + person.below(4);
        for row in 0..many {
            let who = ["io", "figlio", "altro"][if row == 0 { 0 } else { 1 + person.below(2) }];
            Path::in_row("persone", row, "chi").set(&mut person.answers, Value::from(who));
        }
        person
    }

    fn below(&mut self, most: usize) -> usize {
        usize::from(u16::from_le_bytes((&self.chance as &dyn Chance).bytes::<2>())) % most
    }

    fn answer(&mut self, page: &str) {
        // Answers open further fields on the same page: until none is left.
        while let Some(path) = self.open(page) {
            let value = self.value(&path);
            path.set(&mut self.answers, value);
        }
    }

    fn open(&self, page: &str) -> Option<Path> {
        let fields = self.form.fields(&self.answers, TODAY);
        let mut open =
            fields.iter().filter(|field: &&Field<'_>| field.page.id == page && field.path.get(&self.answers).is_none());
        open.next().map(|field| field.path.clone())
    }

    fn value(&mut self, path: &Path) -> Value {
        let question = self.form.question(path).unwrap().1;
        match &question.kind {
            Kind::Choice(options) => Value::Text(options[self.below(options.len())].value.clone()),
            Kind::YesNo => Value::Bool(self.below(2) == 0),
            Kind::Number { min, max } => {
                let span = usize::try_from(max - min + 1).unwrap();
                Value::Int(min + i64::try_from(self.below(span)).unwrap())
            }
            Kind::Money { .. } if !question.required && self.below(4) == 0 => Value::Null,
            Kind::Money { .. } => Value::Dec(Decimal::from(self.below(3) * self.below(15_000))),
            Kind::Date { .. } => {
                let years = if question.id == "fine_lavoro" { 1 } else { [4, 21, 80][self.below(3)] };
                Value::Date(TODAY - i32::try_from(self.below(365 * years)).unwrap().days())
            }
            other => panic!("no sample for {other:?}"),
        }
    }
}

fn screener(offer: &Offer) -> &Screener {
    offer.screener.as_deref().expect("the house has a screener")
}

#[test]
fn nobody_is_asked_more_than_twelve_questions_and_nobody_is_left_without_an_answer() {
    let offer = real_offer();
    let screener = screener(&offer);
    let mut longest = 0;
    for seed in 0..100 {
        let mut person = Person::new(screener, seed);
        let mut asked = Vec::new();
        let mut verdicts = screener.verdicts(&offer, &person.answers, TODAY);
        while let Some(page) = screener.next(&verdicts).map(str::to_owned) {
            assert!(!asked.contains(&page), "asked twice: {page}, seed {seed}");
            person.answer(&page);
            asked.push(page);
            verdicts = screener.verdicts(&offer, &person.answers, TODAY);
        }
        assert!(asked.len() <= MOST_QUESTIONS, "{asked:?}");
        longest = longest.max(asked.len());
    }
    assert!((8..=MOST_QUESTIONS).contains(&longest), "the longest way was {longest}");
}

#[test]
fn what_is_decided_stays_decided_whatever_is_answered_to_the_rest() {
    let offer = real_offer();
    let screener = screener(&offer);
    for seed in 1_000..1_050 {
        let mut person = Person::new(screener, seed);
        let mut decided: Vec<(String, Standing)> = Vec::new();
        for page in screener.form.pages.iter().map(|page| page.id.clone()) {
            let verdicts = screener.verdicts(&offer, &person.answers, TODAY);
            let sure = verdicts.iter().filter(|verdict| verdict.standing != Standing::Open);
            decided.extend(sure.map(|verdict| (verdict.service.slug.clone(), verdict.standing)));
            person.answer(&page);
        }
        let last = screener.verdicts(&offer, &person.answers, TODAY);
        for (slug, standing) in decided {
            let end = last.iter().find(|verdict| verdict.service.slug == slug).unwrap();
            assert_eq!(end.standing, standing, "{slug} with seed {seed}: {:?}", person.answers);
        }
    }
}
