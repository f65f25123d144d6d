import { type Family, serve } from '../family.ts';
import { attributionCreation } from './attribution-creation.ts';
import { attributionInspectionHandlers } from './attribution-inspection.ts';
import { attributionKinds } from './kinds.ts';
import { metricAttributionHandlers } from './metric-attribution.ts';
import { metricAttributionKind } from './metric-attribution-kind.ts';

export const attribution: Family = {
  kinds: attributionKinds,
  operations: (context) => ({ ...metricAttributionHandlers(context), ...attributionInspectionHandlers(context) }),
  services: (context) => [
    serve(metricAttributionKind, { jobs: { 'create-metric-attribution': attributionCreation(context) } }),
  ],
};
