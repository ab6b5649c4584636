//! Floor 12: wires the rooms into one running server.

use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use tokio::{
    net::TcpListener,
    sync::{Semaphore, watch},
};

use crate::{
    access::Principal,
    base::{Currency, Env, Error, Lang, Message},
    bundle::TrustedKey,
    company::{Company, CompanySettings, Derived, SharedDerived},
    config::Settings,
    customize::SharedCatalogs,
    graphql::{
        concurrency_limit::Turns,
        exchange::Endpoint,
        limits::Limits,
        metadata::Metadata,
        records::{ClientOperations, Live, LiveSettings, PublishedSchema, Records},
    },
    http::{self, Auth, Pending, Shell},
    identity::{Endings, Identity, IdentitySettings, SignInOrigin},
    message,
    rights::BudgetSettings,
    storage::{self, Database, PoolSettings, Probe},
};

/// What an operator of the server may turn.
#[derive(Debug, Clone, Default)]
pub struct Tuning {
    /// Connections to the database.
    pub pool: PoolSettings,
    /// What one request may ask for.
    pub limits: Limits,
    /// How long tokens hold.
    pub identity: IdentitySettings,
    /// How much may be read.
    pub budget: BudgetSettings,
    /// How subscriptions are carried out.
    pub live: LiveSettings,
    /// What money is counted in.
    pub currency: Currency,
    /// Keys whose bundles of definitions are taken.
    pub trusted_keys: Vec<TrustedKey>,
    /// Most records of an object whose field gets another type within the publish.
    pub retyped_at_once: Option<u64>,
}

/// What the companies of one process share: those that are defined alike have one catalog and one schema.
#[derive(Default)]
pub struct Shared {
    catalogs: SharedCatalogs,
    schemas: SharedDerived<PublishedSchema>,
}

/// One company with its endpoints, ready to be listened for.
pub struct Server {
    /// The company.
    pub company: Company,
    /// Becomes true when the server is to stop.
    pub closing: watch::Sender<bool>,
    records: Arc<dyn Endpoint>,
    metadata: Arc<dyn Endpoint>,
}

impl Server {
    /// Opens a database and the company in it.
    pub async fn open(url: &str, env: Env, tuning: Tuning) -> Result<Self, Error> {
        Self::beside(url, env, tuning, &Shared::default()).await
    }

    /// The same beside other companies of this process.
    pub async fn beside(
        url: &str,
        env: Env,
        tuning: Tuning,
        shared: &Shared,
    ) -> Result<Self, Error> {
        let database = storage::open(url, tuning.pool).await?;
        Self::over(database, env, tuning, shared).await
    }

    /// The same over a database that is open.
    pub async fn over(
        database: Database,
        env: Env,
        tuning: Tuning,
        shared: &Shared,
    ) -> Result<Self, Error> {
        let Tuning { limits, identity, budget, live, currency, trusted_keys, .. } = tuning;
        let retyped_at_once = tuning.retyped_at_once;
        let settings =
            CompanySettings { identity, budget, currency, trusted_keys, retyped_at_once };
        // Boxed: the future is large, and every caller's would be as large.
        let company = Box::pin(Company::open(database, env, settings, &shared.catalogs)).await?;
        let turns = Arc::new(Turns::new(limits));
        let published = Derived::of(&company.live, PublishedSchema::new, &shared.schemas).await?;
        let live = Arc::new(Live::new(company.feed.clone(), live));
        let operations = ClientOperations::default();
        let metadata = Metadata::new(
            company.clone(),
            published.clone(),
            limits,
            Arc::clone(&turns),
            (Arc::clone(&live), operations.clone()),
        );
        let records =
            Records { company: company.clone(), published, limits, live, turns, operations };
        let closing = watch::Sender::new(false);
        Ok(Self { company, closing, records: Arc::new(records), metadata: Arc::new(metadata) })
    }

    /// The HTTP routes of the company.
    pub fn router(&self, http: http::HttpSettings) -> axum::Router {
        let probe = Probe::new(self.company.database.clone(), self.company.env.clone());
        http::router(Shell {
            records: Arc::clone(&self.records),
            metadata: Arc::clone(&self.metadata),
            auth: Arc::new(SignIn(self.company.identity.clone())),
            ready: Arc::new(move || {
                let probe = probe.clone();
                Box::pin(async move { probe.ready().await })
            }),
            closing: self.closing.subscribe(),
            sockets: Arc::new(Semaphore::new(http.connections)),
            settings: http,
        })
    }
}

/// Sign-in over HTTP.
struct SignIn(Identity);

fn tokens(tokens: crate::identity::Tokens) -> http::TokenResponse {
    http::TokenResponse {
        access_token: tokens.access_token,
        refresh_token: tokens.refresh_token,
        expires_in: tokens.expires_in,
    }
}

fn from(origin: http::ClientOrigin) -> SignInOrigin {
    SignInOrigin {
        user_agent: origin.agent,
        address: origin.address.map(|address| address.to_string()),
    }
}

impl Auth for SignIn {
    fn authenticate(&self, bearer: String) -> Pending<'_, Result<Principal, Error>> {
        Box::pin(async move { self.0.authenticate(&bearer).await })
    }

    fn still(&self, principal: Principal) -> Pending<'_, Result<Principal, Error>> {
        Box::pin(async move { self.0.still(&principal).await })
    }

    fn login(
        &self,
        account: String,
        password: String,
        origin: http::ClientOrigin,
    ) -> Pending<'_, Result<http::TokenResponse, Error>> {
        Box::pin(async move { self.0.login(&account, &password, from(origin)).await.map(tokens) })
    }

    fn set_password(
        &self,
        token: String,
        password: String,
        origin: http::ClientOrigin,
    ) -> Pending<'_, Result<http::TokenResponse, Error>> {
        Box::pin(async move { self.0.use_link(&token, &password, from(origin)).await.map(tokens) })
    }

    fn refresh(&self, token: String) -> Pending<'_, Result<http::TokenResponse, Error>> {
        Box::pin(async move { self.0.refresh(&token).await.map(tokens) })
    }

    fn logout(&self, principal: Principal) -> Pending<'_, Result<(), Error>> {
        Box::pin(async move { self.0.logout(&principal).await })
    }

    fn endings(&self) -> Endings {
        self.0.endings()
    }
}

/// Limits as the settings give them.
fn limits(settings: &Settings) -> Limits {
    let given = &settings.limits;
    Limits {
        depth: given.depth,
        fields: given.fields,
        roots: given.root_fields,
        aliases: given.aliases,
        directives: given.directives,
        bytes: given.document,
        page: given.page,
        max_page: given.max_page,
        bulk: given.bulk,
        cost: given.cost,
        conditions: given.conditions,
        joins: given.joins,
        at_once: given.at_once,
        // So that it is told before the time of the request is over.
        patience: given.timeout * 5 / 6,
        introspection: settings.documents.introspection,
    }
}

/// What transports go by. The documents clients may name are read here.
pub fn http_settings(settings: &Settings) -> Result<http::HttpSettings> {
    let documents = &settings.documents;
    let trusted = match &documents.file {
        Some(file) => http::Trusted::read(file, documents.only).map_err(anyhow::Error::msg)?,
        None => http::Trusted::default(),
    };
    Ok(http::HttpSettings {
        max_body: settings.limits.max_body,
        timeout: settings.limits.timeout,
        playground: settings.playground,
        server_timing: settings.server_timing,
        trusted,
        connections: settings.subscriptions.connections,
        demo_accounts: None,
        operations: settings.subscriptions.operations,
        proxies: settings.http.trusted_proxies.clone(),
        allowed_origins: settings.http.allowed_origins.clone(),
        cookie_lifetime: settings.auth.refresh_ttl,
    })
}

/// Opens the company of the settings, without endpoints: what commands work with.
pub async fn open(settings: &Settings) -> Result<Company> {
    let Tuning { pool, identity, budget, currency, trusted_keys, .. } = tuning(settings);
    let database = storage::open(settings.database_url.expose(), pool).await.map_err(told)?;
    let company =
        CompanySettings { identity, budget, currency, trusted_keys, retyped_at_once: None };
    let shared = SharedCatalogs::default();
    let opening = Company::open(database, Env::system(settings.zone), company, &shared);
    Box::pin(opening).await.map_err(told)
}

/// Opens the company of the settings with its endpoints.
pub async fn open_server(settings: &Settings) -> Result<Server> {
    let url = settings.database_url.expose();
    Server::open(url, Env::system(settings.zone), tuning(settings)).await.map_err(told)
}

fn tuning(settings: &Settings) -> Tuning {
    Tuning {
        pool: PoolSettings {
            least: settings.database.min_connections,
            most: settings.database.max_connections,
            acquire: settings.database.acquire_timeout,
            // The request is over by then: what goes on would only keep the database busy.
            statement: Some(settings.limits.timeout + Duration::from_secs(1)),
        },
        limits: limits(settings),
        identity: IdentitySettings {
            access_ttl: settings.auth.access_ttl,
            refresh_ttl: settings.auth.refresh_ttl,
            ..IdentitySettings::default()
        },
        budget: BudgetSettings {
            reads: settings.limits.reads,
            window: settings.limits.reads_window,
        },
        live: LiveSettings {
            records: settings.subscriptions.records,
            subscriptions: settings.subscriptions.most,
            each: settings.subscriptions.each,
            ids: settings.subscriptions.ids,
            recheck: settings.subscriptions.recheck,
            step: settings.limits.timeout,
        },
        currency: settings.currency,
        trusted_keys: settings.schema.trusted_keys.clone(),
        retyped_at_once: None,
    }
}

/// The language of the terminal.
static LANGUAGE: OnceLock<Lang> = OnceLock::new();

/// Has the terminal spoken to in a language, from the start.
pub fn speak(lang: Lang) {
    let _known = LANGUAGE.set(lang);
}

/// A message in the language of the terminal.
pub fn said(message: impl Into<Message>) -> String {
    let lang = LANGUAGE.get().copied().unwrap_or_default();
    message.into().text(lang).to_owned()
}

/// An error with its hint and cause, for the terminal.
pub fn told(error: Error) -> anyhow::Error {
    let mut text = format!("{}: {}", error.code.name(), said(error.message));
    if let Some(hint) = error.hint {
        text.push_str(&said(message!("\n  hint: {hint}", "\n  提示：{hint}", hint)));
    }
    if let Some(cause) = error.internal {
        text.push_str(&said(message!("\n  cause: {cause}", "\n  原因：{cause}")));
    }
    anyhow::anyhow!(text)
}

/// Takes the address of the settings.
pub async fn listen(settings: &Settings) -> Result<TcpListener> {
    TcpListener::bind(settings.listen).await.with_context(|| {
        let address = settings.listen.to_string();
        said(message!(
            "cannot listen on {address}; is another server running there?",
            "无法监听 {address}，是否已有服务器在该处运行？"
        ))
    })
}

/// Answers those who come to a listener; `ready` hears the address before the first request.
///
/// Ends when interrupted (ctrl-c, or SIGTERM as service supervisors send it), after the requests under
/// way are answered.
pub async fn serve(
    server: &Server,
    settings: &Settings,
    listener: TcpListener,
    http: http::HttpSettings,
    ready: impl FnOnce(SocketAddr) -> Result<()>,
) -> Result<()> {
    let company = &server.company;
    let address = listener.local_addr()?;
    let database = storage::place(settings.database_url.expose());
    tracing::info!(version = env!("CARGO_PKG_VERSION"), %address, database, "started");
    if company.identity.accounts().await.map_err(told)?.is_empty() {
        tracing::warn!(
            "there are no accounts yet: make one with `tradewind user add <account> --administrator`"
        );
    }
    ready(address)?;
    let router = server.router(http);
    let working = [(); WORKERS].map(|()| {
        let work = company.clone().work(server.closing.subscribe());
        tokio::spawn(work)
    });
    let closing = server.closing.clone();
    let stopped = async move {
        interrupted().await;
        closing.send_replace(true);
    };
    let serving = async {
        let serving =
            http::serve(listener, router, settings.limits.head, server.closing.subscribe());
        tokio::join!(stopped, serving)
    };
    let mut closing = server.closing.subscribe();
    // A client that does not take what it asked for keeps its connection; it is not waited for without end.
    let patience = async move {
        let _closed = closing.wait_for(|closing| *closing).await;
        tokio::time::sleep(settings.limits.timeout + Duration::from_secs(5)).await;
    };
    tokio::select! {
        ((), ()) = serving => {}
        () = patience => {
            tracing::warn!("connections are still open; the server stops all the same");
        }
        never = look_around(company) => match never {},
    }
    settle(company).await;
    // Chunks of jobs end, so that another process need not wait until their leases are over.
    for worker in working {
        if tokio::time::timeout(CHUNK, worker).await.is_err() {
            tracing::warn!("a job is given up in the middle of a chunk, which is done again");
        }
    }
    Ok(())
}

/// Jobs that a process works on at once.
const WORKERS: usize = 2;
/// How long the chunk of a job is waited for when the server stops.
const CHUNK: Duration = Duration::from_secs(10);

/// Writes what failed at sign-in into the audit trail.
async fn settle(company: &Company) {
    if let Err(error) = company.identity.settle().await {
        tracing::warn!(%error, "cannot write failed sign-ins into the audit trail");
    }
}

/// Looks every half second whether another process has published definitions, and what failed at sign-in;
/// every minute gives tasks of approvals anew that nobody can decide on any more, and every hour removes what nobody will
/// follow any more.
async fn look_around(company: &Company) -> Infallible {
    let mut ticks = tokio::time::interval(Duration::from_millis(500));
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut purges = tokio::time::interval(Duration::from_hours(1));
    purges.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut minutes = tokio::time::interval(Duration::from_mins(1));
    minutes.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _minute = minutes.tick() => {
                if let Err(error) = company.look_after_approvals().await {
                    tracing::warn!(%error, "cannot give tasks of approvals to others");
                }
            }
            _half_a_second = ticks.tick() => {}
            _hour = purges.tick() => {
                if let Err(error) = company.purge().await {
                    tracing::warn!(%error, "cannot remove all that nobody will ask for any more");
                }
            }
        }
        match company.refresh().await {
            Ok(true) => {
                let version = company.catalog().version;
                tracing::info!(version, "took over definitions another process published");
            }
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "cannot look for newer definitions"),
        }
        settle(company).await;
    }
}

async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}

/// The record schema of the program's standard objects as SDL.
pub fn standard_sdl() -> Result<String> {
    match crate::catalog::resolve(&crate::catalog::standard_sources(), 1) {
        Ok(catalog) => Ok(PublishedSchema::new(Arc::new(catalog)).map_err(told)?.sdl()),
        Err(faults) => {
            bail!("{}", faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
        }
    }
}
