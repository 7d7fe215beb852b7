//! What subcommands print: text to standard output, errors to standard error.

use std::io::{ErrorKind, IsTerminal, Write};
use std::sync::OnceLock;

use crate::text::diagnostic::{Diagnostic, render_all};
use crate::text::printable::{for_log, without_commands};

use super::exit::Exit;

/// Prints an error to standard error. Returns `exit`, so that a caller can end with it.
pub fn fail(exit: Exit, message: &str) -> Exit {
    writeln!(std::io::stderr(), "graphdouble: {}", for_log(message)).unwrap_or_default();
    exit
}

/// Prints something that is worth knowing and is no error to standard error.
pub fn note(message: &str) {
    writeln!(std::io::stderr(), "graphdouble: note: {}", for_log(message)).unwrap_or_default();
}

/// Prints something that is probably not as it was meant to standard error.
pub fn warn(message: &str) {
    writeln!(std::io::stderr(), "graphdouble: warning: {}", for_log(message)).unwrap_or_default();
}

/// Prints mistakes in files, drawn at their places.
pub fn fail_invalid(mistakes: &[Diagnostic]) -> Exit {
    print(&without_commands(&render_all(mistakes, use_colors())));
    Exit::Invalid
}

/// The first error of standard output.
static PRINT_ERROR: OnceLock<String> = OnceLock::new();

/// Prints to standard output. It is no error if the reader has gone away. Any other error shows when the command ends.
pub fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => PRINT_ERROR.get_or_init(|| error.to_string()),
        _ => return,
    };
}

/// Fails if something that was to be printed is lost. What it was is said when the command ends.
pub fn check_printed() -> Result<(), Exit> {
    PRINT_ERROR.get().map_or(Ok(()), |_| Err(Exit::CouldNotRun))
}

/// How a command ends whose output may be incomplete.
pub fn exit_after_printing(exit: Exit) -> Exit {
    match PRINT_ERROR.get() {
        Some(error) => fail(Exit::CouldNotRun, &format!("cannot write to standard output: {error}")),
        None => exit,
    }
}

/// Prints to standard output, and ends no line.
pub fn print_raw(text: &str) {
    let mut out = std::io::stdout().lock();
    write!(out, "{text}").and_then(|()| out.flush()).unwrap_or_default();
}

/// Prints a line of a bot to standard error, behind a word that says whose it is.
pub fn print_of_bot(line: &str) {
    writeln!(std::io::stderr(), "bot | {}", for_log(line)).unwrap_or_default();
}

/// Prints to standard error, beside what the command is for.
pub fn print_beside(text: &str) {
    writeln!(std::io::stderr(), "{text}").unwrap_or_default();
}

/// A text for people as it is printed to standard output. If that shows colours, the text has its own.
pub fn for_people(text: &str) -> String {
    if use_colors() { without_commands(text).into_owned() } else { for_log(text) }
}

/// True if standard output is a terminal that shows colours.
pub fn use_colors() -> bool {
    colors_on(&std::io::stdout())
}

/// True if this output shows colours: a terminal, unless NO_COLOR, CLICOLOR=0 or TERM=dumb says otherwise. A file or a pipe never has any, whatever
/// FORCE_COLOR or CLICOLOR_FORCE says, because a log is read by programs.
pub fn colors_on(output: &impl IsTerminal) -> bool {
    let has = |name: &str, value: &str| std::env::var_os(name).is_some_and(|found| found == value);
    output.is_terminal() && !is_set("NO_COLOR") && !has("CLICOLOR", "0") && !has("TERM", "dumb")
}

/// True if a variable is there and not empty.
pub fn is_set(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|value| !value.is_empty())
}
