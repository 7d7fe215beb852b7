//! The lint about messages that no step of a scenario asks for.

use crate::domain::command::Command;
use crate::journal::command_text::command_text;

use super::context::LintContext;
use super::occurrence::Occurrence;

pub fn unasked(context: &LintContext<'_>) -> Vec<Occurrence> {
    let Some(is_asked) = context.is_asked else { return Vec::new() };
    let sent = context.executed_commands().filter_map(|(entry, app, command)| match command {
        Command::Send(thread, ..) if (context.is_real)(app) && !is_asked(entry.cause) => {
            Some((entry, app, *thread, command_text(context.config(), command)))
        }
        _ => None,
    });
    sent.map(|(entry, app, thread, text)| {
        let what = format!("`{}` {text}, and no step asks for it", context.app_name(app));
        context.occurrence_in_thread(app, (entry, Some(thread)), None, what)
    })
    .collect()
}
