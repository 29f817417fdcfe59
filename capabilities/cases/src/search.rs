use crate::payload::Submitted;

/// What an officer may look a case up by: name, fiscal code, protocol number, service; folded like the query.
#[must_use]
pub fn searchable(submitted: &Submitted) -> String {
    let protocol = &submitted.protocol;
    let parts = [
        submitted.applicant.name.as_str(),
        &submitted.applicant.fiscal_code,
        &protocol.to_string(),
        &protocol.number.to_string(),
        &submitted.service_name,
    ];
    folded(&parts.join(" "))
}

/// Lower case without accents and signs, words parted by single spaces.
#[must_use]
pub fn folded(text: &str) -> String {
    let plain: String = text.to_lowercase().chars().map(plain).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn plain(letter: char) -> char {
    match letter {
        'à' | 'á' | 'â' | 'ä' | 'ã' => 'a',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ò' | 'ó' | 'ô' | 'ö' | 'õ' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        letter if letter.is_alphanumeric() || letter == '/' => letter,
        _ => ' ',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_case_and_signs_do_not_matter() {
        assert_eq!(folded("  Noè D'Èsempio, 0000012/2026 "), "noe d esempio 0000012/2026");
    }
}
