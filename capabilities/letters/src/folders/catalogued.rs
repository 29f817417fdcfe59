//! The catalogue as the source of letters.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use base::{
    Language::{self, Italian},
    Translated,
};
use catalogue::{Catalogue, Office, Service};
use database::Tx;
use forms::{Choice, Group, Kind, Question};

use super::{Folders, Names, OfficeFacts, QuestionFacts, ServiceFacts, Shape};
use crate::compose::Letterhead;

#[async_trait]
impl Folders for Catalogue {
    async fn service(&self, tx: &mut Tx, slug: &str, version: &str) -> Result<Option<Arc<ServiceFacts>>, String> {
        let found = self.pinned(tx, slug, version).await.map_err(|error| error.to_string())?;
        let Some(service) = found else { return Ok(None) };
        let offer = self.offer();
        let office = offer.offices.get(&service.office);
        let office = office.ok_or_else(|| format!("l’ufficio {} non c’è più in offices.toml", service.office))?;
        Ok(Some(Arc::new(facts(&service, office))))
    }
}

/// What letters say of a service in one version, with the office as it is now.
pub(crate) fn facts(service: &Service, office: &Office) -> ServiceFacts {
    ServiceFacts {
        name: italian(&service.name),
        abroad: [Language::English, Language::German]
            .map(|language| (language, names(service, office, language)))
            .into(),
        law: service.law.clone(),
        pays: service.pays(),
        letters: service.letters.clone(),
        appeal: italian(&service.process.appeal),
        office: office_facts(office),
        questions: service.form.questions().map(|(group, question)| question_facts(group, question)).collect(),
    }
}

fn names(service: &Service, office: &Office, language: Language) -> Names {
    let text = |text: &Translated| text.get(language).to_owned();
    Names {
        service: text(&service.name),
        office: text(&office.name),
        body: text(&office.administration),
        appeal: text(&service.process.appeal),
    }
}

fn office_facts(office: &Office) -> OfficeFacts {
    OfficeFacts {
        head: Letterhead {
            body: italian(&office.administration),
            name: italian(&office.name),
            address: office.address.clone(),
            pec: office.pec.clone(),
        },
        phone: office.phone.clone(),
        hours: italian(&office.hours),
        substitute: italian(&office.substitute),
        substitute_pec: office.substitute_pec.clone(),
        privacy: office.privacy.clone(),
    }
}

fn question_facts(group: Option<&Group>, question: &Question) -> QuestionFacts {
    let name = group.map_or_else(|| question.id.clone(), |group| format!("{}.{}", group.id, question.id));
    QuestionFacts { name, label: italian(&question.label), shape: shape(&question.kind) }
}

fn shape(kind: &Kind) -> Shape {
    match kind {
        Kind::Money { .. } => Shape::Money,
        Kind::Choice(choices) | Kind::Choices(choices) => Shape::Choice(labels(choices)),
        Kind::Attachment(_) => Shape::Files,
        _ => Shape::Plain,
    }
}

fn labels(choices: &[Choice]) -> BTreeMap<String, String> {
    choices.iter().map(|choice| (choice.value.clone(), italian(&choice.label))).collect()
}

fn italian(text: &Translated) -> String {
    text.get(Italian).to_owned()
}
