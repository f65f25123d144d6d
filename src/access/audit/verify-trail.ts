import { chainStart, type Link, linkOf } from './chain.ts';
import { linesOf, type TrailFile, trailFiles } from './trail-files.ts';

/** What the chain of one node shows. */
export type VerifiedChain = {
  /** Empty where a home has one server. */
  readonly node: string;
  readonly files: number;
  readonly records: number;
  /** Sequence of the first record; above 1 if older files were moved away. Undefined without records. */
  readonly first: number | undefined;
  readonly last: Link;
  /** Lines that a kill or a full disk has left half-written. Their records were never acknowledged. */
  readonly torn: number;
  /** Sentences that say what is wrong, and where. */
  readonly problems: readonly string[];
};

/** Reads all chains in a folder. @param onHash is told the hash of each record */
export async function verifyTrail(folder: string, onHash = (_hash: string) => {}): Promise<VerifiedChain[]> {
  const nodes = Map.groupBy(await trailFiles(folder), ({ node }) => node);
  const verified: VerifiedChain[] = [];
  for (const [node, files] of nodes) verified.push(await verifyChain(node, files, onHash));
  return verified;
}

async function verifyChain(
  node: string,
  files: readonly TrailFile[],
  onHash: (hash: string) => void,
): Promise<VerifiedChain> {
  const problems: string[] = [];
  let last = chainStart;
  let first: number | undefined;
  let records = 0;
  let torn = 0;
  /** Lines that are no records, since the last record. */
  let broken: string[] = [];
  let endsWhole = true;
  for (const { path } of files) {
    let number = 0;
    for await (const { line, isEnded } of linesOf(path)) {
      number += 1;
      endsWhole = isEnded;
      const link = linkOf(line);
      if (!link) {
        broken.push(`${path}:${number}`);
        continue;
      }
      records += 1;
      // Older files may have been moved away; the first record must then be the first of its file.
      const isFirst = first === undefined && number === 1;
      const follows = link.previous === last.hash && link.sequence === last.sequence + 1;
      if (follows) torn += broken.length;
      else if (!isFirst) problems.push(problemOf(`${path}:${number}`, link, last, broken));
      first ??= link.sequence;
      broken = [];
      last = link;
      onHash(link.hash);
    }
  }
  // The last line may be on its way to the disk just now.
  const unended = !endsWhole && broken.length > 0 ? 1 : 0;
  torn += unended;
  for (const place of broken.slice(0, broken.length - unended))
    problems.push(`${place} is no record as it was written.`);
  return { node, files: files.length, records, first, last, torn, problems };
}

function problemOf(place: string, link: Link, last: Link, broken: readonly string[]): string {
  if (broken.length > 0) return `${broken.join(', ')}: not as written; the chain goes on at ${place}.`;
  const expected = last.sequence + 1;
  if (link.sequence > expected) {
    return `${place}: records ${expected} to ${link.sequence - 1} are missing before this one, ${link.sequence}.`;
  }
  if (link.sequence < expected) return `${place}: record ${link.sequence} stands after record ${last.sequence}.`;
  return `${place}: record ${link.sequence} does not follow from the record before it, which was replaced.`;
}
