import { ErgoflowError } from '../../core/errors.ts';

/** What went wrong between us and an engine: see `EngineError.kind`. */
export type EngineFailure =
  /** No client came, or none was left, within the time-out. */
  | 'no-client'
  /** A client sent what the protocol or the potential does not allow. */
  | 'bad-reply'
  /** One configuration ended every client that it was given to. */
  | 'clients-died'
  /** The address cannot be listened at: in use, not ours, too long. */
  | 'address'
  /** The program of `start` is not on this machine. */
  | 'not-installed'
  /** The program of `start` ended before it connected. */
  | 'not-started'
  /** `close` was called before. */
  | 'closed'
  /** The thread that serves the socket failed or stopped. */
  | 'server';

/** An engine at the other end of a socket could not give energies and forces. */
export class EngineError extends ErgoflowError {
  override name = 'EngineError' as const;
  readonly kind: EngineFailure;
  /** The potential that asked. */
  readonly potential: string;

  constructor(potential: string, kind: EngineFailure, message: string, options?: ErrorOptions) {
    super(`${potential}: ${message}`, options);
    this.kind = kind;
    this.potential = potential;
  }
}
