// The page of the inspector that shows a world.
'use strict';

/** The URL of the page that shows this world: what happened in it, and why. */
function pageUrl({ graph_url: graphUrl, name }) {
  return `${graphUrl}/_inspector/#/${encodeURIComponent(name)}/chat`;
}

module.exports = { pageUrl };
