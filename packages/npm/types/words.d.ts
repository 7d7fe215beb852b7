// Written by scripts/words.js from the JSON schema of a step. Do not change it by hand.

import type { Duration, Matcher, StepResult, Text } from './values';

export type TypeWord =
  | "image"
  | "audio"
  | "video"
  | "file"
  | "location"
  | "sticker"
  | "fallback"
  | "reel"
  | "ig_reel"
  | "post"
  | "ig_post"
  | "share"
  | "ig_story"
  | "story_mention"
  | "comment"
  | "ad"
  | "ephemeral"
  | "like_heart"
  | "gif"
  | "poll"
  | "profile";

export type ShowsWord =
  | "messages"
  | "message_echoes"
  | "message_deliveries"
  | "message_reads"
  | "message_reactions"
  | "message_edits"
  | "messaging_postbacks"
  | "messaging_referrals"
  | "messaging_handovers"
  | "standby"
  | "messaging_optins"
  | "messaging_optouts"
  | "messaging_account_linking"
  | "messaging_policy_enforcement"
  | "messaging_feedback"
  | "messaging_payments"
  | "messaging_pre_checkouts"
  | "messaging_checkout_updates"
  | "messaging_game_plays"
  | "messaging_appointments"
  | "messaging_customer_information"
  | "messaging_direct_sends"
  | "messaging_fblogin_account_linking"
  | "messaging_in_thread_lead_form_submit"
  | "messaging_integrity"
  | "message_context"
  | "message_mention"
  | "message_template_status_update"
  | "response_feedback"
  | "send_cart"
  | "inbox_labels"
  | "calls"
  | "call_permission_reply"
  | "call_settings_update"
  | "marketing_message_clicks"
  | "marketing_message_deliveries"
  | "marketing_message_delivery_failed"
  | "marketing_message_echoes"
  | "marketing_message_reads"
  | "marketing_messages_subscriber_upload_status"
  | "business_integrity"
  | "user_action"
  | "story_share"
  | "group_feed"
  | "feed"
  | "mention"
  | "leadgen"
  | "conversations"
  | "follow"
  | "messaging_seen"
  | "messaging_referral"
  | "message_edit"
  | "messaging_handover"
  | "comments"
  | "live_comments"
  | "mentions"
  | "story_insights"
  | "story_reactions"
  | "story_poll_response"
  | "share_to_story"
  | "comment_poll_response"
  | "onboarding_welcome_message_series"
  | "creator_marketplace_projects"
  | "creator_marketplace_invited_creator_onboarding"
  | "delta"
  | "all";

export type GrantsWord =
  | "pages_messaging"
  | "pages_manage_metadata"
  | "pages_show_list"
  | "pages_read_engagement"
  | "pages_user_locale"
  | "pages_user_timezone"
  | "pages_user_gender"
  | "pages_utility_messaging"
  | "instagram_basic"
  | "instagram_manage_messages"
  | "leads_retrieval"
  | "instagram_manage_comments"
  | "instagram_business_basic"
  | "instagram_business_manage_messages"
  | "instagram_business_manage_comments";

export type PressesTestWord =
  | "messages"
  | "message_echoes"
  | "message_deliveries"
  | "message_reads"
  | "message_reactions"
  | "message_edits"
  | "messaging_postbacks"
  | "messaging_referrals"
  | "messaging_handovers"
  | "standby"
  | "messaging_optins"
  | "messaging_optouts"
  | "messaging_account_linking"
  | "messaging_policy_enforcement"
  | "messaging_feedback"
  | "messaging_payments"
  | "messaging_pre_checkouts"
  | "messaging_checkout_updates"
  | "messaging_game_plays"
  | "messaging_appointments"
  | "messaging_customer_information"
  | "messaging_direct_sends"
  | "messaging_fblogin_account_linking"
  | "messaging_in_thread_lead_form_submit"
  | "messaging_integrity"
  | "message_context"
  | "message_mention"
  | "message_template_status_update"
  | "response_feedback"
  | "send_cart"
  | "inbox_labels"
  | "calls"
  | "call_permission_reply"
  | "call_settings_update"
  | "marketing_message_clicks"
  | "marketing_message_deliveries"
  | "marketing_message_delivery_failed"
  | "marketing_message_echoes"
  | "marketing_message_reads"
  | "marketing_messages_subscriber_upload_status"
  | "business_integrity"
  | "user_action"
  | "story_share"
  | "group_feed"
  | "feed"
  | "mention"
  | "leadgen"
  | "conversations"
  | "follow"
  | "messaging_seen"
  | "messaging_referral"
  | "message_edit"
  | "messaging_handover"
  | "comments"
  | "live_comments"
  | "mentions"
  | "story_insights"
  | "story_reactions"
  | "story_poll_response"
  | "share_to_story"
  | "comment_poll_response"
  | "onboarding_welcome_message_series"
  | "creator_marketplace_projects"
  | "creator_marketplace_invited_creator_onboarding"
  | "delta";

export type GetsWord =
  | "messages"
  | "message_echoes"
  | "message_deliveries"
  | "message_reads"
  | "message_reactions"
  | "message_edits"
  | "messaging_postbacks"
  | "messaging_referrals"
  | "messaging_handovers"
  | "standby"
  | "messaging_optins"
  | "messaging_optouts"
  | "messaging_account_linking"
  | "messaging_policy_enforcement"
  | "messaging_feedback"
  | "messaging_payments"
  | "messaging_pre_checkouts"
  | "messaging_checkout_updates"
  | "messaging_game_plays"
  | "messaging_appointments"
  | "messaging_customer_information"
  | "messaging_direct_sends"
  | "messaging_fblogin_account_linking"
  | "messaging_in_thread_lead_form_submit"
  | "messaging_integrity"
  | "message_context"
  | "message_mention"
  | "message_template_status_update"
  | "response_feedback"
  | "send_cart"
  | "inbox_labels"
  | "calls"
  | "call_permission_reply"
  | "call_settings_update"
  | "marketing_message_clicks"
  | "marketing_message_deliveries"
  | "marketing_message_delivery_failed"
  | "marketing_message_echoes"
  | "marketing_message_reads"
  | "marketing_messages_subscriber_upload_status"
  | "business_integrity"
  | "user_action"
  | "story_share"
  | "group_feed"
  | "feed"
  | "mention"
  | "leadgen"
  | "conversations"
  | "follow"
  | "messaging_seen"
  | "messaging_referral"
  | "message_edit"
  | "messaging_handover"
  | "comments"
  | "live_comments"
  | "mentions"
  | "story_insights"
  | "story_reactions"
  | "story_poll_response"
  | "share_to_story"
  | "comment_poll_response"
  | "onboarding_welcome_message_series"
  | "creator_marketplace_projects"
  | "creator_marketplace_invited_creator_onboarding"
  | "delta"
  | "nothing";

export type BecauseWord =
  | "routing.organic.default_app"
  | "routing.social.app"
  | "routing.social.get_started"
  | "routing.ad.marketing_app"
  | "routing.ad.no_receiving_app"
  | "routing.link.app"
  | "routing.active.owner_kept"
  | "routing.none.everybody"
  | "routing.idle.primary"
  | "routing.idle.nobody"
  | "routing.ad.lead_flow"
  | "routing.default_app.set"
  | "routing.inbox.default_app"
  | "routing.route.set"
  | "page.app.connected"
  | "page.app.disconnected"
  | "role.primary.set"
  | "page.attachment.kept"
  | "page.label.kept"
  | "page.label.refused.same_name"
  | "page.publication.read"
  | "page.person.moderated"
  | "page.person.unheard"
  | "control.always_an_owner"
  | "control.idle.default_app"
  | "control.idle.nobody"
  | "control.pass.default_app"
  | "control.pass.app"
  | "control.release.default_app"
  | "control.release.nobody"
  | "control.type.defaults_to_release"
  | "control.toggle.send_takes"
  | "control.toggle.set"
  | "control.inbox.takes"
  | "control.inbox.leaves_idle"
  | "control.inbox.holds_idle"
  | "instagram.control.native_app"
  | "instagram.control.native_app_ignored"
  | "instagram.control.native_app_yields"
  | "control.inbox.done_releases"
  | "control.idle.pass"
  | "control.take.toggle"
  | "control.ad.window"
  | "control.none.pass"
  | "control.none.request_granted"
  | "control.none.request_forwarded"
  | "control.extended"
  | "control.none.thread_control_ignored"
  | "control.take.primary"
  | "control.take.idle"
  | "control.pass.primary"
  | "control.request.primary"
  | "control.metadata.passed"
  | "control.inbox.asks"
  | "control.inbox.done_passes"
  | "control.lead.ends"
  | "control.lead.unanswered"
  | "control.lead.stop_keyword"
  | "control.lead.inbox"
  | "control.lead.interrupted"
  | "webhook.owner"
  | "webhook.standby"
  | "instagram.webhook.page_not_subscribed"
  | "webhook.notification_opt_in"
  | "webhook.everybody"
  | "webhook.postback.button_sender"
  | "webhook.postback.payload_to_sender_only"
  | "webhook.postback.profile_setter"
  | "webhook.postback.payload_to_setter_only"
  | "webhook.causer"
  | "webhook.standby.not_listed"
  | "webhook.referral.needs_field"
  | "webhook.handover.new_owner"
  | "webhook.handover.routed_app"
  | "webhook.handover.linked_app"
  | "webhook.handover.previous_owner"
  | "webhook.role_change"
  | "webhook.referral.lead"
  | "webhook.lead.summary"
  | "webhook.change"
  | "webhook.test"
  | "webhook.lead.interrupter"
  | "webhook.withheld.lead_flow"
  | "webhook.handover.subscribed"
  | "webhook.withheld.standby_referral"
  | "webhook.withheld.field_not_subscribed"
  | "webhook.withheld.app_not_subscribed"
  | "webhook.withheld.standby_toggle_off"
  | "standby.toggle.set"
  | "standby.first_default_app"
  | "webhook.subscription.set"
  | "webhook.subscription.read"
  | "webhook.app_subscription.set"
  | "webhook.withheld.development_mode"
  | "entry.link.new_thread"
  | "person.sticker"
  | "person.shared"
  | "person.contact"
  | "person.prior_message"
  | "person.message_request"
  | "person.edit"
  | "person.unsend"
  | "person.ad_context"
  | "delivery.retry"
  | "delivery.late"
  | "delivery.given_up"
  | "delivery.given_up.unsubscribed"
  | "delivery.given_up.too_many"
  | "delivery.alert"
  | "delivery.disabled"
  | "delivery.recovered"
  | "window.opened"
  | "window.closed"
  | "window.human_agent"
  | "window.customer_feedback"
  | "send.owner"
  | "send.anybody"
  | "send.idle"
  | "send.refused.not_owner"
  | "send.refused.human_agent_does_not_take"
  | "send.refused.lead_flow"
  | "send.action.moves_nothing"
  | "send.action.reacts"
  | "send.refused.person_unavailable"
  | "send.refused.development_mode"
  | "send.refused.blocked_by_page"
  | "pass.refused.not_owner"
  | "pass.refused.to_itself"
  | "pass.refused.to_itself_earlier"
  | "control.pass.to_itself"
  | "pass.refused.unknown_app"
  | "pass.refused.no_target"
  | "release.refused.not_owner"
  | "control.refused.payload_with_app_id"
  | "handover.refused.disabled"
  | "handover.refused.blocked"
  | "take.refused.no_default_app"
  | "take.refused.toggle_off"
  | "take.refused.owner"
  | "take.refused.not_primary"
  | "request.refused.default_app"
  | "control.refused.payload_form"
  | "request.refused.owner"
  | "request.refused.primary"
  | "extend.refused.not_owner"
  | "extend.refused.too_long"
  | "metadata.refused.no_handover"
  | "receivers.refused.no_roles"
  | "receivers.refused.hidden"
  | "send.refused.unknown_message"
  | "recipient.user_ref"
  | "recipient.private_reply"
  | "recipient.refused.replied_before"
  | "recipient.refused.too_late"
  | "recipient.refused.unknown_comment"
  | "instagram.private_reply"
  | "instagram.private_reply.takes"
  | "instagram.private_reply.refused.replied_before"
  | "instagram.private_reply.refused.too_late"
  | "instagram.private_reply.refused.unknown_comment"
  | "instagram.send.refused.unknown_person"
  | "instagram.send.refused.by_id"
  | "instagram.quick_reply.contact_gone"
  | "instagram.read.request_gone"
  | "instagram.send.refused.rate"
  | "instagram.broadcast.ended"
  | "instagram.private_reply.refused.broadcast_ended"
  | "instagram.note_to_self"
  | "instagram.note_to_self.refused.quick_replies"
  | "instagram.send.refused.own_post"
  | "send.refused.human_agent_feature"
  | "recipient.notification"
  | "recipient.notification.follow_up"
  | "recipient.refused.notification_too_soon"
  | "recipient.refused.notifications_stopped"
  | "recipient.refused.notification_expired"
  | "recipient.refused.unknown_notification"
  | "notification.tested"
  | "read.notification_tokens"
  | "send.refused.opt_in_window"
  | "send.refused.opt_in_repeated"
  | "recipient.one_time"
  | "recipient.refused.one_time_spent"
  | "recipient.refused.phone_number"
  | "send.refused.unknown_person"
  | "profile.set"
  | "profile.user_menu.set"
  | "profile.refused.menu_needs_get_started"
  | "profile.refused.menu_not_primary"
  | "message_template.set"
  | "message_template.refused.unknown"
  | "send.utility"
  | "welcome_flow.set"
  | "welcome_flow.refused.unknown"
  | "welcome_flow.read"
  | "persona.set"
  | "persona.refused.unknown"
  | "account.linked"
  | "account.unlinked"
  | "account.refused.not_linked"
  | "account.token"
  | "token.expired"
  | "token.ended"
  | "token.role_lost"
  | "token.issued"
  | "token.refused.code"
  | "token.refused.no_proof"
  | "permission.set"
  | "permission.refused.missing"
  | "permission.refused.task"
  | "token.page.withheld"
  | "app.mode.set"
  | "instagram.message.shadow_edit"
  | "instagram.message.seen"
  | "instagram.message.unsent"
  | "instagram.message.unsupported"
  | "instagram.message.bare_attachment"
  | "instagram.message.shared"
  | "instagram.message.product"
  | "instagram.story.reply"
  | "instagram.story.mention"
  | "instagram.reaction.no_window"
  | "instagram.reaction.removed"
  | "instagram.comment"
  | "instagram.comment.removed"
  | "instagram.mention"
  | "instagram.mention.as_comment"
  | "instagram.webhook.not_by_login"
  | "instagram.webhook.standby_messages"
  | "instagram.webhook.test"
  | "instagram.webhook.test_facebook"
  | "read.accounts"
  | "read.feature_status"
  | "instagram.read.feature_status"
  | "read.thread_owner"
  | "read.secondary_receivers"
  | "read.thread_owner.role"
  | "read.conversations"
  | "read.message.tags"
  | "read.message.reactions"
  | "read.conversation.is_owner"
  | "read.message.newest_only"
  | "read.profile.consent"
  | "instagram.refused.token_of_other_host"
  | "instagram.token.issued"
  | "instagram.token.refreshed"
  | "instagram.token.refused.code"
  | "instagram.read.account"
  | "instagram.refused.not_linked"
  | "instagram.subscription.set"
  | "instagram.message_access.set"
  | "instagram.refused.message_access_off"
  | "instagram.webhook.message_access_off"
  | "instagram.webhook.comments_need_advanced_access"
  | "instagram.read.person"
  | "instagram.read.refused.consent"
  | "instagram.profile.refused.property"
  | "instagram.moderation.limits";

export type AtWord =
  | "any"
  | "sender_action"
  | "send"
  | "pass"
  | "release"
  | "take"
  | "request"
  | "extend"
  | "metadata"
  | "thread_owner"
  | "secondary_receivers"
  | "messenger_profile_set"
  | "messenger_profile_read"
  | "messenger_profile_delete"
  | "user_settings_set"
  | "user_settings_read"
  | "user_settings_delete"
  | "persona_make"
  | "personas_read"
  | "conversations_read"
  | "threads_read"
  | "messages_read"
  | "attachment_save"
  | "label_make"
  | "labels_read"
  | "label_put"
  | "label_take"
  | "moderate"
  | "block"
  | "unblock"
  | "blocked_read"
  | "notification_tokens_read"
  | "template_make"
  | "templates_read"
  | "template_delete"
  | "unlink"
  | "accounts_read"
  | "subscribe"
  | "unsubscribe"
  | "subscriptions_read"
  | "app_subscribe"
  | "app_unsubscribe"
  | "app_subscriptions_read"
  | "profile_read"
  | "page_read"
  | "account_read"
  | "app_read"
  | "user_read"
  | "conversation_read"
  | "message_read";

export type ReplyWord =
  | "token_missing"
  | "token_invalid"
  | "token_app_removed"
  | "token_app_not_authorized"
  | "instagram_token"
  | "user_token_needed"
  | "client_id_missing"
  | "client_secret_missing"
  | "client_unknown"
  | "client_secret_wrong"
  | "redirect_uri_missing"
  | "code_missing"
  | "code_invalid"
  | "code_expired"
  | "code_used"
  | "grant_type"
  | "token_of_another_app"
  | "debug_by_app_only"
  | "too_many_tokens"
  | "permission_needed"
  | "engagement_needed"
  | "task_needed"
  | "proof_invalid"
  | "no_current_user"
  | "page_token_needed"
  | "app_token_needed"
  | "unknown_object"
  | "unknown_alias"
  | "unknown_path"
  | "unknown_field"
  | "no_subfields"
  | "fields_syntax"
  | "fields_too_many"
  | "invalid_cursor"
  | "batch_too_large"
  | "batch_nested"
  | "batch_depends_on"
  | "multipart_broken"
  | "invalid_json"
  | "body_too_large"
  | "too_many_values"
  | "not_http"
  | "param_required"
  | "param_must_be"
  | "param_text"
  | "param_no_text"
  | "param_id"
  | "param_one_key"
  | "param_value_invalid"
  | "param_one_of"
  | "param_length"
  | "param_empty"
  | "param_too_large"
  | "invalid_keys"
  | "too_many_elements"
  | "too_few_elements"
  | "invalid_url"
  | "tag_ended"
  | "invalid_tag"
  | "not_built"
  | "message_empty"
  | "message_or_action"
  | "message_and_action"
  | "text_and_attachment"
  | "attachment_type"
  | "attachments_type"
  | "attachment_unknown"
  | "template_type"
  | "element_incomplete"
  | "button_title_needed"
  | "button_payload_needed"
  | "button_url_needed"
  | "quick_reply_title_needed"
  | "quick_reply_payload_needed"
  | "location_gone"
  | "list_template_gone"
  | "open_graph_template_gone"
  | "currency_unknown"
  | "amount_invalid"
  | "extensions_not_whitelisted"
  | "file_count"
  | "one_login_button"
  | "persona_only_types"
  | "media_type_invalid"
  | "media_url_foreign"
  | "media_source_needed"
  | "product_unknown"
  | "not_a_user"
  | "no_matching_user"
  | "no_profile"
  | "person_unavailable"
  | "another_app_controls"
  | "lead_flow"
  | "receivers_only"
  | "receiver_hidden"
  | "primary_only"
  | "secondary_only"
  | "outside_window"
  | "not_owner_pass"
  | "not_owner_release"
  | "not_owner_extend"
  | "incorrect_app_id"
  | "pass_to_self"
  | "already_owner"
  | "control_combined"
  | "handover_disabled"
  | "take_not_supported"
  | "call_not_supported"
  | "unknown_message"
  | "one_param_needed"
  | "param_gone"
  | "default_locale_needed"
  | "locale_twice"
  | "menu_needs_get_started"
  | "menu_not_primary"
  | "menu_nested"
  | "unknown_persona"
  | "too_many_welcome_flows"
  | "too_many_personas"
  | "upload_failed"
  | "attachment_too_large"
  | "label_exists"
  | "labels_too_many"
  | "message_deleted"
  | "verification_failed"
  | "overloaded"
  | "unavailable"
  | "internal"
  | "instagram_code_refused"
  | "instagram_client_unknown"
  | "unsupported_method"
  | "rate_limited"
  | "rate_limited_instagram"
  | "rate_limited_messenger"
  | "app_rate_limited"
  | "user_rate_limited"
  | "page_rate_limited"
  | "application_limit"
  | "phone_rate_limited"
  | "notification_too_soon"
  | "too_many_actions"
  | "too_many_opt_ins"
  | "bothersome"
  | "misuse_blocked"
  | "unknown_error"
  | "invalid_reply"
  | "too_much_data"
  | "meta_internal"
  | "send_api_internal"
  | "temporary_send_failure"
  | "contact_terms_needed"
  | "outside_window_instagram"
  | "news_permission_needed"
  | "cannot_receive"
  | "notifications_stopped"
  | "person_not_receiving"
  | "recipient_not_available"
  | "message_not_sent"
  | "no_matching_instagram_user"
  | "thread_gone"
  | "instagram_advanced_access"
  | "take_not_supported_instagram"
  | "not_owner_instagram"
  | "comment_invalid"
  | "comment_unknown"
  | "reply_time_expired"
  | "already_replied"
  | "profile_permission_needed"
  | "token_of_notification_invalid"
  | "token_of_notification_expired"
  | "linking_token_invalid"
  | "consent_required"
  | "no_instagram_user"
  | "already_replied_internal"
  | "several_attachments"
  | "fetch_failed"
  | "file_type"
  | "video_failed"
  | "product_too_old"
  | "message_data_invalid"
  | "utility_template_unknown"
  | "utility_template_exists"
  | "utility_templates_too_many"
  | "utility_button_type"
  | "utility_parameters"
  | "utility_payload_missing"
  | "utility_characters"
  | "capability_missing"
  | "permission_missing"
  | "opt_in_restricted"
  | "page_restricted"
  | "review_needed"
  | "review_needed_200"
  | "phone_review_needed"
  | "phone_fee_needed"
  | "user_thread_impact"
  | "permissions_error"
  | "not_authorized"
  | "field_permission_needed"
  | "subscribed_fields_required"
  | "extended_permission_needed"
  | "api_blocked"
  | "messaging_permission_needed"
  | "commerce_disabled"
  | "object_unreadable"
  | "invalid_fbid"
  | "username_queried"
  | "instagram_not_linked"
  | "instagram_blocked"
  | "instagram_unverified"
  | "instagram_disabled"
  | "instagram_not_eligible"
  | "instagram_permission_needed"
  | "proof_needed"
  | "token_unreadable"
  | "token_malformed"
  | "token_checkpoint"
  | "token_password_changed"
  | "token_expired"
  | "token_unconfirmed"
  | "token_invalidated"
  | "token_logged_out"
  | "token_without_role"
  | "token_idle"
  | "token_not_of_a_page";

export type WebhookWord =
  | "messages"
  | "message_echoes"
  | "message_deliveries"
  | "message_reads"
  | "message_reactions"
  | "message_edits"
  | "messaging_postbacks"
  | "messaging_referrals"
  | "messaging_handovers"
  | "standby"
  | "messaging_optins"
  | "messaging_optouts"
  | "messaging_account_linking"
  | "messaging_policy_enforcement"
  | "messaging_feedback"
  | "messaging_payments"
  | "messaging_pre_checkouts"
  | "messaging_checkout_updates"
  | "messaging_game_plays"
  | "messaging_appointments"
  | "messaging_customer_information"
  | "messaging_direct_sends"
  | "messaging_fblogin_account_linking"
  | "messaging_in_thread_lead_form_submit"
  | "messaging_integrity"
  | "message_context"
  | "message_mention"
  | "message_template_status_update"
  | "response_feedback"
  | "send_cart"
  | "inbox_labels"
  | "calls"
  | "call_permission_reply"
  | "call_settings_update"
  | "marketing_message_clicks"
  | "marketing_message_deliveries"
  | "marketing_message_delivery_failed"
  | "marketing_message_echoes"
  | "marketing_message_reads"
  | "marketing_messages_subscriber_upload_status"
  | "business_integrity"
  | "user_action"
  | "story_share"
  | "group_feed"
  | "feed"
  | "mention"
  | "leadgen"
  | "conversations"
  | "follow"
  | "messaging_seen"
  | "messaging_referral"
  | "message_edit"
  | "messaging_handover"
  | "comments"
  | "live_comments"
  | "mentions"
  | "story_insights"
  | "story_reactions"
  | "story_poll_response"
  | "share_to_story"
  | "comment_poll_response"
  | "onboarding_welcome_message_series"
  | "creator_marketplace_projects"
  | "creator_marketplace_invited_creator_onboarding"
  | "delta"
  | "any";

/** The words of a step of this kind. */
export interface UserWords {
  /** Writes. */
  readonly says?: Text;
  /** Writes with attachments. */
  readonly sends?: {
    /** The text. */
    readonly text?: Text;
    /** What is attached. */
    readonly attachments?: ReadonlyArray<{
      /** What it is. `fallback` is a link that the person shares. Those after `ig_post` are Instagram's; `ephemeral` can be seen once. */
      readonly type: TypeWord;
      /** Its URL. Only image, audio, video and file need one; on Instagram it is on Instagram's CDN if left out. */
      readonly url?: Text;
      /** The title of a location, link, reel or post. */
      readonly title?: Text;
      /** Meta's id of a sticker, reel or post; that of Messenger's thumb for a sticker without. */
      readonly id?: number | string;
      /** Degrees north, for a location. */
      readonly lat?: Text;
      /** Degrees east, for a location. */
      readonly long?: Text;
    }>;
  };
  /** Taps an ad. */
  readonly taps_ad?: Text;
  /** Opens an m.me link. */
  readonly opens_link?: Text;
  /** Taps Get Started. */
  readonly gets_started?: true;
  /** Taps a button that was sent, by its label. */
  readonly taps_button?: Text;
  /** Taps a quick reply that was sent, by its label. That for the e-mail address or telephone number has the person's own as label. */
  readonly taps_quick_reply?: Text;
  /** Taps an ice breaker of the newest ad, or of the page or account, by its label. */
  readonly taps_ice_breaker?: Text;
  /** Taps an item of the persistent menu, by its label. */
  readonly taps_menu?: Text;
  /**
   * With `says` or `sends`: the text of the message that it answers. With `comments`: the comment that it answers, by its text or its id.
   */
  readonly replies_to?: Text;
  /**
   * Reacts to a message: smile, angry, sad, wow, love, like, dislike, or an emoji; on Instagram laugh, angry, sad, wow, love, like, or an
   * emoji. With `on_post` or `on_comment`: like, love, care, haha, wow, sad, angry.
   */
  readonly reacts?: Text;
  /** Takes the reaction back. */
  readonly unreacts?: true;
  /** On Instagram: replies to a story of the account with this text. */
  readonly replies_to_story?: {
    /** The text. */
    readonly text: Text;
    /** The id of the story; that of the account's story from the beginning if left out. */
    readonly story?: Text;
    /** Where the sticker in the story leads on which they tapped. */
    readonly link_sticker_url?: Text;
  } | Text;
  /** On Instagram: mentions the account in a story of their own. */
  readonly mentions_in_story?: true;
  /** On Instagram: shares something in the thread. */
  readonly shares?: {
    /** What it is. `permalink` is the address of a post or a reel. */
    readonly type: "post" | "reel" | "story" | "permalink" | "comment" | "ad" | "profile";
    /** The caption of a post or a reel. */
    readonly title?: Text;
    /** Its URL; one on Instagram's CDN if left out. */
    readonly url?: Text;
    /** Meta's id of a post, a reel or a story; a new one if left out. */
    readonly id?: number | string;
  } | "post" | "reel" | "story" | "permalink" | "comment" | "ad" | "profile";
  /** On Instagram, with `says` or `sends`: the id of the product that they ask about. */
  readonly about_product?: Text;
  /** Gives a message of theirs this text. */
  readonly edits?: Text;
  /** Takes a message of theirs back. */
  readonly unsends?: true;
  /**
   * With `reacts` or `unreacts`: the text of the message; if left out, the last one of the page or account. With `edits` or `unsends`: that
   * of the person's message; if left out, their last one that they have not taken back.
   */
  readonly message?: Text;
  /**
   * Accepts an opt-in request, or ticks the checkbox plugin of a website. `save: { token: /notification_messages_token }` saves the token.
   */
  readonly opts_in?: {
    /** The title of the request; `Updates and promotions` if it has none. */
    readonly to?: Text;
    /** The id that the website gave this checkbox. It can be used once. */
    readonly user_ref?: Text;
    /** With `user_ref`: a text that the website passes on. */
    readonly ref?: Text;
  };
  /** Stops the notification messages about a topic. The topic is the title of the request. */
  readonly stops_messages?: Text;
  /** Resumes the notification messages about a topic. */
  readonly resumes_messages?: Text;
  /** Fills in the newest customer feedback template. */
  readonly answers_survey?: {
    /** The score: csat has 1 to 5, nps 0 to 10, ces 1 to 7. */
    readonly score?: Text;
    /** The person's own words. */
    readonly text?: Text;
  };
  /** Looks at the code of a coupon with this title. */
  readonly opens_coupon?: Text;
  /** Comments on a post of the page or account. `save: { comment: /comment_id, post: /post_id }` saves the ids. */
  readonly comments?: Text;
  /**
   * With `comments`, `reacts` or `unreacts`: the post, by its text or its id. A comment without it is on the post that each page has from
   * the beginning.
   */
  readonly on_post?: Text;
  /** With `reacts` or `unreacts`: the comment, by its text or its id. */
  readonly on_comment?: Text;
  /** On Instagram: comments with a GIF. */
  readonly comments_gif?: true;
  /**
   * On Instagram, with `comments` or `comments_gif`: on which media of the account; on its post if left out. Each account has `post`,
   * `reel`, `story` and `live` from the beginning.
   */
  readonly on_media?: Text;
  /** On Instagram, with `comments` or `comments_gif`: on this ad. */
  readonly on_ad?: Text;
  /** Writes a post on the page. `save: { post: /post_id }` saves its id. */
  readonly posts?: Text;
  /** Gives their comment another text. */
  readonly edits_comment?: {
    /** The comment, by its text or its id. */
    readonly comment: Text;
    /** Its new text. */
    readonly text: Text;
  };
  /** Gives their post another text. */
  readonly edits_post?: {
    /** The post, by its text or its id. */
    readonly post: Text;
    /** Its new text. */
    readonly text: Text;
  };
  /** Removes their comment, which is named by its text or its id. */
  readonly removes_comment?: Text;
  /** Removes their post, which is named by its text or its id. */
  readonly removes_post?: Text;
  /** Mentions the page in a post on another page; on Instagram, the account in a caption. */
  readonly mentions_in_post?: Text;
  /** Mentions the page in a comment on another page; on Instagram, the account in a comment. */
  readonly mentions_in_comment?: Text;
  /** Taps Log In. `save: { token: /account_linking_token }` saves the token that the login page gets. */
  readonly opens_login?: true;
  /** Logs in with the Log In button. The value is the authorization_code of the business. */
  readonly links_account?: Text;
  /** Taps Log Out. */
  readonly unlinks_account?: true;
  /** Reads everything. */
  readonly reads?: true;
  /** Blocks the page or account. */
  readonly blocks?: true;
  /** Unblocks the page or account. */
  readonly unblocks?: true;
  /** How long to wait for a real app, in real time; that of the run or of the server if left out, which is 2s. */
  readonly within?: Duration;
  /** Which page, or which Instagram account, in a world of several. */
  readonly page?: Text;
  /** The same as `page`; also `messenger` or `instagram`, if the world has one of that kind. */
  readonly on?: Text;
  /** Saves values of the answer under names, each by a JSON pointer. Later steps write `${name}`. */
  readonly save?: { readonly [name: string]: string };
}

/** The verbs of a step of this kind. Further words of the same step come after the value. */
export interface UserVerbs {
  /** Writes. */
  says(value: Text, words?: UserWords): Promise<StepResult>;
  /** Writes with attachments. */
  sends(value?: {
    /** The text. */
    readonly text?: Text;
    /** What is attached. */
    readonly attachments?: ReadonlyArray<{
      /** What it is. `fallback` is a link that the person shares. Those after `ig_post` are Instagram's; `ephemeral` can be seen once. */
      readonly type: TypeWord;
      /** Its URL. Only image, audio, video and file need one; on Instagram it is on Instagram's CDN if left out. */
      readonly url?: Text;
      /** The title of a location, link, reel or post. */
      readonly title?: Text;
      /** Meta's id of a sticker, reel or post; that of Messenger's thumb for a sticker without. */
      readonly id?: number | string;
      /** Degrees north, for a location. */
      readonly lat?: Text;
      /** Degrees east, for a location. */
      readonly long?: Text;
    }>;
  }, words?: UserWords): Promise<StepResult>;
  /** Taps an ad. */
  taps_ad(value: Text, words?: UserWords): Promise<StepResult>;
  /** Opens an m.me link. */
  opens_link(value: Text, words?: UserWords): Promise<StepResult>;
  /** Taps Get Started. */
  gets_started(words?: UserWords): Promise<StepResult>;
  /** Taps a button that was sent, by its label. */
  taps_button(value: Text, words?: UserWords): Promise<StepResult>;
  /** Taps a quick reply that was sent, by its label. That for the e-mail address or telephone number has the person's own as label. */
  taps_quick_reply(value: Text, words?: UserWords): Promise<StepResult>;
  /** Taps an ice breaker of the newest ad, or of the page or account, by its label. */
  taps_ice_breaker(value: Text, words?: UserWords): Promise<StepResult>;
  /** Taps an item of the persistent menu, by its label. */
  taps_menu(value: Text, words?: UserWords): Promise<StepResult>;
  /**
   * Reacts to a message: smile, angry, sad, wow, love, like, dislike, or an emoji; on Instagram laugh, angry, sad, wow, love, like, or an
   * emoji. With `on_post` or `on_comment`: like, love, care, haha, wow, sad, angry.
   */
  reacts(value: Text, words?: UserWords): Promise<StepResult>;
  /** Takes the reaction back. */
  unreacts(words?: UserWords): Promise<StepResult>;
  /** On Instagram: replies to a story of the account with this text. */
  replies_to_story(value: {
    /** The text. */
    readonly text: Text;
    /** The id of the story; that of the account's story from the beginning if left out. */
    readonly story?: Text;
    /** Where the sticker in the story leads on which they tapped. */
    readonly link_sticker_url?: Text;
  } | Text, words?: UserWords): Promise<StepResult>;
  /** On Instagram: mentions the account in a story of their own. */
  mentions_in_story(words?: UserWords): Promise<StepResult>;
  /** On Instagram: shares something in the thread. */
  shares(value: {
    /** What it is. `permalink` is the address of a post or a reel. */
    readonly type: "post" | "reel" | "story" | "permalink" | "comment" | "ad" | "profile";
    /** The caption of a post or a reel. */
    readonly title?: Text;
    /** Its URL; one on Instagram's CDN if left out. */
    readonly url?: Text;
    /** Meta's id of a post, a reel or a story; a new one if left out. */
    readonly id?: number | string;
  } | "post" | "reel" | "story" | "permalink" | "comment" | "ad" | "profile", words?: UserWords): Promise<StepResult>;
  /** Gives a message of theirs this text. */
  edits(value: Text, words?: UserWords): Promise<StepResult>;
  /** Takes a message of theirs back. */
  unsends(words?: UserWords): Promise<StepResult>;
  /**
   * Accepts an opt-in request, or ticks the checkbox plugin of a website. `save: { token: /notification_messages_token }` saves the token.
   */
  opts_in(value?: {
    /** The title of the request; `Updates and promotions` if it has none. */
    readonly to?: Text;
    /** The id that the website gave this checkbox. It can be used once. */
    readonly user_ref?: Text;
    /** With `user_ref`: a text that the website passes on. */
    readonly ref?: Text;
  }, words?: UserWords): Promise<StepResult>;
  /** Stops the notification messages about a topic. The topic is the title of the request. */
  stops_messages(value: Text, words?: UserWords): Promise<StepResult>;
  /** Resumes the notification messages about a topic. */
  resumes_messages(value: Text, words?: UserWords): Promise<StepResult>;
  /** Fills in the newest customer feedback template. */
  answers_survey(value?: {
    /** The score: csat has 1 to 5, nps 0 to 10, ces 1 to 7. */
    readonly score?: Text;
    /** The person's own words. */
    readonly text?: Text;
  }, words?: UserWords): Promise<StepResult>;
  /** Looks at the code of a coupon with this title. */
  opens_coupon(value: Text, words?: UserWords): Promise<StepResult>;
  /** Comments on a post of the page or account. `save: { comment: /comment_id, post: /post_id }` saves the ids. */
  comments(value: Text, words?: UserWords): Promise<StepResult>;
  /** On Instagram: comments with a GIF. */
  comments_gif(words?: UserWords): Promise<StepResult>;
  /** Writes a post on the page. `save: { post: /post_id }` saves its id. */
  posts(value: Text, words?: UserWords): Promise<StepResult>;
  /** Gives their comment another text. */
  edits_comment(value: {
    /** The comment, by its text or its id. */
    readonly comment: Text;
    /** Its new text. */
    readonly text: Text;
  }, words?: UserWords): Promise<StepResult>;
  /** Gives their post another text. */
  edits_post(value: {
    /** The post, by its text or its id. */
    readonly post: Text;
    /** Its new text. */
    readonly text: Text;
  }, words?: UserWords): Promise<StepResult>;
  /** Removes their comment, which is named by its text or its id. */
  removes_comment(value: Text, words?: UserWords): Promise<StepResult>;
  /** Removes their post, which is named by its text or its id. */
  removes_post(value: Text, words?: UserWords): Promise<StepResult>;
  /** Mentions the page in a post on another page; on Instagram, the account in a caption. */
  mentions_in_post(value: Text, words?: UserWords): Promise<StepResult>;
  /** Mentions the page in a comment on another page; on Instagram, the account in a comment. */
  mentions_in_comment(value: Text, words?: UserWords): Promise<StepResult>;
  /** Taps Log In. `save: { token: /account_linking_token }` saves the token that the login page gets. */
  opens_login(words?: UserWords): Promise<StepResult>;
  /** Logs in with the Log In button. The value is the authorization_code of the business. */
  links_account(value: Text, words?: UserWords): Promise<StepResult>;
  /** Taps Log Out. */
  unlinks_account(words?: UserWords): Promise<StepResult>;
  /** Reads everything. */
  reads(words?: UserWords): Promise<StepResult>;
  /** Blocks the page or account. */
  blocks(words?: UserWords): Promise<StepResult>;
  /** Unblocks the page or account. */
  unblocks(words?: UserWords): Promise<StepResult>;
}

export type UserStep = { readonly user: Text } & UserWords;

/** The words of a step of this kind. */
export interface AppWords {
  /** Sends: text, or a message of the Send API. Both may have matchers; a puppet says the simplest text that matches. */
  readonly sends?: unknown;
  /** Passes control to an app, or to the default app. */
  readonly passes?: Text;
  /** Releases control. */
  readonly releases?: true;
  /** Takes control. */
  readonly takes?: true;
  /** Requests control. */
  readonly requests?: true;
  /** Extends control. */
  readonly extends?: Duration;
  /** `true` shows that it types, `false` stops that. */
  readonly types?: boolean;
  /** Marks the thread as seen. */
  readonly marks_seen?: true;
  /** Sends nothing for this long, in real time. A puppet is always silent. */
  readonly stays_silent?: Duration;
  /** Makes any Graph call. */
  readonly calls?: {
    /** GET of this path, without a version. `/me` is the page or account, by whatever id it is called. */
    readonly get?: Text | Matcher;
    /** POST to this path. */
    readonly post?: Text | Matcher;
    /** DELETE of this path. */
    readonly delete?: Text | Matcher;
    /** What the parameters of the query are like. */
    readonly query?: unknown;
    /** What the parameters are like, in JSON, a form or the query. */
    readonly body?: unknown;
  };
  /** Prints the webhooks of this field, or all, that it got since the last acting step, exactly as they are sent. */
  readonly shows?: ShowsWord;
  /** With `sends`: the message tag. */
  readonly tag?: Text;
  /** With `sends`: the thread_control parameter. */
  readonly thread_control?: unknown;
  /** With `sends`, `passes`, `takes`, `requests`: the metadata. */
  readonly metadata?: Text;
  /** The call must fail with an error like this. It may have code, subcode, message, status, and the rule as `because`. */
  readonly refused?: unknown;
  /** A fault must keep the answer from the app: no answer comes, or none that can be read. */
  readonly response_lost?: true;
  /** With `calls`: what the answer must be like, with its HTTP `status`. */
  readonly returns?: unknown;
  /** How long to wait for a real app, in real time; that of the run or of the server if left out, which is 2s. */
  readonly within?: Duration;
  /** The person whose thread it is, in a world of several people. */
  readonly to?: Text;
  /** Which page, or which Instagram account, in a world of several. */
  readonly page?: Text;
  /** The same as `page`; also `messenger` or `instagram`, if the world has one of that kind. */
  readonly on?: Text;
  /** Saves values of the answer under names, each by a JSON pointer. Later steps write `${name}`. */
  readonly save?: { readonly [name: string]: string };
}

/** The verbs of a step of this kind. Further words of the same step come after the value. */
export interface AppVerbs {
  /** Sends: text, or a message of the Send API. Both may have matchers; a puppet says the simplest text that matches. */
  sends(value: unknown, words?: AppWords): Promise<StepResult>;
  /** Passes control to an app, or to the default app. */
  passes(value: Text, words?: AppWords): Promise<StepResult>;
  /** Releases control. */
  releases(words?: AppWords): Promise<StepResult>;
  /** Takes control. */
  takes(words?: AppWords): Promise<StepResult>;
  /** Requests control. */
  requests(words?: AppWords): Promise<StepResult>;
  /** Extends control. */
  extends(value: Duration, words?: AppWords): Promise<StepResult>;
  /** `true` shows that it types, `false` stops that. */
  types(value: boolean, words?: AppWords): Promise<StepResult>;
  /** Marks the thread as seen. */
  marks_seen(words?: AppWords): Promise<StepResult>;
  /** Sends nothing for this long, in real time. A puppet is always silent. */
  stays_silent(value: Duration, words?: AppWords): Promise<StepResult>;
  /** Makes any Graph call. */
  calls(value?: {
    /** GET of this path, without a version. `/me` is the page or account, by whatever id it is called. */
    readonly get?: Text | Matcher;
    /** POST to this path. */
    readonly post?: Text | Matcher;
    /** DELETE of this path. */
    readonly delete?: Text | Matcher;
    /** What the parameters of the query are like. */
    readonly query?: unknown;
    /** What the parameters are like, in JSON, a form or the query. */
    readonly body?: unknown;
  }, words?: AppWords): Promise<StepResult>;
  /** Prints the webhooks of this field, or all, that it got since the last acting step, exactly as they are sent. */
  shows(value: ShowsWord, words?: AppWords): Promise<StepResult>;
}

export type AppStep = { readonly app: Text } & AppWords;

/** The words of a step of this kind. */
export interface AdminWords {
  /** Chooses the default app. */
  readonly sets_default_app?: Text;
  /** Chooses the primary receiver of the Handover Protocol. */
  readonly sets_primary?: Text;
  /** Sets standby toggles, by app. */
  readonly sets_standby?: { readonly [name: string]: boolean };
  /** Sets "Take control of conversations" toggles, by app. */
  readonly sets_take_control?: { readonly [name: string]: boolean };
  /** Sets the apps to which links lead. */
  readonly sets_link?: { readonly [name: string]: Text };
  /** Sets the social/organic route. */
  readonly sets_social?: Text;
  /** Connects an app. It subscribes to no webhook field before it calls subscribed_apps. */
  readonly connects_app?: Text;
  /** Disconnects an app. */
  readonly disconnects_app?: Text;
  /** Blocks the calls of the Handover Protocol, as Meta announced, or allows them. */
  readonly sets_handover_apis?: "allowed" | "blocked";
  /** Turns the switch "Allow access to messages" of an Instagram account. */
  readonly sets_message_access?: "on" | "off";
  /** Makes an app's page token expire. */
  readonly expires_token?: Text;
  /** Ends an app's page token early, for a reason. Other tokens of the user who made it may end for the same reason. */
  readonly revokes_token?: { readonly [name: string]: "password_changed" | "logged_out" | "invalidated" | "app_removed" | "role_lost" };
  /** Grants permissions to apps. */
  readonly grants?: { readonly [name: string]: ReadonlyArray<GrantsWord> };
  /** Takes permissions back from apps. */
  readonly withdraws?: { readonly [name: string]: ReadonlyArray<GrantsWord> };
  /** Publishes an app that was in development. */
  readonly publishes_app?: Text;
  /** Takes a published app back into development. */
  readonly unpublishes_app?: Text;
  /** A user logs in to an app. The app gets a code for /oauth/access_token; `save: { code: /code }` saves it. */
  readonly issues_code?: { readonly [name: string]: Text };
  /** The owner of an Instagram account logs in to an app. The app gets a code for /oauth/access_token; `save: { code: /code }` saves it. */
  readonly logs_in?: Text;
  /** Writes a post as the page. `save: { post: /post_id }` saves its id. */
  readonly posts?: Text;
  /** Gives a post of the page another text. */
  readonly edits_post?: {
    /** The post, by its text or its id. */
    readonly post: Text;
    /** Its new text. */
    readonly text: Text;
  };
  /** Removes a post of the page or of a visitor, which is named by its text or its id. */
  readonly removes_post?: Text;
  /** Removes a comment, which is named by its text or its id. */
  readonly removes_comment?: Text;
  /** On Instagram: comments as the account. */
  readonly comments?: {
    /** The text. */
    readonly text: Text;
    /** On which media of the account; on its post if left out. */
    readonly on_media?: Text;
    /** On this ad. */
    readonly on_ad?: Text;
    /** The comment that it answers, by its text or its id. */
    readonly replies_to?: Text;
  } | Text;
  /** On Instagram: the account's story ends, and apps get its story_insights. Numbers below 5 are written as -1. */
  readonly story_ends?: {
    /** How often it was seen; 0 if left out. */
    readonly impressions?: number | string;
    /** How many people saw it; 0 if left out. */
    readonly reach?: number | string;
    /** How often people went on to the next story; 0 if left out. */
    readonly taps_forward?: number | string;
    /** How often people went back; 0 if left out. */
    readonly taps_back?: number | string;
    /** How often people left; 0 if left out. */
    readonly exits?: number | string;
    /** How often people replied; 0 if left out. */
    readonly replies?: number | string;
  };
  /**
   * On Instagram: ends a live broadcast, `live` or one that the world declares. Nobody comments on it any more, and its comments are not
   * answered in private.
   */
  readonly ends_broadcast?: Text;
  /** Presses the Test button of a webhook field in the dashboard. Every app of the page or account gets the example. */
  readonly presses_test?: PressesTestWord;
  /** Saves values of the answer under names, each by a JSON pointer. Later steps write `${name}`. */
  readonly save?: { readonly [name: string]: string };
}

/** The verbs of a step of this kind. Further words of the same step come after the value. */
export interface AdminVerbs {
  /** Chooses the default app. */
  sets_default_app(value: Text, words?: AdminWords): Promise<StepResult>;
  /** Chooses the primary receiver of the Handover Protocol. */
  sets_primary(value: Text, words?: AdminWords): Promise<StepResult>;
  /** Sets standby toggles, by app. */
  sets_standby(value?: { readonly [name: string]: boolean }, words?: AdminWords): Promise<StepResult>;
  /** Sets "Take control of conversations" toggles, by app. */
  sets_take_control(value?: { readonly [name: string]: boolean }, words?: AdminWords): Promise<StepResult>;
  /** Sets the apps to which links lead. */
  sets_link(value?: { readonly [name: string]: Text }, words?: AdminWords): Promise<StepResult>;
  /** Sets the social/organic route. */
  sets_social(value: Text, words?: AdminWords): Promise<StepResult>;
  /** Connects an app. It subscribes to no webhook field before it calls subscribed_apps. */
  connects_app(value: Text, words?: AdminWords): Promise<StepResult>;
  /** Disconnects an app. */
  disconnects_app(value: Text, words?: AdminWords): Promise<StepResult>;
  /** Blocks the calls of the Handover Protocol, as Meta announced, or allows them. */
  sets_handover_apis(value: "allowed" | "blocked", words?: AdminWords): Promise<StepResult>;
  /** Turns the switch "Allow access to messages" of an Instagram account. */
  sets_message_access(value: "on" | "off", words?: AdminWords): Promise<StepResult>;
  /** Makes an app's page token expire. */
  expires_token(value: Text, words?: AdminWords): Promise<StepResult>;
  /** Ends an app's page token early, for a reason. Other tokens of the user who made it may end for the same reason. */
  revokes_token(value?: { readonly [name: string]: "password_changed" | "logged_out" | "invalidated" | "app_removed" | "role_lost" }, words?: AdminWords): Promise<StepResult>;
  /** Grants permissions to apps. */
  grants(value?: { readonly [name: string]: ReadonlyArray<GrantsWord> }, words?: AdminWords): Promise<StepResult>;
  /** Takes permissions back from apps. */
  withdraws(value?: { readonly [name: string]: ReadonlyArray<GrantsWord> }, words?: AdminWords): Promise<StepResult>;
  /** Publishes an app that was in development. */
  publishes_app(value: Text, words?: AdminWords): Promise<StepResult>;
  /** Takes a published app back into development. */
  unpublishes_app(value: Text, words?: AdminWords): Promise<StepResult>;
  /** A user logs in to an app. The app gets a code for /oauth/access_token; `save: { code: /code }` saves it. */
  issues_code(value?: { readonly [name: string]: Text }, words?: AdminWords): Promise<StepResult>;
  /** The owner of an Instagram account logs in to an app. The app gets a code for /oauth/access_token; `save: { code: /code }` saves it. */
  logs_in(value: Text, words?: AdminWords): Promise<StepResult>;
  /** Writes a post as the page. `save: { post: /post_id }` saves its id. */
  posts(value: Text, words?: AdminWords): Promise<StepResult>;
  /** Gives a post of the page another text. */
  edits_post(value: {
    /** The post, by its text or its id. */
    readonly post: Text;
    /** Its new text. */
    readonly text: Text;
  }, words?: AdminWords): Promise<StepResult>;
  /** Removes a post of the page or of a visitor, which is named by its text or its id. */
  removes_post(value: Text, words?: AdminWords): Promise<StepResult>;
  /** Removes a comment, which is named by its text or its id. */
  removes_comment(value: Text, words?: AdminWords): Promise<StepResult>;
  /** On Instagram: comments as the account. */
  comments(value: {
    /** The text. */
    readonly text: Text;
    /** On which media of the account; on its post if left out. */
    readonly on_media?: Text;
    /** On this ad. */
    readonly on_ad?: Text;
    /** The comment that it answers, by its text or its id. */
    readonly replies_to?: Text;
  } | Text, words?: AdminWords): Promise<StepResult>;
  /** On Instagram: the account's story ends, and apps get its story_insights. Numbers below 5 are written as -1. */
  story_ends(value?: {
    /** How often it was seen; 0 if left out. */
    readonly impressions?: number | string;
    /** How many people saw it; 0 if left out. */
    readonly reach?: number | string;
    /** How often people went on to the next story; 0 if left out. */
    readonly taps_forward?: number | string;
    /** How often people went back; 0 if left out. */
    readonly taps_back?: number | string;
    /** How often people left; 0 if left out. */
    readonly exits?: number | string;
    /** How often people replied; 0 if left out. */
    readonly replies?: number | string;
  }, words?: AdminWords): Promise<StepResult>;
  /**
   * On Instagram: ends a live broadcast, `live` or one that the world declares. Nobody comments on it any more, and its comments are not
   * answered in private.
   */
  ends_broadcast(value: Text, words?: AdminWords): Promise<StepResult>;
  /** Presses the Test button of a webhook field in the dashboard. Every app of the page or account gets the example. */
  presses_test(value: PressesTestWord, words?: AdminWords): Promise<StepResult>;
}

export type AdminStep = { readonly admin: Text } & AdminWords;

/** The words of a step of this kind. */
export interface InboxWords {
  /** Answers the person. */
  readonly replies?: Text;
  /** With `replies` on an Instagram account: where the answer is typed; `business_suite` if left out. */
  readonly from?: "business_suite" | "instagram_app";
  /** Moves the thread to Main. */
  readonly moves_to_main?: true;
  /** Moves the thread to Done. */
  readonly moves_to_done?: true;
  /** The person whose thread it is, in a world of several people. */
  readonly to?: Text;
}

/** The verbs of a step of this kind. Further words of the same step come after the value. */
export interface InboxVerbs {
  /** Answers the person. */
  replies(value: Text, words?: InboxWords): Promise<StepResult>;
  /** Moves the thread to Main. */
  moves_to_main(words?: InboxWords): Promise<StepResult>;
  /** Moves the thread to Done. */
  moves_to_done(words?: InboxWords): Promise<StepResult>;
}

export type InboxStep = { readonly inbox: Text } & InboxWords;

export interface AppExpectation {
  /** The app that gets a webhook, or does not. */
  readonly app: Text;
  /** The field of the webhook (`standby` is one), or `nothing`. */
  readonly gets?: GetsWord;
  /** The field of which it gets no webhook. */
  readonly gets_no?: PressesTestWord;
  /**
   * What an attempt to deliver is like. It may have `field`, `attempt`, `status` or `failure`, `said`, `fault`, and `together`: how many
   * webhooks leave in one POST.
   */
  readonly delivery?: unknown;
  /** The text of the message, the comment or the post. */
  readonly text?: Text | Matcher;
  /** The payload of the button or quick reply. */
  readonly payload?: Text | Matcher;
  /** The title of the tapped button. */
  readonly title?: Text | Matcher;
  /** The referral, wherever in the item it is. */
  readonly referral?: unknown;
  /** The metadata of the echo or the hand-over. */
  readonly metadata?: Text | Matcher;
  /** The hop_context beside the messaging item. */
  readonly hop_context?: unknown;
  /** The value of a change, as of `feed`. */
  readonly value?: unknown;
  /** The whole element of `messaging`, `standby` or `changes`. */
  readonly body?: unknown;
  /** The rule behind it. */
  readonly because?: BecauseWord;
  /** How long to wait for a real app, in real time; that of the run or of the server if left out, which is 2s. */
  readonly within?: Duration;
  /** The person whose thread it is, in a world of several people. */
  readonly of?: Text;
  /** Which page, or which Instagram account, in a world of several. */
  readonly page?: Text;
  /** The same as `page`; also `messenger` or `instagram`, if the world has one of that kind. */
  readonly on?: Text;
  /** Saves values of the answer under names, each by a JSON pointer. Later steps write `${name}`. */
  readonly save?: { readonly [name: string]: string };
}

export interface OwnerExpectation {
  /** Who owns the thread. */
  readonly owner: Text;
  /** The rule behind it. */
  readonly because?: BecauseWord;
  /** How long to wait for a real app, in real time; that of the run or of the server if left out, which is 2s. */
  readonly within?: Duration;
  /** The person whose thread it is, in a world of several people. */
  readonly of?: Text;
  /** Which page, or which Instagram account, in a world of several. */
  readonly page?: Text;
  /** The same as `page`; also `messenger` or `instagram`, if the world has one of that kind. */
  readonly on?: Text;
}

export interface NothingExpectation {
  /**
   * `webhooks`: there is none beside those that expectations matched. `messages`: no app sent one since the last acting step that no step
   * has asked for.
   */
  readonly nothing: "webhooks" | "messages";
  /**
   * With `messages`: how long the apps must be quiet, in real time. If left out, `--within` while a person waits for an answer, otherwise
   * twice the longest time that an app has taken to answer.
   */
  readonly within?: Duration;
  /** The person whose thread it is, in a world of several people. */
  readonly of?: Text;
  /** Which page, or which Instagram account, in a world of several. */
  readonly page?: Text;
  /** The same as `page`; also `messenger` or `instagram`, if the world has one of that kind. */
  readonly on?: Text;
}

export interface WindowExpectation {
  /** Whether the standard window is open. */
  readonly window: "open" | "closed";
  /** The person whose thread it is, in a world of several people. */
  readonly of?: Text;
  /** Which page, or which Instagram account, in a world of several. */
  readonly page?: Text;
  /** The same as `page`; also `messenger` or `instagram`, if the world has one of that kind. */
  readonly on?: Text;
}

export interface MessageExpectation {
  /** What the person sees in the thread. */
  readonly message: {
    /** The app, the person, or the ad whose welcome it is. */
    readonly from?: Text;
    /** The person, or the page or account. */
    readonly to?: Text;
    /** Its text. */
    readonly text?: Text | Matcher;
    /** Its attachments. */
    readonly attachments?: unknown;
    /** Its quick replies. */
    readonly quick_replies?: unknown;
    /** Its metadata. */
    readonly metadata?: Text | Matcher;
  };
  /** How long to wait for a real app, in real time; that of the run or of the server if left out, which is 2s. */
  readonly within?: Duration;
  /** The person whose thread it is, in a world of several people. */
  readonly of?: Text;
  /** Which page, or which Instagram account, in a world of several. */
  readonly page?: Text;
  /** The same as `page`; also `messenger` or `instagram`, if the world has one of that kind. */
  readonly on?: Text;
  /** Saves values of the answer under names, each by a JSON pointer. Later steps write `${name}`. */
  readonly save?: { readonly [name: string]: string };
}

export interface RuleExpectation {
  /** A rule that was applied since the last acting step. */
  readonly rule: BecauseWord;
  /** How long to wait for a real app, in real time; that of the run or of the server if left out, which is 2s. */
  readonly within?: Duration;
}

/** What must have happened. */
export type Expectation = AppExpectation | OwnerExpectation | NothingExpectation | WindowExpectation | MessageExpectation | RuleExpectation;

export interface ClockStep {
  /** How far time goes on, or to which moment. */
  readonly clock: {
    /** The moment. It must not be past. */
    readonly to: string;
  } | Duration;
}

export interface FaultStep {
  /** Arms a fault. Later calls or webhooks meet it. */
  readonly fault: {
    /** Which calls it meets. A message is `send`; a sender action is not. */
    readonly at: AtWord;
    /** Only calls of this app. */
    readonly app?: Text;
    /** Only calls about this person's thread. */
    readonly to?: Text;
    /** Only calls with a token of this page or account. */
    readonly page?: Text;
    /** The same as `page`; also `messenger` or `instagram`, if the world has one of that kind. */
    readonly on?: Text;
    /** The error that is answered instead. */
    readonly reply?: ReplyWord;
    /** The HTTP status, from 200 to 599, of an answer that you write. */
    readonly status?: number | string;
    /** With `status`: the body. Text is sent as it is, a map or a list as JSON. */
    readonly body?: unknown;
    /** The HTTP status, from 400 to 599, of the HTML page that Meta's edge shows instead. */
    readonly html?: number | string;
    /**
     * How the answer is broken: no answer comes (hang); the connection is reset or closed before it; its body is cut off on the wire, is
     * half a JSON text, or is empty.
     */
    readonly breaks?: "hang" | "reset" | "close" | "half_body" | "malformed_json" | "empty_body";
    /** How late the answer is, in real time, up to 60s. A puppet's call uses no socket and is not late. */
    readonly latency?: Duration;
    /** How much of its quota the app has used, as the headers of the answer say. */
    readonly usage?: {
      /** Calls that are used up, in percent; 0 if left out. */
      readonly call_count?: number | string;
      /** Processor time that is used up, in percent; 0 if left out. */
      readonly total_cputime?: number | string;
      /** Time that is used up, in percent; 0 if left out. */
      readonly total_time?: number | string;
      /** How long until the app may call again, in whole minutes; 0m if left out. Only answers to calls with a page token have it. */
      readonly estimated_time_to_regain_access?: Duration;
    };
    /**
     * True if the call takes effect, so that only its answer is lost or wrong. If left out, it is true for faults that need the answer,
     * such as `half_body`, or that have only `latency` or `usage`; otherwise false.
     */
    readonly after?: boolean;
    /** How many calls it meets, or `always`. If left out, 1, or `always` with `chance`. The scenario fails if it meets fewer. */
    readonly times?: number | string | "always";
    /** The first call that it meets, counted among the calls that fit; 1 if left out. */
    readonly nth?: number | string;
    /** After the first, it meets every one of this many: 3 means each third. 1 if left out. */
    readonly every?: number | string;
    /** How likely it is to fire each time. The world's seed decides, so a run can be repeated. The fault is `optional` then. */
    readonly chance?: string;
    /** True if the scenario passes even when it fires less often; false if left out. */
    readonly optional?: boolean;
  } | {
    /** Which webhooks it meets: those of a field (`standby` is one), or `any`. */
    readonly webhook: WebhookWord;
    /** Only webhooks to this app. */
    readonly app?: Text;
    /** Only webhooks about this person's thread. */
    readonly to?: Text;
    /** Only webhooks of this page or account. */
    readonly page?: Text;
    /** The same as `page`; also `messenger` or `instagram`, if the world has one of that kind. */
    readonly on?: Text;
    /**
     * What happens to it. It is lost and nobody knows; it is delivered twice; or it is delivered after the app's next webhook about the
     * same thread, or after a second without one.
     */
    readonly goes?: "lost" | "twice" | "behind";
    /** How late it is sent, in the world's time. */
    readonly late?: Duration;
    /**
     * It fails as if the app had answered with this HTTP status, from 300 to 599, or not in time (`timeout`). It is sent again like any
     * other.
     */
    readonly fails?: number | string | "timeout";
    /** How it is signed: with a secret that is not the app's, only with SHA-1, or not at all. */
    readonly signed?: "wrong_secret" | "sha1" | "not";
    /** The JSON is written again on its way, with spaces and without escapes, so that the signature is one of other bytes. */
    readonly re_encoded?: true;
    /**
     * How many webhooks to the app, 2 to 1000, leave in one POST. After a second they leave anyway. The field and `to` choose only the
     * first of them; any others to the app join it, of its other pages too.
     */
    readonly batch?: number | string;
    /** How many attempts it meets, or `always`. If left out, 1, or `always` with `chance`. The scenario fails if it meets fewer. */
    readonly times?: number | string | "always";
    /** The first attempt that it meets, counted among the attempts that fit; 1 if left out. */
    readonly nth?: number | string;
    /** After the first, it meets every one of this many: 3 means each third. 1 if left out. */
    readonly every?: number | string;
    /** How likely it is to fire each time. The world's seed decides, so a run can be repeated. The fault is `optional` then. */
    readonly chance?: string;
    /** True if the scenario passes even when it fires less often; false if left out. */
    readonly optional?: boolean;
  };
}

export interface CallStep {
  /** A raw Graph call. */
  readonly call: {
    /** The app whose page token the call has; if left out, it has no token. */
    readonly as?: Text;
    /** The page or account of that token, in a world of several. It may also stand beside `call`. */
    readonly page?: Text;
    /** The same as `page`; also `messenger` or `instagram`, if the world has one of that kind. */
    readonly on?: Text;
    /** GET of this path. */
    readonly get?: Text;
    /** POST to this path. */
    readonly post?: Text;
    /** DELETE of this path. */
    readonly delete?: Text;
    /** The JSON body. Text is sent as it is. */
    readonly body?: unknown;
    /** A token to use instead of the app's. */
    readonly token?: Text;
    /** Headers. */
    readonly headers?: { readonly [name: string]: Text };
  };
  /** What the answer must be like: its body, and its `status`. */
  readonly returns?: unknown;
  /** Which page, or which Instagram account, in a world of several. */
  readonly page?: Text;
  /** The same as `page`; also `messenger` or `instagram`, if the world has one of that kind. */
  readonly on?: Text;
  /** Saves values of the answer under names, each by a JSON pointer. Later steps write `${name}`. */
  readonly save?: { readonly [name: string]: string };
}

export interface ExpectStep {
  readonly expect: readonly Expectation[];
  readonly within?: Duration;
  readonly page?: Text;
  readonly on?: Text;
}

/** A step of a scenario. */
export type Step = UserStep | AppStep | AdminStep | InboxStep | ClockStep | FaultStep | CallStep | ExpectStep;

/** The words of a fault. */
export type Fault = FaultStep['fault'];
