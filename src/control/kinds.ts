import { attributionKinds } from './attribution/kinds.ts';
import { batchKinds } from './batch/kinds.ts';
import { datasetKinds } from './datasets/kinds.ts';
import { deletionKinds } from './deletion/kinds.ts';
import { deploymentKinds } from './deployments/kinds.ts';
import { filterKinds } from './filters/kinds.ts';
import type { Kind } from './resources/kind.ts';
import { solutionKinds } from './solutions/kinds.ts';

/** Every kind of resource that there is. */
export const kinds: readonly Kind[] = [
  ...datasetKinds,
  ...deletionKinds,
  ...solutionKinds,
  ...deploymentKinds,
  ...filterKinds,
  ...attributionKinds,
  ...batchKinds,
];
