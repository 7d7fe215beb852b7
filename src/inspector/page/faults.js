// Faults and lints.
import { html } from './vendor/lit-html.js';

export const title = 'Faults and lints';

export const draw = (app) => html`<h2>${title}</h2>`;
