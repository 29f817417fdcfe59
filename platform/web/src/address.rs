/// The query of an address, `a=1&b=due%20parole`, from names and values.
#[must_use]
pub fn query<N: AsRef<str>, V: AsRef<str>>(pairs: &[(N, V)]) -> String {
    let pair = |(name, value): &(N, V)| format!("{}={}", percent(name.as_ref()), percent(value.as_ref()));
    pairs.iter().map(pair).collect::<Vec<_>>().join("&")
}

/// A name or value for an address or a header: everything but unreserved characters is percent-encoded (RFC 3986, 2.3;
/// RFC 8187, 3.2.1).
#[must_use]
pub fn percent(text: &str) -> String {
    encoded(text, b"-._~")
}

/// The same for a path or what refers to one, whose slashes stay.
pub(crate) fn percent_path(path: &str) -> String {
    encoded(path, b"-._~/")
}

fn encoded(text: &str, plain: &[u8]) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || plain.contains(&byte);
    let one = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_and_accents_are_encoded() {
        assert_eq!(query(&[("dato", "Età & città"), ("n", "1")]), "dato=Et%C3%A0%20%26%20citt%C3%A0&n=1");
        assert_eq!(query::<&str, &str>(&[]), "");
        assert_eq!((percent("/a b"), percent_path("/a b")), ("%2Fa%20b".to_owned(), "/a%20b".to_owned()));
    }
}
