/** An ARN of a resource, in the service model's words and in a form without backtracking: what follows the region has two colons. */
export const personalizeArn = {
  pattern: 'arn:([a-z\\d-]+):personalize:.*:.*:.+',
  linear: 'arn:[a-z\\d-]+:personalize:[^:\\n\\r\\u2028\\u2029]*:[^:\\n\\r\\u2028\\u2029]*:.+',
};
