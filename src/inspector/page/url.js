// The state of the page stands in its address: #/WORLD/SCREEN?page=…&person=…&entry=…

export const SCREENS = ['connect', 'worlds', 'chat', 'deliveries', 'calls', 'clock', 'faults', 'save'];

/** What an address shows. A world that is left out is null, an unknown screen the chat. */
export function parse(hash) {
  const [path, query = ''] = hash.replace(/^#\/?/, '').split(/\?(.*)/s);
  const [world, screen] = path.split('/').map(decoded);
  const view = { world: world || null, screen: SCREENS.includes(screen) ? screen : null, entry: null };
  for (const [key, value] of new URLSearchParams(query)) view[key] = value;
  view.entry = /^\d+$/.test(view.entry ?? '') ? Number(view.entry) : null;
  return view;
}

/** The address of a view. Members that are empty are left out. */
export function format({ world, screen, ...rest }) {
  const query = new URLSearchParams();
  for (const key of Object.keys(rest).sort()) {
    if (rest[key] !== null && rest[key] !== undefined && rest[key] !== '') query.set(key, rest[key]);
  }
  const path = `#/${encodeURIComponent(world ?? '')}/${screen ?? ''}`;
  return query.size ? `${path}?${query}` : path;
}

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
