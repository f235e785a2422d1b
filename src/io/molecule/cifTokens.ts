import { MoleculeFileError, quoted } from './moleculeFileError.ts';

/** A value or keyword of a CIF, with where it stands. */
export interface CifToken {
  readonly text: string;
  readonly line: number;
  /** A quoted word is never a keyword or an unknown value. */
  readonly quoted: boolean;
}

/**
 * The words of a CIF: blank-separated, in single or double quotes that end before a blank, or whole lines
 * between semicolons at line starts; `#` begins a comment.
 * Format: Hall, Allen, Brown, Acta Cryst. A47, 655, 1991; STAR as wwPDB's mmCIF uses it.
 *
 * @throws {MoleculeFileError} where a quote or a text field has no end.
 */
export function* cifTokens(text: string, file: string): Generator<CifToken> {
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index++) {
    const row = lines[index].replace(/\r$/, '');
    const line = index + 1;
    if (row.startsWith(';')) {
      let end = index + 1;
      while (end < lines.length && !lines[end].startsWith(';')) end += 1;
      if (end === lines.length)
        throw new MoleculeFileError({ file, line }, 'begins a text field that has no end');
      yield { text: lines.slice(index, end).join('\n').slice(1), line, quoted: true };
      index = end;
      continue;
    }
    yield* words(row, line, file);
  }
}

function* words(row: string, line: number, file: string): Generator<CifToken> {
  let at = 0;
  while (at < row.length) {
    const letter = row[at];
    if (letter === ' ' || letter === '\t') {
      at += 1;
    } else if (letter === '#') {
      return;
    } else if (letter === "'" || letter === '"') {
      let end = row.indexOf(letter, at + 1);
      while (end >= 0 && end + 1 < row.length && !/\s/.test(row[end + 1])) {
        end = row.indexOf(letter, end + 1);
      }
      if (end < 0) {
        throw new MoleculeFileError(
          { file, line },
          `${quoted(row.slice(at))} has no closing quote`,
        );
      }
      yield { text: row.slice(at + 1, end), line, quoted: true };
      at = end + 1;
    } else {
      let end = at;
      while (end < row.length && row[end] !== ' ' && row[end] !== '\t') end += 1;
      yield { text: row.slice(at, end), line, quoted: false };
      at = end;
    }
  }
}
