// Ledgers of our own scenarios, made by the binary that is tested.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { addEntries, emptyLedger } from '../../src/inspector/page/fold.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const binary = process.env.GRAPHDOUBLE_BIN ?? path.join(root, 'target/debug/graphdouble');

/** The folded ledger of each scenario of a file below `scenarios/`, by its name. */
export function ledgersOf(file) {
  const folder = mkdtempSync(path.join(tmpdir(), 'ledgers-'));
  try {
    const to = path.join(folder, 'all.jsonl');
    execFileSync(binary, ['run', '--no-bundle', '--ledger', to, `scenarios/${file}.yaml`], { cwd: root, stdio: 'pipe' });
    const ledgers = new Map();
    let entries;
    for (const line of readFileSync(to, 'utf8').trim().split('\n').map((each) => JSON.parse(each))) {
      if (line.scenario) ledgers.set(line.scenario, (entries = []));
      else entries.push(line);
    }
    return new Map([...ledgers].map(([name, each]) => [name, addEntries(emptyLedger(), each)]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What the control API answers as the transcript of a thread, as far as webhooks carry its messages. */
export function transcriptOf(ledger, { page, person }) {
  const messages = new Map();
  for (const entry of ledger.entries.filter((each) => each.kind === 'webhook' && each.page === page && each.person === person)) {
    for (const { message, sender } of (entry.body?.entry ?? []).flatMap((each) => [...(each.messaging ?? []), ...(each.standby ?? [])])) {
      if (message?.mid && !messages.has(message.mid)) messages.set(message.mid, { mid: message.mid, at: entry.at, from: message.is_echo ? String(message.app_id) : person, content: { text: message.text }, sender });
    }
  }
  return [...messages.values()];
}
