/** A policy document that IAM would refuse as MalformedPolicyDocument. The message begins with the place. */
export class MalformedPolicyError extends Error {
  /** Where in the document, such as `Statement[2].Condition.StringEquals`; empty for the document as a whole. */
  readonly place: string;
  /** What is wrong there, in IAM's own words where it has some. */
  readonly reason: string;

  constructor(place: string, reason: string) {
    super(place === '' ? reason : `${place}: ${reason}`);
    this.name = 'MalformedPolicyError';
    this.place = place;
    this.reason = reason;
  }
}
