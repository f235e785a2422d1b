import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chooseBackend } from '../io/backend.ts';
import { machine } from '../io/machine.ts';
import { describeBackend } from '../io/tiers.ts';
import { packageFolder, version } from '../io/version.ts';

/** The set-up script, as far as the doctor calls it. */
interface NativeInstaller {
  installNative(options: {
    readonly log: (line: string) => void;
  }): Promise<{ readonly version?: string; readonly reasons: readonly string[] }>;
}

/** `ergoflow doctor` */
export async function doctorCommand(options: {
  readonly json?: true;
  readonly installNative?: true;
}): Promise<void> {
  if (options.installNative === true) await installNative();
  const backend = await chooseBackend();
  const here = machine();
  const { flow } = describeBackend(backend);
  if (options.json === true) {
    const all = { ergoflow: version, node: process.version, machine: here, backend, flow };
    process.stdout.write(`${JSON.stringify(all, null, 2)}\n`);
    return;
  }
  const lines = [
    ['ergoflow', version],
    ['Node', process.version],
    [
      'machine',
      `${here.cpu}, ${here.cores} cores, ${Math.round(here.memoryBytes / 2 ** 30)} GiB, ${here.platform}`,
    ],
    [
      'backend',
      `${backend.name} ${backend.library}, ${backend.threads} threads (${backend.reason})`,
    ],
    ['flow', flow],
    ['faster', backend.faster ?? 'this is the fastest there is'],
  ];
  for (const [name, text] of lines) process.stdout.write(`${name.padEnd(9)} ${text}\n`);
}

async function installNative(): Promise<void> {
  const script = pathToFileURL(join(packageFolder, 'scripts', 'native-tensorflow.mjs')).href;
  const installer = (await import(script)) as NativeInstaller;
  const { version: installed, reasons } = await installer.installNative({
    log: (line) => process.stderr.write(`${line}\n`),
  });
  process.stderr.write(
    installed === undefined
      ? `no native TensorFlow:\n${reasons.map((reason) => `  ${reason}`).join('\n')}\n`
      : `native TensorFlow ${installed} is installed\n`,
  );
}
