//! HTTP: small answers whole and bounded, files in chunks.

use crate::{
    Accepted, Address, ComfyError, Features, HistoryEntry, Probe, Queue, Refusal, Socket, Submit,
    SubmitError, SystemStats, history, lenient::strict_json, queue::RawQueue, refusal, server_info,
    user_data::SEGMENT,
};
use percent_encoding::utf8_percent_encode;
use reqwest::{Method, RequestBuilder, Response, StatusCode, redirect};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// The largest answer taken whole. A queue carries the graphs of all its jobs.
pub(crate) const LARGEST_ANSWER: usize = 256 << 20;
/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(5);
/// How long a small answer may take. A server that loads a model can be deaf for a while.
const ANSWER: Duration = Duration::from_secs(30);
/// How long a download may be silent.
const STALL: Duration = Duration::from_secs(60);
/// How much of an error's text is kept.
const ERROR_TEXT: usize = 300;

/// A client of one server. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) address: Address,
    http: reqwest::Client,
    pub(crate) files: reqwest::Client,
    user: Option<String>,
}

impl Client {
    /// A client for an address. Connects to nothing yet.
    ///
    /// # Errors
    /// When the HTTP library cannot be set up.
    pub fn new(address: Address) -> Result<Self, ComfyError> {
        Self::within(address, ANSWER)
    }

    fn within(address: Address, answer: Duration) -> Result<Self, ComfyError> {
        let build = |builder: reqwest::ClientBuilder| {
            builder
                .connect_timeout(CONNECT)
                // A redirect leads to a login page, or to a place the artist did not add.
                .redirect(redirect::Policy::none())
                .build()
                .map_err(|error| ComfyError::Tls { host: address.host(), why: error.to_string() })
        };
        let http = build(reqwest::Client::builder().timeout(answer))?;
        let files = build(reqwest::Client::builder().read_timeout(STALL))?;
        Ok(Self { http, files, address, user: None })
    }

    /// The same client for one of the users of a server that keeps them apart.
    #[must_use]
    pub fn as_user(mut self, id: &str) -> Self {
        self.user = Some(id.to_owned());
        self
    }

    /// The address.
    pub fn address(&self) -> &Address {
        &self.address
    }

    pub(crate) fn broken(&self, error: &reqwest::Error) -> ComfyError {
        ComfyError::from_http(&self.address.host(), error)
    }

    /// A request; `route` may have a query.
    pub(crate) fn request(&self, method: Method, route: &str) -> RequestBuilder {
        let (path, query) = route.split_once('?').unwrap_or((route, ""));
        let mut url = self.address.http(path);
        url.set_query(Some(query).filter(|query| !query.is_empty()));
        let request = self.http.request(method, url);
        match &self.user {
            Some(user) => request.header("comfy-user", user),
            None => request,
        }
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        route: &str,
        body: Option<Value>,
    ) -> Result<Response, ComfyError> {
        let mut request = self.request(method, route);
        if let Some(body) = body {
            request = request.json(&body);
        }
        request.send().await.map_err(|error| self.broken(&error))
    }

    /// Sorts answers that are no success.
    pub(crate) async fn checked(
        &self,
        route: &str,
        response: Response,
    ) -> Result<Response, ComfyError> {
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let host = self.address.host();
        Err(match status.as_u16() {
            status @ (401 | 403 | 407) => ComfyError::Login { host, status },
            status if (300..400).contains(&status) => ComfyError::Login { host, status },
            404 => ComfyError::NotFound,
            413 => ComfyError::PayloadTooLarge { text: self.begin(response).await },
            status => ComfyError::Http {
                route: route.to_owned(),
                status,
                text: self.begin(response).await,
            },
        })
    }

    async fn begin(&self, response: Response) -> String {
        let text = self.whole("", response, 1 << 20).await.unwrap_or_default();
        String::from_utf8_lossy(&text)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .chars()
            .take(ERROR_TEXT)
            .collect()
    }

    /// Reads an answer whole, but no more than `limit` bytes.
    pub(crate) async fn whole(
        &self,
        route: &str,
        mut response: Response,
        limit: usize,
    ) -> Result<Vec<u8>, ComfyError> {
        let too_large = || ComfyError::TooLarge { route: route.to_owned(), limit_mb: limit >> 20 };
        if response.content_length().is_some_and(|length| length > limit as u64) {
            return Err(too_large());
        }
        let mut all = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.broken(&error))? {
            if all.len() + chunk.len() > limit {
                return Err(too_large());
            }
            all.extend_from_slice(&chunk);
        }
        Ok(all)
    }

    /// Fetches a JSON answer.
    pub(crate) async fn get(&self, route: &str) -> Result<Vec<u8>, ComfyError> {
        let response = self.send(Method::GET, route, None).await?;
        self.json(route, self.checked(route, response).await?).await
    }

    /// Reads a JSON answer; a page in its place is some other program.
    pub(crate) async fn json(
        &self,
        route: &str,
        response: Response,
    ) -> Result<Vec<u8>, ComfyError> {
        if is_page(&response) {
            return Err(self.page(response).await);
        }
        let body = self.whole(route, response, LARGEST_ANSWER).await?;
        if body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<') {
            return Err(self.of_page(&body));
        }
        Ok(strict_json(&body).into_owned())
    }

    /// What a page in place of an answer means.
    pub(crate) async fn page(&self, response: Response) -> ComfyError {
        match self.whole("", response, LARGEST_ANSWER).await {
            Ok(body) => self.of_page(&body),
            Err(error) => error,
        }
    }

    fn of_page(&self, body: &[u8]) -> ComfyError {
        let host = self.address.host();
        let text = String::from_utf8_lossy(&body[..body.len().min(20_000)]).to_lowercase();
        if text.contains("password")
            || text.contains("log in")
            || text.contains("login")
            || text.contains("sign in")
        {
            ComfyError::Login { host, status: 200 }
        } else {
            ComfyError::NotComfy { host, what: "it answers with a web page".to_owned() }
        }
    }

    pub(crate) fn parse<'a, T: Deserialize<'a>>(
        route: &str,
        json: &'a [u8],
    ) -> Result<T, ComfyError> {
        serde_json::from_slice(json).map_err(|error| ComfyError::BadAnswer {
            route: route.to_owned(),
            why: error.to_string(),
        })
    }

    /// What the server says about itself.
    ///
    /// # Errors
    /// When it cannot be reached, or is no ComfyUI.
    pub async fn system_stats(&self) -> Result<SystemStats, ComfyError> {
        let not_comfy =
            |what: &str| ComfyError::NotComfy { host: self.address.host(), what: what.to_owned() };
        match self.get("/system_stats").await {
            Ok(json) => server_info::stats(&json)
                .ok_or_else(|| not_comfy("its answer to /system_stats is another program's")),
            Err(ComfyError::NotFound) => Err(not_comfy("it does not know /system_stats")),
            Err(error) => Err(error),
        }
    }

    /// What the server can do; nothing where it does not say.
    ///
    /// # Errors
    /// When it cannot be reached.
    pub async fn features(&self) -> Result<Features, ComfyError> {
        match self.get("/features").await {
            Ok(json) => Ok(serde_json::from_slice(&json).unwrap_or_default()),
            Err(ComfyError::NotFound) => Ok(Features::default()),
            Err(error) => Err(error),
        }
    }

    /// Looks who is there, how busy, and how far away.
    ///
    /// # Errors
    /// When it cannot be reached, wants a login, or is no ComfyUI.
    pub async fn probe(&self) -> Result<Probe, ComfyError> {
        let stats = self.system_stats().await?;
        let began = Instant::now();
        let queue_remaining = self.queue_remaining().await?;
        Ok(Probe { stats, queue_remaining, latency: began.elapsed() })
    }

    /// Jobs of all clients that run or wait.
    ///
    /// # Errors
    /// When it cannot be reached or answers nonsense.
    pub async fn queue_remaining(&self) -> Result<u64, ComfyError> {
        #[derive(Deserialize)]
        struct Answer {
            exec_info: Info,
        }
        #[derive(Deserialize)]
        struct Info {
            queue_remaining: u64,
        }
        let json = self.get("/prompt").await?;
        Ok(Self::parse::<Answer>("/prompt", &json)?.exec_info.queue_remaining)
    }

    /// The queue, in true order: the server's own list of waiting jobs is a heap.
    ///
    /// # Errors
    /// When it cannot be reached or answers nonsense.
    pub async fn queue(&self) -> Result<Queue, ComfyError> {
        let json = self.get("/queue").await?;
        Ok(Self::parse::<RawQueue>("/queue", &json)?.in_order())
    }

    /// What the server remembers of a job that is over.
    ///
    /// # Errors
    /// When it cannot be reached or answers nonsense.
    pub async fn history(&self, prompt_id: &str) -> Result<Option<HistoryEntry>, ComfyError> {
        // Servers before 0.28 take any text for an id, and other clients choose their own.
        let id = utf8_percent_encode(prompt_id, SEGMENT);
        let json = self.get(&format!("/history/{id}")).await?;
        history::read(&json, prompt_id)
    }

    /// A page of the history, oldest first: `count` entries from the `offset`th oldest on, or the
    /// newest without an offset.
    ///
    /// # Errors
    /// When it cannot be reached or answers nonsense.
    pub async fn history_page(
        &self,
        offset: Option<u64>,
        count: u32,
    ) -> Result<Vec<(String, HistoryEntry)>, ComfyError> {
        let mut route = format!("/history?max_items={count}");
        if let Some(offset) = offset {
            route.push_str(&format!("&offset={offset}"));
        }
        history::read_all(&self.get(&route).await?)
    }

    /// Has the server forget jobs that are over. Their files stay.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn delete_history(&self, ids: &[String]) -> Result<(), ComfyError> {
        self.tell("/history", json!({ "delete": ids })).await
    }

    /// Sends a prompt.
    ///
    /// # Errors
    /// [`SubmitError`] tells apart what was refused, what never left, and what may have arrived.
    pub async fn submit(&self, submit: &Submit) -> Result<Accepted, SubmitError> {
        let body = submit.body().map_err(SubmitError::NotSent)?;
        let sent = self
            .http
            .post(self.address.http("/prompt"))
            .header("content-type", "application/json")
            .body(body)
            .send()
            .await;
        let response = sent.map_err(|error| {
            let error = self.broken(&error);
            if error.never_left() {
                SubmitError::NotSent(error)
            } else {
                SubmitError::Unanswered(error)
            }
        })?;
        let status = response.status();
        let host = self.address.host();
        match status {
            StatusCode::PAYLOAD_TOO_LARGE => Err(SubmitError::Refused(Box::new(Refusal {
                payload_too_large: true,
                ..Refusal::default()
            }))),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                Err(SubmitError::NotSent(ComfyError::Login { host, status: status.as_u16() }))
            }
            _ if status.is_redirection() => {
                Err(SubmitError::NotSent(ComfyError::Login { host, status: status.as_u16() }))
            }
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => {
                Err(SubmitError::NotSent(ComfyError::NotComfy {
                    host,
                    what: "it takes no prompts".to_owned(),
                }))
            }
            // A page that says that all is well is a proxy's, which kept the prompt to itself.
            StatusCode::OK if is_page(&response) => {
                Err(SubmitError::NotSent(self.page(response).await))
            }
            _ => {
                let body = self
                    .whole("/prompt", response, LARGEST_ANSWER)
                    .await
                    .map_err(SubmitError::Unanswered)?;
                let answer: Result<Value, _> = serde_json::from_slice(&strict_json(&body));
                match (status, answer) {
                    (StatusCode::BAD_REQUEST, Ok(answer)) => {
                        Err(SubmitError::Refused(Box::new(refusal::read(&answer))))
                    }
                    (StatusCode::OK, Ok(answer)) if answer.get("prompt_id").is_some() => {
                        Ok(Accepted {
                            number: answer.get("number").and_then(Value::as_f64).unwrap_or(0.0),
                            node_errors: refusal::problems(answer.get("node_errors")),
                        })
                    }
                    // A plain 500 may have queued it all the same.
                    _ => Err(SubmitError::Unanswered(ComfyError::Http {
                        route: "/prompt".to_owned(),
                        status: status.as_u16(),
                        text: String::from_utf8_lossy(&body).chars().take(ERROR_TEXT).collect(),
                    })),
                }
            }
        }
    }

    pub(crate) async fn tell(&self, route: &str, body: Value) -> Result<(), ComfyError> {
        let response = self.send(Method::POST, route, Some(body)).await?;
        self.checked(route, response).await.map(drop)
    }

    /// Takes jobs out of the queue, if they wait there.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn delete_queued(&self, ids: &[String]) -> Result<(), ComfyError> {
        self.tell("/queue", json!({ "delete": ids })).await
    }

    /// Stops a job, if it is the one that runs. Never whatever runs.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn interrupt(&self, prompt_id: &str) -> Result<(), ComfyError> {
        self.tell("/interrupt", json!({ "prompt_id": prompt_id })).await
    }

    /// Frees the server's memory.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn free(&self, unload_models: bool, free_memory: bool) -> Result<(), ComfyError> {
        self.tell("/free", json!({ "unload_models": unload_models, "free_memory": free_memory }))
            .await
    }

    /// The names of the model folders, such as `checkpoints`.
    ///
    /// # Errors
    /// When the server cannot be reached or answers nonsense.
    pub async fn model_folders(&self) -> Result<Vec<String>, ComfyError> {
        let json = self.get("/models").await?;
        Self::parse("/models", &json)
    }

    /// The files of a model folder.
    ///
    /// # Errors
    /// [`ComfyError::NotFound`] when there is no such folder.
    pub async fn models(&self, folder: &str) -> Result<Vec<String>, ComfyError> {
        let route = format!("/models/{}", utf8_percent_encode(folder, SEGMENT));
        let json = self.get(&route).await?;
        Self::parse(&route, &json)
    }

    /// What a safetensors file says of itself: texts by name, those of its `__metadata__`. Nothing where
    /// the server does not tell (ComfyUI answers 404 for files without, 0.28.2).
    ///
    /// # Errors
    /// When the server cannot be reached or answers nonsense.
    pub async fn model_metadata(
        &self,
        folder: &str,
        name: &str,
    ) -> Result<BTreeMap<String, String>, ComfyError> {
        let [folder, name] = [folder, name].map(|part| utf8_percent_encode(part, SEGMENT));
        let route = format!("/view_metadata/{folder}?filename={name}");
        let json = match self.get(&route).await {
            Err(ComfyError::NotFound) => return Ok(BTreeMap::new()),
            answer => answer?,
        };
        let all: BTreeMap<String, serde_json::Value> = Self::parse(&route, &json)?;
        let text = |value| match value {
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        };
        Ok(all.into_iter().map(|(name, value)| (name, text(value))).collect())
    }

    /// Opens the socket for a client id.
    ///
    /// # Errors
    /// [`ComfyError::NoUpgrade`] when the server is there but its socket is not.
    pub async fn connect(&self, client_id: &str) -> Result<Socket, ComfyError> {
        Socket::connect(&self.address, client_id).await
    }
}

/// Whether an answer calls itself a web page.
pub(crate) fn is_page(response: &Response) -> bool {
    let kind = response.headers().get("content-type").and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/html"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use tokio::net::TcpListener;

    #[tokio::test]
    async fn a_server_that_never_answers_is_given_up_with_a_sentence() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = Address::parse(&listener.local_addr().unwrap().to_string()).unwrap();
        // Connections are taken by the system and left alone.
        let client = Client::within(address, Duration::from_millis(200)).unwrap();
        let error = client.probe().await.unwrap_err();
        assert!(matches!(error, ComfyError::Timeout { .. }), "{error}");
        assert!(error.to_string().contains("did not answer in time"), "{error}");
    }
}
