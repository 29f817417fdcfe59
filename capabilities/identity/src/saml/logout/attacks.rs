//! Messages about logout: the honest ones are taken, and every way to end somebody else's session with one is refused.

use super::*;

const HERE: &str = "https://sportello.example/accesso/saml/uscita";
const IDP: &str = "https://idp.example";

/// A provider, and who would like to be taken for it.
pub(in crate::saml) struct Scene {
    _folder: tempfile::TempDir,
    pub(in crate::saml) idp: Signer,
    stranger: Signer,
}

impl Scene {
    pub(in crate::saml) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let open = |name| Signer::open_or_create(folder.path(), name, "Prova").unwrap();
        Self { idp: open("idp"), stranger: open("altro"), _folder: folder }
    }

    /// "End the session of `_n & 1`", signed.
    pub(in crate::saml) fn genuine(&self) -> String {
        wish().to_signed_xml(&self.idp).unwrap()
    }

    /// A wish that the provider signed with something else in it.
    fn signed_with(&self, from: &str, to: &str) -> String {
        let unsigned = wish().to_xml(&self.idp.template("_w"));
        assert!(unsigned.contains(from), "{from}");
        self.idp.sign_xml(&unsigned.replace(from, to)).unwrap()
    }

    fn verify(&self, incoming: &Incoming, now: Timestamp) -> Result<Received, Refusal> {
        incoming.verify(&[self.idp.certificate().clone()], HERE, (now, SignedDuration::from_secs(60)))
    }

    pub(in crate::saml) fn in_form(&self, xml: &str) -> Result<Received, Refusal> {
        self.in_form_at(xml, now())
    }

    fn in_form_at(&self, xml: &str, now: Timestamp) -> Result<Received, Refusal> {
        self.verify(&Incoming::from_form(Parameter::Request, &STANDARD.encode(xml), "")?, now)
    }

    pub(in crate::saml) fn in_query(&self, query: &str) -> Result<Received, Refusal> {
        self.verify(&Incoming::from_query(query)?, now())
    }

    fn refusal(&self, xml: &str) -> Refusal {
        self.in_form(xml).expect_err("an attack must be refused")
    }
}

fn now() -> Timestamp {
    "2026-03-02T09:00:00Z".parse().unwrap()
}

fn wish<'a>() -> LogoutRequest<'a> {
    LogoutRequest {
        id: "_w".to_owned(),
        issued_at: now(),
        destination: HERE,
        issuer: IDP,
        name_id: "_n & 1",
        name_qualifier: IDP,
        session_index: "_s",
    }
}

fn answer<'a>() -> LogoutAnswer<'a> {
    LogoutAnswer { id: "_a".to_owned(), issued_at: now(), destination: HERE, issuer: IDP, in_response_to: "_w" }
}

/// From `from` to the end of `to`.
fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let start = text.find(from).unwrap();
    &text[start..start + text[start..].find(to).unwrap() + to.len()]
}

fn signature(xml: &str) -> &str {
    between(xml, "<ds:Signature ", "</ds:Signature>")
}

#[test]
fn a_wish_is_read_from_an_address_and_from_a_form() {
    let scene = Scene::new();
    let (_, query) = wish().to_query(&scene.idp).unwrap();
    for received in [scene.in_query(&query), scene.in_form(&scene.genuine())] {
        let received = received.unwrap();
        assert_eq!((received.id.as_str(), received.name_id.as_str()), ("_w", "_n & 1"));
        assert_eq!(received.parameter, Parameter::Request);
    }
}

#[test]
fn an_answer_is_read_back_with_its_state_from_an_address_and_from_a_form() {
    let scene = Scene::new();
    let (_, query) = answer().to_query(Some("x"), &scene.idp).unwrap();
    let form = STANDARD.encode(answer().to_signed_xml(&scene.idp).unwrap());
    let form = Incoming::from_form(Parameter::Response, &form, "x").unwrap();
    for received in [scene.in_query(&query), scene.verify(&form, now())] {
        let received = received.unwrap();
        assert_eq!((received.in_response_to.as_str(), received.success), ("_w", true));
        assert_eq!(received.relay_state.as_deref(), Some("x"));
    }
}

#[test]
fn an_answer_that_nobody_signed_or_that_was_altered_is_refused() {
    let scene = Scene::new();
    let refusal = |xml: &str| {
        let incoming = Incoming::from_form(Parameter::Response, &STANDARD.encode(xml), "").unwrap();
        scene.verify(&incoming, now()).unwrap_err()
    };
    let genuine = answer().to_signed_xml(&scene.idp).unwrap();
    assert_eq!(refusal(&genuine.replace(signature(&genuine), "")), Refusal::Unsigned);
    assert_eq!(refusal(&genuine.replace("InResponseTo=\"_w\"", "InResponseTo=\"_v\"")), Refusal::Signature);
    assert_eq!(refusal(&genuine.replace("status:Success", "status:Responder")), Refusal::Signature);
    assert_eq!(refusal(&answer().to_signed_xml(&scene.stranger).unwrap()), Refusal::Signature);
}

#[test]
fn unsigned_and_altered_wishes_are_refused() {
    let scene = Scene::new();
    let genuine = scene.genuine();
    assert_eq!(scene.refusal(&wish().to_xml("")), Refusal::Unsigned);
    assert_eq!(scene.refusal(&genuine.replace("_n &amp; 1", "_altro")), Refusal::Signature);
    assert_eq!(scene.refusal(&genuine.replace(">_s<", ">_t<")), Refusal::Signature);
    let value = between(&genuine, "<ds:SignatureValue>", "</ds:SignatureValue>");
    assert_eq!(scene.refusal(&genuine.replace(value, "<ds:SignatureValue></ds:SignatureValue>")), Refusal::Signature);
}

#[test]
fn the_key_in_the_message_opens_nothing() {
    let scene = Scene::new();
    let foreign = wish().to_signed_xml(&scene.stranger).unwrap();
    let (own, theirs) = (scene.stranger.certificate().base64(), scene.idp.certificate().base64());
    assert!(foreign.contains(&own), "the message brings its own key");
    assert_eq!(scene.refusal(&foreign), Refusal::Signature);
    assert_eq!(scene.refusal(&foreign.replace(&own, &theirs)), Refusal::Signature);
}

#[test]
fn what_is_meant_for_another_place_or_time_is_refused() {
    let scene = Scene::new();
    for (from, to, refusal) in [
        (HERE, "https://altro.example", Refusal::Destination),
        ("Version=\"2.0\"", "Version=\"1.1\"", Refusal::Version),
        ("IssueInstant=\"2026-03-02T09:00:00Z\"", "IssueInstant=\"ieri\"", Refusal::Time("IssueInstant")),
        (
            "NotOnOrAfter=\"2026-03-02T09:05:00Z\"",
            "NotOnOrAfter=\"2026-03-02T08:59:00Z\"",
            Refusal::Time("NotOnOrAfter"),
        ),
    ] {
        assert_eq!(scene.refusal(&scene.signed_with(from, to)), refusal, "{to}");
    }
    let genuine = scene.genuine();
    let at = |minutes| scene.in_form_at(&genuine, now() + SignedDuration::from_mins(minutes)).map(drop);
    assert_eq!(at(7), Err(Refusal::Time("IssueInstant")), "old");
    assert_eq!(at(-2), Err(Refusal::Time("IssueInstant")), "from the future");
    assert_eq!(at(-1), Ok(()), "our clock is one minute slow");
}

#[test]
fn wrapped_wishes_are_refused_whatever_the_place() {
    let scene = Scene::new();
    let genuine = scene.genuine();
    let signature = signature(&genuine);
    // What an attacker would like to be believed: the session of somebody else.
    let evil = genuine.replace(signature, "").replace("ID=\"_w\"", "ID=\"_e\"").replace("_n &amp; 1", "_vittima");
    let within = |content: &str| evil.replacen("</saml:Issuer>", &format!("</saml:Issuer>{content}"), 1);
    let object = |content: &str| {
        signature.replace("</ds:Signature>", &format!("<ds:Object>{content}</ds:Object></ds:Signature>"))
    };
    let bare = genuine.replace(signature, "");
    for (name, xml) in [
        ("genuine in Extensions", within(&format!("<samlp:Extensions>{genuine}</samlp:Extensions>"))),
        ("genuine inside evil", within(&genuine)),
        ("genuine in an Object of evil's signature", within(&object(&bare))),
        ("genuine in evil's Issuer", evil.replacen("</saml:Issuer>", &format!("{genuine}</saml:Issuer>"), 1)),
        ("two names", genuine.replace("<saml:NameID", "<saml:NameID>_vittima</saml:NameID><saml:NameID")),
        ("two signatures", within(&format!("{signature}{signature}"))),
        ("an encrypted name", genuine.replace("saml:NameID", "saml:EncryptedID")),
    ] {
        let refusal = scene.refusal(&xml);
        assert!(matches!(refusal, Refusal::Shape(_)), "{name}: {refusal:?}");
    }
    // The genuine signature in another message, whose ID is another or the same.
    let borrowed = within(signature);
    assert_eq!(scene.refusal(&borrowed), Refusal::Algorithm("Reference".to_owned()));
    assert_eq!(scene.refusal(&borrowed.replace("ID=\"_e\"", "ID=\"_w\"")), Refusal::Signature);
}

#[test]
fn weak_or_surplus_algorithms_are_refused() {
    let scene = Scene::new();
    let genuine = scene.genuine();
    for (from, to, what) in [
        ("2001/04/xmldsig-more#rsa-sha256", "2000/09/xmldsig#rsa-sha1", "SignatureMethod"),
        ("xmldsig-more#rsa-sha256", "xmldsig-more#hmac-sha256", "SignatureMethod"),
        ("2001/04/xmlenc#sha256", "2000/09/xmldsig#sha1", "DigestMethod"),
        ("2000/09/xmldsig#enveloped-signature", "TR/1999/REC-xslt-19991116", "Transforms"),
        ("xml-exc-c14n#\"/>", "xml-exc-c14n#WithComments\"/>", "CanonicalizationMethod"),
        ("URI=\"#_w", "URI=\"http://attaccante.example/#_w", "Reference"),
    ] {
        assert!(genuine.contains(from), "{from}");
        assert_eq!(scene.refusal(&genuine.replace(from, to)), Refusal::Algorithm(what.to_owned()), "{to}");
    }
    let (_, query) = wish().to_query(&scene.idp).unwrap();
    let weaker = query.replace("xmldsig-more%23rsa-sha256", "xmldsig-more%23hmac-sha256");
    assert_ne!(weaker, query);
    assert_eq!(scene.in_query(&weaker).unwrap_err(), Refusal::Signature);
}

#[test]
fn markup_that_splits_readers_is_refused_before_parsing() {
    let scene = Scene::new();
    let genuine = scene.genuine();
    let in_name = |piece: &str| genuine.replace(">_n ", &format!(">_n{piece} "));
    let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]>";
    for xml in [in_name("<!-- x -->"), in_name("<?x y?>"), in_name("<![CDATA[]]>"), format!("{bomb}{genuine}")] {
        assert_eq!(scene.refusal(&xml), Refusal::Markup);
    }
    assert_eq!(scene.refusal(&in_name("&a;")), Refusal::NotXml);
    assert_eq!(scene.refusal(&format!("{genuine}{}", " ".repeat(40_000))), Refusal::TooLarge);
    // Signed by the provider itself, a comment is still not taken.
    assert_eq!(scene.refusal(&scene.signed_with(">_n ", "><!---->_n ")), Refusal::Markup);
}

#[test]
fn a_message_is_what_its_parameter_says() {
    let scene = Scene::new();
    let wrong = Incoming::from_form(Parameter::Response, &STANDARD.encode(scene.genuine()), "");
    assert!(matches!(wrong.err(), Some(Refusal::Shape(_))));
    assert!(Incoming::from_query("SAMLRequest=x").is_err());
    assert!(Incoming::from_query("").is_err());
}

#[test]
fn a_query_is_what_was_signed_and_nothing_else() {
    let scene = Scene::new();
    let (_, query) = answer().to_query(Some("x"), &scene.idp).unwrap();
    let (unsigned, _) = query.split_once("&Signature=").unwrap();
    let (_, foreign) = answer().to_query(Some("x"), &scene.stranger).unwrap();
    for altered in [
        query.replace("RelayState=x", "RelayState=y"),
        query.replace("&RelayState=x", ""),
        format!("{query}&RelayState=y"),
        format!("{query}&SigAlg=x"),
        unsigned.to_owned(),
        foreign,
    ] {
        assert_eq!(scene.in_query(&altered).unwrap_err(), Refusal::Signature, "{altered}");
    }
    // Of two messages the first kind is read, and that one is not signed.
    let (_, theirs) = wish().to_query(&scene.stranger).unwrap();
    let message = theirs.split('&').next().unwrap();
    assert_eq!(scene.in_query(&format!("{message}&{query}")).unwrap_err(), Refusal::Signature);
}
