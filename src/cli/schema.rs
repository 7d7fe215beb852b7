//! `schema`: prints a JSON Schema of a file format.

use clap::Args;

use crate::language::schema::json_schema::{SUBJECTS, schema};
use crate::text::suggest::did_you_mean;

use super::exit::Exit;
use super::terminal::{fail, print};

/// Print a JSON Schema of world or scenario files, for editors
#[derive(Debug, Args)]
pub struct SchemaCommand {
    /// The subject of the schema: world, scenario, step or fault.
    subject: String,
}

impl SchemaCommand {
    pub fn execute(&self) -> Exit {
        let Some(schema) = schema(&self.subject) else {
            let nearest = did_you_mean(&self.subject, SUBJECTS.iter().copied());
            let known = SUBJECTS.join(", ");
            return fail(
                Exit::Usage,
                &format!("there is no schema `{}`{nearest} (known schemas: {known})", self.subject),
            );
        };
        print(&format!("{schema:#}"));
        Exit::Ok
    }
}
