// The states of a pledge in words, each with a sign and a tone.

import type { Pledge } from './types.ts';

interface Fate {
  word: string;
  sign: string;
  tone: 'good' | 'bad' | 'warn' | 'still';
  means: string;
}

const FATES: Record<string, Fate> = {
  open: { word: 'open', sign: '○', tone: 'still', means: 'announced; nothing settles it yet' },
  overdue: { word: 'overdue', sign: '!', tone: 'warn', means: 'its days have passed, and no report says that it was done' },
  fulfilled: { word: 'kept', sign: '✓', tone: 'good', means: 'a later event fulfils it' },
  broken: { word: 'broken', sign: '✗', tone: 'bad', means: 'a later event breaks it' },
  overtaken: { word: 'overtaken', sign: '⇥', tone: 'still', means: 'other events made it void' },
  lapsed: { word: 'lapsed', sign: '…', tone: 'still', means: 'so long past that nothing is awaited any more' },
};

/** The order of columns on a board. */
export const ORDER = Object.keys(FATES);

/** The state as it is shown: what is open though its days have passed is overdue. */
export function stateOf(pledge: Pledge): string {
  return pledge.state === 'open' && pledge.overdue ? 'overdue' : pledge.state;
}

/** A state in words. */
export function fateOf(state: string): Fate {
  return FATES[state] ?? { word: state.replaceAll('_', ' '), sign: '·', tone: 'still', means: '' };
}

/** What became of a pledge. */
export function becameOf(pledge: Pledge): Fate {
  return fateOf(stateOf(pledge));
}

/** How late it was settled, in words. */
export function lateness(late: number | null | undefined): string {
  if (!late) return '';
  const days = `${Math.abs(late)} ${Math.abs(late) === 1 ? 'day' : 'days'}`;
  return late > 0 ? `, ${days} late` : `, ${days} early`;
}
