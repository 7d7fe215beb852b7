// Stands in for axios-mock-adapter in the published tests. The client gets the published reply, as it did when its authors
// ran the tests; and graphdouble gets the same request, so that its answer can be held against that reply.
import axios from 'axios';

export function mockAdapter(asked) {
  return class MockAdapter {
    #routes = [];

    constructor(instance) {
      instance.defaults.adapter = (config) => this.#answer(config);
      for (const method of ['get', 'post', 'delete', 'any']) {
        this[`on${method[0].toUpperCase()}${method.slice(1)}`] = (url) => {
          const add = (route) => {
            this.#routes.push({ method, url, ...route });
            return this;
          };
          return {
            reply: (status, body) => add({ status, body }),
            replyOnce: (status, body) => add({ status, body, once: true }),
          };
        };
      }
    }

    async #answer(config) {
      const route = this.#routes.find(
        ({ method, url }) => (method === 'any' || method === config.method) && (url === undefined || url === config.url),
      );
      if (!route) throw new Error(`no reply for ${config.method} ${config.url}`);
      if (route.once) this.#routes.splice(this.#routes.indexOf(route), 1);
      const { status, body } = route;
      const [code, reply] = typeof status === 'function' ? status(config) : [status, body];
      await asked(config, code, reply);
      const response = { status: code, data: JSON.stringify(reply), headers: {}, config };
      if (code < 400) return response;
      throw Object.assign(new Error(`Request failed with status code ${code}`), { response: { ...response, data: reply }, config });
    }
  };
}

// Makes the same request to another origin; any status is an answer.
export async function ask(config, origin, rewrite) {
  const { status, data } = await axios.defaults.adapter({
    ...config,
    baseURL: config.baseURL.replace('https://graph.facebook.com', origin),
    url: rewrite(config.url),
    data: typeof config.data === 'string' ? rewrite(config.data) : config.data,
    validateStatus: () => true,
  });
  return { status, body: JSON.parse(data) };
}
