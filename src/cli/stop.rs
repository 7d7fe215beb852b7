//! What ends a command from outside: a signal, or the end of its standard input.
//!
//! Handlers are installed for each signal, also where a shell ignores it for what it starts in the background, and as process 1 of a
//! container, for which the system has no default action.

use std::io::Read;
use std::sync::{Arc, OnceLock};

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;

use crate::runner::StopSwitch;

use super::exit::{Exit, StopSignal};

/// Installs the handlers. The future ends when the first of the signals arrives.
pub fn stop_signal() -> std::io::Result<impl Future<Output = StopSignal>> {
    let mut hangup = signal(SignalKind::hangup())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut quit = signal(SignalKind::quit())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = hangup.recv() => StopSignal::Hangup,
            _ = interrupt.recv() => StopSignal::Interrupt,
            _ = quit.recv() => StopSignal::Quit,
            _ = terminate.recv() => StopSignal::Terminate,
        }
    })
}

/// Runs a command that has nothing to finish when a signal ends it.
pub async fn until_stopped(signals: impl Future<Output = StopSignal>, command: impl Future<Output = Exit>) -> Exit {
    tokio::select! {
        exit = command => exit,
        signal = signals => Exit::Stopped(signal),
    }
}

/// The switch of a run that a signal turns, and which signal it was.
#[derive(Debug, Clone, Default)]
pub struct SignalStop {
    pub switch: StopSwitch,
    signal: Arc<OnceLock<StopSignal>>,
}

impl SignalStop {
    /// The first of the signals turns the switch.
    pub fn of(signals: impl Future<Output = StopSignal> + Send + 'static) -> Self {
        let stop = Self::default();
        let turned = stop.clone();
        tokio::spawn(async move {
            let signal = signals.await;
            turned.signal.get_or_init(|| signal);
            turned.switch.stop();
        });
        stop
    }

    /// The exit of a run that a signal has stopped.
    pub fn exit(&self) -> Option<Exit> {
        self.signal.get().copied().map(Exit::Stopped)
    }
}

/// Ends when standard input ends, which it does when the process that holds its other end is gone, however that went.
pub async fn stdin_end() {
    let (sender, ended) = oneshot::channel();
    // A thread of its own: one of the runtime's would keep the process alive until standard input ends.
    let thread = std::thread::Builder::new().spawn(move || {
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
    match thread {
        Ok(_) => ended.await.unwrap_or_default(),
        // Nobody can watch it, so nothing is known of its end.
        Err(_) => std::future::pending().await,
    }
}
