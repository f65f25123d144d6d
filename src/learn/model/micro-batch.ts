/**
 * A function for one question at a time over one that answers many: the questions of one turn of the event loop are
 * answered together. If that fails, it fails for each of them.
 */
export function microBatched<Question, Answer>(
  answerAll: (questions: readonly Question[]) => readonly Answer[] | Promise<readonly Answer[]>,
): (question: Question) => Promise<Answer> {
  let waiting: { readonly questions: Question[]; readonly answers: Promise<readonly Answer[]> } | undefined;

  function open() {
    const questions: Question[] = [];
    const answers = Promise.resolve().then(() => {
      waiting = undefined;
      return answerAll(questions);
    });
    return { questions, answers };
  }

  return async (question) => {
    waiting ??= open();
    const place = waiting.questions.push(question) - 1;
    const answer = (await waiting.answers)[place];
    if (answer === undefined) throw new Error(`Question ${place} was not answered.`);
    return answer;
  };
}
