//! The way to a correction request that says already which datum is meant.

/// The address of the form, with registry, datum and value written in.
pub(crate) fn href(registry: &str, datum: &str, value: &str) -> String {
    let pairs = [("banca_dati", registry), ("dato", datum), ("valore", value)];
    let query: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={}", percent(value))).collect();
    format!("/servizi/rettifica-dati/domanda?{}", query.join("&"))
}

/// Everything but the unreserved characters of RFC 3986 2.3 is escaped.
fn percent(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => escaped.push(char::from(byte)),
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    #[test]
    fn values_stay_inside_their_parameter() {
        let href = super::href("anpr", "Nome & cognome", "Noè D'Èsempio");
        assert!(
            href.ends_with("?banca_dati=anpr&dato=Nome%20%26%20cognome&valore=No%C3%A8%20D%27%C3%88sempio"),
            "{href}"
        );
    }
}
