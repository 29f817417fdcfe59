/// `postgres://user:secret@host/name?password=secret` without the secrets: terminals, logs and the history of a database
/// are read by others.
#[must_use]
pub fn without_password(url: &str) -> String {
    let shown = without_query_password(url);
    let hidden = || {
        let (scheme, rest) = shown.split_once("://")?;
        let (user, host) = rest.rsplit_once('@')?;
        let (name, _) = user.split_once(':')?;
        Some(format!("{scheme}://{name}:…@{host}"))
    };
    hidden().unwrap_or(shown)
}

fn without_query_password(url: &str) -> String {
    let parts = url.split_inclusive(['?', '&']);
    let shown = parts.map(|part| match part.strip_prefix("password=") {
        Some(secret) => format!("password=…{}", if secret.ends_with('&') { "&" } else { "" }),
        None => part.to_owned(),
    });
    shown.collect()
}

#[cfg(test)]
mod tests {
    use super::without_password;

    #[test]
    fn a_password_is_never_told() {
        for (url, told) in [
            ("postgres://ugo:se@greto@db/welfare", "postgres://ugo:…@db/welfare"),
            ("postgres://db/welfare", "postgres://db/welfare"),
            ("sqlite:data/sportello.db", "sqlite:data/sportello.db"),
            ("postgres://ugo@db/welfare?password=segreto", "postgres://ugo@db/welfare?password=…"),
            ("postgres://db:5432/a?x=1&password=se@greto&y=2", "postgres://db:5432/a?x=1&password=…&y=2"),
            ("postgres://ugo:uno@db/a?password=due", "postgres://ugo:…@db/a?password=…"),
            ("postgres://db/a?sslmode=require&user=ugo", "postgres://db/a?sslmode=require&user=ugo"),
        ] {
            assert_eq!(without_password(url), told);
        }
    }
}
