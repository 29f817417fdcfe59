//! How often somebody may ask for what costs much: a signature, a file of a whole list, a simulation.

use std::time::Duration;

use web::{Limits, Pace};

/// Routes, how often at once, and then once in so many seconds.
pub const COSTLY: [(&str, u32, u64); 29] = [
    // A town may come from one address; each login costs a signature.
    ("/accesso/saml/avvia", 300, 1),
    ("/accesso/saml/acs", 300, 1),
    ("/accesso/saml/uscita", 300, 1),
    ("/accesso/saml/metadata", 60, 2),
    ("/accesso/cie/metadata", 60, 2),
    ("/accesso/oidc/avvia", 300, 1),
    ("/accesso/oidc/ritorno", 300, 1),
    ("/accesso/oidc/risolvi", 60, 2),
    ("/.well-known/openid-federation", 60, 2),
    // Each writes to the registers.
    ("/accesso/cns/avvia", 300, 1),
    ("/accesso/fine", 300, 1),
    // A code of a hundred bits is not guessed; a library has one address.
    ("/bozza", 60, 5),
    ("/servizi/{service}/bozza/inizia", 60, 10),
    ("/cerca", 60, 1),
    ("/profilo/dati", 60, 5),
    // Each is an act for ever.
    ("/profilo/consensi/acconsento", 20, 60),
    ("/profilo/consensi/revoca", 20, 60),
    ("/ufficio/consensi/{service}/{consent}/elenco.csv", 20, 30),
    // A whole office may come from one address at eight o'clock; guessing has counters of its own.
    ("/ufficio/accesso", 1000, 1),
    ("/ufficio/accesso/passkey/inizia", 100, 5),
    ("/ufficio/accesso/ente/avvia", 300, 1),
    ("/ufficio/accesso/ente/ritorno", 300, 1),
    ("/ufficio/aiuto", 60, 5),
    // Nobody finds cases by trying.
    ("/ufficio/emergenza", 30, 60),
    ("/ufficio/pratiche/esporta", 20, 30),
    ("/ufficio/ritardi/elenco", 20, 30),
    ("/ufficio/protocollo/giornaliero/{day}/{part}", 60, 5),
    ("/ufficio/simulazioni/{service}", 20, 10),
    ("/verifica/documento/{document}", 60, 2),
];

/// What is usual: pages as often as somebody reads them, costly ones less.
#[must_use]
pub fn usual() -> Limits {
    let pace =
        |(route, burst, seconds): (&str, _, _)| (route.to_owned(), Pace::new(burst, Duration::from_secs(seconds)));
    Limits { routes: COSTLY.map(pace).into(), ..Limits::default() }
}
