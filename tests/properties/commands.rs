//! Random commands: everything that people, apps and admins may ask of the world of the properties.

use graphdouble::internals::domain::command::{
    AccessChange, Command, ControlType, DeliveryUpdate, HandoverCall, InboxAction, LabelChange, Moderation, Send,
    SenderAction, SettingChange, SurveyReply, Tag, Target, ThreadControl, UserAction, UserMessage,
};
use graphdouble::internals::domain::model::access::{Permission, TokenEnd, TokenKey};
use graphdouble::internals::domain::model::fields::{Field, FieldSet};
use graphdouble::internals::domain::model::ids::{AdKey, AppKey, AssetKey, PersonKey, ThreadKey, UserKey};
use graphdouble::internals::domain::model::media::MediaKind;
use graphdouble::internals::domain::model::message::{Attachment, Content, QuickReply, Reaction};
use graphdouble::internals::domain::model::message_template::{TemplateChange, Wording};
use graphdouble::internals::domain::model::persona::PersonaChange;
use graphdouble::internals::domain::model::profile::{
    IceBreaker, IceBreakers, Localized, Menu, MenuItem, ProfileChange, Property, Setting,
};
use graphdouble::internals::domain::model::public_action::{PublicAction, PublicPlace};
use graphdouble::internals::domain::model::template::{Button, OptIn, Template};
use graphdouble::internals::domain::model::time::{Moment, Span};
use proptest::prelude::*;

/// Apps of the world.
pub const APPS: u16 = 3;
/// The checkbox of a website.
const BOX: &str = "box";

fn thread() -> impl Strategy<Value = ThreadKey> {
    (0u32..2).prop_map(|person| ThreadKey { asset: AssetKey(0), person: PersonKey(person) })
}

fn app() -> impl Strategy<Value = AppKey> {
    (0..APPS).prop_map(AppKey)
}

fn content() -> impl Strategy<Value = Content> {
    prop_oneof![
        Just(Content::text("plain")),
        Just(Content {
            quick_replies: vec![QuickReply { title: "Two".into(), payload: "TWO".into(), ..QuickReply::default() }],
            ..Content::text("choose")
        }),
        Just(Content {
            attachments: vec![Attachment::Template(Template::Button {
                text: "tap".into(),
                buttons: vec![Button::Postback { title: "One".into(), payload: "ONE".into() }],
            })],
            ..Content::default()
        }),
        Just(Content {
            attachments: vec![Attachment::Template(Template::Button {
                text: "your account".into(),
                buttons: vec![Button::AccountLink { url: "https://a.example/login".into() }, Button::AccountUnlink],
            })],
            ..Content::default()
        }),
        Just(Content {
            attachments: vec![Attachment::Template(Template::OptIn {
                requests: vec![OptIn { title: Some("News".into()), payload: "NEWS".into(), ..OptIn::default() }],
                carousel: false,
            })],
            ..Content::default()
        }),
    ]
}

fn thread_control() -> impl Strategy<Value = ThreadControl> {
    let kind = || prop_oneof![Just(None), Just(Some(ControlType::Pass)), Just(Some(ControlType::Release))];
    let target = prop_oneof![Just(None), app().prop_map(|app| Some(Target::App(app))), Just(Some(Target::Unknown))];
    (kind(), target, kind()).prop_map(|(payload, app, control_type)| ThreadControl { payload, app, control_type })
}

fn speech() -> impl Strategy<Value = UserAction> {
    prop_oneof![
        Just(UserAction::Says(UserMessage { text: Some("hello".into()), ..UserMessage::default() })),
        Just(UserAction::TapsButton("One".into())),
        Just(UserAction::Says(UserMessage { text: Some("stop".into()), ..UserMessage::default() })),
        Just(UserAction::TapsQuickReply("Two".into())),
        Just(UserAction::GetsStarted),
        Just(UserAction::TapsIceBreaker("Three".into())),
        Just(UserAction::TapsMenu("Four".into())),
        Just(UserAction::TapsIceBreaker("Five".into())),
    ]
}

fn gesture() -> impl Strategy<Value = UserAction> {
    let then = || proptest::option::of(speech().prop_map(Box::new));
    prop_oneof![
        4 => speech(),
        2 => ((0u16..4).prop_map(AdKey), then()).prop_map(|(ad, then)| UserAction::TapsAd(ad, then)),
        1 => then().prop_map(|then| UserAction::OpensLink(0, then)),
        1 => Just(UserAction::Reads),
        1 => Just(UserAction::Edits { message: None, text: "hello again".into() }),
        1 => Just(UserAction::Unsends { message: None }),
        1 => Just(UserAction::Reacts { message: None, reaction: Some(Reaction { name: "love".into(), emoji: "x".into() }) }),
        1 => Just(UserAction::Blocks),
        1 => Just(UserAction::Unblocks),
        1 => approach(),
    ]
}

/// What lets an app write to somebody, or know them, without a message.
fn approach() -> impl Strategy<Value = UserAction> {
    prop_oneof![
        Just(UserAction::OptsIn { user_ref: BOX.into(), reference: None }),
        Just(UserAction::AnswersSurvey(SurveyReply { score: Some("5".into()), text: None })),
        Just(UserAction::OpensCoupon("Sale".into())),
        Just(UserAction::OptsInTo("News".into())),
        Just(UserAction::StopsMessages("News".into())),
        Just(UserAction::ResumesMessages("News".into())),
        Just(UserAction::InPublic(PublicAction::Comments { text: "nice".into(), on: PublicPlace::FirstPost })),
        Just(UserAction::InPublic(PublicAction::Comments {
            text: "nice".into(),
            on: PublicPlace::Post("nice".into())
        })),
        Just(UserAction::InPublic(PublicAction::Posts("nice".into()))),
        public_place().prop_map(|publication| {
            UserAction::InPublic(PublicAction::Edits { publication, text: "nicer".into() })
        }),
        public_place().prop_map(|publication| UserAction::InPublic(PublicAction::Removes(publication))),
        (public_place(), any::<bool>()).prop_map(|(to, loves)| {
            let reaction = loves.then(|| "love".into());
            UserAction::InPublic(PublicAction::Reacts { to, reaction })
        }),
        Just(UserAction::OpensLogin),
        Just(UserAction::LinksAccount("code".into())),
        Just(UserAction::UnlinksAccount),
    ]
}

fn control() -> impl Strategy<Value = HandoverCall> {
    let target = || prop_oneof![Just(None), app().prop_map(|app| Some(Target::App(app))), Just(Some(Target::Unknown))];
    prop_oneof![
        target().prop_map(|target| HandoverCall::Pass { target, metadata: Some("why".into()) }),
        Just(HandoverCall::Release),
        Just(HandoverCall::Take { metadata: None }),
        Just(HandoverCall::Request { metadata: None }),
        (0u64..10).prop_map(|days| HandoverCall::Extend { duration: Span::days(days) }),
        (target(), any::<bool>())
            .prop_map(|(target, says)| HandoverCall::PassMetadata { target, metadata: says.then(|| "vip".into()) }),
    ]
}

fn admin() -> impl Strategy<Value = SettingChange> {
    prop_oneof![
        proptest::option::of(app()).prop_map(SettingChange::SetsDefaultApp),
        proptest::option::of(app()).prop_map(SettingChange::SetsPrimary),
        (app(), any::<bool>()).prop_map(|(app, on)| SettingChange::SetsStandby(app, on)),
        (app(), any::<bool>()).prop_map(|(app, on)| SettingChange::SetsTakeControl(app, on)),
        proptest::option::of(app()).prop_map(|app| SettingChange::SetsLink(0, app)),
        proptest::option::of(app()).prop_map(SettingChange::SetsSocial),
        app().prop_map(SettingChange::ConnectsApp),
        app().prop_map(SettingChange::DisconnectsApp),
        any::<bool>().prop_map(|blocked| SettingChange::SetsHandoverApis { blocked }),
        access().prop_map(SettingChange::Access),
    ]
}

fn access() -> impl Strategy<Value = AccessChange> {
    let permissions = || (0..Permission::ALL.len()).prop_map(|place| Permission::ALL[place]);
    let some = move || proptest::collection::vec(permissions(), 1..3).prop_map(|all| all.into_iter().collect());
    prop_oneof![
        app().prop_map(AccessChange::ExpiresToken),
        (app(), 0..TokenEnd::ALL.len()).prop_map(|(app, place)| AccessChange::RevokesToken(app, TokenEnd::ALL[place])),
        (app(), some()).prop_map(|(app, permissions)| AccessChange::Grants(app, permissions)),
        (app(), some()).prop_map(|(app, permissions)| AccessChange::Withdraws(app, permissions)),
        (app(), any::<bool>()).prop_map(|(app, published)| AccessChange::Publishes(app, published)),
        app().prop_map(|app| AccessChange::IssuesCode(app, UserKey(0))),
    ]
}

fn token() -> impl Strategy<Value = TokenKey> {
    prop_oneof![
        app().prop_map(|app| TokenKey::User(UserKey(0), app)),
        app().prop_map(|app| TokenKey::Asset(AssetKey(0), app)),
        (0u32..4).prop_map(TokenKey::Issued),
    ]
}

fn menus() -> Vec<Localized<Menu>> {
    let items = vec![MenuItem::Postback { title: "Four".into(), payload: "FOUR".into() }];
    vec![Localized { locale: "default".into(), value: Menu { items, ..Menu::default() } }]
}

fn profile() -> impl Strategy<Value = ProfileChange> {
    let questions = vec![IceBreaker { question: "Five".into(), payload: "FIVE".into() }];
    let by_locale = vec![Localized { locale: "default".into(), value: questions }];
    let breakers = Setting::IceBreakers(IceBreakers { by_locale, without_locales: true });
    let start = Setting::GetStarted("GO".into());
    prop_oneof![
        Just(ProfileChange::Sets(vec![start.clone()])),
        Just(ProfileChange::Sets(vec![Setting::PersistentMenu(menus())])),
        Just(ProfileChange::Sets(vec![Setting::PersistentMenu(menus()), breakers, start])),
        proptest::sample::subsequence(Property::ALL.to_vec(), 1..4).prop_map(ProfileChange::Deletes),
    ]
}

fn kept() -> impl Strategy<Value = Attachment> {
    Just(Attachment::Media { kind: MediaKind::Image, url: "https://cdn.example/a".into(), reusable: false })
}

fn label() -> impl Strategy<Value = LabelChange> {
    let person = || (0u32..2).prop_map(PersonKey);
    prop_oneof![
        Just(LabelChange::Makes("regular".into())),
        Just(LabelChange::Deletes("1".into())),
        person().prop_map(|person| LabelChange::Puts("1".into(), person)),
        person().prop_map(|person| LabelChange::Takes("1".into(), person)),
    ]
}

fn moderation() -> impl Strategy<Value = Moderation> {
    prop_oneof![
        1 => any::<bool>().prop_map(Moderation::Blocks),
        1 => Just(Moderation::Blocks(false)),
        1 => any::<bool>().prop_map(Moderation::Bans),
        2 => Just(Moderation::Bans(false)),
        1 => Just(Moderation::MovesToSpam),
    ]
}

fn delivery() -> impl Strategy<Value = DeliveryUpdate> {
    let webhook = || 1u64..5;
    let until = (0u64..1000).prop_map(|minutes| Moment::from_millis(1_767_603_600_000) + Span::minutes(minutes));
    prop_oneof![
        1 => (webhook(), until).prop_map(|(webhook, until)| DeliveryUpdate::Delayed { webhook, until }),
        4 => webhook().prop_map(DeliveryUpdate::Failed),
        1 => webhook().prop_map(DeliveryUpdate::Accepted),
        1 => webhook().prop_map(DeliveryUpdate::Lost),
        1 => Just(DeliveryUpdate::AcceptedOnDemand),
    ]
}

fn wording() -> impl Strategy<Value = TemplateChange> {
    let wording = Wording { name: "ready".into(), language: "en".into(), ..Wording::default() };
    prop_oneof![
        2 => Just(TemplateChange::Makes(Box::new(wording))),
        1 => Just(TemplateChange::DeletesName("ready".into())),
        1 => Just(TemplateChange::Deletes("1".into())),
    ]
}

/// Any command, of anybody.
pub fn command() -> impl Strategy<Value = Command> {
    let tag = prop_oneof![Just(Tag::HumanAgent), Just(Tag::CustomerFeedback), Just(Tag::Utility)];
    let through = prop_oneof![9 => Just(None), 1 => Just(Some(BOX.into()))];
    let send = (content(), proptest::option::of(tag), proptest::option::of(thread_control()), through).prop_map(
        |(content, tag, thread_control, through)| Send {
            content: content.into(),
            tag,
            thread_control,
            through,
            ..Send::default()
        },
    );
    let inbox = prop_oneof![
        content().prop_map(InboxAction::Replies),
        Just(InboxAction::MovesToMain),
        Just(InboxAction::MovesToDone)
    ];
    let fields = proptest::option::of(
        proptest::collection::vec(0..Field::ALL.len(), 0..6)
            .prop_map(|places| places.into_iter().map(|place| Field::ALL[place]).collect::<FieldSet>()),
    );
    prop_oneof![
        8 => (thread(), gesture()).prop_map(|(thread, gesture)| Command::Person(thread, gesture)),
        6 => (thread(), app(), send).prop_map(|(thread, app, send)| Command::Send(thread, app, send)),
        1 => (thread(), app()).prop_map(|(thread, app)| Command::Unlink(thread, app)),
        1 => (thread(), app()).prop_map(|(thread, app)| Command::SenderAction(thread, app, SenderAction::TypingOn)),
        5 => (thread(), app(), control()).prop_map(|(thread, app, control)| Command::Control(thread, app, control)),
        2 => (thread(), inbox).prop_map(|(thread, act)| Command::Inbox(thread, act)),
        2 => proptest::collection::vec(admin(), 1..3).prop_map(|acts| Command::Admin(AssetKey(0), acts)),
        1 => (app(), kept()).prop_map(|(app, attachment)| Command::SaveAttachment(AssetKey(0), app, attachment)),
        1 => (app(), label()).prop_map(|(app, act)| Command::Label(AssetKey(0), app, act)),
        1 => (thread(), app(), moderation()).prop_map(|(thread, app, act)| Command::Moderate(thread, app, act)),
        1 => (app(), fields).prop_map(|(app, fields)| Command::Subscribe(AssetKey(0), app, fields)),
        2 => (app(), profile()).prop_map(|(app, change)| Command::Profile(AssetKey(0), app, change)),
        1 => (app(), any::<bool>()).prop_map(|(app, makes)| Command::Persona(AssetKey(0), app, match makes {
            true => PersonaChange::Makes { name: "Adam".into(), picture: "https://a.example/a.jpg".into() },
            false => PersonaChange::Deletes("1".into()),
        })),
        1 => (thread(), app(), any::<bool>())
            .prop_map(|(thread, app, set)| Command::UserMenu(thread, app, set.then(menus))),
        2 => (app(), delivery()).prop_map(|(app, act)| Command::Delivery(AssetKey(0), app, act)),
        1 => app().prop_map(|app| Command::RedeemLoginCode(app, "once".into())),
        1 => (app(), token()).prop_map(|(app, token)| Command::ExchangeToken(app, token)),
        1 => app().prop_map(|app| Command::IssueLoginCode(app, UserKey(0))),
        1 => (app(), any::<bool>()).prop_map(|(app, all)| {
            Command::RevokePermission(UserKey(0), app, (!all).then_some(Permission::PagesMessaging))
        }),
        1 => (thread(), app()).prop_map(|(thread, app)| Command::TestNotification(thread, app, BOX.into())),
        1 => (app(), wording()).prop_map(|(app, change)| Command::MessageTemplate(AssetKey(0), app, change)),
    ]
}

fn public_place() -> impl Strategy<Value = PublicPlace> {
    prop_oneof![
        Just(PublicPlace::FirstPost),
        Just(PublicPlace::Post("nice".into())),
        Just(PublicPlace::Comment("nice".into())),
    ]
}
