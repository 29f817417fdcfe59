//! What may go wrong.

use clap::ValueEnum;

use crate::dice::Dice;

/// On what the program stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    /// A file, on a disk of which we decide what it keeps.
    Sqlite,
    /// A server of its own.
    Postgres,
}

/// One kind of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Fault {
    /// `kill -9` of the program.
    Kill,
    /// A power cut: what was not fsynced is forgotten, in part, by sectors.
    Power,
    /// A power cut during the very first start, when keys and tables are made.
    Birth,
    /// `fsync` fails, and then the power.
    Sync,
    /// A write fails, and then the power.
    Write,
    /// The disk is full for a while.
    Full,
    /// The clock jumps.
    Clock,
    /// A fifth of the replies to browsers are cut off.
    Replies,
    /// `kill -9` of PostgreSQL.
    Server,
    /// `kill -9` of PostgreSQL and of the program.
    Both,
    /// A fifth of PostgreSQL's replies are cut off.
    Lines,
    /// One of two programs sleeps for longer than its lease and wakes up.
    Frozen,
}

impl Fault {
    /// What can go wrong with each engine, and how often: once in so many shares.
    const OF_SQLITE: [(Self, u64); 8] = [
        (Self::Power, 12),
        (Self::Kill, 3),
        (Self::Sync, 4),
        (Self::Write, 3),
        (Self::Full, 2),
        (Self::Clock, 2),
        (Self::Replies, 2),
        (Self::Birth, 1),
    ];
    const OF_POSTGRES: [(Self, u64); 7] = [
        (Self::Kill, 4),
        (Self::Server, 6),
        (Self::Both, 4),
        (Self::Lines, 4),
        (Self::Replies, 2),
        (Self::Clock, 1),
        (Self::Frozen, 1),
    ];

    /// Those that an engine can meet.
    pub fn of(engine: Engine) -> &'static [(Self, u64)] {
        match engine {
            Engine::Sqlite => &Self::OF_SQLITE,
            Engine::Postgres => &Self::OF_POSTGRES,
        }
    }

    /// So many faults in a row, by chance: those asked for that the engine can meet, all of them where none is named.
    pub fn sequence(engine: Engine, only: &[Self], many: usize, dice: &mut Dice) -> Vec<Self> {
        let wanted = |fault: &Self| only.is_empty() || only.contains(fault);
        let shares: Vec<_> = Self::of(engine).iter().filter(|(fault, _)| wanted(fault)).collect();
        let total = shares.iter().map(|(_, share)| share).sum();
        let mut draw = || {
            let mut left = dice.below(total);
            shares.iter().find(|(_, share)| left.checked_sub(*share).map(|less| left = less).is_none()).map(|one| one.0)
        };
        // Each kind once before chance decides: a short run leaves none out if it can help it.
        let first = shares.iter().map(|(fault, _)| *fault);
        let mut faults: Vec<_> = first.take(many).collect();
        faults.extend(std::iter::from_fn(&mut draw).take(many - faults.len()));
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_faults_and_no_kind_is_left_out() {
        for engine in [Engine::Sqlite, Engine::Postgres] {
            let faults = Fault::sequence(engine, &[], 40, &mut Dice::new(7));
            assert_eq!(faults, Fault::sequence(engine, &[], 40, &mut Dice::new(7)));
            assert_ne!(faults, Fault::sequence(engine, &[], 40, &mut Dice::new(8)));
            assert!(faults.len() == 40 && Fault::of(engine).iter().all(|(fault, _)| faults.contains(fault)));
        }
        assert!(Fault::sequence(Engine::Sqlite, &[Fault::Server], 3, &mut Dice::new(1)).is_empty());
    }
}
