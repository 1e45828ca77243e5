//! What stands in the place of an answer.

use serde::Serialize;

/// Stands in the place of an answer that cannot be given.
#[derive(Debug, Serialize)]
pub struct ErrorRecord {
    pub id: serde_json::Value,
    pub error: ErrorBody,
}

/// What went wrong.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct ErrorBody {
    pub code: String,
    pub message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub byte: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tuid: Option<String>,
}

impl From<&dhakira::Error> for ErrorBody {
    fn from(error: &dhakira::Error) -> ErrorBody {
        let place = error.place().cloned().unwrap_or_default();
        ErrorBody {
            code: error.code().to_owned(),
            message: error.to_string(),
            line: place.line,
            byte: place.byte,
            tuid: place.tuid,
        }
    }
}
