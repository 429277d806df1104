// Who is here, what the record is: asked once, and again after a login or a decision.

import { Failed, get, onLoggedOut, session as askSession } from './api.ts';
import type { Meta, Session } from './types.ts';

class Here {
  session = $state.raw<Session | null>(null);
  meta = $state.raw<Meta | null>(null);
  error = $state.raw<Failed | null>(null);

  get mayDecide(): boolean {
    return Boolean(this.session?.can.decide && (this.meta?.can_write ?? true));
  }

  get locked(): boolean {
    return Boolean(this.session && this.session.team && !this.session.role);
  }

  /** Somebody is logged in with a password that an admin has set. */
  get mustChange(): boolean {
    return Boolean(this.session?.must_change);
  }

  async start(): Promise<void> {
    try {
      this.session = await askSession();
      this.error = null;
      // A team's record tells nothing to those who are not logged in.
      this.meta = this.locked || this.mustChange ? null : await get<Meta>('meta');
    } catch (error) {
      this.error = error instanceof Failed ? error : new Failed('', String(error));
    }
  }
}

export const here = new Here();

// A session that has ended, in the midst of things: the page for logging in takes over.
onLoggedOut(() => void here.start());
