// Where the actors of a network stand: near those they deal with, none upon another.

import Graph from 'graphology';
import forceAtlas2 from 'graphology-layout-forceatlas2';
import type { NetworkAnswer } from '../lib/types.ts';
import { nodeSize } from './network.ts';

/** The same answer with places of its actors, always the same for the same answer. */
export function arranged(answer: NetworkAnswer): NetworkAnswer {
  if (answer.nodes.length < 3) return answer;
  const graph = new Graph();
  const most = Math.max(1, ...answer.nodes.map((n) => n.events));
  answer.nodes.forEach((n, k) => {
    // From a spiral, not from chance: the layout begins the same each time.
    const turn = k * 2.4;
    graph.addNode(n.code, { x: Math.sqrt(k + 1) * Math.cos(turn) * 40, y: Math.sqrt(k + 1) * Math.sin(turn) * 40, size: nodeSize(n.events, most) + 4 });
  });
  for (const e of answer.edges) {
    if (graph.hasNode(e.a) && graph.hasNode(e.b) && !graph.hasEdge(e.a, e.b)) graph.addEdge(e.a, e.b, { weight: Math.log1p(e.events) });
  }
  // First where each belongs, all free to pass one another; then room for their sizes.
  const pull = { gravity: 0.06, strongGravityMode: true, edgeWeightInfluence: 0.7 };
  forceAtlas2.assign(graph, { iterations: answer.nodes.length > 300 ? 200 : 600, settings: { ...pull, scalingRatio: 60, slowDown: 2 } });
  const places = forceAtlas2(graph, { iterations: 60, settings: { ...pull, scalingRatio: 60, adjustSizes: true, slowDown: 8 } });
  return { ...answer, nodes: answer.nodes.map((n) => ({ ...n, x: places[n.code]?.x ?? n.x, y: places[n.code]?.y ?? n.y })) };
}
