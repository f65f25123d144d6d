import { campaignKind } from './campaign-kind.ts';
import { recommenderKind } from './recommender-kind.ts';

export const deploymentKinds = [campaignKind, recommenderKind];
