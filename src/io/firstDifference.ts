import { decodeSafetensors } from '../flow/safetensors.ts';
import type { RunEvent } from '../hybrid/events.ts';
import { type NpzArray, readNpz } from './npz.ts';

/**
 * Where two files of a run part first, in words; undefined where they say the same. Bytes are compared,
 * and what the clock says is left out of `result.json` and `events.jsonl`.
 */
export function firstDifference(
  name: string,
  before: Uint8Array,
  now: Uint8Array,
): string | undefined {
  if (name === 'result.json') return differentLine(untimedResult(before), untimedResult(now));
  if (name === 'events.jsonl') return differentLine(untimedEvents(before), untimedEvents(now));
  const at = differentByte(before, now);
  if (at === undefined) return undefined;
  if (name.endsWith('.npz')) return differentArray(readNpz(before), readNpz(now)) ?? `byte ${at}`;
  if (name.endsWith('.safetensors')) {
    return differentArray(tensorsOf(before), tensorsOf(now)) ?? `byte ${at}`;
  }
  return differentLine(text(before), text(now)) ?? `byte ${at}`;
}

function differentByte(before: Uint8Array, now: Uint8Array): number | undefined {
  const length = Math.min(before.length, now.length);
  for (let i = 0; i < length; i++) if (before[i] !== now[i]) return i;
  return before.length === now.length ? undefined : length;
}

type Arrays = Readonly<Record<string, NpzArray>>;

function tensorsOf(bytes: Uint8Array): Arrays {
  return Object.fromEntries(
    decodeSafetensors(bytes).tensors.map(({ name, data, shape }) => [name, { data, shape }]),
  );
}

function differentArray(before: Arrays, now: Arrays): string | undefined {
  for (const [name, { data, shape }] of Object.entries(before)) {
    const other = now[name];
    if (other === undefined) return `${name} is missing`;
    if (`${shape}` !== `${other.shape}`)
      return `${name} has shape [${other.shape}], then [${shape}]`;
    for (let i = 0; i < data.length; i++) {
      if (Object.is(data[i], other.data[i])) continue;
      const columns = shape.slice(1).reduce((product, n) => product * n, 1);
      const place = shape.length > 1 ? `[${Math.floor(i / columns)}, ${i % columns}]` : `[${i}]`;
      return `${name}${place} is ${other.data[i]}, then ${data[i]}`;
    }
  }
  return undefined;
}

function differentLine(before: string, now: string): string | undefined {
  const [lines, others] = [before.split('\n'), now.split('\n')];
  for (let i = 0; i < Math.max(lines.length, others.length); i++) {
    if (lines[i] === others[i]) continue;
    return `line ${i + 1} is ${shown(others[i])}, then ${shown(lines[i])}`;
  }
  return undefined;
}

function shown(line: string | undefined): string {
  if (line === undefined) return 'missing';
  return `"${line.length > 100 ? `${line.slice(0, 99)}…` : line}"`;
}

const clocked = new Set(['wallSeconds', 'essPerSecond', 'essPerSecondTotal']);

function untimedResult(bytes: Uint8Array): string {
  const kept = (key: string, value: unknown): unknown => (clocked.has(key) ? undefined : value);
  return JSON.stringify(JSON.parse(text(bytes)), kept, 1);
}

/** Warnings tell what happened to the process, of which a run is independent. */
function untimedEvents(bytes: Uint8Array): string {
  const lines = text(bytes)
    .split('\n')
    .filter((line) => line !== '');
  return lines
    .map((line) => JSON.parse(line) as RunEvent & { readonly time?: string })
    .filter(({ type }) => type !== 'warning')
    .map(({ time: _, ...event }) => JSON.stringify(event))
    .join('\n');
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
