//! SIGTERM: the program says so, takes nobody in any more, finishes what it began, and ends well.

use std::{
    io::{Read, Write},
    net::TcpStream,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use crate::{
    client::Client,
    killed::{numbers_have_no_holes, receipts_survive},
    program::Program,
    telling::{figure, free_address},
    world::root,
};

/// What became of one request on a connection of its own.
#[derive(Debug, PartialEq, Eq)]
enum Answer {
    Whole,
    None,
    Half(String),
}

fn ask(address: &str, place: &str) -> Answer {
    let asked = || {
        let mut stream = TcpStream::connect(address)?;
        write!(stream, "GET {place} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
        let mut answer = Vec::new();
        // A connection that was cut gives an error; what came before it counts.
        let _cut = stream.read_to_end(&mut answer);
        std::io::Result::Ok(answer)
    };
    let answer = asked().unwrap_or_default();
    let text = String::from_utf8_lossy(&answer).into_owned();
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return if text.is_empty() { Answer::None } else { Answer::Half(text) };
    };
    let length: Option<usize> =
        head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
    let whole = match length {
        Some(length) => body.len() == length,
        None => body.ends_with("0\r\n\r\n"),
    };
    if whole { Answer::Whole } else { Answer::Half(text) }
}

/// Visitors who read pages without a pause until told to go home; gives what they were answered.
fn crowd(url: &str, home: &Arc<AtomicBool>) -> Vec<thread::JoinHandle<Vec<Answer>>> {
    let address = url.trim_start_matches("http://").to_owned();
    let visitor = |place: &'static str| {
        let (address, home) = (address.clone(), Arc::clone(home));
        thread::spawn(move || {
            let mut answers = Vec::new();
            while !home.load(Ordering::Relaxed) {
                let answer = ask(&address, place);
                if answer == Answer::None {
                    // Nobody is there for a moment: the program ends, and is started again.
                    thread::sleep(Duration::from_millis(10));
                }
                answers.push(answer);
            }
            answers
        })
    };
    ["/", "/servizi/assegno-unico", "/servizi", "/registro/checkpoint"].map(visitor).into()
}

#[test]
fn asked_to_end_under_load_it_keeps_what_it_acknowledged_and_answers_nobody_half() {
    let data = tempfile::tempdir().expect("a folder");
    let program = Program::start(data.path(), &root());
    let home = Arc::new(AtomicBool::new(false));
    let visitors = crowd(&program.url, &home);
    receipts_survive(program, |program| {
        let began = Instant::now();
        let status = program.end();
        assert!(status.success(), "{status}: {}", program.told());
        assert!(began.elapsed() < Duration::from_secs(25), "{:?}", began.elapsed());
        program.start_again();
    });
    home.store(true, Ordering::Relaxed);
    let answers: Vec<_> = visitors.into_iter().flat_map(|visitor| visitor.join().expect("they come home")).collect();
    assert!(answers.iter().filter(|answer| **answer == Answer::Whole).count() > 20, "{}", answers.len());
    let half: Vec<_> = answers.iter().filter(|answer| matches!(answer, Answer::Half(_))).collect();
    assert!(half.is_empty(), "{half:?}");
    numbers_have_no_holes(data.path(), &format!("sqlite:{}", data.path().join("sportello.db").display()));
}

#[test]
fn before_it_ends_it_says_so_where_operators_ask_and_goes_on_serving() {
    let data = tempfile::tempdir().expect("a folder");
    let address = free_address();
    let environment: [(&'static str, &Path); 2] =
        [("SPORTELLO_METRICS", Path::new(&address)), ("SPORTELLO_NOTICE", Path::new("15"))];
    let mut program = Program::start_with(data.path(), &root(), &environment);
    let (operators, visitor) = (Client::new(&format!("http://{address}")), Client::new(&program.url));
    program.ask_to_end();
    let began = Instant::now();
    let mut told = operators.get("/salute/pronto");
    while told.status == 200 && began.elapsed() < Duration::from_secs(10) {
        told = operators.get("/salute/pronto");
    }
    assert_eq!(told.status, 503, "{}", told.body);
    assert!(told.body.contains("\"status\":\"stopping\""), "{}", told.body);
    assert!(figure(&operators.get("/metrics"), "sportello_stopping") == 1.0);
    assert_eq!(visitor.get("/servizi").status, 200, "nobody is refused before the notice has passed");
    let status = program.end();
    assert!(status.success(), "{status}: {}", program.told());
    assert!(visitor.try_get("/servizi").is_err(), "nobody is there any more");
}
