//! Edges room: what Meta has and what is not built here, by Meta's own machine-readable specification: whoever asks for it is told so, and
//! not that Meta had no such thing.

/// Edges of a page.
#[rustfmt::skip]
pub const PAGE_EDGES: &[&str] = &[
    "ab_tests", "ads_eligibility", "ads_posts", "agencies", "albums", "ar_experience", "assigned_users",
    "business_messaging_feature_status", "businessprojects", "call_metrics", "call_to_actions", "calls", "canvas_elements",
    "canvases", "chat_plugin", "commerce_merchant_settings", "commerce_orders", "commerce_payouts", "commerce_transactions",
    "copyright_manual_claims", "crosspost_whitelisted_pages", "ctx_optimization_eligibility", "dataset", "events", "fantasy_games",
    "feed", "global_brand_children", "image_copyrights", "indexed_videos", "instagram_accounts", "leadgen_forms", "likes",
    "live_videos", "locations", "media_fingerprints", "messenger_call_permissions", "messenger_call_settings",
    "messenger_lead_forms",  "page_backed_instagram_accounts",
    "page_backed_threads_accounts", "page_whatsapp_number_verification", "photo_stories", "photos", "picture", "posts",
    "product_catalogs", "published_posts", "ratings", "roles", "rtb_dynamic_posts", "scheduled_live_video", "scheduled_posts",
    "settings", "shop_setup_status", "space_participants", "store_locations", "stories", "tabs", "tagged", "video_copyright_rules",
    "video_copyrights", "video_lists", "video_reels", "video_stories", "videos", "visitor_posts", "welcome_message_flows",
];

/// Edges of a user.
#[rustfmt::skip]
pub const USER_EDGES: &[&str] = &[
    "access_tokens", "ad_studies", "adaccounts", "albums", "applications", "apprequestformerrecipients", "apprequests",
    "assigned_ad_accounts", "assigned_applications", "assigned_business_asset_groups", "assigned_instagram_accounts",
    "assigned_pages", "assigned_product_catalogs", "assigned_whatsapp_business_accounts", "business_users", "businesses",
    "conversations", "custom_labels", "events", "feed", "friends", "fundraisers", "groups", "ids_for_apps", "ids_for_business",
    "ids_for_pages", "likes", "live_videos", "messenger_desktop_performance_traces", "messenger_kids_accounts_unread_badge", "music",
    "notifications", "payment_transactions", "personal_ad_accounts", "photos", "picture", "posts", "rich_media_documents",
    "staging_resources", "videos",
];

/// Fields of a page, and edges that can be read as fields.
#[rustfmt::skip]
pub const PAGE: &[&str] = &[
    "ab_tests", "about", "ad_campaign", "ads_eligibility", "ads_posts", "affiliation", "agencies", "albums", "app_id",
    "ar_experience", "artists_we_like", "assigned_users", "attire", "available_promo_offer_ids", "awards", "band_interests",
    "band_members", "best_page", "bio", "birthday", "booking_agent", "breaking_news_usage", "built", "business",
    "business_messaging_feature_status", "businessprojects", "call_metrics", "call_to_actions", "calls", "can_checkin", "can_post",
    "canvas_elements", "canvases", "category", "category_list", "chat_plugin", "checkins", "commerce_merchant_settings",
    "commerce_orders", "commerce_payouts", "commerce_transactions", "company_overview", "connected_page_backed_instagram_account",
    "contact_address", "copyright_attribution_insights", "copyright_manual_claims", "copyright_whitelisted_ig_partners",
    "country_page_likes", "cover", "crosspost_whitelisted_pages", "ctx_optimization_eligibility", "culinary_team", "current_location",
    "dataset", "delivery_and_pickup_option_info", "description", "description_html", "differently_open_offerings", "directed_by",
    "display_subtext", "displayed_message_response_time", "does_viewer_have_page_permission_link_ig", "emails", "engagement",
    "events", "fan_count", "fantasy_games", "featured_video", "features", "feed", "followers_count", "food_styles", "founded",
    "general_info", "general_manager", "genre", "global_brand_children", "global_brand_page_name", "global_brand_root_id",
    "has_lead_access", "has_transitioned_to_new_page_experience", "has_whatsapp_business_number", "has_whatsapp_number", "hometown",
    "hours", "image_copyrights", "impressum", "indexed_videos", "influences", "instagram_accounts", "is_always_open",
    "is_calling_eligible", "is_chain", "is_community_page", "is_eligible_for_branded_content",
    "is_eligible_for_disable_connect_ig_btn_for_non_page_admin_am_web", "is_messenger_bot_get_started_enabled", "is_owned",
    "is_permanently_closed", "is_published", "is_unclaimed", "is_verified", "keywords", "leadgen_forms",
    "leadgen_tos_acceptance_time", "leadgen_tos_accepted", "leadgen_tos_accepting_user", "likes", "link", "live_videos", "location",
    "locations", "media_fingerprints", "members", "merchant_id", "merchant_review_status", "message_templates",
    "messenger_ads_default_icebreakers", "messenger_ads_default_quick_replies", "messenger_ads_quick_replies_type",
    "messenger_call_permissions", "messenger_call_settings", "messenger_lead_forms", "mini_shop_storefront", "mission", "mpg",
    "name_with_location_descriptor", "network", "new_like_count", "notification_message_tokens", "notification_messages_dev_support",
    "offer_eligible", "overall_star_rating", "owner_business", "page_backed_instagram_accounts", "page_backed_threads_account_id",
    "page_backed_threads_accounts", "page_token", "page_whatsapp_number_verification", "parent_page", "parking", "payment_options",
    "personal_info", "personal_interests", "pharma_safety_info", "phone", "photo_stories", "photos", "pickup_options", "picture",
    "place_type", "plot_outline", "posts", "preferred_audience", "press_contact", "price_range", "priority_hours", "privacy_info_url",
    "produced_by", "product_catalogs", "products", "promotion_eligible", "promotion_ineligible_reason", "public_transit",
    "published_posts", "rating_count", "ratings", "record_label", "release_date", "restaurant_services", "restaurant_specialties",
    "roles", "rtb_dynamic_posts", "schedule", "scheduled_live_video", "scheduled_posts", "screenplay_by", "season", "settings",
    "shop_setup_status", "single_line_address", "space_participants", "starring", "start_info", "store_code",
    "store_location_descriptor", "store_locations", "store_number", "stories", "studio", "supports_donate_button_in_live_video",
    "tabs", "tagged", "talking_about_count", "temporary_status", "unread_message_count", "unread_notif_count", "unseen_message_count",
    "user_access_expire_time", "username", "verification_status", "video_copyright_rules", "video_copyrights", "video_lists",
    "video_reels", "video_stories", "videos", "visitor_posts", "voip_info", "website", "welcome_message_flows", "were_here_count",
    "whatsapp_number", "written_by",
];

/// Fields of a user, and edges that can be read as fields.
#[rustfmt::skip]
pub const USER: &[&str] = &[
    "about", "access_tokens", "accounts", "ad_studies", "adaccounts", "age_range", "albums", "applications",
    "apprequestformerrecipients", "apprequests", "assigned_ad_accounts", "assigned_applications", "assigned_business_asset_groups",
    "assigned_instagram_accounts", "assigned_pages", "assigned_product_catalogs", "assigned_whatsapp_business_accounts", "birthday",
    "business_users", "businesses", "client_business_id", "community", "conversations", "cover", "currency", "custom_labels",
    "education", "email", "events", "favorite_athletes", "favorite_teams", "feed", "friends", "fundraisers", "gender", "groups",
    "hometown", "ids_for_apps", "ids_for_business", "ids_for_pages", "inspirational_people", "install_type", "installed",
    "is_guest_user", "is_work_account", "languages", "likes", "link", "live_videos", "local_news_megaphone_dismiss_status",
    "local_news_subscription_status", "locale", "location", "meeting_for", "messenger_desktop_performance_traces",
    "messenger_kids_accounts_unread_badge", "middle_name", "music", "name_format", "notifications", "payment_pricepoints",
    "payment_transactions", "permissions", "personal_ad_accounts", "photos", "picture", "political", "posts", "profile_pic", "quotes",
    "relationship_status", "religion", "rich_media_documents", "shared_login_upgrade_required_by", "short_name", "significant_other",
    "sports", "staging_resources", "supports_donate_button_in_live_video", "third_party_id", "timezone", "token_for_business",
    "updated_time", "verified", "video_upload_limits", "videos", "website",
];

/// Edges of an app.
#[rustfmt::skip]
pub const APP_EDGES: &[&str] = &[
    "accounts", "ad_placement_groups", "adnetwork_placements", "adnetworkanalytics", "adnetworkanalytics_results", "aem_attribution",
    "aem_conversion_configs", "aem_conversion_filter", "aem_conversions", "aem_skan_readiness", "agencies", "aggregate_revenue",
    "android_dialog_configs", "app_capi_settings", "app_event_types", "app_indexing", "app_indexing_session", "app_installed_groups",
    "app_push_device_token", "appassets", "assets", "authorized_adaccounts", "button_auto_detection_device_selection",
    "cloudbridge_settings", "codeless_event_mappings", "connected_client_businesses", "da_checks", "domain_reports", "iap_purchases",
    "ios_dialog_configs", "linked_dataset", "mmp_auditing", "mobile_sdk_gk", "monetized_digital_store_objects", "object_types",
    "objects", "occludespopups", "permissions", "products", "purchases", "roles", "server_domain_infos", "sgw_dataset_status",
    "sgw_install_deferral_link", "threat_privacy_groups_member", "threat_privacy_groups_owner", "uploads",
    "whatsapp_business_solution", "whatsapp_business_solutions",
];

/// Fields of an app, and edges that can be read as fields.
#[rustfmt::skip]
pub const APP: &[&str] = &[
    "aam_rules", "accounts", "ad_placement_groups", "adnetwork_placements", "adnetworkanalytics", "adnetworkanalytics_results",
    "aem_attribution", "aem_conversion_configs", "aem_conversion_filter", "aem_conversions", "aem_skan_readiness", "agencies",
    "aggregate_revenue", "an_ad_space_limit", "an_platforms", "android_dialog_configs", "android_key_hash",
    "android_sdk_error_categories", "app_capi_settings", "app_domains", "app_event_types", "app_events_config",
    "app_events_feature_bitmask", "app_events_session_timeout", "app_indexing", "app_indexing_session", "app_install_tracked",
    "app_installed_groups", "app_name", "app_push_device_token", "app_signals_binding_ios", "app_type", "appassets", "assets",
    "auth_dialog_data_help_url", "auth_dialog_headline", "auth_dialog_perms_explanation", "auth_referral_default_activity_privacy",
    "auth_referral_enabled", "auth_referral_extended_perms", "auth_referral_friend_perms", "auth_referral_response_type",
    "auth_referral_user_perms", "authorized_adaccounts", "auto_event_mapping_android", "auto_event_mapping_ios",
    "auto_event_setup_enabled", "auto_log_app_events_default", "auto_log_app_events_enabled", "business",
    "button_auto_detection_device_selection", "canvas_fluid_height", "canvas_fluid_width", "canvas_url", "client_config",
    "cloudbridge_settings", "codeless_event_mappings", "company", "config_ids", "configured_ios_sso", "connected_client_businesses",
    "contact_email", "created_time", "creator_uid", "da_checks", "daily_active_users", "daily_active_users_rank",
    "deauth_callback_url", "default_share_mode", "description", "domain_reports", "enigma_config", "financial_id",
    "has_messenger_product", "hosting_url", "iap_purchases", "icon_url", "ios_bundle_id", "ios_dialog_configs",
    "ios_sdk_dialog_flows", "ios_sdk_error_categories", "ios_sfvc_attr", "ios_supports_native_proxy_auth_flow",
    "ios_supports_system_auth", "ipad_app_store_id", "iphone_app_store_id", "latest_sdk_version", "linked_dataset", "logging_token",
    "logo_url", "migrations", "mmp_auditing", "mobile_profile_section_url", "mobile_sdk_gk", "mobile_web_url",
    "monetized_digital_store_objects", "monthly_active_users", "monthly_active_users_rank", "namespace", "object_store_urls",
    "object_types", "objects", "occludespopups", "owner_business", "page_tab_default_name", "page_tab_url", "permissions",
    "photo_url", "privacy_policy_url", "products", "profile_section_url", "property_id", "protected_mode_rules", "purchases",
    "real_time_mode_devices", "restrictions", "restrictive_data_filter_params", "restrictive_data_filter_rules", "roles",
    "sdk_update_message", "seamless_login", "secure_canvas_url", "secure_page_tab_url", "server_domain_infos", "server_ip_whitelist",
    "sgw_dataset_status", "sgw_install_deferral_link", "smart_login_bookmark_icon_url", "smart_login_menu_icon_url",
    "social_discovery", "subcategory", "suggested_events_setting", "supported_platforms", "supports_apprequests_fast_app_switch",
    "supports_attribution", "supports_implicit_sdk_logging", "suppress_native_ios_gdp", "terms_of_service_url",
    "threat_privacy_groups_member", "threat_privacy_groups_owner", "uploads", "url_scheme_suffix", "user_support_email",
    "user_support_url", "website_url", "weekly_active_users", "whatsapp_business_solution", "whatsapp_business_solutions",
];
