// What an answer lacks of the shape of another: the members that a client may read, and their types.
export function lacks(answer, published, at = 'the answer') {
  if (published === null) return [];
  if (/id$/.test(at) && isId(answer) && isId(published)) return []; // ids were numbers once, in places
  if (kind(answer) !== kind(published)) return [`${at} is ${kind(answer)}, not ${kind(published)}: ${JSON.stringify(answer)}`];
  if (Array.isArray(published)) {
    if (published.length > 0 && answer.length === 0) return [`${at} is empty`];
    return published.length === 0 ? [] : answer.flatMap((item, i) => lacks(item, published[i] ?? published[0], `${at}[${i}]`));
  }
  if (isJson(published)) return lacks(JSON.parse(answer), JSON.parse(published), `what ${at} spells`);
  if (kind(published) !== 'object') return [];
  return Object.keys(published).flatMap((key) =>
    key in answer ? lacks(answer[key], published[key], `${at}.${key}`) : [`${at} has no ${key}: ${JSON.stringify(answer)}`],
  );
}

function kind(value) {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function isId(value) {
  return /^\d+$/.test(value);
}

// The body of an answer within a batch is JSON in text.
function isJson(value) {
  return typeof value === 'string' && /^[{[]/.test(value);
}
