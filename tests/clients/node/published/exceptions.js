// Where a published test is not answered as it was when it was published.

// What Meta has taken away since then, and how it is refused today.
const REFUSED = [
  [/MESSAGE_TAG type when tag exists|issue resolution text|generic template with tag/, /^Invalid parameter$/],
  [/airline/, /^\(#100\) Invalid template type$/],
  [/#setWhitelistedDomains/, /should represent a valid URL$/], // a bare name: it must be https:// today
  [/with media template/, /should represent a valid URL$/], // the URL of its button is `<WEB_URL>`
  [/recipient with phone_number/, /pages_messaging_phone_number permission is reviewed/],
  [/recipient with user_ref/, /^\(#100\) No matching user found$/], // nobody has ticked that box here, nor written that comment
  [/recipient with (post_id|comment_id)/, /^\(#100\) Invalid (post|comment)_id parameter$/],
  [/#setNLPConfigs|#enableNLP/, /^\(#100\) nlp_enabled true is not built yet/],
];

// What graphdouble has not built yet.
const WAITING = [
  /get Insight data|support multiple metrics|ID Matching|#logCustomEvents/, // other metrics, pages with categories, an app of no world
  /other optional parameters|current page subscription/,
];

export function refusalOf(test) {
  return REFUSED.find(([name]) => name.test(test))?.[1];
}

export function isWaiting(test) {
  return WAITING.some((name) => name.test(test));
}
