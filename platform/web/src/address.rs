/// The query of an address, `a=1&b=due%20parole`, from names and values (RFC 3986, 2.1: everything but unreserved
/// characters is encoded).
#[must_use]
pub fn query(pairs: &[(&str, &str)]) -> String {
    let pair = |(name, value): &(&str, &str)| format!("{}={}", encoded(name), encoded(value));
    pairs.iter().map(pair).collect::<Vec<_>>().join("&")
}

fn encoded(text: &str) -> String {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let one = |byte: u8| if unreserved(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_and_accents_are_encoded() {
        assert_eq!(query(&[("dato", "Età & città"), ("n", "1")]), "dato=Et%C3%A0%20%26%20citt%C3%A0&n=1");
        assert_eq!(query(&[]), "");
    }
}
