//! Commands that go on until they are stopped: the memory over HTTP, and for an LLM.

use crate::options::{GlossariesArg, MemoriesArg, penalty};
use clap::Args;
use std::path::PathBuf;

/// Serves the memory over HTTP: to CAT tools (tmserver, amaGama and MyMemory protocols), to programs, and on a page.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  dhakira serve --memory tmx\n  open http://127.0.0.1:8741/")]
pub struct Serve {
    #[command(flatten)]
    pub memory: MemoriesArg,
    /// Points off for all that is found in a memory, for example theirs=10; may be given several times.
    #[arg(long, value_name = "FOLDER=POINTS", value_parser = penalty)]
    pub penalty: Vec<(PathBuf, u16)>,
    #[command(flatten)]
    pub glossaries: GlossariesArg,
    /// Where to listen. Port 0 means any that is free; stdout says which.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8741")]
    pub listen: std::net::SocketAddr,
    /// A further name that the server is called by; may be given several times.
    #[arg(long, value_name = "NAME")]
    pub host: Vec<String>,
    /// A file of tokens, one a line: NAME read|write TOKEN. Without it, whoever reaches the server may do everything;
    /// so it must be given where others than this machine can.
    #[arg(long, value_name = "FILE")]
    pub tokens: Option<PathBuf>,
    /// Nobody may write.
    #[arg(long)]
    pub read_only: bool,
    /// How many requests a second each token may make; 0 means any number.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub rate: u32,
    /// The largest file that is taken, in megabytes.
    #[arg(long, value_name = "MB", default_value_t = 500)]
    pub max_upload: usize,
    /// Prints the OpenAPI document and serves nothing.
    #[arg(long)]
    pub openapi: bool,
}

/// Gives the memory to an LLM: the Model Context Protocol over stdin and stdout.
#[derive(Debug, Args)]
#[command(
    after_help = "Example, in a client's list of servers:\n  {\"command\": \"dhakira\", \"args\": [\"mcp\", \"--memory\", \"tmx\"]}"
)]
pub struct Mcp {
    #[command(flatten)]
    pub memory: MemoriesArg,
    #[command(flatten)]
    pub glossaries: GlossariesArg,
    /// Has the tool that adds units, too.
    #[arg(long)]
    pub writable: bool,
}
