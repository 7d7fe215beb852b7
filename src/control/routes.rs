//! The table of routes, and the only place that lists them.

use super::answer::ControlAnswer;
use super::call::ControlCall;
use super::parameters::{
    AFTER_NOW, APP, CALLS_QUERY, KIND, LEDGER_QUERY, LIMIT, NEW_WORLD_QUERY, PAGE, PEOPLE_QUERY, PERSON, SECRETS,
    SESSION, STABLE, THREADS_QUERY, UNMATCHED_QUERY,
};
use super::query::{Parameter, ParameterKind};
use super::route::{AnswerContent, ControlHandler, ControlRoute, Handled, PossibleAnswer};
use super::{
    apps, calls, clock, exchanges, faults, ledger, lint, offers, openapi, people, redeliver, server, snapshots, steps,
    stream, threads, unmatched, worlds,
};

/// Every route.
pub const ROUTES: &[ControlRoute] = &[
    ControlRoute {
        method: "GET",
        path: "/_control/health",
        summary: "Says that the server is up, and its version.",
        query: &[],
        body: None,
        answers: &[json(200, "The server is up.", "Health")],
        handler: ControlHandler::Sync(server::health),
    },
    ControlRoute {
        method: "HEAD",
        path: "/_control/health",
        summary: "The same without a body, for health checks that want none.",
        query: &[],
        body: None,
        answers: &[nothing(200, "The server is up.")],
        handler: ControlHandler::Sync(server::health),
    },
    ControlRoute {
        method: "GET",
        path: "/_control/rules",
        summary: "The table of rules. Every event, every withheld webhook and every refusal names one of them.",
        query: &[],
        body: None,
        answers: &[json(200, "All rules.", "Rules")],
        handler: ControlHandler::Sync(server::rules),
    },
    ControlRoute {
        method: "GET",
        path: "/_control/lints",
        summary: "The table of lints.",
        query: &[],
        body: None,
        answers: &[json(200, "All lints.", "Lints")],
        handler: ControlHandler::Sync(lint::table),
    },
    ControlRoute {
        method: "GET",
        path: "/_control/openapi.json",
        summary: "This API as an OpenAPI 3.1 document.",
        query: &[],
        body: None,
        answers: &[json(200, "The document.", "OpenApi")],
        handler: ControlHandler::Sync(openapi_document),
    },
    #[cfg(feature = "tls")]
    ControlRoute {
        method: "GET",
        path: "/_control/ca.pem",
        summary: "The certificate, as PEM, of the CA that clients must trust to call by HTTPS.",
        query: &[],
        body: None,
        answers: &[
            PossibleAnswer { status: 200, meaning: "The certificate.", content: AnswerContent::Pem },
            json(404, "The server speaks no TLS.", "Error"),
            json(500, "The certificate cannot be made.", "Error"),
        ],
        handler: ControlHandler::Sync(server::ca_pem),
    },
    ControlRoute {
        method: "GET",
        path: "/_control/calls",
        summary: "Graph calls that belong to no world, because their token is missing or unknown, oldest first. With `wait` it is a long poll.",
        query: UNMATCHED_QUERY,
        body: None,
        answers: &[json(200, "The newest calls, 200 at most.", "UnmatchedCalls"), BAD_QUERY],
        handler: ControlHandler::Async(|call| Box::pin(unmatched::list(call))),
    },
    ControlRoute {
        method: "GET",
        path: "/_control/worlds",
        summary: "All worlds, each with its clock, the newest thing that happened, and how much there is.",
        query: &[],
        body: None,
        answers: &[json(200, "The worlds, sorted by name.", "Worlds")],
        handler: ControlHandler::Sync(worlds::list),
    },
    ControlRoute {
        method: "POST",
        path: "/_control/worlds",
        summary: "Makes a world. Ids and tokens that it leaves out are derived from its seed, which is derived from its name. The body is a map with \
                  the world in it, or a world file as it is.",
        query: NEW_WORLD_QUERY,
        body: Some("NewWorld"),
        answers: &[
            json(201, "The world, with its ids, tokens, secrets and the Graph URL.", "WorldDescription"),
            json(400, "The request or the world has mistakes.", "Error"),
            json(409, "The name or a token is taken, or there are too many worlds.", "Error"),
        ],
        handler: ControlHandler::Sync(worlds::create),
    },
    ControlRoute {
        method: "GET",
        path: "/_control/worlds/{world}",
        summary: "Describes a world: its ids, tokens, secrets and the Graph URL, by the names of the world file.",
        query: &[],
        body: None,
        answers: &[json(200, "The world.", "WorldDescription"), NO_WORLD],
        handler: ControlHandler::Sync(worlds::describe),
    },
    ControlRoute {
        method: "DELETE",
        path: "/_control/worlds/{world}",
        summary: "Removes a world. Its tokens become invalid.",
        query: &[],
        body: None,
        answers: &[nothing(204, "The world is gone."), NO_WORLD],
        handler: ControlHandler::Sync(worlds::delete),
    },
    ControlRoute {
        method: "POST",
        path: "/_control/worlds/{world}/reset",
        summary: "Starts a world over: threads, settings, clock, faults and ledger are as declared, apart from what `keep` names. Message ids are \
                  new ones. In front of real apps, people get new scoped ids, too, unless the world declares them: what a bot says late to somebody \
                  from before is answered as it would have been, and nobody of now sees it. Webhooks that were attached stay, because the bots behind \
                  them still run.",
        query: &[],
        body: Some("Reset"),
        answers: &[
            nothing(204, "The world is as declared."),
            json(400, "The request has mistakes. Nothing has changed.", "Error"),
            NO_WORLD,
            json(409, "Too much has happened to know what is to be kept. Nothing has changed.", "Error"),
        ],
        handler: ControlHandler::Sync(worlds::reset),
    },
    ControlRoute {
        method: "GET",
        path: "/_control/worlds/{world}/apps/{app}",
        summary: "An app with its id and secrets, its webhook, and the environment for its bot.",
        query: &[],
        body: None,
        answers: &[json(200, "The app.", "App"), NO_APP],
        handler: ControlHandler::Sync(apps::read),
    },
    ControlRoute {
        method: "PUT",
        path: "/_control/worlds/{world}/apps/{app}/webhook",
        summary: "Says where the webhooks of an app go from now on. A puppet becomes a real app by it, and with `url: null` a real app becomes \
                  a puppet. It stays over a reset.",
        query: &[],
        body: Some("NewWebhook"),
        answers: &[
            json(200, "The app.", "App"),
            json(400, "The request has mistakes.", "Error"),
            NO_APP,
            json(409, "The app is Meta's own, or the server sends no webhooks.", "Error"),
            json(422, "The handshake that `verify: true` asks for failed. Nothing has changed.", "FailedHandshake"),
        ],
        handler: ControlHandler::Async(|call| Box::pin(apps::attach(call))),
    },
    ControlRoute {
        method: "DELETE",
        path: "/_control/worlds/{world}/apps/{app}/webhook",
        summary: "Makes an app a puppet.",
        query: &[],
        body: None,
        answers: &[nothing(204, "The app is a puppet."), NO_APP, json(409, "The app is Meta's own.", "Error")],
        handler: ControlHandler::Sync(apps::detach),
    },
    ControlRoute {
        method: "POST",
        path: "/_control/worlds/{world}/apps/{app}/webhook/verify",
        summary: "Makes the verification handshake with the webhook of an app, as Meta does before it sends any.",
        query: &[],
        body: None,
        answers: &[
            json(200, "The app gave the challenge back.", "Verified"),
            NO_APP,
            json(409, "The app has no webhook URL.", "Error"),
            json(422, "The app did not give the challenge back.", "FailedHandshake"),
        ],
        handler: ControlHandler::Async(|call| Box::pin(apps::verify_again(call))),
    },
    ControlRoute {
        method: "POST",
        path: "/_control/worlds/{world}/steps",
        summary: "Performs one step, as it stands in a scenario.",
        query: &[SESSION],
        body: Some("Step"),
        answers: &[
            json(200, "The step went well.", "StepResult"),
            json(400, "The step has mistakes, and nothing was done.", "Error"),
            NO_WORLD,
            json(422, "The step failed: an expectation does not hold, or an action was refused.", "FailedStep"),
        ],
        handler: ControlHandler::Async(|call| Box::pin(steps::perform(call))),
    },
    ControlRoute {
        method: "POST",
        path: "/_control/worlds/{world}/exchanges",
        summary: "A person does something, and the call is held open until apps have answered. It says what came of it, and how long each part took.",
        query: &[SESSION],
        body: Some("Exchange"),
        answers: &[
            json(200, "What came of it.", "ExchangeReport"),
            json(400, "The request has mistakes, and nothing was done.", "Error"),
            NO_WORLD,
            json(409, "Another exchange goes on in the thread.", "Error"),
            json(422, "The person cannot do this, or something failed afterwards.", "FailedExchange"),
        ],
        handler: ControlHandler::Async(|call| Box::pin(exchanges::exchange(call))),
    },
    ControlRoute {
        method: "GET",
        path: "/_control/worlds/{world}/answers",
        summary: "How long each app takes from a webhook about what a person did to its first message in the thread.",
        query: &[],
        body: None,
        answers: &[json(200, "Percentiles by the name of the app.", "Answers"), NO_WORLD],
        handler: ControlHandler::Sync(exchanges::answers),
    },
    ControlRoute {
        method: "DELETE",
        path: "/_control/worlds/{world}/answers",
        summary: "Forgets these times.",
        query: &[],
        body: None,
        answers: &[nothing(204, "The times are forgotten."), NO_WORLD],
        handler: ControlHandler::Sync(exchanges::forget_answers),
    },
    ControlRoute {
        method: "GET",
        path: "/_control/worlds/{world}/ledger",
        summary: "Ledger entries after a cursor, oldest first. With `wait` it is a long poll.",
        query: LEDGER_QUERY,
        body: None,
        answers: &[
            PossibleAnswer {
                status: 200,
                meaning: "The entries, 1000 at most. `Accept: application/x-ndjson` asks for JSON Lines, all of them.",
                content: AnswerContent::JsonOrLines("LedgerPage"),
            },
            BAD_QUERY,
            NO_WORLD,
            ENTRIES_GONE,
        ],
        handler: ControlHandler::Async(|call| Box::pin(ledger::read(call))),
    },
    ControlRoute {
        method: "DELETE",
        path: "/_control/worlds/{world}/ledger",
        summary: "Takes the oldest entries out of the ledger: they are answered and gone, so no two callers get the same entry.",
        query: &[LIMIT, STABLE, SECRETS],
        body: None,
        answers: &[
            PossibleAnswer {
                status: 200,
                meaning: "The entries, 1000 at most. `Accept: application/x-ndjson` asks for JSON Lines, all of them.",
                content: AnswerContent::JsonOrLines("LedgerPage"),
            },
            BAD_QUERY,
            NO_WORLD,
        ],
        handler: ControlHandler::Sync(ledger::take),
    },
    ControlRoute {
        method: "GET",
        path: "/_control/worlds/{world}/ledger.jsonl",
        summary: "Ledger entries as JSON Lines, all of them unless `limit` asks for fewer.",
        query: LEDGER_QUERY,
        body: None,
        answers: &[
            PossibleAnswer { status: 200, meaning: "An entry a line.", content: AnswerContent::Lines },
            BAD_QUERY,
            NO_WORLD,
            ENTRIES_GONE,
        ],
        handler: ControlHandler::Async(|call| Box::pin(ledger::read_lines(call))),
    },
    ControlRoute {
        method: "GET",
        path: "/_control/worlds/{world}/ledger/stream",
        summary: "Ledger entries as server-sent events, each sent when it is written. A reader that was cut off sends \
                  `Last-Event-ID`, the cursor of the last entry that it has seen.",
        query: &[AFTER_NOW, KIND, APP, PAGE, PERSON, STABLE, SECRETS],
        body: None,
        answers: &[
            PossibleAnswer { status: 200, meaning: "The events.", content: AnswerContent::Events },
            BAD_QUERY,
            NO_WORLD,
        ],
        handler: ControlHandler::Sync(stream::open),
    },
    ControlRoute {
        method: "GET",
        path: "/_control/worlds/{world}/calls",
        summary: "Graph calls after a cursor, oldest first, with query, body, person and answer. With `wait` it is a long poll.",
        query: CALLS_QUERY,
        body: None,
        answers: &[json(200, "The calls, 1000 at most.", "CallPage"), BAD_QUERY, NO_WORLD, ENTRIES_GONE],
        handler: ControlHandler::Async(|call| Box::pin(calls::list(call))),
    },
    ControlRoute {
        method: "POST",
        path: "/_control/worlds/{world}/ledger/{cursor}/redeliver",
        summary: "Sends the webhook of an entry once more, to the byte. It meets no fault.",
        query: &[],
        body: None,
        answers: &[
            json(202, "The attempt has begun; the ledger gets an entry when it is over.", "Redelivery"),
            json(400, "The cursor is not a number.", "Error"),
            json(404, "There is no such world, or the ledger has no such entry.", "Error"),
            json(409, "The entry is not a webhook that goes to an app, or the app is a puppet.", "Error"),
        ],
        handler: ControlHandler::Sync(redeliver::redeliver),
    },
    ControlRoute {
        method: "GET",
        path: "/_control/worlds/{world}/scenario",
        summary: "What happened in the world, as a scenario file that passes when it is run: what people, admins and apps did, when, and who owned \
                  the threads then. Apps are puppets in it.",
        query: &[],
        body: None,
        answers: &[
            PossibleAnswer {
                status: 200,
                meaning: "The file. Its comments say what no step can do again, such as an upload.",
                content: AnswerContent::Yaml("ScenarioFile"),
            },
            NO_WORLD,
            json(409, "The ledger has dropped the beginning.", "Error"),
        ],
        handler: ControlHandler::Sync(snapshots::scenario),
    },
    ControlRoute {
        method: "GET",
        path: "/_control/worlds/{world}/snapshot",
        summary: "The whole world as a file, once nothing is under way in it.",
        query: &[Parameter {
            name: "wait",
            meaning: "How long to wait until nothing is under way, in real time; 2s if it is left out, 60s at most.",
            kind: ParameterKind::Duration,
        }],
        body: None,
        answers: &[
            json(200, "The snapshot.", "Snapshot"),
            BAD_QUERY,
            NO_WORLD,
            json(409, "Something is under way, too much has happened, or the snapshot is too large.", "Error"),
        ],
        handler: ControlHandler::Async(|call| Box::pin(snapshots::take(call))),
    },
    ControlRoute {
        method: "PUT",
        path: "/_control/worlds/{world}/snapshot",
        summary: "Puts a snapshot in the place of the world, or makes the world. Message ids from then on are ones that were never seen, so that a \
                  bot that ignores what it has answered before does not ignore them; with `ids=same`, the same ids, cursors, times and webhooks \
                  follow as the first time.",
        query: &[Parameter {
            name: "ids",
            meaning: "Whether later message ids are ones that were never seen (`new`, if this is left out) or those that followed the first time (`same`).",
            kind: ParameterKind::Ids,
        }],
        body: Some("Snapshot"),
        answers: &[
            json(200, "The world is as it was.", "WorldDescription"),
            json(201, "The world was made.", "WorldDescription"),
            json(
                400,
                "It is not a snapshot of this version, it is damaged, or it does not replay. Nothing has changed.",
                "Error",
            ),
            json(409, "It is a snapshot of another world, or its tokens are taken. Nothing has changed.", "Error"),
        ],
        handler: ControlHandler::Async(|call| Box::pin(snapshots::restore(call))),
    },
    ControlRoute {
        method: "GET",
        path: "/_control/worlds/{world}/people",
        summary: "The people with names, in the order in which they came, and the crowds; with `of` the members of a crowd.",
        query: PEOPLE_QUERY,
        body: None,
        answers: &[
            json(200, "The people.", "People"),
            BAD_QUERY,
            json(404, "There is no such world or crowd.", "Error"),
        ],
        handler: ControlHandler::Sync(people::list),
    },
    ControlRoute {
        method: "POST",
        path: "/_control/worlds/{world}/people",
        summary: "Adds a person, with a new name if none is given, or a crowd. A reset takes them away again.",
        query: &[],
        body: Some("NewPeople"),
        answers: &[
            json(201, "The person, with the scoped ids, or the crowd.", "PersonOrCrowd"),
            json(400, "The request has mistakes.", "Error"),
            NO_WORLD,
            json(409, "The name or a scoped id is taken, or there are too many people.", "Error"),
        ],
        handler: ControlHandler::Sync(people::add),
    },
    ControlRoute {
        method: "POST",
        path: "/_control/worlds/{world}/people/claim",
        summary: "Hands out a member of a crowd whom nobody else gets. A reset takes all members back.",
        query: &[],
        body: Some("Claim"),
        answers: &[
            json(200, "The person.", "Person"),
            json(400, "The request has mistakes.", "Error"),
            json(404, "There is no such world or crowd.", "Error"),
            json(410, "All members are handed out.", "Error"),
        ],
        handler: ControlHandler::Sync(people::claim),
    },
    ControlRoute {
        method: "GET",
        path: "/_control/worlds/{world}/people/{person}",
        summary: "A person with the scoped ids; also a member of a crowd.",
        query: &[],
        body: None,
        answers: &[json(200, "The person.", "Person"), json(404, "There is no such world or person.", "Error")],
        handler: ControlHandler::Sync(people::read),
    },
    ControlRoute {
        method: "GET",
        path: "/_control/worlds/{world}/threads",
        summary: "The threads in which anything has happened, with their owners and their last messages. The thread with the newest event comes \
                  first.",
        query: THREADS_QUERY,
        body: None,
        answers: &[json(200, "The threads.", "Threads"), BAD_QUERY, NO_WORLD],
        handler: ControlHandler::Sync(threads::list),
    },
    ControlRoute {
        method: "GET",
        path: "/_control/worlds/{world}/threads/{page}/{person}",
        summary: "One thread with its owners so far and its transcript.",
        query: &[],
        body: None,
        answers: &[json(200, "The thread.", "Thread"), NO_THREAD],
        handler: ControlHandler::Sync(threads::read),
    },
    ControlRoute {
        method: "GET",
        path: "/_control/worlds/{world}/threads/{page}/{person}/explain",
        summary: "The story of a thread: who owns it and why, what happened, which apps got webhooks, and what each app may do now.",
        query: &[],
        body: None,
        answers: &[json(200, "The story.", "Explanation"), NO_THREAD],
        handler: ControlHandler::Sync(threads::explain),
    },
    ControlRoute {
        method: "GET",
        path: "/_control/worlds/{world}/threads/{page}/{person}/offers",
        summary: "What the person can do in the thread now, each with the step that does it: ads and links, what the page and its messages have \
                  to tap, and the verbs of steps that would not be refused.",
        query: &[],
        body: None,
        answers: &[json(200, "What there is to do.", "Offers"), NO_THREAD],
        handler: ControlHandler::Async(|call| Box::pin(offers::list(call))),
    },
    ControlRoute {
        method: "GET",
        path: "/_control/worlds/{world}/faults",
        summary: "The armed faults, with how often each of them fired.",
        query: &[],
        body: None,
        answers: &[json(200, "The faults, in the order in which they were armed.", "Faults"), NO_WORLD],
        handler: ControlHandler::Sync(faults::list),
    },
    ControlRoute {
        method: "POST",
        path: "/_control/worlds/{world}/faults",
        summary: "Arms a fault, in the words of a `fault` step. Calls and webhooks from now on may meet it.",
        query: &[],
        body: Some("Fault"),
        answers: &[
            json(201, "The fault, with its number.", "ArmedFault"),
            json(400, "The fault has mistakes, or there are too many.", "Error"),
            NO_WORLD,
        ],
        handler: ControlHandler::Sync(faults::arm),
    },
    ControlRoute {
        method: "DELETE",
        path: "/_control/worlds/{world}/faults",
        summary: "Disarms all faults.",
        query: &[],
        body: None,
        answers: &[nothing(204, "No fault is armed."), NO_WORLD],
        handler: ControlHandler::Sync(faults::disarm_all),
    },
    ControlRoute {
        method: "DELETE",
        path: "/_control/worlds/{world}/faults/{number}",
        summary: "Disarms one fault.",
        query: &[],
        body: None,
        answers: &[nothing(204, "The fault is disarmed."), json(404, "There is no such world or fault.", "Error")],
        handler: ControlHandler::Sync(faults::disarm),
    },
    ControlRoute {
        method: "GET",
        path: "/_control/worlds/{world}/lint",
        summary: "What apps did wrong although nothing failed, as far back as the ledger goes.",
        query: &[],
        body: None,
        answers: &[json(200, "The findings.", "Findings"), NO_WORLD],
        handler: ControlHandler::Sync(lint::read),
    },
    ControlRoute {
        method: "GET",
        path: "/_control/worlds/{world}/clock",
        summary: "What the clock of a world shows, how it runs, and what falls due.",
        query: &[],
        body: None,
        answers: &[json(200, "The clock.", "ClockAndDue"), NO_WORLD],
        handler: ControlHandler::Sync(clock::read),
    },
    ControlRoute {
        method: "POST",
        path: "/_control/worlds/{world}/clock",
        summary: "Turns the clock forward. As in a scenario, what is under way at the old time ends first.",
        query: &[SESSION],
        body: Some("ClockChange"),
        answers: &[
            json(200, "The clock as it is now.", "ClockAndDue"),
            json(400, "The request has mistakes.", "Error"),
            NO_WORLD,
            json(422, "The clock cannot be turned so, or something failed before or after.", "FailedClock"),
        ],
        handler: ControlHandler::Async(|call| Box::pin(clock::advance(call))),
    },
];

const NO_APP: PossibleAnswer = json(404, "There is no such world or app.", "Error");
const NO_WORLD: PossibleAnswer = json(404, "There is no such world.", "Error");
const NO_THREAD: PossibleAnswer = json(404, "There is no such world, page, account or person.", "Error");
const BAD_QUERY: PossibleAnswer = json(400, "A parameter is unknown, or its value is wrong.", "Error");
const ENTRIES_GONE: PossibleAnswer =
    json(410, "Entries after this cursor are gone, or the ledger does not go that far.", "Error");

const fn json(status: u16, meaning: &'static str, schema: &'static str) -> PossibleAnswer {
    PossibleAnswer { status, meaning, content: AnswerContent::Json(schema) }
}

const fn nothing(status: u16, meaning: &'static str) -> PossibleAnswer {
    PossibleAnswer { status, meaning, content: AnswerContent::Nothing }
}

/// Handles `GET /_control/openapi.json`.
fn openapi_document(_: &ControlCall<'_>) -> Handled {
    Ok(ControlAnswer::json(200, &openapi::document(ROUTES)))
}
