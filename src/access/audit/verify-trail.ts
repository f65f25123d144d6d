import { chainStart, type Link, linkOf } from './chain.ts';
import { type RemovalNote, removalNotes } from './removal-note.ts';
import { linesOf, type TrailFile, trailFiles } from './trail-files.ts';

/** What the chain of one node shows. */
export type VerifiedChain = {
  /** Empty where a home has one server. */
  readonly node: string;
  readonly files: number;
  readonly records: number;
  /** Sequence of the first record; above 1 if older ones are not here. Undefined without records. */
  readonly first: number | undefined;
  /** The day up to which a server has removed records and said so; undefined if older records are gone otherwise. */
  readonly removedThrough: string | undefined;
  readonly last: Link;
  /** Lines that a kill or a full disk has left half-written. Their records were never acknowledged. */
  readonly torn: number;
  /** Sentences that say what is wrong, and where. */
  readonly problems: readonly string[];
};

type VerifyOptions = {
  /** Is told the hash of each record. */
  readonly onHash?: (hash: string) => void;
  /** Older files were moved away by hand: that they are not here is no problem. */
  readonly moved?: boolean;
};

/** What the check of a chain has found, before it is known what the records of other chains say of it. */
type ReadChain = Omit<VerifiedChain, 'removedThrough'> & {
  /** The hash that the first record follows. */
  readonly previous: string;
  readonly notes: readonly RemovalNote[];
};

/** Reads all chains in a folder. */
export async function verifyTrail(
  folder: string,
  { onHash = () => {}, moved = false }: VerifyOptions = {},
): Promise<VerifiedChain[]> {
  const nodes = Map.groupBy(await trailFiles(folder), ({ node }) => node);
  const chains: ReadChain[] = [];
  for (const [node, files] of nodes) chains.push(await verifyChain(node, files, onHash));
  const notes = chains.flatMap((chain) => chain.notes);
  return chains.map((chain) => withBeginning(chain, notes, moved));
}

/** Tells whether records before the first one were removed by a server, which has left a note, or by somebody else. */
function withBeginning({ notes: _, previous, ...chain }: ReadChain, notes: readonly RemovalNote[], moved: boolean) {
  const { node, first = 1, problems } = chain;
  const note = notes.find((each) => each.node === node && each.sequence === first - 1 && each.hash === previous);
  const isGone = first > 1 && !note && !moved;
  return {
    ...chain,
    removedThrough: note?.through,
    problems: isGone ? [goneOf(first), ...problems] : problems,
  };
}

const goneOf = (first: number) =>
  `Records 1 to ${first - 1} are gone, and no record says that --audit-days has removed them.`;

async function verifyChain(
  node: string,
  files: readonly TrailFile[],
  onHash: (hash: string) => void,
): Promise<ReadChain> {
  const problems: string[] = [];
  let last = chainStart;
  let first: number | undefined;
  let previous = '';
  const notes: RemovalNote[] = [];
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
      if (first === undefined) [first, previous] = [link.sequence, link.previous];
      notes.push(...removalNotes(line));
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
  return { node, files: files.length, records, first, previous, notes, last, torn, problems };
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
