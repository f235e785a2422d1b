import type { Issue } from '../core/errors.ts';
import { isRecord } from './scenarioSchema.ts';

/** Identical particles that the reference has, each named once, and all of one mass. */
export function particleIssues(input: unknown): Issue[] {
  if (!isRecord(input) || !isRecord(input['identicalParticles'])) return [];
  const { particles, reference, space } = input['identicalParticles'];
  if (!Array.isArray(particles) || !Array.isArray(reference) || typeof space !== 'number')
    return [];
  const total = reference.length / space;
  if (!Number.isInteger(total)) {
    return [
      {
        path: 'identicalParticles.reference',
        message: `expected whole particles of ${space} coordinates, got ${reference.length} numbers`,
      },
    ];
  }
  const isKinds = Array.isArray(particles[0]);
  const kinds: readonly unknown[] = isKinds ? particles : [particles];
  const named = kinds.flatMap((kind, k) =>
    Array.isArray(kind)
      ? kind.map((particle: unknown, i) => ({
          particle,
          path: `identicalParticles.particles${isKinds ? `[${k}]` : ''}[${i}]`,
        }))
      : [],
  );
  return named.flatMap(({ particle, path }, i): Issue[] => {
    if (typeof particle !== 'number') return [];
    if (particle >= total) {
      return [{ path, message: `expected a particle of 0 to ${total - 1}, got ${particle}` }];
    }
    return named.findIndex((other) => other.particle === particle) < i
      ? [{ path, message: `${particle} is named twice` }]
      : [];
  });
}

/** A bias along a periodic coordinate ends as it begins. */
export function biasIssues(input: unknown): Issue[] {
  if (!isRecord(input) || !isRecord(input['production'])) return [];
  const { bias } = input['production'];
  const coordinate = isRecord(input['coordinate']) ? input['coordinate']['variable'] : undefined;
  if (!isRecord(bias) || !Array.isArray(bias['values']) || !isRecord(coordinate)) return [];
  const { values } = bias;
  if (coordinate['period'] === undefined || values[0] === values[values.length - 1]) return [];
  return [
    {
      path: 'production.bias.values',
      message: `expected equal ends along a periodic coordinate, got ${values[0]} and ${values[values.length - 1]}`,
    },
  ];
}
