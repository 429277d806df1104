// The network as a still picture: for files, for paper, and where a browser has no WebGL.

import type { NetworkAnswer } from '../lib/types.ts';
import { placed, type Named } from './labels.ts';
import type { Palette } from './palette.ts';

/** Width of a letter in a picture, where nothing can be measured. */
const LETTER = 6.2;
const NS = 'http://www.w3.org/2000/svg';
/** Colours of blocs, dark enough on light paper and light enough on dark; the number stands beside each name. */
const BLOCS = ['#3f7fb5', '#b5713a', '#5d9152', '#9a66ab', '#b0566b', '#7d7f3f', '#4a938f', '#8a7565'];

export function blocColour(bloc: number | null): string {
  return bloc === null ? '#7f7a72' : (BLOCS[Math.abs(bloc) % BLOCS.length] as string);
}

/** How wide an edge is drawn. */
export function edgeWidth(events: number, most: number): number {
  return 0.6 + 5 * Math.sqrt(events / Math.max(1, most));
}

export function nodeSize(events: number, most: number): number {
  return 3.5 + 13 * Math.sqrt(events / Math.max(1, most));
}

function node<K extends keyof SVGElementTagNameMap>(name: K, attributes: Record<string, string | number>): SVGElementTagNameMap[K] {
  const made = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

/** Edges of conflict are dashed, those of cooperation drawn through. */
export function drawNetwork(answer: NetworkAnswer, width: number, height: number, c: Palette): SVGSVGElement {
  const svg = node('svg', { class: 'plot', width, height, viewBox: `0 0 ${width} ${height}`, 'font-family': 'system-ui, "Noto Sans", Arial, sans-serif' });
  const xs = answer.nodes.map((n) => n.x);
  const ys = answer.nodes.map((n) => n.y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const pad = 46;
  const at = new Map(answer.nodes.map((n) => [n.code, [pad + ((n.x - left) / (right - left || 1)) * (width - 2 * pad), pad + ((n.y - top) / (bottom - top || 1)) * (height - 2 * pad)] as const]));
  const mostEdge = Math.max(1, ...answer.edges.map((e) => e.events));
  const mostNode = Math.max(1, ...answer.nodes.map((n) => n.events));
  for (const edge of answer.edges) {
    const [a, b] = [at.get(edge.a), at.get(edge.b)];
    if (!a || !b) continue;
    const line = node('line', { x1: a[0], y1: a[1], x2: b[0], y2: b[1], stroke: edge.sign < 0 ? c.conf : c.coop, 'stroke-opacity': 0.55, 'stroke-width': edgeWidth(edge.events, mostEdge).toFixed(1) });
    if (edge.sign < 0) line.setAttribute('stroke-dasharray', '6 3');
    svg.append(line);
  }
  const nodes = [...answer.nodes].sort((x, y) => y.events - x.events);
  const dots = nodes.map((one) => {
    const [x, y] = at.get(one.code) ?? [0, 0];
    return { x, y, size: nodeSize(one.events, mostNode), width: one.name.length * LETTER };
  });
  for (const [n, one] of nodes.entries()) {
    const dot = dots[n] as Named;
    svg.append(node('circle', { cx: dot.x, cy: dot.y, r: dot.size, fill: blocColour(one.bloc), stroke: c.paper, 'stroke-width': 1.5 }));
  }
  for (const [n, place] of placed(dots, dots, 13, width, height).entries()) {
    if (!place) continue;
    const text = node('text', { x: place.x, y: place.y + 4, 'font-size': 11, fill: c.ink, stroke: c.paper, 'stroke-width': 3, 'paint-order': 'stroke' });
    text.textContent = nodes[n]?.name ?? '';
    svg.append(text);
  }
  return svg;
}
