// Where a published test is not answered as it was when it was published.

// What Meta has taken away since then, and how it is refused today.
const REFUSED = [
  [/MESSAGE_TAG type when tag exists|issue resolution text|generic template with tag/, /^\(#100\) Invalid tag\.$/],
  [/airline/, /^\(#100\) Invalid template type$/],
  [/#setWhitelistedDomains/, /should represent a valid URL$/], // a bare name: it must be https:// today
  [/with media template/, /you do not own the attachment\.$/], // an id that nobody has saved
  [/#setNLPConfigs|#enableNLP/, /^\(#100\) nlp_enabled true is not built yet/],
];

// What graphdouble has not built yet.
const WAITING = [
  /recipient with (phone_number|user_ref|post_id|comment_id)/,
  /get Insight data|support multiple metrics|ID Matching|#logCustomEvents/, // other metrics, pages with categories, an app of no world
  /other optional parameters|current page subscription/,
];

export function refusalOf(test) {
  return REFUSED.find(([name]) => name.test(test))?.[1];
}

export function isWaiting(test) {
  return WAITING.some((name) => name.test(test));
}
