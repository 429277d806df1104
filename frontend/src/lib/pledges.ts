// The states of a pledge in words, each with a sign and a tone.

interface Fate {
  word: string;
  sign: string;
  tone: 'good' | 'bad' | 'warn' | 'still';
  means: string;
}

const FATES: Record<string, Fate> = {
  open: { word: 'open', sign: '○', tone: 'still', means: 'announced, and not due yet' },
  due: { word: 'due', sign: '◔', tone: 'warn', means: 'due now' },
  overdue: { word: 'overdue', sign: '!', tone: 'warn', means: 'its day has passed and no report says that it was done' },
  kept: { word: 'kept', sign: '✓', tone: 'good', means: 'a later report tells that it was done' },
  fulfilled: { word: 'kept', sign: '✓', tone: 'good', means: 'a later report tells that it was done' },
  broken: { word: 'broken', sign: '✗', tone: 'bad', means: 'a later report tells that it was not done' },
  disputed: { word: 'disputed', sign: '?', tone: 'warn', means: 'reports contradict one another' },
  withdrawn: { word: 'withdrawn', sign: '↩', tone: 'bad', means: 'taken back' },
  overtaken: { word: 'overtaken', sign: '⇥', tone: 'still', means: 'events made it void' },
  unknown: { word: 'unknown', sign: '·', tone: 'still', means: 'too vague to follow' },
};

/** What became of a pledge. */
export function becameOf(state: string): Fate {
  return FATES[state] ?? { word: state.replaceAll('_', ' '), sign: '·', tone: 'still', means: '' };
}
