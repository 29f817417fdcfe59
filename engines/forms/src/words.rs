//! The words for what is wrong with an answer.

use base::{FiscalCodeError, IbanError, Language, Sex, Translated, short_date};

use crate::problem::Problem;

impl Problem {
    /// In the three languages: what is wrong and how to mend it.
    pub fn text(&self) -> Translated {
        match self {
            Self::FiscalCode(error) => fiscal_code(*error),
            Self::OtherBirthday(birthday) => other_birthday(*birthday),
            Self::CodeOfAnother(birthday) => code_of_another(*birthday),
            Self::OtherSex(sex) => other_sex(*sex),
            Self::Iban(error) => iban(*error),
            _ => self.bounds().unwrap_or_else(|| self.plain()),
        }
    }

    fn plain(&self) -> Translated {
        let [it, en, de] = match self {
            Self::ChoiceRequired => ["Scegli una risposta", "Choose an answer", "Wählen Sie eine Antwort"],
            Self::NotAccepted => [
                "Per continuare devi accettare questa dichiarazione",
                "You must accept this statement to go on",
                "Um fortzufahren, müssen Sie diese Erklärung annehmen",
            ],
            Self::NotADate => [
                "Scrivi una data che esiste, con giorno, mese e anno: ad esempio 21/11/2026",
                "Write a real date with day, month and year: for example 21/11/2026",
                "Schreiben Sie ein gültiges Datum mit Tag, Monat und Jahr: zum Beispiel 21/11/2026",
            ],
            Self::NotWhole => [
                "Scrivi un numero intero, in cifre: ad esempio 12",
                "Write a whole number in digits: for example 12",
                "Schreiben Sie eine ganze Zahl in Ziffern: zum Beispiel 12",
            ],
            Self::NotMoney => [
                "Scrivi un importo in euro: ad esempio 1.234,50",
                "Write an amount in euro, with a comma before the cents: for example 1.234,50",
                "Schreiben Sie einen Betrag in Euro: zum Beispiel 1.234,50",
            ],
            Self::NotAnOption => [
                "Scegli una delle risposte elencate",
                "Choose one of the answers listed",
                "Wählen Sie eine der angegebenen Antworten",
            ],
            Self::Email => [
                "Scrivi un indirizzo e-mail completo: ad esempio nome@esempio.it",
                "Write a complete e-mail address: for example name@example.com",
                "Schreiben Sie eine vollständige E-Mail-Adresse: zum Beispiel name@beispiel.de",
            ],
            Self::Phone => [
                "Scrivi un numero di telefono in cifre: ad esempio 333 1234567",
                "Write a telephone number in digits: for example 333 1234567",
                "Schreiben Sie eine Telefonnummer in Ziffern: zum Beispiel 333 1234567",
            ],
            Self::PostalCode => [
                "Il codice postale ha cinque cifre: ad esempio 00184",
                "The postal code has five digits: for example 00184",
                "Die Postleitzahl hat fünf Ziffern: zum Beispiel 00184",
            ],
            Self::NotAFile => {
                ["Allega di nuovo il documento", "Attach the document again", "Fügen Sie das Dokument erneut an"]
            }
            Self::Double => [
                "Questa persona è già nell’elenco: scrivi il codice fiscale di un’altra persona, o togli la riga",
                "This person is already in the list: write the fiscal code of another person, or remove the row",
                "Diese Person steht bereits in der Liste: Steuernummer einer anderen Person angeben oder Zeile entfernen",
            ],
            Self::Unusable => [
                "Il dato della banca dati non si può usare: scrivilo tu",
                "The value in the registry cannot be used: please write it yourself",
                "Der Wert im Register ist nicht verwendbar: bitte schreiben Sie ihn selbst",
            ],
            _ => ["Rispondi a questa domanda", "Answer this question", "Beantworten Sie diese Frage"],
        };
        words(it, en, de)
    }

    /// Texts that tell a bound.
    fn bounds(&self) -> Option<Translated> {
        Some(match self {
            Self::TooEarly(day) => {
                let day = short_date(*day);
                words(
                    &format!("La data non può essere prima del {day}"),
                    &format!("The date cannot be before {day}"),
                    &format!("Das Datum darf nicht vor dem {day} liegen"),
                )
            }
            Self::TooLate(day) => {
                let day = short_date(*day);
                words(
                    &format!("La data non può essere dopo il {day}"),
                    &format!("The date cannot be after {day}"),
                    &format!("Das Datum darf nicht nach dem {day} liegen"),
                )
            }
            Self::TooSmall(min) => words(
                &format!("Scrivi almeno {min}"),
                &format!("Write at least {min}"),
                &format!("Schreiben Sie mindestens {min}"),
            ),
            Self::TooLarge(max) => words(
                &format!("Scrivi al massimo {max}"),
                &format!("Write at most {max}"),
                &format!("Schreiben Sie höchstens {max}"),
            ),
            Self::TooLong(max) => words(
                &format!("Il testo è troppo lungo: al massimo {max} caratteri"),
                &format!("The text is too long: at most {max} characters"),
                &format!("Der Text ist zu lang: höchstens {max} Zeichen"),
            ),
            Self::Pattern(mask) => words(
                &format!("Scrivi nella forma {mask}, dove 9 sta per una cifra e A per una lettera"),
                &format!("Write it as {mask}, where 9 stands for a digit and A for a letter"),
                &format!("Schreiben Sie in der Form {mask}: 9 steht für eine Ziffer, A für einen Buchstaben"),
            ),
            Self::TooManyFiles(max) => words(
                &format!("Puoi allegare al massimo {max} file"),
                &format!("You can attach at most {max} files"),
                &format!("Sie können höchstens {max} Dateien anfügen"),
            ),
            Self::TooFewRows(min) => words(
                &format!("Questa lista non è completa: deve contenere almeno {min}"),
                &format!("This list is not complete: it needs at least {min}"),
                &format!("Diese Liste ist nicht vollständig: mindestens {min} erforderlich"),
            ),
            Self::TooManyRows(max) => words(
                &format!("Puoi aggiungere al massimo {max} voci"),
                &format!("You can add at most {max} entries"),
                &format!("Sie können höchstens {max} Einträge hinzufügen"),
            ),
            _ => return None,
        })
    }
}

fn fiscal_code(error: FiscalCodeError) -> Translated {
    match error {
        FiscalCodeError::Shape => words(
            "Il codice fiscale ha 16 caratteri, lettere e cifre: ricopialo dalla tessera sanitaria",
            "The fiscal code has 16 characters, letters and digits: copy it from the health card",
            "Die Steuernummer hat 16 Zeichen, Buchstaben und Ziffern: übernehmen Sie sie von der Gesundheitskarte",
        ),
        FiscalCodeError::Date => words(
            "La data dentro il codice fiscale non esiste: controlla i caratteri dal settimo all'undicesimo",
            "The date inside the fiscal code does not exist: check the seventh to the eleventh character",
            "Das Datum in der Steuernummer gibt es nicht: prüfen Sie das siebte bis elfte Zeichen",
        ),
        FiscalCodeError::CheckLetter => words(
            "Il codice fiscale contiene un errore: l'ultima lettera non corrisponde alle altre",
            "The fiscal code contains a mistake: its last letter does not agree with the others",
            "Die Steuernummer enthält einen Fehler: der letzte Buchstabe passt nicht zu den anderen",
        ),
    }
}

/// What the code says, without a century: it knows none.
fn other_birthday((year, month, day): (u8, u8, u8)) -> Translated {
    let written = format!("{day:02}/{month:02}");
    words(
        &format!(
            "Il codice fiscale dice nato il {written}, in un anno che finisce con {year:02}: controlla la data o il codice"
        ),
        &format!(
            "The fiscal code says born on {written}, in a year that ends in {year:02}: check the date or the code"
        ),
        &format!(
            "Laut Steuernummer am {written} geboren, in einem Jahr, das auf {year:02} endet: prüfen Sie Datum oder Nummer"
        ),
    )
}

/// The date beside it is a registry's.
fn code_of_another((year, month, day): (u8, u8, u8)) -> Translated {
    let written = format!("{day:02}/{month:02}");
    words(
        &format!(
            "Il codice fiscale dice nato il {written}, in un anno che finisce con {year:02}, e la banca dati dice un altro giorno: controlla il codice. Se è giusto, chiedi di correggere la banca dati"
        ),
        &format!(
            "The fiscal code says born on {written}, in a year that ends in {year:02}, and the registry says another day: check the code. If it is right, ask for the registry to be corrected"
        ),
        &format!(
            "Laut Steuernummer am {written} geboren, in einem Jahr, das auf {year:02} endet, und das Register sagt einen anderen Tag: prüfen Sie die Nummer. Ist sie richtig, lassen Sie das Register berichtigen"
        ),
    )
}

fn other_sex(sex: Sex) -> Translated {
    let [it, en, de] = match sex {
        Sex::F => ["femminile", "female", "weiblich"],
        Sex::M => ["maschile", "male", "männlich"],
    };
    words(
        &format!("Il codice fiscale dice sesso {it}: controlla la risposta o il codice"),
        &format!("The fiscal code says {en}: check the answer or the code"),
        &format!("Laut Steuernummer {de}: prüfen Sie die Antwort oder die Nummer"),
    )
}

fn iban(error: IbanError) -> Translated {
    match error {
        IbanError::Shape => words(
            "L'IBAN comincia con due lettere e due cifre, ad esempio IT60: ricopialo dal conto corrente",
            "The IBAN begins with two letters and two digits, for example IT60: copy it from your bank account",
            "Die IBAN beginnt mit zwei Buchstaben und zwei Ziffern, zum Beispiel IT60: übernehmen Sie sie von Ihrem Konto",
        ),
        IbanError::Length => words(
            "Un IBAN italiano ha 27 caratteri: controlla di averli scritti tutti",
            "An Italian IBAN has 27 characters: check that none is missing",
            "Eine italienische IBAN hat 27 Zeichen: prüfen Sie, ob keines fehlt",
        ),
        IbanError::CheckDigits => words(
            "L'IBAN contiene un errore: un carattere è sbagliato o scambiato con un altro",
            "The IBAN contains a mistake: a character is wrong or swapped with another",
            "Die IBAN enthält einen Fehler: ein Zeichen ist falsch oder vertauscht",
        ),
        IbanError::NationalCheck => words(
            "Il quinto carattere dell'IBAN (CIN) non corrisponde a banca, filiale e conto: ricontrollalo",
            "The fifth character of the IBAN (CIN) does not agree with bank, branch and account: check it again",
            "Das fünfte Zeichen der IBAN (CIN) passt nicht zu Bank, Filiale und Konto: bitte prüfen",
        ),
    }
}

fn words(it: &str, en: &str, de: &str) -> Translated {
    let texts = [(Language::Italian, it), (Language::English, en), (Language::German, de)];
    Translated::Many(texts.into_iter().map(|(language, text)| (language, text.to_owned())).collect())
}
