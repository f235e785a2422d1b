/** One line of a CSV file, its end included: quoted where it must be (RFC 4180); a number that is none is an empty field. */
export function csvLine(fields: readonly (string | number | undefined)[]): string {
  return `${fields.map(field).join(',')}\n`;
}

function field(value: string | number | undefined): string {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  if (value === undefined) return '';
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
