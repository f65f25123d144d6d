import { expect, test } from 'vitest';
import { multiply } from '../operations/arithmetic.ts';
import { matmul } from '../operations/matmul.ts';
import { sum } from '../operations/reduce.ts';
import { inFileOrder } from './order.ts';
import { input } from './value.ts';
import { reach } from './walk.ts';

test('of what a node needs, the part that is ready first comes last, and each node after what it needs', () => {
  const x = input('x', [3, 3]);
  const links = [x];
  for (let n = 0; n < 6; n++) links.push(multiply(links.at(-1) ?? x, 2));
  const sides = links.slice(4).map((link) => sum(matmul(link, link)));
  const together = sides.reduce((one, other) => multiply(one, other));
  const { nodes } = reach([together], 'step');
  const order = inFileOrder(nodes, 'step');
  expect(new Set(order)).toEqual(new Set(nodes));
  for (const [position, node] of order.entries()) {
    for (const { source } of node.inputs) {
      if (source.kind === 'node') expect(order.indexOf(source.node)).toBeLessThan(position);
    }
  }
  const products = order.filter(({ operator }) => operator === 'Gemm').map(({ inputs: [link] }) => link);
  expect(products).toEqual([links[6], links[5], links[4]]);
});
