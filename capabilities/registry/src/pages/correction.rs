//! The way to a correction request that says already which datum is meant.

/// The address of the form, with registry, datum and value written in.
pub(crate) fn href(registry: &str, datum: &str, value: &str) -> String {
    let pairs = [("banca_dati", registry), ("dato", datum), ("valore", value)];
    format!("/servizi/rettifica-dati/domanda?{}", web::query(&pairs))
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
