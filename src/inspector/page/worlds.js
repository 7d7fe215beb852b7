// Worlds.
import { html } from './vendor/lit-html.js';

export const title = 'Worlds';

export const draw = (app) => html`<h2>${title}</h2>`;
