//! The summary of a simulation on the terminal.

use rules::{Decimal, Value};
use statistics::{Cost, Figures, Given, Summary};

use crate::terminal::say;

/// Everything.
pub fn all(summary: &Summary) {
    let known = summary.known.map(|known| format!(", come era nota il {}", base::short_date(known)));
    say(format!("{}, legge in vigore il {}{}", summary.name, base::short_date(summary.on), known.unwrap_or_default()));
    let all = &summary.all;
    say(format!("{} nuclei, {} persone\n", number(all.households), number(all.people)));
    given("Legge in vigore", &all.law);
    if let Some(draft) = &all.draft {
        given("Riforma", draft);
    }
    change(all);
    for (why, households) in summary.faults.iter().chain(&summary.draft_faults) {
        say(format!("  all'operatore: {why} ({} nuclei)", number(*households)));
    }
    tenths(summary);
    groups("Per territorio", summary.territories.iter().map(|(place, figures)| (named(place), figures)));
}

fn given(title: &str, given: &Given) {
    say(format!("{title}: {}", cost(given.cost)));
    say(format!("  spetta a {} nuclei, in cui vivono {} persone", number(given.households), number(given.people)));
    if !given.unknown.is_zero() {
        say(format!("  non si può dire, mancano dati: {} nuclei", number(given.unknown)));
    }
    if !given.officer.is_zero() {
        say(format!("  da vedere un operatore: {} nuclei", number(given.officer)));
    }
}

fn change(figures: &Figures) {
    let Some(change) = &figures.change else { return };
    let mean = |mean: Option<Decimal>| mean.map(|mean| format!(", in media {} €", number(mean))).unwrap_or_default();
    say(format!("Differenza: {}", cost(change.cost)));
    say(format!("  ricevono di più {} nuclei{}", number(change.winners.households), mean(change.winners.mean)));
    say(format!("  ricevono di meno {} nuclei{}", number(change.losers.households), mean(change.losers.mean)));
    say(format!("  non cambia niente per {} nuclei", number(change.unchanged)));
    if !change.incomparable.is_zero() {
        say(format!("  non confrontabili: {} nuclei", number(change.incomparable)));
    }
}

fn tenths(summary: &Summary) {
    let name = |from, to| format!("da {} a {} €", number(from), number(to));
    let bands = summary.deciles.iter().map(|band| {
        (format!("{}º {}", band.decile, name(band.from, band.to)), &band.figures) //
    });
    let without = Some(("senza ISEE".to_owned(), &summary.without)).filter(|(_, figures)| figures.rows > 0);
    groups("Per decimi di ISEE", bands.chain(without));
}

fn groups<'f>(title: &str, groups: impl Iterator<Item = (String, &'f Figures)>) {
    let mut groups = groups.peekable();
    if groups.peek().is_none() {
        return;
    }
    say(format!("\n{title:<34} {:>12} {:>12}  costo", "nuclei", "spetta a"));
    for (name, figures) in groups {
        let change = figures.change.as_ref().map(|change| format!("; riforma {}", cost(change.cost)));
        say(format!(
            "  {name:<32} {:>12} {:>12}  {}{}",
            number(figures.households),
            number(figures.law.households),
            cost(figures.law.cost),
            change.unwrap_or_default()
        ));
    }
}

fn named(place: &str) -> String {
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
fn number(number: Decimal) -> String {
    Value::Dec(number).to_string()
}
