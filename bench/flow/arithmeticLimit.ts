import { nameOf, newGraph } from '../../src/flow/compiled/graph.ts';
import { matMul } from '../../src/flow/compiled/kernels/products.ts';
import { reduce } from '../../src/flow/compiled/kernels/reductions.ts';
import type { GraphRuntime } from '../../src/flow/compiled/runtime.ts';
import { savedModel } from '../../src/flow/compiled/savedModel.ts';
import type { Workload } from './workloads.ts';

/**
 * Floating-point operations a second of a chain of products of [1024, 200] with [200, 200]: what the
 * arithmetic limit of a step is reckoned by.
 */
export function productRate(runtime: GraphRuntime): number {
  const [rows, width, products] = [1024, 200, 32];
  const graph = newGraph('float32');
  const x = graph.placeholder('float32', [rows, width]);
  let y = x;
  for (let n = 0; n < products; n++) {
    const entries = Float32Array.from({ length: width * width }, (_, i) => Math.sin(n + i) / 10);
    y = matMul(graph, y, graph.constant(entries, [width, width], 'float32'), false, false);
  }
  const sum = reduce(graph, 'Sum', y, [0, 1], false);
  const session = runtime.load(savedModel([x, sum]));
  const call = session.prepare([nameOf(x)], [nameOf(sum)]);
  const input = runtime.place(new Float32Array(rows * width).fill(1e-3), [rows, width]);
  let best = Number.POSITIVE_INFINITY;
  for (let n = 0; n < 15; n++) {
    const start = performance.now();
    for (const result of call([input])) result.dispose();
    best = Math.min(best, (performance.now() - start) / 1000);
  }
  input.dispose();
  session.dispose();
  return (2 * rows * width * width * products) / best;
}

/** Operations of the matrix products of a training step: forward, and twice that backward. */
export function stepOperations(workload: Workload): number {
  const half = workload.dim / 2;
  const nets = workload.conditioner === 'shared' ? 1 : 2;
  const widths = [half, ...workload.hidden, (2 * half) / nets];
  const weights = widths.slice(1).reduce((sum, width, l) => sum + width * widths[l], 0);
  return 6 * workload.batch * workload.couplings * nets * weights;
}
