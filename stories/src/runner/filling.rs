//! Filling forms in, as a person does: by what the fields are called.

use super::Runner;
use crate::{
    Host,
    action::{Sample, What},
    form,
    page::{Choice, Kind},
};

impl<H: Host> Runner<H> {
    pub(super) fn fill(&mut self, what: What, under: Option<&str>) -> Result<(), String> {
        match what {
            What::Fill(label, value) => self.write(&label, &value, under),
            What::Choose(words, question) => match self.page().choice(&words, question.as_deref(), under)? {
                Choice::Mark(number) => {
                    self.mark(number, true);
                    Ok(())
                }
                Choice::Option(number, value) => {
                    self.browser().page.controls[number].value = value;
                    Ok(())
                }
            },
            What::Unchoose(words) => match self.page().choice(&words, None, under)? {
                Choice::Mark(number) => {
                    self.mark(number, false);
                    Ok(())
                }
                Choice::Option(..) => Err(format!("«{words}» è una voce di un elenco: se ne sceglie un'altra")),
            },
            What::Attach { file, label } => self.attach(&file, &label, under),
            _ => Ok(()),
        }
    }

    fn write(&mut self, label: &str, value: &str, under: Option<&str>) -> Result<(), String> {
        let field = self.page().field(label, under)?.clone();
        if field.kind != Kind::Text {
            return Err(format!("in «{label}» non si scrive: si sceglie o si allega"));
        }
        let parts: Vec<usize> = self.page().group(&field).iter().map(|part| part.number).collect();
        let values: Vec<&str> = if parts.len() == 3 { value.split('/').collect() } else { vec![value] };
        let asked_as_date = parts.len() == 3 && field.question() != field.label && field.label != label;
        if asked_as_date && values.len() != 3 {
            return Err(format!("«{label}» è una data: si scrive gg/mm/aaaa"));
        }
        let controls = &mut self.browser().page.controls;
        if asked_as_date {
            for (part, value) in parts.iter().zip(values) {
                value.trim().clone_into(&mut controls[*part].value);
            }
        } else {
            value.clone_into(&mut controls[field.number].value);
        }
        Ok(())
    }

    fn attach(&mut self, file: &Sample, label: &str, under: Option<&str>) -> Result<(), String> {
        let field = self.page().field(label, under)?;
        if field.kind != Kind::File {
            return Err(format!("in «{label}» non si allegano file"));
        }
        let number = field.number;
        let content = form::sample(&file.name, file.size, file.honest);
        self.browser().page.controls[number].file = Some((file.name.clone(), content));
        Ok(())
    }
}
