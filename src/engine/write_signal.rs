//! Says that something was written in any world, to the one who prints it. While that one does not wait, a write costs one atomic load.

use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

/// A signal for one waiter.
#[derive(Debug, Default)]
pub struct WriteSignal {
    is_awaited: AtomicBool,
    written: Notify,
}

impl WriteSignal {
    /// What is written from now on ends the next wait. The waiter looks at the worlds after this, and waits then.
    pub fn arm(&self) {
        self.is_awaited.store(true, Ordering::SeqCst);
    }

    /// Waits for the first write since `arm`.
    pub async fn written(&self) {
        self.written.notified().await;
    }

    /// Something was written.
    pub(super) fn note(&self) {
        if self.is_awaited.load(Ordering::SeqCst) && self.is_awaited.swap(false, Ordering::SeqCst) {
            self.written.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Waker};

    use super::*;

    fn is_noted(signal: &WriteSignal) -> bool {
        pin!(signal.written()).poll(&mut Context::from_waker(Waker::noop())).is_ready()
    }

    #[test]
    fn a_write_ends_the_wait_of_one_who_has_said_that_it_waits() {
        let signal = WriteSignal::default();
        signal.note();
        assert!(!is_noted(&signal), "nobody waited");
        signal.arm();
        assert!(!is_noted(&signal), "nothing was written");
        signal.note();
        signal.note();
        assert!(is_noted(&signal), "a write before the wait counts");
        assert!(!is_noted(&signal), "many writes are one signal");
    }
}
