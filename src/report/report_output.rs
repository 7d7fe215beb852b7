//! Report room: where a report goes. What goes wrong with it is kept until the run is over, and never stops the run.

use std::io::{ErrorKind, Write};

/// Where a report goes.
pub struct ReportOutput {
    name: String,
    out: Box<dyn Write + Send>,
    write_error: Option<String>,
}

impl ReportOutput {
    /// A way out; `name` is what people know it by: a path, or `standard output`.
    pub fn new(name: impl Into<String>, out: impl Write + Send + 'static) -> Self {
        Self { name: name.into(), out: Box::new(out), write_error: None }
    }

    /// Writes, and sees to it that it arrives. After the first trouble nothing more is tried.
    pub fn write(&mut self, text: &str) {
        if self.write_error.is_some() {
            return;
        }
        match self.out.write_all(text.as_bytes()).and_then(|()| self.out.flush()) {
            Ok(()) => {}
            // A reader who went away (`| head`) has seen enough.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
            Err(error) => self.write_error = Some(format!("the report {} is not whole: {error}", self.name)),
        }
    }

    /// What went wrong, in words.
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
    fn trouble_is_kept_and_told_once() {
        let mut output = ReportOutput::new("report.xml", Full);
        output.write("a");
        output.write("b");
        let told = output.write_error().expect("trouble");
        assert!(told.starts_with("the report report.xml is not whole: "), "{told}");
    }
}
