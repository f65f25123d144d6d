import { baskets } from './baskets.ts';
import { coldItems } from './cold-items.ts';
import { givenSplit } from './given-split.ts';
import { leaveOneOut } from './leave-one-out.ts';
import { nextClick } from './next-click.ts';
import { nextPeriod } from './next-period.ts';
import type { Protocol } from './protocol.ts';
import { relatedColdItems } from './related-cold-items.ts';
import { relatedItems } from './related-items.ts';
import { segments } from './segments.ts';
import { service } from './service.ts';
import { similarTexts } from './similar-texts.ts';
import { temporal } from './temporal.ts';

export const protocols: readonly Protocol[] = [
  leaveOneOut,
  temporal,
  nextPeriod,
  givenSplit,
  nextClick,
  service,
  coldItems,
  relatedItems,
  relatedColdItems,
  baskets,
  segments,
  similarTexts,
];
