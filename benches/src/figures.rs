//! Times as they are told.

use std::{fmt, time::Duration};

/// How long many things took, and all of them together.
pub struct Times {
    sorted: Vec<Duration>,
    took: Duration,
}

impl Times {
    /// From single times and the time from the first beginning to the last end.
    pub fn new(mut times: Vec<Duration>, took: Duration) -> Self {
        times.sort_unstable();
        Self { sorted: times, took }
    }

    /// How many there were.
    pub fn count(&self) -> usize {
        self.sorted.len()
    }

    /// How many a second.
    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
    pub fn rate(&self) -> f64 {
        self.sorted.len() as f64 / self.took.as_secs_f64()
    }

    /// Median, 95th percentile and the longest, in milliseconds.
    pub fn spread(&self) -> String {
        let millis = |hundredths| self.percentile(hundredths).as_secs_f64() * 1000.0;
        format!("p50 {:6.1}  p95 {:6.1}  max {:6.1} ms ", millis(50), millis(95), millis(100))
    }

    /// The time that `hundredths` of a hundred did not exceed.
    fn percentile(&self, hundredths: usize) -> Duration {
        let place = (self.sorted.len() * hundredths).div_ceil(100).saturating_sub(1);
        self.sorted.get(place).copied().unwrap_or_default()
    }
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Three digits below a millisecond, one above: what lies beyond is noise.
        let millis = |time: Duration| {
            let millis = time.as_secs_f64() * 1000.0;
            if millis < 1.0 { format!("{millis:.3}") } else { format!("{millis:.1}") }
        };
        let (half, most) = (millis(self.percentile(50)), millis(self.percentile(99)));
        write!(f, "{} done, {:.0} a second, p50 {half} ms, p99 {most} ms", self.sorted.len(), self.rate())
    }
}
