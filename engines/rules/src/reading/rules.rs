//! Rule blocks: the header in comments, then one expression.

use base::Date;

use crate::{
    Role, Rule, RuleVersion, Telling, Unit, Validity, Value,
    diagnostic::{Place, nearest},
    language::{Expr, Meaning, read_expression},
    unit::Kind,
};

use super::{
    Reading,
    document::{Block, Document},
    validities::{day, seams},
};

const KEYS: [&str; 11] =
    ["regola", "titolo", "di", "unità", "dal", "al", "noto dal", "ruolo", "se no", "motivo", "ipotesi"];

/// One block with its header read.
struct Declared<'d> {
    block: &'d Block,
    name: String,
    owner: Option<usize>,
    unit: Unit,
    role: Option<Role>,
    version: RuleVersion,
    place: Place,
}

/// Reads all rules: first all names, then the expressions. Gives the place of each rule's first block.
pub(super) fn read(reading: &mut Reading<'_>, document: &Document) -> Vec<Place> {
    let declared: Vec<Declared<'_>> = document.blocks.iter().filter_map(|block| header(reading, block)).collect();
    let mut places = Vec::new();
    let mut slots = Vec::with_capacity(declared.len());
    for one in &declared {
        let slot = slot(reading, one, &mut places);
        slots.push(slot);
    }
    for (one, slot) in declared.into_iter().zip(slots) {
        if let (Some(slot), Some(expr)) = (slot, expression(reading, &one)) {
            let version = RuleVersion { expr, ..one.version };
            reading.program.rules[slot].versions.push(version);
        }
    }
    for slot in 0..reading.program.rules.len() {
        succession(reading, slot);
    }
    places
}

fn succession(reading: &mut Reading<'_>, slot: usize) {
    let rule = &mut reading.program.rules[slot];
    rule.versions.sort_by_key(|version| (version.validity.from, version.validity.known_from));
    let place = |version: &RuleVersion| (version.validity, Place { line: version.line, column: 1 });
    let dated: Vec<_> = rule.versions.iter().map(place).collect();
    let wrong = seams(&format!("la regola `{}`", rule.name), &dated, &reading.source);
    reading.wrong.extend(wrong);
}

/// The rule that a block belongs to, declared at its first block. Further blocks must agree on what it is.
fn slot(reading: &mut Reading<'_>, one: &Declared<'_>, places: &mut Vec<Place>) -> Option<usize> {
    let known = reading.program.rules.iter().position(|rule| rule.name == one.name && rule.owner == one.owner);
    if let Some(slot) = known {
        let rule = &reading.program.rules[slot];
        if (rule.unit, rule.role) != (one.unit, one.role) {
            let message = format!("questa versione di `{}` ha un'altra unità o un altro ruolo", one.name);
            reading.complain(
                one.place,
                message,
                "tutte le versioni di una regola hanno la stessa unità e lo stesso ruolo",
            );
            return None;
        }
        return Some(slot);
    }
    if !reading.may_declare(one.owner, &one.name, one.place) {
        return None;
    }
    let slot = reading.program.rules.len();
    let meaning = Meaning { expr: Expr::Rule(slot), kind: one.unit.into(), allowed: Vec::new() };
    reading.names.declare(one.owner, &one.name, meaning);
    reading.program.rules.push(Rule {
        name: one.name.clone(),
        relation: one.owner.map(|owner| reading.names.relations[owner].clone()),
        unit: one.unit,
        role: one.role,
        versions: Vec::new(),
        owner: one.owner,
    });
    places.push(one.place);
    Some(slot)
}

fn expression(reading: &mut Reading<'_>, one: &Declared<'_>) -> Option<Expr> {
    let wanted = Kind::from(one.unit);
    let first = one.block.line;
    match read_expression(&one.block.text, one.owner, &mut reading.names) {
        Ok((expr, kind)) if kind.unify(wanted).is_some() => Some(expr),
        Ok((_, kind)) => {
            let message = format!("la regola `{}` dichiara {}, ma l'espressione dà {kind}", one.name, one.unit);
            reading.complain(one.place, message, "correggere «unità» oppure l'espressione");
            None
        }
        Err(error) => {
            let place = error.place.map_or(one.place, |place| Place { line: place.line + first - 1, ..place });
            reading.complain(place, error.message, error.mend);
            None
        }
    }
}

/// The `-- key: value` lines at the head of a block.
struct Header {
    entries: Vec<(String, String, Place)>,
}

impl Header {
    fn of(block: &Block) -> Self {
        let comments =
            block.text.lines().map(str::trim_start).take_while(|line| line.starts_with("--") || line.is_empty());
        let entry = |(at, line): (usize, &str)| {
            let (key, value) = line.strip_prefix("--")?.split_once(':')?;
            let place = Place { line: block.line + crate::diagnostic::saturate(at), column: 4 };
            Some((key.trim().to_owned(), value.trim().to_owned(), place))
        };
        Self { entries: comments.enumerate().filter_map(entry).collect() }
    }

    fn get(&self, key: &str) -> Option<(&str, Place)> {
        let found = self.entries.iter().find(|(known, value, _)| known == key && !value.is_empty());
        found.map(|(_, value, place)| (value.as_str(), *place))
    }
}

fn header<'d>(reading: &mut Reading<'_>, block: &'d Block) -> Option<Declared<'d>> {
    let header = Header::of(block);
    let start = Place { line: block.line, column: 1 };
    let before = reading.wrong.len();
    for (key, _, place) in header.entries.iter().filter(|(key, ..)| key != "nota" && !KEYS.contains(&key.as_str())) {
        let near = nearest(key, KEYS.into_iter())
            .map_or_else(|| format!("voci: {}, nota", KEYS.join(", ")), |near| format!("forse si voleva «{near}»"));
        reading.complain(*place, format!("voce sconosciuta: «{key}»"), near);
    }
    let mut needed = |key: &str, mend: &str| {
        let found = header.get(key);
        if found.is_none() {
            reading.complain(
                start,
                format!("la regola non ha «{key}»"),
                format!("aggiungere la riga «-- {key}: {mend}»"),
            );
        }
        found
    };
    let (name, title) = (needed("regola", "quota_minore"), needed("titolo", "Quota per il figlio minorenne"));
    let (unit, from) = (needed("unità", "euro/mese"), needed("dal", "2022-03-01"));
    if block.paragraph.is_none() {
        reading.complain(
            start,
            "la regola non sta sotto un riferimento normativo",
            "metterla sotto un titolo come «### Art. 4, comma 1 – …»",
        );
    }
    let unit = unit.and_then(|(text, place)| known_unit(reading, text, place));
    let validity = validity(reading, &header, from);
    let role = role(reading, &header);
    let telling = telling(reading, &header);
    let owner = owner(reading, &header);
    if reading.wrong.len() > before {
        return None;
    }
    let (name, place) = name?;
    let version = RuleVersion {
        title: title?.0.to_owned(),
        paragraph: block.paragraph.clone()?,
        validity: validity?,
        otherwise: header.get("se no").map(|(text, _)| text.to_owned()),
        telling,
        supposable: header.get("ipotesi").is_none_or(|(text, _)| text != "no"),
        expr: Expr::Const(Value::Null),
        line: block.line,
    };
    let place = Place { column: 1, ..place };
    Some(Declared { block, name: name.to_owned(), owner, unit: unit?, role, version, place })
}

fn known_unit(reading: &mut Reading<'_>, text: &str, place: Place) -> Option<Unit> {
    let unit = Unit::from_name(text);
    if unit.is_none() {
        reading.complain(place, format!("unità sconosciuta: `{text}`"), format!("unità: {}", Unit::all_names()));
    }
    unit
}

fn validity(reading: &mut Reading<'_>, header: &Header, from: Option<(&str, Place)>) -> Option<Validity> {
    let mut read = |entry: Option<(&str, Place)>| {
        let (text, place) = entry?;
        day(text).map_err(|(message, mend)| reading.complain(place, message, mend)).ok()
    };
    let (from, until) = (read(from)?, read(header.get("al")));
    let known_from = read(header.get("noto dal")).unwrap_or(Date::MIN);
    if let (Some(last), Some((_, place))) = (until, header.get("al"))
        && last < from
    {
        reading.complain(place, "la regola finisce prima di cominciare", "«al» non può precedere «dal»");
    }
    Some(Validity { from, until, known_from })
}

fn role(reading: &mut Reading<'_>, header: &Header) -> Option<Role> {
    let (text, place) = header.get("ruolo")?;
    let role = match text {
        "requisito" => Some(Role::Requirement),
        "diritto" => Some(Role::Entitlement),
        "importo" => Some(Role::Amount),
        _ => None,
    };
    if role.is_none() {
        reading.complain(place, format!("ruolo sconosciuto: `{text}`"), "ruoli: requisito, diritto, importo");
    }
    role
}

fn telling(reading: &mut Reading<'_>, header: &Header) -> Telling {
    match header.get("motivo") {
        None | Some(("sì", _)) => Telling::Always,
        Some(("se dovuto", _)) => Telling::IfDue,
        Some(("no", _)) => Telling::Never,
        Some((other, place)) => {
            reading.complain(place, format!("«motivo» non può valere `{other}`"), "valori: sì, se dovuto, no");
            Telling::Always
        }
    }
}

fn owner(reading: &mut Reading<'_>, header: &Header) -> Option<usize> {
    let (text, place) = header.get("di").filter(|(text, _)| *text != "nucleo")?;
    let owner = reading.names.relations.iter().position(|relation| relation == text);
    if owner.is_none() {
        let mend = format!(
            "relazioni note: {}; una relazione nasce nella tabella dei dati",
            reading.names.relations.join(", ")
        );
        reading.complain(place, format!("relazione sconosciuta: `{text}`"), mend);
    }
    owner
}
