/// Longest address that mail servers take (RFC 5321 4.5.3.1).
const LONGEST: usize = 254;
/// Longest part before the @.
const LONGEST_LOCAL: usize = 64;

/// Whether a text can be an e-mail address: something before one @, and a domain with a dot after it. Only slips of the
/// finger are caught, and what would end a mail's header; whether the address exists only a message can tell.
#[must_use]
pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let labels: Vec<&str> = domain.split('.').collect();
    let label = |label: &&str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    let local_fits = (1..=LONGEST_LOCAL).contains(&local.len()) && !local.starts_with('.') && !local.ends_with('.');
    let plain = !text.contains("..")
        && !local.chars().any(|c| c.is_whitespace() || c.is_control() || "@,;:<>()[]\"\\".contains(c));
    text.len() <= LONGEST && local_fits && plain && 2 <= labels.len() && labels.iter().all(label)
}

#[cfg(test)]
mod tests {
    use super::is_email;

    #[test]
    fn addresses_that_can_exist_are_taken() {
        let right = ["a@b.it", "nome.cognome+x@ufficio.esempio.it", "perché@esempio.it", "anna@posta.example.it"];
        for right in right {
            assert!(is_email(right), "{right}");
        }
        let wrong = [
            "",
            "a",
            "a@b",
            "@b.it",
            "a@@b.it",
            "a b@c.it",
            "a@b..it",
            ".a@b.it",
            "a@-b.it",
            "a@b.it\r\nBcc: x@y.it",
            "<a@b.it>",
        ];
        for wrong in wrong {
            assert!(!is_email(wrong), "{wrong}");
        }
    }
}
