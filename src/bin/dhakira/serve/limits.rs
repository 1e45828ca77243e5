//! Bodies: how much is taken, and how it comes in.

use super::trouble::Trouble;
use axum::body::{Body, Bytes};
use axum::extract::multipart::Field;
use axum::http::StatusCode;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use std::error::Error;
use std::path::Path;
use tokio::io::AsyncWriteExt;

/// How many bytes of a JSON body are taken.
pub const MOST_JSON: usize = 1 << 20;

/// How many bytes are taken.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Of a file that is sent in.
    pub upload: usize,
}

impl Limits {
    /// A body as a whole.
    pub async fn whole(&self, body: Body) -> Result<Bytes, Trouble> {
        let limited = Limited::new(body, self.upload);
        limited.collect().await.map(http_body_util::Collected::to_bytes).map_err(|error| self.broken(&*error))
    }

    /// Puts a body into a file. A body that breaks off is an error, never a shorter file.
    pub async fn store(&self, body: Body, path: &Path) -> Result<u64, Trouble> {
        let mut limited = Limited::new(body, self.upload);
        let mut file = tokio::fs::File::create(path).await.map_err(Trouble::internal)?;
        let mut bytes = 0;
        while let Some(frame) = limited.frame().await {
            if let Ok(data) = frame.map_err(|error| self.broken(&*error))?.into_data() {
                bytes += data.len() as u64;
                file.write_all(&data).await.map_err(Trouble::internal)?;
            }
        }
        file.flush().await.map_err(Trouble::internal)?;
        Ok(bytes)
    }

    /// Puts a part of a form into a file.
    pub async fn store_field(&self, mut field: Field<'_>, path: &Path) -> Result<u64, Trouble> {
        let mut file = tokio::fs::File::create(path).await.map_err(Trouble::internal)?;
        let mut bytes = 0;
        while let Some(data) = field.chunk().await.map_err(|_| self.cut())? {
            bytes += data.len();
            if bytes > self.upload {
                return Err(self.too_long());
            }
            file.write_all(&data).await.map_err(Trouble::internal)?;
        }
        file.flush().await.map_err(Trouble::internal)?;
        Ok(bytes as u64)
    }

    fn cut(&self) -> Trouble {
        Trouble::bad("the body broke off before its end")
    }

    /// What a body that is too long is answered.
    pub fn too_long(&self) -> Trouble {
        let message = format!("at most {} bytes are taken", self.upload);
        Trouble::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", message)
    }

    fn broken(&self, error: &(dyn Error + 'static)) -> Trouble {
        match error.is::<LengthLimitError>() {
            true => self.too_long(),
            false => self.cut(),
        }
    }
}
