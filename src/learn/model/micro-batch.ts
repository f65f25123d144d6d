/**
 * A function for one query at a time over one that answers many: the queries of one turn of the event loop are answered
 * together. If that fails, it fails for each of them.
 */
export function microBatched<Query, Answer>(
  answerAll: (queries: readonly Query[]) => readonly Answer[] | Promise<readonly Answer[]>,
): (query: Query) => Promise<Answer> {
  let waiting: { readonly queries: Query[]; readonly answers: Promise<readonly Answer[]> } | undefined;

  function open() {
    const queries: Query[] = [];
    const answers = Promise.resolve().then(() => {
      waiting = undefined;
      return answerAll(queries);
    });
    return { queries, answers };
  }

  return async (query) => {
    waiting ??= open();
    const index = waiting.queries.push(query) - 1;
    const answer = (await waiting.answers)[index];
    if (answer === undefined) throw new Error(`Query ${index} was not answered.`);
    return answer;
  };
}
