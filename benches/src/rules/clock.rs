//! Processor time: the machine's clock says nothing on a shared machine.

use std::fs;

use anyhow::Context;

/// Seconds that this thread has run on a processor.
pub fn thread_seconds() -> anyhow::Result<f64> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").context("processor time is read from Linux")?;
    let nanoseconds: u64 = text.split(' ').next().unwrap_or("").parse()?;
    Ok(nanoseconds as f64 / 1e9)
}

/// Seconds that all threads of this process have run on processors, those that ended included; to a hundredth.
pub fn process_seconds() -> anyhow::Result<f64> {
    let text = fs::read_to_string("/proc/self/stat")?;
    let after_name = text.rsplit(')').next().unwrap_or("");
    let ticks: Vec<u64> =
        after_name.split_whitespace().skip(11).take(2).filter_map(|field| field.parse().ok()).collect();
    Ok(ticks.iter().sum::<u64>() as f64 / 100.0)
}

/// The most memory that this process has had, in bytes.
pub fn most_memory() -> anyhow::Result<u64> {
    let text = fs::read_to_string("/proc/self/status")?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").trim().parse::<u64>()? * 1024)
}

/// Processor seconds of this thread for some work.
pub fn spent<E>(work: impl FnOnce() -> Result<(), E>) -> anyhow::Result<f64>
where
    anyhow::Error: From<E>,
{
    let before = thread_seconds()?;
    work()?;
    Ok(thread_seconds()? - before)
}

pub fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}
