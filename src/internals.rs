//! What the tests, benches and fuzz targets of this package use beside the public façade. It is not part of the API and changes at any
//! time. A test that needs one more item adds it here; what stands in no list here and is not used is dead, and the compiler says so.
#![allow(missing_docs)]

/// The bounds, for the table in docs/RELIABILITY.md.
pub mod bounds {
    pub use crate::archive::{MAX_BUNDLE, MAX_BUNDLE_VALUES, MAX_SNAPSHOT, MAX_SNAPSHOT_VALUES};
    pub use crate::control::MAX_DESCRIBED_PSIDS;
    pub use crate::control::world_sessions::MAX_SESSIONS;
    pub use crate::delivery::attempt::MAX_KEPT_BODY;
    pub use crate::delivery::connection::MAX_RESPONSE_BODY;
    pub use crate::domain::model::attachments::MAX_ATTACHMENTS;
    pub use crate::domain::model::config::{Limits, MAX_RECORDED_BODY};
    pub use crate::domain::model::crowd::{MAX_CROWDS, MAX_MEMBERS};
    pub use crate::domain::model::labels::MAX_LABELS;
    pub use crate::domain::model::message_template::MAX_TEMPLATES;
    pub use crate::domain::model::people::{MAX_PEOPLE, MAX_PSIDS};
    pub use crate::domain::model::persona::MAX_PERSONAS;
    pub use crate::domain::model::welcome_flow::MAX_WELCOME_FLOWS;
    pub use crate::engine::DEFAULT_MEMORY;
    pub use crate::engine::armed::MAX_FAULTS;
    pub use crate::engine::evicted_commands::MAX_EVICTED_COMMANDS;
    pub use crate::engine::registry::{MAX_RETIRED, MAX_WORLDS};
    pub use crate::graph::http::multipart::MAX_PARTS;
    pub use crate::graph::http::value_limit::MAX_VALUES;
    pub use crate::graph::routes::batch::MAX_ITEMS;
    pub use crate::language::expand::{MAX_EXPANDED_BYTES, MAX_EXPANDED_NODES};
    pub use crate::language::files::MAX_SCENARIOS;
    pub use crate::language::node::MAX_NODES;
    pub use crate::runner::placeholders::MAX_FILLED_STEP;
    pub use crate::runner::session_memory::{MAX_SAVED, MAX_SAVED_BYTES};
    pub use crate::server::MAX_BODIES;
    pub use crate::text::byte_size::format_byte_size;
    pub use crate::text::diagnostic::MAX_DRAWN;
    pub use crate::text::source::MAX_SOURCE;
}
pub mod archive {
    pub use crate::archive::{Bundle, SnapshotFile};
}
pub mod delivery {
    pub use crate::delivery::{DeliverySettings, WebhookSender};
}
pub mod domain {
    pub use crate::domain::World;
    pub mod command {
        pub use crate::domain::command::{
            AccessChange, Command, ControlType, DeliveryUpdate, HandoverCall, InboxAction, LabelChange, Moderation,
            Send, SenderAction, SettingChange, SurveyReply, Tag, Target, ThreadControl, UserAction, UserMessage,
        };
    }
    pub mod event {
        pub use crate::domain::event::{Channel, Decision, DeliveryState, Event, Scope, WebhookPayload};
    }
    pub mod model {
        pub mod access {
            pub use crate::domain::model::access::{Permission, PermissionSet, Principal, TokenEnd, TokenKey};
        }
        pub mod config {
            pub use crate::domain::model::config::{
                AppConfig, AssetConfig, Config, ConnectionConfig, DeliveryConfig, InstagramApp, Limits,
            };
        }
        pub mod webhook_config {
            pub use crate::domain::model::webhook_config::WebhookConfig;
        }
        pub mod fields {
            pub use crate::domain::model::fields::{Field, FieldSet, OtherObject};
        }
        pub mod ids {
            pub use crate::domain::model::ids::{
                AdKey, AppId, AppKey, AssetKey, INBOX_APP_ID, LEAD_APP_ID, PersonKey, ThreadKey, UserKey,
            };
        }
        pub mod knobs {
            pub use crate::domain::model::knobs::Knobs;
        }
        pub mod crowd {
            pub use crate::domain::model::crowd::CrowdConfig;
        }
        pub mod platform {
            pub use crate::domain::model::platform::Login;
        }
        pub mod people {
            pub use crate::domain::model::people::People;
        }
        pub mod person {
            pub use crate::domain::model::person::{PersonConfig, PersonDetails};
        }
        pub mod media {
            pub use crate::domain::model::media::MediaKind;
        }
        pub mod message {
            pub use crate::domain::model::message::{Attachment, Content, QuickReply, Reaction};
        }
        pub mod message_template {
            pub use crate::domain::model::message_template::{TemplateChange, Wording};
        }
        pub mod persona {
            pub use crate::domain::model::persona::PersonaChange;
        }
        pub mod profile {
            pub use crate::domain::model::profile::{
                IceBreaker, IceBreakers, Localized, Menu, MenuItem, ProfileChange, Property, Setting,
            };
        }
        pub mod public_action {
            pub use crate::domain::model::public_action::{PublicAction, PublicPlace};
        }
        pub mod template {
            pub use crate::domain::model::template::{Button, OptIn, Template};
        }
        pub mod ruleset {
            pub use crate::domain::model::ruleset::Ruleset;
        }
        pub mod time {
            pub use crate::domain::model::time::{Moment, Span};
        }
    }
    pub mod rules {
        pub use crate::domain::rules::{
            DELIVERY_UNSUBSCRIBED, RULES, RuleId, WEBHOOK_TO_EVERYBODY, WEBHOOK_TO_INTERRUPTER,
        };
    }
}
pub mod engine {
    pub use crate::engine::{
        ActiveWorld, Effects, Engine, IdChoice, Job, NullOutbox, Quiescence, ResetOptions, Webhook, WebhookRequest,
        WorldState,
    };
    pub mod armed {
        pub use crate::engine::armed::MAX_FAULTS;
    }
    pub mod clock {
        pub use crate::engine::clock::Mode;
    }
    pub mod fault {
        pub use crate::engine::fault::{Detour, FakedFailure, Fault, FaultEffect, FaultSite, Schedule, WebhookFault};
    }
    pub mod ledger {
        pub use crate::engine::ledger::Ledger;
    }
    pub mod ledger_entry {
        pub use crate::engine::ledger_entry::{
            Actor, DeliveryAttempt, DeliveryResult, LedgerEntry, RawCall, Record, WarningKind,
        };
    }
}
pub mod explain {
    pub use crate::explain::{explain, json_with_text};
    pub mod explanation {
        pub use crate::explain::explanation::{Consequence, DryRun, Explanation};
    }
    pub mod text {
        pub use crate::explain::text::text;
    }
    pub mod thread_names {
        pub use crate::explain::thread_names::parse_thread;
    }
}
pub mod graph {
    pub use crate::graph::{answer, parameters};
    pub mod errors {
        pub mod catalogue {
            pub use crate::graph::errors::catalogue::CATALOGUE;
        }
        pub mod statuses {
            pub use crate::graph::errors::statuses::rules;
        }
    }
    pub mod routes {
        pub mod call_words {
            pub use crate::graph::routes::call_words::WORDS;
        }
    }
}
pub mod journal {
    pub mod entry_json {
        pub use crate::journal::entry_json::{Durations, EntryView};
    }
}
pub mod language {
    pub use crate::language::Node;
    pub mod files {
        pub use crate::language::files::{Scenario, read, read_for};
    }
    pub mod schema {
        pub mod json_schema {
            pub use crate::language::schema::json_schema::{SUBJECTS, schema};
        }
        pub mod reference {
            pub use crate::language::schema::reference::reference;
        }
        pub mod step_words {
            pub use crate::language::schema::step_words::{StepWord, expectation_words, step_words};
        }
    }
    pub mod world {
        pub mod overrides {
            pub use crate::language::world::overrides::WorldOverrides;
        }
        pub mod read_world {
            pub use crate::language::world::read_world::read;
        }
    }
}
pub mod lint {
    pub use crate::lint::{Finding, LINTS, LintContext, NAMES, lint};
}
pub mod runner {
    pub use crate::runner::{RunSettings, Session, Timeouts, replay, run};
    pub mod artifact_writer {
        pub use crate::runner::artifact_writer::ArtifactWriter;
    }
    pub mod events {
        pub use crate::runner::run_events::{Reporter, RunEvent, ScenarioReport};
    }
    pub mod faults {
        pub use crate::runner::arm_faults::arm;
    }
}
pub mod server {
    pub use crate::server::{ServerSettings, Service, serve};
}
pub mod site {
    pub use crate::site::EngineSite;
}
pub mod text {
    pub mod diagnostic {
        pub use crate::text::diagnostic::{Diagnostic, render_all};
    }
    pub mod source {
        pub use crate::text::source::SourceText;
    }
}
pub mod wire {
    pub use crate::wire::PostOptions;
}
