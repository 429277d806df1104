// Months without a gap, for charts in which an empty month must show as empty.

import type { MonthRow } from './types.ts';

/** All months from the first to the last with documents or imported events; years where there would be too many. */
export function filled(rows: MonthRow[], most = 420): { label: string; documents: number; events: number; imported: number }[] {
  const told = rows.filter((r) => r.documents || r.imported).sort((a, b) => (a.month < b.month ? -1 : 1));
  const first = told[0]?.month;
  const last = told.at(-1)?.month;
  if (!first || !last) return [];
  const span = (Number(last.slice(0, 4)) - Number(first.slice(0, 4))) * 12 + Number(last.slice(5, 7)) - Number(first.slice(5, 7)) + 1;
  const cut = span > most ? 4 : 7;
  const found = new Map<string, { label: string; documents: number; events: number; imported: number }>();
  for (let n = 0; n < span; n += 1) {
    const at = Number(first.slice(0, 4)) * 12 + Number(first.slice(5, 7)) - 1 + n;
    const label = `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`.slice(0, cut);
    if (!found.has(label)) found.set(label, { label, documents: 0, events: 0, imported: 0 });
  }
  for (const row of told) {
    const at = found.get(row.month.slice(0, cut));
    if (!at) continue;
    at.documents += row.documents;
    at.events += row.events;
    at.imported += row.imported ?? 0;
  }
  return [...found.values()];
}
