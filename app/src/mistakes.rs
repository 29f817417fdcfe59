//! Arguments that are not understood, told in Italian as everything else on the terminal.

use std::process::ExitCode;

use clap::{
    Error, Parser,
    error::{ContextKind, ContextValue, ErrorKind},
};

use crate::{arguments::Arguments, terminal};

/// The arguments of this process, or the exit code after saying what is wrong with them.
///
/// # Errors
/// 0 when help or version was asked for, 2 when the arguments are wrong.
pub fn read_arguments() -> Result<Arguments, ExitCode> {
    Arguments::try_parse().map_err(|error| match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            // A terminal that is gone cannot be told.
            let _ = error.print();
            ExitCode::from(if error.use_stderr() { 2 } else { 0 })
        }
        _ => {
            terminal::complain(&format!("{}\n{HELP}", told(&error)));
            ExitCode::from(2)
        }
    })
}

const HELP: &str = "Comandi e opzioni: `sportello --help`, `sportello COMANDO --help`.";

fn told(error: &Error) -> String {
    let named = |kind| text(error, kind);
    let argument = named(ContextKind::InvalidArg);
    match error.kind() {
        ErrorKind::UnknownArgument => format!("«{argument}» non è un’opzione di questo comando.{}", suggestion(error)),
        ErrorKind::InvalidSubcommand => {
            format!("«{}» non è un comando.{}", named(ContextKind::InvalidSubcommand), suggestion(error))
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => bad_value(error, &argument),
        ErrorKind::MissingRequiredArgument => format!("Manca {argument}."),
        ErrorKind::ArgumentConflict => {
            format!("«{argument}» c’è due volte, o non va insieme a «{}».", named(ContextKind::PriorArg))
        }
        ErrorKind::InvalidUtf8 => "Un’opzione contiene caratteri che non si leggono (serve UTF-8).".to_owned(),
        _ => format!("«{argument}» non è scritto come serve."),
    }
}

fn bad_value(error: &Error, argument: &str) -> String {
    let value = text(error, ContextKind::InvalidValue);
    let allowed = text(error, ContextKind::ValidValue);
    let allowed = if allowed.is_empty() { String::new() } else { format!(" I valori possibili sono: {allowed}.") };
    if value.is_empty() {
        format!("«{argument}» vuole un valore.{allowed}")
    } else {
        format!("«{value}» non va bene per «{argument}».{allowed}")
    }
}

fn suggestion(error: &Error) -> String {
    let kinds = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand];
    let found = kinds.into_iter().map(|kind| text(error, kind)).find(|text| !text.is_empty());
    found.map_or_else(String::new, |text| format!(" Forse volevi «{text}»."))
}

fn text(error: &Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        _ => String::new(),
    }
}
