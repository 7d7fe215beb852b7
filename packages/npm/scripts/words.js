// Writes lib/words.js and types/words.d.ts from the JSON schema of a step: `node scripts/words.js`. With `--check` it writes nothing and
// fails if they are not current. The schema may be named as the last argument.
'use strict';

const { readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const PACKAGE = join(__dirname, '..');
const SCHEMA = join(PACKAGE, '../../schemas/step.json');
const WRITTEN_BY = '// Written by scripts/words.js from the JSON schema of a step. Do not change it by hand.';

/** Kinds of steps that are methods of a handle. */
const ACTORS = ['user', 'app', 'admin', 'inbox'];

/** Words that say how, where or when a step is done, in every kind of step. */
const SETTINGS = ['within', 'to', 'page', 'on', 'save', 'refused', 'response_lost'];

const TEXT = ['string', 'number', 'boolean'];
const MANY_WORDS = 8;
const WIDTH = 140;

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const camel = (name) => name.replace(/(?:^|_)(\w)/g, (_, letter) => letter.toUpperCase());
const alternatives = ({ anyOf, oneOf }) => anyOf ?? oneOf;
const isReference = (schema) => same(schema, { type: 'string', pattern: '\\$\\{' });
const isMatcher = (schema) => schema.properties?.contains !== undefined && schema.properties.matches !== undefined;

/** The kinds of steps, by the word that each of them must have. */
function kinds(schema) {
  return Object.fromEntries(schema.oneOf.map((kind) => [kind.required[0], kind]));
}

// --- The table of verbs ----------------------------------------------------------------------------------------------

/** A word that goes with others. Its description begins with "With `says`". */
function isSetting(actor, name, { description }) {
  return name === actor || SETTINGS.includes(name) || /^(On Instagram, )?[Ww]ith `/.test(description);
}

/** Whether a verb stands alone (`flag`), may have a value, or needs one. */
function valueOf(schema) {
  const rest = (alternatives(schema) ?? [schema]).filter((one) => !isReference(one));
  if (rest.every((one) => one.const === true)) return 'flag';
  const takesNull = rest.some(({ type, required }) => Array.isArray(type) && type.includes('null') && !required);
  return takesNull ? 'optional' : 'needed';
}

function verbsOf(actor, { properties }) {
  const verbs = Object.entries(properties).filter(([name, schema]) => !isSetting(actor, name, schema));
  return verbs.map(([name, schema]) => ({ name, value: valueOf(schema), description: schema.description }));
}

function table(schema) {
  const steps = kinds(schema);
  const lines = ACTORS.flatMap((actor) => {
    const rows = verbsOf(actor, steps[actor]).map(({ name, value }) => `    { name: '${name}', value: '${value}' },`);
    return [`  ${actor}: [`, ...rows, '  ],'];
  });
  return `${WRITTEN_BY}\n'use strict';\n\nconst VERBS = {\n${lines.join('\n')}\n};\n\nmodule.exports = { VERBS };\n`;
}

// --- The types -------------------------------------------------------------------------------------------------------

class Types {
  #enums = new Map(); // the words of an enum, as JSON, to the name of its type
  #names = new Map();

  /** The type of a schema. `name` is the key at which it stands. */
  of(schema, name, indent) {
    if (isMatcher(schema)) return 'Matcher';
    const several = alternatives(schema);
    if (several) return this.#union(several, name, indent);
    if (schema.enum) return this.#enum(schema.enum, name);
    if ('const' in schema) return JSON.stringify(schema.const);
    if (schema.type === undefined) return 'unknown';
    if (schema.type === 'array') return this.#list(schema.items, name, indent);
    if (schema.pattern?.includes('ms|s')) return 'Duration';
    const types = [schema.type].flat();
    if (types.includes('object')) return this.#object(schema, name, indent);
    if (TEXT.every((type) => types.includes(type))) return 'Text';
    return [...new Set(types.map((type) => (type === 'integer' ? 'number' : type)))].join(' | ');
  }

  #union(several, name, indent) {
    const types = several.filter((one) => !isReference(one)).map((one) => this.of(one, name, indent));
    return [...new Set(types)].join(' | ');
  }

  #enum(words, name) {
    const texts = words.map((word) => JSON.stringify(word));
    if (words.length < MANY_WORDS) return texts.join(' | ');
    const key = texts.join();
    if (!this.#enums.has(key)) {
      const wanted = `${camel(name)}Word`;
      const times = this.#names.get(wanted) ?? 0;
      this.#names.set(wanted, times + 1);
      this.#enums.set(key, { name: times === 0 ? wanted : `${wanted}${times + 1}`, texts });
    }
    return this.#enums.get(key).name;
  }

  #list(items, name, indent) {
    return `ReadonlyArray<${this.of(items, name, indent)}>`;
  }

  #object({ properties, required = [], additionalProperties }, name, indent) {
    if (!properties) return `{ readonly [name: string]: ${this.of(additionalProperties, name, indent)} }`;
    return `{\n${this.members(properties, required, `${indent}  `)}\n${indent}}`;
  }

  members(properties, required, indent) {
    const lines = Object.entries(properties).flatMap(([name, schema]) => {
      const type = this.of(schema, name, indent);
      return [...comment(schema.description, indent), `${indent}readonly ${name}${required.includes(name) ? '' : '?'}: ${type};`];
    });
    return lines.join('\n');
  }

  declarations() {
    return [...this.#enums.values()].map(({ name, texts }) => `export type ${name} =\n  | ${texts.join('\n  | ')};`);
  }
}

function comment(text, indent) {
  if (!text) return [];
  const line = `${indent}/** ${text} */`;
  if (line.length <= WIDTH) return [line];
  const lines = [''];
  for (const word of text.split(' ')) {
    if (`${indent} * ${lines.at(-1)} ${word}`.length > WIDTH) lines.push('');
    lines.push(`${lines.pop()} ${word}`.trim());
  }
  return [`${indent}/**`, ...lines.map((one) => `${indent} * ${one}`), `${indent} */`];
}

/** The methods of a handle, and the words that may stand beside a verb. */
function actorTypes(types, actor, { properties }) {
  const name = camel(actor);
  const { [actor]: _, ...words } = properties;
  const verbs = verbsOf(actor, { properties });
  const methods = verbs.flatMap((verb) => {
    const type = types.of(properties[verb.name], verb.name, '  ');
    const value = { flag: '', optional: `value?: ${type}, `, needed: `value: ${type}, ` }[verb.value];
    return [...comment(verb.description, '  '), `  ${verb.name}(${value}words?: ${name}Words): Promise<StepResult>;`];
  });
  return [
    `/** The words of a step of this kind. */\nexport interface ${name}Words {\n${types.members(words, [], '  ')}\n}`,
    `/** The verbs of a step of this kind. Further words of the same step come after the value. */\nexport interface ${name}Verbs {\n${methods.join('\n')}\n}`,
    `export type ${name}Step = { readonly ${actor}: Text } & ${name}Words;`,
  ];
}

function expectationTypes(types, { properties }) {
  const several = alternatives(alternatives(properties.expect.items).find((one) => !isReference(one)));
  const named = several.map((schema) => [`${camel(schema.required[0])}Expectation`, schema]);
  return [
    ...named.map(([name, schema]) => `export interface ${name} {\n${types.members(schema.properties, schema.required, '  ')}\n}`),
    `/** What must have happened. */\nexport type Expectation = ${named.map(([name]) => name).join(' | ')};`,
  ];
}

function plainStep(types, kind, schema) {
  return `export interface ${camel(kind)}Step {\n${types.members(schema.properties, schema.required, '  ')}\n}`;
}

function declarations(schema) {
  const types = new Types();
  const steps = kinds(schema);
  const parts = [
    ...ACTORS.flatMap((actor) => actorTypes(types, actor, steps[actor])),
    ...expectationTypes(types, steps.expect),
    ...['clock', 'fault', 'call'].map((kind) => plainStep(types, kind, steps[kind])),
    'export interface ExpectStep {\n  readonly expect: readonly Expectation[];\n  readonly within?: Duration;\n  readonly page?: Text;\n  readonly on?: Text;\n}',
    `/** A step of a scenario. */\nexport type Step = ${Object.keys(steps)
      .map((kind) => `${camel(kind)}Step`)
      .join(' | ')};`,
    "/** The words of a fault. */\nexport type Fault = FaultStep['fault'];",
  ];
  const imports = "import type { Duration, Matcher, StepResult, Text } from './values';";
  return `${[WRITTEN_BY, imports, ...types.declarations(), ...parts].join('\n\n')}\n`;
}

// --- The files -------------------------------------------------------------------------------------------------------

/** The files that are written, by their names, as they should be. */
function files(schemaFile = SCHEMA) {
  const schema = JSON.parse(readFileSync(schemaFile, 'utf8'));
  return { 'lib/words.js': table(schema), 'types/words.d.ts': declarations(schema) };
}

function main([first, ...rest]) {
  const checks = first === '--check';
  const written = files(checks ? rest[0] : first);
  for (const [name, text] of Object.entries(written)) {
    const path = join(PACKAGE, name);
    if (!checks) writeFileSync(path, text);
    else if (readFileSync(path, 'utf8') !== text) {
      console.error(`${name} is not current: run \`node scripts/words.js\` in packages/npm`);
      process.exitCode = 1;
    }
  }
}

if (require.main === module) main(process.argv.slice(2));

module.exports = { files };
