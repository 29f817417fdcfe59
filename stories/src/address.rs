//! Addresses as links write them.

use std::fmt::Write;

/// The whole address that `link` means on the page at `page` (RFC 3986 5.2, for what pages of ours contain).
pub(crate) fn resolve(page: &str, link: &str) -> String {
    let link = link.split('#').next().unwrap_or("");
    if link.starts_with("http://") || link.starts_with("https://") {
        return link.to_owned();
    }
    let (origin, rest) = split_origin(page);
    let path = rest.split(['?', '#']).next().unwrap_or("");
    match link.chars().next() {
        None => format!("{origin}{}", rest.split('#').next().unwrap_or("")),
        Some('/') => format!("{origin}{link}"),
        Some('?') => format!("{origin}{path}{link}"),
        Some(_) => {
            let folder = path.rfind('/').map_or("/", |slash| &path[..=slash]);
            format!("{origin}{folder}{link}")
        }
    }
}

/// `http://localhost:8080` and `/pratiche?stato=aperta`.
pub(crate) fn split_origin(address: &str) -> (&str, &str) {
    let begin = address.find("://").map_or(0, |colon| colon + 3);
    let end = address[begin..].find('/').map_or(address.len(), |slash| begin + slash);
    address.split_at(end)
}

/// An address typed by a person: what no address may hold is percent-encoded, the rest is left alone.
pub(crate) fn typed(address: &str) -> String {
    let mut encoded = String::new();
    for character in address.chars() {
        if character.is_ascii_graphic() && !"\"<>\\^`{|}".contains(character) {
            encoded.push(character);
        } else {
            percent(&mut encoded, character);
        }
    }
    encoded
}

/// Names and values as `application/x-www-form-urlencoded`.
pub(crate) fn urlencoded(pairs: &[(String, String)]) -> String {
    let encode = |text: &str| {
        let mut encoded = String::new();
        for character in text.chars() {
            match character {
                ' ' => encoded.push('+'),
                '*' | '-' | '.' | '_' => encoded.push(character),
                _ if character.is_ascii_alphanumeric() => encoded.push(character),
                _ => percent(&mut encoded, character),
            }
        }
        encoded
    };
    pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect::<Vec<_>>().join("&")
}

fn percent(encoded: &mut String, character: char) {
    for byte in character.encode_utf8(&mut [0; 4]).bytes() {
        // Writing into a String cannot fail.
        let _ = write!(encoded, "%{byte:02X}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_where_a_browser_would_go() {
        let page = "http://localhost:8080/servizi/assegno?x=1";
        for (link, meant) in [
            ("/pratiche", "http://localhost:8080/pratiche"),
            ("?lingua=en", "http://localhost:8080/servizi/assegno?lingua=en"),
            ("", "http://localhost:8080/servizi/assegno?x=1"),
            ("#tempi", "http://localhost:8080/servizi/assegno?x=1"),
            ("domanda", "http://localhost:8080/servizi/domanda"),
            ("https://altrove.example/a", "https://altrove.example/a"),
        ] {
            assert_eq!(resolve(page, link), meant, "{link}");
        }
    }

    #[test]
    fn what_is_typed_becomes_an_address() {
        assert_eq!(typed("/cerca?q=perché no"), "/cerca?q=perch%C3%A9%20no");
        assert_eq!(urlencoded(&[("a b".into(), "1/2&è".into())]), "a+b=1%2F2%26%C3%A8");
    }
}
