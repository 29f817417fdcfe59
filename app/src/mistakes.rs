//! Arguments that are not understood, told in Italian as everything else on the terminal.

use std::{env, ffi::OsString, process::ExitCode};

use clap::{
    Arg, Command, CommandFactory, Error, Parser,
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
        ErrorKind::MissingRequiredArgument => format!("Manca {}.", argument.trim_end_matches("...")),
        ErrorKind::ArgumentConflict => conflict(&argument, &named(ContextKind::PriorArg)),
        ErrorKind::InvalidUtf8 => "Un’opzione contiene caratteri che non si leggono (serve UTF-8).".to_owned(),
        _ => format!("«{argument}» non è scritto come serve."),
    }
}

fn conflict(argument: &str, prior: &str) -> String {
    let pairs = [(argument, prior), (prior, argument)];
    let unseen = pairs.iter().find_map(|(typed, other)| Some((typed, from_environment(other)?)));
    match unseen {
        Some((typed, variable)) => format!(
            "«{typed}» non va insieme a {variable}, che è nell’ambiente. Toglila: `env -u {variable} sportello …`."
        ),
        None => format!("«{argument}» c’è due volte, o non va insieme a «{prior}»."),
    }
}

/// The variable from which an option comes that nobody typed.
fn from_environment(argument: &str) -> Option<String> {
    let option = argument.split([' ', '=']).next()?;
    let is_it = |given: &OsString| given.to_string_lossy().split('=').next() == Some(option);
    let variable = variable(&Arguments::command(), option.strip_prefix("--")?)?;
    (!env::args_os().any(|given| is_it(&given)) && env::var_os(&variable).is_some()).then_some(variable)
}

/// The variable of an option, of this command or of one below it.
fn variable(command: &Command, long: &str) -> Option<String> {
    let own = command.get_arguments().find(|option| option.get_long() == Some(long)).and_then(Arg::get_env);
    let name = own.map(|name| name.to_string_lossy().into_owned());
    name.or_else(|| command.get_subcommands().find_map(|below| variable(below, long)))
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
