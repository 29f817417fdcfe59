/// How far mandates reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most days from the proposal to the last day.
    pub longest_days: u16,
    /// How many days a proposal can be accepted.
    pub proposal_days: u16,
    /// How many one person may have given that are not over, proposals among them: nobody floods others with proposals.
    pub most: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { longest_days: 3 * 365, proposal_days: 30, most: 20 }
    }
}
