//! The program: reads the command line and calls the library.

use std::{
    io::{BufRead, IsTerminal, Write},
    process::ExitCode,
};

use anyhow::{Context, Result, bail};
use tradewind::{
    app, bench,
    catalog::{Origin, Source, resolve, standard_sources},
    cli::{Bench, BenchRun, Cli, Command, Common, Schema, Serve, User},
    config::{DEFAULT_FILE, LogFormat, Settings, Sources},
    demo, load_demo, storage,
};

/// A request makes and drops a few hundred small values; this allocator does so at half the cost.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match start() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // In words: where in the program it was found says nothing to who made the mistake.
            let mut out = std::io::stderr().lock();
            let _lost = writeln!(out, "Error: {error}");
            for cause in error.chain().skip(1) {
                let _lost = writeln!(out, "  because: {cause}");
            }
            ExitCode::FAILURE
        }
    }
}

fn start() -> Result<()> {
    let (command, common) = match Cli::read(std::env::args_os()) {
        Ok(read) => read,
        Err(error) => error.exit(),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(run(command, &common))
}

async fn run(command: Command, common: &Common) -> Result<()> {
    match command {
        Command::Serve(serve) => serve_command(&serve, common).await,
        Command::Migrate => {
            let company = app::open(&settings(common, Vec::new())?).await?;
            say(&format!("catalog version {}", company.publisher.pin().catalog.version))
        }
        Command::Schema(Schema::Print) => say(&app::standard_sdl()?),
        Command::Schema(Schema::Check { files }) => check(files),
        Command::User(user) => user_command(user, common).await,
        Command::Config => say(DEFAULT_FILE),
        Command::Bench(Bench::Load { scale }) => bench_load(scale, common).await,
        Command::Bench(Bench::Run(run)) => bench_run(run, common).await,
        Command::Bench(Bench::Soak { minutes, connections }) => {
            let settings = settings(common, Vec::new())?;
            bench::soak(&settings, bench::Soak { minutes, connections }, say).await
        }
        Command::Bench(Bench::Serve { part }) => {
            bench::serve(part, settings(common, Vec::new())?, say).await
        }
    }
}

async fn bench_load(scale: rust_decimal::Decimal, common: &Common) -> Result<()> {
    let company = app::open(&settings(common, Vec::new())?).await?;
    let mut shown = -1;
    bench::load(&company, scale, |at| {
        let percent = at.done * 100 / at.all.max(1);
        if percent >= shown + 5 {
            shown = percent;
            let (object, done, all, rate) = (at.object, at.done, at.all, at.rate);
            let _ = say(&format!("{percent:3} %  {object}: {done} of {all} rows, {rate} rows/s"));
        }
    })
    .await
    .map_err(app::told)?;
    say("loaded; measure with `tradewind bench run`")
}

async fn bench_run(run: BenchRun, common: &Common) -> Result<()> {
    let settings = settings(common, Vec::new())?;
    for connections in run.connections {
        let plan = bench::Plan {
            workloads: run.workload.clone(),
            connections,
            rounds: run.rounds,
            time: std::time::Duration::from_secs(run.seconds.into()),
        };
        let report = bench::run(&settings, &plan, say).await?;
        say(&format!("\n{report}\n"))?;
    }
    Ok(())
}

fn settings(common: &Common, mut flags: Vec<(&'static str, String)>) -> Result<Settings> {
    flags.extend(common.settings());
    let sources = Sources::of_process(flags, common.config.as_deref())?;
    let settings = Settings::load(&sources)?;
    let filter = tracing_subscriber::EnvFilter::try_new(&settings.log.filter)?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .log_internal_errors(false)
        .with_writer(|| Lossy(std::io::stderr()));
    match settings.log.format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
    Ok(settings)
}

/// Where the log goes: a line that cannot be written, as on a full disk, is lost and nothing else.
struct Lossy(std::io::Stderr);

impl Write for Lossy {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        Ok(self.0.write(bytes).unwrap_or(bytes.len()))
    }

    fn flush(&mut self) -> std::io::Result<()> {
        let _lost = self.0.flush();
        Ok(())
    }
}

/// Prints an answer to standard output.
fn say(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", text.trim_end())?;
    out.flush().context("standard output is closed")
}

async fn serve_command(serve: &Serve, common: &Common) -> Result<()> {
    let settings = settings(common, serve.settings())?;
    let public = !settings.listen.ip().is_loopback();
    if serve.demo && public {
        bail!("demo accounts have a known password; give `--listen 127.0.0.1:8080`");
    }
    // Before anything that takes time, or is written.
    let listener = app::listen(&settings).await?;
    let company = app::open(&settings).await?;
    let _claim = storage::claim(settings.database_url.expose()).map_err(app::told)?;
    if serve.demo {
        load_demo_company(&company).await?;
    }
    let own = load_demo::kept(&company).await.map_err(app::told)?;
    let accounts = company.identity.accounts().await.map_err(app::told)?;
    let is_there = |demo: &str| accounts.iter().any(|(_, account)| account == demo);
    let demo = demo::ACCOUNTS.iter().all(|(account, _)| is_there(account));
    if demo && public {
        bail!("this database has demo accounts with a known password; listen on loopback");
    }
    let known = demo.then(|| demo::accounts_json().into());
    app::serve(&company, &settings, listener, known, |address| {
        if settings.playground {
            say(&format!("GraphiQL   http://{address}/"))?;
        }
        say(&format!("GraphQL    http://{address}/graphql\nmetadata   http://{address}/metadata"))?;
        if demo {
            say(&format!("accounts   all with the password `{}`:", demo::PASSWORD))?;
            for (account, note) in demo::ACCOUNTS {
                let own = if own.contains(*account) { " (with its own password)" } else { "" };
                say(&format!("  {account:8} {note}{own}"))?;
            }
        }
        Ok(())
    })
    .await
}

async fn load_demo_company(company: &app::Company) -> Result<()> {
    if load_demo::resume(company).await.map_err(app::told)? {
        return say("finished the accounts of the demo company");
    }
    if !load_demo::is_empty(company).await.map_err(app::told)? {
        return say("the database has records already; the demo company is not loaded again");
    }
    let mut shown = 0;
    say("loading the demo company …")?;
    load_demo::load(company, |done, all| {
        let percent = done * 100 / all.max(1);
        if percent >= shown + 10 {
            shown = percent;
            let _ = say(&format!("  {percent} % ({done} of {all} records)"));
        }
    })
    .await
    .map_err(app::told)
}

fn check(files: Vec<std::path::PathBuf>) -> Result<()> {
    let mut sources = standard_sources();
    for file in files {
        let path = file.display().to_string();
        let text = std::fs::read_to_string(&file).with_context(|| format!("cannot read {path}"))?;
        sources.push(Source { path, text, origin: Origin::Custom });
    }
    match resolve(&sources, 1) {
        Ok(catalog) => say(&format!(
            "{} objects, {} picklists: no faults",
            catalog.objects.len(),
            catalog.picklists.len()
        )),
        Err(faults) => {
            for fault in &faults {
                say(&fault.to_string())?;
            }
            bail!("{} faults", faults.len())
        }
    }
}

/// The password that is typed, unseen and twice, or one line of what is piped in.
fn password(from_input: bool) -> Result<String> {
    if from_input || !std::io::stdin().is_terminal() {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line)?;
        return Ok(line.trim_end_matches(['\n', '\r']).to_owned());
    }
    let typed = rpassword::prompt_password("password (not shown as you type): ")?;
    let again = rpassword::prompt_password("once more: ")?;
    if typed != again {
        bail!("the two are not the same; nothing was changed");
    }
    Ok(typed)
}

async fn user_command(user: User, common: &Common) -> Result<()> {
    let company = app::open(&settings(common, Vec::new())?).await?;
    match user {
        User::Add { account, name, administrator, password_stdin } => {
            let known = company.operator_of(&account).await.map_err(app::told)?;
            if let Some((_, true)) = known {
                bail!(
                    "there is an account `{account}` already; `tradewind user passwd` sets another password"
                );
            }
            let password = password(password_stdin)?;
            let name = name.as_deref().unwrap_or(&account);
            company
                .add_operator(&account, name, &password, administrator)
                .await
                .map_err(app::told)?;
            say(&match known {
                None => format!("added `{account}`"),
                Some(_) => format!("`{account}` was confirmed before; it has a password now"),
            })
        }
        User::Link { account } => {
            let link = company.make_link(&account).await.map_err(app::told)?;
            let until = chrono::DateTime::from_timestamp_micros(link.expires_at);
            let until = until.unwrap_or_default().format("%Y-%m-%d %H:%M UTC");
            say(&format!(
                "`{}` sets a password, once and until {until}, at this server's address with\n  {}\n\
                 or by POST /auth/password with {{\"token\": …, \"password\": …}} and the token\n  {}",
                link.account,
                link.path(),
                link.token
            ))
        }
        User::Passwd { account, password_stdin } => {
            company.known_operator(&account).await.map_err(app::told)?;
            let password = password(password_stdin)?;
            company.renew_password(&account, &password).await.map_err(app::told)?;
            say(&format!("changed the password of `{account}`"))
        }
    }
}
