//! What subcommands print: text to standard output, errors to standard error.

use std::io::{IsTerminal, Write};

use crate::text::diagnostic::{Diagnostic, render_all};

use super::exit::Exit;

/// Prints an error to standard error. Returns `exit`, so that a caller can end with it.
pub fn fail(exit: Exit, message: &str) -> Exit {
    writeln!(std::io::stderr(), "graphdouble: {message}").unwrap_or_default();
    exit
}

/// Prints something that is worth knowing and is no error to standard error.
pub fn note(message: &str) {
    writeln!(std::io::stderr(), "graphdouble: note: {message}").unwrap_or_default();
}

/// Prints something that is probably not as it was meant to standard error.
pub fn warn(message: &str) {
    writeln!(std::io::stderr(), "graphdouble: warning: {message}").unwrap_or_default();
}

/// Prints mistakes in files, drawn at their places.
pub fn fail_invalid(mistakes: &[Diagnostic]) -> Exit {
    print(&render_all(mistakes, use_colors()));
    Exit::Invalid
}

/// Prints to standard output. It is no error if the reader has gone away.
pub fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}").and_then(|()| out.flush()).unwrap_or_default();
}

/// Prints to standard output, and ends no line.
pub fn print_raw(text: &str) {
    let mut out = std::io::stdout().lock();
    write!(out, "{text}").and_then(|()| out.flush()).unwrap_or_default();
}

/// Prints a line of a bot to standard error, behind a word that says whose it is.
pub fn print_of_bot(line: &str) {
    writeln!(std::io::stderr(), "bot | {line}").unwrap_or_default();
}

/// Prints to standard error, beside what the command is for.
pub fn print_beside(text: &str) {
    writeln!(std::io::stderr(), "{text}").unwrap_or_default();
}

/// True if standard output is a terminal that shows colours.
pub fn use_colors() -> bool {
    std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}
