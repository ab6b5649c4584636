//! Settings: flags override variables, variables override a file, and the file overrides
//! `config.default.toml`.
//!
//! The only place that reads environment variables. Knows which values are allowed, not what they are used
//! for.

use std::{
    ffi::OsStr,
    fmt, fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

use chrono_tz::Tz;
use strum::{EnumString, VariantNames};

mod origins;
mod reader;

use crate::{
    base::{Currency, Lang, Message, network::Network},
    bundle::TrustedKey,
    message,
};
use reader::ConfigReader;

/// The commented file with every setting and its default.
pub const DEFAULT_FILE: &str = include_str!("../config.default.toml");

/// The file that is read if none is named.
const USUAL_FILE: &str = "tradewind.toml";

/// Every setting of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Address and port to listen on.
    pub listen: SocketAddr,
    /// The database.
    pub database_url: Secret,
    /// The business time zone.
    pub zone: Tz,
    /// The currency of money fields.
    pub currency: Currency,
    /// Whether the web page is served.
    pub playground: bool,
    /// Whether responses contain `Server-Timing`.
    pub server_timing: bool,
    /// `[http]`
    pub http: Http,
    /// `[log]`
    pub log: Log,
    /// `[database]`
    pub database: DatabaseConfig,
    /// `[auth]`
    pub auth: TokensConfig,
    /// `[limits]`
    pub limits: LimitsConfig,
    /// `[subscriptions]`
    pub subscriptions: Subscriptions,
    /// `[documents]`
    pub documents: DocumentsConfig,
    /// `[schema]`
    pub schema: SchemaConfig,
}

/// Bundles of definitions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaConfig {
    /// Keys whose bundles are taken.
    pub trusted_keys: Vec<TrustedKey>,
}

/// Proxies and origins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Http {
    /// Proxies whose forwarding headers are trusted.
    pub trusted_proxies: Vec<Network>,
    /// Origins of other pages that may send requests.
    pub allowed_origins: Vec<String>,
}

/// Which documents are accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentsConfig {
    /// A file with a list of trusted documents.
    pub file: Option<PathBuf>,
    /// Refuse all other documents.
    pub only: bool,
    /// Whether clients may read the schema.
    pub introspection: bool,
}

/// Limits of subscriptions and WebSocket connections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscriptions {
    /// Most subscriptions at once.
    pub most: usize,
    /// Most subscriptions at once per person.
    pub each: usize,
    /// Most ids of records that all subscriptions together may keep.
    pub ids: usize,
    /// Most records that one subscription may follow.
    pub records: u32,
    /// How often each subscription is checked without an event.
    pub recheck: Duration,
    /// Most WebSocket connections.
    pub connections: usize,
    /// Most operations at once per WebSocket connection.
    pub operations: usize,
}

/// How the server logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// Levels, optionally by module.
    pub filter: String,
    /// The format of its lines.
    pub format: LogFormat,
}

/// The format of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, VariantNames)]
#[strum(serialize_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// The connection pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseConfig {
    /// Fewest connections kept open.
    pub min_connections: u32,
    /// Most connections.
    pub max_connections: u32,
    /// Longest wait for a free connection.
    pub acquire_timeout: Duration,
}

/// Lifetimes of tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokensConfig {
    /// Access tokens.
    pub access_ttl: Duration,
    /// Refresh tokens.
    pub refresh_ttl: Duration,
}

/// Limits of requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitsConfig {
    /// Most bytes of a body.
    pub max_body: usize,
    /// Longest time of a request.
    pub timeout: Duration,
    /// Most bytes of a document.
    pub document: usize,
    /// Deepest nesting of selections.
    pub depth: usize,
    /// Most fields, with fragments expanded.
    pub fields: usize,
    /// Most root fields.
    pub root_fields: usize,
    /// Most aliases.
    pub aliases: usize,
    /// Most directives.
    pub directives: usize,
    /// Highest cost of an operation.
    pub cost: u64,
    /// Most conditions of an operation.
    pub conditions: usize,
    /// Most relations that a list may be read over.
    pub joins: usize,
    /// Most operations of one person at once. Others wait.
    pub at_once: usize,
    /// Longest time for a request's head to arrive.
    pub head: Duration,
    /// Default page size.
    pub page: u32,
    /// Largest page size.
    pub max_page: u32,
    /// Most records that one root field may write.
    pub bulk: u32,
    /// Most distinct guarded records that a person may read per window. 0: no limit.
    pub reads: u32,
    /// The length of that window.
    pub reads_window: Duration,
}

/// A text that may contain a password. `{:?}` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Returns the text.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

/// All mistakes in the settings, one message each.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message().en)]
pub struct ConfigError(pub Vec<Message>);

impl ConfigError {
    /// Joins the messages, one per line.
    pub fn message(&self) -> Message {
        Message::joined(&self.0, ("\n", "\n"))
    }
}

/// The sources of settings, strongest first.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// Keys and values of the given flags, such as `("listen", "127.0.0.1:80")`.
    pub flags: Vec<(&'static str, String)>,
    /// Variables. Those without the prefix `TRADEWIND_` are ignored.
    pub variables: Vec<(String, String)>,
    /// A file's name and text.
    pub file: Option<(String, String)>,
}

impl Sources {
    /// Returns the sources of this process: its variables, and the file that a flag or variable names, or
    /// else `tradewind.toml` if it exists.
    pub fn of_process(
        flags: Vec<(&'static str, String)>,
        file: Option<&Path>,
    ) -> Result<Self, ConfigError> {
        let text = |os: &OsStr| os.to_str().map(str::to_owned);
        let variables: Vec<(String, String)> = std::env::vars_os()
            .filter_map(|(name, value)| Some((text(&name)?, text(&value)?)))
            .collect();
        let named = variables.iter().find(|(name, _)| name == "TRADEWIND_CONFIG");
        let named = named.map(|(_, path)| Path::new(path)).filter(|path| *path != Path::new(""));
        let file = match file.or(named) {
            Some(path) => Some(read(path)?),
            None if Path::new(USUAL_FILE).exists() => Some(read(Path::new(USUAL_FILE))?),
            None => None,
        };
        Ok(Self { flags, variables, file })
    }
}

/// The language of the terminal: Chinese if the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is set says
/// so.
pub fn language() -> Lang {
    let variables = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter();
    let set = variables.filter_map(std::env::var_os).find(|value| !value.is_empty());
    match set.is_some_and(|value| value.to_string_lossy().to_lowercase().starts_with("zh")) {
        true => Lang::Zh,
        false => Lang::En,
    }
}

fn read(path: &Path) -> Result<(String, String), ConfigError> {
    let name = path.display().to_string();
    match fs::read_to_string(path) {
        Ok(text) => Ok((name, text)),
        Err(error) => {
            let error = error.to_string();
            Err(ConfigError(vec![message!(
                "{name}: cannot be read: {error}",
                "{name}：无法读取：{error}",
            )]))
        }
    }
}

impl Settings {
    /// Loads the settings. Reports all mistakes at once.
    pub fn load(sources: &Sources) -> Result<Self, ConfigError> {
        let mut reader = ConfigReader::new(sources)?;
        let settings = Self::from_reader(&mut reader);
        match settings {
            Some(settings) if reader.problems.is_empty() => Ok(settings),
            _ => Err(ConfigError(reader.problems)),
        }
    }

    /// Reads all keys before it fails, so that no mistake hides another.
    fn from_reader(r: &mut ConfigReader) -> Option<Self> {
        let listen = r.get(
            "listen",
            ("an address with a port, such as 127.0.0.1:8080", "带端口的地址，如 127.0.0.1:8080"),
            |text| {
                // Only `localhost` is accepted as a name; other names would need a lookup.
                let local = text.strip_prefix("localhost:").map(|port| format!("127.0.0.1:{port}"));
                parsed(local.as_deref().unwrap_or(text))
            },
        );
        let database_url = r.get(
            "database_url",
            ("sqlite://… or postgres://…", " sqlite://… 或 postgres://…"),
            |url| {
                let known = ["sqlite:", "postgres://", "postgresql://"];
                known.iter().any(|scheme| url.starts_with(scheme)).then(|| Secret(url.to_owned()))
            },
        );
        let zone = r.get(
            "zone",
            ("an IANA time zone, such as Asia/Shanghai", " IANA 时区，如 Asia/Shanghai"),
            parsed,
        );
        let currency =
            r.get("currency", ("a currency's code, such as CNY", "货币代码，如 CNY"), parsed);
        let playground = r.get("playground", ("true or false", " true 或 false"), parsed);
        let server_timing = r.get("server_timing", ("true or false", " true 或 false"), parsed);
        let http = Http::from_reader(r);
        let filter = r.get(
            "log.filter",
            (
                "a level (error, warn, info, debug, trace) or levels by module",
                "日志级别（error、warn、info、debug、trace）或按模块指定的级别",
            ),
            |text| tracing_subscriber::EnvFilter::from_str(text).ok().map(|_| text.to_owned()),
        );
        let formats: Vec<_> = LogFormat::VARIANTS.iter().map(|name| Message::same(*name)).collect();
        let formats = Message::joined(&formats, (" or ", " 或 "));
        let format = r.get("log.format", formats, parsed);
        let min_connections = r.number("database.min_connections", 0, 1000);
        let max_connections = r.number("database.max_connections", 1, 1000);
        let acquire_timeout = r.time("database.acquire_timeout", "100ms", "10m");
        let access_ttl = r.time("auth.access_ttl", "10s", "1d");
        let refresh_ttl = r.time("auth.refresh_ttl", "1m", "365d");
        let limits = LimitsConfig::from_reader(r);
        let subscriptions = Subscriptions::from_reader(r);
        let documents = DocumentsConfig::from_reader(r);
        let schema = SchemaConfig::from_reader(r);
        if let (Some(least), Some(most)) = (min_connections, max_connections)
            && least > most
        {
            r.clash("database.min_connections", "database.max_connections");
        }
        Some(Self {
            listen: listen?,
            database_url: database_url?,
            zone: zone?,
            currency: currency?,
            playground: playground?,
            server_timing: server_timing?,
            http: http?,
            log: Log { filter: filter?, format: format? },
            database: DatabaseConfig {
                min_connections: min_connections?,
                max_connections: max_connections?,
                acquire_timeout: acquire_timeout?,
            },
            auth: TokensConfig { access_ttl: access_ttl?, refresh_ttl: refresh_ttl? },
            limits: limits?,
            subscriptions: subscriptions?,
            documents: documents?,
            schema: schema?,
        })
    }
}

impl Http {
    fn from_reader(r: &mut ConfigReader) -> Option<Self> {
        let allowed = (
            "networks such as [\"10.0.0.0/8\", \"192.0.2.7\"]",
            "网段，如 [\"10.0.0.0/8\", \"192.0.2.7\"]",
        );
        let trusted_proxies = r.list("http.trusted_proxies", allowed, parsed);
        let allowed = (
            "origins such as [\"https://crm.example.com\"]",
            "来源，如 [\"https://crm.example.com\"]",
        );
        let allowed_origins = r.list("http.allowed_origins", allowed, origins::origin);
        Some(Self { trusted_proxies: trusted_proxies?, allowed_origins: allowed_origins? })
    }
}

impl SchemaConfig {
    fn from_reader(r: &mut ConfigReader) -> Option<Self> {
        let allowed = (
            "keys such as [\"ed25519:…\"], as `tradewind schema keygen` prints them",
            "公钥，如 [\"ed25519:…\"]，由 `tradewind schema keygen` 输出",
        );
        let trusted_keys = r.list("schema.trusted_keys", allowed, parsed);
        Some(Self { trusted_keys: trusted_keys? })
    }
}

impl LimitsConfig {
    fn from_reader(r: &mut ConfigReader) -> Option<Self> {
        let max_body = r.number("limits.max_body", 1024, 1 << 30);
        let timeout = r.time("limits.timeout", "100ms", "1h");
        let document = r.number("limits.document", 100, 1 << 30);
        let depth = r.number("limits.depth", 5, 200);
        let fields = r.number("limits.fields", 10, 1_000_000);
        let root_fields = r.number("limits.root_fields", 1, 10_000);
        let aliases = r.number("limits.aliases", 0, 10_000);
        let directives = r.number("limits.directives", 0, 10_000);
        let cost = r.number("limits.cost", 100, 1_000_000_000);
        let conditions = r.number("limits.conditions", 10, 2_000);
        let joins = r.number("limits.joins", 5, 50);
        let at_once = r.number("limits.at_once", 1, 1_000);
        let head = r.time("limits.head", "100ms", "5m");
        let page = r.number("limits.page", 1, 10_000);
        let max_page = r.number("limits.max_page", 1, 10_000);
        let bulk = r.number("limits.bulk", 1, 100_000);
        let reads = r.number("limits.reads", 0, 1_000_000_000);
        let reads_window = r.time("limits.reads_window", "1s", "7d");
        if let (Some(usual), Some(most)) = (page, max_page)
            && usual > most
        {
            r.clash("limits.page", "limits.max_page");
        }
        Some(Self {
            max_body: max_body?,
            timeout: timeout?,
            document: document?,
            depth: depth?,
            fields: fields?,
            root_fields: root_fields?,
            aliases: aliases?,
            directives: directives?,
            cost: cost?,
            conditions: conditions?,
            joins: joins?,
            at_once: at_once?,
            head: head?,
            page: page?,
            max_page: max_page?,
            bulk: bulk?,
            reads: reads?,
            reads_window: reads_window?,
        })
    }
}

fn parsed<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

#[cfg(test)]
mod tests;

impl Subscriptions {
    fn from_reader(r: &mut ConfigReader) -> Option<Self> {
        let most = r.number("subscriptions.most", 0, 1_000_000);
        let each = r.number("subscriptions.each", 1, 1_000_000);
        let ids = r.number("subscriptions.ids", 0, 1_000_000_000);
        let records = r.number("subscriptions.records", 1, 1_000_000);
        let recheck = r.time("subscriptions.recheck", "1s", "1h");
        let connections = r.number("subscriptions.connections", 0, 1_000_000);
        let operations = r.number("subscriptions.operations", 1, 10_000);
        Some(Self {
            most: most?,
            each: each?,
            ids: ids?,
            records: records?,
            recheck: recheck?,
            connections: connections?,
            operations: operations?,
        })
    }
}

impl DocumentsConfig {
    fn from_reader(r: &mut ConfigReader) -> Option<Self> {
        let file = r.get(
            "documents.file",
            ("the path of a file, or nothing", "文件路径，或留空"),
            |text| Some((!text.is_empty()).then(|| PathBuf::from(text))),
        );
        let only = r.get("documents.only", ("true or false", " true 或 false"), parsed);
        if only == Some(true) && matches!(file, Some(None)) {
            r.needs("documents.only", "documents.file");
        }
        let introspection =
            r.get("documents.introspection", ("true or false", " true 或 false"), parsed);
        Some(Self { file: file?, only: only?, introspection: introspection? })
    }
}
