// Marks over a text that may lie inside one another, cut into pieces that do not.

import type { Span } from './types.ts';

export interface Piece<M> {
  text: string;
  start: number;
  marks: M[];
}

/** The text in pieces, each with the marks that cover it, in the order given.  Marks outside the text are dropped. */
export function pieces<M extends Span>(text: string, marks: M[]): Piece<M>[] {
  const kept = marks.filter((m) => m.start < m.end && m.start >= 0 && m.end <= text.length);
  const cuts = new Set([0, text.length]);
  for (const mark of kept) {
    cuts.add(mark.start);
    cuts.add(mark.end);
  }
  const sorted = [...cuts].sort((a, b) => a - b);
  const found: Piece<M>[] = [];
  for (let n = 0; n + 1 < sorted.length; n += 1) {
    const start = sorted[n] as number;
    const end = sorted[n + 1] as number;
    found.push({ text: text.slice(start, end), start, marks: kept.filter((m) => m.start <= start && m.end >= end) });
  }
  return found;
}
