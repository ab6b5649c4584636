//! The peer: a further GraphQL server, anybody's, asked in the same rounds with documents of its own.
//!
//! Owns where it is, what headers it is sent and which of its answers are right. Must not know its schema, its
//! rights or how it is measured.

mod documents;

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf};

use anyhow::{Context, Result, bail};
use hyper::{
    HeaderMap, Uri,
    body::Bytes,
    header::{HeaderName, HeaderValue},
};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::Value as Json;
use tokio::net::TcpStream;

use self::documents::PeerDocument;
use super::{
    accounts::BenchUser,
    client::{Measured, json_headers, shown},
    data::World,
    process,
    workload::{BenchRequest, Workload},
};
use crate::{app::said, message};

/// A peer as it is given on the command line.
#[derive(Debug, Clone)]
pub struct PeerFlags {
    /// Its address.
    pub url: String,
    /// The folder with its documents.
    pub documents: PathBuf,
    /// The headers of its requests, each as `Name: value`.
    pub headers: Vec<String>,
    /// The numbers of its processes.
    pub processes: Vec<u32>,
}

/// A server that is measured beside ours.
#[derive(Debug)]
pub struct Peer {
    place: Place,
    address: SocketAddr,
    headers: HeaderMap,
    processes: Vec<u32>,
    documents: Vec<(Workload, PeerDocument)>,
}

impl Peer {
    /// Reads what is given of a peer for these workloads, and finds out whether it is there. Refuses what cannot be
    /// used.
    pub async fn open(flags: PeerFlags, workloads: &[Workload]) -> Result<Self> {
        let place = Place::of(&flags.url)?;
        let headers = headers(&place.authority, &flags.headers)?;
        let documents = documents::read(&flags.documents, workloads)?;
        for id in &flags.processes {
            if process::cpu(&[*id]).is_none() {
                bail!(said(message!(
                    "the CPU time of process {id} cannot be read; give `--peer-process` the number of a running process, on Linux, or leave it out",
                    "无法读取进程 {id} 的处理器时间；`--peer-process` 须为 Linux 上正在运行的进程号，也可不给出"
                )));
            }
        }
        let address = place.address().await?;
        Ok(Self { place, address, headers, processes: flags.processes, documents })
    }

    /// Its address for people, without a query, which may have a secret.
    pub(super) fn shown(&self) -> String {
        let path = self.place.path.split('?').next().unwrap_or_default();
        format!("http://{}{path}", self.place.authority)
    }

    /// Its processes, as far as they are known.
    pub(super) fn processes(&self) -> &[u32] {
        &self.processes
    }

    fn document(&self, workload: Workload) -> Option<&PeerDocument> {
        self.documents.iter().find(|(of, _)| *of == workload).map(|(_, document)| document)
    }
}

impl Measured for Peer {
    fn name(&self) -> &'static str {
        "peer"
    }

    fn address(&self) -> SocketAddr {
        self.address
    }

    fn takes(&self, workload: Workload) -> bool {
        self.document(workload).is_some()
    }

    fn headers(&self, _person: BenchUser) -> Result<HeaderMap> {
        Ok(self.headers.clone())
    }

    fn request(&self, workload: Workload, asked: &BenchRequest) -> Result<(&str, String)> {
        let document = self.document(workload).context("the peer has no document for it")?;
        Ok((self.place.path.as_str(), document.body(asked.drawn())))
    }

    fn checked(&self, _workload: Workload, _world: World, body: Bytes) -> Result<Bytes> {
        check(&body)?;
        Ok(body)
    }
}

/// Where requests go.
#[derive(Debug)]
struct Place {
    /// The name or address of the host, as it is looked up.
    host: String,
    port: u16,
    /// Host and port as they were given.
    authority: String,
    /// With the query.
    path: String,
}

impl Place {
    /// Reads a URL.
    fn of(url: &str) -> Result<Self> {
        if url.to_ascii_lowercase().starts_with("https:") {
            bail!(said(message!(
                "`--peer` takes addresses with `http://` only: the client that measures speaks no TLS; give the address of the server itself, not of what stands before it",
                "`--peer` 只接受 `http://` 地址：测量用的客户端不支持 TLS；请给出该服务器自身的地址，而非其前端代理的地址"
            )));
        }
        let uri = url.parse::<Uri>().ok().filter(|uri| uri.scheme_str() == Some("http"));
        let Some((uri, authority)) = uri.as_ref().and_then(|uri| Some((uri, uri.authority()?)))
        else {
            return Err(wrong_address());
        };
        if authority.as_str().contains('@') {
            bail!(said((
                "the address of `--peer` has a name or password in it; give them by `--peer-header` instead, as in `Authorization: Basic …`",
                "`--peer` 的地址中含有用户名或密码；请改用 `--peer-header`，例如 `Authorization: Basic …`",
            )));
        }
        let port = match authority.port_u16() {
            Some(port) => port,
            None if authority.as_str() == authority.host() => 80,
            None => return Err(wrong_address()),
        };
        Ok(Self {
            // An IPv6 address stands in brackets.
            host: authority.host().trim_start_matches('[').trim_end_matches(']').to_owned(),
            port,
            authority: authority.as_str().to_owned(),
            path: uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
        })
    }

    /// Finds out which of the host's addresses answers.
    async fn address(&self) -> Result<SocketAddr> {
        let authority = &self.authority;
        let stream =
            TcpStream::connect((self.host.as_str(), self.port)).await.with_context(|| {
                said(message!(
                    "nothing answers at `{authority}`, where the peer should be; start it first",
                    "`{authority}` 处没有应答；请先启动对比服务器"
                ))
            })?;
        Ok(stream.peer_addr()?)
    }
}

fn wrong_address() -> anyhow::Error {
    anyhow::anyhow!(said((
        "`--peer` takes the address of a GraphQL endpoint, such as `http://127.0.0.1:5433/graphql`",
        "`--peer` 须为 GraphQL 接口的地址，例如 `http://127.0.0.1:5433/graphql`",
    )))
}

/// The headers of every request to a host: those given, in place of our own where they have the same name.
fn headers(host: &str, given: &[String]) -> Result<HeaderMap> {
    let mut own = HeaderMap::new();
    for line in given {
        // Only the name is shown: the value may be a secret.
        let Some((name, value)) = line.split_once(':') else {
            let name = line.split_whitespace().next().unwrap_or_default();
            bail!(said(message!(
                "the header `{name}` of `--peer-header` has no colon; write it as `Name: value`",
                "`--peer-header` 中的 `{name}` 没有冒号；请写作 `Name: value`"
            )));
        };
        let name = name.trim();
        let Ok(known) = HeaderName::try_from(name) else {
            bail!(said(message!(
                "`{name}` of `--peer-header` cannot be the name of a header; write it as `Name: value`",
                "`--peer-header` 中的 `{name}` 不能作为请求头的名称；请写作 `Name: value`"
            )));
        };
        let Ok(mut value) = HeaderValue::try_from(value.trim()) else {
            bail!(said(message!(
                "the value of the header `{name}` of `--peer-header` has a line break or the like in it; write it on one line",
                "`--peer-header` 中 `{name}` 的值含有换行等控制字符；请写在一行内"
            )));
        };
        value.set_sensitive(true);
        own.append(known, value);
    }
    let mut headers = json_headers(HeaderValue::try_from(host)?);
    headers.extend(own);
    Ok(headers)
}

/// What is looked at of an answer; the records in it are skipped, which costs the client little.
#[derive(Deserialize)]
struct Answered {
    data: Option<BTreeMap<String, Option<IgnoredAny>>>,
    errors: Option<Json>,
}

/// Refuses an answer with errors, without data, or with nothing but nulls.
fn check(body: &[u8]) -> Result<()> {
    let Ok(answer) = serde_json::from_slice::<Answered>(body) else {
        bail!("this is no answer of GraphQL: {}", shown(body));
    };
    let errors = answer.errors.filter(|errors| errors.as_array().is_none_or(|all| !all.is_empty()));
    if let Some(errors) = errors {
        let first = errors.pointer("/0/message").and_then(Json::as_str);
        bail!("it answers with an error: {}", first.map_or_else(|| shown(body), str::to_owned));
    }
    if answer.data.is_none_or(|data| data.values().all(Option::is_none)) {
        bail!("it answers without data: {}", shown(body));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
