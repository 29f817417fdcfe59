//! Who may read along between the program and PostgreSQL: nobody.
//!
//! On the way to another machine the server proves by a certificate that it is the one that was named. On this machine, by
//! a socket or the loopback, there is no way on which somebody could stand.

use std::{io::ErrorKind, net::IpAddr};

use sqlx::postgres::{PgConnectOptions, PgSslMode};

use crate::{Error, Result};

/// The same options, with which nobody on the way can read or answer.
///
/// Without `sslmode` the certificate is demanded of every server that is not on this machine. `sslmode=disable` stays as it
/// is: by it whoever runs the program declares that the network itself encrypts.
///
/// # Errors
/// [`Error::Unfit`] for the modes that encrypt to whoever answers (`require`, `verify-ca`): they look safe and are not.
pub fn private(options: PgConnectOptions) -> Result<PgConnectOptions> {
    let here = options.get_socket().is_some() || is_here(options.get_host());
    match options.get_ssl_mode() {
        // No journey more for each connection, to ask whether the server would encrypt.
        PgSslMode::Prefer | PgSslMode::Allow if here => Ok(options.ssl_mode(PgSslMode::Disable)),
        _ if here => Ok(options),
        PgSslMode::VerifyFull => Ok(options),
        // The driver's own choice where nothing is said, and what cannot be told from it.
        PgSslMode::Prefer | PgSslMode::Allow => Ok(options.ssl_mode(PgSslMode::VerifyFull)),
        PgSslMode::Disable => {
            tracing::warn!(
                "PostgreSQL is on another machine and sslmode=disable stands in its address: \
                 the network between them has to encrypt"
            );
            Ok(options)
        }
        PgSslMode::Require | PgSslMode::VerifyCa => Err(Error::Unfit(
            "con PostgreSQL su un’altra macchina serve sslmode=verify-full (è così anche se non scrivi nulla), con \
             sslrootcert=FILE se il certificato viene da un’autorità vostra: require e verify-ca cifrano verso chiunque \
             risponda"
                .to_owned(),
        )),
    }
}

fn is_here(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || host.starts_with('/') || address.is_ok_and(|address| address.is_loopback())
}

/// Why a first connection did not come about, in words for whoever starts the program.
pub fn refused(error: sqlx::Error) -> Error {
    let why = match &error {
        sqlx::Error::Tls(why) => why.to_string(),
        // What a certificate lacks arrives from the handshake, and is no silence of the network.
        sqlx::Error::Io(why) if why.kind() == ErrorKind::InvalidData => why.to_string(),
        _ => return error.into(),
    };
    Error::Unfit(format!(
        "il collegamento a PostgreSQL non è protetto: {why}. Il server deve avere ssl=on e un certificato con il nome scritto \
         nell’indirizzo, di un’autorità conosciuta o indicata con sslrootcert=FILE"
    ))
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use sqlx::postgres::{PgConnectOptions, PgSslMode};

    use super::private;

    fn mode(url: &str) -> Option<PgSslMode> {
        let options = PgConnectOptions::from_str(url).expect("an address");
        private(options).ok().map(|options| options.get_ssl_mode())
    }

    #[test]
    fn another_machine_proves_who_it_is() {
        for host in ["db.example", "192.0.2.7", "[2001:db8::7]", "localhost.example", "10.0.0.1"] {
            let asked = |query: &str| mode(&format!("postgres://ugo@{host}/welfare{query}"));
            assert!(matches!(asked(""), Some(PgSslMode::VerifyFull)), "{host}");
            assert!(matches!(asked("?sslmode=prefer"), Some(PgSslMode::VerifyFull)), "{host}");
            assert!(matches!(asked("?sslmode=verify-full"), Some(PgSslMode::VerifyFull)), "{host}");
            assert!(matches!(asked("?sslmode=disable"), Some(PgSslMode::Disable)), "{host}: as declared");
            assert!(asked("?sslmode=require").is_none() && asked("?sslmode=verify-ca").is_none(), "{host}");
        }
    }

    #[test]
    fn this_machine_need_not() {
        for url in ["postgres://localhost/w", "postgres://127.0.0.1/w", "postgres://[::1]/w", "postgres:///w?host=/run"]
        {
            assert!(matches!(mode(url), Some(PgSslMode::Disable)), "{url}");
        }
        assert!(matches!(mode("postgres://localhost/w?sslmode=verify-full"), Some(PgSslMode::VerifyFull)));
    }
}
