// Calls of the control API. Each call has a connection of its own: a connection that rests may be closed by the server in the moment in
// which a call takes it, and a step must not be performed twice.
'use strict';

const http = require('node:http');

const { GraphdoubleError } = require('./errors.js');

/** A call, and its answer as text. Waits as long as the server does. */
function request(method, url, { body, headers }) {
  return new Promise((resolve, reject) => {
    const options = {
      method,
      headers: body === undefined ? headers : { ...headers, 'content-length': Buffer.byteLength(body) },
      agent: false,
    };
    const call = http.request(url, options, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode, text: Buffer.concat(chunks).toString('utf8') }));
    });
    call.on('error', reject);
    call.end(body);
  });
}

function read(text) {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * Calls the control API, and returns what it answers. A body that is no text is sent as JSON. `pageUrl` and what
 * `printed` gives are shown with a failure, and `whyGone` says why nobody answers, if that is known.
 */
async function call(method, url, { body, session, pageUrl, printed, whyGone } = {}) {
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const headers = session ? { 'graphdouble-session': session } : {};
  let answer;
  try {
    answer = await request(method, url, { body: text, headers });
  } catch (cause) {
    const why =
      (await whyGone?.()) ?? `nobody answered (${cause.code ?? cause.message}): is graphdouble running at ${new URL(url).origin}?`;
    throw new GraphdoubleError(`${method} ${url}: ${why}`, { cause });
  }
  const content = read(answer.text);
  if (answer.status < 400) return content;
  const { message, drawn, inspector } = content?.error ?? {};
  throw new GraphdoubleError(message ?? `${method} ${url} answered ${answer.status}: ${answer.text.slice(0, 200)}`, {
    status: answer.status,
    drawn,
    entries: content?.entries,
    printed: printed?.(),
    pageUrl: inspector ?? pageUrl, // a step that fails knows its thread and its entry
  });
}

/** A query for the end of a URL. What is undefined is left out. */
function query(parameters) {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text === '' ? '' : `?${text}`;
}

module.exports = { call, query };
