//! What templates can do with values, under Italian names because officials write them.

use base::{Date, Language, ProtocolNumber, Timestamp, long_date, long_timestamp, rome_date};
use minijinja::{Environment, Error, ErrorKind, Value};
use rules::{Decimal, Unit, shown_amount};

use super::escape::{escaped, escaped_lines};

/// Stands before an Italian day that begins with a vowel when it is read, until the whole text is there: what comes before
/// may lose its own. A noncharacter, which no text has.
const DAY: &str = "\u{fdd0}";

fn marked(day: String) -> String {
    if day.starts_with("8 ") || day.starts_with("11 ") { format!("{DAY}{day}") } else { day }
}

/// The text with its days joined to what stands before them: `entro l’8 dicembre`.
pub(crate) fn joined(text: &str) -> String {
    let mut parts = text.split(DAY);
    let mut whole = parts.next().unwrap_or("").to_owned();
    parts.for_each(|part| base::push_elided(&mut whole, part));
    whole
}

pub(crate) fn add(environment: &mut Environment<'_>) {
    environment.add_filter("euro", |value: Value, unit: Option<Value>| euro(&value, unit.as_ref()));
    environment.add_filter("data", |value: Value, language: Option<String>| day(&value, language.as_deref()));
    environment.add_filter("mese", |value: Value| Ok::<_, Error>(month(civil("mese", &value)?)));
    environment.add_filter("mese_dopo", |value: Value| {
        Ok::<_, Error>(month(civil("mese_dopo", &value)?.saturating_add(jiff::ToSpan::months(1))))
    });
    environment.add_filter("numero_mese", |value: Value| Ok::<_, Error>(civil("numero_mese", &value)?.month()));
    environment.add_filter("data_ora", |value: Value| minute(&value));
    environment.add_filter("protocollo", |value: Value| protocol(&value));
    environment.add_filter("righe", |value: Value| Value::from_safe_string(escaped_lines(&value.to_string())));
    environment
        .add_filter("motivazione", |value: Value, language: Option<String>| motivation(&value, language.as_deref()));
    environment.add_filter("tabella_dati", |value: Value| table(&["Dato", "Valore", "Da dove viene"], &value));
}

/// `1234.5` → `1.234,50 €`; with a unit, `euro("euro/mese")`, → `1.234,50 € al mese`.
fn euro(value: &Value, unit: Option<&Value>) -> Result<String, Error> {
    let amount: Decimal = value.to_string().parse().map_err(|_| refuse("euro", "un importo", value))?;
    let unit = match unit.filter(|unit| !unit.is_none()) {
        Some(named) => unit_named(named).ok_or_else(|| refuse("euro", "una unità in euro", named))?,
        None => Unit::Euro,
    };
    Ok(shown_amount(amount, unit, Language::Italian))
}

fn unit_named(name: &Value) -> Option<Unit> {
    name.as_str().and_then(Unit::from_name).filter(|unit| unit.is_money())
}

/// A day or an instant → `2 marzo 2026`, or with `data("en")` as others write it.
fn day(value: &Value, language: Option<&str>) -> Result<String, Error> {
    let (day, language) = (civil("data", value)?, spoken("data", language)?);
    let shown = long_date(day, language);
    Ok(if language == Language::Italian { marked(shown) } else { shown })
}

/// The civil day in Italy of a day or an instant.
fn civil(filter: &str, value: &Value) -> Result<Date, Error> {
    let text = value.as_str().unwrap_or("");
    let instant = text.parse::<Timestamp>().map(rome_date);
    instant.or_else(|_| text.parse::<Date>()).map_err(|_| refuse(filter, "una data", value))
}

/// `marzo 2026`.
fn month(day: Date) -> String {
    let whole = long_date(day, Language::Italian);
    whole.split_once(' ').map_or_else(|| whole.clone(), |(_, month)| month.to_owned())
}

/// The language that a filter was asked for; Italian where none was.
fn spoken(filter: &str, tag: Option<&str>) -> Result<Language, Error> {
    let Some(tag) = tag else { return Ok(Language::Italian) };
    Language::from_tag(tag).ok_or_else(|| refuse(filter, "la lingua it, en o de", &Value::from(tag)))
}

/// An instant → `2 marzo 2026, ore 10:00`.
fn minute(value: &Value) -> Result<String, Error> {
    let instant: Timestamp =
        value.as_str().unwrap_or("").parse().map_err(|_| refuse("data_ora", "un istante", value))?;
    Ok(marked(long_timestamp(instant, Language::Italian)))
}

/// A registration in the protocol → `FAMGEN 0000123/2026`: with its register, because two offices give one number.
fn protocol(value: &Value) -> Result<String, Error> {
    let wrong = || refuse("protocollo", "un protocollo (numero e anno)", value);
    let number = i64::try_from(value.get_attr("numero")?).map_err(|_| wrong())?;
    let year = i16::try_from(value.get_attr("anno")?).map_err(|_| wrong())?;
    let register = value.get_attr("registro")?;
    let register = register.as_str().map(|register| format!("{register} ")).unwrap_or_default();
    Ok(format!("{register}{}", ProtocolNumber { number, year }))
}

/// The reasons of a decision as a table: what the law asks, where it says so, how it turned out.
fn motivation(decision: &Value, language: Option<&str>) -> Result<Value, Error> {
    let headings = match spoken("motivazione", language)? {
        Language::Italian => ["Che cosa", "Norma", "Esito"],
        Language::English => ["What", "Law", "Outcome"],
        Language::German => ["Was", "Vorschrift", "Ergebnis"],
    };
    table(&headings, &decision.get_attr("motivi")?)
}

/// A Markdown table, every cell escaped; nothing at all when there are no rows.
fn table(headings: &[&str], rows: &Value) -> Result<Value, Error> {
    let mut out = String::new();
    for row in rows.try_iter()? {
        let cells: Vec<_> = row.try_iter()?.map(|cell| escaped(&cell.to_string())).collect();
        out.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    if !out.is_empty() {
        out = format!("\n| {} |\n{}|\n{out}\n", headings.join(" | "), "|---".repeat(headings.len()));
    }
    Ok(Value::from_safe_string(out))
}

fn refuse(filter: &str, wanted: &str, value: &Value) -> Error {
    let shown = if value.is_none() { "un valore vuoto".to_owned() } else { format!("`{value}`") };
    Error::new(ErrorKind::InvalidOperation, format!("il filtro `{filter}` vuole {wanted}, ha ricevuto {shown}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_that_begins_with_a_vowel_is_joined_to_what_stands_before() {
        let eighth = day(&Value::from("2026-12-08"), None).unwrap();
        assert_eq!(joined(&format!("entro il **{eighth}**, poi")), "entro l’**8 dicembre 2026**, poi");
        assert_eq!(day(&Value::from("2026-12-08"), Some("de")).unwrap(), "8. Dezember 2026");
        assert_eq!(joined("il 8 dicembre, come ha scritto qualcuno"), "il 8 dicembre, come ha scritto qualcuno");
    }

    #[test]
    fn amounts_are_rounded_to_the_cent() {
        for (value, shown) in [("1234.505", "1.234,51\u{a0}€"), ("-0.005", "-0,01\u{a0}€"), ("201", "201,00\u{a0}€")]
        {
            assert_eq!(euro(&Value::from(value), None).unwrap(), shown);
        }
        let monthly = |unit: &str| euro(&Value::from("201"), Some(&Value::from(unit)));
        assert_eq!(monthly("euro/mese").unwrap(), "201,00\u{a0}€ al mese");
        assert_eq!(euro(&Value::from("201"), Some(&Value::from(()))).unwrap(), "201,00\u{a0}€", "paid once");
        assert!(monthly("giorni").unwrap_err().to_string().contains("una unità in euro"));
        assert!(euro(&Value::from("molto"), None).is_err());
    }

    #[test]
    fn months_follow_one_another_across_years_and_time_zones() {
        let of = |text: &str| civil("mese", &Value::from(text)).unwrap();
        assert_eq!(month(of("2026-12-31T23:30:00Z")), "gennaio 2027");
        assert_eq!(month(of("2026-12-01").saturating_add(jiff::ToSpan::months(1))), "gennaio 2027");
        assert_eq!(of("2026-06-30T22:30:00Z").month(), 7);
        assert!(civil("mese", &Value::from("domani")).unwrap_err().to_string().contains("`mese`"));
    }

    #[test]
    fn a_day_is_the_day_in_italy() {
        assert_eq!(day(&Value::from("2026-06-30T22:30:00Z"), None).unwrap(), "1º luglio 2026");
        assert_eq!(day(&Value::from("2026-03-02"), None).unwrap(), "2 marzo 2026");
        assert_eq!(day(&Value::from("2026-03-02"), Some("de")).unwrap(), "2. März 2026");
        assert!(day(&Value::from(()), None).unwrap_err().to_string().contains("un valore vuoto"));
    }
}
