//! New values of parameters, as a draft of the service: a row more in the law's own table, read and checked as the law is.

use std::collections::BTreeMap;

use base::{Date, short_date};
use catalogue::{Folder, LawTeller, Service};
use rules::{Moment, Parameter, ParameterRow, Unit, Value};

/// Longest value that can be typed.
const LONGEST: usize = 40;
const LAW: &str = "rules.md";

/// A parameter in force.
#[derive(Debug, Clone, Copy)]
pub struct InForce<'s> {
    /// The parameter.
    pub parameter: &'s Parameter,
    /// Its row that governs.
    pub row: &'s ParameterRow,
}

/// The parameters of a service that are in force, in the order of its law. A day that begins something is not offered: it
/// moves with the calendar.
pub fn in_force(service: &Service, moment: Moment) -> impl Iterator<Item = InForce<'_>> {
    let parameters = service.program.iter().flat_map(|program| program.parameters());
    let offered = parameters.filter(|parameter| !matches!(parameter.unit, Unit::Date));
    offered.filter_map(move |parameter| Some(InForce { parameter, row: parameter.in_force(moment)? }))
}

impl InForce<'_> {
    /// The parameter as `law` calls it in words: `Importo per i nuclei con quattro o più figli`.
    #[must_use]
    pub fn title(&self, law: &LawTeller<'_>) -> String {
        let words = law.text(&self.parameter.name.replace('_', " ")).text;
        let mut letters = words.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    }

    /// What governs, since when, and who says so.
    #[must_use]
    pub fn told(&self) -> String {
        let (unit, row) = (self.parameter.unit, self.row);
        let value = match (unit, row.value.as_decimal()) {
            (Unit::Percent, Some(share)) => {
                format!("{} %", Value::Dec((share * rules::Decimal::ONE_HUNDRED).normalize()))
            }
            (Unit::Number, _) => row.value.to_string(),
            _ => format!("{} {}", row.value, unit.name()),
        };
        format!("In vigore: {value}, dal {}. Fonte: {}", short_date(row.validity.from), row.source)
    }
}

/// The service with new values, by name of the parameter, from a day on; `None` where nothing is new.
///
/// # Errors
/// What is wrong with the values, by parameter.
pub fn draft(
    service: &Service,
    values: &BTreeMap<String, String>,
    from: Date,
) -> Result<Option<Service>, BTreeMap<String, String>> {
    let mut wrong = BTreeMap::new();
    let mut folder: Folder = service.folder.clone();
    for (name, typed) in values {
        match proposed(&folder, service, name, typed, from) {
            Ok(law) => {
                // One after the other, so that each mistake is told beside its own value.
                let mut tried = folder.clone();
                tried.files.insert(LAW.to_owned(), law);
                match Service::read(tried.clone()) {
                    Ok(_) => folder = tried,
                    Err(told) => {
                        let told =
                            told.first().map_or_else(String::new, |told| format!("{}: {}", told.message, told.mend));
                        wrong.insert(name.clone(), told);
                    }
                }
            }
            Err(told) => {
                wrong.insert(name.clone(), told.to_owned());
            }
        }
    }
    match (wrong.is_empty(), values.is_empty()) {
        (false, _) => Err(wrong),
        (true, true) => Ok(None),
        (true, false) => Ok(Service::read(folder).ok()),
    }
}

/// The text of the law with one row more.
fn proposed(folder: &Folder, service: &Service, name: &str, typed: &str, from: Date) -> Result<String, &'static str> {
    let moment = Moment::at(from);
    let known = in_force(service, moment).find(|known| known.parameter.name == name);
    let unit = known.ok_or("questo valore non è in vigore")?.parameter.unit;
    let value = written(typed, unit).ok_or("il valore non si capisce: scrivi un numero, per esempio 1.234,50")?;
    let law = folder.text(LAW).unwrap_or_default();
    let mut lines: Vec<String> = law.lines().map(str::to_owned).collect();
    let last = lines.iter().rposition(|line| cells(line).first().is_some_and(|cell| cell == name));
    let last = last.ok_or("questo valore non è in una tabella della legge")?;
    let head = lines[..last].iter().rfind(|line| cells(line).first().is_some_and(|cell| cell == "parametro"));
    let heads = cells(head.ok_or("questo valore non è in una tabella della legge")?);
    let new = heads.iter().zip(cells(&lines[last])).map(|(head, cell)| match head.as_str() {
        "vale dal" | "noto dal" => from.to_string(),
        "valore" => value.clone(),
        "fonte" => "proposta in esame".to_owned(),
        _ => cell,
    });
    let row = format!("| {} |", new.collect::<Vec<_>>().join(" | "));
    lines.insert(last + 1, row);
    Ok(lines.join("\n") + "\n")
}

fn cells(line: &str) -> Vec<String> {
    let inner = line.trim().strip_prefix('|').and_then(|line| line.strip_suffix('|'));
    inner.map(|inner| inner.split('|').map(|cell| cell.trim().to_owned()).collect()).unwrap_or_default()
}

/// Digits before the fraction, at most.
const MOST_DIGITS: usize = 12;

/// Digits, perhaps with a fraction. No law of ours has an amount below zero, or of a thousand billions.
fn is_amount(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && digits(fraction) && whole.len() <= MOST_DIGITS
}

/// What a person types (`1.234,50`) as the law writes it (`1234.50`).
fn written(typed: &str, unit: Unit) -> Option<String> {
    let typed = typed.trim().trim_end_matches(['€', '%']).trim_end();
    let dotted = if typed.contains(',') { typed.replace('.', "").replace(',', ".") } else { typed.to_owned() };
    let whole = !dotted.is_empty() && dotted.len() <= LONGEST;
    let fit = match unit {
        Unit::YesNo => matches!(dotted.as_str(), "sì" | "no"),
        Unit::Text => dotted.chars().all(|letter| letter.is_alphanumeric() || letter == '_'),
        _ => is_amount(&dotted),
    };
    (whole && fit).then(|| if unit == Unit::Percent { format!("{dotted}%") } else { dotted })
}
