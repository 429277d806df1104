// Light, dark, or as the system has it.  `theme.dark` is what is shown now; charts are drawn anew when it changes.

import { flushSync } from 'svelte';

export type Choice = 'system' | 'light' | 'dark';

const system = matchMedia('(prefers-color-scheme: dark)');

class Theme {
  choice = $state<Choice>(stored());
  #system = $state(system.matches);
  #paper = $state(false);

  constructor() {
    system.addEventListener('change', (event) => (this.#system = event.matches));
    // Paper is light: charts are drawn anew for it, at once.
    addEventListener('beforeprint', () => flushSync(() => (this.#paper = true)));
    addEventListener('afterprint', () => (this.#paper = false));
  }

  get dark(): boolean {
    if (this.#paper) return false;
    return this.choice === 'system' ? this.#system : this.choice === 'dark';
  }

  choose(choice: Choice): void {
    this.choice = choice;
    if (choice === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = choice;
    try {
      if (choice === 'system') localStorage.removeItem('comity-theme');
      else localStorage.setItem('comity-theme', choice);
    } catch {
      // Nothing is kept: the choice holds until the page is left.
    }
  }
}

function stored(): Choice {
  try {
    const kept = localStorage.getItem('comity-theme');
    return kept === 'light' || kept === 'dark' ? kept : 'system';
  } catch {
    return 'system';
  }
}

export const theme = new Theme();
