import { circle, type Drawing, ellipse, group, line, rect, times } from '../paint.ts';

const guitar: Drawing = (paint) => {
  const body = paint.between(1, 30, 36);
  const drawing = [
    rect(-5, -92, 10, 74, '#6b4a2e', 2),
    rect(-9, -108, 18, 22, paint.dark, 4),
    times(3, (n) => `${circle(-12, -103 + 7 * n, 2.6, '#d8d2c4')}${circle(12, -103 + 7 * n, 2.6, '#d8d2c4')}`),
    ellipse(0, -6, body * 0.78, 24, paint.main),
    ellipse(0, 34, body, 32, paint.surface),
    circle(0, 8, 11, '#2b2320'),
    rect(-13, 40, 26, 6, '#2b2320', 2),
    times(4, (n) => line(`M${-3 + 2 * n} -88 V42`, '#f3ead6', 0.7)),
    times(5, (n) => line(`M-5 ${-80 + 13 * n} h10`, '#d8d2c4', 1.2)),
  ].join('');
  return group(drawing, `translate(96 106) rotate(${paint.between(2, 8, 28)}) scale(0.88)`);
};

const headphones: Drawing = (paint) => {
  const band = paint.between(1, 48, 62);
  return [
    line(`M52 122 V104 Q52 ${band - 8} 100 ${band - 8} Q148 ${band - 8} 148 104 V122`, paint.dark, 11),
    line(`M60 104 Q60 ${band + 2} 100 ${band + 2} Q140 ${band + 2} 140 104`, paint.light, 4),
    rect(40, 104, 30, 56, paint.surface, 14),
    rect(130, 104, 30, 56, paint.surface, 14),
    rect(62, 110, 14, 44, paint.dark, 7),
    rect(124, 110, 14, 44, paint.dark, 7),
    line('M55 160 q4 14 22 10', paint.accent, 3),
  ].join('');
};

const record: Drawing = (paint) => {
  const out = paint.between(1, 96, 118);
  return [
    circle(out + 14, 112, 50, '#1d1b1f'),
    times(4, (n) => circle(out + 14, 112, 24 + 7 * n, 'none', { stroke: '#3b383f', 'stroke-width': 1.4 })),
    circle(out + 14, 112, 17, paint.accent),
    circle(out + 14, 112, 3, '#ffffff'),
    rect(36, 60, 84, 106, paint.surface, 3),
    circle(78, 112, paint.between(2, 16, 26), paint.pale),
    rect(46, 70, paint.between(3, 30, 58), 6, paint.pale, 2),
  ].join('');
};

export const music: Readonly<Record<string, Drawing>> = { Guitars: guitar, Headphones: headphones, Records: record };
