// Clock.
import { html } from './vendor/lit-html.js';

export const title = 'Clock';

export const draw = (app) => html`<h2>${title}</h2>`;
