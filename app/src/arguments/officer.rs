use base::FiscalCode;
use clap::{Args, Subcommand};

use super::Place;

/// Accounts of officers.
#[derive(Debug, Args)]
pub struct OfficerAbout {
    /// Where data and folders are.
    #[command(flatten)]
    pub place: Place,
    /// What to do with them.
    #[command(subcommand)]
    pub command: OfficerCommand,
}

/// What can be done with accounts of officers.
#[derive(Debug, Subcommand)]
pub enum OfficerCommand {
    /// Make an account, or a disabled one anew, and print its first password.
    Add(NewOfficer),
    /// Tell which there are.
    List,
    /// Let an officer in no more, at once.
    Disable {
        /// What the officer types to come in.
        id: String,
    },
    /// Leave an account to the administration's own identity provider: it has no password here any more, and whom the provider
    /// calls by this identifier next has it. For accounts that had a password, were closed, or are somebody else's by now.
    HandOver {
        /// The account.
        id: String,
        /// The provider's name of the officer (its claim `sub`): nobody else gets the account then.
        #[arg(long)]
        subject: Option<String>,
    },
    /// Note the officer's own fiscal code, so that nobody handles their own case.
    FiscalCode {
        /// The account.
        id: String,
        /// The code; without it, what was noted is forgotten.
        code: Option<FiscalCode>,
    },
    /// Forget app, passkeys and recovery codes of an officer who lost them.
    ResetSecondFactor {
        /// What the officer types to come in.
        id: String,
    },
}

/// An account to make.
#[derive(Debug, Args)]
pub struct NewOfficer {
    /// What the officer types to come in: lower case letters, digits, dots.
    pub id: String,
    /// Name and surname.
    #[arg(long)]
    pub name: String,
    /// The office, as in content/offices.toml.
    #[arg(long)]
    pub office: String,
    /// A role of content/roles.toml; may be given more than once.
    #[arg(long = "role", required = true)]
    pub roles: Vec<String>,
}
