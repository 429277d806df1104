// Dates and figures in words.

import type { By, EventCard, EventDate, Status } from './types.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A day, month or year as people write it: "15 Dec 2021", "Dec 2021", "2021". */
export function day(value: string | null | undefined): string {
  if (!value) return 'undated';
  const [year, month, date] = value.slice(0, 10).split('-');
  const name = month ? MONTHS[Number(month) - 1] : undefined;
  if (!name) return year ?? value;
  return date ? `${Number(date)} ${name} ${year}` : `${name} ${year}`;
}

/** The first day of a period in the words of that period. */
export function period(start: string, by: By): string {
  if (by === 'year') return start.slice(0, 4);
  if (by === 'month') return day(start.slice(0, 7));
  return `week of ${day(start)}`;
}

/** The last day of the period that begins on a day. */
export function lastDay(start: string, by: By): string {
  const date = new Date(`${start}T00:00:00Z`);
  if (by === 'year') return `${start.slice(0, 4)}-12-31`;
  if (by === 'month') return iso(new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)));
  return iso(new Date(date.getTime() + 6 * 86_400_000));
}

export function iso(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** When an event was, as the server tells it, else from its days. */
export function when(date: EventDate | null): string {
  if (!date) return 'undated';
  if (date.text) return date.text;
  if (!date.start) return date.end ? `until ${day(date.end)}` : 'undated';
  if (!date.end || date.end === date.start) return day(date.start);
  return `${day(date.start)} to ${day(date.end)}`;
}

export function number(value: number | null | undefined): string {
  return value === null || value === undefined ? '' : value.toLocaleString('en-GB');
}

/** A level: three significant figures at most. */
export function level(value: number): string {
  if (!Number.isFinite(value)) return '';
  if (value === 0) return '0';
  if (Math.abs(value) < 0.01) return value < 0 ? '> −0.01' : '< 0.01';
  return value.toLocaleString('en-GB', { maximumSignificantDigits: value >= 100 ? 3 : 2 });
}

export function signed(value: number): string {
  if (Math.abs(value) < 0.005) return '0.00';
  return (value < 0 ? '−' : '+') + Math.abs(value).toFixed(2);
}

export function percent(value: number): string {
  return `${Math.round(value * 100)} %`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}

/** The words of the four statuses, and a sign of a shape of its own for each. */
export const STATUS: Record<Status, { word: string; sign: string; means: string }> = {
  occurred: { word: 'occurred', sign: '●', means: 'the text says that it happened or is happening' },
  announced: { word: 'announced', sign: '◔', means: 'promised, agreed or planned for later' },
  possible: { word: 'possible', sign: '◇', means: 'feared, suspected, conditional or proposed by others' },
  negated: { word: 'not so', sign: '⊘', means: 'the text says that it does not or did not happen' },
};

/** Type and mode in small letters, with how often. */
export function act(event: Pick<EventCard, 'type' | 'mode' | 'count'>): string {
  const mode = event.mode ? `, ${event.mode}` : '';
  return event.type.toLowerCase() + mode + (event.count && event.count > 1 ? ` ×${event.count}` : '');
}

/** A reason without the sentence that it quotes, where that stands beside it or behind a link. */
export function unquoted(reason: string): string {
  return reason.replace(/ \("[\s\S]*"\)\.?$/, '.');
}

/** Arrows as they are printed, in sentences that the server wrote with signs of a terminal. */
export function arrows(text: string): string {
  return text.replaceAll('<->', '↔').replaceAll('->', '→');
}
