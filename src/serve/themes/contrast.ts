/** How often a term is found: with how many of the items of a group, and of the catalogue. */
export type TermCounts = {
  /** Items of the group that have the term, of so many. */
  readonly having: number;
  readonly items: number;
  /** The same of the catalogue, or of a sample of it. */
  readonly catalogueHaving: number;
  readonly catalogueItems: number;
};

/** Items' worth of evidence that the catalogue gives in advance. */
const priorItems = 10;

/**
 * How much a term tells a group from the catalogue: its class-based TF-IDF (Grootendorst 2022), tf · ln(1 + A / f),
 * where the frequencies are the shares of the items that have it, so that long texts count no more than short ones.
 */
export function classTfIdf({ having, items, catalogueHaving, catalogueItems }: TermCounts): number {
  const inCatalogue = (catalogueHaving + 0.5) / (catalogueItems + 1);
  return (having / items) * Math.log(1 + 1 / inCatalogue);
}

/**
 * How sure it is that the group has a term more often than the catalogue: the z-score of the log-odds ratio with an
 * informative Dirichlet prior (Monroe, Colaresi and Quinn 2008), the prior being the catalogue.
 */
export function logOddsScore({ having, items, catalogueHaving, catalogueItems }: TermCounts): number {
  const prior = (priorItems * (catalogueHaving + 0.5)) / (catalogueItems + 1);
  const logOdds = (count: number, of: number) => {
    const rest = of + priorItems - count - prior;
    return Math.log((count + prior) / rest);
  };
  const difference = logOdds(having, items) - logOdds(catalogueHaving, catalogueItems);
  return difference / Math.sqrt(1 / (having + prior) + 1 / (catalogueHaving + prior));
}
