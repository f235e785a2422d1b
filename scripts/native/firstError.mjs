/**
 * The line of a tool's output that says what went wrong, or the last one.
 *
 * @param {string | null} output absent where the tool could not be started
 */
export function firstError(output) {
  const lines = (output ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const line = lines.find((text) => /\berror\b/i.test(text)) ?? lines.at(-1) ?? 'no message';
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
