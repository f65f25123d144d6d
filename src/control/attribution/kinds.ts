import { metricAttributionKind } from './metric-attribution-kind.ts';

export const attributionKinds = [metricAttributionKind];
