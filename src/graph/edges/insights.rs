//! Handles `GET /{page}/insights`: the messaging metrics of a page, counted from its threads.

use serde_json::{Value, json};

use crate::domain::model::ids::AssetKey;
use crate::domain::model::thread::Thread;
use crate::domain::model::time::{Moment, Span};

use crate::graph::errors::catalogue;
use crate::graph::http::call::Call;
use crate::graph::http::response::{Result, data};
use crate::graph::read::timestamp::graph_time;

struct Metric {
    name: &'static str,
    title: &'static str,
    description: &'static str,
    /// True if a thread counts now.
    counts: fn(&Thread, Moment) -> bool,
}

const METRICS: &[Metric] = &[
    Metric {
        name: "page_messages_total_messaging_connections",
        title: "Messaging connections",
        description: "Daily: The number of people who have sent a message to your business, not including people who have \
                      blocked or reported your business on Messenger. (This number only includes connections made since \
                      October 2016.)",
        counts: |thread, _| thread.is_started() && !thread.blocked,
    },
    Metric {
        name: "page_messages_new_conversations_unique",
        title: "Daily unique new conversations count",
        description: "Daily: The number of messaging conversations on Facebook Messenger that began with people who had \
                      never messaged with your business before.",
        counts: |thread, now| thread.started.is_some_and(|started| now < started + DAY),
    },
    Metric {
        name: "page_messages_reported_conversations_unique",
        title: "Daily unique reported conversations count",
        description: "Daily: The number of conversations from your Page that have been reported by people for reasons such \
                      as spam, or containing inappropriate content.",
        // Nobody can report a conversation here.
        counts: |_, _| false,
    },
    Metric {
        name: "page_messages_blocked_conversations_unique",
        title: "Daily unique blocked conversations count",
        description: "Daily: The number of conversations with the Page that have been blocked.",
        counts: |thread, _| thread.blocked,
    },
];
/// The period of every metric.
const DAY: Span = Span::days(1);
/// The parameters of the edge.
pub const PARAMS: &[&str] = &["metric", "period", "since", "until", "date_preset"];

/// Counts the metrics as of now. Metrics of a page that have nothing to do with messages are left out.
pub fn read(call: &Call, page: AssetKey) -> Result {
    let names = call.params.list("metric")?;
    let names = names.ok_or_else(|| catalogue::PARAM_REQUIRED.with(&[("param", "metric")]))?;
    if let Some(param) = ["since", "until", "date_preset"].iter().find(|name| call.params.get(name).is_some()) {
        return Err(catalogue::NOT_BUILT.with(&[("what", &format!("insights with {param}"))]).into());
    }
    call.params.word("period", &["day", "lifetime"])?;
    if let Some(unknown) = names.iter().find(|name| !name.starts_with("page_")) {
        let values: Vec<&str> = METRICS.iter().map(|metric| metric.name).collect();
        let words = [("param", "metric"), ("values", &*values.join(", ")), ("got", unknown)];
        return Err(catalogue::PARAM_ONE_OF.with(&words).into());
    }
    let id = &call.config().asset(page).id;
    data(call.world().read(|world, _, now| {
        let threads: Vec<&Thread> =
            world.conversations(page).into_iter().filter_map(|thread| world.thread(thread)).collect();
        let counted = METRICS.iter().filter(|metric| names.iter().any(|wanted| wanted == metric.name));
        let metric = |Metric { name, title, description, counts }: &Metric| -> Value {
            let value = threads.iter().filter(|thread| counts(thread, now)).count();
            let values = json!([{ "value": value, "end_time": graph_time(now) }]);
            let id = format!("{id}/insights/{name}/day");
            json!({
                "name": name,
                "period": "day",
                "values": values,
                "title": title,
                "description": description,
                "id": id
            })
        };
        counted.map(metric).collect()
    }))
}
