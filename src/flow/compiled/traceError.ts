import { ErgoflowError } from '../../core/errors.ts';

/** Code that was to be compiled does what a graph cannot. */
export class TraceError extends ErgoflowError {
  override name = 'TraceError' as const;
}
