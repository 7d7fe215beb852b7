// What was sent, byte by byte: its shapes, its signature, and what differs between two. Nothing here knows a browser's page.

const LINE = 16;
/** So many lines are compared; the work grows with their square. */
const COMPARED = 1500;

/** A text as people read it, if it is JSON. */
export function prettyText(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** The UTF-8 bytes of a text: offset, bytes, and what they say in ASCII. */
export function hex(text) {
  const bytes = new TextEncoder().encode(text);
  const lines = [];
  for (let at = 0; at < bytes.length; at += LINE) {
    const part = [...bytes.subarray(at, at + LINE)];
    const digits = part.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const ascii = part.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${at.toString(16).padStart(6, '0')}  ${digits.padEnd(LINE * 3)} ${ascii}`);
  }
  return lines.join('\n');
}

/** The HMAC of a text, as `X-Hub-Signature-256` writes it; null where the browser does not compute it, because the page is not on HTTPS or the loopback. */
export async function signatureOf(secret, text) {
  const subtle = globalThis.crypto?.subtle;
  if (!subtle) return null;
  const encoder = new TextEncoder();
  const key = await subtle.importKey('raw', encoder.encode(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const signed = new Uint8Array(await subtle.sign('HMAC', key, encoder.encode(text)));
  return `sha256=${[...signed].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/** What differs between two texts, line by line: `[[mark, line]]` with the marks ` `, `-` and `+`. */
export function difference(before, after) {
  const a = before.split('\n').slice(0, COMPARED), b = after.split('\n').slice(0, COMPARED);
  const common = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) common[i][j] = a[i] === b[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
  }
  const lines = [];
  let i = 0, j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) lines.push([' ', a[i++]]), j++;
    else if (j >= b.length || (i < a.length && common[i + 1][j] >= common[i][j + 1])) lines.push(['-', a[i++]]);
    else lines.push(['+', b[j++]]);
  }
  return lines;
}
