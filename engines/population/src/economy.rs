//! Employers. None is kept in memory: an employer is a function of the seed and of its number.

use base::VatNumber;

use crate::{
    margins::{FIRMS, SECTORS},
    model::Employer,
    rng::Rng,
};

const FIRM_STREAM: u64 = 0x6669_726D;
/// Digits 8-10 of a VAT number name the tax office; 200 to 799 belong to none.
const FIRM_OFFICE: u64 = 200;
const SELF_EMPLOYED_OFFICE: u64 = 500;
const PER_OFFICE: u64 = 10_000_000;
const WORDS: [&str; 8] = ["Fantasia", "Ipotesi", "Campione", "Modello", "Sorteggio", "Mediana", "Congettura", "Stima"];
const FORMS: [&str; 3] = ["S.r.l.", "S.p.A.", "Soc. coop."];

/// The firms of a world: how many of each size.
#[derive(Debug, Clone)]
pub(crate) struct Economy {
    seed: u64,
    firms: Vec<u64>,
}

impl Economy {
    /// As many firms as the workers of `persons` people fill, at about 37 workers in a hundred persons.
    pub(crate) fn new(seed: u64, persons: u64) -> Self {
        let firms = FIRMS.iter().map(|(share, (smallest, largest))| {
            let workers = persons * 37 / 100 * u64::from(*share) / 1000;
            let mean = u64::try_from((smallest + largest) / 2).unwrap_or(1);
            (workers / mean.max(1)).max(1)
        });
        Self { seed, firms: firms.collect() }
    }

    /// The employer of a worker: the size class by where people work, then any firm of it.
    pub(crate) fn employer_of_a_worker(&self, rng: &mut Rng) -> Employer {
        let classes: Vec<(u32, usize)> = FIRMS.iter().enumerate().map(|(class, (share, _))| (*share, class)).collect();
        let class = rng.pick(&classes);
        let first: u64 = self.firms[..class].iter().sum();
        self.firm(class, first + rng.below(self.firms[class]))
    }

    fn firm(&self, class: usize, number: u64) -> Employer {
        let mut rng = Rng::stream(self.seed, FIRM_STREAM, number);
        let (sector, trade) = rng.pick(SECTORS);
        let (smallest, largest) = FIRMS[class].1;
        let size = u32::try_from(rng.between(smallest, largest)).unwrap_or(1);
        let (word, form) = (rng.one_of(&WORDS), rng.one_of(&FORMS));
        let name = format!("{trade} {word} {number} {form}");
        Employer { vat: vat(FIRM_OFFICE, number), name, sector: sector.to_owned(), size }
    }
}

/// The one-person firm of self-employed person number `person`.
pub(crate) fn own_firm(rng: &mut Rng, person: u64, surname: &str) -> Employer {
    let (sector, trade) = rng.pick(SECTORS);
    let vat = vat(SELF_EMPLOYED_OFFICE, person);
    Employer { vat, name: format!("{trade} {surname} (impresa individuale)"), sector: sector.to_owned(), size: 1 }
}

/// Seven digits count the firms of a tax office, three name the office.
fn vat(first_office: u64, number: u64) -> VatNumber {
    VatNumber::with_check_digit(number % PER_OFFICE * 1000 + first_office + number / PER_OFFICE)
}
