// Save as scenario.
import { html } from './vendor/lit-html.js';

export const title = 'Save as scenario';

export const draw = (app) => html`<h2>${title}</h2>`;
