import { reserve } from '../../core/simdModule.ts';
import { PANEL } from '../exact/panels.ts';
import { type DenseModule, FREE_ADDRESS } from './denseModule.ts';

/** Rows that go through all layers of a network before the next ones: they stay in the first cache. */
export const BLOCK = 8 * PANEL;

/** Packed weights on their way into the kernel's memory, owned by whoever made them. */
export interface WeightImage {
  readonly data: Float64Array;
  /** Columns of the widest layer, padded. */
  readonly widest: number;
  /** Where the image lies, for the memory's generation `generation` only. */
  address: number;
  generation: number;
}

export interface NetworkMemory {
  /** The whole memory as doubles; asked for anew after `place`, which may detach it. */
  doubles(): Float64Array;
  /** Two areas for the activations of one block, bytes. */
  readonly scratch: readonly [number, number];
  /** Makes the image resident and returns its address, bytes. */
  place(image: WeightImage): number;
}

/**
 * Shares one memory out between all networks of a process.
 *
 * Weights belong to their owner's JavaScript array and are collected with it; the memory is a cache of
 * them. Once `capacity` bytes are full everything is forgotten, and copied in again when next used: a
 * memory of its own for each network would be simpler, but browsers and V8 reserve gigabytes of
 * address space for every one.
 */
export function networkMemory(module: DenseModule, capacity = 64 * 2 ** 20): NetworkMemory {
  let generation = 0;
  let area = 0;
  let free = Number.POSITIVE_INFINITY;
  let view = new Float64Array(0);

  function forget(widest: number): void {
    generation++;
    area = Math.max(area, widest * BLOCK * 8);
    free = FREE_ADDRESS + 2 * area;
  }

  return {
    doubles() {
      if (view.buffer !== module.memory.buffer) view = new Float64Array(module.memory.buffer);
      return view;
    },
    get scratch(): [number, number] {
      return [FREE_ADDRESS, FREE_ADDRESS + area];
    },
    place(image) {
      const bytes = image.data.byteLength;
      const widerThanScratch = image.widest * BLOCK * 8 > area;
      if (image.generation === generation && !widerThanScratch) return image.address;
      if (widerThanScratch || free + bytes > capacity) forget(image.widest);
      reserve(module, free + bytes);
      image.address = free;
      image.generation = generation;
      this.doubles().set(image.data, free / 8);
      free += bytes;
      return image.address;
    },
  };
}
