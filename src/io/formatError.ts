import { ErgoflowError } from '../core/errors.ts';

/** A file does not hold what its format promises. */
export class FormatError extends ErgoflowError {
  override name = 'FormatError' as const;
}
