//! Random households, told twice: as a person answers «Che cosa mi spetta?», and by hand as each law wants its facts.
//! Both ways must come to the same, to the cent.

use std::collections::{BTreeMap, BTreeSet};

use base::{Chance, Date, SeededChance};
use catalogue::{MOST_QUESTIONS, Screener, Standing};
use forms::Path;
use jiff::{ToSpan, civil::date};
use rules::{Decimal, Facts, Moment, Value};

use crate::real::real_offer;

const TODAY: Date = date(2026, 11, 21);

/// Somebody of the household.
struct Member {
    who: &'static str,
    born: Date,
    disability: &'static str,
    percentage: i64,
    income: i64,
    studies: bool,
    nursery: &'static str,
    fee: i64,
}

struct Household {
    members: Vec<Member>,
    citizenship: &'static str,
    work: &'static str,
    ended: Date,
    weeks: i64,
    pay: i64,
    parent: &'static str,
    other_works: bool,
    isee: Option<i64>,
    income: i64,
    rent: i64,
    within_limits: bool,
}

struct Dice(SeededChance);

impl Dice {
    fn below(&self, most: i64) -> i64 {
        i64::from(u32::from_le_bytes((&self.0 as &dyn Chance).bytes::<4>())) % most
    }

    fn one_of<'t>(&self, all: &[&'t str]) -> &'t str {
        all[usize::try_from(self.below(i64::try_from(all.len()).unwrap())).unwrap()]
    }

    fn yes(&self) -> bool {
        self.below(2) == 0
    }

    fn born(&self, from: i64, to: i64) -> Date {
        TODAY - (from * 365 + self.below((to - from) * 365)).days()
    }

    fn member(&self, who: &'static str, born: Date) -> Member {
        let disability = if self.below(3) == 0 { ["media", "grave", "non_autosufficiente"] } else { ["nessuna"; 3] };
        Member {
            who,
            born,
            disability: self.one_of(&disability),
            percentage: [50, 74, 80, 100][usize::try_from(self.below(4)).unwrap()],
            income: self.below(3) * self.below(12_000),
            studies: self.yes(),
            nursery: self.one_of(&["nessuno", "nido", "casa"]),
            fee: 100 + self.below(600),
        }
    }

    fn household(&self) -> Household {
        let mut members = vec![self.member("io", self.born(19, 70))];
        members.extend((0..self.below(2)).map(|_| self.member("altro", self.born(19, 80))));
        members.extend(
            (0..self.below(4))
                .map(|_| self.member("figlio", self.born(0, [4, 18, 23][usize::try_from(self.below(3)).unwrap()]))),
        );
        Household {
            members,
            citizenship: self.one_of(&["unione", "unione", "unione", "lungo_periodo", "lavoro", "altro"]),
            work: self.one_of(&[
                "dipendente",
                "gestione_separata",
                "autonomo",
                "licenziamento",
                "dimissioni",
                "nessuno",
            ]),
            ended: TODAY - self.below(120).days(),
            weeks: self.below(209),
            pay: 400 + self.below(3_000),
            parent: self.one_of(&["madre", "padre", "solo", "vedovo"]),
            other_works: self.yes(),
            isee: (self.below(5) > 0).then(|| self.below(30_000)),
            income: self.below(2) * self.below(9_000),
            rent: self.below(2) * self.below(5_000),
            within_limits: self.below(4) > 0,
        }
    }
}

fn euro(amount: i64) -> Value {
    Value::Dec(Decimal::from(amount))
}

impl Household {
    /// What a person would answer.
    fn answer(&self, path: &Path) -> Value {
        match &path.row {
            Some((_, row)) => self.members[*row].answer(&path.id),
            None => match path.id.as_str() {
                "cittadinanza" => self.citizenship.into(),
                "lavoro" => self.work.into(),
                "fine_lavoro" => Value::Date(self.ended),
                "settimane" => Value::Int(self.weeks),
                "paga" => euro(self.pay),
                "genitore" => self.parent.into(),
                "altro_genitore_lavora" => self.other_works.into(),
                "isee" => self.isee.map_or(Value::Null, euro),
                "reddito_familiare" => euro(self.income),
                "affitto" => euro(self.rent),
                "patrimonio_nei_limiti" => self.within_limits.into(),
                other => panic!("no answer to {other}"),
            },
        }
    }

    /// Goes through the questions as they are asked; gives the answers and how many there were.
    fn asked(&self, screener: &Screener, offer: &catalogue::Offer) -> (Facts, usize) {
        let (mut answers, mut many) = (Facts::default(), 0);
        for (row, member) in self.members.iter().enumerate() {
            Path::in_row("persone", row, "chi").set(&mut answers, member.who.into());
        }
        while let Some(page) = screener.next(&screener.verdicts(offer, &answers, TODAY)).map(str::to_owned) {
            many += 1;
            while let Some(path) = open(screener, &page, &answers) {
                path.set(&mut answers, self.answer(&path));
            }
        }
        (answers, many)
    }

    fn works(&self) -> bool {
        ["dipendente", "gestione_separata", "autonomo"].contains(&self.work)
    }

    fn me(&self) -> &Member {
        &self.members[0]
    }

    fn children(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|member| member.who == "figlio")
    }

    /// The facts as the law of a service wants them.
    fn facts(&self, service: &str) -> Facts {
        let (values, group, rows) = match service {
            "assegno-unico" => (self.child_allowance(), "figli", self.children().map(Member::child).collect()),
            "assegno-inclusione" => {
                (self.inclusion(), "componenti", self.members.iter().skip(1).map(Member::component).collect())
            }
            "bonus-nido" => (self.resident(true), "figli", self.children().map(Member::in_nursery).collect()),
            "congedo-parentale" => (self.leave(), "figli", self.on_leave()),
            "invalidita-civile" => {
                let ill = self.members.iter().filter(|member| member.disability != "nessuna");
                (self.resident(false), "persone", ill.map(Member::disabled).collect())
            }
            "naspi" => (self.unemployment(), "", Vec::new()),
            other => panic!("a new service: {other}"),
        };
        let values = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let groups = if group.is_empty() { BTreeMap::new() } else { BTreeMap::from([(group.to_owned(), rows)]) };
        Facts { values, groups }
    }

    fn resident(&self, isee: bool) -> Vec<(&'static str, Value)> {
        let mut values = vec![
            ("cittadinanza_o_soggiorno", (self.citizenship != "altro").into()),
            ("residente_in_italia", true.into()),
        ];
        values.extend(isee.then(|| ("isee", self.isee.map_or(Value::Null, euro))));
        values
    }

    fn child_allowance(&self) -> Vec<(&'static str, Value)> {
        let couple = ["madre", "padre"].contains(&self.parent);
        let mut values = self.resident(true);
        values.extend([
            ("imposta_in_italia", true.into()),
            ("entrambi_lavorano", (self.works() && couple && self.other_works).into()),
            ("genitore_vedovo_lavoratore", (self.works() && self.parent == "vedovo").into()),
            ("madre_nata_il", if self.parent == "madre" { Value::Date(self.me().born) } else { Value::Null }),
            ("quota_richiesta", "intero".into()),
        ]);
        values
    }

    fn inclusion(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("isee", self.isee.map_or(Value::Null, euro)),
            ("reddito_familiare", euro(self.income)),
            ("in_affitto", (self.rent > 0).into()),
            ("affitto_annuo", euro(self.rent)),
            ("patrimonio_nei_limiti", self.within_limits.into()),
            ("cittadino_unione", (self.citizenship == "unione").into()),
            ("soggiorno_che_da_diritto", (self.citizenship == "lungo_periodo").into()),
            ("residente_da_cinque_anni", true.into()),
            ("nascita_richiedente", Value::Date(self.me().born)),
            ("disabilita_richiedente", self.me().disability.into()),
            ("disagio_richiedente", false.into()),
            ("rinnovo", false.into()),
            ("mensilita_gia_pagate", Value::Int(0)),
        ]
    }

    fn leave(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("genitore", if self.parent == "vedovo" { "solo" } else { self.parent }.into()),
            ("categoria", if self.works() { self.work } else { "nessuno" }.into()),
            ("retribuzione_mensile", if self.works() { euro(self.pay) } else { Value::Null }),
        ]
    }

    /// Leave from today on, for the youngest.
    fn on_leave(&self) -> Vec<BTreeMap<String, Value>> {
        let youngest = self.children().map(|child| child.born).max();
        let row = |child: &Member| {
            named([
                ("data_nascita", Value::Date(child.born)),
                ("chiesto", (Some(child.born) == youngest).into()),
                ("primo_giorno", Value::Date(TODAY)),
                ("mesi_propri", Value::Int(0)),
                ("mesi_altro_genitore", Value::Int(0)),
            ])
        };
        self.children().map(row).collect()
    }

    fn unemployment(&self) -> Vec<(&'static str, Value)> {
        let mut values = vec![("lavora_oggi", self.works().into()), ("dimissioni_nei_12_mesi", false.into())];
        if ["licenziamento", "dimissioni"].contains(&self.work) {
            // 4.33 weeks of a month; half cents go up.
            let cents = (self.pay * self.weeks * 20_000 + 433) / 866;
            values.extend([
                ("cessato_il", Value::Date(self.ended)),
                ("dipendente", true.into()),
                ("motivo", self.work.into()),
                ("settimane", Value::Int(self.weeks)),
                ("settimane_gia_usate", Value::Int(0)),
                ("retribuzione", Value::Dec(Decimal::new(cents, 2))),
                ("eta_alla_domanda", Value::Int(i64::from(age(self.me().born)))),
            ]);
        }
        values
    }
}

fn age(born: Date) -> i16 {
    let had = (born.month(), born.day()) <= (TODAY.month(), TODAY.day());
    TODAY.year() - born.year() - i16::from(!had)
}

fn named<const N: usize>(pairs: [(&str, Value); N]) -> BTreeMap<String, Value> {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn open(screener: &Screener, page: &str, answers: &Facts) -> Option<Path> {
    let fields = screener.form.fields(answers, TODAY);
    let mut open = fields.iter().filter(|field| field.page.id == page && field.path.get(answers).is_none());
    open.next().map(|field| field.path.clone())
}

impl Member {
    fn answer(&self, question: &str) -> Value {
        match question {
            "data_nascita" => Value::Date(self.born),
            "disabilita" => self.disability.into(),
            "percentuale" => Value::Int(self.percentage),
            "reddito_personale" => euro(self.income),
            "studia" => self.studies.into(),
            "nido" => self.nursery.into(),
            "retta" => euro(self.fee),
            other => panic!("no answer to {other}"),
        }
    }

    /// Where it matters: children of 18 to 20, and minors with a disability.
    fn studies(&self) -> bool {
        let of_age = (18..21).contains(&age(self.born)) && self.disability == "nessuna";
        let minor = age(self.born) < 18 && self.disability != "nessuna";
        self.who == "figlio" && self.studies && (of_age || minor)
    }

    fn child(&self) -> BTreeMap<String, Value> {
        named([
            ("data_nascita", Value::Date(self.born)),
            ("disabilita", self.disability.into()),
            ("a_carico", true.into()),
            ("studia_o_si_forma", self.studies().into()),
            ("in_cerca_di_lavoro", false.into()),
            ("servizio_civile", false.into()),
        ])
    }

    fn component(&self) -> BTreeMap<String, Value> {
        named([
            ("data_nascita", Value::Date(self.born)),
            ("disabilita", self.disability.into()),
            ("disagio", false.into()),
            ("fuori_dalla_scala", false.into()),
        ])
    }

    fn in_nursery(&self) -> BTreeMap<String, Value> {
        let small = age(self.born) < 4;
        named([
            ("data_nascita", Value::Date(self.born)),
            ("sostegno", if small { self.nursery } else { "nessuno" }.into()),
            ("nido_autorizzato", true.into()),
            ("retta", if small && self.nursery == "nido" { euro(self.fee) } else { Value::Null }),
            ("mensilita_gia_pagate", Value::Int(0)),
            ("patologia_attestata", (small && self.nursery == "casa").into()),
            ("convive", true.into()),
        ])
    }

    fn disabled(&self) -> BTreeMap<String, Value> {
        named([
            ("data_nascita", Value::Date(self.born)),
            ("percentuale", if age(self.born) >= 18 { Value::Int(self.percentage) } else { Value::Null }),
            ("assistenza_continua", (self.disability == "non_autosufficiente").into()),
            ("difficolta_persistenti", true.into()),
            ("studia", self.studies().into()),
            ("reddito", euro(self.income)),
            ("ricovero_gratuito", false.into()),
            ("altra_prestazione", "nessuna".into()),
        ])
    }
}

#[test]
fn the_screener_comes_to_what_each_law_decides_on_the_same_household() {
    let offer = real_offer();
    let screener = offer.screener.as_deref().expect("the house has a screener");
    let (mut due, mut longest) = (BTreeMap::<String, usize>::new(), 0);
    let mut open: BTreeSet<String> = BTreeSet::new();
    for seed in 0..150 {
        let household = Dice(SeededChance::new(seed)).household();
        let (answers, many) = household.asked(screener, &offer);
        assert!(many <= MOST_QUESTIONS, "seed {seed}: {many} questions");
        longest = longest.max(many);
        for verdict in screener.verdicts(&offer, &answers, TODAY) {
            let slug = &verdict.service.slug;
            let program = verdict.service.program.as_ref().expect("it has a law");
            let decision = program.decide(&household.facts(slug), Moment::at(TODAY)).expect("its facts fit");
            let amount = decision.amount.filter(|amount| decision.entitled == Some(true) && !amount.is_zero());
            match verdict.standing {
                Standing::Due(told) => {
                    assert_eq!(Some(told), amount, "{slug}, seed {seed}: {answers:?}");
                    *due.entry(slug.clone()).or_default() += 1;
                }
                Standing::NotDue => assert_eq!(amount, None, "{slug}, seed {seed}: {answers:?}"),
                Standing::Open => drop(open.insert(format!("{slug}, seed {seed}"))),
            }
        }
    }
    assert!(open.is_empty(), "everything was answered, and nothing is decided: {open:?}");
    let least =
        ["assegno-inclusione", "assegno-unico", "bonus-nido", "congedo-parentale", "invalidita-civile", "naspi"];
    for slug in least {
        assert!(due.get(slug).is_some_and(|many| 3 <= *many), "{slug} is hardly ever due: {due:?}");
    }
    assert!((9..=MOST_QUESTIONS).contains(&longest), "the longest way was {longest}");
}
