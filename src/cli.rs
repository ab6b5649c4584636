//! The command line: commands and flags. Only parses arguments.

mod words;

use std::path::PathBuf;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, error::ErrorKind};
use rust_decimal::Decimal;

use crate::{
    base::Lang,
    bench::{BenchServer, PeerFlags, Workload},
};

/// Tradewind, a GraphQL CRM server that trading companies reshape at run time.
///
/// Without a command the server is started.
#[derive(Debug, Parser)]
#[command(name = "tradewind", version)]
#[command(after_help = "Settings come from flags, then TRADEWIND_* variables, then the settings \
    file.\n`tradewind config` prints a commented file with every setting and its default.")]
pub struct Cli {
    /// What to do; `serve` when left out.
    #[command(subcommand)]
    pub command: Option<CliCommand>,
    /// The flags of `serve`, for when the command is left out.
    #[command(flatten)]
    pub serve: Serve,
    /// Settings for all commands.
    #[command(flatten)]
    pub common: Common,
}

/// Flags that every command takes.
#[derive(Debug, Clone, Default, Args)]
pub struct Common {
    /// Settings file [default: ./tradewind.toml if there is one; variable `TRADEWIND_CONFIG`]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Database, such as `sqlite://data/tradewind.db` or `postgres://user:password@host/name`
    #[arg(long, global = true, value_name = "URL")]
    pub database_url: Option<String>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum CliCommand {
    /// Start the server (what happens without a command)
    Serve(Serve),
    /// Bring the database to this version's tables, then end
    Migrate,
    /// Check, export, compare and apply definitions
    #[command(subcommand)]
    Schema(Schema),
    /// Manage sign-in accounts
    #[command(subcommand)]
    User(User),
    /// Print a commented settings file with every setting and its default
    Config,
    /// Measure this build against hand-written SQL, on a data set made for it
    #[command(subcommand)]
    Bench(Bench),
}

/// `tradewind bench …`
#[derive(Debug, Subcommand)]
pub enum Bench {
    /// Write the data set into an empty database
    ///
    /// At scale 1: 60 departments, 500 employees, 200,000 customers with 300,000 related employees,
    /// 400,000 contacts, 300,000 opportunities, 5,000 items and 500,000 orders with 1,500,000 lines,
    /// the same every time; and two accounts, a manager and a salesperson.
    Load {
        /// Customers, contacts, opportunities and orders, as a part of the full data set
        #[arg(long, default_value = "1.0", value_name = "FACTOR")]
        scale: Decimal,
    },
    /// Measure the workloads on a database made by `bench load` and print a table
    ///
    /// Runs the server and a bare HTTP server with the best hand-written SQL in processes of their
    /// own and asks them in turn. Creates and changes customers of that database.
    Run(BenchRun),
    /// Ask everything mixed for a long time, and fail if any request does or memory grows
    ///
    /// Creates and changes customers of a database made by `bench load`.
    Soak {
        /// How long
        #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=10_000))]
        minutes: u32,
        /// Connections of the client, each with a manager and a salesperson
        #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=1024))]
        connections: u32,
    },
    /// Measure how long publishing an object takes at several numbers of objects, and print a table
    ///
    /// Adds objects of 30 fields to a database made by `bench load` until there are so many; they stay.
    /// Two servers share the database: one publishes, the other learns of it.
    Schema {
        /// Numbers of objects, separated by commas; those below what there is are left out
        #[arg(long, value_delimiter = ',', default_value = "229,504,2000")]
        objects: Vec<usize>,
        /// Publishes at each number
        #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=100))]
        rounds: u32,
    },
    /// One of the servers a run measures
    #[command(hide = true)]
    Serve {
        /// Which one
        part: BenchServer,
    },
}

/// Flags of `bench run`.
#[derive(Debug, Clone, Args)]
pub struct BenchRun {
    /// Workloads, separated by commas
    #[arg(
        long,
        value_delimiter = ',',
        ignore_case = true,
        default_value = "W1,W2,W2S,W3,W4,W5,W6,W7C,W7U"
    )]
    pub workload: Vec<Workload>,
    /// Connections of the client; a table for each number, separated by commas
    #[arg(
        long,
        value_delimiter = ',',
        default_value = "8",
        value_parser = clap::value_parser!(u32).range(1..=1024)
    )]
    pub connections: Vec<u32>,
    /// How often each workload is measured; the table shows medians
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub rounds: u32,
    /// Seconds of one measurement
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub seconds: u32,
    /// A further GraphQL server to measure, such as `http://127.0.0.1:5433/graphql`
    #[arg(long, value_name = "URL", requires = "peer_documents")]
    pub peer: Option<String>,
    /// Folder with what to ask it: `W1.graphql` and so on, and `W1.json` for variables
    ///
    /// In the variables, "$id" stands for the id that the workload draws, and so on. Without a file of
    /// variables they are the drawn values under their own names. A workload without a document is not
    /// asked.
    #[arg(long, value_name = "FOLDER", requires = "peer")]
    pub peer_documents: Option<PathBuf>,
    /// Header to send to it, as `Name: value`; may be given several times
    #[arg(long, value_name = "HEADER", requires = "peer")]
    pub peer_header: Vec<String>,
    /// Process of it, for its CPU time and memory; may be given several times
    #[arg(long, value_name = "PID", requires = "peer")]
    pub peer_process: Vec<u32>,
}

/// Flags of `serve`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct Serve {
    /// Load the demo company into an empty database and print its accounts
    ///
    /// Demo accounts have a known password, so such a server listens on loopback addresses only.
    #[arg(long)]
    pub demo: bool,
    /// Address and port to listen on [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<String>,
}

/// `tradewind schema …`
#[derive(Debug, Subcommand)]
pub enum Schema {
    /// Check definition files together with the standard objects; nothing is changed
    Check {
        /// Definition files in GraphQL SDL; the standard objects alone when none is given
        files: Vec<PathBuf>,
    },
    /// Print the GraphQL schema of the records endpoint
    Print,
    /// Write all of the company's own definitions into a folder, as a bundle
    ///
    /// Objects, roles, layouts and menus, one file each, with a manifest. Files of parts that are no more are
    /// removed; anything else in the folder stays.
    Export {
        /// The folder; made where there is none
        folder: PathBuf,
        /// Sign it with this private key; the signature is written beside the folder, as `FOLDER.sig`
        #[arg(long, value_name = "KEYFILE")]
        sign: Option<PathBuf>,
    },
    /// Compare a bundle with the database; ends with code 2 where they differ
    Diff {
        /// The folder
        folder: PathBuf,
    },
    /// Apply a bundle to the database in one transaction
    Apply(SchemaApply),
    /// Publish the company's own objects of an earlier version as the next one
    ///
    /// What came since is retired. Roles, layouts and menus stay as they are.
    Rollback {
        /// The earlier version
        version: i64,
        /// Only compare
        #[arg(long)]
        dry_run: bool,
    },
    /// Make a private key that signs bundles, and print its public key for the settings
    Keygen {
        /// The file to write; must not be there yet
        file: PathBuf,
    },
}

/// Flags of `schema apply`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct SchemaApply {
    /// The folder
    pub folder: PathBuf,
    /// Carry everything out in a transaction that is undone
    #[arg(long)]
    pub dry_run: bool,
    /// What may be retired: objects and fields (`Object.field`), separated by commas, or `*` for all
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub allow_retire: Vec<String>,
    /// Files that count although the database has changed, separated by commas, or `*` for all
    #[arg(long, value_name = "FILES", value_delimiter = ',')]
    pub overwrite: Vec<String>,
    /// Files for which the database stays as it is, separated by commas, or `*` for all
    #[arg(long, value_name = "FILES", value_delimiter = ',')]
    pub keep: Vec<String>,
    /// Why, for the list of versions
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
}

/// `tradewind user …`
#[derive(Debug, Subcommand)]
pub enum User {
    /// Add an account, or give a confirmed colleague's account its first password
    Add {
        /// The name to sign in with; case does not matter
        account: String,
        /// The person's name as shown [default: the account]
        #[arg(long)]
        name: Option<String>,
        /// Give the administrator role
        #[arg(long)]
        administrator: bool,
        /// Read the password from standard input, one line, instead of asking for it
        #[arg(long)]
        password_stdin: bool,
    },
    /// Make a link by which the account's owner sets a password, once and within three days
    Link {
        /// The account
        account: String,
    },
    /// Set a new password and end the account's sessions
    Passwd {
        /// The account
        account: String,
        /// Read the password from standard input, one line, instead of asking for it
        #[arg(long)]
        password_stdin: bool,
    },
}

impl Cli {
    /// Parses arguments into a command and the common flags.
    ///
    /// `--demo` and `--listen` belong to `serve`. Before another command they are an error.
    pub fn read<W>(
        words: impl IntoIterator<Item = W>,
        lang: Lang,
    ) -> Result<(CliCommand, Common), clap::Error>
    where
        W: Into<std::ffi::OsString> + Clone,
    {
        let command = match lang {
            Lang::En => Self::command(),
            Lang::Zh => words::in_chinese(Self::command()),
        };
        let cli = Self::from_arg_matches(&command.try_get_matches_from(words)?)?;
        match cli.command {
            None => Ok((CliCommand::Serve(cli.serve), cli.common)),
            Some(command) if cli.serve == Serve::default() => Ok((command, cli.common)),
            Some(_) => Err(Self::command().error(
                ErrorKind::ArgumentConflict,
                "--demo and --listen belong to `serve` and come after it",
            )),
        }
    }
}

/// Returns the error message of a wrong command, or the requested help.
pub fn refusal(error: &clap::Error, lang: Lang) -> String {
    match lang {
        Lang::Zh if error.use_stderr() => words::refusal(error),
        _ => error.render().to_string(),
    }
}

impl BenchRun {
    /// Returns what these flags say of a further server.
    pub fn peer_flags(&self) -> Option<PeerFlags> {
        Some(PeerFlags {
            url: self.peer.clone()?,
            documents: self.peer_documents.clone()?,
            headers: self.peer_header.clone(),
            processes: self.peer_process.clone(),
        })
    }
}

impl Common {
    /// Returns the settings of these flags by key, for [`crate::config::Sources`].
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        self.database_url.iter().map(|url| ("database_url", url.clone())).collect()
    }
}

impl Serve {
    /// Returns the settings of these flags by key, for [`crate::config::Sources`].
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        self.listen.iter().map(|address| ("listen", address.clone())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<(CliCommand, Common), clap::Error> {
        Cli::read(line.split_whitespace(), Lang::En)
    }

    #[test]
    fn definitions_are_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn serve_is_the_default_with_its_flags() {
        for line in [
            "tradewind --demo --listen 127.0.0.1:9 --database-url sqlite://x",
            "tradewind serve --demo --listen 127.0.0.1:9 --database-url sqlite://x",
            "tradewind --database-url sqlite://x serve --demo --listen 127.0.0.1:9",
        ] {
            let (command, common) = parse(line).unwrap();
            let CliCommand::Serve(serve) = command else { panic!("{line}") };
            assert!(serve.demo, "{line}");
            assert_eq!(serve.settings(), [("listen", "127.0.0.1:9".to_owned())], "{line}");
            assert_eq!(common.settings(), [("database_url", "sqlite://x".to_owned())], "{line}");
        }
        assert!(matches!(
            parse("tradewind").unwrap().0,
            CliCommand::Serve(Serve { demo: false, .. })
        ));
    }

    #[test]
    fn commands_are_read() {
        let (command, _) = parse("tradewind user add zhang --administrator").unwrap();
        assert!(matches!(command, CliCommand::User(User::Add { administrator: true, .. })));
        let (command, _) = parse("tradewind schema check a.graphql b.graphql").unwrap();
        assert!(matches!(command, CliCommand::Schema(Schema::Check { files }) if files.len() == 2));
        let line = "tradewind schema apply x --allow-retire Visit,Visit.code --keep * --dry-run";
        let (command, _) = parse(line).unwrap();
        let CliCommand::Schema(Schema::Apply(apply)) = command else { panic!() };
        assert_eq!(apply.allow_retire, ["Visit", "Visit.code"]);
        assert!(apply.dry_run && apply.overwrite.is_empty() && apply.keep == ["*"]);
        for line in [
            "tradewind migrate",
            "tradewind config",
            "tradewind schema print",
            "tradewind schema export x --sign k",
            "tradewind schema diff x",
            "tradewind schema rollback 3",
            "tradewind schema keygen k",
        ] {
            assert!(parse(line).is_ok(), "{line}");
        }
    }

    #[test]
    fn benchmarks_are_read() {
        let (command, _) = parse("tradewind bench load --scale 0.1").unwrap();
        let CliCommand::Bench(Bench::Load { scale }) = command else { panic!() };
        assert_eq!(scale, Decimal::new(1, 1));
        let (command, _) = parse("tradewind bench run --workload w1,W7U --rounds 5").unwrap();
        let CliCommand::Bench(Bench::Run(run)) = command else { panic!() };
        assert_eq!(run.workload, [Workload::W1, Workload::W7u]);
        assert_eq!((run.connections, run.rounds, run.seconds), (vec![8], 5, 3));
        let (command, _) = parse("tradewind bench run --connections 1,8,32").unwrap();
        let CliCommand::Bench(Bench::Run(run)) = command else { panic!() };
        assert_eq!(run.connections, [1, 8, 32]);
        let (command, _) = parse("tradewind bench run").unwrap();
        let CliCommand::Bench(Bench::Run(run)) = command else { panic!() };
        assert_eq!(run.workload, Workload::ALL);
        assert!(run.peer_flags().is_none());
        let (command, _) = parse("tradewind bench serve yardstick").unwrap();
        assert!(matches!(
            command,
            CliCommand::Bench(Bench::Serve { part: BenchServer::Yardstick })
        ));
    }

    #[test]
    fn a_further_server_is_read() {
        let line = "tradewind bench run --peer http://x/graphql --peer-documents peer --peer-header \
             A:b --peer-header C:d --peer-process 1 --peer-process 2";
        let (command, _) = parse(line).unwrap();
        let CliCommand::Bench(Bench::Run(run)) = command else { panic!() };
        let flags = run.peer_flags().unwrap();
        assert_eq!(flags.url, "http://x/graphql");
        assert_eq!(flags.documents, PathBuf::from("peer"));
        assert_eq!(flags.headers, ["A:b", "C:d"]);
        assert_eq!(flags.processes, [1, 2]);
    }

    #[test]
    fn nonsense_is_refused() {
        for line in [
            "tradewind bench",
            "tradewind bench run --connections 0",
            "tradewind bench run --workload W99",
            "tradewind bench run --peer http://x/graphql",
            "tradewind bench run --peer-documents peer",
            "tradewind bench run --peer-header A:b",
            "tradewind bench run --peer-process 1",
            "tradewind bench run --peer http://x/graphql --peer-documents peer --peer-process me",
            "tradewind bench load --scale much",
            "tradewind serv",
            "tradewind user add",
            "tradewind migrate --demo",
            "tradewind --demo migrate",
        ] {
            assert!(parse(line).is_err(), "{line}");
        }
    }
}
