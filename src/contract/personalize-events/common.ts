import { personalizeArn } from '../arn.ts';
import { string, timestamp } from '../shape.ts';

export const Arn = string({ max: 256, ...personalizeArn });
export const Timestamp = timestamp();
export const RecommendationId = string({ min: 1, max: 40 });
export const StringType = string({ min: 1, max: 256 });
export const UserId = string({ min: 1, max: 256, sensitive: true });
