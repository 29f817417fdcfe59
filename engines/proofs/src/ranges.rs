//! Which leaves each hash of a proof stands for. Making a proof and checking one walk the same list.

use crate::Node;

/// The leaves from `start` (included) to `end` (excluded).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: u64,
    pub(crate) end: u64,
}

impl Span {
    const fn len(self) -> u64 {
        self.end - self.start
    }

    /// Where RFC 6962 divides it: after the largest power of two smaller than its length (which is over 1).
    const fn middle(self) -> u64 {
        self.start + (1 << (u64::BITS - 1 - (self.len() - 1).leading_zeros()))
    }

    const fn halves(self) -> (Self, Self) {
        let middle = self.middle();
        (Self { start: self.start, end: middle }, Self { start: middle, end: self.end })
    }

    /// The complete subtrees it consists of, from the left: one for each bit set in its length.
    /// Every span made here begins at a multiple of the largest of them.
    pub(crate) fn nodes(self) -> Vec<Node> {
        let mut start = self.start;
        let levels = (0..u64::BITS).rev().filter(|level| self.len() >> level & 1 == 1);
        levels
            .map(|level| {
                // A level is below 64.
                let node = Node { level: level as u8, index: start >> level };
                start = start.saturating_add(1 << level);
                node
            })
            .collect()
    }
}

/// The siblings on the way from leaf `index` to the root; `None` if the leaf is not in the tree.
pub(crate) fn inclusion(index: u64, size: u64) -> Option<Vec<Span>> {
    if index >= size {
        return None;
    }
    let mut span = Span { start: 0, end: size };
    let mut siblings = Vec::new();
    while span.len() > 1 {
        let (left, right) = span.halves();
        let (within, sibling) = if index < left.end { (left, right) } else { (right, left) };
        siblings.push(sibling);
        span = within;
    }
    siblings.reverse();
    Some(siblings)
}

/// What a consistency proof consists of.
pub(crate) struct ConsistencyPlan {
    /// The subtree common to both trees, where it is not the whole old tree (which the verifier has).
    pub(crate) seed: Option<Span>,
    /// The siblings on the way from there to the root of the new tree.
    pub(crate) siblings: Vec<Span>,
}

impl ConsistencyPlan {
    pub(crate) fn spans(&self) -> Vec<Span> {
        self.seed.iter().chain(&self.siblings).copied().collect()
    }
}

/// The plan from `old` to `size` leaves; `None` if the old tree is larger than the new.
pub(crate) fn consistency(old: u64, size: u64) -> Option<ConsistencyPlan> {
    if old > size {
        return None;
    }
    let mut span = Span { start: 0, end: size };
    let mut siblings = Vec::new();
    while old > 0 && span.end != old {
        let (left, right) = span.halves();
        let (within, sibling) = if old <= left.end { (left, right) } else { (right, left) };
        siblings.push(sibling);
        span = within;
    }
    siblings.reverse();
    Some(ConsistencyPlan { seed: (span.start > 0).then_some(span), siblings })
}
