// Times, sizes and other values as people read them. Nothing here knows a browser.

const UNITS = [['d', 86_400_000], ['h', 3_600_000], ['min', 60_000], ['s', 1000]];

/** A length of time in milliseconds: `26 h`, `1 d 3 h`. */
export function duration(ms) {
  if (Math.abs(ms) < 1000) return `${Math.round(ms)} ms`;
  const parts = [];
  let rest = Math.round(Math.abs(ms) / 1000) * 1000;
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    if (count) parts.push(`${count} ${unit}`);
    rest -= count * size;
  }
  return `${ms < 0 ? '−' : ''}${parts.slice(0, 2).join(' ')}`;
}

/** The time of day of a moment of the world, in UTC: `09:00:00`. */
export const clockTime = (at) => at.slice(11, 19);

/** Date and time of a moment: `2026-03-02 09:00:00`. */
export const dateTime = (at) => `${at.slice(0, 10)} ${clockTime(at)}`;

/** The time between two moments in milliseconds. */
export const between = (from, to) => Date.parse(to) - Date.parse(from);

/** JSON as people read it. A text stays as it is. */
export const pretty = (value) => (typeof value === 'string' ? value : JSON.stringify(value, null, 2));

/** A word for a shell. */
export const quoted = (text) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

/** A curl command that does what a request did. */
export function curl(method, url, headers, body) {
  const parts = ['curl', '-X', method, quoted(url)];
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (!/^(host|content-length|connection)$/i.test(name)) parts.push('-H', quoted(`${name}: ${value}`));
  }
  if (body) parts.push('--data-binary', quoted(body));
  return parts.join(' ');
}

/** A secret behind dots, but for its first letters. */
export const masked = (secret) => `${secret.slice(0, 4)}${'•'.repeat(8)}`;

/** A letter for each app, so that its colour is never alone; a number where its letters are taken. */
export function lettersOf(apps) {
  const letters = new Map();
  for (const [n, app] of apps.entries()) {
    const taken = [...letters.values()];
    letters.set(app, [...app.toUpperCase()].find((letter) => /[A-Z0-9]/.test(letter) && !taken.includes(letter)) ?? String(n + 1));
  }
  return letters;
}

/** A text of the ledger as a short sentence: without the name of the call, the rule and JSON. */
export const sentence = (text) => text.replace(/^(\S+) [A-Z]+ \w+: /, '$1 ').replace(/  \([\w.]+\)/, '').replace(/ (it said )?[{\[].*[}\]]/s, ' something');
