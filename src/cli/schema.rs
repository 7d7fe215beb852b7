//! Cli room: `schema`: the vocabulary as JSON Schema.

use clap::Args;

use crate::language::schema::json_schema::{SUBJECTS, schema};
use crate::text::suggest::did_you_mean;

use super::exit::Exit;
use super::terminal::{fail, print};

/// Prints a JSON Schema.
#[derive(Debug, Args)]
pub struct SchemaCommand {
    /// world, scenario, step or fault.
    subject: String,
}

impl SchemaCommand {
    /// Prints it.
    pub fn execute(&self) -> Exit {
        let Some(schema) = schema(&self.subject) else {
            let nearest = did_you_mean(&self.subject, SUBJECTS.iter().copied());
            let known = SUBJECTS.join(", ");
            return fail(
                Exit::Usage,
                &format!("there is no schema of `{}`{nearest} (known are: {known})", self.subject),
            );
        };
        print(&format!("{schema:#}"));
        Exit::Ok
    }
}
