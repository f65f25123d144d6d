/** An evaluation that cannot be made of what was asked. The message is for a person: what is wrong, and what to do. */
export class EvaluationError extends Error {
  override name = 'EvaluationError';
}

/** Of what was asked for and is not there: a model of texts, a provider. @throws EvaluationError always */
export function asEvaluationError(error: Error): never {
  throw new EvaluationError(error.message, { cause: error });
}
