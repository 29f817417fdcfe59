//! «Che cosa mi spetta?», on the real services: whoever answers, in whatever way.

use base::{Chance, Date, SeededChance};
use catalogue::{Declared, MOST_QUESTIONS, Offer, Screener, Standing};
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

/// What is told of the house's own screener with one text of one file changed.
fn told(file: &str, from: &str, to: &str) -> String {
    let mut declared = Declared::read(&tidy::house()).unwrap();
    let text = declared.content.get_mut(&format!("screener/{file}")).expect("the file");
    assert!(text.contains(from), "{file} does not hold «{from}»");
    *text = text.replacen(from, to, 1);
    let problems = Offer::read(&declared).problems;
    problems.get("content").into_iter().flatten().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_screener_that_does_not_fit_the_services_is_told_with_place_and_mend() {
    let wrong = [
        ("facts.toml", "\"naspi.settimane\"", "\"naspi.setimane\"", "forse si voleva «settimane»"),
        ("facts.toml", "\"naspi.settimane\"", "\"naspl.settimane\"", "il servizio «naspl» non esiste"),
        ("facts.toml", "is = \"retta\"", "is = \"rettta\"", "«rettta» non è una domanda"),
        ("facts.toml", "is = \"retta\"", "is = \"nido\"", "le regole vogliono"),
        ("facts.toml", "is = \"'intero'\"", "is = \"'tutto'\"", "può diventare «tutto»"),
        ("facts.toml", "is = \"retta\"", "is = \"retta +\"", "facts.toml:"),
        ("facts.toml", "\"bonus-nido.figli.retta\"", "\"bonus-nido.isee\"", "«bonus-nido.isee» c’è già"),
        ("facts.toml", "\"bonus-nido.isee\", ", "", "nessuno dice da dove viene «bonus-nido.isee»"),
        ("facts.toml", "\"bonus-nido.isee\", ", "", "    [[unchecked]]\n    inputs = [\"bonus-nido.isee\"]"),
        ("facts.toml", "\"bonus-nido.isee\", ", "", " --> content/screener/facts.toml\n"),
        ("facts.toml", "\"bonus-nido.figli\", ", "", "le righe di «bonus-nido.figli»"),
        ("facts.toml", "of = \"bonus-nido\"", "of = \"bonus-asilo\"", "il servizio «bonus-asilo» non esiste"),
        ("facts.toml", "each = \"persone\"", "each = \"gente\"", "«gente» non è un gruppo"),
        ("facts.toml", ", de = \"für einen Monat Kinderkrippe\"", "", "non è tradotto in «de»"),
        ("facts.toml", "[[amounts]]\nof", "[[amount]]\nof", "facts.toml:"),
        ("questions.toml", ", en = \"Do you pay rent?\"", "", "non è tradotto in «en»"),
        ("questions.toml", "id = \"affitto\"\nkind", "id = \"canone\"\nkind", "«affitto» non è una domanda"),
    ];
    for (file, from, to, expected) in wrong {
        let told = told(file, from, to);
        assert!(told.contains(expected), "{from} → {to}: {told}");
    }
    let one_more: String = "\n[[pages]]\nid = \"tredici\"\ntitle = { it = \"A\", en = \"B\", de = \"C\" }\n\n\
        [[pages.questions]]\nid = \"x\"\nkind = \"yes-no\"\nlabel = { it = \"A\", en = \"B\", de = \"C\" }\n\n[[checks]]"
        .into();
    let told = told("questions.toml", "\n[[checks]]", &one_more);
    assert!(told.contains("al massimo 12"), "{told}");
}

#[test]
fn a_service_that_is_not_accounted_for_is_left_out_alone() {
    let mut declared = Declared::read(&tidy::house()).unwrap();
    let text = declared.content.get_mut("screener/facts.toml").expect("the file");
    *text = text.replacen("\"bonus-nido.isee\", ", "", 1);
    let offer = Offer::read(&declared);
    let told = screener(&offer).verdicts(&offer, &Facts::default(), TODAY);
    let told: Vec<&str> = told.iter().map(|verdict| verdict.service.slug.as_str()).collect();
    assert!(!told.contains(&"bonus-nido") && told.contains(&"assegno-unico"), "{told:?}");
    assert!(offer.services.contains_key("bonus-nido"), "it can be asked for all the same");
}
