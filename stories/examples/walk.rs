//! Walks stories against a program that runs already: `walk http://localhost:8080 [NAME or FILE]…`, all by default.
//! The program follows its own clock here, so stories that need another are left out and named.

use std::{env, fs, io::Write, process::ExitCode};

use stories::{Host, HostError, Need, Runner, Story, Verdict};

/// Checks proofs with the key that the program publishes.
struct Outside;

impl Host for Outside {
    fn verify(&mut self, proof: &[u8]) -> Result<Verdict, HostError> {
        let verified = proofs::verify(proof, None);
        Ok(verified.map(|_| "autentica".to_owned()).map_err(|flaw| flaw.to_string()).into())
    }
}

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    let Some(address) = arguments.next() else {
        say("walk http://localhost:8080 [nome o file]…");
        return ExitCode::from(2);
    };
    let wanted: Vec<String> = arguments.collect();
    let (mut passed, mut failed, mut left_out) = (0, 0, 0);
    for (name, text) in chosen(&wanted) {
        match walk(&address, &name, &text) {
            Ok(true) => passed += 1,
            Ok(false) => left_out += 1,
            Err(error) => {
                say(&format!("✗ {error}\n"));
                failed += 1;
            }
        }
    }
    say(&format!("{passed} riuscite, {failed} fallite, {left_out} non possibili qui"));
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn chosen(wanted: &[String]) -> Vec<(String, String)> {
    let shelf = stories::all().iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    if wanted.is_empty() {
        return shelf.collect();
    }
    let shelf: Vec<_> = shelf.collect();
    let find = |name: &String| match shelf.iter().find(|(own, _)| own == name || own.strip_suffix(".txt") == Some(name))
    {
        Some(story) => story.clone(),
        None => {
            (name.clone(), fs::read_to_string(name).unwrap_or_else(|error| format!("Non si legge {name}: {error}")))
        }
    };
    wanted.iter().map(find).collect()
}

/// Whether the story was walked.
fn walk(address: &str, name: &str, text: &str) -> Result<bool, Box<dyn std::error::Error>> {
    let story = Story::parse(name, text)?;
    if story.needs(Need::Clock) || story.needs(Need::Restart) {
        say(&format!("– {name}: {} (richiede un orologio di prova o un riavvio)", story.title));
        return Ok(false);
    }
    say(&format!("\n{name}: {}", story.title));
    Runner::new(address, Outside).run(&story, &mut |report| say(&report.to_string()))?;
    Ok(true)
}

fn say(line: &str) {
    // Nobody listens any more: nothing to do about it.
    let _ = writeln!(std::io::stdout(), "{line}");
}
