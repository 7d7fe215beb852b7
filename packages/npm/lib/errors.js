// The errors of this package. Each says what is wrong, and what to do.
'use strict';

/** The server refused a call, a step failed, or an expectation does not hold. */
class GraphdoubleError extends Error {
  /**
   * `drawn` is the diagnosis that the server drew, `entries` are the ledger entries that the step brought about, `printed` is what bots
   * of the world have printed, and `pageUrl` is where the inspector shows the world.
   */
  constructor(message, { status, drawn, entries, printed, pageUrl, cause } = {}) {
    const parts = [drawn ?? message, printed, pageUrl && `See ${pageUrl}`].filter(Boolean);
    super(parts.join('\n\n'), cause ? { cause } : undefined);
    this.name = 'GraphdoubleError';
    this.reason = message;
    this.status = status;
    this.drawn = drawn;
    this.entries = entries ?? [];
    this.printed = printed;
    this.pageUrl = pageUrl;
  }

  /** Whether the server performed what it was asked, and found that it does not hold. Otherwise the call itself was wrong. */
  get isFailedStep() {
    return this.status === 422;
  }
}

module.exports = { GraphdoubleError };
