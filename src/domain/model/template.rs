//! Templates, the structured messages of the Send API, and their buttons, without JSON.

use serde::{Deserialize, Serialize};

use super::notification_subscription::USUAL_TOPIC;
use crate::domain::model::media::MediaKind;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Template {
    /// One to three buttons under a text.
    Button {
        text: Box<str>,
        buttons: Vec<Button>,
    },
    Generic {
        /// One to ten cards.
        elements: Vec<Element>,
        /// True if the pictures are square; `None` if the app does not say.
        square: Option<bool>,
        /// True if the person may share it.
        sharable: bool,
    },
    /// A picture or a video with buttons.
    Media {
        kind: MediaKind,
        source: MediaSource,
        /// At most three.
        buttons: Vec<Button>,
        /// True if the person may share it.
        sharable: bool,
    },
    /// An order.
    Receipt(Box<Receipt>),
    /// One to ten products of a catalogue, by id.
    Product(Vec<Box<str>>),
    Feedback(Box<Feedback>),
    Coupon(Box<Coupon>),
    /// A request to opt in to marketing messages.
    OptIn {
        requests: Vec<OptIn>,
        /// True if the requests came as a list, which may have up to five.
        carousel: bool,
    },
    /// A request for one message later.
    OneTimeOptIn {
        title: Box<str>,
        /// The payload of the webhook after the person agrees.
        payload: Box<str>,
    },
}

impl Template {
    /// All buttons of the template, in order.
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

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Element {
    pub title: Box<str>,
    /// The line under the title.
    pub subtitle: Option<Box<str>>,
    pub image_url: Option<Box<str>>,
    /// The page that a tap on the card opens.
    pub default_action: Option<Link>,
    /// At most three.
    pub buttons: Vec<Button>,
}

/// A web page that Messenger opens.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Link {
    pub url: Box<str>,
    pub webview: Webview,
}

/// How Messenger shows a web page. Messenger chooses what is left out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Webview {
    pub height: Option<WebviewHeight>,
    /// True if the page uses Messenger Extensions.
    pub extensions: Option<bool>,
    /// The page for clients without extensions.
    pub fallback_url: Option<Box<str>>,
    pub hides_share_button: bool,
}

/// The part of the screen that a web page covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum WebviewHeight {
    Compact,
    Tall,
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

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Compact, Self::Tall, Self::Full].into_iter().find(|height| height.name() == text)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Button {
    /// Opens a web page. No webhook is sent.
    WebUrl { title: Box<str>, link: Link },
    /// Sends a postback.
    Postback {
        title: Box<str>,
        /// The payload for the app that sent the button.
        payload: Box<str>,
    },
    /// Calls a phone number. No webhook is sent.
    PhoneNumber { title: Box<str>, payload: Box<str> },
    /// Opens the login of the business.
    AccountLink { url: Box<str> },
    /// Ends the link to the account at the business.
    AccountUnlink,
    /// Opens an Instant Game.
    GamePlay {
        title: Box<str>,
        /// The payload for the game.
        payload: Option<Box<str>>,
        /// The opponent.
        player_id: Option<Box<str>>,
        context_id: Option<Box<str>>,
    },
}

impl Button {
    /// Meta's word for its type.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::WebUrl { .. } => "web_url",
            Self::Postback { .. } => "postback",
            Self::PhoneNumber { .. } => "phone_number",
            Self::AccountLink { .. } => "account_link",
            Self::AccountUnlink => "account_unlink",
            Self::GamePlay { .. } => "game_play",
        }
    }

    /// The label. Messenger has its own if the app gives none.
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

/// The source of the picture or video in a media template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum MediaSource {
    Saved {
        id: Box<str>,
        /// The URL that it was saved from.
        url: Box<str>,
    },
    /// A photo or video on Facebook.
    Facebook(Box<str>),
}

/// A decimal number as the app wrote it.
pub type Amount = Box<str>;

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Receipt {
    pub recipient_name: Box<str>,
    pub merchant_name: Option<Box<str>>,
    pub order_number: Box<str>,
    pub currency: Box<str>,
    pub payment_method: Box<str>,
    pub order_url: Option<Box<str>>,
    /// In seconds.
    pub timestamp: Option<Box<str>>,
    pub address: Option<ShippingAddress>,
    pub summary: Costs,
    pub adjustments: Vec<Adjustment>,
    pub elements: Vec<ReceiptElement>,
    /// True if the person may share it.
    pub sharable: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Costs {
    /// Before shipping and tax.
    pub subtotal: Option<Amount>,
    pub shipping_cost: Option<Amount>,
    pub total_tax: Option<Amount>,
    pub total_cost: Amount,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ShippingAddress {
    pub street_1: Box<str>,
    pub street_2: Option<Box<str>>,
    pub city: Box<str>,
    pub postal_code: Box<str>,
    pub state: Box<str>,
    /// Two letters.
    pub country: Box<str>,
}

/// A discount.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Adjustment {
    pub name: Box<str>,
    pub amount: Amount,
}

/// A product of an order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ReceiptElement {
    pub title: Box<str>,
    pub subtitle: Option<Box<str>>,
    pub quantity: Option<Amount>,
    pub price: Amount,
    pub currency: Option<Box<str>>,
    pub image_url: Option<Box<str>>,
}

/// A customer feedback template: a survey with one question.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Feedback {
    pub title: Box<str>,
    pub subtitle: Box<str>,
    /// The label of the button that opens the survey.
    pub button_title: Box<str>,
    pub question: SurveyQuestion,
    /// The privacy policy of the business.
    pub privacy_url: Box<str>,
    pub expires_in_days: Option<u8>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SurveyQuestion {
    pub id: Box<str>,
    /// `csat`, `nps`, `ces` or `free_form`.
    pub kind: Box<str>,
    /// The question. Messenger has its own if it is left out.
    pub title: Option<Box<str>>,
    /// The labels at the ends of the scale.
    pub score_label: Option<Box<str>>,
    /// The form of the scale.
    pub score_option: Option<Box<str>>,
    /// The free-form follow-up question, if there is one, and the placeholder of its input.
    pub follow_up: Option<Option<Box<str>>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Coupon {
    pub title: Box<str>,
    pub subtitle: Option<Box<str>>,
    pub code: Option<Box<str>>,
    /// Where the code can be used.
    pub url: Option<Box<str>>,
    pub url_button_title: Option<Box<str>>,
    /// The message above the coupon.
    pub pre_message: Option<Box<str>>,
    pub image_url: Option<Box<str>>,
    /// The payload of the webhook after the person looks at the code.
    pub payload: Option<Box<str>>,
}

/// A request to opt in to marketing messages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OptIn {
    /// The topic. Messenger has its own if it is left out.
    pub title: Option<Box<str>>,
    pub image_url: Option<Box<str>>,
    /// The payload of the webhook after the person agrees.
    pub payload: Box<str>,
    pub timezone: Option<Box<str>>,
    /// Meta's word for the label of the button.
    pub cta_text: Option<Box<str>>,
    /// True if the person is asked again before the token expires. Messenger chooses if it is left out.
    pub asks_again: Option<bool>,
}

impl OptIn {
    /// The topic of the request.
    pub fn topic(&self) -> &str {
        self.title.as_deref().unwrap_or(USUAL_TOPIC)
    }
}
