use crate::{StoryError, action, sentence, sentence::Token};

/// A story: steps that a person takes, one a line.
#[derive(Debug, Clone)]
pub struct Story {
    /// Name, that of its file.
    pub name: String,
    /// What it tells: the first comment.
    pub title: String,
    /// What the host must be able to do.
    pub needs: Vec<Need>,
    /// The steps in order.
    pub steps: Vec<Step>,
}

/// What a story needs besides a running program; written `# richiede: orologio, riavvio`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// [`crate::Host::advance_clock`].
    Clock,
    /// [`crate::Host::restart`].
    Restart,
}

/// A line of a story.
#[derive(Debug, Clone)]
pub struct Step {
    /// Line, from 1.
    pub line: usize,
    /// As written.
    pub sentence: String,
    /// The chapter in which it stands; empty before the first.
    pub chapter: String,
    pub(crate) tokens: Vec<Token>,
}

impl Story {
    /// Reads a story and checks every sentence, so that a mistyped step is found before anything is done.
    ///
    /// # Errors
    /// The first line that is not understood, or that uses what no line before it remembered.
    pub fn parse(name: &str, text: &str) -> Result<Self, StoryError> {
        let mut story = Self { name: name.to_owned(), title: String::new(), needs: Vec::new(), steps: Vec::new() };
        let (mut chapter, mut remembered) = (String::new(), Vec::new());
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            let refuse = |(problem, mend): (String, String)| StoryError {
                story: name.to_owned(),
                line: index + 1,
                sentence: line.to_owned(),
                problem,
                mend,
            };
            if let Some(title) = line.strip_prefix("##") {
                title.trim().clone_into(&mut chapter);
            } else if let Some(comment) = line.strip_prefix('#') {
                story.comment(comment.trim()).map_err(refuse)?;
            } else if !line.is_empty() {
                let tokens = checked(line, &mut remembered).map_err(refuse)?;
                let step = Step { line: index + 1, sentence: line.to_owned(), chapter: chapter.clone(), tokens };
                story.steps.push(step);
            }
        }
        Ok(story)
    }

    /// Whether it needs `need`.
    #[must_use]
    pub fn needs(&self, need: Need) -> bool {
        self.needs.contains(&need)
    }

    fn comment(&mut self, text: &str) -> Result<(), (String, String)> {
        if let Some(needs) = text.strip_prefix("richiede:") {
            for need in needs.split(',').map(str::trim) {
                self.needs.push(match need {
                    "orologio" => Need::Clock,
                    "riavvio" => Need::Restart,
                    _ => return Err((format!("non conosco «{need}»"), "Si può richiedere: orologio, riavvio".into())),
                });
            }
        } else if self.title.is_empty() {
            text.clone_into(&mut self.title);
        }
        Ok(())
    }
}

/// The tokens of a sentence that is understood and uses only remembered names.
fn checked(line: &str, remembered: &mut Vec<String>) -> Result<Vec<Token>, (String, String)> {
    let tokens = sentence::tokens(line)?;
    for name in tokens.iter().flat_map(|token| sentence::placeholders(token.text())) {
        if !remembered.contains(&name) {
            let mend = format!("Prima serve un passo che finisce con «come {name}»");
            return Err((format!("non so che cosa sia {{{name}}}"), mend));
        }
    }
    let read = action::interpret(&tokens).ok_or_else(|| not_understood(&tokens))?;
    remembered.extend(read.remembers().map(str::to_owned));
    Ok(tokens)
}

fn not_understood(tokens: &[Token]) -> (String, String) {
    let first = tokens.first().map_or("", |token| token.text());
    let same: Vec<_> = action::EXAMPLES.iter().filter(|example| example.split(' ').next() == Some(first)).collect();
    let mend = if same.is_empty() {
        let mut verbs: Vec<_> = action::EXAMPLES.iter().filter_map(|example| example.split(' ').next()).collect();
        verbs.dedup();
        format!("Un passo comincia con: {}", verbs.join(", "))
    } else {
        format!("Si scrive: {}", same.iter().map(|example| format!("«{example}»")).collect::<Vec<_>>().join(" oppure "))
    };
    ("non capisco questo passo".to_owned(), mend)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_story_has_title_chapters_needs_and_steps() {
        let text = "# Una prova\n# richiede: orologio\n\n## Primo\nApre /\n  Legge \"Ciao\"\n";
        let story = Story::parse("prova", text).expect("it is well written");
        assert_eq!((story.title.as_str(), story.steps.len()), ("Una prova", 2));
        assert!(story.needs(Need::Clock) && !story.needs(Need::Restart));
        assert_eq!((story.steps[1].line, story.steps[1].chapter.as_str()), (6, "Primo"));
    }

    #[test]
    fn a_mistyped_step_is_named_with_its_line_and_mend() {
        let error = Story::parse("prova", "Apre /\nSegue il link").expect_err("it is mistyped");
        let shown = "prova, riga 2: non capisco questo passo\n    Segue il link\n  Si scrive: «Segue \"Richiedi\"»";
        assert_eq!(error.to_string(), shown);
        let error = Story::parse("prova", "Vola via").expect_err("there is no such verb");
        assert!(error.mend.starts_with("Un passo comincia con: Accede,"), "{}", error.mend);
    }

    #[test]
    fn names_must_be_remembered_before_they_are_used() {
        let error = Story::parse("prova", "Apre /pratiche/{P}").expect_err("nothing was remembered");
        assert!(error.to_string().contains("non so che cosa sia {P}"), "{error}");
        assert!(Story::parse("prova", "Ricorda l'indirizzo come P\nApre {P}").is_ok());
    }

    #[test]
    fn unknown_needs_are_refused() {
        assert!(Story::parse("prova", "# richiede: fortuna").is_err());
    }
}
