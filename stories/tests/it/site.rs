//! A site of a few pages, written as the product writes its own.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

pub const PROOF: &str = "{\"kind\":\"submitted\"}";

const LOGIN: &str = "<h1>Accedi</h1><a href='/accesso/saml/avvia?ritorno={back}'>Entra</a>";
const PEOPLE: &str = "<h1>Identity provider</h1><form method=post action='/idp/scelta'>
    <input type=hidden name=ritorno value='{back}'><input type=radio name=persona value=chiara id=c><label for=c>Chiara</label>
    <button>Entra</button><button name=annulla value=1>Annulla</button></form>";
const ANSWER: &str = "<form method=post action='/accesso/saml/acs'><input type=hidden name=SAMLResponse value=x>
    <input type=hidden name=ritorno value='{back}'><button>Continua</button></form>";
const OFFICE: &str = "<h1>Ufficio</h1><form method=post action='/ufficio/accesso'><label for=u>Nome utente</label>
    <input id=u name=utente><label for=p>Password</label><input id=p name=password type=password><button>Entra</button></form>
    <ul><li><strong>Ugo Prova</strong>: nome utente <code>ugo.prova</code>, password <code>pass-parola</code></li></ul>";
const FORM: &str = "{fault}<h1>La domanda</h1><form method=post enctype=multipart/form-data><input type=hidden name=chiave value=k1>
    <label for=i>IBAN</label><input id=i name=iban value='{iban}'>
    <fieldset><legend>Nato il</legend><label for=g>Giorno</label><input id=g name=n.giorno>
    <label for=m>Mese</label><input id=m name=n.mese><label for=a>Anno</label><input id=a name=n.anno></fieldset>
    <fieldset><legend>Quanta parte?</legend><input type=radio name=q value=tutto id=q1 checked><label for=q1>Tutto</label>
    <input type=radio name=q value=meta id=q2><label for=q2>Metà</label></fieldset>
    <label for=d>Documenti <span>(facoltativo)</span></label><input type=file id=d name=doc><button>Invia</button></form>";

/// The site; it answers as long as the test runs.
pub struct Site {
    pub address: String,
}

struct Asked {
    method: String,
    path: String,
    query: String,
    cookie: String,
    body: String,
}

enum Given {
    Page(u16, String),
    See(String, Option<&'static str>),
    File(&'static str, &'static str),
}

impl Site {
    pub fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("it has an address"));
        let visits = Arc::new(AtomicU32::new(0));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let visits = Arc::clone(&visits);
                std::thread::spawn(move || answer(stream, &visits));
            }
        });
        Self { address }
    }
}

fn answer(stream: TcpStream, visits: &AtomicU32) {
    let mut reader = BufReader::new(stream);
    let Some(asked) = read(&mut reader) else { return };
    let (status, headers, body) = match route(&asked, visits) {
        Given::Page(status, body) => {
            (status, "content-type: text/html; charset=utf-8\r\n".to_owned(), framed(&asked, &body))
        }
        Given::See(place, cookie) => {
            let cookie = cookie.map(|cookie| format!("set-cookie: chi={cookie}; Path=/\r\n")).unwrap_or_default();
            (303, format!("location: {place}\r\n{cookie}"), String::new())
        }
        Given::File(kind, body) => (200, format!("content-type: {kind}\r\n"), body.to_owned()),
    };
    let head = format!("HTTP/1.1 {status} X\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n", body.len());
    let _ = reader.get_mut().write_all(format!("{head}{body}").as_bytes());
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<Asked> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace();
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let (mut length, mut cookie) = (0, String::new());
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        match header.trim().split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = value.parse().ok()?,
            Some((name, value)) if name.eq_ignore_ascii_case("cookie") => value.clone_into(&mut cookie),
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let body = String::from_utf8_lossy(&body).into_owned();
    Some(Asked { method, path: path.to_owned(), query: query.to_owned(), cookie, body })
}

fn route(asked: &Asked, visits: &AtomicU32) -> Given {
    let back = |page: &str| Given::Page(200, page.replace("{back}", back(asked)));
    match (asked.method.as_str(), asked.path.as_str()) {
        ("GET", "/accesso") => back(LOGIN),
        ("GET", "/accesso/saml/avvia") => back(PEOPLE),
        ("POST", "/idp/scelta") if asked.body.contains("persona=chiara") => back(ANSWER),
        ("POST", "/accesso/saml/acs") => Given::See(back_to(asked), Some("Chiara")),
        ("GET", "/ufficio/accesso") => Given::Page(200, OFFICE.to_owned()),
        ("POST", "/ufficio/accesso") if asked.body == "utente=ugo.prova&password=pass-parola" => {
            Given::See("/ufficio".into(), Some("Ugo"))
        }
        ("GET", "/ufficio") => Given::Page(200, "<h1>Scrivania</h1>".to_owned()),
        ("POST", "/esci") => Given::See("/".into(), Some("nessuno")),
        ("GET", "/") => Given::Page(200, "<h1>Inizio</h1>".to_owned()),
        (_, "/domanda") if !asked.cookie.contains("Chiara") => Given::See("/accesso?ritorno=/domanda".into(), None),
        ("GET", "/domanda") => Given::Page(200, FORM.replace("{fault}", "").replace("{iban}", "")),
        ("POST", "/domanda") => sent(asked),
        ("GET", "/ricevuta") => Given::Page(200, receipt(&asked.query)),
        ("GET", "/file") => {
            Given::Page(200, "<a href='/r.pdf'>La ricevuta</a> <a href='/p.json'>La prova</a>".to_owned())
        }
        ("GET", "/r.pdf") => Given::File("application/pdf", "%PDF-1.7\n%%EOF\n"),
        ("GET", "/p.json") => Given::File("application/json", PROOF),
        ("GET", "/lento") if visits.fetch_add(1, Ordering::SeqCst) < 2 => Given::Page(200, "<p>attendi</p>".to_owned()),
        ("GET", "/lento") => Given::Page(200, "<p>pronto</p>".to_owned()),
        ("GET", "/giro") => Given::See("/giro".into(), None),
        _ => Given::Page(404, "<h1>Non c’è</h1>".to_owned()),
    }
}

fn back(asked: &Asked) -> &str {
    let whole = if asked.method == "POST" { &asked.body } else { &asked.query };
    whole.split('&').find_map(|pair| pair.strip_prefix("ritorno=")).unwrap_or("/")
}

fn back_to(asked: &Asked) -> String {
    back(asked).replace("%2F", "/").replace("%252F", "/")
}

/// The values of a multipart body in order, one after the other.
fn values(body: &str) -> Vec<(&str, &str)> {
    body.split("------confine").filter_map(value).collect()
}

/// Name and value of one part; of a file its name.
fn value(part: &str) -> Option<(&str, &str)> {
    let (head, value) = part.split_once("\r\n\r\n")?;
    let name = head.split("name=\"").nth(1)?.split('"').next()?;
    let file = head.split("filename=\"").nth(1).and_then(|rest| rest.split('"').next());
    Some((name, file.unwrap_or(value.trim_end_matches("\r\n"))))
}

fn sent(asked: &Asked) -> Given {
    let values = values(&asked.body);
    let value = |wanted| values.iter().find(|(name, _)| *name == wanted).map_or("", |(_, value)| *value);
    let iban = value("iban");
    if iban.len() < 4 {
        let fault = "<div role=alert>L’IBAN è sbagliato</div>";
        return Given::Page(422, FORM.replace("{fault}", fault).replace("{iban}", iban));
    }
    let date = ["n.giorno", "n.mese", "n.anno"].map(value).join("/");
    Given::See(format!("/ricevuta?{iban}+{date}+{}+{}", value("q"), value("doc")), None)
}

fn receipt(query: &str) -> String {
    let sent = query.replace('+', " ");
    format!(
        "<h1>Ricevuta</h1><p>{sent}</p><dl><dt>Numero di protocollo</dt><dd>0000001/2026</dd></dl><p>Protocollo 0000001/2026</p>"
    )
}

fn framed(asked: &Asked, body: &str) -> String {
    let logged_in = ["Chiara", "Ugo"].into_iter().find(|name| asked.cookie.contains(name));
    let exit =
        logged_in.map(|name| format!("<p>{name}</p><form method=post action='/esci'><button>Esci</button></form>"));
    format!(
        "<!doctype html><html lang=it><body><header>{}</header><main>{body}</main></body></html>",
        exit.unwrap_or_default()
    )
}
