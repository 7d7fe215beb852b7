//! Finds where a world of Instagram accounts has what Meta does not have, although nothing contradicts itself: ids of another form, and
//! apps that wait in vain for webhooks.

use super::node::Node;
use crate::domain::model::fields::Field;
use crate::domain::model::platform::Login;
use crate::text::diagnostic::Diagnostic;

/// What ids of accounts look like in Meta's documents and in all that was recorded.
const ID_BEGINS: &str = "17841";
const ID_DIGITS: usize = 17;
/// Fields that Instagram Login does not have.
const NOT_WITH_INSTAGRAM_LOGIN: [Field; 2] = [Field::Mentions, Field::StoryInsights];

/// What is to say about the accounts of a file.
pub fn account_notes(file: &Node) -> Vec<Diagnostic> {
    let world = file.get("world").unwrap_or(file);
    let mut notes = Vec::new();
    for (name, account) in world.get("instagram").map(Node::entries).unwrap_or_default() {
        let name = name.text().unwrap_or_default();
        notes.extend(account.get("id").and_then(note_of_id));
        for entry in account.get("apps").map(Node::entries).unwrap_or_default() {
            match login_of(account, &entry.1) {
                Some(Login::Facebook) => notes.extend(note_of_page(world, name, account, entry)),
                Some(Login::Instagram) => notes.extend(notes_of_fields(entry)),
                Some(Login::Unified) | None => {}
            }
        }
    }
    notes
}

/// How the app reaches the account. `None` if the word is unknown.
pub fn login_of(account: &Node, app: &Node) -> Option<Login> {
    match app.get("login").and_then(Node::text) {
        Some(word) => Login::parse(word),
        None if account.get("page").is_some() => Some(Login::Facebook),
        None => Some(Login::Instagram),
    }
}

fn note_of_id(id: &Node) -> Option<Diagnostic> {
    let text = id.text()?;
    let is_usual = text.len() == ID_DIGITS && text.starts_with(ID_BEGINS);
    (!is_usual).then(|| {
        id.mistake(format!(
            "ids of Instagram accounts have {ID_DIGITS} digits that begin with {ID_BEGINS}, not `{text}`"
        ))
    })
}

/// An app with Facebook Login gets webhooks of the account only while it subscribes any field on the page.
fn note_of_page(world: &Node, account_name: &str, account: &Node, (app, at): &(Node, Node)) -> Option<Diagnostic> {
    let app = app.text()?;
    let page = account.get("page")?.text()?;
    let on_page = world.get("pages")?.get(page)?.get("apps")?.get(app)?;
    let subscribes_nothing = on_page.get("fields").is_some_and(|fields| fields.items().is_empty());
    subscribes_nothing.then(|| {
        at.mistake(format!(
            "`{app}` gets no webhooks of `{account_name}`: with Facebook Login it must subscribe any field on the page `{page}`"
        ))
    })
}

fn notes_of_fields((app, at): &(Node, Node)) -> Vec<Diagnostic> {
    let listed = at.get("fields").map(Node::items).unwrap_or_default().iter();
    let is_lacking = |field: &&Node| field.text().and_then(Field::parse).is_some_and(lacks_with_instagram_login);
    let app = app.text().unwrap_or_default();
    let text = |field: &Node| {
        format!("`{app}` never gets `{}`: Instagram Login does not have it", field.text().unwrap_or_default())
    };
    listed.filter(is_lacking).map(|field| field.mistake(text(field))).collect()
}

fn lacks_with_instagram_login(field: Field) -> bool {
    NOT_WITH_INSTAGRAM_LOGIN.contains(&field)
}
