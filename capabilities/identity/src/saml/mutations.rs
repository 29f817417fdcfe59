//! Genuine messages, cut up and put together again at random: whatever becomes of them, nobody is believed to be another than
//! the one whom the provider named, and nothing panics.

use proptest::{collection::vec, prelude::*};

use super::{logout, providers::read_providers, response, signature};

/// What attackers put into messages.
const PIECES: [&str; 12] = [
    "<!-- x -->",
    "<!DOCTYPE x [<!ENTITY a \"b\">]>",
    "&a;",
    "<samlp:Extensions>",
    "</samlp:Extensions>",
    "<ds:Object>",
    "</ds:Object>",
    "<saml:Advice>",
    "</saml:Advice>",
    "ID=\"_a\"",
    "VRDGFR55L04D612V",
    "SpidL3",
];

/// A change of a message, which is seen as a row of tags with the text before each.
#[derive(Debug, Clone)]
enum Change {
    /// A run of tags stands once more elsewhere.
    Copy { from: usize, length: usize, to: usize },
    /// A run of tags is gone.
    Cut { from: usize, length: usize },
    /// Something of an attacker's before a tag.
    Insert { piece: usize, to: usize },
    /// One character is another.
    Replace { at: usize, with: char },
}

fn change() -> impl Strategy<Value = Change> {
    let place = || any::<prop::sample::Index>().prop_map(|index| index.index(1 << 16));
    prop_oneof![
        (place(), 1..40_usize, place()).prop_map(|(from, length, to)| Change::Copy { from, length, to }),
        (place(), 1..40_usize).prop_map(|(from, length)| Change::Cut { from, length }),
        (0..PIECES.len(), place()).prop_map(|(piece, to)| Change::Insert { piece, to }),
        (place(), prop::char::range(' ', '~')).prop_map(|(at, with)| Change::Replace { at, with }),
    ]
}

fn changed(genuine: &str, changes: &[Change]) -> String {
    let mut tags: Vec<String> = genuine.split_inclusive('>').map(str::to_owned).collect();
    for change in changes {
        let count = tags.len().max(1);
        match change {
            Change::Copy { from, length, to } => {
                let run: Vec<_> = tags.iter().skip(from % count).take(*length).cloned().collect();
                let to = to % count;
                tags.splice(to..to, run);
            }
            Change::Cut { from, length } => {
                let from = (from % count).min(tags.len());
                tags.drain(from..(from + length).min(tags.len()));
            }
            Change::Insert { piece, to } => tags.insert((to % count).min(tags.len()), PIECES[*piece].to_owned()),
            Change::Replace { at, with } => {
                let mut characters: Vec<char> = tags.concat().chars().collect();
                let count = characters.len().max(1);
                if let Some(character) = characters.get_mut(at % count) {
                    *character = *with;
                }
                tags = characters.into_iter().collect::<String>().split_inclusive('>').map(str::to_owned).collect();
            }
        }
    }
    tags.concat()
}

/// Keys take long to make: one scene for all cases of a property.
fn for_all(property: impl Fn(&[Change]) -> Result<(), TestCaseError>) {
    let mut runner = prop::test_runner::TestRunner::new(ProptestConfig::with_cases(600));
    runner.run(&vec(change(), 1..4), |changes| property(&changes)).unwrap();
}

#[test]
fn a_changed_answer_names_nobody_else() {
    let scene = response::attacks::Scene::new();
    let genuine = scene.genuine();
    let honest = scene.verify(&genuine).unwrap();
    for_all(|changes| {
        if let Ok(claims) = scene.verify(&changed(&genuine, changes)) {
            prop_assert_eq!(&claims, &honest);
        }
        Ok(())
    });
}

#[test]
fn a_changed_wish_ends_no_other_session() {
    let scene = logout::attacks::Scene::new();
    let genuine = scene.genuine();
    let honest = scene.in_form(&genuine).unwrap();
    for_all(|changes| {
        if let Ok(received) = scene.in_form(&changed(&genuine, changes)) {
            prop_assert_eq!((&received.id, &received.name_id), (&honest.id, &honest.name_id));
        }
        Ok(())
    });
}

/// Past the whitelist, too: the library that verifies meets texts that no grammar looked at.
#[test]
fn a_changed_signed_text_is_refused_or_the_same() {
    let scene = logout::attacks::Scene::new();
    let (genuine, own) = (scene.genuine(), [scene.idp.certificate().clone()]);
    let honest = signature::signed_root(&genuine, &own).unwrap();
    for_all(|changes| {
        if let Ok(text) = signature::signed_root(&changed(&genuine, changes), &own) {
            prop_assert_eq!(&text, &honest);
        }
        Ok(())
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_text_makes_a_reader_panic(text in any::<String>(), tags in vec(0..PIECES.len(), 0..8)) {
        let odd = tags.into_iter().map(|tag| PIECES[tag]).collect::<String>();
        for text in [text.clone(), format!("<a>{odd}</a>"), format!("SAMLRequest={text}&Signature={odd}")] {
            let _outcome = response::Message::read(&text);
            let _outcome = logout::Incoming::from_query(&text).map(drop);
            let _outcome = logout::Incoming::from_form(super::redirect::Parameter::Request, &text, "").map(drop);
            let _outcome = read_providers(&text, &[]);
        }
    }
}
