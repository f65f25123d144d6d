/** Why a bucket does not do what it was asked. */
export type BucketProblem =
  | 'bucket-exists'
  | 'bucket-missing'
  | 'bucket-not-empty'
  | 'invalid-bucket-name'
  | 'key-missing'
  | 'key-not-allowed'
  | 'link'
  | 'already-there'
  | 'upload-missing'
  | 'part-missing'
  | 'part-order'
  | 'part-too-small';

/** A caller's mistake about a bucket or an object in it; the message is a sentence for the caller. */
export class BucketError extends Error {
  readonly problem: BucketProblem;

  constructor(problem: BucketProblem, message: string) {
    super(message);
    this.name = 'BucketError';
    this.problem = problem;
  }
}

export const keyMissing = (): BucketError => new BucketError('key-missing', 'The specified key does not exist.');
