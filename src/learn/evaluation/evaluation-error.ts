/** An evaluation that cannot be made of what was asked. The message is for a person: what is wrong, and what to do. */
export class EvaluationError extends Error {
  override name = 'EvaluationError';
}
