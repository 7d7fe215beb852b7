//! The body of every kind of webhook, byte for byte, as fixtures/payloads has it: one file each, made by driving a real world and
//! reading what a real app receives. `UPDATE_GOLDEN=1` writes them; look at what changed before you commit it.

mod changes;
mod instagram;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use graphdouble::internals::domain::model::fields::Field;
use serde_json::Value;

use crate::golden_people::OF_PEOPLE;
use crate::support::{BAKERY, Bot, HANDOVER, INSTAGRAM, KIOSK, LEADS, TODAY, TestServer};

/// One payload.
pub struct Golden {
    /// Its file, without `.json`.
    pub file: &'static str,
    /// The world file.
    pub world: &'static str,
    /// Who receives it.
    pub app: &'static str,
    /// The key of the messaging item by which it is known.
    pub key: &'static str,
    /// What happens; the payload is what the last step brings about.
    pub steps: &'static [&'static str],
}

impl Golden {
    /// `object` of the webhook.
    fn object(&self) -> &'static str {
        if self.world == INSTAGRAM { "instagram" } else { "page" }
    }
}

pub const HI: &str = "{ user: alice, says: Hi }";
const PROFILE: &str = "{ call: { as: support, post: /me/messenger_profile, body: { get_started: { payload: WELCOME }, persistent_menu: [{ locale: default, call_to_actions: [{ type: postback, title: Order, payload: ORDER }] }], ice_breakers: [{ question: Do you deliver?, payload: DELIVERY }] } }, returns: { status: 200 } }";
const AD: &str = "{ user: alice, taps_ad: tulips, says: Hi }";

const GOLDEN: &[Golden] = &[
    bakery("messages.text", "support", "message", &[HI]),
    bakery(
        "messages.text-escaped",
        "support",
        "message",
        &[r#"{ user: alice, says: "äöå 🌷 a/b <c> 5% d@e \"f\" & 'g'\n" }"#],
    ),
    bakery(
        "messages.quick_reply",
        "support",
        "message",
        &[HI, QUICK_REPLIES, "{ user: alice, taps_quick_reply: Buy }"],
    ),
    bakery(
        "messages.image",
        "support",
        "message",
        &["{ user: alice, sends: { attachments: [{ type: image, url: 'https://cdn.example/a.png?b=c' }] } }"],
    ),
    bakery(
        "messages.file-with-text",
        "support",
        "message",
        &[
            "{ user: alice, sends: { text: See here, attachments: [{ type: file, url: 'https://cdn.example/a.pdf' }] } }",
        ],
    ),
    bakery(
        "messages.location",
        "support",
        "message",
        &["{ user: alice, sends: { attachments: [{ type: location, lat: 48.2082, long: -16.3738 }] } }"],
    ),
    bakery("messages.reply_to", "support", "message", &[HI, HELLO, "{ user: alice, says: Yes, replies_to: Hello }"]),
    bakery(
        "messages.reply_to-herself",
        "support",
        "message",
        &[HI, "{ user: alice, says: I mean hello, replies_to: Hi }"],
    ),
    bakery("messages.ad-referral", "sales", "message", &[AD]),
    bakery("messages.link-referral", "loyalty", "message", &["{ user: alice, opens_link: spring, says: Hi }"]),
    bakery("message_echoes.text", "support", "message", &[HI, HELLO]),
    bakery(
        "message_echoes.metadata",
        "support",
        "message",
        &[
            HI,
            "{ call: { as: support, post: /me/messages, body: { recipient: { id: '3001' }, message: { text: Hello, metadata: 'ticket/7' } } }, returns: { status: 200 } }",
        ],
    ),
    bakery(
        "message_echoes.image",
        "support",
        "message",
        &[
            HI,
            "{ call: { as: support, post: /me/messages, body: { recipient: { id: '3001' }, message: { attachment: { type: image, payload: { url: 'https://cdn.example/a.png' } } } } }, returns: { status: 200 } }",
        ],
    ),
    bakery("message_echoes.button-template", "support", "message", &[HI, BUTTONS]),
    bakery("message_echoes.generic-template", "support", "message", &[HI, CARDS]),
    bakery("message_echoes.generic-template-webview", "support", "message", &[HI, WHITELIST, WEBVIEW]),
    bakery("message_echoes.button-template-login-and-game", "support", "message", &[HI, LOGIN]),
    bakery("message_echoes.media-template", "support", "message", &[HI, MEDIA]),
    bakery("message_echoes.media-template-saved", "support", "message", &[HI, SAVED, MEDIA_SAVED]),
    bakery("message_echoes.receipt-template", "support", "message", &[HI, RECEIPT]),
    bakery("message_echoes.product-template", "support", "message", &[HI, PRODUCTS]),
    bakery("message_echoes.customer_feedback-template", "support", "message", &[HI, FEEDBACK]),
    bakery("message_echoes.coupon-template", "support", "message", &[HI, COUPON]),
    bakery("message_echoes.notification_messages-template", "support", "message", &[HI, OPT_IN]),
    bakery("message_echoes.notification_messages-carousel", "support", "message", &[HI, OPT_INS]),
    bakery("message_echoes.one_time_notif_req-template", "support", "message", &[HI, ONE_TIME]),
    bakery("message_deliveries", "support", "delivery", &[HI, HELLO]),
    bakery("message_reads", "support", "read", &[HI, HELLO, "{ user: alice, reads: true }"]),
    bakery("message_reactions.react", "support", "reaction", &[HI, HELLO, "{ user: alice, reacts: love }"]),
    bakery("message_reactions.react-other", "support", "reaction", &[HI, HELLO, "{ user: alice, reacts: '🌷' }"]),
    bakery(
        "message_reactions.unreact",
        "support",
        "reaction",
        &[HI, HELLO, "{ user: alice, reacts: love }", "{ user: alice, unreacts: true }"],
    ),
    bakery("messaging_account_linking.linked", "support", "account_linking", &[HI, LOGIN, LINKS]),
    bakery(
        "messaging_optins.checkbox",
        "support",
        "optin",
        &["{ user: alice, opts_in: { user_ref: form-7, ref: spring } }"],
    ),
    bakery(
        "messaging_feedback.csat",
        "support",
        "messaging_feedback",
        &[HI, FEEDBACK, "{ user: alice, answers_survey: { score: 5, text: Crusty } }"],
    ),
    bakery("messages.coupon", "support", "template", &[HI, COUPON, "{ user: alice, opens_coupon: 10% off }"]),
    bakery("messaging_optins.notification_messages", "support", "optin", &[HI, OPT_IN, SAYS_YES]),
    bakery(
        "messaging_optins.notification_messages-stop",
        "sales",
        "optin",
        &[HI, OPT_IN, SAYS_YES, "{ user: alice, stops_messages: News of bread }"],
    ),
    bakery(
        "messaging_optins.one_time_notif_req",
        "support",
        "optin",
        &[HI, ONE_TIME, "{ user: alice, opts_in: { to: Tell me when it is baked } }"],
    ),
    bakery(
        "messaging_account_linking.unlinked",
        "support",
        "account_linking",
        &[HI, LOGIN, LINKS, "{ user: alice, unlinks_account: true }"],
    ),
    bakery("messaging_postbacks.payload", "support", "postback", &[HI, BUTTONS, "{ user: alice, taps_button: Order }"]),
    bakery(
        "messaging_postbacks.no-payload",
        "sales",
        "postback",
        &[HI, BUTTONS, AD, "{ user: alice, taps_button: Order }"],
    ),
    bakery(
        "messaging_postbacks.button-of-an-app-without-control",
        "support",
        "postback",
        &[HI, BUTTONS, AD, "{ user: alice, taps_button: Order }"],
    ),
    bakery(
        "messaging_postbacks.ad-referral",
        "sales",
        "postback",
        &["{ user: alice, taps_ad: tulips }", "{ user: alice, taps_button: Tell me more }"],
    ),
    bakery("messaging_postbacks.get-started", "support", "postback", &["{ user: alice, gets_started: true }"]),
    bakery(
        "messaging_postbacks.get-started-by-link",
        "loyalty",
        "postback",
        &["{ user: alice, opens_link: spring, gets_started: true }"],
    ),
    bakery(
        "messaging_postbacks.get-started-that-an-app-set",
        "support",
        "postback",
        &[PROFILE, "{ user: alice, gets_started: true }"],
    ),
    bakery("messaging_postbacks.menu", "support", "postback", &[HI, PROFILE, "{ user: alice, taps_menu: Order }"]),
    bakery(
        "messaging_postbacks.ice-breaker",
        "support",
        "postback",
        &[PROFILE, "{ user: alice, taps_ice_breaker: Do you deliver? }"],
    ),
    bakery("messaging_referrals.ad", "sales", "referral", &["{ user: alice, taps_ad: tulips }"]),
    bakery("messaging_referrals.ad-without-ref", "support", "referral", &[HI, "{ user: alice, taps_ad: bread }"]),
    bakery("messaging_referrals.link", "loyalty", "referral", &[HI, "{ user: alice, opens_link: spring }"]),
    bakery(
        "messaging_handovers.pass-by-routing",
        "sales",
        "pass_thread_control",
        &["{ user: alice, taps_ad: tulips }"],
    ),
    bakery(
        "messaging_handovers.pass-by-routing-from-another-app",
        "sales",
        "pass_thread_control",
        &[HI, "{ user: alice, taps_ad: tulips }"],
    ),
    bakery(
        "messaging_handovers.pass-with-metadata",
        "loyalty",
        "pass_thread_control",
        &[
            AD,
            r#"{ call: { as: sales, post: /me/pass_thread_control, body: { recipient: { id: '3001' }, target_app_id: '1003', metadata: '{"cart":"1/2 < 5%"}' } }, returns: { success: true } }"#,
        ],
    ),
    bakery(
        "messaging_handovers.pass-by-thread_control",
        "support",
        "pass_thread_control",
        &[
            AD,
            "{ call: { as: sales, post: /me/messages, body: { recipient: { id: '3001' }, message: { text: Bye }, thread_control: { payload: pass_thread_control } } }, returns: { status: 200 } }",
        ],
    ),
    bakery(
        "messaging_handovers.take",
        "support",
        "take_thread_control",
        &[
            HI,
            "{ admin: bakery, sets_take_control: { sales: true } }",
            "{ call: { as: sales, post: /me/messages, body: { recipient: { id: '3001' }, message: { text: Mine } } }, returns: { status: 200 } }",
        ],
    ),
    bakery(
        "messaging_handovers.take-by-the-inbox",
        "support",
        "take_thread_control",
        &[HI, "{ inbox: bakery, to: alice, moves_to_main: true }"],
    ),
    kiosk(
        "messaging_handovers.pass-on-request",
        "front",
        "pass_thread_control",
        &["{ user: carol, says: Hi }", REQUEST_FRONT],
    ),
    kiosk(
        "messaging_handovers.request",
        "front",
        "request_thread_control",
        &[
            "{ user: carol, says: Hi }",
            REQUEST_FRONT,
            "{ call: { as: back, post: /me/request_thread_control, body: { recipient: { id: '3101' }, metadata: please } }, returns: { success: true } }",
        ],
    ),
    golden(
        HANDOVER,
        "messaging_handovers.app_roles-primary",
        "sales",
        "app_roles",
        &["{ admin: bakery, sets_primary: sales }"],
    ),
    golden(
        HANDOVER,
        "messaging_handovers.app_roles-secondary",
        "support",
        "app_roles",
        &["{ admin: bakery, sets_primary: sales }"],
    ),
    golden(
        HANDOVER,
        "messaging_handovers.pass_thread_metadata",
        "sales",
        "pass_thread_metadata",
        &[
            HI,
            "{ call: { as: support, post: /me/pass_thread_metadata, body: { recipient: { id: '3001' }, target_app_id: '1002', metadata: vip } }, returns: { success: true } }",
        ],
    ),
    golden(
        HANDOVER,
        "messaging_handovers.request-by-the-inbox",
        "support",
        "request_thread_control",
        &[HI, "{ inbox: bakery, to: alice, moves_to_main: true }"],
    ),
    golden(
        HANDOVER,
        "messaging_handovers.pass-by-the-inbox",
        "support",
        "pass_thread_control",
        &[
            HI,
            "{ call: { as: support, post: /me/pass_thread_control, body: { recipient: { id: '3001' }, target_app_id: 263902037430900 } }, returns: { success: true } }",
            "{ inbox: bakery, to: alice, moves_to_done: true }",
        ],
    ),
    golden(
        TODAY,
        "messaging_handovers.pass-of-an-idle-thread",
        "loyalty",
        "pass_thread_control",
        &[
            "{ call: { as: sales, post: /me/pass_thread_control, body: { recipient: { id: '3001' }, target_app_id: 1003 } }, returns: { success: true } }",
        ],
    ),
    golden(LEADS, "messaging_handovers.lead-complete", "sales", "pass_thread_control", LEAD),
    golden(LEADS, "messaging_referrals.lead-complete", "sales", "referral", LEAD),
    golden(LEADS, "messages.lead-summary", "sales", "message", LEAD),
    kiosk("messages.nobody-owns-the-thread", "back", "message", &["{ user: carol, says: Hi }"]),
    bakery("standby.message", "sales", "message", &[HI]),
    bakery("standby.message-with-ad-referral", "support", "message", &[AD]),
    bakery(
        "standby.message-with-quick_reply",
        "sales",
        "message",
        &[HI, QUICK_REPLIES, "{ user: alice, taps_quick_reply: Buy }"],
    ),
    bakery("standby.postback", "sales", "postback", &[HI, BUTTONS, "{ user: alice, taps_button: Order }"]),
    bakery("standby.echo", "sales", "message", &[HI, HELLO]),
    bakery(
        "standby.echo-from-the-inbox",
        "support",
        "message",
        &[HI, "{ inbox: bakery, to: alice, replies: Hello from us }"],
    ),
    bakery("standby.referral", "support", "referral", &["{ user: alice, taps_ad: tulips }"]),
    bakery("standby.delivery", "sales", "delivery", &[HI, HELLO]),
    bakery("standby.read", "sales", "read", &[HI, HELLO, "{ user: alice, reads: true }"]),
];

const HELLO: &str = "{ call: { as: support, post: /me/messages, body: { recipient: { id: '3001' }, message: { text: Hello } } }, returns: { status: 200 } }";
const QUICK_REPLIES: &str = "{ call: { as: support, post: /me/messages, body: { recipient: { id: '3001' }, message: { text: 'Well?', quick_replies: [{ content_type: text, title: Buy, payload: BUY_1 }] } } }, returns: { status: 200 } }";
const BUTTONS: &str = "{ call: { as: support, post: /me/messages, body: { recipient: { id: '3001' }, message: { attachment: { type: template, payload: { template_type: button, text: 'Well?', buttons: [{ type: postback, title: Order, payload: ORDER }, { type: web_url, title: Shop, url: 'https://bakery.example/shop' }, { type: phone_number, title: Call, payload: '+15551234' }] } } } } }, returns: { status: 200 } }";
const CARDS: &str = "{ call: { as: support, post: /me/messages, body: { recipient: { id: '3001' }, message: { attachment: { type: template, payload: { template_type: generic, elements: [{ title: Rye, subtitle: Dark, image_url: 'https://cdn.example/rye.png', default_action: { type: web_url, url: 'https://bakery.example/rye' }, buttons: [{ type: postback, title: Order, payload: RYE }] }, { title: Wheat, subtitle: White }] } } } } }, returns: { status: 200 } }";
const WHITELIST: &str = "{ call: { as: support, post: /me/messenger_profile, body: { whitelisted_domains: ['https://bakery.example'] } }, returns: { status: 200 } }";
const WEBVIEW: &str = "{ call: { as: support, post: /me/messages, body: { recipient: { id: '3001' }, message: { attachment: { type: template, payload: { template_type: generic, image_aspect_ratio: square, sharable: true, elements: [{ title: Rye, default_action: { type: web_url, url: 'https://bakery.example/rye', webview_height_ratio: tall, messenger_extensions: true, fallback_url: 'https://bakery.example/old' }, buttons: [{ type: web_url, title: Shop, url: 'https://bakery.example/shop', webview_height_ratio: compact, webview_share_button: hide }] }] } } } } }, returns: { status: 200 } }";
const LOGIN: &str = "{ call: { as: support, post: /me/messages, body: { recipient: { id: '3001' }, message: { attachment: { type: template, payload: { template_type: button, text: 'Well?', buttons: [{ type: account_link, url: 'https://bakery.example/login' }, { type: account_unlink }, { type: game_play, title: Play, payload: '{}', game_metadata: { context_id: '7' } }] } } } } }, returns: { status: 200 } }";
const LINKS: &str = "{ user: alice, links_account: customer-7 }";
const MEDIA: &str = "{ call: { as: support, post: /me/messages, body: { recipient: { id: '3001' }, message: { attachment: { type: template, payload: { template_type: media, elements: [{ media_type: video, url: 'https://www.facebook.com/bakery/videos/7', buttons: [{ type: postback, title: Order, payload: ORDER }] }] } } } } }, returns: { status: 200 } }";
const MEDIA_SAVED: &str = "{ call: { as: support, post: /me/messages, body: { recipient: { id: '3001' }, message: { attachment: { type: template, payload: { template_type: media, sharable: true, elements: [{ media_type: image, attachment_id: '${saved}' }] } } } } }, returns: { status: 200 } }";
const RECEIPT: &str = "{ call: { as: support, post: /me/messages, body: { recipient: { id: '3001' }, message: { attachment: { type: template, payload: { template_type: receipt, recipient_name: Alice, merchant_name: Bakery, order_number: '7', currency: USD, payment_method: Visa 1234, order_url: 'https://bakery.example/orders/7', timestamp: '1428444852', address: { street_1: 1 Mill Lane, city: Menlo Park, postal_code: '94025', state: CA, country: US }, summary: { subtotal: 75.5, shipping_cost: 4.95, total_tax: 6.19, total_cost: 56 }, adjustments: [{ name: Regulars, amount: 20 }], elements: [{ title: Rye, subtitle: Dark, quantity: 2, price: 25, currency: USD, image_url: 'https://cdn.example/rye.png' }] } } } } }, returns: { status: 200 } }";
const PRODUCTS: &str = "{ call: { as: support, post: /me/messages, body: { recipient: { id: '3001' }, message: { attachment: { type: template, payload: { template_type: product, elements: [{ id: '400' }, { id: '401' }] } } } } }, returns: { status: 200 } }";
const FEEDBACK: &str = "{ call: { as: support, post: /me/messages, body: { recipient: { id: '3001' }, message: { attachment: { type: template, payload: { template_type: customer_feedback, title: Rate us, subtitle: One question, button_title: Rate, feedback_screens: [{ questions: [{ id: q_1, type: csat, title: 'How was it?', score_label: neg_pos, score_option: five_stars, follow_up: { type: free_form, placeholder: 'More?' } }] }], business_privacy: { url: 'https://bakery.example/privacy' }, expires_in_days: 3 } } } } }, returns: { status: 200 } }";
const COUPON: &str = "{ call: { as: support, post: /me/messages, body: { recipient: { id: '3001' }, message: { attachment: { type: template, payload: { template_type: coupon, title: 10% off, subtitle: Until May, coupon_code: 10PERCENT, coupon_url: 'https://bakery.example/', coupon_url_button_title: Shop now, coupon_pre_message: For you, image_url: 'https://cdn.example/sale.png', payload: sale } } } } }, returns: { status: 200 } }";
const SAYS_YES: &str = "{ user: alice, opts_in: { to: News of bread } }";
const OPT_IN: &str = "{ call: { as: support, post: /me/messages, body: { recipient: { id: '3001' }, message: { attachment: { type: template, payload: { template_type: notification_messages, title: News of bread, image_url: 'https://cdn.example/a.png', payload: NEWS, notification_messages_timezone: UTC, notification_messages_cta_text: GET_UPDATES } } } } }, returns: { status: 200 } }";
const OPT_INS: &str = "{ call: { as: support, post: /me/messages, body: { recipient: { id: '3001' }, message: { attachment: { type: template, payload: { template_type: notification_messages, elements: [{ title: Bread, payload: BREAD }, { title: Cake, payload: CAKE, notification_messages_cta_text: ALLOW }] } } } } }, returns: { status: 200 } }";
const ONE_TIME: &str = "{ call: { as: support, post: /me/messages, body: { recipient: { id: '3001' }, message: { attachment: { type: template, payload: { template_type: one_time_notif_req, title: Tell me when it is baked, payload: BAKED } } } } }, returns: { status: 200 } }";
const SAVED: &str = "{ call: { as: support, post: /me/messages, body: { recipient: { id: '3001' }, message: { attachment: { type: image, payload: { url: 'https://cdn.example/a.png', is_reusable: true } } } } }, returns: { status: 200 }, save: { saved: /attachment_id } }";
const REQUEST_FRONT: &str = "{ call: { as: front, post: /me/request_thread_control, body: { recipient: { id: '3101' } } }, returns: { success: true } }";

/// Alice answers all that the wedding ad asks.
const LEAD: &[&str] =
    &["{ user: alice, taps_ad: weddings }", "{ user: alice, says: In May }", "{ user: alice, says: Eighty }"];

const fn golden(
    world: &'static str,
    file: &'static str,
    app: &'static str,
    key: &'static str,
    steps: &'static [&'static str],
) -> Golden {
    Golden { file, world, app, key, steps }
}

pub const fn bakery(
    file: &'static str,
    app: &'static str,
    key: &'static str,
    steps: &'static [&'static str],
) -> Golden {
    golden(BAKERY, file, app, key, steps)
}

const fn kiosk(file: &'static str, app: &'static str, key: &'static str, steps: &'static [&'static str]) -> Golden {
    golden(KIOSK, file, app, key, steps)
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/payloads")
}

/// The world with every app living at the bot, each at a path of its own.
fn world(golden: &Golden, bot: &Bot) -> String {
    let mut world = golden.world.to_owned();
    for app in ["support", "sales", "loyalty", "front", "back", "shop", "dm"] {
        let secret = format!("secret: {app}-secret");
        world = world.replace(&secret, &format!("{secret}, webhook: {{ url: \"{}\" }}", bot.url(&format!("/{app}"))));
    }
    world
}

/// What the app receives.
async fn body(golden: &Golden) -> Vec<u8> {
    let bot = Bot::accepting().await;
    let mut server = TestServer::start(&world(golden, &bot)).await;
    for step in golden.steps {
        bot.forget();
        server.step(step).await;
    }
    let seen = bot.seen_at(&format!("/{}", golden.app));
    let mut wanted = seen.iter().filter(|seen| seen.item().get(golden.key).is_some());
    let found = wanted.next().unwrap_or_else(|| panic!("{}: no `{}` came", golden.file, golden.key));
    assert!(wanted.next().is_none(), "{}: more than one `{}` came", golden.file, golden.key);
    found.body.clone()
}

fn all() -> impl Iterator<Item = &'static Golden> {
    GOLDEN.iter().chain(OF_PEOPLE).chain(changes::CHANGES).chain(instagram::ON_INSTAGRAM)
}

#[tokio::test]
async fn every_payload_is_byte_for_byte_what_its_file_says() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut different = Vec::new();
    for golden in all() {
        let file = folder().join(golden.file).with_added_extension("json");
        let mut body = body(golden).await;
        body.push(b'\n');
        if update {
            fs::write(&file, &body).expect("the folder can be written");
        }
        let kept = fs::read(&file).unwrap_or_default();
        if kept != body {
            different.push(format!(
                "{}\n  kept: {}  came: {}",
                golden.file,
                String::from_utf8_lossy(&kept),
                String::from_utf8_lossy(&body)
            ));
        }
    }
    assert!(different.is_empty(), "UPDATE_GOLDEN=1 writes these anew:\n{}", different.join("\n"));
}

#[test]
fn every_file_is_one_line_of_ascii_that_this_test_makes() {
    let made: BTreeSet<String> = all().map(|golden| format!("{}.json", golden.file)).collect();
    assert_eq!(made.len(), all().count(), "a file stands twice in the table");
    let mut kept = BTreeSet::new();
    for entry in fs::read_dir(folder()).expect("the folder") {
        let path = entry.expect("an entry").path();
        let bytes = fs::read(&path).expect("a payload");
        let (end, body) = bytes.split_last().expect("a payload");
        assert!(*end == b'\n' && body.is_ascii() && !body.contains(&b'\n'), "{}", path.display());
        kept.insert(path.file_name().expect("a name").to_string_lossy().into_owned());
    }
    assert_eq!(kept, made);
}

#[test]
fn every_payload_has_metas_outer_shape() {
    for golden in all() {
        let file = folder().join(golden.file).with_added_extension("json");
        let text = fs::read_to_string(&file).expect("a payload");
        if golden.key == "value" {
            changes::check(golden, &text);
            continue;
        }
        let channel = if golden.file.starts_with("standby.") { "standby" } else { "messaging" };
        let object = golden.object();
        assert!(text.starts_with(&format!(r#"{{"object":"{object}","entry":[{{"time":"#)), "{text}");
        // Nobody sends a change of role, and a person who ticked a checkbox has no PSID in it.
        let unsent = golden.key == "app_roles" || golden.file == "messaging_optins.checkbox";
        let first = if unsent { "recipient" } else { "sender" };
        assert!(text.contains(&format!(r#","{channel}":[{{"{first}":{{"id":"#)), "{}: {text}", golden.file);
        let body: Value = serde_json::from_str(&text).expect("JSON");
        let entry = &body["entry"][0];
        let item = &entry[channel][0];
        let is_echo = item["message"]["is_echo"] == true;
        let page = entry["id"].clone();
        assert_eq!(item[if is_echo { "sender" } else { "recipient" }]["id"], page, "{}", golden.file);
        assert!(entry["time"].as_u64() >= item["timestamp"].as_u64() && item["timestamp"].is_u64(), "{}", golden.file);
    }
}

#[test]
fn the_fields_of_which_something_is_sent_are_those_that_have_a_payload_here() {
    let field_of = |file: &str| file.split('.').next().and_then(Field::parse).map(Field::name);
    let sent = all().filter(|golden| !golden.file.ends_with("test-button"));
    let with_payload: BTreeSet<_> = sent.map(|golden| field_of(golden.file)).collect();
    let said: BTreeSet<_> = Field::ALL.iter().filter(|field| field.is_sent()).map(|field| Some(field.name())).collect();
    assert_eq!(with_payload, said);
}
