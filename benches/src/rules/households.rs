//! Households with children, drawn so that every bracket, age and supplement of the assegno unico occurs.

use std::borrow::Cow;

use benches::dice::Dice;
use rules::columns::{Batch, BatchError, Column, NO, NO_DAY, NO_NUMBER, YES};

/// The first of March 2026, in days since 1970.
pub const TODAY: i32 = 20_513;

/// One list for each fact.
#[derive(Debug, Default)]
pub struct Households {
    pub isee: Vec<i64>,
    pub presented: Vec<i32>,
    pub citizenship: Vec<u8>,
    pub residence: Vec<u8>,
    pub tax: Vec<u8>,
    pub both_work: Vec<u8>,
    pub widowed: Vec<u8>,
    pub mother_born: Vec<i32>,
    pub share: Vec<u32>,
    pub offsets: Vec<u32>,
    pub born: Vec<i32>,
    pub disability: Vec<u32>,
    pub dependent: Vec<u8>,
    pub studies: Vec<u8>,
    pub income: Vec<i64>,
    pub seeks_work: Vec<u8>,
    pub civil_service: Vec<u8>,
    words: [Vec<String>; 2],
}

/// What `disability` and `share` name.
pub const DEGREES: [&str; 4] = ["nessuna", "media", "grave", "non_autosufficiente"];
pub const SHARES: [&str; 3] = ["intero", "meta", "altra_meta"];

/// Reproducible draws: a benchmark compares the same households.
struct Draws(Dice);

impl Draws {
    fn below(&mut self, bound: u64) -> u64 {
        self.0.below(bound)
    }

    fn in_hundred(&mut self, share: u64) -> u8 {
        if self.below(100) < share { YES } else { NO }
    }
}

impl Households {
    /// The same households for the same seed.
    pub fn drawn(seed: u64, count: usize) -> Self {
        let mut draws = Draws(Dice::new(seed));
        let mut all = Self {
            offsets: vec![0],
            words: [DEGREES.map(str::to_owned).to_vec(), SHARES.map(str::to_owned).to_vec()],
            ..Self::default()
        };
        for _ in 0..count {
            all.draw(&mut draws);
        }
        all
    }

    fn draw(&mut self, draws: &mut Draws) {
        let isee = draws.below(6_000_000) as i64;
        self.isee.push(if draws.below(100) < 15 { NO_NUMBER } else { isee });
        // Most before the month that is decided; some in the months after, and a few too late for arrears.
        let presented = TODAY - 60 + draws.below(200) as i32;
        self.presented.push(if draws.below(100) < 70 { NO_DAY } else { presented });
        self.citizenship.push(draws.in_hundred(97));
        self.residence.push(draws.in_hundred(98));
        self.tax.push(draws.in_hundred(99));
        self.both_work.push(draws.in_hundred(45));
        self.widowed.push(draws.in_hundred(1));
        let mother = TODAY - 6_900 - draws.below(11_000) as i32;
        self.mother_born.push(if draws.below(100) < 3 { NO_DAY } else { mother });
        self.share.push(draws.below(6).saturating_sub(3) as u32);
        // One child in half of the households, four or more in three of a hundred.
        let children = match draws.below(100) {
            0..50 => 1,
            50..88 => 2,
            88..97 => 3,
            _ => 4 + draws.below(3),
        };
        for _ in 0..children {
            self.draw_child(draws);
        }
        self.offsets.push(self.born.len() as u32);
    }

    fn draw_child(&mut self, draws: &mut Draws) {
        let age = draws.below(22 * 365) as i32;
        self.born.push(TODAY - age);
        self.disability.push(if draws.below(100) < 4 { 1 + draws.below(3) as u32 } else { 0 });
        self.dependent.push(draws.in_hundred(98));
        let grown = age > 18 * 365;
        self.studies.push(if grown { draws.in_hundred(70) } else { draws.in_hundred(95) });
        let income = draws.below(1_200_000) as i64;
        self.income.push(if grown && draws.below(100) < 40 { income } else { NO_NUMBER });
        self.seeks_work.push(if grown { draws.in_hundred(15) } else { NO });
        self.civil_service.push(if grown { draws.in_hundred(3) } else { NO });
    }

    pub fn children(&self) -> usize {
        self.born.len()
    }

    /// The lists given away.
    pub fn into_batch(self) -> Result<Batch<'static>, BatchError> {
        let number = |values: Vec<i64>| Column::Number { values: Cow::Owned(values), scale: 2 };
        let text =
            |codes: Vec<u32>, words: Vec<String>| Column::Text { codes: Cow::Owned(codes), words: Cow::Owned(words) };
        let truth = |values: Vec<u8>| Column::Truth(Cow::Owned(values));
        let day = |values: Vec<i32>| Column::Day(Cow::Owned(values));
        let [degrees, shares] = self.words;
        Batch::of(self.isee.len())
            .relation("figli", self.offsets)?
            .column("isee", number(self.isee))?
            .column("isee_presentato_il", day(self.presented))?
            .column("cittadinanza_o_soggiorno", truth(self.citizenship))?
            .column("residente_in_italia", truth(self.residence))?
            .column("imposta_in_italia", truth(self.tax))?
            .column("entrambi_lavorano", truth(self.both_work))?
            .column("genitore_vedovo_lavoratore", truth(self.widowed))?
            .column("madre_nata_il", day(self.mother_born))?
            .column("quota_richiesta", text(self.share, shares))?
            .member_column("figli", "data_nascita", day(self.born))?
            .member_column("figli", "disabilita", text(self.disability, degrees))?
            .member_column("figli", "a_carico", truth(self.dependent))?
            .member_column("figli", "studia_o_si_forma", truth(self.studies))?
            .member_column("figli", "reddito_annuo", number(self.income))?
            .member_column("figli", "in_cerca_di_lavoro", truth(self.seeks_work))?
            .member_column("figli", "servizio_civile", truth(self.civil_service))
    }

    /// The lists as they are, not copied.
    pub fn batch(&self) -> Result<Batch<'_>, BatchError> {
        let number = |values| Column::Number { values: Cow::Borrowed(values), scale: 2 };
        let text = |codes, words| Column::Text { codes: Cow::Borrowed(codes), words: Cow::Borrowed(words) };
        let truth = |values| Column::Truth(Cow::Borrowed(values));
        let day = |values| Column::Day(Cow::Borrowed(values));
        let [degrees, shares] = &self.words;
        Batch::of(self.isee.len())
            .relation("figli", &self.offsets[..])?
            .column("isee", number(&self.isee[..]))?
            .column("isee_presentato_il", day(&self.presented[..]))?
            .column("cittadinanza_o_soggiorno", truth(&self.citizenship[..]))?
            .column("residente_in_italia", truth(&self.residence))?
            .column("imposta_in_italia", truth(&self.tax))?
            .column("entrambi_lavorano", truth(&self.both_work))?
            .column("genitore_vedovo_lavoratore", truth(&self.widowed))?
            .column("madre_nata_il", day(&self.mother_born[..]))?
            .column("quota_richiesta", text(&self.share[..], &shares[..]))?
            .member_column("figli", "data_nascita", day(&self.born))?
            .member_column("figli", "disabilita", text(&self.disability, degrees))?
            .member_column("figli", "a_carico", truth(&self.dependent))?
            .member_column("figli", "studia_o_si_forma", truth(&self.studies))?
            .member_column("figli", "reddito_annuo", number(&self.income))?
            .member_column("figli", "in_cerca_di_lavoro", truth(&self.seeks_work))?
            .member_column("figli", "servizio_civile", truth(&self.civil_service))
    }
}
