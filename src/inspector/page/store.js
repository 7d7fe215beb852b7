// One world as the page knows it: its description, and its ledger, which a stream keeps current while the page is seen.
import { ApiError, at, get, isRecorded } from './api.js';
import { addEntries, emptyLedger } from './fold.js';

/** So many entries at the start; older ones are asked for when somebody wants them. */
const PAGE = 1000;

export class WorldStore {
  /** `changed(entries)` is called after each change, with the entries that are new. */
  constructor(name, changed) {
    Object.assign(this, { name, changed, description: null, ledger: emptyLedger(), status: 'loading', error: null, stream: null });
    this.seen = () => (document.hidden ? this.pause() : this.resume());
  }

  /** Loads the world, and follows it from then on. */
  async open() {
    document.addEventListener('visibilitychange', this.seen);
    await this.load();
  }

  close() {
    document.removeEventListener('visibilitychange', this.seen);
    this.closed = true;
    this.pause();
  }

  /** Reads everything anew: at the start, after a reset, and when the ledger no longer has what is missing here. */
  async load() {
    this.pause();
    try {
      const ledger = emptyLedger();
      const description = await get(at(this.name));
      for (let page; ; ) {
        page = await this.pageAfter(ledger.last);
        addEntries(ledger, page.entries);
        ledger.last = page.after; // of a ledger that is empty, too: a stream from its beginning would say that what was before is gone
        if (page.entries.length < PAGE) break;
      }
      Object.assign(this, { description, ledger, status: 'live', error: null });
    } catch (error) {
      this.failed(error);
    }
    if (this.closed) return;
    this.changed([]);
    if (this.status === 'live') this.resume();
  }

  /** The world has so many entries now. If it had more before, it was reset or its ledger was taken. */
  counts(entries) {
    const isLess = entries < this.count;
    this.count = entries;
    if (isLess) this.load();
  }

  async describe() {
    this.description = await get(at(this.name));
    this.changed([]);
  }

  get apps() {
    return Object.keys(this.description?.apps ?? {});
  }

  get pages() {
    return Object.keys(this.description?.pages ?? {});
  }

  pageAfter(after) {
    return get(`${at(this.name, 'ledger')}?${after ? `after=${after}&` : ''}limit=${PAGE}`);
  }

  pause() {
    this.stream?.close();
    this.stream = null;
  }

  /** Opens the stream behind the newest entry that is here. */
  resume() {
    if (isRecorded || this.stream || this.closed || document.hidden || this.status === 'loading') return;
    const stream = new EventSource(`${at(this.name, 'ledger', 'stream')}?after=${this.ledger.last}`);
    this.stream = stream;
    stream.onopen = () => this.is('live');
    stream.onmessage = (event) => this.add(JSON.parse(event.data));
    for (const other of ['gone', 'put_back', 'reset']) stream.addEventListener(other, () => this.load());
    stream.onerror = () => this.lost(stream);
  }

  /** Entries that come together are drawn together. */
  add(entry) {
    this.waiting ??= [];
    this.waiting.push(entry);
    if (this.waiting.length > 1) return;
    requestAnimationFrame(() => {
      const entries = this.waiting.filter((each) => each.cursor > this.ledger.last);
      this.waiting = null;
      addEntries(this.ledger, entries);
      this.changed(entries);
    });
  }

  /** The stream broke. A browser opens it again by itself, unless the server refused it. */
  lost(stream) {
    this.is('away');
    if (stream.readyState !== EventSource.CLOSED) return;
    this.pause();
    this.retry = setTimeout(() => !this.closed && this.load(), 1000);
  }

  is(status) {
    if (this.status === status || this.closed) return;
    this.status = status;
    this.changed([]);
  }

  failed(error) {
    if (!(error instanceof ApiError)) throw error;
    this.error = error;
    this.status = error.status === 404 ? 'gone' : 'away';
    if (this.status === 'away' && !this.closed) this.retry = setTimeout(() => !this.closed && this.load(), 1000);
  }
}
