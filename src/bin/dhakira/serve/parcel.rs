//! Files on their way: sent in, or made to be sent out, in a folder of the system for what does not stay.

use super::trouble::Trouble;
use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use tokio_util::io::ReaderStream;

/// A file that was sent in, under a name of its own; gone when nobody holds it.
#[derive(Debug)]
pub struct Parcel {
    path: PathBuf,
    _folder: TempDir,
}

impl Parcel {
    /// Room for a file of this name: of what the sender calls it, letters, digits and the ending stay.
    pub fn new(name: &str) -> Result<Parcel, Trouble> {
        let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
        let plain = |c: char| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '-' };
        let kept: String = last.chars().skip(last.chars().count().saturating_sub(80)).map(plain).collect();
        let kept = kept.trim_start_matches(['.', '-']);
        let folder = tempfile::tempdir().map_err(Trouble::internal)?;
        let path = folder.path().join(if kept.is_empty() { "upload.tmx" } else { kept });
        Ok(Parcel { path, _folder: folder })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// A file that was made; gone when nobody holds it.
#[derive(Debug)]
pub struct Product {
    pub parcel: Parcel,
    pub media_type: &'static str,
    /// What it is saved as.
    pub name: &'static str,
    /// How many units it has.
    pub units: u64,
}

impl Product {
    /// The file as an answer, to be saved under its name.
    pub async fn response(&self) -> Result<Response, Trouble> {
        let file = tokio::fs::File::open(self.parcel.path()).await.map_err(Trouble::internal)?;
        let size = file.metadata().await.map_err(Trouble::internal)?.len();
        let head = [
            (header::CONTENT_TYPE, self.media_type.to_owned()),
            (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", self.name)),
            (header::CONTENT_LENGTH, size.to_string()),
        ];
        // On Unix an open file stays when its name goes; elsewhere the parcel's folder is left to the system.
        Ok((StatusCode::OK, head, Body::from_stream(ReaderStream::new(file))).into_response())
    }
}
