use std::{cell::RefCell, collections::BTreeMap};

use identity::{Grant, Policy, Power, Role};
use rules::Diagnostic;

use super::{
    Office,
    reader::{self, Table},
};

/// Reads `roles.toml`: who may do what in the offices.
pub(crate) fn read_roles(
    offices: &BTreeMap<String, Office>,
    file: &str,
    text: &str,
) -> Result<Policy, Vec<Diagnostic>> {
    reader::read(file, text, |root| {
        let roles = RefCell::new(BTreeMap::new());
        root.tables("roles", |table| {
            let (id, name) = (table.need_text("id"), table.need_translated("name"));
            let role = Role { name, grants: table.tables("may", |grant| read_grant(offices, grant)) };
            if roles.borrow_mut().insert(id.clone(), role).is_some() {
                table.wrong("id", format!("l’incarico «{id}» c’è già"), "dare un altro id a uno dei due");
            }
        });
        let roles = roles.into_inner();
        if roles.is_empty() {
            root.wrong("roles", "non c’è nessun incarico: nessuno potrebbe fare nulla", "scrivere almeno un [[roles]]");
        }
        Policy { roles }
    })
}

fn read_grant(offices: &BTreeMap<String, Office>, table: &Table) -> Grant {
    let known = || Power::ALL.map(Power::key).join(", ");
    let powers = table.need_texts("do").into_iter().filter_map(|(text, site)| {
        let power = text.parse().ok();
        if power.is_none() {
            table.wrong_at(
                &site,
                format!("«{text}» non è una cosa che si possa permettere"),
                format!("scegliere fra: {}", known()),
            );
        }
        power
    });
    let (powers, purpose) = (powers.collect(), table.need_translated("purpose"));
    let named = table.texts("offices");
    // With a broken offices.toml every office would be called unknown.
    for (office, site) in named.iter().filter(|(office, _)| !offices.is_empty() && !offices.contains_key(office)) {
        let known: Vec<_> = offices.keys().map(String::as_str).collect();
        let mend = format!("gli uffici in content/offices.toml sono: {}", known.join(", "));
        table.wrong_at(site, format!("l’ufficio «{office}» non c’è"), mend);
    }
    Grant { powers, purpose, offices: named.into_iter().map(|(office, _)| office).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFICES: &str = include_str!("../../../../content/offices.toml");
    const ROLES: &str = include_str!("../../../../content/roles.toml");

    fn read(text: &str) -> Result<Policy, Vec<Diagnostic>> {
        read_roles(&super::super::read_offices("content/offices.toml", OFFICES).unwrap(), "content/roles.toml", text)
    }

    fn told(text: &str) -> (u32, String) {
        let told = read(text).unwrap_err();
        assert_eq!(told.len(), 1, "{told:?}");
        (told[0].line, format!("{}; {}", told[0].message, told[0].mend))
    }

    #[test]
    fn every_power_is_somebodys() {
        let policy = read(ROLES).unwrap();
        for power in Power::ALL {
            let given = policy.roles.values().flat_map(|role| &role.grants).any(|grant| grant.powers.contains(&power));
            assert!(given, "{power:?}");
            assert!(ROLES.contains(&format!("#   {}", power.key())), "{power:?} is not explained in the file");
        }
    }

    #[test]
    fn what_is_unknown_is_told_with_its_place() {
        let unknown = ROLES.replacen("\"assign-cases\"", "\"assign-case\"", 1);
        let (line, message) = told(&unknown);
        assert!(message.contains("«assign-case»") && message.contains("assign-cases, decide-together"), "{message}");
        assert!(unknown.lines().nth(line as usize - 1).unwrap().contains("assign-case\""));

        let nowhere =
            ROLES.replacen("do = [\"simulate\"]", "do = [\"simulate\"]\noffices = [\"relazioni\", \"studi\"]", 1);
        let (_, message) = told(&nowhere);
        assert!(message.contains("«studi»") && message.contains("famiglia"), "{message}");

        let (_, message) = told(&ROLES.replacen("id = \"analyst\"", "id = \"head\"", 1));
        assert!(message.contains("«head» c’è già"), "{message}");
        assert!(told("").1.contains("nessun incarico"));
        let (_, message) = told(&ROLES.replacen("do = [\"simulate\"]", "do = []", 1));
        assert!(message.contains("vuoto"), "{message}");
        let (_, message) = told(&ROLES.replacen("do = [\"simulate\"]", "do = [\"simulate\"]\nmay = 1", 1));
        assert!(message.contains("may"), "{message}");
    }
}
