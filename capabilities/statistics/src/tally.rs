//! What is counted of a group of households: all of them, a decile, a territory.

use rust_decimal::Decimal;

use crate::{
    sum::{Count, Sum, TooGreat},
    verdict::Verdict,
};

/// One household as a simulation sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// How many households it stands for.
    pub weight: Decimal,
    /// How many people live in it.
    pub people: Decimal,
    /// What the law in force says.
    pub law: Verdict,
    /// What the draft says, if there is one.
    pub draft: Option<Verdict>,
    /// Whether it asked for the service, where that is known.
    pub applied: Option<bool>,
}

/// What one law gives to a group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Effect {
    /// Households entitled to something.
    pub entitled: Count,
    /// People who live in them.
    pub people: Sum,
    /// Sum of the amounts, in the unit of the law's amount.
    pub cost: Sum,
    /// Households of which a needed fact is not known.
    pub unknown: Count,
    /// Households whose case goes to an officer.
    pub officer: Count,
}

/// What a draft changes for a group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// Households that get more, and by how much altogether.
    pub winners: (Count, Sum),
    /// Households that get less, and by how much altogether: a negative sum.
    pub losers: (Count, Sum),
    /// Households for which nothing changes.
    pub unchanged: Count,
    /// Households of which one of the two laws says nothing.
    pub incomparable: Count,
}

/// All that is counted of a group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Its households.
    pub households: Count,
    /// Its people.
    pub people: Sum,
    /// Under the law in force.
    pub law: Effect,
    /// Under the draft; empty without one.
    pub draft: Effect,
    /// From the one to the other; empty without a draft.
    pub change: Change,
    /// Entitled by the law in force, and did not ask; and to how much altogether.
    pub unclaimed: (Count, Sum),
}

impl Effect {
    fn add(&mut self, verdict: &Verdict, people: Decimal, weight: Decimal) -> Result<(), TooGreat> {
        match verdict {
            Verdict::Due(amount) => {
                self.entitled.add(weight)?;
                self.people.add(people, weight)?;
                self.cost.add(*amount, weight)
            }
            Verdict::NotDue => Ok(()),
            Verdict::Unknown => self.unknown.add(weight),
            Verdict::Officer(_) => self.officer.add(weight),
        }
    }

    fn merge(&mut self, other: &Self) -> Result<(), TooGreat> {
        self.entitled.merge(&other.entitled)?;
        self.people.merge(&other.people)?;
        self.cost.merge(&other.cost)?;
        self.unknown.merge(&other.unknown)?;
        self.officer.merge(&other.officer)
    }
}

impl Change {
    fn add(&mut self, before: Option<Decimal>, after: Option<Decimal>, weight: Decimal) -> Result<(), TooGreat> {
        let (Some(before), Some(after)) = (before, after) else { return self.incomparable.add(weight) };
        let (count, sum) = match after.cmp(&before) {
            std::cmp::Ordering::Equal => return self.unchanged.add(weight),
            std::cmp::Ordering::Greater => &mut self.winners,
            std::cmp::Ordering::Less => &mut self.losers,
        };
        count.add(weight)?;
        // Two terms, because the difference of two decimals may have more digits than a decimal holds.
        sum.add(after, weight)?;
        sum.add(-before, weight)
    }

    fn merge(&mut self, other: &Self) -> Result<(), TooGreat> {
        for (mine, theirs) in [(&mut self.winners, &other.winners), (&mut self.losers, &other.losers)] {
            mine.0.merge(&theirs.0)?;
            mine.1.merge(&theirs.1)?;
        }
        self.unchanged.merge(&other.unchanged)?;
        self.incomparable.merge(&other.incomparable)
    }
}

impl Tally {
    /// One household more.
    ///
    /// # Errors
    /// If a sum is beyond 38 digits.
    pub fn add(&mut self, unit: &Judged) -> Result<(), TooGreat> {
        self.households.add(unit.weight)?;
        self.people.add(unit.people, unit.weight)?;
        self.law.add(&unit.law, unit.people, unit.weight)?;
        if let (Verdict::Due(amount), Some(false)) = (&unit.law, unit.applied) {
            self.unclaimed.0.add(unit.weight)?;
            self.unclaimed.1.add(*amount, unit.weight)?;
        }
        let Some(draft) = &unit.draft else { return Ok(()) };
        self.draft.add(draft, unit.people, unit.weight)?;
        self.change.add(unit.law.amount(), draft.amount(), unit.weight)
    }

    /// The households of another group.
    ///
    /// # Errors
    /// If a sum is beyond 38 digits.
    pub fn merge(&mut self, other: &Self) -> Result<(), TooGreat> {
        self.households.merge(&other.households)?;
        self.people.merge(&other.people)?;
        self.law.merge(&other.law)?;
        self.draft.merge(&other.draft)?;
        self.unclaimed.0.merge(&other.unclaimed.0)?;
        self.unclaimed.1.merge(&other.unclaimed.1)?;
        self.change.merge(&other.change)
    }
}
