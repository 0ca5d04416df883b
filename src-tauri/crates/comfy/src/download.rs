//! Files on their way from a server.

use crate::{Client, ComfyError, FileRef, client::is_page};
use bytes::{Bytes, BytesMut};
use reqwest::{
    Method, Response, StatusCode, Url,
    header::{ACCEPT_RANGES, CONTENT_RANGE, ETAG, IF_RANGE, RANGE},
};

/// How often a file that broke off is gone on with where it broke, before it is given up.
const RESUMES: u32 = 3;

impl Client {
    fn file_url(&self, file: &FileRef) -> Url {
        let mut url = self.address.http("/view");
        url.query_pairs_mut()
            .append_pair("filename", &file.filename)
            .append_pair("subfolder", &file.subfolder)
            .append_pair("type", &file.folder);
        url
    }

    /// Begins to fetch a file.
    ///
    /// # Errors
    /// [`ComfyError::NotFound`] when the server does not have it.
    pub async fn view(&self, file: &FileRef) -> Result<Download, ComfyError> {
        let url = self.file_url(file);
        let response =
            self.files.get(url.clone()).send().await.map_err(|error| self.broken(&error))?;
        let response = self.of_file(response).await?;
        let header = |name| Some(response.headers().get(name)?.to_str().ok()?.to_owned());
        let ranges = header(ACCEPT_RANGES).is_some_and(|unit| unit == "bytes");
        Ok(Download {
            content_length: response.content_length(),
            // Without a tag the rest could be another file's: names are used again.
            etag: header(ETAG).filter(|tag| ranges && !tag.starts_with("W/")),
            client: self.clone(),
            url,
            response,
            got: 0,
            resumes: 0,
        })
    }

    /// Fetches a part of a file, to compare it with one that is at hand.
    ///
    /// # Errors
    /// [`ComfyError::NotFound`] when the server does not have the file; else when it cannot be reached or
    /// refuses.
    pub async fn view_part(
        &self,
        file: &FileRef,
        part: std::ops::Range<u64>,
    ) -> Result<Part, ComfyError> {
        let asking = self
            .files
            .get(self.file_url(file))
            .header(RANGE, format!("bytes={}-{}", part.start, part.end.saturating_sub(1)))
            .send();
        let response = asking.await.map_err(|error| self.broken(&error))?;
        let mut response = self.of_file(response).await?;
        let header = |name| response.headers().get(name)?.to_str().ok();
        let (start, whole) = if response.status() == StatusCode::PARTIAL_CONTENT {
            // "bytes 0-9/200"
            let range = header(CONTENT_RANGE).and_then(|range| range.strip_prefix("bytes "));
            let (range, whole) = range.and_then(|range| range.split_once('/')).unwrap_or_default();
            let start = range.split_once('-').and_then(|(start, _)| start.parse().ok());
            (start, whole.parse().ok())
        } else {
            (Some(0), response.content_length())
        };
        if start != Some(part.start) {
            return Ok(Part { bytes: None, whole });
        }
        let wanted = usize::try_from(part.end - part.start).unwrap_or(usize::MAX);
        let mut bytes = BytesMut::new();
        while bytes.len() < wanted {
            let chunk = response.chunk().await.map_err(|error| self.broken(&error))?;
            let Some(chunk) = chunk else { break };
            bytes.extend_from_slice(&chunk[..chunk.len().min(wanted - bytes.len())]);
        }
        Ok(Part { bytes: Some(bytes.freeze()), whole })
    }

    /// Whether the server has a file, without fetching it.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn has(&self, file: &FileRef) -> Result<bool, ComfyError> {
        let asking = self.files.request(Method::HEAD, self.file_url(file)).send().await;
        let response = asking.map_err(|error| self.broken(&error))?;
        match self.of_file(response).await {
            Ok(_) => Ok(true),
            Err(ComfyError::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn of_file(&self, response: Response) -> Result<Response, ComfyError> {
        // ComfyUI never answers with a page, not even where the file is one (docs/PROTOCOL.md): a
        // proxy does, and what it says is no word about the file.
        if is_page(&response) {
            let status = response.status();
            return match status {
                StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND => Err(self.page(response).await),
                _ if status.is_success() => Err(self.page(response).await),
                _ => self.checked("/view", response).await,
            };
        }
        // 400 and 403 answer names that the server takes for attempts to leave its folders.
        if matches!(response.status(), StatusCode::BAD_REQUEST | StatusCode::FORBIDDEN) {
            return Err(ComfyError::NotFound);
        }
        self.checked("/view", response).await
    }
}

/// A part of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its bytes; nothing where the server gives no parts, unless it is the beginning.
    pub bytes: Option<Bytes>,
    /// How large the whole file is, if the server says so.
    pub whole: Option<u64>,
}

/// A file on its way. Where it breaks off it is gone on with, if the server can.
#[derive(Debug)]
pub struct Download {
    /// Its size in bytes, if announced.
    pub content_length: Option<u64>,
    etag: Option<String>,
    client: Client,
    url: Url,
    response: Response,
    got: u64,
    resumes: u32,
}

impl Download {
    /// The next part, or nothing at the end.
    ///
    /// # Errors
    /// [`ComfyError::Truncated`] when fewer bytes came than were announced.
    pub async fn next_chunk(&mut self) -> Result<Option<Bytes>, ComfyError> {
        loop {
            let error = match self.response.chunk().await {
                Ok(Some(chunk)) => {
                    self.got += chunk.len() as u64;
                    return Ok(Some(chunk));
                }
                Ok(None) if self.content_length.is_none_or(|announced| announced == self.got) => {
                    return Ok(None);
                }
                Err(error) if error.is_timeout() => {
                    ComfyError::Timeout { host: self.client.address.host() }
                }
                Ok(None) | Err(_) => ComfyError::Truncated {
                    announced: self.content_length.unwrap_or(0),
                    got: self.got,
                },
            };
            if !self.resume().await {
                return Err(error);
            }
        }
    }

    /// Asks for the rest, if it is certain to be of the same file.
    async fn resume(&mut self) -> bool {
        let (Some(etag), Some(length)) = (&self.etag, self.content_length) else { return false };
        if self.resumes >= RESUMES || self.got >= length {
            return false;
        }
        self.resumes += 1;
        let asking = self
            .client
            .files
            .get(self.url.clone())
            .header(RANGE, format!("bytes={}-", self.got))
            .header(IF_RANGE, etag)
            .send();
        let Ok(response) = asking.await else { return false };
        let rest = format!("bytes {}-{}/{length}", self.got, length - 1);
        let range = response.headers().get(CONTENT_RANGE).and_then(|range| range.to_str().ok());
        if response.status() != StatusCode::PARTIAL_CONTENT || range != Some(rest.as_str()) {
            return false;
        }
        self.response = response;
        true
    }
}
