//! Checks of the whole program, once all names are known: cycles, coverage in time, what is not used, outcomes.

use std::collections::BTreeSet;

use base::Date;

use crate::{
    Program, Role, Rule, Unit, Validity,
    diagnostic::{Place, SourceText},
    evaluation::bounds,
    language::{Expr, Reference, whole_rules},
};

use super::{Reading, decision_tables, rules::Decided};

/// Cycles told at once: mending a few often mends the others.
const MOST_CYCLES: usize = 20;

/// Where things were declared, in the order of the program's lists.
pub(super) struct Places {
    pub inputs: Vec<Place>,
    pub parameters: Vec<Place>,
    pub rules: Vec<Place>,
    pub decisions: Vec<Decided>,
}

/// `complete`: everything was read; otherwise what seems unused may be used where reading failed.
pub(super) fn check(reading: &mut Reading<'_>, places: &Places, complete: bool) {
    outcomes(reading, places);
    let uses: Vec<BTreeSet<Reference>> = reading
        .program
        .rules
        .iter()
        .map(|rule| {
            let mut uses = BTreeSet::new();
            rule.versions.iter().for_each(|version| version.expr.references(&mut |used| _ = uses.insert(used)));
            uses
        })
        .collect();
    let mut edges: Vec<Vec<usize>> = uses.iter().map(|uses| uses.iter().filter_map(rule_slot).collect()).collect();
    match order(&edges) {
        Ok(order) => {
            reading.program.dependents = dependents(&order, &edges);
            reading.program.input_dependents = input_dependents(&reading.program, &uses, &order);
            reading.program.order = order;
            reading.program.bounds = bounds(&reading.program);
            tables(reading, &places.decisions);
        }
        Err(cycle) => cycles(reading, places, &mut edges, cycle),
    }
    coverage(reading);
    if complete {
        unused(reading, places, &uses, &edges);
    }
}

/// Gaps and overlaps of decision tables, on the days on which each governs.
fn tables(reading: &mut Reading<'_>, decisions: &[Decided]) {
    let whole = whole_rules(&reading.program);
    for decided in decisions {
        let rule = &reading.program.rules[decided.slot];
        let name = rule.name.clone();
        let Some(at) = rule.versions.iter().position(|version| version.validity == decided.validity) else { continue };
        let last = last_day(rule, at);
        decision_tables::check(reading, &name, &decided.table, (decided.validity.from, last), &whole);
    }
}

/// The last day on which a version of a rule governs.
fn last_day(rule: &Rule, at: usize) -> Date {
    let validity = rule.versions[at].validity;
    let later = rule.versions[at + 1..].iter().map(|next| next.validity.from).find(|from| *from > validity.from);
    let replaced = later.and_then(|from| from.yesterday().ok()).unwrap_or(Date::MAX);
    validity.until.unwrap_or(Date::MAX).min(replaced)
}

/// For each input, the rules that a change of it may reach, in evaluation order.
fn input_dependents(program: &Program, uses: &[BTreeSet<Reference>], order: &[usize]) -> Vec<Vec<usize>> {
    let reached = |input: usize| -> Vec<usize> {
        let direct = (0..uses.len()).filter(|slot| uses[*slot].contains(&Reference::Input(input)));
        let all: BTreeSet<usize> =
            direct.flat_map(|slot| std::iter::once(slot).chain(program.dependents[slot].iter().copied())).collect();
        order.iter().copied().filter(|slot| all.contains(slot)).collect()
    };
    (0..program.inputs.len()).map(reached).collect()
}

fn rule_slot(reference: &Reference) -> Option<usize> {
    if let Reference::Rule(slot) = reference { Some(*slot) } else { None }
}

/// At most one entitlement and one amount, both of the household, with fitting units.
fn outcomes(reading: &mut Reading<'_>, places: &Places) {
    for slot in 0..reading.program.rules.len() {
        let rule = &reading.program.rules[slot];
        let (role, unit, household) = (rule.role, rule.unit, rule.owner.is_none());
        let Some(role) = role else { continue };
        let fits = if role == Role::Amount { unit.is_money() } else { unit == Unit::YesNo };
        if !fits {
            reading.complain(
                places.rules[slot],
                format!("l'unità {unit} non va con il ruolo di questa regola"),
                "requisito e diritto sono sì/no, l'importo è in euro",
            );
        }
        let outcome = match role {
            Role::Requirement => continue,
            Role::Entitlement => &mut reading.program.entitlement,
            Role::Amount => &mut reading.program.amount,
        };
        let second = outcome.replace(slot).is_some();
        if second || !household {
            reading.complain(
                places.rules[slot],
                "diritto e importo sono uno solo, e del nucleo",
                "togliere il ruolo alle altre regole",
            );
        }
    }
}

/// Rules in an order in which each follows what it uses, or a cycle. Iterative: a long chain must not exhaust the stack.
fn order(edges: &[Vec<usize>]) -> Result<Vec<usize>, Vec<usize>> {
    let mut order = Vec::with_capacity(edges.len());
    let mut state = vec![0u8; edges.len()];
    for root in 0..edges.len() {
        let mut path: Vec<(usize, usize)> = if state[root] == 0 { vec![(root, 0)] } else { Vec::new() };
        while let Some((slot, next)) = path.last_mut() {
            state[*slot] = 1;
            let Some(used) = edges[*slot].get(*next).copied() else {
                state[*slot] = 2;
                order.push(*slot);
                path.pop();
                continue;
            };
            *next += 1;
            match state[used] {
                0 => path.push((used, 0)),
                1 => return Err(path.iter().map(|(slot, _)| *slot).skip_while(|slot| *slot != used).collect()),
                _ => {}
            }
        }
    }
    Ok(order)
}

fn dependents(order: &[usize], edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let reached = |changed: usize| {
        let mut touched = vec![false; edges.len()];
        touched[changed] = true;
        order
            .iter()
            .copied()
            .filter(|slot| {
                let hit = !touched[*slot] && edges[*slot].iter().any(|used| touched[*used]);
                touched[*slot] |= hit;
                hit
            })
            .collect()
    };
    (0..edges.len()).map(reached).collect()
}

/// Tells each cycle; its last step is taken out to find the next one.
fn cycles(reading: &mut Reading<'_>, places: &Places, edges: &mut [Vec<usize>], mut cycle: Vec<usize>) {
    for _ in 0..MOST_CYCLES {
        tell_cycle(reading, places, &cycle);
        if let (Some(first), Some(last)) = (cycle.first(), cycle.last()) {
            edges[*last].retain(|used| used != first);
        }
        match order(edges) {
            Ok(_) => return,
            Err(next) => cycle = next,
        }
    }
}

fn tell_cycle(reading: &mut Reading<'_>, places: &Places, cycle: &[usize]) {
    let first = cycle[0];
    let path: Vec<&str> = cycle.iter().chain([&first]).map(|slot| reading.program.rules[*slot].name.as_str()).collect();
    let message = format!("regole che si rincorrono: {}", path.join(" → "));
    reading.complain(
        places.rules[first],
        message,
        "togliere uno dei passaggi: una regola non può dipendere da sé stessa",
    );
}

/// First and last day on which something is defined; gaps in between were told already.
fn span(validities: impl Iterator<Item = Validity> + Clone) -> Option<(Date, Date)> {
    let first = validities.clone().map(|validity| validity.from).min()?;
    let last = validities.map(|validity| validity.until.unwrap_or(Date::MAX)).max()?;
    Some((first, last))
}

impl Program {
    /// Name and validities of what is dated.
    fn dated(&self, reference: Reference) -> Option<(&str, Vec<Validity>)> {
        match reference {
            Reference::Input(_) => None,
            Reference::Rule(slot) => {
                let rule = &self.rules[slot];
                Some((&rule.name, rule.versions.iter().map(|version| version.validity).collect()))
            }
            Reference::Parameter(slot) => {
                let parameter = &self.parameters[slot];
                Some((&parameter.name, parameter.rows.iter().map(|row| row.validity).collect()))
            }
            Reference::Table(slot) => {
                let table = &self.tables[slot];
                Some((&table.name, table.versions.iter().map(|version| version.validity).collect()))
            }
        }
    }
}

/// What a rule uses must be defined on every day on which the rule governs.
fn coverage(reading: &mut Reading<'_>) {
    let mut wrong = Vec::new();
    for rule in &reading.program.rules {
        for (at, version) in rule.versions.iter().enumerate() {
            let last = last_day(rule, at);
            let governed = Validity { until: Some(last), ..version.validity };
            uncovered(&reading.program, &version.expr, governed, |message| {
                wrong.push((Place { line: version.line, column: 1 }, format!("la regola `{}` {message}", rule.name)));
            });
        }
    }
    for (place, message) in wrong {
        reading.complain(
            place,
            message,
            "aggiungere la versione mancante (anche solo 0.00) o cambiare «dal», «al» o «noto dal»",
        );
    }
}

fn uncovered(program: &Program, expr: &Expr, governed: Validity, mut tell: impl FnMut(String)) {
    let mut told = BTreeSet::new();
    expr.references(&mut |reference| {
        let Some((name, validities)) = program.dated(reference) else { return };
        let Some((first, last)) = span(validities.iter().copied()).filter(|_| told.insert(reference)) else { return };
        if governed.from < first {
            tell(format!("vale dal {}, ma usa `{name}` che comincia il {first}", governed.from));
        } else if governed.until.is_some_and(|until| until > last) {
            tell(format!("usa `{name}`, che finisce il {last}"));
        } else if let Some(published) = published(&validities).filter(|published| *published > governed.known_from)
            && governed.known_from > Date::MIN
        {
            tell(format!("è nota dal {}, ma usa `{name}`, pubblicato solo il {published}", governed.known_from));
        }
    });
}

/// The day on which the first text was published.
fn published(validities: &[Validity]) -> Option<Date> {
    validities.iter().map(|validity| validity.known_from).min()
}

/// Whatever no outcome needs is a mistake of the author, or a leftover. A law without outcomes is a collection.
fn unused(reading: &mut Reading<'_>, places: &Places, uses: &[BTreeSet<Reference>], edges: &[Vec<usize>]) {
    let mut needed = vec![false; uses.len()];
    let mut open: Vec<usize> = (0..uses.len()).filter(|slot| reading.program.rules[*slot].role.is_some()).collect();
    while let Some(slot) = open.pop() {
        if !std::mem::replace(&mut needed[slot], true) {
            open.extend(&edges[slot]);
        }
    }
    let used: BTreeSet<Reference> = uses.iter().flatten().copied().collect();
    let unused_rules = (0..needed.len())
        .filter(|slot| !needed[*slot])
        .map(|slot| (places.rules[slot], &reading.program.rules[slot].name));
    let inputs = reading.program.inputs.iter().enumerate().zip(&places.inputs);
    let unused_inputs = inputs
        .filter(|((slot, input), _)| !input.identification && !used.contains(&Reference::Input(*slot)))
        .map(|((_, input), place)| (*place, &input.name));
    let parameters = reading.program.parameters.iter().enumerate().zip(&places.parameters);
    let unused_parameters = parameters
        .filter(|((slot, _), _)| !used.contains(&Reference::Parameter(*slot)))
        .map(|((_, parameter), place)| (*place, &parameter.name));
    let found: Vec<(Place, String)> =
        unused_rules.chain(unused_inputs).chain(unused_parameters).map(|(place, name)| (place, name.clone())).collect();
    for (place, name) in found {
        reading.complain(place, format!("`{name}` non serve a nessun esito"), "usarlo, toglierlo o dargli un ruolo; un dato che serve solo a identificare ha «identificazione» nella colonna «uso»");
    }
    unused_tables(reading, &used);
}

fn unused_tables(reading: &mut Reading<'_>, used: &BTreeSet<Reference>) {
    let tables = reading.program.tables.iter().enumerate();
    let unused: Vec<String> = tables
        .filter(|(slot, _)| !used.contains(&Reference::Table(*slot)))
        .map(|(_, table)| table.name.clone())
        .collect();
    for name in unused {
        let file = format!("tabelle/{name}.csv");
        let place = Place { line: 1, column: 1 };
        let message = format!("la tabella `{name}` non serve a nessuna regola");
        reading.wrong.push(SourceText::new(&file, "").complain(place, message, "usarla o togliere il file"));
    }
}
