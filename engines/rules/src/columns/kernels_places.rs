//! Loops over the members of each household that compare every one with every other.

use crate::language::Ties;

/// The members of each household, by place in the block.
fn households(offsets: &[u32]) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
    let first = offsets.first().copied().unwrap_or(0);
    offsets.windows(2).map(move |pair| (pair[0] - first) as usize..(pair[1] - first) as usize)
}

/// For each member, the place of the first of its household that was equal before and has an equal key.
pub(super) fn group<T: Copy + PartialEq>(out: &mut [i32], (before, keys): (&[i32], &[T]), offsets: &[u32]) {
    for members in households(offsets) {
        let start = members.start;
        for member in members.clone() {
            let same = |other: &usize| before[*other] == before[member] && keys[*other] == keys[member];
            let first = members.clone().find(same).unwrap_or(member);
            out[member] = i32::try_from(first - start).unwrap_or(0);
        }
    }
}

/// For each member, how many of its household were less before, or equal and have a lesser key.
pub(super) fn order<T: Copy + PartialOrd>(
    out: &mut [i32],
    (before, keys): (&[i32], &[T]),
    falling: bool,
    offsets: &[u32],
) {
    for members in households(offsets) {
        for member in members.clone() {
            let less = |other: usize| {
                let earlier = if falling { keys[other] > keys[member] } else { keys[other] < keys[member] };
                i32::from(before[other] < before[member] || (before[other] == before[member] && earlier))
            };
            out[member] = members.clone().map(less).sum();
        }
    }
}

/// For each member, its place among those of its household and group, from 1.
pub(super) fn place(out: &mut [i32], (groups, order): (&[i32], &[i32]), ties: Ties, offsets: &[u32]) {
    for members in households(offsets) {
        for member in members.clone() {
            let ahead = |other: usize| {
                let tied = ties == Ties::ByList && order[other] == order[member] && other < member;
                i32::from(groups[other] == groups[member] && (order[other] < order[member] || tied))
            };
            out[member] = 1 + members.clone().map(ahead).sum::<i32>();
        }
    }
}
