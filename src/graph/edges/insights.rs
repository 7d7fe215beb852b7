//! Edges room: `GET /{page}/insights`, the messaging metrics of a page, counted from what happened.

use serde_json::{Value, json};

use crate::domain::thread::Thread;

use super::super::answer::{Result, data};
use super::super::call::Call;
use super::super::catalogue;
use super::parties;

/// A metric of Messenger.
struct Metric {
    name: &'static str,
    title: &'static str,
    description: &'static str,
    /// Whether a thread counts.
    counts: fn(&Thread) -> bool,
}

const METRICS: &[Metric] = &[
    Metric {
        name: "page_messages_total_messaging_connections",
        title: "Messaging connections",
        description: "Daily: The number of people who have sent a message to your business, not including people who have \
                      blocked or reported your business on Messenger. (This number only includes connections made since \
                      October 2016.)",
        counts: |thread| thread.is_started() && !thread.blocked,
    },
    Metric {
        name: "page_messages_blocked_conversations_unique",
        title: "Daily unique blocked conversations count",
        description: "Daily: The number of conversations with the Page that have been blocked.",
        counts: |thread| thread.blocked,
    },
];
const KNOWN: &[&str] = &["metric", "period", "since", "until", "date_preset"];

/// Lists the metrics that are asked for, as of now. Those that are about anything but messages have nothing to count.
pub fn read(call: &Call) -> Result {
    let page = call.page()?;
    call.warn_of_unknown_params(KNOWN);
    let names = call.params.list("metric")?;
    let names = names.ok_or_else(|| catalogue::PARAM_REQUIRED.with(&[("param", "metric")]))?;
    if let Some(later) = ["since", "until", "date_preset"].iter().find(|name| call.params.get(name).is_some()) {
        return Err(catalogue::NOT_BUILT.with(&[("what", &format!("insights with {later}"))]).into());
    }
    call.params.word("period", &["day", "lifetime"])?;
    if let Some(unknown) = names.iter().find(|name| !name.starts_with("page_")) {
        let values: Vec<&str> = METRICS.iter().map(|metric| metric.name).collect();
        let words = [("param", "metric"), ("values", &*values.join(", ")), ("got", unknown)];
        return Err(catalogue::PARAM_ONE_OF.with(&words).into());
    }
    let id = &call.world().config().page(page).id;
    data(call.world().read(|world, _, now| {
        let threads: Vec<&Thread> =
            world.conversations(page).into_iter().filter_map(|thread| world.thread(thread)).collect();
        let counted = METRICS.iter().filter(|metric| names.iter().any(|wanted| wanted == metric.name));
        let metric = |Metric { name, title, description, counts }: &Metric| -> Value {
            let value = threads.iter().filter(|thread| counts(thread)).count();
            let values = json!([{ "value": value, "end_time": parties::time(now) }]);
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
