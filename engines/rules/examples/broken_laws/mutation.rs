//! Ways to break a text.

/// One way to break a text; positions are taken modulo its length.
#[derive(Debug, Clone, Copy)]
pub struct Mutation {
    /// Which way.
    pub kind: u8,
    /// Line or place.
    pub at: u32,
    /// Another one.
    pub other: u32,
    /// Which piece of the language is put in.
    pub piece: u8,
}

/// Pieces that mean something to the language, or should not.
const PIECES: [&str; 36] = [
    "|",
    "||",
    "```sql",
    "```",
    "# Art. 9",
    "-- regola: importo",
    "-- dal: 2021-01-01",
    "-- criterio: prima",
    "-- di: figli",
    "(",
    ")",
    "CASE",
    "WHEN",
    "END",
    "NULL",
    "NOT",
    "AND",
    "..",
    "[1..0)",
    "non ",
    "manca",
    "-",
    "0",
    "1e999",
    "9999999999999999999999999999",
    "2026-02-30",
    "\u{0}",
    "\u{feff}",
    "é",
    "🏛",
    "'",
    "\"",
    "/ 0",
    "row_number() OVER (ORDER BY 1)",
    "dopo_mesi(giorno(), 1e9)",
    ",,,",
];

/// The text with every mutation applied in turn.
pub fn mutate(text: &str, mutations: &[Mutation]) -> String {
    mutations.iter().fold(text.to_owned(), |text, mutation| mutation.apply(&text))
}

impl Mutation {
    fn apply(self, text: &str) -> String {
        let piece = PIECES[usize::from(self.piece) % PIECES.len()];
        match self.kind % 8 {
            0 => edit(text, |lines| {
                lines.remove(self.at as usize % lines.len());
            }),
            1 => edit(text, |lines| {
                let (from, to) = (self.at as usize % lines.len(), self.other as usize % lines.len());
                lines.insert(to, lines[from]);
            }),
            2 => edit(text, |lines| {
                let (one, other) = (self.at as usize % lines.len(), self.other as usize % lines.len());
                lines.swap(one, other);
            }),
            3 => edit(text, |lines| lines.truncate(self.at as usize % lines.len())),
            4 => edit(text, |lines| lines.insert(self.at as usize % lines.len(), piece)),
            5 => splice(text, self.at, 1, piece),
            6 => splice(text, self.at, 0, piece),
            _ => splice(text, self.at, self.other as usize % 40, ""),
        }
    }
}

fn edit<'t>(text: &'t str, change: impl FnOnce(&mut Vec<&'t str>)) -> String {
    let mut lines: Vec<&str> = text.split('\n').collect();
    change(&mut lines);
    lines.join("\n")
}

/// Replaces `count` characters at a place.
fn splice(text: &str, at: u32, count: usize, piece: &str) -> String {
    let length = text.chars().count().max(1);
    let place = at as usize % length;
    let (before, after): (String, String) =
        (text.chars().take(place).collect(), text.chars().skip(place + count).collect());
    format!("{before}{piece}{after}")
}
