import 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    graphdouble: { url: string };
  }
}

/** `globalSetup: ['graphdouble/vitest']` of vitest: a server for the whole run. */
export default function setup(project: { provide(key: 'graphdouble', value: { url: string }): void }): Promise<() => Promise<void>>;
