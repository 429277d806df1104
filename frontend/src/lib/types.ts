// What the server answers: docs/api.md says what each field means.

export type Status = 'occurred' | 'announced' | 'possible' | 'negated';
export type Channel = 'cooperation' | 'conflict';
export type Names = Record<string, string>;

export interface Span {
  start: number;
  end: number;
}

export interface EventDate {
  start: string | null;
  end: string | null;
  precision: string;
  text?: string;
}

export interface Place {
  name: string;
  country: string | null;
  lat: number | null;
  lon: number | null;
}

export interface Evidence extends Span {
  text: string;
  document: string | null;
  report: string;
}

export interface EventCard {
  id: string;
  type: string;
  mode: string | null;
  cameo: string | null;
  status: Status;
  channel: Channel | null;
  weight: number;
  sources: string[];
  targets: string[];
  symmetric: boolean;
  date: EventDate;
  title: string;
  count: number | null;
  place: Place | null;
  confidence: number | null;
  sureness: string | null;
  reports: number;
  outlets: number;
  stories: number;
  documents: number;
  first_seen: string | null;
  pledge: string | null;
  disputes: string[];
  imported_from: string | null;
  evidence: Evidence | null;
  decided: boolean;
  /** Somebody added it: no reader found it. */
  added: boolean;
}

export interface Listing<T> {
  items: T[];
  next: string | null;
  total: number | null;
  names: Names;
  generation: number;
}

export interface Meta {
  program: string;
  version: string;
  generation: number;
  record: string;
  counts: Record<string, number>;
  first_day: string | null;
  last_day: string | null;
  newest_document: string | null;
  types: { type: string; channel: Channel; definition: string; example: string; modes: string[] }[];
  statuses: Status[];
  limits: Record<string, number>;
  team: boolean;
  can_write: boolean;
}

export interface Session {
  user: string | null;
  role: 'admin' | 'reviewer' | 'reader' | null;
  csrf: string;
  team: boolean;
  author: string | null;
  /** The password is one that an admin has set. */
  must_change: boolean;
  can: { decide: boolean; read: boolean; administer: boolean };
}

export interface Change {
  a: string;
  b: string;
  direction: 'up' | 'down' | 'steady';
  channel: Channel;
  score: number;
  events: number;
  before: number;
  reason: string;
  event: string | null;
}

export interface PairRow {
  a: string;
  b: string;
  events: number;
  cooperation: number;
  conflict: number;
  last: string | null;
}

export interface MonthRow {
  month: string;
  documents: number;
  events: number;
  imported?: number;
}

export interface Home {
  generation: number;
  news_day: string | null;
  new: EventCard[];
  changed: { week: Change[]; month: Change[] };
  pledges_due: Pledge[];
  coverage: {
    documents: number;
    outlets: number;
    languages: string[];
    first: string | null;
    last: string | null;
    imported: number;
    by_month: MonthRow[];
  };
  pairs: PairRow[];
  names: Names;
}

export interface Suggestions {
  actors: { code: string; name: string; kind: string; events: number; matched: string }[];
  people: { person: string; name: string; state: string; title: string; since: string | null; until: string | null }[];
  pairs: { a: string; b: string; events: number }[];
  types: string[];
  names?: Names;
}

export interface Speaker {
  name: string;
  state: string | null;
  office?: string | null;
}

export interface Quotation extends Span {
  id: string;
  text: string;
  kind: 'direct' | 'indirect';
  speaker: Speaker | null;
  addressee: Speaker | null;
  cue: string;
  document: string | null;
  title: string | null;
  source: string | null;
  published: string | null;
}

export interface Pledge {
  id: string;
  state: string;
  event: EventCard;
  /** Still open though its days have passed. */
  overdue?: boolean;
  doubtful?: boolean;
  due: EventDate | null;
  made: string | null;
  lapses?: string | null;
  fulfilled_by: EventCard[];
  settled?: Settled | null;
  speaker?: Speaker | null;
  confidence: number | null;
  why: string;
}

/** What settled a pledge: `late` in days after its last day, below 0 before its first. */
export interface Settled {
  kind: 'fulfilled' | 'broken' | 'overtaken';
  score: number;
  late: number | null;
  reasons: string[];
  by: string[];
  event: EventCard;
}

/** How often what an actor announced came true; shares with 90 %. */
export interface Trust {
  actor: string;
  other: string | null;
  channel: Channel;
  pledges: number;
  fulfilled: number;
  broken: number;
  overtaken: number;
  lapsed: number;
  open: number;
  share: number;
  low: number;
  high: number;
}

export interface Point {
  period: string;
  cooperation_level: number;
  cooperation_low: number;
  cooperation_high: number;
  cooperation_observed: number;
  cooperation_events: number;
  conflict_level: number;
  conflict_low: number;
  conflict_high: number;
  conflict_observed: number;
  conflict_events: number;
  net: number;
  net_low: number;
  net_high: number;
  exposure: number;
  documents: number;
  imported: number;
}

export interface Shift {
  channel: Channel;
  before: number;
  after: number;
  factor: number;
  low: number;
  high: number;
  probability: number;
}

export interface Moment {
  at: string;
  until: string;
  day: string | null;
  channel: Channel;
  change: 'up' | 'down';
  sign: '+' | '-';
  pace: 'sudden' | 'gradual' | 'passing';
  score: number;
  probability: number;
  support: 'strong' | 'fair' | 'weak';
  shifts: Shift[];
  events: string[];
  reason: string;
}

export type By = 'week' | 'month' | 'year';

export interface Lines {
  a: string;
  b: string;
  names: Names;
  by: By;
  points: Point[];
  moments: Moment[];
}

export interface DirectionRow {
  a: number;
  b: number;
  both: number;
  share: number;
  low: number;
  high: number;
}

/** A turning point as a text names it. */
export interface Named extends Span {
  first: string;
  last: string;
  when: string;
  sign: '+' | '-' | '?';
  change: string;
  sentence: string;
  document: string;
  title: string | null;
  outlet: string | null;
  published: string | null;
}

export interface RelationAnswer extends Lines {
  named?: Named[];
  citation?: { line: string };
  direction: Record<Channel, DirectionRow>;
  latest: Moment | null;
  last: EventCard[];
  next: EventCard[];
  announced: number;
  possible: number;
  coverage: {
    documents: number;
    outlets: number;
    languages: string[];
    sources: string[];
    events: number;
    vague: number;
    silent: number;
    periods: number;
  };
  events: Record<string, EventCard>;
  pledges: Pledge[];
  quotations: Quotation[];
  generation: number;
}

export interface ActorRow {
  code: string;
  name: string;
  kind: string;
  events: number;
  cooperation: number;
  conflict: number;
  partners: number;
  first: string | null;
  last: string | null;
}

export interface Office {
  person: string;
  name: string;
  role: string;
  title: string;
  since: string | null;
  until: string | null;
  now: boolean;
}

export interface ActorAnswer {
  code: string;
  name: string;
  kind: string;
  official: string | null;
  region: string | null;
  since: string | null;
  until: string | null;
  successors: string[];
  parent: string | null;
  members: string[];
  note: string;
  partners: {
    code: string;
    events: number;
    cooperation: number;
    conflict: number;
    sent: number;
    received: number;
    both: number;
    net: number;
    last: string | null;
  }[];
  types: { type: string; status: Status; sent: number; received: number; both: number }[];
  years: { year: number; cooperation: number; conflict: number }[];
  offices: Office[];
  on: string | null;
  leader: string | null;
  quotations: Quotation[];
  events: EventCard[];
  names: Names;
  generation: number;
}

export interface PersonAnswer {
  person: string;
  name: string;
  aliases: string[];
  offices: { state: string; role: string; title: string; since: string | null; until: string | null }[];
  quotations: Quotation[];
  events: EventCard[];
  names: Names;
}

export type Role = 'source' | 'target' | 'act' | 'date' | 'speaker';

export interface Mark extends Span {
  role: Role;
  label: string;
}

export interface Participant {
  role: 'source' | 'target';
  name: string;
  state: string | null;
  office: string | null;
  sector: string | null;
  start: number | null;
  end: number | null;
}

export interface Report extends Span {
  id: string;
  document: string | null;
  title: string | null;
  source: string | null;
  published: string | null;
  url: string | null;
  before: string;
  evidence: string;
  after: string;
  marks: Mark[];
  type: string;
  mode: string | null;
  status: Status;
  date: EventDate;
  sources: string[];
  targets: string[];
  participants: Participant[];
  speaker: Speaker | null;
  count: number | null;
  place: Place | null;
  confidence: number | null;
  why: string[];
  score: number | null;
  link_why: string[];
}

export interface Decision {
  id: string;
  kind: 'correct' | 'reject' | 'confirm' | 'merge' | 'split' | 'add' | 'undo';
  event: string;
  events: string[];
  change: Record<string, unknown>;
  summary: string;
  author: string;
  time: string;
  reason: string;
  state: string;
  undone_by: string | null;
}

export interface EventAnswer {
  event: EventCard;
  why: string[];
  rejected: boolean;
  speaker: Speaker | null;
  participants: Participant[];
  reports: Report[];
  pledge: EventCard | null;
  fulfilled_by: EventCard[];
  disputes: EventCard[];
  nearby: EventCard[];
  alternatives: { type: string; status?: Status; probability?: number; confidence?: number | null }[];
  decisions: Decision[];
  names: Names;
  generation: number;
}

export interface Decided {
  decision: Decision;
  event: string;
  generation: number;
}

export interface FoundEvent extends EventCard {
  start: number;
  end: number;
  anchor: Span | null;
  report: string;
  participants: Participant[];
  marks?: Mark[];
}

export interface Timex extends Span {
  text: string;
  type: string;
  value: string;
  from: string | null;
  to: string | null;
  precision: string;
}

export interface Passed extends Span {
  text: string;
  reason: string;
}

export interface MentionRow extends Span {
  actor: string;
  state: string | null;
  how: string;
  confidence?: number;
}

export interface DocumentRow {
  id: string;
  name: string;
  title: string | null;
  published: string | null;
  source: string | null;
  url: string | null;
  language: string;
  added?: string;
  characters?: number;
  story?: string | null;
}

export interface DocumentAnswer {
  document: DocumentRow;
  text: string;
  events: FoundEvent[];
  quotations: Quotation[];
  mentions: MentionRow[];
  copies: { id: string; title: string | null; source: string | null; published: string | null }[];
  names: Names;
  generation: number;
}

export interface Reading {
  dates: Timex[];
  passed: Passed[];
}

export interface SearchHit {
  event: EventCard | null;
  report: string;
  document: string | null;
  evidence: string;
  marks: Span[];
  score: number;
  title: string | null;
  source: string | null;
  published: string | null;
}

export interface SearchAnswer extends Listing<SearchHit> {
  words?: { word: string; hits: number }[];
}

export interface NetworkAnswer {
  nodes: {
    code: string;
    name: string;
    kind: string;
    events: number;
    cooperation: number;
    conflict: number;
    bloc: number | null;
    x: number;
    y: number;
  }[];
  edges: { a: string; b: string; events: number; cooperation: number; conflict: number; sign: number; last: string | null }[];
  blocs: { bloc: number; members: string[] }[];
  balance: { balanced: number; unbalanced: number } | null;
  years: { year: number; events: number }[];
  names: Names;
  generation: number;
}

export interface MapAnswer {
  places: {
    name: string;
    country: string | null;
    lat: number;
    lon: number;
    events: number;
    cooperation: number;
    conflict: number;
    last: string | null;
    event: string | null;
  }[];
  states: { code: string; events: number; cooperation: number; conflict: number; net: number }[];
  unplaced: number;
  names: Names;
  generation: number;
}

export interface SourcesAnswer {
  outlets: { source: string | null; documents: number; events: number; first: string | null; last: string | null; languages: string[] }[];
  feeds: { url: string; name: string | null; kind: string; last_read: string | null }[];
  imported: { from: string; events: number; first: string | null; last: string | null }[];
  runs: { id: string; started: string; ended: string | null; program: string; command: string; counts: Record<string, unknown> }[];
  skipped: { key: string; code: string; message: string; fix: string }[];
  months: MonthRow[];
  names: Names;
  generation: number;
}

export interface ReadEvent extends EventCard {
  participants: Participant[];
  speaker: Speaker | null;
  anchor: Span | null;
  marks: Mark[];
  why: string[];
}

export interface ReadQuote extends Span {
  speaker: Speaker | null;
  addressee: Speaker | null;
  text: string;
  kind: 'direct' | 'indirect';
  cue: string;
}

export interface ReadAnswer {
  document: DocumentRow;
  text: string;
  events: ReadEvent[];
  quotes: ReadQuote[];
  dates: Timex[];
  mentions: MentionRow[];
  passed: Passed[];
  seconds: number;
  names: Names;
}
