// Connect.
import { html } from './vendor/lit-html.js';

export const title = 'Connect';

export const draw = (app) => html`<h2>${title}</h2>`;
