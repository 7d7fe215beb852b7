//! `run --inspect`: a failed scenario keeps its world, and the inspector page shows it, until somebody presses Enter.

use std::io::IsTerminal;
use std::pin::Pin;

use tokio::sync::{Mutex, oneshot};

use crate::inspector::PageView;
use crate::runner::Timeouts;
use crate::runner::failure_hold::{FailureHold, HeldScenario};
use crate::text::printable::for_log;

use super::exit::Exit;
use super::listen_args::ListenArgs;
use super::ready_line::url_of;
use super::terminal::{fail, note, print_beside};

/// Shows one failed scenario after another.
#[derive(Debug)]
pub struct InspectHold {
    listening: ListenArgs,
    timeouts: Timeouts,
    /// Only one is shown at a time.
    turn: Mutex<()>,
}

impl InspectHold {
    /// Fails if nobody could press Enter.
    pub fn new(listening: &ListenArgs, timeouts: Timeouts) -> Result<Self, Exit> {
        if !std::io::stdin().is_terminal() {
            return Err(fail(
                Exit::Usage,
                "--inspect waits until Enter is pressed, and standard input is no terminal: `graphdouble inspect BUNDLE` shows a failed \
                 scenario afterwards, and --report html=FILE writes all of them to a file",
            ));
        }
        Ok(Self { listening: listening.at_any_port(), timeouts, turn: Mutex::default() })
    }

    async fn show(&self, held: HeldScenario<'_>) {
        let _turn = self.turn.lock().await;
        // The reason stands on standard error.
        let Ok(bound) = self.listening.bind(held.engine.clone(), self.timeouts).await else { return };
        let view = PageView { world: held.world.name(), screen: Some("chat"), ..PageView::default() };
        let Some(url) = view.url(&url_of(&bound.addresses)) else {
            note("--inspect: this build has no inspector page");
            return;
        };
        let (stop, stopped) = oneshot::channel::<()>();
        let server = tokio::spawn(bound.serve(async move { stopped.await.unwrap_or_default() }));
        let why = for_log(&held.failure.one_line());
        print_beside(&format!("“{}” failed: {why}\nIts world is at {url}\nPress Enter to go on.", for_log(held.name)));
        enter_pressed().await;
        drop(stop);
        // If it panicked, the panic hook has reported it.
        server.await.unwrap_or_default();
    }
}

impl FailureHold for InspectHold {
    fn hold<'h>(&'h self, held: HeldScenario<'h>) -> Pin<Box<dyn Future<Output = ()> + Send + 'h>> {
        Box::pin(self.show(held))
    }
}

/// Ends with the next line of standard input, or with its end.
async fn enter_pressed() {
    let (sender, pressed) = oneshot::channel();
    // A thread of its own: one of the runtime's would keep the process alive until Enter is pressed.
    let thread = std::thread::Builder::new().spawn(move || {
        let mut line = String::new();
        // What was typed does not matter, and an error ends the wait, too.
        let _ = std::io::stdin().read_line(&mut line);
        sender.send(()).unwrap_or_default();
    });
    match thread {
        Ok(_) => pressed.await.unwrap_or_default(),
        Err(error) => note(&format!("--inspect: cannot wait for Enter: {error}")),
    }
}
