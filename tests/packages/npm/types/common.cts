// A consumer that is a CommonJS file. It is compiled, not run.
import graphdouble = require('graphdouble');
import setup = require('graphdouble/jest/setup');
import node = require('graphdouble/node');

async function main(): Promise<void> {
  await setup();
  const server = await graphdouble.startGraphdouble();
  const world = await server.createWorld({ world: { apps: {}, pages: {} } });
  const person = await world.person({ first_name: 'Jürg', locale: 'de_CH' });
  await node.assert.gets(person, { text: graphdouble.contains('Hello') });
  await server.close();
}

void main();
