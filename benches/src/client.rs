//! A client that costs little: what it spends is missing to the program, which runs on the same processors.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use anyhow::{Context, bail};

/// Longer than any answer that still counts.
const PATIENCE: Duration = Duration::from_secs(30);

/// What came back.
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// Where it leads; empty where it leads nowhere.
    pub location: String,
    /// The content.
    pub body: String,
}

/// A connection that is kept, as browsers keep theirs.
pub struct Client {
    host: String,
    patience: Duration,
    stream: Option<TcpStream>,
    buffer: Vec<u8>,
}

impl Client {
    /// For a program at `host:port`.
    pub fn new(host: &str) -> Self {
        Self { host: host.to_owned(), patience: PATIENCE, stream: None, buffer: Vec::with_capacity(1 << 16) }
    }

    /// One that gives up sooner.
    #[must_use]
    pub const fn patient_for(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Reads a page.
    pub fn get(&mut self, path: &str, cookie: &str) -> anyhow::Result<Reply> {
        let request = format!("GET {path} HTTP/1.1\r\nhost: {}\r\ncookie: {cookie}\r\n\r\n", self.host);
        self.send(&request)
    }

    /// Sends a form.
    pub fn post(&mut self, path: &str, cookie: &str, form: &str) -> anyhow::Result<Reply> {
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {host}\r\norigin: http://{host}\r\ncookie: {cookie}\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
            form.len(),
            host = self.host
        );
        self.send(&request)
    }

    fn send(&mut self, request: &str) -> anyhow::Result<Reply> {
        let reply = self.exchange(request);
        if reply.is_err() {
            self.stream = None;
        }
        reply
    }

    fn exchange(&mut self, request: &str) -> anyhow::Result<Reply> {
        if self.stream.is_none() {
            let stream = TcpStream::connect(&self.host).with_context(|| format!("no connection to {}", self.host))?;
            stream.set_nodelay(true)?;
            stream.set_read_timeout(Some(self.patience))?;
            self.stream = Some(stream);
        }
        let stream = self.stream.as_mut().context("a connection was made just now")?;
        stream.write_all(request.as_bytes())?;
        self.buffer.clear();
        let head = loop {
            if let Some(end) = self.buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                break end + 4;
            }
            more(stream, &mut self.buffer)?;
        };
        let text = std::str::from_utf8(&self.buffer[..head])?;
        let status = text.get(9..12).and_then(|code| code.parse().ok()).context("no status")?;
        let location = header(text, "location").unwrap_or("").to_owned();
        let closes = header(text, "connection") == Some("close");
        let length: usize = match header(text, "content-length") {
            Some(length) => length.parse()?,
            None if header(text, "transfer-encoding").is_some() => bail!("an answer in pieces was not expected"),
            None => 0,
        };
        while self.buffer.len() < head + length {
            more(stream, &mut self.buffer)?;
        }
        let body = String::from_utf8_lossy(&self.buffer[head..head + length]).into_owned();
        if closes {
            self.stream = None;
        }
        Ok(Reply { status, location, body })
    }
}

fn more(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> anyhow::Result<()> {
    let mut piece = [0; 1 << 14];
    match stream.read(&mut piece)? {
        0 => bail!("the connection was closed"),
        read => buffer.extend_from_slice(&piece[..read]),
    }
    Ok(())
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.split("\r\n").find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}
