// `globalSetup` of vitest: a server for the whole run. Tests find it by `inject('graphdouble')`.
import { startGraphdouble } from './index.mjs';

export default async function setup(project) {
  const graphdouble = await startGraphdouble();
  project.provide('graphdouble', { url: graphdouble.url });
  return () => graphdouble.close();
}
