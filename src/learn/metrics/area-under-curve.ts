/**
 * The area under the ROC curve: how often something that happened has a higher score than something that did not (Mann
 * and Whitney 1947); equal scores count half. 0.5 where there is only one of both.
 */
export function areaUnderCurve(scores: Float64Array, happened: Uint8Array): number {
  const order = Uint32Array.from(scores, (_, n) => n).sort((a, b) => scores[a] - scores[b]);
  const positives = happened.reduce((sum, is) => sum + is, 0);
  const negatives = happened.length - positives;
  if (positives === 0 || negatives === 0) return 0.5;
  let wins = 0;
  let below = 0;
  for (let from = 0; from < order.length; ) {
    const score = scores[order[from]];
    let [end, equalPositives] = [from, 0];
    while (end < order.length && scores[order[end]] === score) equalPositives += happened[order[end++]];
    const equalNegatives = end - from - equalPositives;
    wins += equalPositives * (below + equalNegatives / 2);
    below += equalNegatives;
    from = end;
  }
  return wins / positives / negatives;
}
