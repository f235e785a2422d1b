import { SaxesParser } from 'saxes';
import { MoleculeFileError } from './moleculeFileError.ts';

/** One element of an XML file, without its text. */
export interface XmlElement {
  readonly name: string;
  /** Where its tag ends, from 1. */
  readonly line: number;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
}

/** Serialised systems are 6 deep; a parser of a tree that recurses should not meet a million. */
const DEEPEST = 32;

/**
 * The elements of an XML file with the lines they stand on. Text between tags is left out: the files read
 * here have none.
 *
 * Document types are refused with all they may bring (entities that expand without end, other files), and
 * a file with one has never been a serialised system.
 *
 * @throws {MoleculeFileError} where the text is not well-formed.
 */
export function xmlTree(text: string, file: string): XmlElement {
  const parser = new SaxesParser({ fileName: file, xmlns: false });
  const fail = (message: string): never => {
    throw new MoleculeFileError({ file, line: parser.line }, message);
  };
  let root: XmlElement | undefined;
  const open: { readonly children: XmlElement[] }[] = [];
  parser.on('error', (error) => fail(`is not well-formed XML: ${reason(error.message)}`));
  parser.on('doctype', () => fail('has a document type declaration (DTD), which is refused'));
  parser.on('opentag', (tag) => {
    const children: XmlElement[] = [];
    const element = { name: tag.name, line: parser.line, attributes: tag.attributes, children };
    if (open.length === DEEPEST) fail(`nests elements deeper than ${DEEPEST}`);
    if (open.length === 0) root = element;
    else open[open.length - 1].children.push(element);
    open.push(element);
  });
  parser.on('closetag', () => {
    open.pop();
  });
  parser.write(text).close();
  return root ?? fail('has no element');
}

/** Without the place, which saxes puts in front of its message. */
function reason(message: string): string {
  return message.replace(/^.*?:\d+:\d+: /, '').slice(0, 200);
}
