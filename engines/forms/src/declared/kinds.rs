//! The kind of a question and the bounds that belong to it.

use base::{Date, FileKind};
use rust_decimal::Decimal;
use toml::{Spanned, de::DeValue};

use super::reader::{At, Reader};
use crate::{Choice, DateBound, Files, Kind};

/// Longest answer of any kind, in characters.
pub(crate) const MAX_CHARACTERS: usize = 20_000;

const COMMON: [&str; 10] =
    ["id", "kind", "label", "hint", "error", "required", "when", "from", "replaceable", "purpose"];

/// The keys that a kind takes besides the common ones.
fn own_keys(kind: &str) -> &'static [&'static str] {
    match kind {
        "text" => &["max_length", "pattern"],
        "long-text" => &["max_length"],
        "number" => &["min", "max", "default"],
        "money" => &["min", "max"],
        "date" => &["min", "max", "agrees_with"],
        "yes-no" => &["default"],
        "choice" => &["options", "default", "agrees_with"],
        "choices" => &["options"],
        "attachment" => &["types", "max_megabytes", "max_count"],
        "declaration" => &["on_confirm"],
        _ => &[],
    }
}

pub(super) fn read_kind(reader: &mut Reader, at: &At) -> Option<Kind> {
    let name = reader.need_string(at, "kind")?;
    if !Kind::NAMES.contains(&name.get_ref().as_str()) {
        let mend = base::nearest(name.get_ref(), Kind::NAMES).map_or_else(
            || format!("i tipi sono: {}", Kind::NAMES.join(", ")),
            |near| format!("forse si voleva \"{near}\""),
        );
        reader.wrong(name.span(), format!("tipo di domanda sconosciuto «{}»", name.get_ref()), mend);
        return None;
    }
    let keys: Vec<&str> = COMMON.iter().chain(own_keys(name.get_ref())).copied().collect();
    reader.only_keys(at, &keys);
    Some(match name.get_ref().as_str() {
        "text" => Kind::Text { max_length: characters(reader, at, 200), pattern: pattern(reader, at) },
        "long-text" => Kind::LongText { max_length: characters(reader, at, 5_000) },
        "number" => numbers(reader, at),
        "money" => money(reader, at),
        "date" => Kind::Date { min: date(reader, at, "min"), max: date(reader, at, "max") },
        "yes-no" => Kind::YesNo,
        "choice" => Kind::Choice(options(reader, at)),
        "choices" => Kind::Choices(options(reader, at)),
        "fiscal-code" => Kind::FiscalCode,
        "iban" => Kind::Iban,
        "email" => Kind::Email,
        "phone" => Kind::Phone,
        "postal-code" => Kind::PostalCode,
        "attachment" => Kind::Attachment(files(reader, at)),
        "declaration" => Kind::Declaration { on_confirm: reader.bool(at, "on_confirm").unwrap_or(false) },
        _ => Kind::Note,
    })
}

fn characters(reader: &mut Reader, at: &At, default: usize) -> usize {
    reader.count(at, "max_length", default, (1, MAX_CHARACTERS))
}

fn pattern(reader: &mut Reader, at: &At) -> Option<String> {
    let mask = reader.string(at, "pattern")?;
    if mask.get_ref().is_empty() {
        reader.wrong(mask.span(), "il modello è vuoto", "scrivere 9 per una cifra, A per una lettera, * per entrambe");
    }
    Some(mask.into_inner())
}

fn numbers(reader: &mut Reader, at: &At) -> Kind {
    let min = reader.integer(at, "min").unwrap_or(0);
    let max = reader.integer(at, "max").unwrap_or(1_000_000_000);
    ordered(reader, at, min <= max);
    Kind::Number { min, max }
}

fn money(reader: &mut Reader, at: &At) -> Kind {
    let min = amount(reader, at, "min").unwrap_or(Decimal::ZERO);
    let max = amount(reader, at, "max").unwrap_or_else(|| Decimal::from(1_000_000_000));
    ordered(reader, at, min <= max);
    Kind::Money { min, max }
}

fn ordered(reader: &mut Reader, at: &At, right: bool) {
    if !right {
        let span = at.table.get("max").or(at.table.get("min")).map_or(at.span.clone(), Spanned::span);
        reader.wrong(span, "il massimo è più piccolo del minimo", "scambiare min e max");
    }
}

/// Whole euro, or text with a decimal point: a TOML float would not be exact.
fn amount(reader: &mut Reader, at: &At, key: &str) -> Option<Decimal> {
    let value = at.table.get(key)?;
    let read = match value.get_ref() {
        DeValue::Integer(number) => number.as_str().parse().ok(),
        DeValue::String(text) => text.parse().ok(),
        _ => None,
    };
    read.or_else(|| reader.refuse(value, key, "un importo: 1000 oppure \"1000.50\""))
}

fn date(reader: &mut Reader, at: &At, key: &str) -> Option<DateBound> {
    let text = reader.string(at, key)?;
    if text.get_ref() == "today" {
        return Some(DateBound::Today);
    }
    let Ok(day) = text.get_ref().parse::<Date>() else {
        reader.wrong(
            text.span(),
            format!("«{}» non è un giorno", text.get_ref()),
            "scrivere \"AAAA-MM-GG\" oppure \"today\"",
        );
        return None;
    };
    Some(DateBound::On(day))
}

fn options(reader: &mut Reader, at: &At) -> Vec<Choice> {
    let tables = reader.tables(at, "options");
    if tables.is_empty() {
        let mend = "aggiungere options = [{ value = \"si\", label = \"Sì\" }, …]";
        reader.wrong(at.span.clone(), "una scelta senza risposte", mend);
    }
    let mut options: Vec<Choice> = Vec::new();
    for table in tables {
        reader.only_keys(&table, &["value", "label", "hint"]);
        let Some(value) = reader.need_string(&table, "value") else { continue };
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_';
        if value.get_ref().is_empty() || !value.get_ref().bytes().all(plain) {
            let message = format!("«{}» non può essere un valore", value.get_ref());
            reader.wrong(value.span(), message, "usare lettere minuscole, cifre, «-» e «_»");
        }
        if options.iter().any(|option| option.value == *value.get_ref()) {
            reader.wrong(value.span(), format!("la risposta `{}` c'è già", value.get_ref()), "toglierne una");
        }
        let (label, hint) = (reader.need_translated(&table, "label"), reader.translated(&table, "hint"));
        options.push(Choice { value: value.into_inner(), label, hint });
    }
    options
}

fn files(reader: &mut Reader, at: &At) -> Files {
    let megabytes = reader.count(at, "max_megabytes", 10, (1, most_megabytes()));
    let files = Files {
        types: file_types(reader, at),
        max_bytes: (megabytes as u64) << 20,
        max_count: reader.count(at, "max_count", 1, (1, Files::MOST_OF_A_PAGE)),
    };
    if files.max_bytes * files.max_count as u64 > Files::MOST_BYTES_OF_A_PAGE {
        let message = format!("{} file da {megabytes} MB sono più di quanto si può inviare insieme", files.max_count);
        let mend = format!("max_count per max_megabytes: al massimo {}", most_megabytes());
        reader.wrong(at.table.get("max_count").map_or(at.span.clone(), |count| count.span()), message, mend);
    }
    files
}

const fn most_megabytes() -> usize {
    (Files::MOST_BYTES_OF_A_PAGE >> 20) as usize
}

fn file_types(reader: &mut Reader, at: &At) -> Vec<FileKind> {
    let Some(value) = at.table.get("types") else { return vec![FileKind::Pdf, FileKind::Jpeg, FileKind::Png] };
    let known: Vec<&str> = FileKind::KNOWN.iter().flat_map(|kind| kind.extensions()).copied().collect();
    let kind = |entry: &Spanned<DeValue<'_>>| entry.get_ref().as_str().and_then(FileKind::of_extension);
    let kinds: Option<Vec<FileKind>> =
        value.get_ref().as_array().and_then(|array| array.iter().map(kind).collect::<Option<_>>());
    let kinds = kinds.filter(|kinds| !kinds.is_empty());
    let mut kinds = kinds
        .or_else(|| reader.refuse(value, "types", &format!("un elenco di: {}", known.join(", "))))
        .unwrap_or_default();
    kinds.dedup();
    kinds
}
