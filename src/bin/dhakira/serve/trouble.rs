//! Why a request is not answered as asked: a status, a code for programs, a sentence for people. No path of the server in it.

use axum::Json;
use axum::extract::rejection::{FormRejection, JsonRejection, PathRejection, QueryRejection};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use dhakira::Error;
use dhakira::error::in_line;
use serde::Serialize;
use std::fmt::Display;
use utoipa::ToSchema;

/// Why a request is not answered as asked.
#[derive(Debug)]
pub struct Trouble {
    pub status: StatusCode,
    pub code: &'static str,
    pub message: String,
}

/// The body of every answer that is none.
#[derive(Debug, Serialize, ToSchema)]
pub struct Refusal {
    error: Reason,
}

#[derive(Debug, Serialize, ToSchema)]
struct Reason {
    /// A short stable name.
    #[schema(example = "format")]
    code: &'static str,
    /// What is wrong and what to do.
    message: String,
}

impl Trouble {
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Trouble {
        Trouble { status, code, message: message.into() }
    }

    pub fn bad(message: impl Into<String>) -> Trouble {
        Trouble::new(StatusCode::BAD_REQUEST, "format", message)
    }

    pub fn not_found(message: impl Into<String>) -> Trouble {
        Trouble::new(StatusCode::NOT_FOUND, "not-found", message)
    }

    pub fn read_only() -> Trouble {
        Trouble::new(
            StatusCode::FORBIDDEN,
            "read-only",
            "this server only reads; start it without --read-only to write",
        )
    }

    /// Something of ours: told to who runs the server, not to who asks.
    pub fn internal(error: impl Display) -> Trouble {
        anstream::eprintln!("dhakira: {error}");
        Trouble::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "the server could not do it; its log says why")
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Trouble {
        let code = error.code();
        match &error {
            Error::Id { id, candidates, .. } if candidates.is_empty() => {
                Trouble::new(StatusCode::NOT_FOUND, code, format!("no unit has the id {id:?}"))
            }
            Error::Id { id, candidates, .. } => {
                let message = format!("several units have the id {id:?}; name one of them: {}", candidates.join(" "));
                Trouble::new(StatusCode::CONFLICT, code, message)
            }
            Error::Locked { .. } => {
                let message = "another process is writing to the memory; try again";
                Trouble::new(StatusCode::SERVICE_UNAVAILABLE, code, message)
            }
            Error::Io { .. } => Trouble::internal(error),
            Error::Stopped { .. } => {
                Trouble::new(StatusCode::CONFLICT, code, "stopped before the end; nothing was written")
            }
            // Something about what somebody sent in.
            _ => Trouble::new(StatusCode::BAD_REQUEST, code, without_path(&error)),
        }
    }
}

/// What an error says, but for where on the server the file is: what was sent in has a name of ours there.
pub fn without_path(error: &Error) -> String {
    let message = error.to_string();
    match message.strip_prefix(&in_line(error.path())) {
        Some(rest) => rest.trim_start_matches([':', ' ']).to_owned(),
        None => message,
    }
}

/// The same where the place is told beside it.
pub fn reason(error: &Error) -> String {
    match error {
        Error::Format { reason, .. } => reason.clone(),
        error => without_path(error),
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let body = Refusal { error: Reason { code: self.code, message: self.message } };
        let mut response = (self.status, Json(body)).into_response();
        let mut say = |name: HeaderName, value: &'static str| {
            response.headers_mut().insert(name, axum::http::HeaderValue::from_static(value));
        };
        match self.status {
            StatusCode::UNAUTHORIZED => say(header::WWW_AUTHENTICATE, "Bearer, Basic realm=\"dhakira\""),
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS => say(header::RETRY_AFTER, "1"),
            _ => {}
        }
        response
    }
}

macro_rules! rejected {
    ($($rejection:ty),*) => {
        $(impl From<$rejection> for Trouble {
            fn from(rejection: $rejection) -> Trouble {
                let status = rejection.status();
                let code = match status {
                    StatusCode::PAYLOAD_TOO_LARGE => "too-large",
                    _ => "format",
                };
                Trouble::new(status, code, rejection.body_text())
            }
        })*
    };
}

rejected!(JsonRejection, QueryRejection, PathRejection, FormRejection);
