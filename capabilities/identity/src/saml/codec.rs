/// The inverse of [`web::percent`], `+` read as a blank as browsers write it; `None` for what is not UTF-8 or cut short.
pub(super) fn unpercent(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => hex_digit(rest.next()?)? << 4 | hex_digit(rest.next()?)?,
            b'+' => b' ',
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

fn hex_digit(byte: u8) -> Option<u8> {
    u8::try_from(char::from(byte).to_digit(16)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_survive_the_round_trip() {
        let text = "Signature=a+b/c=&città #1";
        assert_eq!(unpercent(&web::percent(text)).as_deref(), Some(text));
        assert_eq!(unpercent("a+b"), Some("a b".to_owned()));
        assert_eq!((unpercent("%4"), unpercent("%zz"), unpercent("%ff")), (None, None, None));
    }
}
