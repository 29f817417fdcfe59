//! The list of an office as a file, of all its cases: how long it takes, and what memory the program needs meanwhile.

use std::{
    io::Read,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::ensure;
use benches::program::Program;

use super::measure::Desk;

/// How often one looks at the memory.
const PAUSE: Duration = Duration::from_millis(50);
const MEGABYTE: u64 = 1_000_000;

/// Measures and prints, a line for each format; the last one says who the applicants are, which is written down for each.
pub fn measure(program: &Program) -> anyhow::Result<()> {
    let desk = Desk::log_in(program)?;
    for (format, names) in [("csv", false), ("ods", false), ("xlsx", false), ("csv", true)] {
        let mut form = vec![("formato", format), ("che_cosa", "chiuse")];
        if names {
            form.extend([("che_cosa", "nomi"), ("motivo", "Misura di quanto dura")]);
        }
        let (before, highest, over) = (program.memory()?, AtomicU64::new(0), AtomicBool::new(false));
        let began = Instant::now();
        let (bytes, lines) = thread::scope(|scope| {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    highest.fetch_max(program.memory().unwrap_or(0), Ordering::Relaxed);
                    thread::sleep(PAUSE);
                }
            });
            let counted = desk.download("/ufficio/pratiche/esporta", &form).and_then(counted);
            over.store(true, Ordering::Relaxed);
            counted
        })?;
        ensure!(bytes > 0, "an empty file");
        let rows = if format == "csv" { format!("{} rows, ", lines.saturating_sub(1)) } else { String::new() };
        println!(
            "export {format:4} {:11} {rows}{} MB in {:.1} s, memory {} MB before, at most {} MB",
            if names { "with names" } else { "" },
            bytes / MEGABYTE,
            began.elapsed().as_secs_f64(),
            before / MEGABYTE,
            highest.load(Ordering::Relaxed) / MEGABYTE,
        );
    }
    Ok(())
}

/// Bytes and lines of what is read to its end.
fn counted(mut file: impl Read) -> anyhow::Result<(u64, u64)> {
    let (mut bytes, mut lines, mut piece) = (0, 0, vec![0; 1 << 16]);
    loop {
        let read = file.read(&mut piece)?;
        if read == 0 {
            return Ok((bytes, lines));
        }
        bytes += u64::try_from(read)?;
        lines += u64::try_from(piece[..read].iter().filter(|byte| **byte == b'\n').count())?;
    }
}
