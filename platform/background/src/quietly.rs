use tokio::sync::oneshot;

/// How much less of the processors such work gets than what somebody waits for (`nice`, 0 to 19).
const NICENESS: i32 = 15;

/// Why work did not come to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Interrupted {
    /// The machine has none to give: later it may.
    #[error("no thread could be had")]
    NoThread,
    /// The work panicked, and will again.
    #[error("the work panicked")]
    Panicked,
}

/// Does heavy work for which nobody waits, such as setting a letter, on a thread that the system serves after everybody
/// else: on the day when everybody comes, people are answered first and letters follow.
///
/// # Errors
/// [`Interrupted`]; what the work did until then is lost.
pub async fn quietly<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Interrupted> {
    let (tell, told) = oneshot::channel();
    let quiet = move || {
        // On Linux niceness belongs to the thread. Elsewhere it may not be granted: the work is done all the same.
        let _granted = rustix::process::nice(NICENESS);
        let _gone = tell.send(work());
    };
    let spawned = std::thread::Builder::new().name("quiet".to_owned()).spawn(quiet);
    spawned.map_err(|_| Interrupted::NoThread)?;
    told.await.map_err(|_| Interrupted::Panicked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_is_done_and_its_panic_is_told() {
        assert_eq!(quietly(|| 6 * 7).await.unwrap(), 42);
        let broken = quietly(|| -> i32 { panic!("on purpose") }).await;
        assert_eq!(broken, Err(Interrupted::Panicked));
    }

    #[tokio::test]
    #[cfg(target_os = "linux")]
    async fn only_its_thread_is_quiet() {
        let nice = || {
            let stat = std::fs::read_to_string("/proc/thread-self/stat").unwrap();
            stat.rsplit_once(')').unwrap().1.split_whitespace().nth(16).unwrap().parse::<i32>().unwrap()
        };
        let before = nice();
        assert_eq!(quietly(nice).await.unwrap(), (before + NICENESS).min(19));
        assert_eq!(nice(), before);
    }
}
