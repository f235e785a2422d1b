import { z } from 'zod';
import { didYouMean } from '../core/didYouMean.ts';
import { type Issue, ScenarioError } from '../core/errors.ts';
import { flowlessIssues } from './flowlessIssues.ts';
import { biasIssues, particleIssues } from './particleIssues.ts';
import type { Scenario } from './scenario.ts';
import { isRecord, scenarioSchema } from './scenarioSchema.ts';
import { show } from './show.ts';
import { symmetryIssues } from './symmetryIssues.ts';

/**
 * Types, checks and freezes a scenario.
 * @throws {ScenarioError} listing every problem found, with path and value.
 */
export function defineScenario(scenario: Scenario): Scenario {
  const issues = findIssues(scenario);
  if (issues.length > 0) {
    const name =
      isRecord(scenario) && typeof scenario['name'] === 'string' ? scenario['name'] : '?';
    throw new ScenarioError(name, issues);
  }
  return Object.freeze({ ...scenario });
}

/** Whether a value was meant as a scenario: it may still have issues. */
export function looksLikeScenario(value: unknown): value is Scenario {
  return isRecord(value) && 'states' in value && 'potential' in value;
}

function findIssues(input: unknown): Issue[] {
  const parsed = scenarioSchema.safeParse(input);
  const issues = parsed.success
    ? []
    : parsed.error.issues.flatMap((issue) => explain(issue, input));
  return [
    ...issues,
    ...dimensionIssues(input),
    ...oneWayIssues(input),
    ...particleIssues(input),
    ...biasIssues(input),
    ...flowlessIssues(input),
    ...symmetryIssues(input),
  ];
}

function explain(issue: z.core.$ZodIssue, input: unknown): Issue[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const known = knownKeys(issue.path);
      const suggestion = didYouMean(key, known);
      return {
        path: pathText([...issue.path, key]),
        message: `unknown entry${suggestion === undefined ? `; known here: ${known.join(', ')}` : `; did you mean "${suggestion}"?`}`,
      };
    });
  }
  if (issue.code === 'invalid_union') {
    // Of several forms the one that the value comes nearest to: its fault lies deepest.
    const [nearest] = issue.errors
      .flatMap((branch) => branch.slice(0, 1))
      .toSorted((a, b) => b.path.length - a.path.length);
    if (nearest !== undefined && nearest.path.length > 0) {
      return explain({ ...nearest, path: [...issue.path, ...nearest.path] }, input);
    }
  }
  const found = valueAt(input, issue.path);
  return [
    {
      path: pathText(issue.path) || 'scenario',
      message:
        found === undefined ? `missing: ${issue.message}` : `${issue.message}, got ${show(found)}`,
    },
  ];
}

/** What the schema alone cannot see: starts, masses and boxes that fit the potential. */
function dimensionIssues(input: unknown): Issue[] {
  if (!isRecord(input) || !isRecord(input['potential'])) return [];
  const dim = input['potential']['dim'];
  if (typeof dim !== 'number') return [];
  const issues: Issue[] = [];
  const expectLength = (path: string, value: unknown): void => {
    if (Array.isArray(value) && value.length !== dim) {
      issues.push({
        path,
        message: `expected ${dim} numbers for this potential, got ${value.length}`,
      });
    }
  };
  expectLength('masses', input['masses']);
  if (isRecord(input['identicalParticles'])) {
    expectLength('identicalParticles.reference', input['identicalParticles']['reference']);
  }
  const molecule = isRecord(input['molecule']) ? input['molecule']['masses'] : undefined;
  if (molecule instanceof Float64Array && 3 * molecule.length !== dim) {
    issues.push({
      path: 'molecule',
      message: `expected ${dim / 3} atoms for this potential of ${dim} coordinates, got ${molecule.length}`,
    });
  }
  if (isRecord(input['reference'])) expectLength('reference.box', input['reference']['box']);
  const states = Array.isArray(input['states']) ? input['states'] : [];
  const seen = new Set<unknown>();
  states.forEach((state: unknown, s) => {
    if (!isRecord(state)) return;
    if (seen.has(state['name'])) {
      issues.push({
        path: `states[${s}].name`,
        message: `"${String(state['name'])}" is used twice`,
      });
    }
    seen.add(state['name']);
    const { start, contains } = state;
    if (!Array.isArray(start)) return;
    const configurations: unknown[] = Array.isArray(start[0]) ? start : [start];
    configurations.forEach((one, c) => {
      const path = Array.isArray(start[0]) ? `states[${s}].start[${c}]` : `states[${s}].start`;
      expectLength(path, one);
      if (!Array.isArray(one) || one.length !== dim || typeof contains !== 'function') return;
      if (!one.every((value) => typeof value === 'number')) return;
      if (contains(Float64Array.from(one)) !== true) {
        issues.push({
          path,
          message: `${show(one)} does not lie in the state itself (${String(state['definition'])})`,
        });
      }
    });
  });
  return issues;
}

/** A flow that is trained by example only has no stages by energy. */
function oneWayIssues(input: unknown): Issue[] {
  if (!isRecord(input) || !isRecord(input['flow']) || !isRecord(input['training'])) return [];
  if (input['flow']['kind'] !== 'autoregressive') return [];
  const { byEnergy, again } = input['training'];
  return [
    ['training.byEnergy', byEnergy] as const,
    ['training.again.byEnergy', isRecord(again) ? again['byEnergy'] : undefined] as const,
  ].flatMap(([path, stages]) =>
    Array.isArray(stages) && stages.length > 0
      ? [{ path, message: 'expected no stages: an autoregressive flow is trained by example only' }]
      : [],
  );
}

/** The entries that the schema knows at `path`. */
function knownKeys(path: readonly PropertyKey[]): string[] {
  let at: unknown = scenarioSchema;
  for (const step of path) {
    at = inner(at);
    if (at instanceof z.ZodObject && typeof step === 'string') at = at.shape[step];
    else if (at instanceof z.ZodArray) at = at.element;
  }
  at = inner(at);
  return at instanceof z.ZodObject ? Object.keys(at.shape) : [];
}

function inner(schema: unknown): unknown {
  if (schema instanceof z.ZodOptional) return inner(schema.unwrap());
  // Of `object or false` the object has the keys.
  return schema instanceof z.ZodUnion ? inner(schema.options[0]) : schema;
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, step) =>
      typeof step === 'number'
        ? `${text}[${step}]`
        : text === ''
          ? String(step)
          : `${text}.${String(step)}`,
    '',
  );
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      isRecord(value) || Array.isArray(value) ? Reflect.get(value, step) : undefined,
    input,
  );
}
