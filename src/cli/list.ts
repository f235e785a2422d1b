import { shippedScenarios } from './loadScenario.ts';

/** `ergoflow list` */
export async function listCommand(options: { readonly json?: true }): Promise<void> {
  const shipped = await shippedScenarios();
  const rows = shipped.map(({ scenario }) => ({
    name: scenario.name,
    dim: scenario.potential.dim,
    about: scenario.about,
  }));
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    return;
  }
  const width = Math.max(...rows.map((row) => row.name.length));
  for (const row of rows) {
    process.stdout.write(
      `${row.name.padEnd(width)}  ${String(row.dim).padStart(4)} dims  ${row.about}\n`,
    );
  }
}
