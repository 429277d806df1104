// Who is here, what the record is: asked once, and again after a login or a decision.

import { Failed, get, session as askSession } from './api.ts';
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

  async start(): Promise<void> {
    try {
      const [who, what] = await Promise.all([askSession(), get<Meta>('meta')]);
      this.session = who;
      this.meta = what;
      this.error = null;
    } catch (error) {
      this.error = error instanceof Failed ? error : new Failed('', String(error));
    }
  }
}

export const here = new Here();
