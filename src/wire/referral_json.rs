//! The JSON of a referral: how a person came to the thread. The order of the fields is Meta's.

use serde::Serialize;

use crate::domain::event::Lead;
use crate::domain::model::ad_config::ShownAd;
use crate::domain::model::config::Config;
use crate::domain::model::ids::{AdKey, AssetKey};
use crate::domain::model::message::Referral;
use crate::domain::model::platform::Platform;

#[derive(Serialize)]
pub(super) struct ReferralJson<'e> {
    #[serde(skip_serializing_if = "Option::is_none")]
    r#ref: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ad_id: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    r#type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ads_context_data: Option<AdsContextJson<'e>>,
    /// Only Instagram has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    product: Option<ShopProductJson<'e>>,
}

#[derive(Serialize)]
struct ShopProductJson<'e> {
    id: &'e str,
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

pub(super) fn referral_json<'e>(config: &'e Config, asset: AssetKey, referral: &'e Referral) -> ReferralJson<'e> {
    match referral {
        Referral::Ad { ad } => ad_referral_json(config, *ad),
        Referral::Link { reference } => ReferralJson {
            r#ref: Some(reference),
            ad_id: None,
            source: Some(link_source(config, asset)),
            r#type: Some("OPEN_THREAD"),
            ads_context_data: None,
            product: None,
        },
        Referral::Product { id } => ReferralJson {
            r#ref: None,
            ad_id: None,
            source: None,
            r#type: None,
            ads_context_data: None,
            product: Some(ShopProductJson { id }),
        },
    }
}

fn link_source(config: &Config, asset: AssetKey) -> &'static str {
    let asset = config.asset(asset);
    match asset.platform() == Platform::Instagram && asset.knobs.instagram.plural_link_source {
        true => "SHORTLINKS",
        false => "SHORTLINK",
    }
}

pub(super) fn lead_referral_json<'e>(config: &'e Config, lead: &Lead) -> ReferralJson<'e> {
    let kind = if lead.complete { "LEAD_COMPLETE" } else { "LEAD_INCOMPLETE" };
    ReferralJson { r#type: Some(kind), ..ad_referral_json(config, lead.ad) }
}

fn ad_referral_json(config: &Config, ad: AdKey) -> ReferralJson<'_> {
    let ad = config.ad(ad);
    ReferralJson {
        r#ref: ad.reference.as_deref(),
        ad_id: Some(&ad.id),
        source: Some("ADS"),
        r#type: Some("OPEN_THREAD"),
        ads_context_data: ads_context_json(&ad.shown),
        product: None,
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
