use std::collections::BTreeMap;

use base::Date;
use rules::{Decimal, Facts, Input, InputType, Moment, Program, Unit, Value};

/// Households drawn for a law: every value that it may meet, and the edges of its own numbers more often than chance
/// would give. The same seed gives the same households.
pub struct Households<'p> {
    program: &'p Program,
    moment: Moment,
    /// The law's own numbers by unit: where a rule changes its mind.
    edges: BTreeMap<&'static str, Vec<Decimal>>,
    draw: Drawn,
}

/// A small generator of numbers (SplitMix64, public domain algorithm by Sebastiano Vigna).
#[derive(Debug, Clone)]
pub struct Drawn(u64);

impl Drawn {
    /// From a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`, which is small against 2^64.
    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound.max(1)
    }

    fn between(&mut self, least: i64, most: i64) -> i64 {
        least + i64::try_from(self.below(least.abs_diff(most) + 1)).unwrap_or(0)
    }

    fn one_in(&mut self, chances: u64) -> bool {
        self.below(chances) == 0
    }

    fn choose<'t, T>(&mut self, list: &'t [T]) -> Option<&'t T> {
        let place = usize::try_from(self.below(list.len() as u64)).ok()?;
        list.get(place)
    }
}

impl<'p> Households<'p> {
    /// Households for a law at a moment.
    #[must_use]
    pub fn new(program: &'p Program, moment: Moment, seed: u64) -> Self {
        let mut edges: BTreeMap<&'static str, Vec<Decimal>> = BTreeMap::new();
        for parameter in program.parameters() {
            let numbers = parameter.rows.iter().filter_map(|row| row.value.as_decimal());
            edges.entry(parameter.unit.name()).or_default().extend(numbers);
        }
        for table in program.tables() {
            edges.entry(table.takes.name()).or_default().extend(table.bounds_in_force(moment));
        }
        Self { program, moment, edges, draw: Drawn::new(seed) }
    }

    fn household(&mut self) -> Facts {
        let program = self.program;
        let mut facts = Facts { values: self.row(None), ..Facts::default() };
        for relation in program.relations() {
            let many = [0, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5];
            let members = self.draw.choose(&many).copied().unwrap_or(1);
            facts.groups.insert(relation.clone(), (0..members).map(|_| self.row(Some(relation))).collect());
        }
        facts
    }

    fn row(&mut self, relation: Option<&str>) -> BTreeMap<String, Value> {
        let inputs: Vec<&Input> =
            self.program.inputs().iter().filter(|input| input.relation.as_deref() == relation).collect();
        inputs.into_iter().map(|input| (input.name.clone(), self.value(input))).collect()
    }

    fn value(&mut self, input: &Input) -> Value {
        if self.draw.one_in(if input.required { 40 } else { 5 }) {
            return Value::Null;
        }
        match input.kind {
            InputType::Bool => Value::Bool(!self.draw.one_in(3)),
            InputType::Date => self.day(),
            InputType::Text => Value::from(self.draw.choose(&input.values).map_or("altro", String::as_str)),
            InputType::Integer => Value::Int(self.number(input.unit, 0).round().try_into().unwrap_or(0)),
            InputType::Decimal => Value::Dec(self.number(input.unit, 2)),
        }
    }

    /// A third of the numbers stand on an edge of the law, one unit above or one below.
    fn number(&mut self, unit: Unit, scale: u32) -> Decimal {
        let step = Decimal::new(self.draw.between(-1, 1), scale);
        let edge = self.edges.get(unit.name()).and_then(|edges| self.draw.choose(edges)).copied();
        match edge {
            Some(edge) if self.draw.one_in(3) => (edge.round_dp(scale) + step).max(Decimal::ZERO),
            _ if unit.is_money() => Decimal::new(self.draw.between(0, 6_000_000), scale),
            _ => Decimal::new(self.draw.between(0, 110), 0),
        }
    }

    /// Any day of a long life, up to some months ahead; one in three is an anniversary of the day, or its neighbour.
    fn day(&mut self) -> Value {
        let on = self.moment.on;
        let day = if self.draw.one_in(3) {
            let years = i16::try_from(self.draw.between(0, 70)).unwrap_or(0);
            let month = i8::try_from(self.draw.between(1, 12)).unwrap_or(1);
            let near = Date::new(on.year() - years, if self.draw.one_in(2) { on.month() } else { month }, 1);
            near.ok().and_then(|near| self.after(near, -1, 1))
        } else {
            self.after(on, -30_000, 200)
        };
        day.map_or(Value::Null, Value::Date)
    }

    fn after(&mut self, day: Date, least: i64, most: i64) -> Option<Date> {
        let days = jiff::Span::new().try_days(self.draw.between(least, most)).ok()?;
        day.checked_add(days).ok()
    }
}

impl Iterator for Households<'_> {
    type Item = Facts;

    fn next(&mut self) -> Option<Facts> {
        Some(self.household())
    }
}
