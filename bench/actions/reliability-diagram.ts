import type { ReliabilityBin } from '../../src/evaluate/actions/propensities.ts';

const side = 320;
const margin = 48;
const width = side + 2 * margin;
const height = side + 2 * margin;

type Curve = { readonly name: string; readonly colour: string; readonly bins: readonly ReliabilityBin[] };

/** How often actions were taken by how likely they were said to be, as an SVG: on the diagonal, chances are chances. */
export function reliabilityDiagram(of: Readonly<Record<'shown' | 'anything', readonly ReliabilityBin[]>>): string {
  const curves: readonly Curve[] = [
    { name: 'of what was shown', colour: '#0b62a4', bins: of.shown },
    { name: 'of any action', colour: '#b5481c', bins: of.anything },
  ];
  const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="11">
<title>Reliability of propensities</title>
<rect width="${width}" height="${height}" fill="#ffffff"/>
<path d="M${x(0)} ${y(0)}H${x(1)}V${y(1)}H${x(0)}Z" fill="none" stroke="#888888"/>
<path d="M${x(0)} ${y(0)}L${x(1)} ${y(1)}" stroke="#888888" stroke-dasharray="4 4"/>
${ticks.map((tick) => `<text x="${x(tick)}" y="${y(0) + 16}" text-anchor="middle">${tick}</text><text x="${x(0) - 8}" y="${y(tick) + 4}" text-anchor="end">${tick}</text>`).join('\n')}
<text x="${width / 2}" y="${height - 8}" text-anchor="middle">propensity that was said</text>
<text x="14" y="${height / 2}" text-anchor="middle" transform="rotate(-90 14 ${height / 2})">share that was taken</text>
${curves.map(drawn).join('\n')}
</svg>
`;
}

const x = (share: number) => round(margin + share * side);
const y = (share: number) => round(margin + (1 - share) * side);
const round = (position: number) => Math.round(10 * position) / 10;

/** The area of a dot is that of the share of exposures in its bin. */
function drawn({ name, colour, bins }: Curve, n: number): string {
  const filled = bins.filter(({ count }) => count > 0);
  const total = filled.reduce((sum, { count }) => sum + count, 0);
  const points = filled.map(({ guessed, happened }) => `${x(guessed)} ${y(happened)}`);
  const dots = filled.map(
    ({ guessed, happened, count }) =>
      `<circle cx="${x(guessed)}" cy="${y(happened)}" r="${round(2 + 12 * Math.sqrt(count / total))}" fill="${colour}" fill-opacity="0.35"/>`,
  );
  const label = `<text x="${x(0.03)}" y="${y(0.97) + 8 + 16 * n}" fill="${colour}">${name}</text>`;
  return `<path d="M${points.join('L')}" fill="none" stroke="${colour}" stroke-width="1.5"/>${dots.join('')}${label}`;
}
