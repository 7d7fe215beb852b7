//! Work that takes long for a large body. It must not keep the other calls of a runtime's thread waiting.

use tokio::runtime::{Handle, RuntimeFlavor};

/// A body up to this size, in bytes, is read at once.
const SMALL_BODY: usize = 64 * 1024;

/// Does the work for a body of this size. For a large one, the other tasks of this thread move to another thread first.
pub(super) fn work_on<R>(body: usize, work: impl FnOnce() -> R) -> R {
    let has_threads = || Handle::try_current().is_ok_and(|now| now.runtime_flavor() == RuntimeFlavor::MultiThread);
    if body > SMALL_BODY && has_threads() { tokio::task::block_in_place(work) } else { work() }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn other_calls_go_on_while_a_large_body_is_read() {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().expect("a runtime");
        let (answered, answer) = mpsc::channel();
        runtime.block_on(async {
            let large = tokio::spawn(async move {
                tokio::spawn(async move { answered.send("an answer").expect("somebody who waits") });
                work_on(SMALL_BODY + 1, || answer.recv())
            });
            assert_eq!(large.await.expect("no panic"), Ok("an answer"));
        });
    }

    #[tokio::test]
    async fn a_runtime_of_one_thread_reads_a_large_body_too() {
        assert_eq!(work_on(SMALL_BODY + 1, || 7), 7);
    }
}
