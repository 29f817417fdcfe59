use askama::Template;
use axum::{Router, routing::get};

use crate::{
    Answer, Failure, Mode, Page, Visit,
    components::{
        Card, Cell, Choice, Fact, Fault, Field, Pagination, Panel, Step, StepState, Table, TimelineItem, Tone,
    },
    show,
};

/// `/stile`: every component with samples, for those who make pages and for the accessibility tests. In demo mode only.
pub fn gallery() -> Router {
    Router::new().route("/stile", get(page))
}

#[derive(Template)]
#[template(path = "gallery.html")]
struct Gallery {
    page: Page,
    faults: Vec<Fault>,
    fields: Vec<Field>,
    facts: Vec<Fact>,
    panel: Panel,
    cards: Vec<Card>,
    timeline: Vec<TimelineItem>,
    steps: Vec<Step>,
    table: Table,
    pages: Pagination,
}

async fn page(visit: Visit) -> Answer {
    if visit.web.settings().mode != Mode::Demo {
        return Err(Failure::NotFound);
    }
    let faults = faults();
    show(&Gallery {
        page: visit.page_titled("Galleria dei componenti").crumb("Stile", "/stile"),
        fields: fields(&faults),
        faults,
        facts: facts(),
        panel: panel(),
        cards: cards(),
        timeline: timeline(),
        steps: Step::sequence(["I tuoi dati", "Il pagamento", "Riepilogo", "Ricevuta"], 1),
        table: table(),
        pages: Pagination { current: 6, last: 12, prefix: "/stile?pagina=".to_owned() },
    })
}

fn faults() -> Vec<Fault> {
    let fault = |field: &str, message: &str| Fault { field: field.to_owned(), message: message.to_owned() };
    vec![
        fault("iban", "L’IBAN ha 27 caratteri: ne mancano 3"),
        fault("nascita", "Scrivi una data che esiste, per esempio 31 3 1980"),
        fault("modalita", "Scegli come ricevere il pagamento"),
    ]
}

fn fields(faults: &[Fault]) -> Vec<Field> {
    let yes_no = || vec![Choice::new("si", "Sì"), Choice::new("no", "No").chosen(true)];
    let ways = vec![
        Choice::new("conto", "Conto corrente").hint("Serve un IBAN intestato a te"),
        Choice::new("posta", "Bonifico domiciliato").hint("Lo ritiri in un ufficio postale"),
    ];
    let fields = [
        Field::text("iban", "IBAN").hint("27 caratteri, comincia con IT").value("IT60X05428111010000001234").width(27),
        Field::text("posta", "Indirizzo e-mail").input("email", "email").optional(),
        Field::money("importo", "Reddito dell’anno scorso").value("12.500,00"),
        Field::date("nascita", "Data di nascita", ["31".to_owned(), "2".to_owned(), "1980".to_owned()]),
        Field::select("comune", "Comune", vec![Choice::new("A", "Borgo Esempio"), Choice::new("B", "Valle Prova")]),
        Field::radios("modalita", "Come vuoi ricevere il pagamento?", ways),
        Field::radios("scelta", "Vivi con i tuoi figli?", yes_no()),
        Field::checks("figli", "Per quali figli chiedi l’assegno?", vec![Choice::new("1", "Giulia Esempio, 2019")]),
        Field::area("note", "Vuoi aggiungere qualcosa?").optional(),
        Field::file("allegato", "Documento", ".pdf,.jpg,.png").hint("PDF, JPEG o PNG, al massimo 5 MB"),
    ];
    fields.into_iter().map(|field| field.fault_from(faults)).collect()
}

fn facts() -> Vec<Fact> {
    vec![
        Fact::new("Nome e cognome", "Maria Dimostrativa").from_registry("ANPR", "21 novembre 2026", "identificarti"),
        Fact::new("ISEE minorenni", "14.250,00\u{a0}€")
            .from_registry("Banca dati ISEE", "12 febbraio 2026", "calcolare l’importo")
            .action("È sbagliato?", "/stile#correzione"),
        Fact::new("IBAN", "IT60 •••• 3456").action("Modifica", "/stile#iban"),
    ]
}

fn panel() -> Panel {
    Panel {
        title: "Domanda inviata".to_owned(),
        label: "Numero di protocollo".to_owned(),
        reference: "2026/0000123".to_owned(),
        text: "21 novembre 2026, ore 14:05".to_owned(),
    }
}

fn cards() -> Vec<Card> {
    vec![
        Card::new("Assegno unico", "Un aiuto mensile per ogni figlio a carico.", "/stile#carte")
            .over("Figli")
            .icon("it-user"),
        Card::new("Istanza generica", "Scrivi all’ufficio e allega un documento.", "/stile#carte")
            .over("Altro")
            .icon("it-mail"),
        Card::new("Verifica un documento", "Controlla che sia autentico.", "/stile#carte").icon("it-check-circle"),
    ]
}

fn timeline() -> Vec<TimelineItem> {
    vec![
        TimelineItem::done("Domanda ricevuta", "21 novembre 2026, ore 14:05")
            .link("Apri la ricevuta", "/stile#ricevuta"),
        TimelineItem::done("In lavorazione", "23 novembre 2026")
            .text("Responsabile: Ugo Esempio")
            .state(StepState::Current),
        TimelineItem::done("Decisione", "entro il 20 gennaio 2027").state(StepState::Ahead),
    ]
}

fn table() -> Table {
    let row = |number: &str, name: &str, tone, state: &str, amount: &str| {
        vec![Cell::link(number, "/stile#tabella"), Cell::text(name), Cell::badge(tone, state), Cell::number(amount)]
    };
    Table {
        caption: "Pratiche recenti".to_owned(),
        head: ["Protocollo", "Richiedente", "Stato", "Importo"].map(str::to_owned).to_vec(),
        rows: vec![
            row("2026/0000123", "Maria Dimostrativa", Tone::Info, "In lavorazione", "403,20\u{a0}€"),
            row("2026/0000122", "Ugo Esempio", Tone::Success, "Accolta", "201,60\u{a0}€"),
            row("2026/0000121", "Niccolò Prova", Tone::Warning, "In attesa di integrazione", "57,50\u{a0}€"),
        ],
    }
}
