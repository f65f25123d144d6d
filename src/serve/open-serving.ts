import { extname } from 'node:path';
import { Deployments, type ServingOptions } from './deployments.ts';
import type { Serving } from './serving.ts';

/** The entry of a scoring thread: `scorer.ts` as it stands in the repository, `scorer.js` where it is built. */
const scorer = new URL(`../scorer${extname(import.meta.url)}`, import.meta.url);

/** Serving on up to `workers` scoring threads, which start when there is a model for them. */
export async function openServing(options: ServingOptions): Promise<Serving> {
  return new Deployments(options, scorer);
}
