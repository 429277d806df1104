// The world with how each state deals with the others, and where events happened.  Outlines are in the package.

import { geoEqualEarth, geoGraticule10, geoPath } from 'd3-geo';
import { feature } from 'topojson-client';
import type { Topology, GeometryCollection } from 'topojson-specification';
import shapes from '../data/shapes.json';
import type { MapAnswer } from '../lib/types.ts';
import type { Palette } from './palette.ts';

const NS = 'http://www.w3.org/2000/svg';
const topology = shapes.topology as unknown as Topology<{ countries: GeometryCollection }>;
const states = feature(topology, topology.objects.countries).features;
const points = shapes.points as unknown as Record<string, [number, number]>;

/** A point on the map for a state, in degrees (longitude, latitude). */
export function pointOf(code: string): [number, number] | null {
  return points[code] ?? null;
}

function node<K extends keyof SVGElementTagNameMap>(name: K, attributes: Record<string, string | number>, ...inside: Element[]): SVGElementTagNameMap[K] {
  const made = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.append(...inside);
  return made;
}

/** Steps of the balance of a state, from conflict to cooperation. */
export const STEPS: { from: number; word: string; fill: (c: Palette) => string; opacity: number; hatch: boolean }[] = [
  { from: -2, word: 'mostly conflict', fill: (c) => c.conf, opacity: 0.75, hatch: true },
  { from: -0.33, word: 'more conflict', fill: (c) => c.conf, opacity: 0.4, hatch: true },
  { from: -0.1, word: 'about even', fill: (c) => c.ink2, opacity: 0.35, hatch: false },
  { from: 0.1, word: 'more cooperation', fill: (c) => c.coop, opacity: 0.45, hatch: false },
  { from: 0.33, word: 'mostly cooperation', fill: (c) => c.coop, opacity: 0.9, hatch: false },
];

export function stepOf(net: number): number {
  return STEPS.findLastIndex((s) => net >= s.from);
}

/** The map as one SVG.  States carry `data-code`, places `data-place` with their number. */
export function drawMap(answer: MapAnswer, width: number, c: Palette): SVGSVGElement {
  const height = Math.round(width * 0.49);
  const projection = geoEqualEarth().fitExtent([[2, 2], [width - 2, height - 2]], { type: 'Sphere' });
  const path = geoPath(projection).digits(1);
  const svg = node('svg', { class: 'plot', width, height, viewBox: `0 0 ${width} ${height}` });
  const hatch = node('pattern', { id: 'hatch', width: 5, height: 5, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' }, node('line', { x1: 0, x2: 0, y1: 0, y2: 5, stroke: c.ink, 'stroke-width': 1, 'stroke-opacity': 0.4 }));
  svg.append(node('defs', {}, hatch));
  svg.append(node('path', { d: path({ type: 'Sphere' }) ?? '', fill: c.paper, stroke: c.rule }));
  svg.append(node('path', { d: path(geoGraticule10()) ?? '', fill: 'none', stroke: c.rule, 'stroke-width': 0.4 }));
  const told = new Map(answer.states.map((s) => [s.code, s]));
  for (const shape of states) {
    const d = path(shape) ?? '';
    const state = told.get(String(shape.id));
    const step = state ? STEPS[stepOf(state.net)] : undefined;
    const part = node('path', { d, fill: step ? step.fill(c) : c.sunk, 'fill-opacity': step ? step.opacity : 1, stroke: c.ink2, 'stroke-width': 0.4 });
    if (state) part.dataset.code = state.code;
    svg.append(part);
    if (step?.hatch) svg.append(node('path', { d, fill: 'url(#hatch)', 'pointer-events': 'none' }));
  }
  for (const state of answer.states) dotFor(state.code, state.net, svg, projection, c);
  const most = Math.max(12, ...answer.places.map((p) => p.events));
  answer.places.forEach((place, n) => {
    const at = projection([place.lon, place.lat]);
    if (!at) return;
    const dot = node('circle', { cx: at[0].toFixed(1), cy: at[1].toFixed(1), r: (2.2 + 9 * Math.sqrt(place.events / most)).toFixed(1), fill: c.ink, 'fill-opacity': 0.28, stroke: c.ink, 'stroke-width': 1 });
    dot.dataset.place = String(n);
    svg.append(dot);
  });
  return svg;
}

/** States too small for an outline get a small square. */
function dotFor(code: string, net: number, svg: SVGSVGElement, projection: ReturnType<typeof geoEqualEarth>, c: Palette): void {
  if (states.some((s) => s.id === code)) return;
  const point = pointOf(code);
  const at = point ? projection(point) : null;
  const step = STEPS[stepOf(net)];
  if (!at || !step) return;
  const part = node('rect', { x: at[0] - 3, y: at[1] - 3, width: 6, height: 6, fill: step.fill(c), stroke: c.ink, 'stroke-width': 0.7 });
  part.dataset.code = code;
  svg.append(part);
}
