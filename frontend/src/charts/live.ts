// The network that can be moved and enlarged, drawn by sigma.  Loaded only by its page.

import Graph from 'graphology';
import Sigma from 'sigma';
import type { NetworkAnswer } from '../lib/types.ts';
import { placed } from './labels.ts';
import { blocColour, edgeWidth, nodeSize } from './network.ts';
import type { Palette } from './palette.ts';

export interface Live {
  focus(code: string | null): void;
  zoom(by: number): void;
  end(): void;
}

/** Whether this browser can draw it. */
export function able(): boolean {
  try {
    return Boolean(document.createElement('canvas').getContext('webgl2'));
  } catch {
    return false;
  }
}

/** Show the network in a place; `hover` hears of the actor under the pointer, `open` of a click. */
export function show(place: HTMLElement, answer: NetworkAnswer, c: Palette, hover: (code: string | null) => void, open: (code: string) => void): Live {
  const graph = new Graph();
  const mostNode = Math.max(1, ...answer.nodes.map((n) => n.events));
  // On a small screen everything is smaller.
  const scale = Math.min(1, Math.max(0.45, place.clientWidth / 900));
  // Places are stretched to the shape of the window, that names have room.
  const wide = Math.min(1.7, Math.max(1, place.clientWidth / Math.max(1, place.clientHeight)));
  const mostEdge = Math.max(1, ...answer.edges.map((e) => e.events));
  for (const n of answer.nodes) graph.addNode(n.code, { x: n.x * wide, y: -n.y, size: nodeSize(n.events, mostNode) * scale, label: n.name, color: blocColour(n.bloc) });
  for (const e of answer.edges) {
    if (!graph.hasNode(e.a) || !graph.hasNode(e.b) || graph.hasEdge(e.a, e.b)) continue;
    graph.addEdge(e.a, e.b, { size: edgeWidth(e.events, mostEdge) * scale, color: faded(e.sign < 0 ? c.conf : c.coop) });
  }
  let near: string | null = null;
  // Names are asked for one by one and written when all are known, so that none lies on another.
  let asked: { pen: CanvasRenderingContext2D; label: string; x: number; y: number; size: number }[] = [];
  const labelSize = scale < 0.7 ? 10 : 12;
  const sigma = new Sigma(graph, place, {
    labelFont: 'system-ui, "Segoe UI", "Noto Sans", sans-serif',
    labelColor: { color: c.ink },
    labelSize,
    labelRenderedSizeThreshold: 3,
    labelDensity: 4,
    defaultDrawNodeLabel: (pen, data) => void (data.label && asked.push({ pen, label: data.label, x: data.x, y: data.y, size: data.size })),
    zIndex: true,
    allowInvalidContainer: true,
    defaultDrawNodeHover: (pen, data, settings) => {
      pen.font = `600 12px ${settings.labelFont}`;
      const width = pen.measureText(String(data.label)).width;
      pen.fillStyle = c.paper;
      pen.fillRect(data.x + data.size + 1, data.y - 9, width + 8, 18);
      pen.fillStyle = c.ink;
      pen.fillText(String(data.label), data.x + data.size + 4, data.y + 4);
    },
    nodeReducer: (code, data) => (near && code !== near && !graph.areNeighbors(code, near) ? { ...data, color: c.rule, label: '' } : data),
    edgeReducer: (edge, data) => (near && !graph.extremities(edge).includes(near) ? { ...data, hidden: true } : data),
  });
  const write = () => {
    const names = asked.sort((a, b) => b.size - a.size);
    asked = [];
    const pen = names[0]?.pen;
    if (!pen) return;
    pen.font = `${labelSize}px ${sigma.getSetting('labelFont')}`;
    pen.fillStyle = c.ink;
    const dots = graph.mapNodes((code, one) => ({ ...sigma.graphToViewport({ x: one.x, y: one.y }), size: sigma.scaleSize(sigma.getNodeDisplayData(code)?.size ?? 0) }));
    const { width, height } = sigma.getDimensions();
    const places = placed(names.map((n) => ({ ...n, width: pen.measureText(n.label).width })), dots, labelSize + 3, width, height);
    places.forEach((place, n) => place && pen.fillText(names[n]?.label ?? '', place.x, place.y + labelSize / 3));
  };
  sigma.on('beforeRender', () => void (asked = []));
  sigma.on('afterRender', write);
  sigma.refresh();
  const focus = (code: string | null) => {
    near = code && graph.hasNode(code) ? code : null;
    sigma.refresh({ skipIndexation: true });
  };
  sigma.on('enterNode', ({ node }) => {
    focus(node);
    hover(node);
  });
  sigma.on('leaveNode', () => {
    focus(null);
    hover(null);
  });
  sigma.on('clickNode', ({ node }) => open(node));
  return {
    focus,
    zoom: (by) => void sigma.getCamera().animate({ ratio: sigma.getCamera().ratio / by }, { duration: 150 }),
    end: () => sigma.kill(),
  };
}

/** A colour that lets others through. */
function faded(colour: string): string {
  return /^#[0-9a-f]{6}$/i.test(colour) ? `${colour}99` : colour;
}
