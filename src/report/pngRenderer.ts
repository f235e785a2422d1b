/** Turns an SVG with fixed colours into a PNG; undefined where the SVG is not fit to be drawn. */
export type PngRenderer = (svg: string) => Uint8Array | undefined;

/** Pixels of a picture per px of its SVG. */
const SCALE = 2;

/**
 * The renderer of this machine; where its optional package `@resvg/resvg-js` cannot be loaded, the
 * reason, and SVGs are all there is.
 */
export async function loadPngRenderer(): Promise<
  { readonly render: PngRenderer } | { readonly missing: string }
> {
  try {
    const { Resvg } = await import('@resvg/resvg-js');
    return {
      render: (svg) => {
        // A coordinate beyond some 10⁶ px ends the whole process inside the native renderer.
        if (/ (?:d|transform|points|c?[xy][12]?|r|width|height)="[^"]*\d{6,}/.test(svg)) {
          return undefined;
        }
        return new Resvg(svg, {
          fitTo: { mode: 'zoom', value: SCALE },
          font: { loadSystemFonts: true, sansSerifFamily: 'DejaVu Sans' },
        })
          .render()
          .asPng();
      },
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return {
      missing: `no PNG pictures: the optional package @resvg/resvg-js did not load (${reason})`,
    };
  }
}
