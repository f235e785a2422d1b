/**
 * Molecular dynamics whose chains are spread over threads. Needs Node.
 *
 * @module ergoflow/threads
 */

export { type ThreadedKernel, threadedLangevin } from './threadedLangevin.ts';
