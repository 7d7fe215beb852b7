/// <reference lib="esnext.disposable" />

import type { AsymmetricMatcher, Duration, LedgerEntry, Matcher, Named, StepResult, Text } from './values';
import type {
  AdminVerbs,
  AdminWords,
  AppVerbs,
  AppWords,
  Expectation,
  Fault,
  InboxVerbs,
  InboxWords,
  Step,
  UserVerbs,
  UserWords,
} from './words';

export type { AsymmetricMatcher, Duration, LedgerEntry, Matcher, Named, StepResult, Text } from './values';
export type * from './words';

/** A world: the path of its file, a file URL, or the world itself. */
export type WorldSource = string | { readonly href: string } | { readonly [key: string]: unknown };

export interface StartOptions {
  /** The world that `createWorld` takes if it names no other. Paths are relative to the current folder. */
  readonly world?: WorldSource;
  /** Attach to this server. If left out, to that of GRAPHDOUBLE_URL, and without it a server is started. */
  readonly url?: string;
  /** The program. If left out, that of GRAPHDOUBLE_BINARY, or of the package of this platform. */
  readonly binary?: string;
  /** Where the server listens; `127.0.0.1:0`, any free port, if left out. */
  readonly listen?: string;
  /** How long steps and expectations wait for a bot; `2s` if left out. */
  readonly within?: Duration;
  /** Further flags of `graphdouble serve`. */
  readonly args?: readonly string[];
  /** Do not print what the server prints on standard error: surely mistaken calls, for example with a wrong token. */
  readonly quiet?: boolean;
}

export interface WorldOptions {
  readonly world?: WorldSource;
  readonly name?: string;
  /** `frozen`: the clock moves only when the test moves it. `follow`, if left out: it runs with the wall clock. */
  readonly clock?: 'frozen' | 'follow';
  /** The world is removed when nobody has called it for so long. On a server that was attached to it is `1h` if left out. */
  readonly expires?: Duration;
}

/** Starts a server on a free port, or attaches to one. It ends with this process. */
export function startGraphdouble(options?: StartOptions): Promise<Graphdouble>;

export interface Graphdouble extends AsyncDisposable {
  readonly url: string;
  readonly version: string;
  /** The process, if it was started here. */
  readonly pid?: number;
  readonly isOwn: boolean;
  /** Makes a world with ids, tokens and secrets of its own. */
  createWorld(options?: WorldOptions): Promise<World>;
  /** A world that is there already. */
  world(name: string): Promise<World>;
  worlds(): Promise<any[]>;
  /** Ends the server, if it was started here. */
  close(): Promise<void>;
}

/** What `world.person` makes: the members of a profile. */
export interface PersonProfile {
  readonly name?: string;
  readonly first_name?: string;
  readonly last_name?: string;
  readonly locale?: string;
  readonly timezone?: number;
  readonly gender?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly psids?: { readonly [page: string]: string };
  readonly roles?: { readonly [app: string]: 'admin' | 'developer' | 'tester' };
}

/** Which entries or calls are read. docs/CONTROL-API.md describes the members. */
export interface Filter {
  readonly after?: number | 'now';
  readonly app?: Text;
  readonly page?: Text;
  readonly person?: Text;
  readonly wait?: Duration;
  readonly limit?: number;
  readonly secrets?: 'mask' | 'show';
}

export interface LedgerFilter extends Filter {
  readonly kind?: string;
  readonly stable?: boolean;
}

export interface CallFilter extends Filter {
  readonly thread?: string;
  readonly method?: 'GET' | 'POST' | 'DELETE';
  /** `/me/messages`, or only the last part: `messages`. */
  readonly path?: string;
  /** `200`, or `4xx`. */
  readonly status?: string | number;
}

/** A Graph call with its answer. */
export interface GraphCall {
  readonly cursor: number;
  readonly at: string;
  readonly app: string;
  readonly method: string;
  readonly path: string;
  readonly status?: number;
  readonly code?: number;
  readonly subcode?: number | null;
  readonly message?: string;
  readonly body?: any;
  readonly answer?: any;
  readonly [member: string]: any;
}

export interface Finding {
  readonly lint: string;
  readonly severity: 'warning' | 'advice';
  readonly app: string;
  readonly thread: string | null;
  readonly what: string;
  readonly times: number;
  readonly advice: string;
  readonly rule: string | null;
  readonly at: string;
  readonly entries: readonly number[];
}

export interface ArmedFault {
  readonly fault: number;
  readonly text: string;
  readonly met: number;
  readonly fired: number;
  readonly [member: string]: any;
}

export interface World extends AsyncDisposable {
  readonly name: string;
  /** The session of this object: what the server remembers between the steps of one test. */
  readonly session: string;
  /** Where the Graph API is. */
  readonly url: string;
  /** Where the inspector shows the world. */
  readonly pageUrl: string;
  /** Its ids, tokens and secrets. */
  readonly description: any;
  /** The same world for another test at the same time. */
  ownSession(): Promise<World>;

  /** A new person, or one of the world, by name. */
  person(who?: string | PersonProfile): Promise<Person>;
  /** A member of a crowd whom nobody else gets. */
  claim(crowd: string): Promise<Person>;
  app(name: Text): App;
  /** The admins of a page or an Instagram account. */
  page(name: Text): Page;
  /** The Business Suite inbox of a page. */
  inbox(page: Text): Inbox;
  thread(page: Text, person: Text): Thread;

  /** Performs a step in the words of a scenario. */
  step(words: Step): Promise<StepResult>;
  /** Holds expectations against what happened. */
  expect(expectations: Expectation | readonly Expectation[], options?: { readonly within?: Duration }): Promise<StepResult>;
  /** Turns the clock forward; without a change it says what the clock shows. */
  clock(change?: string | { readonly to: string }): Promise<{ readonly now: string; readonly mode: 'frozen' | 'follow' }>;
  /** Arms a fault. */
  fault(words: Fault): Promise<ArmedFault>;
  faults(): Promise<ArmedFault[]>;
  /** Disarms one fault, or all. */
  disarm(fault?: ArmedFault | number): Promise<void>;

  ledger(filter?: LedgerFilter): Promise<LedgerEntry[]>;
  /** Graph calls, also those that were refused. */
  calls(filter?: CallFilter): Promise<GraphCall[]>;
  /** How long the apps took to answer. */
  answers(): Promise<{ readonly [app: string]: any }>;
  /** What apps did wrong although nothing failed. */
  lint(): Promise<Finding[]>;
  threads(filter?: { readonly page?: Text }): Promise<any[]>;
  /** What happened, as a scenario file that passes without a bot. */
  scenario(): Promise<string>;

  snapshot(options?: { readonly wait?: Duration }): Promise<any>;
  restore(snapshot: unknown, options?: { readonly ids?: 'new' | 'same' }): Promise<void>;
  /** Starts the world over. */
  reset(options?: { readonly keep?: readonly string[]; readonly ids?: 'new' | 'same'; readonly people?: 'new' | 'same' }): Promise<void>;
  /** Reads the description again. */
  refresh(): Promise<any>;
  /** Removes the world. */
  close(): Promise<void>;
  /** A call of the control API below this world. */
  call(method: string, path: string, options?: { readonly body?: unknown; readonly session?: string }): Promise<any>;
}

/** A step of a person, and until when it waits. */
export type ExchangeWords = UserWords & {
  readonly until?: { readonly answers: number } | { readonly text: Matcher } | { readonly owner: Text } | { readonly quiet: Duration };
};

export interface Exchange {
  readonly outcome: 'answered' | 'silent' | 'withheld' | 'refused' | 'not_taken';
  readonly rule: string | null;
  readonly owner: string | null;
  readonly receivers: readonly string[];
  readonly cursor: number;
  readonly ms: {
    readonly queue: number | null;
    readonly webhook: number | null;
    readonly first: number | null;
    readonly last: number | null;
  };
  readonly answers: readonly any[];
  readonly [member: string]: any;
}

export interface Person extends UserVerbs, Named {
  readonly world: World;
  readonly profile: any;
  /** The page-scoped ids, by page. */
  readonly psids: { readonly [page: string]: string };
  /** The page-scoped id, in a world of one page. */
  readonly psid: string;
  /** Performs a step of this person in the words of a scenario. */
  does(words: UserWords): Promise<StepResult>;
  /** Acts and waits until apps have answered. */
  exchange(words: ExchangeWords): Promise<Exchange>;
}

/** What a setting of a bot means. A variable of graphdouble, such as GRAPHDOUBLE_PAGE_TOKEN_SHOP, is a word, too. */
export type Setting =
  | 'url'
  | 'token'
  | 'secret'
  | 'verify_token'
  | 'app_id'
  | 'page_id'
  | 'instagram_id'
  | 'instagram_token'
  | 'instagram_app_id'
  | 'instagram_app_secret'
  | `GRAPHDOUBLE_${string}`;

export interface BotOptions {
  /** Its settings, as for `env`. */
  readonly env?: { readonly [variable: string]: Setting };
  readonly cwd?: string;
  /** What it prints when it listens, with the URL or the port as the first group. If left out, a URL, or `port` and a number. */
  readonly ready?: RegExp;
  /** The path of its webhook, or its whole URL; `/webhook` if left out. */
  readonly webhook?: string;
  /** Whether it must make the handshake of Meta; true if left out. */
  readonly verify?: boolean;
}

/** A bot that was started. */
export interface Bot {
  /** What it has printed, or the end of it. */
  readonly output: string;
  /** Waits until what it prints matches. */
  until(expression: RegExp): Promise<RegExpExecArray>;
  /** Ends it, with all that it has started. */
  stop(): Promise<void>;
}

export interface App extends AppVerbs, Named {
  readonly world: World;
  readonly id: string;
  readonly secret: string;
  readonly appToken: string;
  readonly verifyToken: string | null;
  /** The environment for the bot of this app: the variables of graphdouble, and those of the mapping. */
  env(mapping?: { readonly [variable: string]: Setting }): { [variable: string]: string };
  /** Says where its webhooks go from now on. With `verify` the bot must first make the handshake of Meta. */
  webhook(
    url: string | { readonly href: string } | null,
    options?: { readonly verify?: boolean; readonly verifyToken?: string },
  ): Promise<any>;
  /**
   * Starts the bot of this app as a process, waits until it prints where it listens, and attaches it. It gets the environment of `env`, and
   * `PORT=0`, which is any free port. It ends with the world.
   */
  start(command: string | readonly string[], options?: BotOptions): Promise<Bot>;
  /** Makes the handshake once more. */
  verify(): Promise<any>;
  /** Whether the test plays this app. */
  isPuppet(): Promise<boolean>;
  /** Performs a step of this app. A real app is observed. */
  does(words: AppWords): Promise<StepResult>;
}

export interface Page extends AdminVerbs, Named {
  readonly world: World;
  readonly id: string;
  does(words: AdminWords): Promise<StepResult>;
}

export interface Inbox extends InboxVerbs {
  readonly world: World;
  readonly page: string;
  does(words: InboxWords): Promise<StepResult>;
}

export interface TranscriptMessage {
  readonly mid: string;
  readonly at: string;
  readonly from: string;
  readonly content: any;
}

export interface Thread {
  readonly world: World;
  readonly page: string;
  readonly person: string;
  read(): Promise<any>;
  owner(): Promise<string | null>;
  transcript(): Promise<TranscriptMessage[]>;
  /** Who owns it and why, what happened in it, and what each app may do now; `text` is all of this in words. */
  explain(): Promise<any>;
}

/** The server refused a call, a step failed, or an expectation does not hold. */
export class GraphdoubleError extends Error {
  /** What is wrong, in a line for each mistake. */
  readonly reason: string;
  readonly status?: number;
  /** The diagnosis that the server drew. */
  readonly drawn?: string;
  /** What the step brought about. */
  readonly entries: readonly LedgerEntry[];
  /** What bots of the world have printed. */
  readonly printed?: string;
  readonly pageUrl?: string;
  readonly isFailedStep: boolean;
}

/** The page of the inspector that shows a world. */
export function pageUrl(world: { readonly graph_url: string; readonly name: string }): string;

/** The path of the program. Throws an error that names the missing package and the remedies. */
export function findBinary(): string;

/** A text that contains this, or a list that has this item. */
export function contains(value: unknown): { readonly contains: unknown };
/** A text that a regular expression matches. */
export function matches(expression: string | RegExp): { readonly matches: string };
export function oneOf(...values: unknown[]): { readonly one_of: readonly unknown[] };
/** Something. */
export function anything(): { readonly any: true };
/** Nothing. */
export function absent(): { readonly absent: true };
