/**
 * About how wide `text` is in a system font, px: figures are laid out where no font can be measured.
 * Errs on the wide side, so that labels do not touch.
 */
export function textWidth(text: string, fontSize: number): number {
  let ems = 0;
  for (const character of text) {
    if (/[ijltf.,:;|'!()[\] I]/.test(character)) ems += 0.37;
    else if (/[mwMW@%]/.test(character)) ems += 0.97;
    else if (/[A-Z0-9−–]/.test(character)) ems += 0.68;
    else ems += 0.62;
  }
  return ems * fontSize;
}

/** `text` cut to fit `width` px, with an ellipsis where something was cut. */
export function fitText(text: string, width: number, fontSize: number): string {
  if (textWidth(text, fontSize) <= width) return text;
  const characters = [...text];
  while (characters.length > 1 && textWidth(`${characters.join('')}…`, fontSize) > width) {
    characters.pop();
  }
  return `${characters.join('')}…`;
}
