import { personalizeArn } from '../arn-pattern.ts';
import { type Static, string, timestamp } from '../shape.ts';

export const Arn = string({ max: 256, ...personalizeArn });
export type Arn = Static<typeof Arn>;

export const Timestamp = timestamp();
export type Timestamp = Static<typeof Timestamp>;

export const RecommendationId = string({ min: 1, max: 40 });
export type RecommendationId = Static<typeof RecommendationId>;

export const StringType = string({ min: 1, max: 256 });
export type StringType = Static<typeof StringType>;

export const UserId = string({ min: 1, max: 256, sensitive: true });
export type UserId = Static<typeof UserId>;
