/**
 * What runs in the page of a molecule: it draws the frames with 3Dmol.js in the place of the flat picture,
 * which stays where there is no WebGL. Plain JavaScript, for it is never compiled.
 *
 * PDB files lose their hydrogens unless 3Dmol is told to keep them, and bonds are guessed from distances:
 * both are set right here, and a molecule of another size than its frames is not drawn at all.
 */
export const viewerScript = `
(() => {
  'use strict';
  const figure = document.getElementById('molecule');
  const live = figure.querySelector('.live');
  const [stage, play, slider, label] = ['.stage', 'button', 'input', 'output'].map((s) => live.querySelector(s));
  const probe = document.createElement('canvas');
  if (!probe.getContext('webgl2') && !probe.getContext('webgl')) return;
  const { pdb, bonds, look, colours, coordinates, frames, steps } =
    JSON.parse(document.getElementById('molecule-data').textContent);
  const bytes = Uint8Array.from(atob(coordinates), (c) => c.charCodeAt(0));
  const floats = new Float32Array(bytes.buffer);
  live.hidden = false;
  figure.classList.add('is-live');

  const viewer = $3Dmol.createViewer(stage, {
    backgroundColor: 'white', backgroundAlpha: 0, disableFog: true, cartoonQuality: 6,
  });
  const model = viewer.addModel(pdb, 'pdb', { keepH: true, assignBonds: false });
  const atoms = model.selectedAtoms({});
  if (3 * atoms.length * frames.length !== floats.length) {
    live.hidden = true;
    figure.classList.remove('is-live');
    throw new Error(atoms.length + ' atoms do not fit frames of ' + floats.length / 3 / frames.length);
  }
  for (const atom of atoms) { atom.bonds = []; atom.bondOrder = []; }
  for (const [i, j] of bonds) {
    for (const [a, b] of [[i, j], [j, i]]) { atoms[a].bonds.push(b); atoms[a].bondOrder.push(1); }
  }
  model.setCoordinates(Array.from(floats), 'array');

  const paint = () => {
    const css = getComputedStyle(document.documentElement);
    const colour = (name) => css.getPropertyValue('--' + name).trim();
    const map = Object.fromEntries(Object.entries(colours).map(([e, name]) => [e, colour(name)]));
    const colorscheme = { prop: 'elem', map };
    if (look === 'ribbon') {
      model.setStyle({}, { cartoon: { color: colour('hybrid') } });
      model.setStyle({ not: { elem: 'H' } }, { stick: { radius: 0.15, colorscheme } }, true);
    } else {
      model.setStyle({}, { stick: { radius: 0.14, colorscheme }, sphere: { scale: 0.23, colorscheme } });
    }
  };
  const show = async (k) => {
    slider.value = String(k);
    label.textContent = 'record ' + (frames[k].step + 1) + ' of ' + steps + ': ' + frames[k].state;
    await model.setFrame(k);
    viewer.render();
  };
  const current = () => Number(slider.value);
  let timer;
  const stop = () => { clearTimeout(timer); timer = undefined; play.textContent = 'Play'; };
  // The next frame waits for this one to be drawn, however slow the machine.
  const next = () => {
    timer = setTimeout(async () => {
      await show((current() + 1) % frames.length);
      if (timer !== undefined) next();
    }, 200);
  };
  play.addEventListener('click', () => {
    if (timer !== undefined) return stop();
    play.textContent = 'Pause';
    next();
  });
  slider.addEventListener('input', () => { stop(); show(current()); });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { paint(); show(current()); });
  // The wheel is for the page, but with Ctrl.
  stage.addEventListener('wheel', (e) => { if (!e.ctrlKey) e.stopPropagation(); }, { capture: true });

  paint();
  viewer.zoomTo();
  show(0).then(() => { figure.dataset.drawn = String(atoms.length); });
})();
`.trim();
