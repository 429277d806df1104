// Colours of charts, read from the tokens, so that a drawn SVG stands on its own; files are always drawn light.

export interface Palette {
  ink: string;
  ink2: string;
  rule: string;
  paper: string;
  coop: string;
  coopSoft: string;
  conf: string;
  confSoft: string;
  net: string;
  sunk: string;
}

const NAMES: Record<keyof Palette, string> = {
  ink: '--ink',
  ink2: '--ink-2',
  rule: '--rule',
  paper: '--paper',
  coop: '--coop',
  coopSoft: '--coop-soft',
  conf: '--conf',
  confSoft: '--conf-soft',
  net: '--net',
  sunk: '--sunk',
};

/** The colours that are shown now.  `dark` is asked for only so that a change of theme is noticed. */
export function palette(dark: boolean): Palette {
  void dark;
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(Object.entries(NAMES).map(([key, token]) => [key, style.getPropertyValue(token).trim()])) as unknown as Palette;
}

/** The light colours, for files and paper. */
export const LIGHT: Palette = {
  ink: '#1d1a16',
  ink2: '#514b43',
  rule: '#ddd6c9',
  paper: '#ffffff',
  coop: '#17688c',
  coopSoft: '#cfe3ec',
  conf: '#b03d18',
  confSoft: '#f5dacd',
  net: '#4b463f',
  sunk: '#f0ece3',
};
