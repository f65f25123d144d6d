import { campaignKind } from './campaign-kind.ts';

export const deploymentKinds = [campaignKind];
