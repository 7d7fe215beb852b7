import type {
  App,
  AppExpectation,
  BecauseWord,
  Duration,
  GetsWord,
  Matcher,
  MessageExpectation,
  Person,
  StepResult,
  Text,
  Thread,
} from './index';

/** What a message is like. */
export type ExpectedMessage = Omit<NonNullable<MessageExpectation['message']>, 'to'> & {
  readonly page?: Text;
  readonly on?: Text;
};

/** What a webhook is like. */
export type ExpectedWebhook = Omit<AppExpectation, 'app' | 'gets' | 'gets_no' | 'within'>;

export interface Waiting {
  /** How long to wait; the server's `within`, 2s, if left out. */
  readonly within?: Duration;
}

/** A message of a person, or a webhook of an app. */
export type Gets<S> = S extends Person
  ? [expected?: ExpectedMessage | Matcher, options?: Waiting]
  : S extends App
    ? [field: GetsWord, expected?: ExpectedWebhook, options?: Waiting]
    : [];

export interface Nothing extends Waiting {
  readonly of?: Text;
  readonly page?: Text;
  readonly on?: Text;
  readonly because?: BecauseWord;
}

export type GetsNothing<S> = S extends App ? [field?: GetsWord | Nothing, options?: Nothing] : S extends Person ? [options?: Nothing] : [];

export interface Ownership extends Waiting {
  /** The rule behind it. */
  readonly because?: BecauseWord;
}

export interface Refusal {
  readonly code?: unknown;
  readonly subcode?: unknown;
  readonly status?: unknown;
  readonly message?: unknown;
  /** The rule behind it. */
  readonly because?: unknown;
}

/** A call of a bot. */
export interface ExpectedCall {
  readonly get?: Matcher;
  readonly post?: Matcher;
  readonly delete?: Matcher;
  readonly query?: unknown;
  readonly body?: unknown;
}

export interface CallOptions extends Waiting {
  /** With `toBeRefused` of a bot: the call; any POST if left out. */
  readonly calls?: ExpectedCall;
  readonly to?: Text;
  readonly page?: Text;
  readonly returns?: unknown;
  readonly refused?: unknown;
}

/** A line `bot: Hello [Bread] [Cake]`, or the members of a message with matchers. */
export type ExpectedLine = string | { readonly from?: Text; readonly [member: string]: unknown };

/** The matchers. `S` is what stands in `expect(…)`. */
export interface GraphdoubleMatchers<S = any, R = Promise<void>> {
  /** A person gets a message, or an app a webhook. Waits for it on the server. */
  toGet(...expected: Gets<S>): R;
  /** The same, without waiting. */
  toHaveGot(...expected: Gets<S>): R;
  /** No webhook, no webhook of a field, or no message since the last step of somebody. For webhooks this is exact, at once. */
  toHaveGotNothing(...expected: GetsNothing<S>): R;
  /** An app owns the thread, or `null` for nobody. Waits for it on the server. */
  toBeOwnedBy(owner: Text | null, options?: Ownership): R;
  /** The call of a puppet's step was refused, or a bot has made a call that was refused. */
  toBeRefused(refusal?: Refusal, options?: CallOptions): R;
  /** A bot has made a call like this. Waits for it on the server. */
  toHaveCalled(call: ExpectedCall, options?: CallOptions): R;
  /** The messages of the thread are these. Waits on the server until they are there. */
  toMatchTranscript(expected: string | readonly ExpectedLine[], options?: Waiting): R;
}

/** The same checks as assertions. */
export interface GraphdoubleAssert {
  gets<S extends Person | App>(subject: S, ...expected: Gets<S>): Promise<void>;
  hasGot<S extends Person | App>(subject: S, ...expected: Gets<S>): Promise<void>;
  hasGotNothing<S extends Person | App>(subject: S, ...expected: GetsNothing<S>): Promise<void>;
  isOwnedBy(thread: Thread, owner: Text | null, options?: Ownership): Promise<void>;
  isRefused(subject: App | Promise<StepResult>, refusal?: Refusal, options?: CallOptions): Promise<void>;
  hasCalled(app: App, call: ExpectedCall, options?: CallOptions): Promise<void>;
  matchesTranscript(thread: Thread, expected: string | readonly ExpectedLine[], options?: Waiting): Promise<void>;
}
