import { elementTypeOf } from './elementwise.ts';
import type { KernelRule } from './kernelRule.ts';

/** Kernels whose result is known while tracing. */
export const creation: Readonly<Record<string, KernelRule>> = {
  Fill: (graph, _, attributes) =>
    graph.constant(
      [attributes.number('value')],
      attributes.integers('shape'),
      elementTypeOf(graph, attributes.text('dtype')),
    ),
  ZerosLike: (graph, [x]) => graph.constant([0], x.shape, x.type),
  OnesLike: (graph, [x]) => graph.constant([1], x.shape, x.type),
  Range(graph, _, attributes) {
    const start = attributes.number('start');
    const stop = attributes.number('stop');
    const step = attributes.number('step');
    const count = Math.max(0, Math.ceil((stop - start) / step));
    const values = Array.from({ length: count }, (_unused, i) => start + i * step);
    return graph.constant(values, [count], elementTypeOf(graph, attributes.text('dtype')));
  },
  LinSpace(graph, _, attributes) {
    const start = attributes.number('start');
    const count = attributes.number('num');
    const step = (attributes.number('stop') - start) / Math.max(1, count - 1);
    return graph.constant(
      Array.from({ length: count }, (_unused, i) => start + i * step),
      [count],
      graph.real,
    );
  },
};
