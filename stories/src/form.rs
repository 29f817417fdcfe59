//! What a filled form sends.

use crate::{
    address,
    page::{Control, Form, Kind},
};

/// A request that a form makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Sending {
    /// `method="get"`: the whole address with its query.
    Get(String),
    /// `method="post"`: address, media type, body.
    Post(String, String, Vec<u8>),
}

/// Never part of what stories send.
const BOUNDARY: &str = "----confine-della-storia-7d93b1";

/// What pressing `button` sends, given the controls of its form (HTML 4.10.22: "constructing the entry list").
pub(crate) fn sending(page: &str, form: &Form, controls: &[&Control], button: &Control) -> Sending {
    let action = if button.action.is_empty() { &form.action } else { &button.action };
    let target = if action.is_empty() { page.to_owned() } else { address::resolve(page, action) };
    let entries: Vec<&Control> =
        controls.iter().copied().filter(|control| control.sends() || control.number == button.number).collect();
    if !form.post {
        let path = target.split('?').next().unwrap_or_default();
        return Sending::Get(format!("{path}?{}", address::urlencoded(&pairs(&entries))));
    }
    if form.multipart {
        let media_type = format!("multipart/form-data; boundary={BOUNDARY}");
        return Sending::Post(target, media_type, multipart(&entries));
    }
    let body = address::urlencoded(&pairs(&entries)).into_bytes();
    Sending::Post(target, "application/x-www-form-urlencoded".to_owned(), body)
}

fn pairs(entries: &[&Control]) -> Vec<(String, String)> {
    let with_name = entries.iter().filter(|control| !control.name.is_empty());
    with_name.map(|control| (control.name.clone(), with_crlf(&control.value))).collect()
}

/// Browsers send line ends as CR LF.
fn with_crlf(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\n', "\r\n")
}

fn multipart(entries: &[&Control]) -> Vec<u8> {
    let mut body = Vec::new();
    for control in entries.iter().filter(|control| !control.name.is_empty()) {
        let name = &control.name;
        let (disposition, media_type, content) = match (&control.kind, &control.file) {
            (Kind::File, Some((file, bytes))) => {
                let disposition = format!("form-data; name=\"{name}\"; filename=\"{}\"", file.replace('"', "%22"));
                (disposition, "Content-Type: application/octet-stream\r\n", bytes.clone())
            }
            (Kind::File, None) => {
                let disposition = format!("form-data; name=\"{name}\"; filename=\"\"");
                (disposition, "Content-Type: application/octet-stream\r\n", Vec::new())
            }
            _ => (format!("form-data; name=\"{name}\""), "", with_crlf(&control.value).into_bytes()),
        };
        let head = format!("--{BOUNDARY}\r\nContent-Disposition: {disposition}\r\n{media_type}\r\n");
        body.extend(head.into_bytes());
        body.extend(content);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").into_bytes());
    body
}

/// The content of a file to attach: the first and last bytes of its type, and filler between them up to `size`.
pub(crate) fn sample(name: &str, size: usize, honest: bool) -> Vec<u8> {
    let ending = name.rsplit('.').next().unwrap_or("").to_lowercase();
    let (head, end): (&[u8], &[u8]) = match ending.as_str() {
        _ if !honest => (b"Questo file non e' quello che dice il suo nome.\n", b""),
        "pdf" => (b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n", b"\n%%EOF\n"),
        "png" => (b"\x89PNG\r\n\x1a\n", b""),
        "jpg" | "jpeg" => (b"\xff\xd8\xff\xe0", b""),
        _ => (b"Un testo qualunque.\n", b""),
    };
    let filler = size.saturating_sub(head.len() + end.len());
    [head, &vec![b' '; filler], end].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Page;

    fn sent(html: &str, button: &str, change: impl Fn(&mut Page)) -> Sending {
        let mut page = Page::html("http://x/a?b=1", 200, html);
        change(&mut page);
        let button = page.button(button, None).expect("there is this button").clone();
        let form = button.form.expect("it belongs to a form");
        let controls: Vec<_> = page.controls.iter().filter(|control| control.form == Some(form)).collect();
        sending(&page.address, &page.forms[form], &controls, &button)
    }

    const FORM: &str = "<form method=post action='/c'><input type=hidden name=k value='1&2'><input name=t value=''>
        <input type=checkbox name=c value=x><input type=checkbox name=c value=y checked>
        <select name=s><option value=p>P<option value=q selected>Q</select><textarea name=a>\nuno\ndue</textarea>
        <input name=d value=no disabled><button name=b value=1>Invia</button><button name=b value=2>Annulla</button></form>";

    #[test]
    fn a_form_sends_what_a_browser_would() {
        let Sending::Post(target, _, body) = sent(FORM, "Invia", |_| {}) else { panic!("it posts") };
        assert_eq!(target, "http://x/c");
        assert_eq!(String::from_utf8_lossy(&body), "k=1%262&t=&c=y&s=q&a=uno%0D%0Adue&b=1");
    }

    #[test]
    fn a_button_may_send_the_form_elsewhere() {
        let html =
            "<form method=post action='/c'><input name=t value=1><button formaction='/d?e=f'>Altrove</button></form>";
        let Sending::Post(target, _, body) = sent(html, "Altrove", |_| {}) else { panic!("it posts") };
        assert_eq!((target.as_str(), body.as_slice()), ("http://x/d?e=f", b"t=1".as_slice()));
    }

    #[test]
    fn a_get_form_replaces_the_query() {
        let html = "<form action=/cerca><input name=q value='è'><button>Cerca</button></form>";
        assert_eq!(sent(html, "Cerca", |_| {}), Sending::Get("http://x/cerca?q=%C3%A8".into()));
    }

    #[test]
    fn files_travel_as_multipart() {
        let html = "<form method=post enctype=multipart/form-data><label for=f>File</label>
            <input type=file id=f name=f><button>Invia</button></form>";
        let attach = |page: &mut Page| {
            let number = page.field("File", None).expect("there is this field").number;
            page.controls[number].file = Some(("a.pdf".into(), b"%PDF-".to_vec()));
        };
        let Sending::Post(target, _, body) = sent(html, "Invia", attach) else { panic!("it posts") };
        let body = String::from_utf8_lossy(&body).into_owned();
        assert_eq!(target, "http://x/a?b=1");
        assert!(body.contains("name=\"f\"; filename=\"a.pdf\"\r\n") && body.contains("\r\n\r\n%PDF-\r\n"), "{body}");
    }

    #[test]
    fn samples_have_size_and_first_bytes() {
        assert!(sample("a.pdf", 3000, true).starts_with(b"%PDF-"));
        assert_eq!(sample("a.pdf", 3000, true).len(), 3000);
        assert!(!sample("a.pdf", 10, false).starts_with(b"%PDF-"));
    }
}
