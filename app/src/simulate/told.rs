//! The summary of a simulation on the terminal.

use catalogue::SimulationUnit;
use rules::{Decimal, Value};
use statistics::{Band, Cost, Figures, Given, Summary};

use crate::terminal::say;

/// Everything.
pub fn all(summary: &Summary) {
    let known = summary.known.map(|known| format!(", come era nota il {}", base::short_date(known)));
    say(format!("{}, legge in vigore il {}{}", summary.name, base::short_date(summary.on), known.unwrap_or_default()));
    let units = Units::of(summary);
    units.whole(summary);
    for (why, households) in summary.faults.iter().chain(&summary.draft_faults) {
        say(format!("  all'operatore: {why} ({})", units.many(*households)));
    }
    units.tenths(summary);
    units.groups("Per territorio", summary.territories.iter().map(|(place, figures)| (named(place), figures)));
}

/// What is counted: households, or persons who ask.
#[derive(Clone, Copy)]
struct Units {
    one: &'static str,
    more: &'static str,
}

impl Units {
    fn of(summary: &Summary) -> Self {
        match summary.of {
            SimulationUnit::Household => Self { one: "nucleo", more: "nuclei" },
            SimulationUnit::Person => Self { one: "persona adulta", more: "persone adulte" },
        }
    }

    fn many(self, households: Decimal) -> String {
        counted(households, self.one, self.more)
    }

    fn whole(self, summary: &Summary) {
        let all = &summary.all;
        let living = match summary.of {
            SimulationUnit::Household => format!(", {}", people(all.people)),
            SimulationUnit::Person => String::new(),
        };
        say(format!("{}{living}\n", self.many(all.households)));
        self.given("Legge in vigore", &all.law, summary.of);
        if let Some(draft) = &all.draft {
            self.given("Riforma", draft, summary.of);
        }
        self.change(all);
        if let Some(unclaimed) = &all.unclaimed {
            say(format!("Non chiesto: {}", cost(unclaimed.cost)));
            let share = unclaimed.households.checked_div(all.law.households).unwrap_or_default() * Decimal::ONE_HUNDRED;
            let many = self.many(unclaimed.households);
            say(format!("  a cui spetta e che non hanno fatto domanda: {many} ({} %)", number(share.round_dp(1))));
        }
    }

    fn given(self, title: &str, given: &Given, of: SimulationUnit) {
        say(format!("{title}: {}", cost(given.cost)));
        let living = match of {
            SimulationUnit::Household if given.people == Decimal::ONE => ", in cui vive 1 persona".to_owned(),
            SimulationUnit::Household => format!(", in cui vivono {}", people(given.people)),
            SimulationUnit::Person => String::new(),
        };
        say(format!("  spetta a {}{living}", self.many(given.households)));
        if !given.unknown.is_zero() {
            say(format!("  non si può dire, mancano dati: {}", self.many(given.unknown)));
        }
        if !given.officer.is_zero() {
            say(format!("  da vedere un operatore: {}", self.many(given.officer)));
        }
    }

    fn change(self, figures: &Figures) {
        let Some(change) = &figures.change else { return };
        let mean =
            |mean: Option<Decimal>| mean.map(|mean| format!(", in media {} €", number(mean))).unwrap_or_default();
        say(format!("Differenza: {}", cost(change.cost)));
        let (more, less) = (&change.winners, &change.losers);
        say(format!("  ricevono di più {}{}", self.many(more.households), mean(more.mean)));
        say(format!("  ricevono di meno {}{}", self.many(less.households), mean(less.mean)));
        say(format!("  non cambia niente per {}", self.many(change.unchanged)));
        if !change.incomparable.is_zero() {
            say(format!("  non confrontabili: {}", self.many(change.incomparable)));
        }
    }

    fn tenths(self, summary: &Summary) {
        let bands = summary.deciles.iter().map(|band| (tenth(band), &band.figures));
        let without = Some(("senza ISEE".to_owned(), &summary.without)).filter(|(_, figures)| figures.rows > 0);
        self.groups("Per decimi di ISEE", bands.chain(without));
    }

    fn groups<'f>(self, title: &str, groups: impl Iterator<Item = (String, &'f Figures)>) {
        let mut groups = groups.peekable();
        if groups.peek().is_none() {
            return;
        }
        say(format!("\n{title:<34} {:>14} {:>12}  costo", self.more, "spetta a"));
        for (name, figures) in groups {
            let change = figures.change.as_ref().map(|change| format!("; differenza {}", cost(change.cost)));
            let unclaimed =
                figures.unclaimed.map(|unclaimed| format!("; non chiesto da {}", self.many(unclaimed.households)));
            say(format!(
                "  {name:<32} {:>14} {:>12}  {}{}{}",
                number(figures.households),
                number(figures.law.households),
                cost(figures.law.cost),
                change.unwrap_or_default(),
                unclaimed.unwrap_or_default()
            ));
        }
    }
}

/// `1 nucleo`, `2 nuclei`.
fn counted(many: Decimal, one: &str, more: &str) -> String {
    format!("{} {}", number(many), if many == Decimal::ONE { one } else { more })
}

fn people(many: Decimal) -> String {
    counted(many, "persona", "persone")
}

/// `1º da 0 a 5.000 €`.
pub fn tenth(band: &Band) -> String {
    format!("{}º da {} a {} €", band.decile, number(band.from), number(band.to))
}

/// A territory, or that there is none.
pub fn named(place: &str) -> String {
    if place.is_empty() { "senza territorio".to_owned() } else { place.to_owned() }
}

fn cost(cost: Cost) -> String {
    match (cost.month, cost.year, cost.once) {
        (Some(month), Some(year), _) => format!("{} € al mese, {} € l'anno", number(month), number(year)),
        (_, _, Some(once)) => format!("{} € in tutto", number(once)),
        _ => "nessun importo".to_owned(),
    }
}

/// `1.234,50`.
pub fn number(number: Decimal) -> String {
    Value::Dec(number).to_string()
}
