//! Domain room: structured messages of the Send API: templates and their buttons, without JSON. Everyone may enter.

use serde::{Deserialize, Serialize};

use super::notification_subscription::USUAL_TOPIC;
use crate::domain::model::media::MediaKind;

/// A structured message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Template {
    /// Text with one to three buttons.
    Button {
        /// The text.
        text: Box<str>,
        /// The buttons.
        buttons: Vec<Button>,
    },
    /// One to ten cards.
    Generic {
        /// The cards.
        elements: Vec<Element>,
        /// Whether the pictures are square; `None` where the app does not say.
        square: Option<bool>,
        /// Whether a person may share it.
        sharable: bool,
    },
    /// A picture or a film with buttons.
    Media {
        /// Which of the two.
        kind: MediaKind,
        /// Where it comes from.
        source: MediaSource,
        /// Up to three buttons.
        buttons: Vec<Button>,
        /// Whether a person may share it.
        sharable: bool,
    },
    /// An order.
    Receipt(Box<Receipt>),
    /// One to ten products of a catalogue, by id.
    Product(Vec<Box<str>>),
    /// A survey of one question.
    Feedback(Box<Feedback>),
    /// A coupon.
    Coupon(Box<Coupon>),
    /// A request to send marketing messages: one, or up to five as a carousel.
    OptIn {
        /// The requests.
        requests: Vec<OptIn>,
        /// Whether they came as a list.
        carousel: bool,
    },
    /// A request to send one message later.
    OneTimeOptIn {
        /// What the person is asked.
        title: Box<str>,
        /// What comes back when they say yes.
        payload: Box<str>,
    },
}

impl Template {
    /// All buttons of the template, from the first card to the last.
    pub fn buttons(&self) -> Vec<&Button> {
        match self {
            Self::Button { buttons, .. } | Self::Media { buttons, .. } => buttons.iter().collect(),
            Self::Generic { elements, .. } => elements.iter().flat_map(|element| &element.buttons).collect(),
            Self::Receipt(_)
            | Self::Product(_)
            | Self::Feedback(_)
            | Self::Coupon(_)
            | Self::OptIn { .. }
            | Self::OneTimeOptIn { .. } => Vec::new(),
        }
    }
}

/// A card of a generic template.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Element {
    /// Title.
    pub title: Box<str>,
    /// Line under the title.
    pub subtitle: Option<Box<str>>,
    /// Picture.
    pub image_url: Option<Box<str>>,
    /// What a tap on the card opens.
    pub default_action: Option<Link>,
    /// Up to three buttons.
    pub buttons: Vec<Button>,
}

/// A page that Messenger opens.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Link {
    /// Where it is.
    pub url: Box<str>,
    /// How it is shown.
    pub webview: Webview,
}

/// How Messenger shows a page; what is left out is Messenger's to choose.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Webview {
    /// How much of the screen it takes.
    pub height: Option<WebviewHeight>,
    /// Whether it has Messenger Extensions.
    pub extensions: Option<bool>,
    /// What is opened where there are no extensions.
    pub fallback_url: Option<Box<str>>,
    /// Whether the share button is hidden.
    pub hides_share_button: bool,
}

/// How much of the screen a page takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum WebviewHeight {
    /// Half of it.
    Compact,
    /// Three quarters.
    Tall,
    /// All of it.
    Full,
}

impl WebviewHeight {
    /// Meta's word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Compact => "compact",
            Self::Tall => "tall",
            Self::Full => "full",
        }
    }

    /// The height of Meta's word.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Compact, Self::Tall, Self::Full].into_iter().find(|height| height.name() == text)
    }
}

/// A button of a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Button {
    /// Opens a page; Meta tells nobody.
    WebUrl {
        /// Label.
        title: Box<str>,
        /// Where it leads.
        link: Link,
    },
    /// Comes back as a postback.
    Postback {
        /// Label.
        title: Box<str>,
        /// What comes back to the app that sent it.
        payload: Box<str>,
    },
    /// Calls a number; Meta tells nobody.
    PhoneNumber {
        /// Label.
        title: Box<str>,
        /// The number.
        payload: Box<str>,
    },
    /// Opens the login of the business.
    AccountLink {
        /// Where it is.
        url: Box<str>,
    },
    /// Ends what a login began.
    AccountUnlink,
    /// Opens an Instant Game.
    GamePlay {
        /// Label.
        title: Box<str>,
        /// What the game gets.
        payload: Option<Box<str>>,
        /// Against whom.
        player_id: Option<Box<str>>,
        /// Or where.
        context_id: Option<Box<str>>,
    },
}

impl Button {
    /// The label; Messenger's own where the app gives none.
    pub fn title(&self) -> &str {
        match self {
            Self::WebUrl { title, .. }
            | Self::Postback { title, .. }
            | Self::PhoneNumber { title, .. }
            | Self::GamePlay { title, .. } => title,
            Self::AccountLink { .. } => "Log In",
            Self::AccountUnlink => "Log Out",
        }
    }
}

/// Where a media template has its picture or film from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum MediaSource {
    /// A saved attachment.
    Saved {
        /// Its id.
        id: Box<str>,
        /// Where it was saved from.
        url: Box<str>,
    },
    /// A photo or video on Facebook.
    Facebook(Box<str>),
}

/// A decimal number as the app wrote it.
pub type Amount = Box<str>;

/// An order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Receipt {
    /// Who ordered.
    pub recipient_name: Box<str>,
    /// Who sold.
    pub merchant_name: Option<Box<str>>,
    /// The order's number.
    pub order_number: Box<str>,
    /// The currency.
    pub currency: Box<str>,
    /// How it was paid.
    pub payment_method: Box<str>,
    /// Where the order can be seen.
    pub order_url: Option<Box<str>>,
    /// When, in seconds.
    pub timestamp: Option<Box<str>>,
    /// Where to.
    pub address: Option<ShippingAddress>,
    /// What it costs.
    pub summary: Costs,
    /// What was taken off.
    pub adjustments: Vec<Adjustment>,
    /// What was ordered.
    pub elements: Vec<ReceiptElement>,
    /// Whether a person may share it.
    pub sharable: bool,
}

/// What an order costs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Costs {
    /// Before shipping and tax.
    pub subtotal: Option<Amount>,
    /// Shipping.
    pub shipping_cost: Option<Amount>,
    /// Tax.
    pub total_tax: Option<Amount>,
    /// All of it.
    pub total_cost: Amount,
}

/// Where an order goes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ShippingAddress {
    /// First line of the street.
    pub street_1: Box<str>,
    /// Second line.
    pub street_2: Option<Box<str>>,
    /// City.
    pub city: Box<str>,
    /// Postal code.
    pub postal_code: Box<str>,
    /// State or region.
    pub state: Box<str>,
    /// Country, in two letters.
    pub country: Box<str>,
}

/// What was taken off an order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Adjustment {
    /// Why.
    pub name: Box<str>,
    /// How much.
    pub amount: Amount,
}

/// One thing that was ordered.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ReceiptElement {
    /// What.
    pub title: Box<str>,
    /// What about it.
    pub subtitle: Option<Box<str>>,
    /// How many.
    pub quantity: Option<Amount>,
    /// For how much.
    pub price: Amount,
    /// In which currency.
    pub currency: Option<Box<str>>,
    /// Picture.
    pub image_url: Option<Box<str>>,
}

/// A survey.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Feedback {
    /// Title.
    pub title: Box<str>,
    /// Line under the title.
    pub subtitle: Box<str>,
    /// The label of the button that opens it.
    pub button_title: Box<str>,
    /// What is asked.
    pub question: SurveyQuestion,
    /// The privacy policy of the business.
    pub privacy_url: Box<str>,
    /// For how many days it can be answered.
    pub expires_in_days: Option<u8>,
}

/// The question of a survey.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SurveyQuestion {
    /// By which the answer is known.
    pub id: Box<str>,
    /// `csat`, `nps`, `ces` or `free_form`.
    pub kind: Box<str>,
    /// The question; Messenger's own where it is left out.
    pub title: Option<Box<str>>,
    /// What stands at the ends of the scale.
    pub score_label: Option<Box<str>>,
    /// The form of the scale.
    pub score_option: Option<Box<str>>,
    /// Whether text may follow, and what stands in its empty field.
    pub follow_up: Option<Option<Box<str>>>,
}

/// A coupon.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Coupon {
    /// Title.
    pub title: Box<str>,
    /// Line under the title.
    pub subtitle: Option<Box<str>>,
    /// The code.
    pub code: Option<Box<str>>,
    /// Where it is used.
    pub url: Option<Box<str>>,
    /// The label of the button that leads there.
    pub url_button_title: Option<Box<str>>,
    /// What is said before it.
    pub pre_message: Option<Box<str>>,
    /// Picture.
    pub image_url: Option<Box<str>>,
    /// What comes back when the code is looked at.
    pub payload: Option<Box<str>>,
}

/// A request to send marketing messages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OptIn {
    /// About what; Messenger's own words where it is left out.
    pub title: Option<Box<str>>,
    /// Picture.
    pub image_url: Option<Box<str>>,
    /// What comes back when the person says yes.
    pub payload: Box<str>,
    /// The person's time zone.
    pub timezone: Option<Box<str>>,
    /// Meta's word for the label of the button.
    pub cta_text: Option<Box<str>>,
    /// Whether the person is to be asked again before the token expires; Messenger's own choice where it is left out.
    pub asks_again: Option<bool>,
}

impl OptIn {
    /// About what the person is asked.
    pub fn topic(&self) -> &str {
        self.title.as_deref().unwrap_or(USUAL_TOPIC)
    }
}
