//! A thread with a runtime of its own, on which an emulator lives. Nothing that blocks a test, or stops its time, stops the emulator.

use std::future::Future;
use std::pin::Pin;
use std::sync::mpsc;
use std::thread::JoinHandle;

use hyper::Method;
use serde_json::Value;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;

use super::emulator::{Emulator, EmulatorError};

/// What a work on the emulator comes to, once it is awaited there.
pub(super) type Working<'e, T> = Pin<Box<dyn Future<Output = T> + 'e>>;

type Work = Box<dyn for<'e> FnOnce(&'e mut Emulator) -> Working<'e, ()> + Send>;

/// The thread of an emulator. Dropping it stops the server and waits for the thread.
#[derive(Debug)]
pub(super) struct WorldThread {
    works: Option<UnboundedSender<Work>>,
    thread: Option<JoinHandle<()>>,
}

impl WorldThread {
    /// Starts an emulator with the world of this text; also answers its URL.
    pub fn start(world: &str) -> Result<(Self, String), EmulatorError> {
        let (works, mut queue) = unbounded_channel::<Work>();
        let (started, start) = mpsc::channel();
        let world = world.to_owned();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let thread = std::thread::Builder::new().name("graphdouble".to_owned()).spawn(move || {
            runtime.block_on(async {
                let mut emulator = match Emulator::start(&world).await {
                    Ok(emulator) => emulator,
                    Err(error) => return started.send(Err(error)).unwrap_or_default(),
                };
                started.send(Ok(emulator.url().to_owned())).unwrap_or_default();
                while let Some(work) = queue.recv().await {
                    work(&mut emulator).await;
                }
            });
        })?;
        let url = start.recv().unwrap_or_else(|_| Err(ended()))?;
        Ok((Self { works: Some(works), thread: Some(thread) }, url))
    }

    /// Has the thread do something, and blocks until it is done. It may be called anywhere, also inside a runtime.
    pub fn block_on<T, F>(&self, work: F) -> Result<T, EmulatorError>
    where
        T: Send + 'static,
        F: for<'e> FnOnce(&'e mut Emulator) -> Working<'e, T> + Send + 'static,
    {
        let (reply, answer) = mpsc::channel();
        self.send(work, move |done| reply.send(done).unwrap_or_default());
        answer.recv().map_err(|_| ended())
    }

    /// Has the thread do something. Whoever waits for it blocks nobody.
    pub async fn perform<T, F>(&self, work: F) -> Result<T, EmulatorError>
    where
        T: Send + 'static,
        F: for<'e> FnOnce(&'e mut Emulator) -> Working<'e, T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        // Nobody may wait any more.
        self.send(work, move |done| drop(reply.send(done)));
        answer.await.map_err(|_| ended())
    }

    /// Calls the control API of the world; the path begins after the world's name. An empty body is none.
    pub fn control(&self, method: Method, path: String, body: String) -> Result<Value, EmulatorError> {
        self.block_on(move |emulator| Box::pin(async move { emulator.control(method, &path, body).await }))?
    }

    fn send<T, F>(&self, work: F, reply: impl FnOnce(T) + Send + 'static)
    where
        T: 'static,
        F: for<'e> FnOnce(&'e mut Emulator) -> Working<'e, T> + Send + 'static,
    {
        let work = boxed(move |emulator| Box::pin(async move { reply(work(emulator).await) }));
        // If the thread has ended, the reply is dropped, and whoever waits for it learns so.
        if let Some(works) = &self.works {
            works.send(work).unwrap_or_default();
        }
    }
}

impl Drop for WorldThread {
    fn drop(&mut self) {
        // The thread ends when nobody can give it anything to do.
        self.works = None;
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap_or_default();
        }
    }
}

fn ended() -> EmulatorError {
    EmulatorError::Mistakes("the thread of graphdouble has ended".to_owned())
}

fn boxed(work: impl for<'e> FnOnce(&'e mut Emulator) -> Working<'e, ()> + Send + 'static) -> Work {
    Box::new(work)
}
