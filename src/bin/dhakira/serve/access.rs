//! Who may: hosts, origins, tokens with a scope, and how many requests a second.

use super::trouble::Trouble;
use anyhow::{Context, Result, bail};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::prelude::{BASE64_STANDARD, Engine};
use governor::Quota;
use governor::clock::DefaultClock;
use governor::state::keyed::HashMapStateStore;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::path::Path;
use std::sync::Arc;
use subtle::ConstantTimeEq;

/// What a token allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    Read,
    Write,
}

#[derive(Debug)]
struct Token {
    name: String,
    scope: Scope,
    secret: String,
}

type Limiter = governor::RateLimiter<usize, HashMapStateStore<usize>, DefaultClock>;

/// Who may.
pub struct Access {
    /// Empty: everybody who reaches the server.
    tokens: Vec<Token>,
    /// Names that the server is called by, without port.
    hosts: Vec<String>,
    limiter: Option<Limiter>,
}

impl Access {
    pub fn new(tokens: Option<&Path>, hosts: &[String], listen: IpAddr, rate: u32) -> Result<Access> {
        let tokens = match tokens {
            Some(path) => read_tokens(path)?,
            None if listen.is_loopback() => Vec::new(),
            None => bail!(
                "--listen {listen}: others could read and change the memory; name a file of tokens with --tokens, or listen on 127.0.0.1"
            ),
        };
        let mut names: Vec<String> = ["localhost", "127.0.0.1", "::1"].map(str::to_owned).into();
        if !listen.is_unspecified() {
            names.push(listen.to_string());
        }
        names.extend(hosts.iter().map(|host| host.to_ascii_lowercase()));
        let limiter = NonZeroU32::new(rate)
            .map(|rate| Limiter::hashmap(Quota::per_second(rate).allow_burst(rate.saturating_add(rate.get()))));
        Ok(Access { tokens, hosts: names, limiter })
    }

    /// Whether requests need a token.
    pub fn is_guarded(&self) -> bool {
        !self.tokens.is_empty()
    }

    fn knows_host(&self, host: &str) -> bool {
        let name = match host.strip_prefix('[') {
            Some(six) => six.split(']').next().unwrap_or_default(),
            None => host.rsplit_once(':').map_or(host, |(name, _)| name),
        };
        self.hosts.iter().any(|known| known.eq_ignore_ascii_case(name))
    }

    /// The number of the token that a request shows, if it is one of ours. Every one is compared, whichever fits.
    fn token(&self, shown: &str) -> Option<usize> {
        let mut found = None;
        for (number, token) in self.tokens.iter().enumerate() {
            if bool::from(token.secret.as_bytes().ct_eq(shown.as_bytes())) {
                found = Some(number);
            }
        }
        found
    }

    fn check(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<(), Trouble> {
        let said = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let host = said(header::HOST).or_else(|| uri.authority().map(|authority| authority.as_str()));
        if !host.is_some_and(|host| self.knows_host(host)) {
            let message = "this server is not called so; name further names with --host";
            return Err(Trouble::new(StatusCode::MISDIRECTED_REQUEST, "host", message));
        }
        // Pages of others may not use the browser of somebody who may.
        let origin = said(header::ORIGIN).filter(|origin| *origin != "null");
        let is_ours =
            origin.is_none_or(|origin| origin.split_once("://").is_some_and(|(_, host)| self.knows_host(host)));
        let site = headers.get("sec-fetch-site").and_then(|value| value.to_str().ok());
        if !is_ours || said(header::ORIGIN) == Some("null") || matches!(site, Some("cross-site")) {
            return Err(Trouble::new(
                StatusCode::FORBIDDEN,
                "origin",
                "pages of other origins may not ask this server",
            ));
        }
        let mut who = usize::MAX;
        if self.is_guarded() && !is_open(uri.path()) {
            let shown = shown_token(headers, uri);
            let Some(number) = shown.as_deref().and_then(|shown| self.token(shown)) else {
                let message =
                    "show a token: Authorization: Bearer TOKEN, or as the password of Basic, or as key= for MyMemory";
                return Err(Trouble::new(StatusCode::UNAUTHORIZED, "token", message));
            };
            who = number;
            if self.tokens[number].scope < needed(method, uri.path()) {
                let message = format!("the token {:?} only reads", self.tokens[number].name);
                return Err(Trouble::new(StatusCode::FORBIDDEN, "scope", message));
            }
        }
        if self.limiter.as_ref().is_some_and(|limiter| limiter.check_key(&who).is_err()) {
            return Err(Trouble::new(StatusCode::TOO_MANY_REQUESTS, "rate", "too many requests a second; wait one"));
        }
        Ok(())
    }
}

/// What anybody may see: the page, which asks for a token itself, and whether the server is alive.
fn is_open(path: &str) -> bool {
    matches!(path, "/" | "/health" | "/openapi.json") || path.starts_with("/page/")
}

/// What a request needs. MyMemory writes by GET and reads by POST.
fn needed(method: &Method, path: &str) -> Scope {
    let last = path.rsplit('/').next().unwrap_or_default();
    let mymemory = path.strip_prefix("/api").unwrap_or(path);
    match *method {
        _ if matches!(mymemory, "/set" | "/update" | "/delete_by_id") => Scope::Write,
        Method::GET | Method::HEAD | Method::OPTIONS => Scope::Read,
        _ if matches!(
            path,
            "/v1/lookup" | "/v1/lookup/batch" | "/v1/check" | "/v1/align" | "/v1/exports" | "/v1/analyse" | "/v1/diff"
        ) =>
        {
            Scope::Read
        }
        _ if matches!(mymemory, "/get" | "/authkey") => Scope::Read,
        _ if path.starts_with("/t5memory/")
            && matches!(last, "fuzzysearch" | "search" | "concordancesearch" | "getentry") =>
        {
            Scope::Read
        }
        _ => Scope::Write,
    }
}

/// `Authorization: Bearer TOKEN`, the password of Basic, or for MyMemory `key=`.
fn shown_token(headers: &HeaderMap, uri: &Uri) -> Option<String> {
    let said = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if let Some((kind, rest)) = said.and_then(|said| said.split_once(' ')) {
        if kind.eq_ignore_ascii_case("bearer") {
            return Some(rest.trim().to_owned());
        }
        if kind.eq_ignore_ascii_case("basic") {
            let bytes = BASE64_STANDARD.decode(rest.trim()).ok()?;
            let text = String::from_utf8(bytes).ok()?;
            return text.split_once(':').map(|(_, password)| password.to_owned());
        }
    }
    let mut pairs = uri.query()?.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(name, _)| *name == "key").map(|(_, key)| key.to_owned())
}

/// Lines of `NAME read|write TOKEN`; empty ones and those that begin with `#` are passed over.
fn read_tokens(path: &Path) -> Result<Vec<Token>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("--tokens {}", path.display()))?;
    let mut tokens = Vec::new();
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
    {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [name, scope, secret] = fields[..] else {
            bail!("{}:{number}: a line is NAME read|write TOKEN", path.display());
        };
        let scope = match scope {
            "read" => Scope::Read,
            "write" => Scope::Write,
            _ => bail!("{}:{number}: {scope:?} is neither read nor write", path.display()),
        };
        if secret.len() < 16 {
            bail!("{}:{number}: a token has at least 16 characters", path.display());
        }
        tokens.push(Token { name: name.to_owned(), scope, secret: secret.to_owned() });
    }
    if tokens.is_empty() {
        bail!("{}: no token in it", path.display());
    }
    Ok(tokens)
}

/// Lets through who may.
pub async fn guard(State(access): State<Arc<Access>>, request: Request, next: Next) -> Response {
    match access.check(request.method(), request.uri(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(trouble) => trouble.into_response(),
    }
}
