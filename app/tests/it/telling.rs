//! What operators are told (figures, traces, log), and that it tells of nobody.

use std::{
    collections::BTreeSet,
    net::TcpListener,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use opentelemetry_proto::tonic::trace::v1::Span;
use population::SampleWorld;

use crate::{
    client::{Client, Page},
    collector::Collector,
    program::Program,
    world::root,
};

/// An address on which nobody listens at this moment.
pub fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.2:0").expect("a port that no other test takes");
    listener.local_addr().expect("its address").to_string()
}

#[expect(clippy::disallowed_methods, reason = "the program that is tested takes its day from this machine, too")]
/// Every name, fiscal code and account of the people with a story, and what is typed below.
fn personal_data() -> Vec<String> {
    let today = base::rome_date(base::Timestamp::now());
    let text = std::fs::read_to_string(root().join("content/sample-world/persone.toml")).expect("the sample people");
    let families = SampleWorld::parse(&text, today).expect("they are well written").families;
    let mut data: Vec<String> = TYPED.map(str::to_owned).into();
    for family in families {
        data.extend(family.people.iter().map(|person| person.fiscal_code.to_string()));
        data.extend(family.iban_to_type.map(|iban| iban.to_string()));
        for person in &family.household.members {
            data.extend([person.person.name.surname.clone(), person.person.fiscal_code.to_string()]);
        }
    }
    data
}

const TYPED: [&str; 5] =
    ["VRDNNA80A41H501X", "IT60X0542811101000000123456", "Cognomeinventato", "anna@casa.example", "segretissima"];

/// What people do whose data must not be told, with data in every place where somebody may put it.
fn use_it(url: &str) -> String {
    let [code, iban, surname, mail, ..] = TYPED;
    let chiara = Client::new(url);
    chiara.log_in("chiara");
    let form = chiara.confirmation("assegno-unico");
    let receipt = chiara.post(&form);
    assert!(receipt.place.ends_with("/ricevuta"), "{}", receipt.words());
    for place in [receipt.place.as_str(), "/pratiche", "/profilo"] {
        assert_eq!(chiara.get(place).status, 200, "{place}");
    }
    chiara.post(&form.clone().with("iban", iban).with("cognome", surname).with("email", mail));
    let visitor = Client::new(url);
    for place in [
        format!("/pratiche/{code}"),
        format!("/persone/{surname}/{iban}"),
        format!("/cerca?q={code}+{surname}"),
        format!("/verifica/{code}"),
        format!("/ufficio/pratiche?cerca={surname}"),
    ] {
        visitor.get(&place);
    }
    let door = visitor.get("/ufficio/accesso").form("/ufficio/accesso");
    visitor.post(&door.with("utente", code).with("password", "segretissima"));
    let officer = Client::new(url);
    officer.log_in_officer("anna.ferri");
    for place in [
        "/ufficio/pratiche".to_owned(),
        format!("/ufficio/pratiche?cerca={surname}"),
        format!("/ufficio/pratiche?q={code}"),
    ] {
        officer.get(&place);
    }
    visitor.post_bytes("/servizi/assegno-unico/domanda/invia", "application/json", code.as_bytes());
    receipt.place
}

fn silent_on(told: &str, what: &str) {
    let lower = told.to_lowercase();
    for datum in personal_data() {
        let datum = datum.to_lowercase();
        let found = lower.match_indices(&datum).find(|(at, _)| {
            let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            !letter(lower[..*at].chars().next_back()) && !letter(lower[at + datum.len()..].chars().next())
        });
        if let Some((at, _)) = found {
            let around: String =
                lower.chars().skip(lower[..at].chars().count().saturating_sub(200)).take(400).collect();
            panic!("{what} tells «{datum}»: …{around}…");
        }
    }
}

/// The value of the line that begins so.
pub fn figure(page: &Page, line: &str) -> f64 {
    let found = page.body.lines().find_map(|own| own.strip_prefix(line)?.trim().parse().ok());
    found.unwrap_or_else(|| panic!("no «{line}» in:\n{}", page.body))
}

/// The names of all figures that are given out.
fn families(text: &str) -> BTreeSet<String> {
    let helps = text.lines().filter_map(|line| line.strip_prefix("# HELP "));
    helps.filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

/// The names of all figures in the table of the page for operators.
fn described() -> BTreeSet<String> {
    let page = std::fs::read_to_string(root().join("docs/operations/monitoring.md")).expect("the page");
    let rows = page.lines().filter(|line| line.contains("| process |") || line.contains("| book |"));
    let cells: Vec<_> = rows.filter_map(|row| row.split(" | ").next()).collect();
    let names = cells.iter().flat_map(|cell| cell.split('`')).filter(|name| name.contains('_'));
    names.map(|name| name.split('{').next().unwrap_or(name).trim_end_matches("_total").to_owned()).collect()
}

fn attribute(span: &Span, key: &str) -> String {
    let found = span.attributes.iter().find(|own| own.key == key).and_then(|own| own.value.clone());
    found.map_or_else(String::new, |value| format!("{:?}", value.value))
}

#[test]
fn figures_traces_and_log_tell_what_happened_and_to_nobody() {
    let data = tempfile::tempdir().expect("a folder");
    let (collector, address) = (Collector::start(), free_address());
    let environment: [(&'static str, &Path); 4] = [
        ("SPORTELLO_METRICS", Path::new(&address)),
        ("SPORTELLO_TRACES", Path::new(&collector.url)),
        ("SPORTELLO_LOG", Path::new("debug")),
        ("SPORTELLO_LOG_FORMAT", Path::new("json")),
    ];
    let mut program = Program::start_with(data.path(), &root(), &environment);
    let receipt = use_it(&program.url);
    let operators = Client::new(&format!("http://{address}"));
    let began = Instant::now();
    let mut figures = operators.get("/metrics");
    while figure(&figures, "sportello_letters_due") > 0.0 || figure(&figures, "sportello_log_checkpoint_acts") < 2.0 {
        assert!(began.elapsed() < Duration::from_secs(120), "{}", figures.body);
        thread::sleep(Duration::from_millis(200));
        figures = operators.get("/metrics");
    }
    assert!(figures.header("content-type").starts_with("application/openmetrics-text"));
    assert!(figures.body.ends_with("# EOF\n"), "{}", figures.body);
    for (line, least) in [
        ("sportello_acts_total{kind=\"submitted\"}", 1.0),
        ("sportello_requests_total{method=\"POST\",route=\"/servizi/{service}/domanda/invia\",status=\"303\"}", 1.0),
        ("sportello_request_seconds_count{route=\"/pratiche\"}", 1.0),
        ("sportello_requests_total{method=\"GET\",route=\"none\",status=\"404\"}", 1.0),
        ("sportello_lane_commits_total", 2.0),
        ("sportello_lane_units_total", 2.0),
        ("sportello_sessions{door=\"citizen\"}", 1.0),
        ("sportello_sessions{door=\"staff\"}", 1.0),
        ("sportello_ready", 1.0),
        ("sportello_database_state{state=\"writable\"}", 1.0),
        ("sportello_jobs_waiting", 1.0),
        ("process_resident_memory_bytes", 1e6),
        ("process_cpu_seconds_total", 0.01),
    ] {
        assert!(figure(&figures, line) >= least, "{line}: {}", figures.body);
    }
    for line in ["sportello_letters_failed", "sportello_stopping", "sportello_task_panics_total{task=\"notary\"}"] {
        assert!(figure(&figures, line) == 0.0, "{line}");
    }
    assert_eq!(Client::new(&program.url).get("/metrics").status, 404, "the public finds no figures");
    silent_on(&figures.body, "the figures");
    assert_eq!(families(&figures.body), described(), "docs/operations/monitoring.md says what every figure means");

    assert!(program.end().success(), "{}", program.told());
    let spans = collector.spans();
    let sent = spans.iter().find(|span| span.name == "POST /servizi/{service}/domanda/invia").expect("the application");
    assert!(attribute(sent, "http.response.status_code").contains("303"), "{sent:?}");
    let door = spans.iter().find(|span| span.name == "POST /ufficio/accesso").expect("the officer’s login");
    let inside = spans.iter().filter(|span| span.trace_id == door.trace_id && span.parent_span_id == door.span_id);
    let inside: Vec<_> = inside.map(|span| span.name.as_str()).collect();
    assert!(inside.contains(&"commit") && inside.contains(&"wait for a turn to write"), "{inside:?}");
    silent_on(&format!("{:?}", collector.taken()), "a trace");

    let log = program.told();
    let lines: Vec<serde_json::Value> = log
        .lines()
        .filter(|line| line.starts_with('{'))
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let answered = lines.iter().filter(|line| line["fields"]["message"] == "answered").count();
    assert!(answered > 20, "{log}");
    silent_on(&log, "the log");
    let case = receipt.trim_end_matches("/ricevuta").rsplit('/').next().expect("the case");
    assert!(!log.contains(&format!("/pratiche/{case}")), "a path names a case");
}
