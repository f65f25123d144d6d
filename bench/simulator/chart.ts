/** A quantity by day, as one line of a panel. */
export type Line = {
  readonly name: string;
  /** As CSS has it. */
  readonly colour: string;
  readonly isDashed?: boolean;
  readonly values: readonly number[];
};

/** Lines over the same days; the highest value is found by itself, the lowest is 0. */
export type Panel = { readonly title: string; readonly lines: readonly Line[] };

const [width, height] = [460, 290];
const margin = { left: 52, top: 34, right: 14, bottom: 40 };
const legendWidth = 230;
const plotWidth = width - margin.left - margin.right;
const plotHeight = height - margin.top - margin.bottom;

/**
 * Rows of panels as an SVG document, with a legend at the end of each row. Values are shares of 1 and shown in percent.
 */
export function chart(rows: readonly (readonly Panel[])[]): { readonly svg: string; readonly size: Size } {
  const columns = Math.max(...rows.map((panels) => panels.length));
  const size = { width: columns * width + legendWidth, height: rows.length * height };
  const drawn = rows.map((panels, row) => {
    const inner = panels.map((panel, column) => `<g transform="translate(${column * width} 0)">${draw(panel)}</g>`);
    const legend = `<g transform="translate(${columns * width} ${margin.top})">${legendOf(panels)}</g>`;
    return `<g transform="translate(0 ${row * height})">${inner.join('')}${legend}</g>`;
  });
  const style = 'text { font: 12px system-ui, sans-serif; fill: #16212e } .title { font-weight: 600; font-size: 13px }';
  return {
    svg: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" width="${size.width}" height="${size.height}"><style>${style}</style><rect width="100%" height="100%" fill="#ffffff"/>${drawn.join('')}</svg>`,
    size,
  };
}

export type Size = { readonly width: number; readonly height: number };

function draw({ title, lines }: Panel): string {
  const days = Math.max(...lines.map(({ values }) => values.length));
  const step = niceStep(Math.max(...lines.flatMap(({ values }) => values)));
  const x = (day: number) => margin.left + ((day + 0.5) / days) * plotWidth;
  const y = (value: number) => margin.top + plotHeight * (1 - value / (step * gridLines));
  const grid = Array.from({ length: gridLines + 1 }, (_, n) => {
    const at = y(n * step);
    const label = `<text x="${margin.left - 6}" y="${at + 4}" text-anchor="end">${percent(n * step)}</text>`;
    return `<path d="M${margin.left} ${at} h${plotWidth}" stroke="#dde3ea"/>${label}`;
  });
  const labels = Array.from({ length: days }, (_, day) => day).filter((day) => days <= 15 || day % 2 === 0);
  const axis = labels.map(
    (day) => `<text x="${x(day)}" y="${height - margin.bottom + 16}" text-anchor="middle">${day + 1}</text>`,
  );
  const name = `<text class="title" x="${margin.left}" y="20">${title}</text>`;
  const below = `<text x="${margin.left + plotWidth / 2}" y="${height - 8}" text-anchor="middle">simulated day</text>`;
  return [name, below, ...grid, ...axis, ...lines.map((line) => path(line, x, y))].join('');
}

type Scale = (value: number) => number;

const path = ({ values, colour, isDashed }: Line, x: Scale, y: Scale) =>
  `<path d="${values.map((value, day) => `${day === 0 ? 'M' : 'L'}${round(x(day))} ${round(y(value))}`).join('')}" fill="none" stroke="${colour}" stroke-width="2"${isDashed ? ' stroke-dasharray="5 4"' : ''}/>`;

function legendOf(panels: readonly Panel[]): string {
  const lines = new Map(panels.flatMap((panel) => panel.lines.map((line) => [line.name, line])));
  return [...lines.values()]
    .map(({ name, colour, isDashed }, n) => {
      const dash = isDashed ? ' stroke-dasharray="5 4"' : '';
      return `<path d="M0 ${n * 20 + 6} h24" stroke="${colour}" stroke-width="2"${dash}/><text x="32" y="${n * 20 + 10}">${name}</text>`;
    })
    .join('');
}

const gridLines = 5;

/** The least of a few round numbers times a power of ten by which `gridLines` steps reach the highest value. */
function niceStep(highest: number): number {
  const least = Math.max(highest, 1e-4) / gridLines;
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 1.5, 2, 2.5, 3, 4, 5, 10].find((factor) => factor * power >= least) ?? 10);
}

const percent = (share: number) => `${Number((share * 100).toPrecision(3))} %`;
const round = (pixels: number) => Math.round(pixels * 10) / 10;
