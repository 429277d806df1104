// What can be marked in a text.

import type { Span } from './types.ts';

export const LAYERS = [
  ['event', 'Events'],
  ['actor', 'Actors'],
  ['date', 'Dates'],
  ['quote', 'Quotations'],
  ['passed', 'Passed over'],
] as const;

export type Layer = (typeof LAYERS)[number][0];

export interface TextMark extends Span {
  layer: Layer | 'act';
  label: string;
  /** Number of the event in the list beside the text, from 1. */
  n?: number;
  channel?: string | null;
}
