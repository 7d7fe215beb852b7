// Calls of the control API. A recorded page has the answers in itself and calls nobody.

/** An answer of the control API with a status from 400, or none at all (status 0). */
export class ApiError extends Error {
  constructor(status, message, body = {}) {
    super(message);
    this.status = status;
    this.drawn = body.error?.drawn ?? null;
    this.body = body;
  }
}

const block = globalThis.document?.getElementById('recorded');
const recorded = block && JSON.parse(block.textContent);

/** Whether this page shows something that is over: nothing can be done in it. */
export const isRecorded = Boolean(recorded);

/** The path of a world, or of something in it: `at('default', 'threads', 'shop', 'alice')`. */
export function at(world, ...parts) {
  return ['/_control/worlds', world, ...parts].map((part, n) => (n ? encodeURIComponent(part) : part)).join('/');
}

export const get = (path) => call('GET', path);
export const post = (path, body) => call('POST', path, body);
export const put = (path, body) => call('PUT', path, body);
export const remove = (path) => call('DELETE', path);

/** Calls, and answers the JSON, or the text where the answer is not JSON. `body` is an object, or a text that is sent as it is. */
export async function call(method, path, body) {
  if (recorded) return fromRecord(method, path);
  const init = { method, headers: { 'Graphdouble-Session': 'inspector' }, redirect: 'error' };
  if (body !== undefined) init.body = typeof body === 'string' ? body : JSON.stringify(body);
  let response, text;
  try {
    response = await fetch(path, init);
    text = await response.text();
  } catch {
    throw new ApiError(0, 'The server does not answer.');
  }
  const isJson = (response.headers.get('content-type') ?? '').includes('json');
  const answer = isJson && text ? JSON.parse(text) : text;
  if (!response.ok) throw new ApiError(response.status, answer.error?.message ?? `The server answered ${response.status}.`, answer);
  return answer;
}

function fromRecord(method, path) {
  const answer = recorded[`${method} ${path}`];
  if (answer === undefined) throw new ApiError(404, 'This page is a record. It does not have this.');
  return answer;
}
