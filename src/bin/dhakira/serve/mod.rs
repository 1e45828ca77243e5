//! `dhakira serve`: the memory over HTTP, for CAT tools by the protocols that they speak, for programs, and on a page.

mod access;
mod amagama;
mod connection;
pub mod desk;
mod fingerprint;
mod intake;
mod jobs;
pub mod limits;
mod lock;
mod measure;
mod metrics;
mod mymemory;
mod outgoing;
mod page;
mod parcel;
mod t5memory;
pub mod trouble;
pub mod v1;

use crate::Ending;
use crate::args::Serve as Args;
use crate::options::General;
use crate::talk::Talk;
use access::Access;
use anyhow::{Context, Result};
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router, middleware};
use desk::Desk;
use dhakira::memory::Memory;
use limits::{Limits, MOST_JSON};
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::runtime;
use trouble::Trouble;

pub fn run(args: &Args, general: &General, talk: &Talk) -> Result<Ending> {
    if args.openapi {
        writeln!(std::io::stdout(), "{}", v1::router().into_openapi().to_pretty_json()?)?;
        return Ok(Ending::Done);
    }
    let folders = args.memory.folders();
    let first = folders.first().context("--memory: at least one")?;
    let memory = if args.read_only { Memory::open(first)? } else { Memory::create(first)? };
    let library = args.memory.library(&args.penalty)?;
    library.problems().iter().for_each(|problem| talk.error(problem));
    let access = Access::new(args.tokens.as_deref(), &args.host, args.listen.ip(), args.rate)?;
    if !access.is_guarded() && !args.read_only {
        talk.note("no --tokens: every program on this machine may read and write");
    }
    let limits = Limits { upload: args.max_upload.saturating_mul(1_000_000) };
    let desk = Desk::new(library, memory, general.threads, args.read_only, limits);
    let desk = Arc::new(desk.with_glossary(args.glossaries.read()?));
    // Clients that send nothing hold a file descriptor each until they are cut off.
    let _ = rlimit::increase_nofile_limit(1 << 16);
    let runtime = runtime::Builder::new_multi_thread().enable_all().max_blocking_threads(64).build()?;
    runtime.block_on(serve(args, desk, access, talk))?;
    Ok(Ending::Done)
}

async fn serve(args: &Args, desk: Arc<Desk>, access: Access, talk: &Talk) -> Result<()> {
    let listener = TcpListener::bind(args.listen).await.with_context(|| format!("--listen {}", args.listen))?;
    let address = listener.local_addr()?;
    let service = router(Arc::clone(&desk), access);
    // Whoever started us with port 0 learns here which one it is.
    writeln!(std::io::stdout(), "http://{address}/")?;
    talk.note(format_args!("serving on http://{address}/ — stop with Ctrl-C"));
    tokio::spawn(Arc::clone(&desk).keep_watch());
    connection::accept(listener, service, stopped()).await;
    // What was begun is finished: imports too.
    while !desk.jobs.are_done() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

/// Ctrl-C, or what a service manager sends.
async fn stopped() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
        if let Ok(mut terminate) = terminate {
            tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} }
            return;
        }
    }
    let _ = interrupt.await;
}

/// All routes.
fn router(desk: Arc<Desk>, access: Access) -> Router {
    let (ours, document) = v1::router().split_for_parts();
    let document = Arc::new(document);
    ours.nest("/tmserver", amagama::router())
        .nest("/api/v1", amagama::router())
        .merge(mymemory::router())
        .merge(t5memory::router())
        .merge(page::router())
        .route("/metrics", get(measure::metrics))
        .route("/openapi.json", get(move || async move { Json(document.as_ref().clone()) }))
        .fallback(|| async { Trouble::not_found("no such path; / is the page, /openapi.json tells the others") })
        .method_not_allowed_fallback(|| async {
            Trouble::new(StatusCode::METHOD_NOT_ALLOWED, "method", "not by this method; /openapi.json tells which")
        })
        .layer(DefaultBodyLimit::max(MOST_JSON))
        .route_layer(middleware::from_fn_with_state(Arc::new(access), access::guard))
        .layer(middleware::from_fn_with_state(Arc::clone(&desk), measure::measure))
        .with_state(desk)
}
