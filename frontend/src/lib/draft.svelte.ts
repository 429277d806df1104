// What somebody writes of an event: the fields of a form, and what of them differs from how the event stands.

import type { EventCard, Participant, Speaker, Status } from './types.ts';

export interface Who {
  role: 'source' | 'target';
  name: string;
  office: string;
  state: string;
}

interface Fields {
  type: string;
  mode: string;
  status: Status;
  sources: string;
  targets: string;
  from: string;
  until: string;
  speaker: string;
  place: string;
  count: string;
  who: Who[];
}

const EMPTY: Fields = {
  type: '', mode: '', status: 'occurred', sources: '', targets: '', from: '', until: '', speaker: '', place: '', count: '', who: [],
};

export const list = (text: string): string[] => text.split(/[,;]/).map((one) => one.trim()).filter(Boolean);

/** The fields of a form. */
export class Draft {
  type = $state('');
  mode = $state('');
  status = $state<Status>('occurred');
  sources = $state('');
  targets = $state('');
  from = $state('');
  until = $state('');
  speaker = $state('');
  place = $state('');
  count = $state('');
  who = $state<Who[]>([]);
  private before: Fields = EMPTY;

  /** Begin with an event as it stands. */
  take(event: EventCard, speaker: Speaker | null, participants: Participant[]): void {
    const place = event.place;
    this.begin({
      type: event.type,
      mode: event.mode ?? '',
      status: event.status,
      sources: event.sources.join(', '),
      targets: event.targets.join(', '),
      from: event.date.start ?? '',
      until: event.date.end ?? '',
      speaker: speaker?.name ?? '',
      place: place ? [place.name, place.country].filter(Boolean).join(', ') : '',
      count: event.count === null ? '' : String(event.count),
      who: participants.map((p) => ({ role: p.role, name: p.name, office: p.office ?? '', state: p.state ?? '' })),
    });
  }

  /** Begin with nothing. */
  clear(): void {
    this.begin(EMPTY);
  }

  /** Another line for somebody who takes part. */
  another(): void {
    this.who.push({ role: this.who.some((w) => w.role === 'source') ? 'target' : 'source', name: '', office: '', state: '' });
  }

  /** What differs from how the event stood, as the server takes it. */
  changes(): Record<string, unknown> {
    const was = this.before;
    const set: Record<string, unknown> = {};
    if (this.type !== was.type) set.type = this.type;
    if (this.mode !== was.mode) set.mode = this.mode || 'none';
    if (this.status !== was.status) set.status = this.status;
    if (list(this.sources).join() !== list(was.sources).join()) set.source = list(this.sources);
    if (list(this.targets).join() !== list(was.targets).join()) set.target = list(this.targets);
    if (this.from !== was.from) set.date = this.from || 'none';
    if (this.until !== was.until || (this.from !== was.from && this.until)) set.date_end = this.until || 'none';
    for (const name of ['speaker', 'place'] as const) {
      if (this[name].trim() !== was[name]) set[name] = this[name].trim() || 'none';
    }
    const count = String(this.count ?? '').trim();
    if (count !== was.count) set.count = count ? Number(count) : 'none';
    const who = this.named();
    if (JSON.stringify(who) !== JSON.stringify(named(was.who))) set.participants = who;
    return set;
  }

  private named() {
    return named(this.who);
  }

  private begin(fields: Fields): void {
    this.before = { ...fields, who: fields.who.map((one) => ({ ...one })) };
    Object.assign(this, { ...fields, who: fields.who.map((one) => ({ ...one })) });
  }
}

function named(who: Who[]) {
  return who
    .filter((one) => one.name.trim())
    .map((one) => ({ role: one.role, name: one.name.trim(), office: one.office.trim() || null, state: one.state.trim() || null }));
}
