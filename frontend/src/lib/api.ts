// The one place that speaks with the server.

import { remember } from './names.svelte.ts';
import type { Names, Session } from './types.ts';

export type Query = Record<string, string | number | boolean | null | undefined>;
export type Format = 'json' | 'csv' | 'parquet' | 'atom' | 'svg' | 'ics';

/** A failure with the code of the server, and what to do about it. */
export class Failed extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly fix = '',
    readonly status = 0,
  ) {
    super(message);
  }
}

let csrf = '';
let loggedOut = () => {};

/** Who is told when the server no longer knows the user. */
export function onLoggedOut(tell: () => void): void {
  loggedOut = tell;
}

/** The address of an endpoint with its filters; `path` is below /api. */
export function endpoint(path: string, query: Query = {}, format: Format | '' = ''): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') params.set(name, String(value));
  }
  const text = params.toString();
  const ending = format && format !== 'json' ? `.${format}` : '';
  return `/api/${path}${ending}${text ? `?${text}` : ''}`;
}

/** An answer of the server as an object.  Throws `Failed`. */
export async function get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  return answer<T>(await ask(endpoint(path, query), { signal, headers: { Accept: 'application/json' } }));
}

/** Send an object and take the answer.  Throws `Failed`. */
export async function post<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  if (!csrf) await session();
  const send = () =>
    ask(endpoint(path), {
      method: 'POST',
      signal,
      headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'X-CSRF-Token': csrf },
      body: JSON.stringify(body),
    });
  let response = await send();
  if (response.status === 403) {
    const stale = csrf;
    await session();
    if (csrf !== stale) response = await send();
  }
  return answer<T>(response);
}

/** Who looks at the page, and what he may do. */
export async function session(): Promise<Session> {
  const found = await get<Session>('session');
  csrf = found.csrf;
  return found;
}

async function ask(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, { credentials: 'same-origin', ...init });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Failed('', 'The server does not answer.', 'Is `comity serve` still running? Start it and try again.');
  }
}

async function answer<T>(response: Response): Promise<T> {
  let body: unknown = null;
  try {
    body = await response.json();
  } catch {
    body = null;
  }
  if (!response.ok) {
    if (response.status === 401 && !response.url.endsWith('/api/login')) loggedOut();
    const told = (body ?? {}) as { code?: string; title?: string; detail?: string; fix?: string };
    const detail = typeof told.detail === 'string' ? told.detail : `The server answered ${response.status}.`;
    throw new Failed(told.code ?? '', detail, typeof told.fix === 'string' ? told.fix : '', response.status);
  }
  if (body === null) throw new Failed('', 'The server answered something that cannot be read.', 'Reload the page.');
  const names = (body as { names?: Names }).names;
  if (names && !Array.isArray(names)) remember(names);
  return body as T;
}
