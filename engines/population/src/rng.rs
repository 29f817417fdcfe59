//! Reproducible draws with integers only, so that every machine and every compiler gives the same world.

/// The generator xoshiro256** of Blackman and Vigna, started by splitmix64. Never for secrets.
#[derive(Debug, Clone)]
pub(crate) struct Rng([u64; 4]);

/// One step of splitmix64: spreads a counter over all 64 bits.
pub(crate) fn splitmix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

impl Rng {
    /// The stream of thing number `number` of a family of things (`purpose`): households and employers each have
    /// their own, so that one more draw for a household leaves all the others as they were.
    pub(crate) fn stream(seed: u64, purpose: u64, number: u64) -> Self {
        let mut state = seed;
        let mut key = splitmix(&mut state) ^ purpose;
        let mut state = splitmix(&mut key) ^ number;
        Self([(); 4].map(|()| splitmix(&mut state)))
    }

    fn next(&mut self) -> u64 {
        let s = &mut self.0;
        let result = s[1].wrapping_mul(5).rotate_left(7).wrapping_mul(9);
        let shifted = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= shifted;
        s[3] = s[3].rotate_left(45);
        result
    }

    /// A number in `0..bound`, or 0 when `bound` is 0. The bias, below `bound` / 2^64, is far under any margin here.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        let product = u128::from(self.next()) * u128::from(bound);
        u64::try_from(product >> 64).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = u64::try_from(high.saturating_sub(low)).unwrap_or(0);
        low + i64::try_from(self.below(width + 1)).unwrap_or(0)
    }

    /// Whether something that happens to `per_mille` in a thousand happens now.
    pub(crate) fn happens(&mut self, per_mille: u32) -> bool {
        self.below(1000) < u64::from(per_mille)
    }

    /// One entry of a table of integer weights.
    pub(crate) fn pick<T: Copy>(&mut self, table: &[(u32, T)]) -> T {
        let total: u64 = table.iter().map(|(weight, _)| u64::from(*weight)).sum();
        let mut left = self.below(total);
        for (weight, value) in table {
            match left.checked_sub(u64::from(*weight)) {
                Some(rest) => left = rest,
                None => return *value,
            }
        }
        table.last().expect("tables of weights are constants and none is empty").1
    }

    /// One element of a list, all equally likely.
    pub(crate) fn one_of<T: Copy>(&mut self, list: &[T]) -> T {
        let place = self.below(list.len() as u64);
        list[usize::try_from(place).unwrap_or(0)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splitmix_gives_the_published_numbers() {
        let mut state = 1_234_567;
        let drawn = [(); 3].map(|()| splitmix(&mut state));
        assert_eq!(drawn, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn xoshiro_gives_the_published_numbers() {
        let mut rng = Rng([1, 2, 3, 4]);
        let drawn = [(); 6].map(|()| rng.next());
        let published =
            [11520, 0, 1_509_978_240, 1_215_971_899_390_074_240, 1_216_172_134_540_287_360, 607_988_272_756_665_600];
        assert_eq!(drawn, published);
    }

    #[test]
    fn draws_stay_inside_their_bounds_and_follow_their_weights() {
        let mut rng = Rng::stream(1, 2, 3);
        let mut heads = 0;
        for _ in 0..10_000 {
            assert!((5..=9).contains(&rng.between(5, 9)));
            heads += u32::from(rng.pick(&[(3, true), (1, false), (0, false)]));
        }
        assert!((7_300..7_700).contains(&heads), "{heads}");
    }
}
