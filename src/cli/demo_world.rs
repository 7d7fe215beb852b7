//! The demo world: what `serve` serves if no world is given, and what it prints about it.

use crate::domain::model::config::Config;
use crate::domain::model::ids::{AppKey, AssetKey, PersonKey, ThreadKey};

/// The world file. A Graph call finds the world by its token; the ids are derived from the seed.
pub const DEMO_WORLD: &str = "
seed: 1
apps: { bot: { secret: demo-secret } }
pages: { shop: { default_app: bot, apps: { bot: { token: EAAdemo } } } }
people: { any: true, alice: {}, bob: {} }
";

/// What a person needs to know to use the demo world at once. The commands work as they stand there.
pub fn banner(config: &Config, url: &str, world: &str, inspector: Option<&str>) -> String {
    let inspector = inspector.map_or_else(String::new, |inspector| format!("\n  inspector      {inspector}"));
    let (app, page, person) = (AppKey(0), AssetKey(0), PersonKey(0));
    let (bot, shop) = (config.app(app), config.asset(page));
    let token = shop.connections.first().map(|connection| &*connection.token).unwrap_or_default();
    let psid = config.psid(ThreadKey { asset: page, person });
    let control = format!("{url}/_control/worlds/{world}");
    let webhook = bot.webhook.as_ref().and_then(|webhook| webhook.url.as_deref());
    let webhook = webhook.unwrap_or("none: `bot` is a puppet, whom curl plays below");
    format!(
        "\
This is the demo world. `--world FILE` serves a world of your own.

  Graph URL      {url}  in place of https://graph.facebook.com
  page token     {token}
  app secret     {secret}  signs the webhooks
  verify token   {verify_token}  stands in the handshake
  app id         {app_id}
  page id        {page_id}
  PSID of alice  {psid}
  webhook        {webhook}{inspector}

Alice writes, the bot answers, and what happened is explained:

  curl -s {control}/steps -d '{{ user: alice, says: Hi }}'
  curl -s {url}/v25.0/me/messages -H 'Authorization: Bearer {token}' -d 'recipient={{\"id\":\"{psid}\"}}' -d 'message={{\"text\":\"Hello!\"}}'
  curl -s {control}/threads/shop/alice/explain

Once your bot listens, its webhooks go there:

  curl -s -X PUT {control}/apps/bot/webhook -d '{{ url: \"http://127.0.0.1:5001/webhook\" }}'
",
        secret = bot.secret,
        verify_token = bot.verify_token,
        app_id = bot.id,
        page_id = shop.id,
    )
}
