import { day, iso } from './format.ts';
import { here } from './session.svelte.ts';

/** How to cite what is shown, with the line of the server where it gives one: what, from which record in which state, read by what, when, where. */
export function citation(title: string, line = ''): string {
  if (line) return `${title}. ${line}. ${location.href} (${day(iso(new Date()))}).`;
  const meta = here.meta;
  const record = meta ? `Record “${meta.record}”, state ${meta.generation}, Comity ${meta.version}` : 'Comity';
  return `${title}. ${record}. ${location.href} (${day(iso(new Date()))}).`;
}
