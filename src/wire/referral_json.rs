//! The JSON of a referral: how a person came to the thread. The order of the fields is Meta's.

use serde::Serialize;

use crate::domain::event::Lead;
use crate::domain::model::ad_config::ShownAd;
use crate::domain::model::config::Config;
use crate::domain::model::ids::AdKey;
use crate::domain::model::message::Referral;

#[derive(Serialize)]
pub(super) struct ReferralJson<'e> {
    #[serde(skip_serializing_if = "Option::is_none")]
    r#ref: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ad_id: Option<&'e str>,
    source: &'static str,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    ads_context_data: Option<AdsContextJson<'e>>,
}

#[derive(Serialize)]
struct AdsContextJson<'e> {
    #[serde(skip_serializing_if = "Option::is_none")]
    ad_title: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    photo_url: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    video_url: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    post_id: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    product_id: Option<&'e str>,
}

pub(super) fn referral_json<'e>(config: &'e Config, referral: &'e Referral) -> ReferralJson<'e> {
    match referral {
        Referral::Ad { ad } => ad_referral_json(config, *ad),
        Referral::Link { reference } => ReferralJson {
            r#ref: Some(reference),
            ad_id: None,
            source: "SHORTLINK",
            r#type: "OPEN_THREAD",
            ads_context_data: None,
        },
    }
}

pub(super) fn lead_referral_json<'e>(config: &'e Config, lead: &Lead) -> ReferralJson<'e> {
    let kind = if lead.complete { "LEAD_COMPLETE" } else { "LEAD_INCOMPLETE" };
    ReferralJson { r#type: kind, ..ad_referral_json(config, lead.ad) }
}

fn ad_referral_json(config: &Config, ad: AdKey) -> ReferralJson<'_> {
    let ad = config.ad(ad);
    ReferralJson {
        r#ref: ad.reference.as_deref(),
        ad_id: Some(&ad.id),
        source: "ADS",
        r#type: "OPEN_THREAD",
        ads_context_data: ads_context_json(&ad.shown),
    }
}

fn ads_context_json(shown: &ShownAd) -> Option<AdsContextJson<'_>> {
    (shown.title.is_some() || shown.has_more_than_title()).then_some(AdsContextJson {
        ad_title: shown.title.as_deref(),
        photo_url: shown.photo_url.as_deref(),
        video_url: shown.video_url.as_deref(),
        post_id: shown.post_id.as_deref(),
        product_id: shown.product_id.as_deref(),
    })
}
