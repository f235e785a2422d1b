import { elementColourName } from '../figures/moleculeFigure.ts';
import { html, type Markup, raw } from '../html.ts';
import type { MoleculeFrames } from '../reportData.ts';
import { viewerLibrary } from './viewerLibrary.ts';
import { viewerScript } from './viewerScript.ts';

/** The stage and its controls, hidden until the script finds that it can draw. */
export function viewerMarkup({ name, frames }: MoleculeFrames): Markup {
  return html`<div class="live" hidden>
<div class="stage" role="img" aria-label="${name} in three dimensions"></div>
<div class="controls"><button type="button">Play</button>
<input type="range" min="0" max="${frames.length - 1}" value="0" aria-label="frame">
<output></output></div>
<p class="fine">Drag to turn, Ctrl and wheel to zoom.</p>
</div>`;
}

/** What the script reads, as data that no browser executes. */
export function viewerData(molecule: MoleculeFrames): Markup {
  const { pdb, bonds, look, coordinates, frames, steps, elements } = molecule;
  const colours = Object.fromEntries(
    [...new Set(elements)].map((element) => [element, elementColourName(element)]),
  );
  const json = JSON.stringify({ pdb, bonds, look, colours, coordinates, frames, steps });
  // A < could begin the end of the element.
  return raw(
    `<script type="application/json" id="molecule-data">${json.replaceAll('<', '\\u003c')}</script>\n`,
  );
}

/** The scripts of a page with a molecule, in their order. */
export function viewerScripts(): readonly string[] {
  return [viewerLibrary(), viewerScript];
}
