// Something that is asked from the server: what came, whether it is on its way, what went wrong.

import { Failed, get, type Query } from './api.ts';

export class Loaded<T> {
  data = $state.raw<T | null>(null);
  error = $state.raw<Failed | null>(null);
  busy = $state(false);
  #running: AbortController | null = null;
  #last: [string, Query] | null = null;

  /** Ask; an older question that is still on its way is dropped.  What is shown stays until the answer comes. */
  async load(path: string, query: Query = {}): Promise<void> {
    this.#running?.abort();
    const running = new AbortController();
    const other = this.#last !== null && this.#last[0] !== path;
    this.#running = running;
    this.#last = [path, query];
    this.busy = true;
    if (other) this.data = null;
    try {
      const found = await get<T>(path, query, running.signal);
      if (this.#running !== running) return;
      this.data = found;
      this.error = null;
    } catch (error) {
      if (this.#running !== running) return;
      if (error instanceof DOMException && error.name === 'AbortError') return;
      this.data = null;
      this.error = error instanceof Failed ? error : new Failed('', String(error));
    }
    this.busy = false;
  }

  /** Ask the same again. */
  again(): void {
    if (this.#last) void this.load(...this.#last);
  }
}

/** A list that comes in pages; `more` appends the next one. */
export class Pages<T> {
  items = $state.raw<T[]>([]);
  total = $state<number | null>(null);
  next = $state<string | null>(null);
  error = $state.raw<Failed | null>(null);
  busy = $state(false);
  ready = $state(false);
  answer = $state.raw<Record<string, unknown> | null>(null);
  #turn = 0;
  #last: [string, Query] = ['', {}];

  async load(path: string, query: Query = {}): Promise<void> {
    this.#last = [path, query];
    await this.#ask(false);
  }

  more(): Promise<void> {
    return this.#ask(true);
  }

  again(): void {
    void this.#ask(false);
  }

  async #ask(append: boolean): Promise<void> {
    const turn = ++this.#turn;
    const [path, query] = this.#last;
    this.busy = true;
    try {
      const found = await get<{ items: T[]; next: string | null; total: number | null }>(
        path,
        append ? { ...query, cursor: this.next } : query,
      );
      if (turn !== this.#turn) return;
      this.items = append ? [...this.items, ...found.items] : found.items;
      this.next = found.next;
      this.total = found.total;
      this.answer = found as unknown as Record<string, unknown>;
      this.error = null;
    } catch (error) {
      if (turn !== this.#turn) return;
      this.error = error instanceof Failed ? error : new Failed('', String(error));
      if (!append) this.items = [];
    }
    this.busy = false;
    this.ready = true;
  }
}
