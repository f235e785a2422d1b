import type { Graph, Value } from '../graph.ts';

/**
 * How one tfjs kernel is recorded: the counterpart of a kernel function in a computing backend.
 *
 * `inputs` are in the order of the kernel's own list (`kernel_names.ts` of tfjs-core); `attributes`
 * are what tfjs passes, unchecked.
 */
export type KernelRule = (
  graph: Graph,
  inputs: readonly Value[],
  attributes: KernelAttributes,
) => Value | readonly Value[];

/** Attributes of a tfjs kernel; each rule knows which it may ask for. */
export interface KernelAttributes {
  number(name: string): number;
  flag(name: string): boolean;
  text(name: string): string;
  /** A list of integers; a lone number counts as a list of one. */
  integers(name: string): number[];
  /** Whether the attribute has a value at all. */
  has(name: string): boolean;
  /** Whether it is a list rather than a lone number. */
  isList(name: string): boolean;
  /** Pairs, as paddings are given. */
  pairs(name: string): [number, number][];
}
