import type { Batch } from './batch.ts';

/**
 * A region of configuration space on which a density is meant, such as the configurations of identical
 * particles that carry their reference labels (design rule 5).
 */
export interface Domain {
  readonly name: string;
  /** ln of how many copies of the domain fill the whole space: ln Z = ln Z_domain + this. */
  readonly logCopies: number;
  /** `[B]`, 1 where the row lies in the domain; a function of the row alone. */
  contains(x: Batch): Uint8Array;
}
