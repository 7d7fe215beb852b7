// Graph calls.
import { html } from './vendor/lit-html.js';

export const title = 'Graph calls';

export const draw = (app) => html`<h2>${title}</h2>`;
