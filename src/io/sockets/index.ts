/**
 * Potentials whose energies come from another program. Needs Node.
 *
 * @module ergoflow/sockets
 */

export type { SocketAddress } from './address.ts';
export { EngineError, type EngineFailure } from './engineError.ts';
export {
  type EngineStart,
  type SocketPotential,
  type SocketPotentialOptions,
  socketPotential,
} from './socketPotential.ts';
