import { existsSync, writeFileSync } from 'node:fs';
import { UsageError } from './loadScenario.ts';
import { potentialTemplate, scenarioTemplate } from './templates.ts';

const templates = { potential: potentialTemplate, scenario: scenarioTemplate } as const;

/**
 * `ergoflow new potential|scenario <name>`: writes `<name>.ts` into the folder that one is in.
 * @throws {UsageError} for a name that no run could have, and where the file exists: nothing is overwritten.
 */
export function newCommand(kind: keyof typeof templates, given: string): void {
  const name = given.replace(/\.ts$/, '');
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    throw new UsageError(
      `a name is lower-case-with-dashes, such as "my-${kind}", as run directories are named after it; got "${given}"`,
    );
  }
  const file = `${name}.ts`;
  try {
    writeFileSync(file, templates[kind](name), { flag: 'wx' });
  } catch (cause) {
    if (existsSync(file)) {
      throw new UsageError(`${file} exists, and nothing is overwritten: choose another name`, {
        cause,
      });
    }
    throw cause;
  }
  process.stdout.write(`${file}\n`);
  process.stderr.write(`it runs as it is: ergoflow check ${file}, then ergoflow run ${file}\n`);
}
