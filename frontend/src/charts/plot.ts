// Observable Plot under a strict policy.  Plot puts a style element into each chart, which such a policy refuses; so
// the chart is made in a document that is never shown, its style is taken out (the rules are in base.css), and it is
// moved into the page.

import * as Plot from '@observablehq/plot';

export { Plot };

/** A chart as an SVG element that carries the class `plot`. */
export function draw(options: Plot.PlotOptions): SVGSVGElement {
  const aside = document.implementation.createHTMLDocument('');
  const made = Plot.plot({ ...options, document: aside, figure: false } as Plot.PlotOptions);
  for (const style of made.querySelectorAll('style')) style.remove();
  const svg = document.adoptNode(made) as unknown as SVGSVGElement;
  svg.setAttribute('class', 'plot');
  return svg;
}
