use std::{
    collections::BTreeMap,
    fs,
    hint::black_box,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, anyhow};
use base::Date;
use letters::compose::{Letter, Letterhead, Recipient, Template, compose};
use rules::{Example, Moment, Program, Sources};
use serde_json::json;

use benches::figures::Times;

/// A household with four children: the largest of the worked examples.
const EXAMPLE: &str = "services/assegno-unico/examples/caso-2026-quattro-figli.toml";

/// One after the other on one processor, the first ones not counted.
fn repeated(many: usize, mut work: impl FnMut() -> anyhow::Result<()>) -> anyhow::Result<Times> {
    for _ in 0..many.div_ceil(10) {
        work()?;
    }
    let began = Instant::now();
    let one = |_| {
        let start = Instant::now();
        work().map(|()| start.elapsed())
    };
    let times = (0..many).map(one).collect::<anyhow::Result<Vec<Duration>>>()?;
    Ok(Times::new(times, began.elapsed()))
}

/// Decisions of the assegno unico on one household, each with reasons, near misses and trace.
pub fn decisions(root: &Path, many: usize) -> anyhow::Result<Times> {
    let read = |path: &str| fs::read_to_string(root.join(path)).with_context(|| path.to_owned());
    let tables =
        BTreeMap::from([("tabelle/importi.csv".to_owned(), read("services/assegno-unico/tabelle/importi.csv")?)]);
    let text = read("services/assegno-unico/rules.md")?;
    let program = Program::parse(&Sources { file: "rules.md", text: &text, tables: &tables })
        .map_err(|wrong| anyhow!("rules.md has {} mistakes", wrong.len()))?;
    let example: Example = toml::from_str(&read(EXAMPLE)?)?;
    let (facts, moment) = (example.facts(&program)?, Moment { on: example.on, known: Date::MAX });
    repeated(many, || {
        let decision = black_box(program.decide(black_box(&facts), moment)?);
        decision.amount.map(|_| ()).context("the example has an amount")
    })
}

/// A letter of two to three pages, filled in and set as HTML and as PDF/A-2a and PDF/UA-1; gives the size of the PDF too.
pub fn compositions(many: usize) -> anyhow::Result<(Times, usize)> {
    let section = "## Titolo\n\nUn paragrafo di **{{ nome }}** con parole quanto basta per riempire qualche riga di un \
                   foglio A4, come nelle lettere che un ufficio manda davvero.\n\n|  |  |\n|--|--|\n| Voce | {{ nome }} |\n\
                   | Importo | 1.234,50 euro |\n\n- prima cosa\n- seconda cosa\n\n";
    let text = format!("+++\ntitle = \"Prova\"\nfor_act = \"submitted\"\n+++\n{}", section.repeat(10));
    let (template, context) = (Template::parse("prova.md", &text)?, json!({ "nome": "Niccolò D’Esempio" }));
    let letter = Letter {
        id: "prova".to_owned(),
        title: "Prova".to_owned(),
        office: Letterhead::default(),
        recipient: Recipient { name: "Niccolò D’Esempio".to_owned(), fiscal_code: "DSMNCL85A01H501X".to_owned() },
        protocol: "Prot. n. 0000123 del 2 marzo 2026".to_owned(),
        check_url: "https://sportello.example/verifica/documento/prova".to_owned(),
        issued: "2026-03-02T09:00:00Z".parse()?,
    };
    let mut size = 0;
    let times = repeated(many, || {
        size = compose(&template, &letter, &context)?.pdf.len();
        Ok(())
    })?;
    Ok((times, size))
}
