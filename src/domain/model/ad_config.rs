//! The declared ads of a world: what a person sees of them, and where they lead.

use super::ids::{AppKey, AssetKey};
use super::message::QuickReply;
use super::template::Button;
use super::time::Span;

/// A Click-to-Message ad.
#[derive(Debug, Clone)]
pub struct AdConfig {
    pub name: Box<str>,
    /// Meta's ad id.
    pub id: Box<str>,
    /// The page whose conversation it opens.
    pub page: AssetKey,
    /// `receiving_app_id`: the marketing app.
    pub app: Option<AppKey>,
    pub reference: Option<Box<str>>,
    /// `receiving_app_control_expiration`: how long the app keeps the thread.
    pub control: Option<Span>,
    /// What the person saw, for the referral.
    pub shown: ShownAd,
    /// The message template that the person sees after the tap.
    pub welcome: Option<Welcome>,
    /// The questions, if it is a lead-generation ad.
    pub lead: Option<LeadForm>,
}

/// What a person saw of an ad: `ads_context_data`.
#[derive(Debug, Clone, Default)]
pub struct ShownAd {
    pub title: Option<Box<str>>,
    pub photo_url: Option<Box<str>>,
    pub video_url: Option<Box<str>>,
    pub post_id: Option<Box<str>>,
    pub product_id: Option<Box<str>>,
}

impl ShownAd {
    /// True if there is more than a title.
    pub fn has_more_than_title(&self) -> bool {
        [&self.photo_url, &self.video_url, &self.post_id, &self.product_id].iter().any(|part| part.is_some())
    }
}

/// The questions of a lead-generation ad. An app gets the thread only when they end.
#[derive(Debug, Clone)]
pub struct LeadForm {
    /// The questions in order; at least one.
    pub questions: Vec<LeadQuestion>,
    /// "Allow connected app to interrupt": the ad's app receives the answers and may end the questions by sending.
    pub interruptible: bool,
    /// "Send lead summary to connected app".
    pub summary: bool,
    /// Words by which a person ends the questions.
    pub stop_keywords: Vec<Box<str>>,
    /// The message that the person sees when a stop keyword ended the questions.
    pub confirmation: Option<Box<str>>,
}

#[derive(Debug, Clone)]
pub struct LeadQuestion {
    pub text: Box<str>,
    /// The answers to choose from.
    pub choices: Vec<QuickReply>,
    /// Answers that end the questions because the person does not qualify.
    pub disqualifying: Vec<Box<str>>,
}

#[derive(Debug, Clone)]
pub struct Welcome {
    pub text: Box<str>,
    pub quick_replies: Vec<QuickReply>,
    pub buttons: Vec<Button>,
    /// Questions that the person can tap instead of typing.
    pub ice_breakers: Vec<Button>,
}
