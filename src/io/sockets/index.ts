/** `ergoflow/sockets`: potentials whose energies come from another program. Needs Node. */
export type { SocketAddress } from './address.ts';
export { EngineError } from './engineError.ts';
export {
  type EngineStart,
  type SocketPotential,
  type SocketPotentialOptions,
  socketPotential,
} from './socketPotential.ts';
