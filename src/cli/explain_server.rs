//! `explain --server`: asks a running server for the explanation of a thread.

use hyper::Method;
use serde_json::Value;

use super::control_client::{ControlClient, encoded};
use super::exit::Exit;
use super::terminal::fail;

/// The most threads that an error lists.
const MAX_LISTED: usize = 10;

/// The explanation of a thread, `PERSON@PAGE` or less where that is enough, as the control API answers it.
pub async fn ask_server(server: &str, world: &str, thread: Option<&str>) -> Result<Value, Exit> {
    let client = ControlClient::new(server).map_err(|error| usage(&error))?;
    let threads = format!("/_control/worlds/{}/threads", encoded(world));
    let (person, page) = match thread.and_then(|thread| thread.rsplit_once('@')) {
        Some((person, page)) => (person.to_owned(), page.to_owned()),
        None => only_thread(&get(&client, &threads).await?, thread)?,
    };
    get(&client, &format!("{threads}/{}/{}/explain", encoded(&page), encoded(&person))).await
}

async fn get(client: &ControlClient, path: &str) -> Result<Value, Exit> {
    let answer = client.call(Method::GET, path, &Value::Null).await;
    match answer.map_err(|error| fail(Exit::CouldNotRun, &error))? {
        (200, body) => Ok(body),
        (status, body) => {
            let message = body["error"]["message"].as_str().map(str::to_owned);
            Err(usage(&message.unwrap_or_else(|| format!("the server answered {status}: is it graphdouble?"))))
        }
    }
}

/// The person and the page of the only thread; with a name, of the only thread of this person.
fn only_thread(threads: &Value, person: Option<&str>) -> Result<(String, String), Exit> {
    let threads = threads["threads"].as_array().into_iter().flatten();
    let names = threads.filter_map(|thread| Some((thread["person"].as_str()?, thread["page"].as_str()?)));
    let names: Vec<_> = names.filter(|(name, _)| person.is_none_or(|person| person == *name)).collect();
    let whose = person.map(|person| format!(" of `{person}`")).unwrap_or_default();
    match names.as_slice() {
        [(person, page)] => Ok(((*person).to_owned(), (*page).to_owned())),
        [] => Err(usage(&format!("the world has no thread{whose} yet: name it with --thread PERSON@PAGE"))),
        several => {
            let listed: Vec<String> =
                several.iter().take(MAX_LISTED).map(|(person, page)| format!("{person}@{page}")).collect();
            let more = several.len().saturating_sub(MAX_LISTED);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            Err(usage(&format!(
                "which thread is meant? There are {}{more}: name it with --thread PERSON@PAGE",
                listed.join(", ")
            )))
        }
    }
}

fn usage(message: &str) -> Exit {
    fail(Exit::Usage, message)
}
