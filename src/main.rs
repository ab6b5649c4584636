//! The program: reads the command line and calls the library.

use std::{
    io::{BufRead, IsTerminal, Write},
    process::ExitCode,
    sync::Arc,
};

use anyhow::{Context, Result, bail};
use tradewind::{
    app,
    base::{Lang, Message},
    bench,
    catalog::{DefinitionPart, Origin, resolve, standard_sources},
    cli::{self, Bench, BenchRun, Cli, CliCommand, Common, Schema, Serve, User},
    company::Company,
    config::{ConfigError, DEFAULT_FILE, LogFormat, Settings, Sources, language},
    demo, load_demo, message, schema_files, storage,
};

/// A request makes and drops a few hundred small values; this allocator does so at half the cost.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match start() {
        Ok(code) => code,
        Err(error) => {
            // In words: where in the program it was found says nothing to who made the mistake.
            let mut out = std::io::stderr().lock();
            let error_text = error.to_string();
            let _lost = writeln!(
                out,
                "{}",
                app::said(message!("Error: {error_text}", "错误：{error_text}"))
            );
            for cause in error.chain().skip(1) {
                let cause = cause.to_string();
                let _lost = writeln!(
                    out,
                    "{}",
                    app::said(message!("  because: {cause}", "  原因：{cause}"))
                );
            }
            ExitCode::FAILURE
        }
    }
}

fn start() -> Result<ExitCode> {
    let lang = language();
    app::speak(lang);
    let (command, common) = match Cli::read(std::env::args_os(), lang) {
        Ok(read) => read,
        Err(error) if lang == Lang::En => error.exit(),
        Err(error) => {
            let text = cli::refusal(&error, lang);
            if error.use_stderr() {
                let _lost = writeln!(std::io::stderr().lock(), "{text}");
            } else {
                say(&text)?;
            }
            std::process::exit(error.exit_code());
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(run(command, &common))
}

async fn run(command: CliCommand, common: &Common) -> Result<ExitCode> {
    let done = match command {
        CliCommand::Serve(serve) => serve_command(&serve, common).await,
        CliCommand::Migrate => {
            let company = app::open(&settings(common, Vec::new())?).await?;
            {
                let version = company.catalog().version;
                tell(message!("catalog version {version}", "定义版本 {version}"))
            }
        }
        CliCommand::Schema(schema) => return schema_command(schema, common).await,
        CliCommand::User(user) => user_command(user, common).await,
        CliCommand::Config => say(DEFAULT_FILE),
        CliCommand::Bench(Bench::Load { scale }) => Box::pin(bench_load(scale, common)).await,
        CliCommand::Bench(Bench::Run(run)) => bench_run(run, common).await,
        CliCommand::Bench(Bench::Soak { minutes, connections }) => {
            let settings = settings(common, Vec::new())?;
            bench::soak(&settings, bench::Soak { minutes, connections }, say).await
        }
        CliCommand::Bench(Bench::Schema { mut objects, rounds }) => {
            objects.sort_unstable();
            let plan = bench::SchemaBench { objects, rounds };
            let report = bench::schema(&settings(common, Vec::new())?, &plan, say).await?;
            say(&format!("\n{report}"))
        }
        CliCommand::Bench(Bench::Serve { part }) => {
            bench::serve(part, settings(common, Vec::new())?, say).await
        }
    };
    done.map(|()| ExitCode::SUCCESS)
}

/// `tradewind schema …`. Only a comparison ends with a code of its own.
async fn schema_command(schema: Schema, common: &Common) -> Result<ExitCode> {
    match schema {
        Schema::Print => say(&app::standard_sdl()?)?,
        Schema::Check { files } => check(files)?,
        Schema::Keygen { file } => say(&schema_files::keygen(&file)?)?,
        command => {
            let company = app::open(&settings(common, Vec::new())?).await?;
            let done = Box::pin(schema_files::run(command, &company, say)).await?;
            if done == schema_files::Done::Differs {
                return Ok(ExitCode::from(2));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
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
    tell(("loaded; measure with `tradewind bench run`", "已载入；请用 `tradewind bench run` 测量"))
}

async fn bench_run(run: BenchRun, common: &Common) -> Result<()> {
    // Before anything is started or written.
    let peer = match run.peer_flags() {
        Some(flags) => Some(Arc::new(bench::Peer::open(flags, &run.workload).await?)),
        None => None,
    };
    let settings = settings(common, Vec::new())?;
    for connections in run.connections {
        let plan = bench::BenchPlan {
            workloads: run.workload.clone(),
            connections,
            rounds: run.rounds,
            time: std::time::Duration::from_secs(run.seconds.into()),
            peer: peer.clone(),
        };
        let report = bench::run(&settings, &plan, say).await?;
        say(&format!("\n{report}\n"))?;
    }
    Ok(())
}

fn settings(common: &Common, mut flags: Vec<(&'static str, String)>) -> Result<Settings> {
    flags.extend(common.settings());
    let wrong = |error: ConfigError| anyhow::anyhow!(app::said(error.message()));
    let sources = Sources::of_process(flags, common.config.as_deref()).map_err(wrong)?;
    let settings = Settings::load(&sources).map_err(wrong)?;
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

/// Prints a message in the language of the terminal.
fn tell(message: impl Into<Message>) -> Result<()> {
    say(&app::said(message))
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
        bail!(app::said((
            "demo accounts have a known password; give `--listen 127.0.0.1:8080`",
            "演示账号的密码是公开的，请使用 `--listen 127.0.0.1:8080`",
        )));
    }
    // Before anything that takes time, or is written.
    let listener = app::listen(&settings).await?;
    let (url, patience) = (settings.database_url.expose(), settings.database.acquire_timeout);
    let _claim = storage::claim(url, patience).await.map_err(app::told)?;
    let mut http = app::http_settings(&settings)?;
    let server = app::open_server(&settings).await?;
    let company = &server.company;
    if serve.demo {
        load_demo_company(company).await?;
    }
    let own = load_demo::kept(company).await.map_err(app::told)?;
    let accounts = company.identity.accounts().await.map_err(app::told)?;
    let is_there = |demo: &str| accounts.iter().any(|(_, account)| account == demo);
    let demo = !public && demo::ACCOUNTS.iter().all(|(account, _)| is_there(account));
    if public {
        let open = load_demo::with_its_password(company).await.map_err(app::told)?;
        if !open.is_empty() {
            let open = open.join(", ");
            bail!(app::said(message!(
                "these accounts have the demo's password, which everybody knows: {open}; listen on loopback, or give them passwords of their own (`tradewind user passwd`)",
                "下列账号使用公开的演示密码：{open}；请只监听本机回环地址，或用 `tradewind user passwd` 另设密码",
            )));
        }
    }
    http.demo_accounts = demo.then(|| demo::accounts_json().into());
    app::serve(&server, &settings, listener, http, |address| {
        if settings.playground {
            say(&format!("console    http://{address}/"))?;
        }
        say(&format!("GraphQL    http://{address}/graphql\nmetadata   http://{address}/metadata"))?;
        if demo {
            let password = demo::PASSWORD;
            tell(message!(
                "accounts   all with the password `{password}`:",
                "账号       密码均为 `{password}`："
            ))?;
            for (account, note) in demo::ACCOUNTS {
                let own = match own.contains(*account) {
                    true => app::said((" (with its own password)", "（密码已另设）")),
                    false => String::new(),
                };
                say(&format!("  {account:8} {note}{own}"))?;
            }
        }
        Ok(())
    })
    .await
}

async fn load_demo_company(company: &Company) -> Result<()> {
    if load_demo::resume(company).await.map_err(app::told)? {
        return tell(("finished the accounts of the demo company", "已补全演示公司的账号"));
    }
    if !load_demo::is_empty(company).await.map_err(app::told)? {
        return tell((
            "the database has records already; the demo company is not loaded again",
            "数据库中已有记录，不再载入演示公司",
        ));
    }
    let mut shown = 0;
    tell(("loading the demo company …", "正在载入演示公司 ……"))?;
    load_demo::load(company, |done, all| {
        let percent = done * 100 / all.max(1);
        if percent >= shown + 10 {
            shown = percent;
            let _ = tell(message!(
                "  {percent} % ({done} of {all} records)",
                "  {percent} %（{done} / {all} 条记录）"
            ));
        }
    })
    .await
    .map_err(app::told)
}

fn check(files: Vec<std::path::PathBuf>) -> Result<()> {
    let mut sources = standard_sources();
    for file in files {
        let path = file.display().to_string();
        let text = std::fs::read_to_string(&file)
            .with_context(|| app::said(message!("cannot read {path}", "无法读取 {path}")))?;
        sources.push(DefinitionPart::objects(path, text, Origin::Custom));
    }
    match resolve(&sources, 1) {
        Ok(catalog) => {
            let (objects, lists) = (catalog.objects.len(), catalog.picklists.len());
            tell(message!(
                "{objects} objects, {lists} picklists: no faults",
                "{objects} 个对象、{lists} 个选项列表，没有错误"
            ))
        }
        Err(faults) => {
            for fault in &faults {
                let text = |lang| fault.text(lang);
                tell(Message::new(text(Lang::En), text(Lang::Zh)))?;
            }
            let count = faults.len();
            bail!(app::said(message!("{count} faults", "共 {count} 处错误")))
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
    let typed = rpassword::prompt_password(app::said((
        "password (not shown as you type): ",
        "密码（输入时不显示）：",
    )))?;
    let again = rpassword::prompt_password(app::said(("once more: ", "再次输入：")))?;
    if typed != again {
        bail!(app::said((
            "the two are not the same; nothing was changed",
            "两次输入不一致，未做更改"
        )));
    }
    Ok(typed)
}

async fn user_command(user: User, common: &Common) -> Result<()> {
    let company = app::open(&settings(common, Vec::new())?).await?;
    match user {
        User::Add { account, name, administrator, password_stdin } => {
            let known = company.operator_of(&account).await.map_err(app::told)?;
            if let Some((_, true)) = known {
                bail!(app::said(message!(
                    "there is an account `{account}` already; `tradewind user passwd` sets another password",
                    "账号 `{account}` 已存在；可用 `tradewind user passwd` 设置新密码"
                )));
            }
            let password = password(password_stdin)?;
            let name = name.as_deref().unwrap_or(&account);
            company
                .add_operator(&account, name, &password, administrator)
                .await
                .map_err(app::told)?;
            tell(match known {
                None => message!("added `{account}`", "已添加 `{account}`"),
                Some(_) => message!(
                    "`{account}` was confirmed before; it has a password now",
                    "`{account}` 此前已确认，现已设置密码"
                ),
            })
        }
        User::Link { account } => {
            let link = company.make_link(&account).await.map_err(app::told)?;
            let until = chrono::DateTime::from_timestamp_micros(link.expires_at);
            let until = until.unwrap_or_default().format("%Y-%m-%d %H:%M UTC");
            let (account, path, token) = (&link.account, link.path(), &link.token);
            tell(message!(
                "`{account}` sets a password, once and until {until}, at this server's address with\n  {path}\nor by POST /auth/password with {{\"token\": …, \"password\": …}} and the token\n  {token}",
                "`{account}` 可在 {until} 之前设置一次密码：在本服务器地址后加上\n  {path}\n或以 POST /auth/password 发送 {{\"token\": …, \"password\": …}}，其中的令牌为\n  {token}"
            ))
        }
        User::Passwd { account, password_stdin } => {
            company.known_operator(&account).await.map_err(app::told)?;
            let password = password(password_stdin)?;
            company.renew_password(&account, &password).await.map_err(app::told)?;
            tell(message!("changed the password of `{account}`", "已修改 `{account}` 的密码"))
        }
    }
}
