// The two lines of a relation on one time axis: cooperation upwards, conflict downwards, what was read beneath.

import { lastDay } from '../lib/format.ts';
import type { By, Moment, Point } from '../lib/types.ts';
import type { Palette } from './palette.ts';
import { draw, Plot } from './plot.ts';

export const MARGIN = { left: 46, right: 14, top: 34, bottom: 36 };
const COVERAGE = 46;

export interface Ask {
  points: Point[];
  moments: Moment[];
  by: By;
  width: number;
  height: number;
  colours: Palette;
  /** Each half on a scale of its own, instead of one for both. */
  own?: boolean;
  /** First and last day of the axis, where several charts share one. */
  days?: [Date, Date];
  coverage?: boolean;
}

interface Row {
  start: Date;
  end: Date;
  middle: Date;
  point: Point;
}

export function utc(day: string): Date {
  return new Date(`${day}T00:00:00Z`);
}

/** The days that the axis covers. */
export function extent(points: Point[], by: By): [Date, Date] {
  const first = points[0]?.period ?? '2000-01-01';
  const last = points.at(-1)?.period ?? first;
  return [utc(first), new Date(utc(lastDay(last, by)).getTime() + 86_400_000)];
}

/** Where a moment stands on the axis. */
export function momentDay(moment: Moment, by: By): Date {
  if (moment.day) return utc(moment.day);
  const start = utc(moment.at).getTime();
  const end = utc(lastDay(moment.until, by)).getTime();
  return new Date((start + end) / 2);
}

/** Position of a day in pixels from the left edge. */
export function across(day: Date, days: [Date, Date], width: number): number {
  const share = (day.getTime() - days[0].getTime()) / Math.max(1, days[1].getTime() - days[0].getTime());
  return MARGIN.left + share * (width - MARGIN.left - MARGIN.right);
}

/** How high each half reaches: the bands always fit, and what was seen up to four times as high. */
function tops(points: Point[], own: boolean): [number, number] {
  const top = (name: 'cooperation' | 'conflict') => {
    const band = Math.max(0, ...points.map((p) => p[`${name}_high`]));
    const seen = Math.max(0, ...points.map((p) => p[`${name}_observed`]));
    return Math.max(band, Math.min(seen, band * 4), 0.5) * 1.05;
  };
  const coop = top('cooperation');
  const conf = top('conflict');
  if (own) return [coop, conf];
  const most = Math.max(coop, conf);
  return [Math.max(coop, most * 0.3), Math.max(conf, most * 0.3)];
}

/** The chart as one SVG. */
export function drawRelation(ask: Ask): SVGSVGElement {
  const { points, by, width, height, colours: c } = ask;
  const days = ask.days ?? extent(points, by);
  const rows: Row[] = points.map((point) => {
    const start = utc(point.period);
    const end = new Date(utc(lastDay(point.period, by)).getTime() + 86_400_000);
    return { start, end, middle: new Date((start.getTime() + end.getTime()) / 2), point };
  });
  const [up, down] = tops(points, ask.own ?? false);
  const factor = ask.own ? up / down : 1;
  const low = (value: number) => -value * factor;
  const clip = (value: number, most: number) => Math.min(value, most);
  const main = draw({
    width,
    height,
    marginLeft: MARGIN.left,
    marginRight: MARGIN.right,
    marginTop: MARGIN.top,
    marginBottom: MARGIN.bottom,
    style: { color: c.ink2, fontSize: '11px', background: 'none' } as Partial<CSSStyleDeclaration>,
    x: { type: 'utc', domain: days, label: null },
    y: { domain: [low(down), up], label: null },
    marks: [
      Plot.gridY({ stroke: c.rule, strokeOpacity: 1, ticks: 6 }),
      Plot.axisX({ ticks: Math.max(2, Math.round(width / 110)), tickSize: 4, color: c.ink2 }),
      Plot.axisY({ ticks: 6, tickSize: 0, color: c.ink2, tickFormat: (v: number) => tick(v < 0 ? -v / factor : v) }),
      Plot.rectY(rows, { x1: 'start', x2: 'end', y1: 0, y2: (r: Row) => clip(r.point.cooperation_observed, up), fill: c.coop, fillOpacity: 0.22, inset: 0.5 }),
      Plot.rectY(rows, { x1: 'start', x2: 'end', y1: 0, y2: (r: Row) => low(clip(r.point.conflict_observed, down)), fill: c.conf, fillOpacity: 0.24, inset: 0.5 }),
      Plot.areaY(rows, { x: 'middle', y1: (r: Row) => r.point.cooperation_low, y2: (r: Row) => r.point.cooperation_high, fill: c.coop, fillOpacity: 0.2 }),
      Plot.areaY(rows, { x: 'middle', y1: (r: Row) => low(r.point.conflict_low), y2: (r: Row) => low(r.point.conflict_high), fill: c.conf, fillOpacity: 0.2 }),
      Plot.lineY(rows, { x: 'middle', y: (r: Row) => r.point.cooperation_level, stroke: c.coop, strokeWidth: 2 }),
      Plot.lineY(rows, { x: 'middle', y: (r: Row) => low(r.point.conflict_level), stroke: c.conf, strokeWidth: 2, strokeDasharray: '7 2' }),
      Plot.ruleY([0], { stroke: c.ink, strokeWidth: 1 }),
      Plot.text(['cooperation ↑'], { frameAnchor: 'top-left', dx: 6, dy: 4, fill: c.coop, fontSize: 12, fontWeight: 600, stroke: c.paper, strokeWidth: 4 }),
      Plot.text(['conflict ↓'], { frameAnchor: 'bottom-left', dx: 6, dy: -4, fill: c.conf, fontSize: 12, fontWeight: 600, stroke: c.paper, strokeWidth: 4 }),
    ],
  });
  momentMarks(main, ask, days);
  if (!ask.coverage) return main;
  return stacked([main, coverage(rows, days, width, c)], width);
}

function tick(value: number): string {
  return value.toLocaleString('en-GB', { maximumSignificantDigits: 3 });
}

/** Where the numbers of moments stand, in pixels: at their day, pushed apart where they would cover one another. */
export function numbersAt(moments: Moment[], by: By, days: [Date, Date], width: number): number[] {
  const gap = 26;
  const most = width - MARGIN.right - 10;
  const order = moments.map((m, n) => ({ n, x: across(momentDay(m, by), days, width) })).sort((p, q) => p.x - q.x);
  for (let turn = 0; turn < 60; turn += 1) {
    for (let k = 0; k + 1 < order.length; k += 1) {
      const [p, q] = [order[k], order[k + 1]];
      if (!p || !q || q.x - p.x >= gap) continue;
      const push = (gap - (q.x - p.x)) / 2;
      p.x = Math.max(MARGIN.left - 10, p.x - push);
      q.x = Math.min(most, q.x + push);
    }
  }
  const found = new Array<number>(moments.length).fill(0);
  for (const { n, x } of order) found[n] = x;
  return found;
}

function shape(name: string, attributes: Record<string, string | number>, text = ''): SVGElement {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  if (text) made.textContent = text;
  return made;
}

/** A rule at each moment, drawn through when it is well supported, with its number above. */
function momentMarks(svg: SVGSVGElement, ask: Ask, days: [Date, Date]): void {
  const dashes = { strong: 'none', fair: '5 3', weak: '1.5 3' };
  const numbers = numbersAt(ask.moments, ask.by, days, ask.width);
  const c = ask.colours;
  ask.moments.forEach((moment, n) => {
    const x = across(momentDay(moment, ask.by), days, ask.width);
    const at = numbers[n] ?? x;
    const line = { fill: 'none', stroke: c.ink, 'stroke-width': 1.2, 'stroke-opacity': 0.75, 'stroke-dasharray': dashes[moment.support] };
    svg.append(shape('path', { ...line, d: `M${at.toFixed(1)} ${MARGIN.top - 6}L${x.toFixed(1)} ${MARGIN.top + 4}V${ask.height - MARGIN.bottom}` }));
    svg.append(shape('circle', { cx: at, cy: MARGIN.top - 16, r: 10, fill: c.paper, stroke: c.ink, 'stroke-width': 1.3, 'stroke-dasharray': dashes[moment.support] }));
    svg.append(shape('text', { x: at, y: MARGIN.top - 12, 'text-anchor': 'middle', 'font-size': 11, 'font-weight': 700, fill: c.ink }, String(n + 1)));
  });
}

/** Documents behind each period; where nothing was told of the pair a mark says so. */
function coverage(rows: Row[], days: [Date, Date], width: number, c: Palette): SVGSVGElement {
  const most = Math.max(1, ...rows.map((r) => r.point.documents));
  const silent = rows.filter((r) => r.point.cooperation_events + r.point.conflict_events === 0);
  return draw({
    width,
    height: COVERAGE,
    marginLeft: MARGIN.left,
    marginRight: MARGIN.right,
    marginTop: 2,
    marginBottom: 12,
    style: { color: c.ink2, fontSize: '10px', background: 'none' } as Partial<CSSStyleDeclaration>,
    x: { type: 'utc', domain: days, axis: null },
    y: { domain: [0, most], axis: null },
    marks: [
      Plot.rectY(rows, { x1: 'start', x2: 'end', y1: 0, y2: (r: Row) => r.point.documents, fill: c.ink2, fillOpacity: 0.75, inset: 0.5 }),
      Plot.ruleY([0], { stroke: c.ink2 }),
      Plot.rectY(silent, { x1: 'start', x2: 'end', y1: () => -most * 0.2, y2: () => -most * 0.08, fill: c.ink2, fillOpacity: 0.28, clip: false }),
      Plot.text(['read'], { frameAnchor: 'left', dx: -MARGIN.left + 8, textAnchor: 'start', fill: c.ink2, fontSize: 10 }),
      Plot.text([`${most}`], { frameAnchor: 'top-left', dx: -4, textAnchor: 'end', lineAnchor: 'top', fill: c.ink2, fontSize: 10 }),
    ],
  });
}

/** Several charts of one width below one another, as one SVG. */
export function stacked(parts: SVGSVGElement[], width: number): SVGSVGElement {
  const whole = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  let at = 0;
  for (const part of parts) {
    part.setAttribute('y', String(at));
    part.removeAttribute('class');
    at += Number(part.getAttribute('height'));
    whole.append(part);
  }
  whole.setAttribute('class', 'plot');
  whole.setAttribute('width', String(width));
  whole.setAttribute('height', String(at));
  whole.setAttribute('viewBox', `0 0 ${width} ${at}`);
  return whole;
}
