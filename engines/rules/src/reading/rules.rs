//! Rule blocks: the header in comments, then one expression.

use base::{Date, nearest};

use crate::{
    Role, Rule, RuleVersion, Telling, Unit, Validity, Value,
    diagnostic::Place,
    language::{Expr, Meaning, read_expression},
    unit::Kind,
};

use super::{
    Reading,
    decision_tables::{self, DecisionTable, Output, Policy},
    document::{Block, Cell, Document},
    validities::{day, seams},
};

const KEYS: [&str; 13] = [
    "regola",
    "titolo",
    "di",
    "unità",
    "dal",
    "al",
    "noto dal",
    "ruolo",
    "se no",
    "motivo",
    "ipotesi",
    "criterio",
    "da verificare",
];

/// One block with its header read. An expression gives one rule; a decision table may give several.
struct Declared<'d> {
    block: &'d Block,
    outputs: Vec<Named>,
    owner: Option<usize>,
    role: Option<Role>,
    version: RuleVersion,
    place: Place,
    policy: Option<Policy>,
}

/// A rule that a block defines.
struct Named {
    name: String,
    title: String,
    unit: Unit,
}

/// A decision table as part of a rule, to be checked once the whole program is known.
pub(super) struct Decided {
    /// The first rule that it defines.
    pub slot: usize,
    pub validity: Validity,
    pub table: DecisionTable,
}

/// Reads all rules: first all names, then what they say. Gives the place of each rule's first block, and the tables.
pub(super) fn read(reading: &mut Reading<'_>, document: &Document) -> (Vec<Place>, Vec<Decided>) {
    let declared: Vec<Declared<'_>> = document.blocks.iter().filter_map(|block| header(reading, block)).collect();
    let mut places = Vec::new();
    let mut slots = Vec::with_capacity(declared.len());
    for one in &declared {
        let of_block: Vec<Option<usize>> =
            one.outputs.iter().map(|output| slot(reading, one, output, &mut places)).collect();
        slots.push(of_block);
    }
    let mut decisions = Vec::new();
    for (one, slots) in declared.iter().zip(slots) {
        let exprs = match one.policy {
            None => vec![expression(reading, one)],
            Some(policy) => table(reading, document, one, policy, &slots, &mut decisions),
        };
        for ((slot, expr), output) in slots.into_iter().zip(exprs).zip(&one.outputs) {
            if let (Some(slot), Some(expr)) = (slot, expr) {
                let source = source(document, one.block);
                let version = RuleVersion { expr, source, title: output.title.clone(), ..one.version.clone() };
                reading.program.rules[slot].versions.push(version);
            }
        }
    }
    for slot in 0..reading.program.rules.len() {
        succession(reading, slot);
    }
    (places, decisions)
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
fn slot(reading: &mut Reading<'_>, one: &Declared<'_>, output: &Named, places: &mut Vec<Place>) -> Option<usize> {
    let known = reading.program.rules.iter().position(|rule| rule.name == output.name && rule.owner == one.owner);
    if let Some(slot) = known {
        let rule = &reading.program.rules[slot];
        if (rule.unit, rule.role) != (output.unit, one.role) {
            let message = format!("questa versione di `{}` ha un'altra unità o un altro ruolo", output.name);
            reading.complain(
                one.place,
                message,
                "tutte le versioni di una regola hanno la stessa unità e lo stesso ruolo",
            );
            return None;
        }
        return Some(slot);
    }
    if !reading.may_declare(one.owner, &output.name, one.place) {
        return None;
    }
    let slot = reading.program.rules.len();
    let meaning = Meaning { expr: Expr::Rule(slot), kind: output.unit.into(), allowed: Vec::new() };
    reading.names.declare(one.owner, &output.name, meaning);
    reading.program.rules.push(Rule {
        name: output.name.clone(),
        relation: one.owner.map(|owner| reading.names.relations[owner].clone()),
        unit: output.unit,
        role: one.role,
        versions: Vec::new(),
        owner: one.owner,
    });
    places.push(one.place);
    Some(slot)
}

fn expression(reading: &mut Reading<'_>, one: &Declared<'_>) -> Option<Expr> {
    let output = one.outputs.first()?;
    let wanted = Kind::from(output.unit);
    let first = one.block.line;
    match read_expression(&one.block.text, one.owner, &mut reading.names) {
        Ok((expr, kind)) if kind.unify(wanted).is_some() => Some(expr),
        Ok((_, kind)) => {
            let message = format!("la regola `{}` dichiara {}, ma l'espressione dà {kind}", output.name, output.unit);
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

/// The expressions of a decision table, one for each rule that it defines.
fn table(
    reading: &mut Reading<'_>,
    document: &Document,
    one: &Declared<'_>,
    policy: Policy,
    slots: &[Option<usize>],
    decisions: &mut Vec<Decided>,
) -> Vec<Option<Expr>> {
    let Some(grid) = one.block.grid.map(|at| &document.grids[at]) else {
        let mend = "scrivere sotto il blocco una tabella con le condizioni e una colonna con il nome della regola";
        reading.complain(one.place, "c'è un «criterio», ma sotto il blocco non c'è una tabella", mend);
        return Vec::new();
    };
    if let Some(place) = first_line_of_expression(one.block) {
        let mend = "togliere l'espressione, oppure «criterio»";
        reading.complain(place, "una regola con «criterio» sta nella tabella, non in un'espressione", mend);
        return Vec::new();
    }
    let outputs: Vec<Output<'_>> =
        one.outputs.iter().map(|output| Output { name: &output.name, unit: output.unit }).collect();
    let Some(table) = decision_tables::read(reading, grid, policy, one.owner, &outputs) else { return Vec::new() };
    let exprs = (0..outputs.len()).map(|output| Some(decision_tables::lower(&table, output))).collect();
    if let Some(Some(slot)) = slots.first() {
        decisions.push(Decided { slot: *slot, validity: one.version.validity, table });
    }
    exprs
}

/// What the block says, as written: the expression, or the table.
fn source(document: &Document, block: &Block) -> String {
    if let Some(grid) = block.grid.map(|at| &document.grids[at]).filter(|_| first_line_of_expression(block).is_none()) {
        let line = |cells: &Vec<Cell>| {
            format!("| {} |", cells.iter().map(|cell| cell.raw.as_str()).collect::<Vec<_>>().join(" | "))
        };
        let rule = format!("|{}", "---|".repeat(grid.header.len()));
        return [line(&grid.header), rule].into_iter().chain(grid.rows.iter().map(line)).collect::<Vec<_>>().join("\n");
    }
    let said = block.text.lines().skip_while(|line| line.trim().is_empty() || line.trim_start().starts_with("--"));
    said.collect::<Vec<_>>().join("\n")
}

fn first_line_of_expression(block: &Block) -> Option<Place> {
    let written = |line: &str| !line.trim().is_empty() && !line.trim_start().starts_with("--");
    let at = block.text.lines().position(written)?;
    Some(Place { line: block.line + crate::diagnostic::saturate(at), column: 1 })
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

    /// The values of a key that may stand more than once.
    fn all(&self, key: &str) -> Vec<String> {
        let found = self.entries.iter().filter(|(known, value, _)| known == key && !value.is_empty());
        found.map(|(_, value, _)| value.clone()).collect()
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
        let near = nearest(key, KEYS)
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
    let units = format!("… (una fra: {})", Unit::all_names());
    let (unit, from) = (needed("unità", &units), needed("dal", "2022-03-01"));
    if block.paragraph.is_none() {
        reading.complain(
            start,
            "la regola non sta sotto un riferimento normativo",
            "metterla sotto un titolo come «### Art. 4, comma 1 – …»",
        );
    }
    let validity = validity(reading, &header, from);
    let role = role(reading, &header);
    let telling = telling(reading, &header);
    let owner = owner(reading, &header);
    let policy = policy(reading, &header);
    let outputs = outputs(reading, policy, name, title, unit);
    if reading.wrong.len() > before {
        return None;
    }
    let (_, place) = name?;
    let version = RuleVersion {
        title: String::new(),
        paragraph: block.paragraph.clone()?,
        validity: validity?,
        otherwise: header.get("se no").map(|(text, _)| text.to_owned()),
        telling,
        supposable: header.get("ipotesi").is_none_or(|(text, _)| text != "no"),
        unverified: header.all("da verificare"),
        expr: Expr::Const(Value::Null),
        source: String::new(),
        line: block.line,
    };
    let place = Place { column: 1, ..place };
    Some(Declared { block, outputs: outputs?, owner, role, version, place, policy })
}

type Entry<'h> = Option<(&'h str, Place)>;

/// The rules of a block: a decision table may define several (`regola: importo, durata`; `titolo: Importo; Durata`).
fn outputs(
    reading: &mut Reading<'_>,
    policy: Option<Policy>,
    name: Entry<'_>,
    title: Entry<'_>,
    unit: Entry<'_>,
) -> Option<Vec<Named>> {
    let ((names, place), (titles, _), (units, unit_place)) = (name?, title?, unit?);
    let split = |text: &str, by: char| text.split(by).map(|part| part.trim().to_owned()).collect::<Vec<_>>();
    let (names, titles, units) = match policy {
        None => (vec![names.to_owned()], vec![titles.to_owned()], vec![units.to_owned()]),
        Some(_) if !names.contains(',') => (vec![names.to_owned()], vec![titles.to_owned()], vec![units.to_owned()]),
        Some(_) => (split(names, ','), split(titles, ';'), split(units, ',')),
    };
    if (titles.len(), units.len()) != (names.len(), names.len()) {
        let mend = "per esempio «-- titolo: Importo; Durata» e «-- unità: euro/mese, mesi»";
        reading.complain(place, "ogni regola della tabella vuole il suo titolo e la sua unità", mend);
        return None;
    }
    let known: Vec<Option<Unit>> = units.iter().map(|unit| known_unit(reading, unit, unit_place)).collect();
    let units = known.into_iter().collect::<Option<Vec<Unit>>>()?;
    if let Some(policy) = policy {
        fits(reading, policy, &units, unit_place)?;
    }
    let all = names.into_iter().zip(titles).zip(units);
    Some(all.map(|((name, title), unit)| Named { name, title, unit }).collect())
}

fn fits(reading: &mut Reading<'_>, policy: Policy, units: &[Unit], place: Place) -> Option<()> {
    let number = |unit: &Unit| !matches!(unit, Unit::YesNo | Unit::Date | Unit::Text);
    if policy.computes() && !units.iter().all(number) {
        reading.complain(place, "questo criterio vuole numeri", "usare unica, prima o qualsiasi, o un'altra unità");
        return None;
    }
    if policy == Policy::Count && units != [Unit::Number] {
        reading.complain(place, "un conteggio è in numero", "scrivere «-- unità: numero»");
        return None;
    }
    Some(())
}

fn policy(reading: &mut Reading<'_>, header: &Header) -> Option<Policy> {
    let (text, place) = header.get("criterio")?;
    let policy = Policy::from_name(text);
    if policy.is_none() {
        reading.complain(place, format!("criterio sconosciuto: `{text}`"), format!("criteri: {}", Policy::all_names()));
    }
    policy
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
        None => Telling::Usual,
        Some(("sì", _)) => Telling::Always,
        Some(("se dovuto", _)) => Telling::IfDue,
        Some(("no", _)) => Telling::Never,
        Some((other, place)) => {
            reading.complain(place, format!("«motivo» non può valere `{other}`"), "valori: sì, se dovuto, no");
            Telling::Usual
        }
    }
}

fn owner(reading: &mut Reading<'_>, header: &Header) -> Option<usize> {
    let (text, place) = header.get("di").filter(|(text, place)| !reading.is_subject(text, *place))?;
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
