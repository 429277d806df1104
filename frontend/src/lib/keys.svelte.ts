// Keys that work on every page: `?` for help, `/` for the finder, `g` and a letter for a page.

import { go } from './router.svelte.ts';

export const PLACES: Record<string, [string, string]> = {
  h: ['/', 'Home'],
  a: ['/actors', 'Actors'],
  n: ['/network', 'Network'],
  m: ['/map', 'Map'],
  p: ['/pledges', 'Pledges'],
  s: ['/search', 'Search'],
  c: ['/sources', 'Sources and coverage'],
  r: ['/read', 'Read'],
};

class Keys {
  help = $state(false);
  #going = 0;

  listen(): () => void {
    const pressed = (event: KeyboardEvent) => this.#pressed(event);
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }

  #pressed(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (document.querySelector('dialog[open]')) return;
    if (event.key === '?') {
      event.preventDefault();
      this.help = true;
    } else if (event.key === '/') {
      event.preventDefault();
      document.getElementById('finder')?.focus();
    } else if (event.key === 'g') {
      this.#going = Date.now();
    } else if (Date.now() - this.#going < 1200) {
      this.#going = 0;
      const place = PLACES[event.key];
      if (place) go(place[0]);
    }
  }
}

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

export const keys = new Keys();
