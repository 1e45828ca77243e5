//! Connections: who sends nothing is cut off, who is being served is served to the end.

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower::ServiceExt;
use tower_http::timeout::RequestBodyTimeoutLayer;

/// How long the head of a request may take.
const HEAD: Duration = Duration::from_secs(10);
/// How long a body may send nothing.
const BODY: Duration = Duration::from_secs(20);
/// How long what is being served may take when the server stops.
const LAST: Duration = Duration::from_secs(30);
/// How many connections are open at once.
const MOST: usize = 10_000;

/// Serves connections until `stop`, and then those that are being served.
pub async fn accept(listener: TcpListener, router: Router, stop: impl Future<Output = ()>) {
    let router = router.layer(RequestBodyTimeoutLayer::new(BODY));
    let graceful = GracefulShutdown::new();
    let room = Arc::new(Semaphore::new(MOST));
    let mut stop = std::pin::pin!(stop);
    loop {
        let Ok(place) = Arc::clone(&room).acquire_owned().await else { break };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let Ok((stream, _)) = accepted else {
            // Mostly: no more file descriptors. Some will be free soon.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let _ = stream.set_nodelay(true);
        let service = TowerToHyperService::new(
            router.clone().map_request(|request: hyper::Request<_>| request.map(axum::body::Body::new)),
        );
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD)
            .serve_connection(TokioIo::new(stream), service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(LAST, graceful.shutdown()).await;
}
