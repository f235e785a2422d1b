/** What is wrong with an SVG: unclosed tags, numbers that are none, coordinates far off the picture. */
export function svgProblems(svg: string): string[] {
  const problems: string[] = [];
  const open: string[] = [];
  for (const [tag, slash, name, selfClosing] of svg.matchAll(
    /<(\/?)([a-zA-Z]+)(?:\s[^<>]*?)?(\/?)>/g,
  )) {
    if (slash === '/') {
      if (open.pop() !== name) problems.push(`${tag} closes nothing`);
    } else if (selfClosing === '') open.push(name);
  }
  problems.push(...open.map((name) => `<${name}> is never closed`));
  if (/<[^>]*</.test(svg)) problems.push('a < inside a tag');
  if (/&(?!(?:amp|lt|gt|quot|#\d+);)/.test(svg)) problems.push('an & that XML does not know');
  for (const word of ['NaN', 'undefined', 'Infinity', '[object', '⚠']) {
    if (svg.includes(word)) problems.push(`"${word}" in it`);
  }
  for (const [, attribute, value] of svg.matchAll(
    / (d|transform|[cxy]?[xy][12]?|r|points)="([^"]*)"/g,
  )) {
    for (const [number] of value.matchAll(/-?\d+(?:\.\d+)?(?:e[-+]?\d+)?/g)) {
      if (Math.abs(Number(number)) > 20_000) problems.push(`${attribute} has ${number}`);
    }
  }
  return [...new Set(problems)];
}

/** Every text of an SVG, tags removed. */
export function svgTexts(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([\s\S]*?)<\/text>/g)].map(([, content]) =>
    content.replace(/<[^>]+>/g, ''),
  );
}
