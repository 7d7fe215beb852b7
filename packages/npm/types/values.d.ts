/** Something with a name that may stand in a step in place of its name: a person, an app, a page. */
export interface Named {
  readonly name: string;
  toString(): string;
}

/** A text. Numbers and booleans are taken as texts; a person, an app or a page is its name. */
export type Text = string | number | boolean | Named;

/** A length of time: `300ms`, `2s`, `90m`, `24h`, `7d`. */
export type Duration = string;

/** What a matcher of the scenarios is: a value, one of its words, a regular expression, or an asymmetric matcher of a test runner. */
export type Matcher =
  | Text
  | null
  | RegExp
  | { readonly contains: unknown }
  | { readonly matches: string }
  | { readonly any: true }
  | { readonly absent: true }
  | { readonly one_of: readonly unknown[] }
  | AsymmetricMatcher;

/** `expect.stringContaining('x')` and so on. */
export interface AsymmetricMatcher {
  asymmetricMatch(other: unknown, ...more: never[]): boolean;
}

/** How a step went. */
export interface StepResult {
  /** A puppet or person acted, a real app was seen to act, an expectation held, or webhooks are shown. */
  readonly how: 'acted' | 'observed' | 'held' | 'shown';
  /** The answer to a puppet's Graph call, or the `mid` of a person's message. */
  readonly answer: any;
  /** What the step brought about. */
  readonly entries: readonly LedgerEntry[];
}

/** An entry of the ledger. docs/LEDGER.md describes its members. */
export interface LedgerEntry {
  readonly cursor: number;
  readonly cause: number;
  /** The world's time. */
  readonly at: string;
  readonly kind: string;
  readonly rule?: string;
  readonly app?: string;
  readonly page?: string;
  readonly person?: string;
  readonly text?: string;
  readonly [member: string]: any;
}
