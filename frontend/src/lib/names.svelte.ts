// Names of actors as the server told them, for every part of the page.

import type { Names } from './types.ts';

let known = $state.raw<Names>({});

/** Keep the names of an answer. */
export function remember(names: Names): void {
  if (Object.keys(names).some((code) => known[code] !== names[code])) known = { ...known, ...names };
}

/** The name of an actor, or its code where none is known. */
export function nameOf(code: string): string {
  return known[code] ?? code;
}

/** Several names in a sentence. */
export function namesOf(codes: string[]): string {
  const found = codes.map(nameOf);
  if (found.length < 2) return found[0] ?? 'somebody';
  return `${found.slice(0, -1).join(', ')} and ${found.at(-1)}`;
}
