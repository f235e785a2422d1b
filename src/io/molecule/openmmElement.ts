import { didYouMean } from '../../core/didYouMean.ts';
import { MoleculeFileError, quoted } from './moleculeFileError.ts';
import { parseInteger, parseReal } from './parseReal.ts';
import type { XmlElement } from './xmlTree.ts';

/** What the readers of single forces share. */
export interface OpenmmContext {
  readonly file: string;
  /** The number of particles. */
  readonly atoms: number;
  /** Leaves out what is not supported, instead of refusing the file. */
  readonly drop: boolean;
  /** What was left out so far. */
  readonly warnings: string[];
}

/** @throws {MoleculeFileError} at the element. */
export function failAt(
  { file }: { readonly file: string },
  at: XmlElement,
  message: string,
): never {
  throw new MoleculeFileError({ file, line: at.line }, message);
}

/** Leaves something out with a warning, where that was asked for. @throws {MoleculeFileError} else. */
export function dropOrFail(
  context: OpenmmContext,
  at: XmlElement,
  what: string,
  advice: string,
): void {
  if (!context.drop)
    failAt(context, at, `${what}: ${advice}, or leave it out with --drop (drop: true)`);
  context.warnings.push(`${context.file}, line ${at.line}: ${what}; left out on request`);
}

/** The children of the element called `name` in `parent`; none where it is missing and may be. */
export function list(
  context: OpenmmContext,
  parent: XmlElement,
  name: string,
  need: 'required' | 'optional' = 'required',
): readonly XmlElement[] {
  const found = parent.children.filter((child) => child.name === name);
  if (found.length > 1) failAt(context, found[1], `<${name}> occurs twice in <${parent.name}>`);
  if (found.length === 0 && need === 'required') {
    const near = didYouMean(
      name,
      parent.children.map((child) => child.name),
    );
    const hint = near === undefined ? '' : `; did you mean it by <${near}>?`;
    failAt(context, parent, `<${label(parent)}> has no <${name}>${hint}`);
  }
  return found[0]?.children ?? [];
}

/** @throws {MoleculeFileError} where the attribute is missing or no finite number. */
export function real(context: OpenmmContext, element: XmlElement, name: string): number {
  const text = attribute(context, element, name);
  const value = parseReal(text);
  if (Number.isNaN(value)) {
    failAt(context, element, `<${element.name}> has ${name}=${quoted(text)}, which is no number`);
  }
  return value;
}

/** A count, an index or a flag. @throws {MoleculeFileError} unless an integer in [least, most]. */
export function whole(
  context: OpenmmContext,
  element: XmlElement,
  name: string,
  least: number,
  most: number,
): number {
  const text = attribute(context, element, name);
  const value = parseInteger(text);
  if (!(value >= least && value <= most)) {
    failAt(
      context,
      element,
      `<${element.name}> has ${name}=${quoted(text)}, and should have an integer from ${least} to ${most}`,
    );
  }
  return value;
}

/** The particles that an element names, which must differ. @throws {MoleculeFileError} */
export function particles(
  context: OpenmmContext,
  element: XmlElement,
  names: readonly string[],
): number[] {
  const found = names.map((name) => whole(context, element, name, 0, context.atoms - 1));
  if (new Set(found).size !== found.length) {
    failAt(context, element, `<${element.name}> joins a particle with itself: ${found.join(', ')}`);
  }
  return found;
}

/** Whether a flag is set; older versions have it not. */
export function flag(element: XmlElement, name: string): boolean {
  const text = element.attributes[name];
  return text !== undefined && text !== '0';
}

/** @throws {MoleculeFileError} where the element has no such attribute. */
export function attribute(context: OpenmmContext, element: XmlElement, name: string): string {
  const text = element.attributes[name];
  if (text === undefined) failAt(context, element, `<${label(element)}> has no attribute ${name}`);
  return text;
}

function label(element: XmlElement): string {
  const { type } = element.attributes;
  return element.name === 'Force' && type !== undefined
    ? `Force type=${quoted(type)}`
    : element.name;
}
