//! Chance that can be had again: the same seed gives the same faults, the same households.

/// SplitMix64 (Steele, Lea and Flood 2014): enough to choose moments and people with.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// From a seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Any number.
    pub const fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 where there is none.
    pub const fn below(&mut self, end: u64) -> u64 {
        if end == 0 { 0 } else { self.number() % end }
    }

    /// A place in a list of so many.
    pub fn place(&mut self, many: usize) -> usize {
        usize::try_from(self.below(many as u64)).unwrap_or(0)
    }

    /// True once in `times` times.
    pub const fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    /// Dice of their own for something that happens beside.
    pub const fn another(&mut self) -> Self {
        Self(self.number())
    }
}
