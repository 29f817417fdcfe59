//! The shape of `persone.toml`. Field names are Italian because officials read and edit that file.

use base::{Iban, Sex, Translated, VatNumber};
use serde::Deserialize;
use toml::Spanned;

use super::when::{Ago, Birth, InYear};
use crate::model::{CompanyForm, CompanyRole, Signature};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    #[serde(default)]
    pub datore: Vec<Datore>,
    pub famiglia: Vec<Famiglia>,
    #[serde(default)]
    pub decreto: Vec<Decreto>,
    #[serde(default)]
    pub impresa: Vec<Impresa>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Impresa {
    pub id: Spanned<String>,
    pub nome: String,
    pub forma: CompanyForm,
    pub partita_iva: VatNumber,
    /// The same number where left out.
    pub codice_fiscale: Option<VatNumber>,
    pub sede: String,
    pub pec: String,
    pub attivita: String,
    pub addetti: u32,
    pub rea: String,
    pub iscritta_da: Ago,
    /// Since when it is cancelled, if it is.
    pub cessata_da: Option<Ago>,
    #[serde(default)]
    pub carica: Vec<Carica>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Carica {
    /// Handle of who holds it.
    pub persona: String,
    pub tipo: CompanyRole,
    pub firma: Signature,
    pub da: Ago,
    /// Since when it is over, if it is.
    pub finita_da: Option<Ago>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Decreto {
    pub id: Spanned<String>,
    pub tipo: TipoDecreto,
    /// Handle of who is represented.
    pub di: String,
    /// Handle of who represents.
    pub a: String,
    pub numero: String,
    pub tribunale: String,
    pub da: Ago,
    /// How long it lasts; until it is revoked where left out.
    pub dura: Option<Ago>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum TipoDecreto {
    Tutela,
    AmministrazioneDiSostegno,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Datore {
    pub id: String,
    pub nome: String,
    pub settore: String,
    pub addetti: u32,
    pub partita_iva: VatNumber,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Famiglia {
    pub id: Spanned<String>,
    /// Handle of the member who logs in.
    pub accede: String,
    pub comune: String,
    pub indirizzo: String,
    pub residenti_da: Ago,
    pub titolo: Translated,
    pub storia: Translated,
    pub prova: Translated,
    pub iban_da_digitare: Option<Iban>,
    #[serde(default)]
    pub isee: Vec<Isee>,
    pub persona: Vec<Persona>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Isee {
    /// Whole euro.
    pub valore: u32,
    pub tipo: TipoIsee,
    #[serde(default)]
    pub quando: InYear,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum TipoIsee {
    Ordinario,
    Minorenni,
    Corrente,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Persona {
    pub id: Spanned<String>,
    pub relazione: Relazione,
    pub nome: String,
    pub cognome: String,
    pub sesso: Sex,
    pub nascita: Birth,
    /// Belfiore code; the family's municipality where left out.
    pub nato_a: Option<String>,
    #[serde(default = "italian")]
    pub cittadinanza: String,
    /// First day of residence in Italy; birth where left out.
    pub in_italia_da: Option<Ago>,
    pub genitore: Option<Genitore>,
    pub iban: Option<Iban>,
    #[serde(default)]
    pub lavoro: Vec<Lavoro>,
    pub studi: Option<Studi>,
    pub disabilita: Option<Disabilita>,
    pub vedovanza: Option<Vedovanza>,
    /// The register of residents does not know this person yet.
    #[serde(default)]
    pub non_in_anagrafe: bool,
    /// Number of the omocode, 1 to 127.
    pub omocodia: Option<u8>,
}

fn italian() -> String {
    "IT".to_owned()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Relazione {
    Intestatario,
    Coniuge,
    Convivente,
    Figlio,
    Altro,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Genitore {
    Madre,
    Padre,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lavoro {
    pub datore: String,
    pub tipo: TipoLavoro,
    pub da: Ago,
    /// Last day, if the job ended.
    pub a: Option<Ago>,
    /// Gross pay of a whole year in whole euro.
    pub retribuzione: u32,
    /// Why it ended; the usual way of its kind where left out.
    pub fine: Option<Fine>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Fine {
    Licenziamento,
    Scadenza,
    Dimissioni,
    GiustaCausa,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum TipoLavoro {
    Indeterminato,
    Determinato,
    Autonomo,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Studi {
    pub livello: Livello,
    pub presso: String,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Livello {
    Infanzia,
    PrimoCiclo,
    SecondoCiclo,
    Universita,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Disabilita {
    pub grado: Grado,
    /// Of the capacity to work; for adults only.
    #[serde(default)]
    pub percentuale: u8,
    pub da: Ago,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Grado {
    Media,
    Grave,
    NonAutosufficiente,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Vedovanza {
    pub nome: String,
    pub cognome: String,
    pub da: Ago,
    pub lavorava: bool,
}
