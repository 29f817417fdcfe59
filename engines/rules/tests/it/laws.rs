//! Small laws to try things on.

use std::collections::BTreeMap;

use rules::{Diagnostic, Program, Sources};

/// Reads a law without tables.
pub fn law(text: &str) -> Result<Program, Vec<Diagnostic>> {
    Program::parse(&Sources { file: "rules.md", text, tables: &BTreeMap::new() })
}

/// A law with one input of each kind and a rule `prova` of the household, whose unit and expression are given.
pub fn law_with(unit: &str, expression: &str) -> Result<Program, Vec<Diagnostic>> {
    law_with_table(unit, expression, TABLE)
}

/// The same with another table of amounts.
pub fn law_with_table(unit: &str, expression: &str, table: &str) -> Result<Program, Vec<Diagnostic>> {
    let text = format!("{INPUTS}```sql\n{}{expression}\n```\n\n```sql\n{OUTCOME}```\n", header("prova", unit));
    let tables = BTreeMap::from([("tabelle/importi.csv".to_owned(), table.to_owned())]);
    Program::parse(&Sources { file: "rules.md", text: &text, tables: &tables })
}

/// The same, with `prova` a rule of each child.
pub fn law_of_child(unit: &str, expression: &str) -> Result<Program, Vec<Diagnostic>> {
    let header = format!("{}-- di: figli\n", header("prova", unit));
    let outcome = OUTCOME.replace("prova IS NOT NULL", "bool_or(figli.prova IS NOT NULL)");
    let text = format!("{INPUTS}```sql\n{header}{expression}\n```\n\n```sql\n{outcome}```\n");
    let tables = BTreeMap::from([("tabelle/importi.csv".to_owned(), TABLE.to_owned())]);
    Program::parse(&Sources { file: "rules.md", text: &text, tables: &tables })
}

/// The header of a rule of the household.
pub fn header(name: &str, unit: &str) -> String {
    format!("-- regola: {name}\n-- titolo: Prova\n-- unità: {unit}\n-- dal: 2022-01-01\n")
}

/// Line of the file on which the expression of [`law_with`] begins.
pub const EXPRESSION_LINE: u32 = 29;

const OUTCOME: &str = "\
-- regola: esito
-- titolo: Esito
-- unità: sì/no
-- dal: 2022-01-01
-- ruolo: diritto
prova IS NOT NULL AND base IS NOT NULL
";

const INPUTS: &str = "\
| dato | di | tipo | unità | titolo | uso | valori |
|---|---|---|---|---|---|---|
| isee | nucleo | decimale | euro | ISEE | identificazione | |
| mensile | nucleo | decimale | euro/mese | Reddito mensile | identificazione | |
| annuo | nucleo | decimale | euro/anno | Reddito annuo | identificazione | |
| sposato | nucleo | sì/no | | Sposato | identificazione | |
| nato_il | nucleo | data | | Data di nascita | identificazione | |
| comune | nucleo | testo | | Comune | identificazione | roma, milano |
| eta | figli | intero | anni | Età | identificazione | |
| disabile | figli | sì/no | | Disabile | identificazione | |
| nato | figli | data | | Nascita | identificazione | |
| spesa | figli | decimale | euro/mese | Spesa | identificazione | |

# Art. 1, comma 1 – Prova

```sql
-- regola: base
-- titolo: Base
-- unità: euro/mese
-- dal: 2022-01-01
importi_base(isee)
```

";

pub const TABLE: &str = "\
# scaglioni: euro
# unità: euro/mese
vale_dal,noto_dal,oltre,fino_a,base
2022-01-01,,,10000,100
2022-01-01,,10000,,50
";
