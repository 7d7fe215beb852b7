//! Wire room: the parts of a messaging item, as serde structs whose field order is Meta's.

use std::borrow::Cow;

use serde::{Serialize, Serializer};

use crate::domain::event::{Lead, Visibility, WebhookPayload};
use crate::domain::model::access::Role;
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AdKey, AppKey, PageKey};
use crate::domain::model::message::{Attachment, Author, Content, Message, QuickReplyKind, Referral};

use super::replies::{self, CouponItem, FeedbackItem, NotificationOptInItem, OneTimeOptInItem};
use super::templates::{self, TemplateItem};

/// What stands beside sender, recipient and timestamp.
pub enum Item<'e> {
    Message(MessageItem<'e>),
    Postback(PostbackItem<'e>),
    Referral(ReferralItem<'e>),
    /// A referral, and a second key beside it.
    Lead(ReferralItem<'e>, LeadItem<'e>),
    PassThreadMetadata(MetadataItem<'e>),
    AppRoles(RolesItem),
    PassThreadControl(HandoverItem<'e>),
    TakeThreadControl(HandoverItem<'e>),
    RequestThreadControl(RequestItem<'e>),
    Delivery(DeliveryItem<'e>),
    Read(ReadItem),
    Reaction(ReactionItem<'e>),
    AccountLinking(AccountLinkingItem<'e>),
    OptIn(OptInItem<'e>),
    NotificationOptIn(NotificationOptInItem<'e>),
    OneTimeOptIn(OneTimeOptInItem<'e>),
    Feedback(FeedbackItem<'e>),
    Coupon(CouponItem<'e>),
}

#[derive(Serialize)]
pub struct MessageItem<'e> {
    mid: &'e str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    is_echo: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    app_id: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quick_reply: Option<QuickReplyItem<'e>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_to: Option<ReplyToItem<'e>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<AttachmentItem<'e>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    referral: Option<ReferralItem<'e>>,
}

#[derive(Serialize)]
struct QuickReplyItem<'e> {
    payload: &'e str,
}

#[derive(Serialize)]
struct ReplyToItem<'e> {
    mid: &'e str,
    is_self_reply: bool,
}

#[derive(Serialize)]
struct AttachmentItem<'e> {
    /// Beside a media template Meta says where its picture is.
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'e str>,
    r#type: &'static str,
    payload: PayloadItem<'e>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum PayloadItem<'e> {
    Url(UrlItem<'e>),
    Location(LocationItem),
    Template(TemplateItem<'e>),
}

#[derive(Serialize)]
struct UrlItem<'e> {
    url: &'e str,
}

#[derive(Serialize)]
struct LocationItem {
    coordinates: Coordinates,
}

#[derive(Serialize)]
struct Coordinates {
    lat: f64,
    long: f64,
}

#[derive(Serialize)]
pub struct LeadItem<'e> {
    data: Vec<LeadAnswer<'e>>,
}

#[derive(Serialize)]
struct LeadAnswer<'e> {
    question: &'e str,
    answer: &'e str,
}

#[derive(Serialize)]
pub struct MetadataItem<'e> {
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'e str>,
}

/// `{"123456789": ["primary_receiver"]}`.
pub struct RolesItem {
    app: u64,
    role: &'static str,
}

impl Serialize for RolesItem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map([(self.app.to_string(), [self.role])])
    }
}

/// An app id in a hand-over: a number, or text where the page is switched so.
#[derive(Serialize)]
#[serde(untagged)]
enum HandoverId {
    Number(u64),
    Text(String),
}

#[derive(Serialize)]
pub struct PostbackItem<'e> {
    #[serde(skip_serializing_if = "Option::is_none")]
    mid: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    referral: Option<ReferralItem<'e>>,
}

#[derive(Serialize)]
pub struct ReferralItem<'e> {
    #[serde(skip_serializing_if = "Option::is_none")]
    r#ref: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ad_id: Option<&'e str>,
    source: &'static str,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    ads_context_data: Option<AdsContext<'e>>,
}

#[derive(Serialize)]
struct AdsContext<'e> {
    ad_title: &'e str,
}

#[derive(Serialize)]
pub struct HandoverItem<'e> {
    previous_owner_app_id: Option<HandoverId>,
    new_owner_app_id: HandoverId,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'e str>,
}

#[derive(Serialize)]
pub struct RequestItem<'e> {
    requested_owner_app_id: HandoverId,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'e str>,
}

#[derive(Serialize)]
pub struct DeliveryItem<'e> {
    mids: Vec<&'e str>,
    watermark: u64,
}

#[derive(Serialize)]
pub struct ReadItem {
    watermark: u64,
}

#[derive(Serialize)]
pub struct ReactionItem<'e> {
    mid: &'e str,
    action: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reaction: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    emoji: Option<&'e str>,
}

#[derive(Serialize)]
pub struct OptInItem<'e> {
    #[serde(skip_serializing_if = "Option::is_none")]
    r#ref: Option<&'e str>,
    user_ref: &'e str,
}

#[derive(Serialize)]
pub struct AccountLinkingItem<'e> {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    authorization_code: Option<&'e str>,
}

/// The item of a webhook event, as far as this view may see it.
pub fn item<'e>(config: &'e Config, page: PageKey, body: &'e WebhookPayload, view: Visibility) -> Item<'e> {
    let as_text = config.page(page).knobs.handover_ids_as_text;
    let id = |app: AppKey| match config.app(app).id.0 {
        id if as_text => HandoverId::Text(id.to_string()),
        id => HandoverId::Number(id),
    };
    match body {
        WebhookPayload::Message { message, referral } => {
            let referral = referral.as_deref().filter(|_| view.referral);
            Item::Message(message_item(config, message, referral))
        }
        WebhookPayload::Echo(message) => Item::Message(message_item(config, message, None)),
        WebhookPayload::Postback { mid, title, payload, referral } => Item::Postback(PostbackItem {
            mid: view.details.then_some(mid),
            title: view.details.then_some(title),
            payload: view.payload.then_some(payload),
            referral: referral.as_deref().filter(|_| view.referral).map(|referral| referral_item(config, referral)),
        }),
        WebhookPayload::Lead(lead) => Item::Lead(lead_referral(config, lead), lead_item(lead)),
        WebhookPayload::Summary { mid, text } => Item::Message(summary_item(mid, text)),
        WebhookPayload::MetadataPassed { metadata } => {
            Item::PassThreadMetadata(MetadataItem { metadata: metadata.as_deref() })
        }
        WebhookPayload::RoleChanged { app, role } => {
            Item::AppRoles(RolesItem { app: config.app(*app).id.0, role: role_name(*role) })
        }
        WebhookPayload::Referral(referral) => Item::Referral(referral_item(config, referral)),
        WebhookPayload::Passed { previous, new, metadata } => Item::PassThreadControl(HandoverItem {
            previous_owner_app_id: previous.map(id),
            new_owner_app_id: id(*new),
            metadata: metadata.as_deref(),
        }),
        WebhookPayload::Taken { previous, new, metadata } => Item::TakeThreadControl(HandoverItem {
            previous_owner_app_id: Some(id(*previous)),
            new_owner_app_id: id(*new),
            metadata: metadata.as_deref(),
        }),
        WebhookPayload::Requested { by, metadata } => {
            Item::RequestThreadControl(RequestItem { requested_owner_app_id: id(*by), metadata: metadata.as_deref() })
        }
        WebhookPayload::Delivered { mids, watermark } => {
            Item::Delivery(DeliveryItem { mids: mids.iter().map(|mid| &**mid).collect(), watermark: watermark.0 })
        }
        WebhookPayload::Read { watermark } => Item::Read(ReadItem { watermark: watermark.0 }),
        WebhookPayload::OptedIn { user_ref, reference } => {
            Item::OptIn(OptInItem { r#ref: reference.as_deref(), user_ref })
        }
        WebhookPayload::NotificationsChosen { token, subscription, change } => {
            Item::NotificationOptIn(replies::notification_item(token, subscription, *change))
        }
        WebhookPayload::OneTimeChosen { token, payload } => Item::OneTimeOptIn(replies::one_time_item(token, payload)),
        WebhookPayload::SurveyAnswered(answer) => Item::Feedback(replies::feedback_item(answer)),
        WebhookPayload::CouponOpened { payload, code } => {
            Item::Coupon(replies::coupon_item(payload.as_deref(), code.as_deref()))
        }
        WebhookPayload::AccountLinked { code } => Item::AccountLinking(AccountLinkingItem {
            status: if code.is_some() { "linked" } else { "unlinked" },
            authorization_code: code.as_deref(),
        }),
        WebhookPayload::Reacted { mid, reaction } => Item::Reaction(ReactionItem {
            mid,
            action: if reaction.is_some() { "react" } else { "unreact" },
            reaction: reaction.as_ref().map(|reaction| &*reaction.name),
            emoji: reaction.as_ref().map(|reaction| &*reaction.emoji),
        }),
    }
}

fn message_item<'e>(config: &'e Config, message: &'e Message, referral: Option<&'e Referral>) -> MessageItem<'e> {
    let app = match message.author {
        Author::Person => None,
        Author::App(app) | Author::Ad(_, Some(app)) => Some(config.app(app).id.0),
        Author::Ad(_, None) => None,
    };
    MessageItem {
        mid: &message.mid,
        is_echo: message.author != Author::Person,
        app_id: app,
        metadata: message.metadata.as_deref(),
        text: message.content.text.as_deref(),
        quick_reply: message.quick_reply.as_deref().map(|payload| QuickReplyItem { payload }),
        reply_to: message
            .reply_to
            .as_ref()
            .map(|reply| ReplyToItem { mid: &reply.mid, is_self_reply: reply.is_self_reply }),
        attachments: message.content.attachments.iter().map(attachment_item).collect(),
        referral: referral.map(|referral| referral_item(config, referral)),
    }
}

fn summary_item<'e>(mid: &'e str, text: &'e str) -> MessageItem<'e> {
    MessageItem {
        mid,
        is_echo: false,
        app_id: None,
        metadata: None,
        text: Some(text),
        quick_reply: None,
        reply_to: None,
        attachments: Vec::new(),
        referral: None,
    }
}

fn lead_item(lead: &Lead) -> LeadItem<'_> {
    let data = lead.answers.iter().map(|(question, answer)| LeadAnswer { question, answer });
    LeadItem { data: data.collect() }
}

fn lead_referral<'e>(config: &'e Config, lead: &Lead) -> ReferralItem<'e> {
    let kind = if lead.complete { "LEAD_COMPLETE" } else { "LEAD_INCOMPLETE" };
    ReferralItem { r#type: kind, ..ad_referral(config, lead.ad) }
}

/// Meta's word for a role.
pub fn role_name(role: Role) -> &'static str {
    match role {
        Role::Primary => "primary_receiver",
        Role::Secondary => "secondary_receiver",
    }
}

fn attachment_item(attachment: &Attachment) -> AttachmentItem<'_> {
    let plain = |r#type, payload| AttachmentItem { title: None, url: None, r#type, payload };
    match attachment {
        Attachment::Media { kind, url, .. } => plain(kind.name(), PayloadItem::Url(UrlItem { url })),
        Attachment::Location { latitude, longitude } => {
            let coordinates = Coordinates { lat: *latitude, long: *longitude };
            plain("location", PayloadItem::Location(LocationItem { coordinates }))
        }
        Attachment::Template(template) => {
            let url = templates::media_url(template);
            let payload = PayloadItem::Template(templates::template_item(template));
            AttachmentItem { title: url.map(|_| ""), url, r#type: "template", payload }
        }
    }
}

fn referral_item<'e>(config: &'e Config, referral: &'e Referral) -> ReferralItem<'e> {
    match referral {
        Referral::Ad { ad } => ad_referral(config, *ad),
        Referral::Link { reference } => ReferralItem {
            r#ref: Some(reference),
            ad_id: None,
            source: "SHORTLINK",
            r#type: "OPEN_THREAD",
            ads_context_data: None,
        },
    }
}

fn ad_referral(config: &Config, ad: AdKey) -> ReferralItem<'_> {
    let ad = config.ad(ad);
    ReferralItem {
        r#ref: ad.reference.as_deref(),
        ad_id: Some(&ad.id),
        source: "ADS",
        r#type: "OPEN_THREAD",
        ads_context_data: ad.title.as_deref().map(|ad_title| AdsContext { ad_title }),
    }
}

/// What a person sees of a message: text, attachments and quick replies.
#[derive(Serialize)]
pub struct ContentItem<'e> {
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<Cow<'e, str>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<AttachmentItem<'e>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    quick_replies: Vec<OfferedReply<'e>>,
}

#[derive(Serialize)]
struct OfferedReply<'e> {
    /// Where it is not the label that a tap sends.
    #[serde(skip_serializing_if = "Option::is_none")]
    content_type: Option<&'static str>,
    title: &'e str,
    payload: &'e str,
}

/// What a person sees of a message, as JSON.
pub fn content_json(content: &Content) -> serde_json::Value {
    let item = ContentItem {
        text: content.text.as_deref().map(Cow::Borrowed),
        attachments: content.attachments.iter().map(attachment_item).collect(),
        quick_replies: content
            .quick_replies
            .iter()
            .map(|reply| OfferedReply {
                content_type: (reply.kind != QuickReplyKind::Text).then(|| reply.kind.name()),
                title: &reply.title,
                payload: &reply.payload,
            })
            .collect(),
    };
    serde_json::to_value(item).unwrap_or_default()
}
