//! What ends a server: a signal, or the end of its standard input.

use std::io::Read;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;

/// Ends when SIGTERM or SIGINT arrives, or SIGHUP, because the terminal was closed.
pub fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hangup = signal(SignalKind::hangup())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            _ = hangup.recv() => {}
        }
    })
}

/// Ends when standard input ends, which it does when the process that holds its other end is gone, however that went.
pub async fn stdin_end() {
    let (sender, ended) = oneshot::channel();
    // A thread of its own: one of the runtime's would keep the process alive until standard input ends.
    std::thread::spawn(move || {
        let (mut stdin, mut buffer) = (std::io::stdin().lock(), [0; 1024]);
        loop {
            match stdin.read(&mut buffer) {
                Ok(0) => break,
                Err(error) if error.kind() != std::io::ErrorKind::Interrupted => break,
                _ => {}
            }
        }
        sender.send(()).unwrap_or_default();
    });
    ended.await.unwrap_or_default();
}
