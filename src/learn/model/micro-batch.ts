/**
 * A function for one query at a time over one that answers many: the queries of one turn of the event loop are
 * answered together. If that fails, it fails for each of them.
 */
export function microBatched<Question, Answer>(
  answerAll: (examples: readonly Question[]) => readonly Answer[] | Promise<readonly Answer[]>,
): (example: Question) => Promise<Answer> {
  let waiting: { readonly examples: Question[]; readonly answers: Promise<readonly Answer[]> } | undefined;

  function open() {
    const examples: Question[] = [];
    const answers = Promise.resolve().then(() => {
      waiting = undefined;
      return answerAll(examples);
    });
    return { examples, answers };
  }

  return async (example) => {
    waiting ??= open();
    const place = waiting.examples.push(example) - 1;
    const answer = (await waiting.answers)[place];
    if (answer === undefined) throw new Error(`Question ${place} was not answered.`);
    return answer;
  };
}
