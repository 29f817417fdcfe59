use std::fs;

use crate::Reading;

/// Bytes of a page of memory and ticks of a second, as Linux has them on every machine that this program runs on.
const PAGE_BYTES: f64 = 4096.0;
const TICKS: f64 = 100.0;

/// What the system says of this process: memory, processor time, open files. Nothing where the system has no `/proc`.
#[must_use]
pub fn process() -> Vec<Reading> {
    let mut readings = Vec::new();
    if let Some((seconds, resident)) = fs::read_to_string("/proc/self/stat").ok().as_deref().and_then(of_stat) {
        readings.push(Reading::counter("process_cpu_seconds", "Processor time, in seconds", seconds));
        let help = "Memory that the process holds, in bytes";
        readings.push(Reading::gauge("process_resident_memory_bytes", help, resident));
    }
    if let Ok(open) = fs::read_dir("/proc/self/fd") {
        readings.push(Reading::gauge("process_open_fds", "Open files and connections", open.count() as f64));
    }
    readings
}

/// Processor seconds and resident bytes out of the line of `proc(5)`, whose second field may hold blanks.
fn of_stat(stat: &str) -> Option<(f64, f64)> {
    let fields: Vec<f64> = stat.rsplit_once(')')?.1.split_whitespace().map(|n| n.parse().unwrap_or(0.0)).collect();
    // From the third field on: user and system time are 14 and 15, resident pages are 24.
    let (user, system, pages) = (fields.get(11)?, fields.get(12)?, fields.get(21)?);
    Some(((user + system) / TICKS, pages * PAGE_BYTES))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_a_process_is_read_behind_its_name() {
        let fields = "S 1 1 1 0 -1 4194560 9 0 0 0 250 50 0 0 20 0 4 0 100 9999 512 18446744073709551615";
        assert_eq!(of_stat(&format!("42 (a) b 7) {fields}")), Some((3.0, 512.0 * 4096.0)));
        assert_eq!(of_stat("42 (sportello) S 1"), None);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn this_process_has_memory_and_open_files() {
        let names: Vec<_> = process().into_iter().filter(|one| one.value > 0.0).map(|one| one.name).collect();
        assert!(names.contains(&"process_resident_memory_bytes") && names.contains(&"process_open_fds"), "{names:?}");
    }
}
