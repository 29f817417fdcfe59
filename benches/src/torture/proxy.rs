//! A line that cuts off some of the replies after the question went through: who asked does not know what became of it.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    os::unix::net::UnixStream,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
};

use crate::dice::Dice;

/// Where a line leads.
#[derive(Debug, Clone)]
pub enum Target {
    /// `host:port`.
    Tcp(String),
    /// A socket's path.
    Unix(PathBuf),
}

/// A proxy that runs until it is dropped.
#[derive(Debug)]
pub struct Proxy {
    /// Where it listens.
    pub port: u16,
    cutting: Arc<AtomicBool>,
    cuts: Arc<AtomicUsize>,
    ended: Arc<AtomicBool>,
}

impl Proxy {
    /// Begins to listen; cuts nothing yet, later one in so many replies.
    pub fn to(target: Target, one_in: u64, dice: Dice) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let port = listener.local_addr()?.port();
        let proxy = Self { port, cutting: Arc::default(), cuts: Arc::default(), ended: Arc::default() };
        let (cutting, cuts, ended) = (Arc::clone(&proxy.cutting), Arc::clone(&proxy.cuts), Arc::clone(&proxy.ended));
        thread::spawn(move || {
            let mut dice = dice;
            for caller in listener.incoming().map_while(Result::ok) {
                if ended.load(Ordering::SeqCst) {
                    return;
                }
                let line =
                    Line { dice: dice.another(), one_in, cutting: Arc::clone(&cutting), cuts: Arc::clone(&cuts) };
                // Who cannot be reached is not reached: the caller's connection ends.
                let _unreachable = line.join(caller, &target);
            }
        });
        Ok(proxy)
    }

    /// Begins or ceases to cut.
    pub fn cut(&self, cutting: bool) {
        self.cutting.store(cutting, Ordering::SeqCst);
    }

    /// How many replies were cut off so far.
    pub fn cuts(&self) -> usize {
        self.cuts.load(Ordering::SeqCst)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(("127.0.0.1", self.port)));
    }
}

/// One connection through the proxy.
struct Line {
    dice: Dice,
    one_in: u64,
    cutting: Arc<AtomicBool>,
    cuts: Arc<AtomicUsize>,
}

impl Line {
    fn join(self, caller: TcpStream, target: &Target) -> std::io::Result<()> {
        let back = caller.try_clone()?;
        match target {
            Target::Tcp(host) => {
                let there = TcpStream::connect(host)?;
                let from = there.try_clone()?;
                self.pump((caller, there), (from, back), |there| drop(there.shutdown(Shutdown::Both)));
            }
            Target::Unix(path) => {
                let there = UnixStream::connect(path)?;
                let from = there.try_clone()?;
                self.pump((caller, there), (from, back), |there| drop(there.shutdown(Shutdown::Both)));
            }
        }
        Ok(())
    }

    fn pump<S: Read + Write + Send + 'static>(
        mut self,
        (mut caller, mut there): (TcpStream, S),
        (mut from, mut back): (S, TcpStream),
        hang_up: fn(&S),
    ) {
        let asked = Arc::new(AtomicBool::new(false));
        let asks = Arc::clone(&asked);
        thread::spawn(move || {
            let mut piece = [0; 1 << 16];
            while let Ok(read @ 1..) = caller.read(&mut piece) {
                asks.store(true, Ordering::SeqCst);
                if there.write_all(&piece[..read]).is_err() {
                    break;
                }
            }
            // Whichever side ends the connection ends it for both.
            hang_up(&there);
        });
        thread::spawn(move || {
            let mut piece = [0; 1 << 16];
            while let Ok(read @ 1..) = from.read(&mut piece) {
                let begins = asked.swap(false, Ordering::SeqCst);
                let cut = begins && self.cutting.load(Ordering::SeqCst) && self.dice.once_in(self.one_in);
                let sent = if cut { self.dice.place(read) } else { read };
                if back.write_all(&piece[..sent]).is_err() {
                    break;
                }
                if cut {
                    self.cuts.fetch_add(1, Ordering::SeqCst);
                    break;
                }
            }
            hang_up(&from);
            let _gone = back.shutdown(Shutdown::Both);
        });
    }
}
