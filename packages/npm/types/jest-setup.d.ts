/** `globalSetup` or `globalTeardown` of Jest. */
declare const run: () => Promise<void>;
export = run;
