import { ErgoflowError } from '../../core/errors.ts';

/** Where in a file something is. */
export interface FilePlace {
  /** As the user named it. */
  readonly file: string;
  /** From 1; undefined where the file as a whole is meant. */
  readonly line?: number | undefined;
}

/** A file of a molecule cannot be used; the message says where, what was found and what to do. */
export class MoleculeFileError extends ErgoflowError {
  override name = 'MoleculeFileError' as const;
  readonly file: string;
  readonly line: number | undefined;

  constructor({ file, line }: FilePlace, message: string, options?: ErrorOptions) {
    super(`${file}${line === undefined ? '' : `, line ${line}`}: ${message}`, options);
    this.file = file;
    this.line = line;
  }
}

/** What was found, short enough for a message and without control characters. */
export function quoted(text: string): string {
  const short = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return JSON.stringify(short);
}
