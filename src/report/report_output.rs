//! The destination of a report. The first write error is kept until the run ends; it does not stop the run.

use std::io::{ErrorKind, Write};

pub struct ReportOutput {
    name: String,
    out: Box<dyn Write + Send>,
    write_error: Option<String>,
}

impl ReportOutput {
    /// `name` is a path or `on standard output`, for error messages.
    pub fn new(name: impl Into<String>, out: impl Write + Send + 'static) -> Self {
        Self { name: name.into(), out: Box::new(out), write_error: None }
    }

    /// Writes and flushes. After the first error nothing more is written.
    pub fn write(&mut self, text: &str) {
        if self.write_error.is_some() {
            return;
        }
        match self.out.write_all(text.as_bytes()).and_then(|()| self.out.flush()) {
            Ok(()) => {}
            // The reader has closed the pipe, as `head` does.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
            Err(error) => self.write_error = Some(format!("the report {} is incomplete: {error}", self.name)),
        }
    }

    pub fn write_error(&self) -> Option<String> {
        self.write_error.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A disk that is full.
    struct Full;

    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(ErrorKind::StorageFull.into())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn the_first_error_is_kept() {
        let mut output = ReportOutput::new("report.xml", Full);
        output.write("a");
        output.write("b");
        let error = output.write_error().expect("an error");
        assert!(error.starts_with("the report report.xml is incomplete: "), "{error}");
    }
}
