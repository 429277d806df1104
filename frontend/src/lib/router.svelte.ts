// Addresses.  The path names the page and its subject, the query holds every filter, so that any view can be sent on.

type Params = Record<string, string | number | boolean | null | undefined>;

class Route {
  path = $state(location.pathname);
  query = $state.raw(new URLSearchParams(location.search));
  /** Counts the pages that were entered, not changes of filters: what should take the focus follows it. */
  visit = $state(0);

  get parts(): string[] {
    return this.path.split('/').filter(Boolean).map(decode);
  }

  /** Whether a page is the one of the address; on the way to another one it must not ask for what is not its own. */
  at(page: string): boolean {
    return this.parts[0] === page;
  }

  get(name: string): string {
    return this.query.get(name) ?? '';
  }
}

export const route = new Route();

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function follow(): void {
  if (location.pathname !== route.path) {
    route.path = location.pathname;
    route.visit += 1;
  }
  route.query = new URLSearchParams(location.search);
}

/** Go to an address of this site. */
export function go(address: string, replace = false): void {
  const before = location.pathname;
  history[replace ? 'replaceState' : 'pushState'](null, '', address);
  follow();
  if (location.pathname !== before) scrollTo(0, 0);
}

/** Change filters and stay on the page: empty values leave the address. */
export function refine(changes: Params, replace = false): void {
  const query = new URLSearchParams(route.query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === undefined || value === '' || value === false) query.delete(name);
    else query.set(name, String(value));
  }
  const text = query.toString();
  go(route.path + (text ? `?${text}` : ''), replace);
}

/** An address from its parts and filters. */
export function address(parts: string[], params: Params = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value !== null && value !== undefined && value !== '' && value !== false) query.set(name, String(value));
  }
  const text = query.toString();
  return '/' + parts.map(encodeURIComponent).join('/') + (text ? `?${text}` : '');
}

/** Let links of this site change the page without a new load. */
export function listen(): () => void {
  const clicked = (event: MouseEvent) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element | null)?.closest?.('a');
    if (!(link instanceof HTMLAnchorElement) || link.target || link.hasAttribute('download')) return;
    const url = new URL(link.href);
    if (url.origin !== location.origin || url.pathname.startsWith('/api/')) return;
    if (url.hash && url.pathname === location.pathname && url.search === location.search) return;
    event.preventDefault();
    go(url.pathname + url.search + url.hash);
  };
  addEventListener('popstate', follow);
  addEventListener('click', clicked);
  return () => {
    removeEventListener('popstate', follow);
    removeEventListener('click', clicked);
  };
}
