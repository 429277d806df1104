// Events by year: cooperation upwards, conflict downwards.

import type { Palette } from './palette.ts';
import { draw, Plot } from './plot.ts';

export interface YearRow {
  year: number;
  cooperation: number;
  conflict: number;
}

export function drawYears(years: YearRow[], width: number, height: number, c: Palette): SVGSVGElement {
  const first = Math.min(...years.map((y) => y.year));
  const last = Math.max(...years.map((y) => y.year));
  return draw({
    width,
    height,
    marginLeft: 40,
    marginRight: 8,
    marginTop: 10,
    marginBottom: 22,
    style: { color: c.ink2, fontSize: '11px', background: 'none' } as Partial<CSSStyleDeclaration>,
    x: { domain: [first - 0.5, last + 0.5], label: null },
    y: { label: null },
    marks: [
      Plot.gridY({ stroke: c.rule, strokeOpacity: 1, ticks: 5 }),
      Plot.axisX({ ticks: Math.min(last - first + 1, Math.round(width / 70)), tickFormat: (v: number) => (Number.isInteger(v) ? String(v) : ''), tickSize: 3, color: c.ink2 }),
      Plot.axisY({ ticks: 5, tickSize: 0, tickFormat: (v: number) => String(Math.abs(v)), color: c.ink2 }),
      Plot.rectY(years, { x1: (y: YearRow) => y.year - 0.42, x2: (y: YearRow) => y.year + 0.42, y1: 0, y2: 'cooperation', fill: c.coop }),
      Plot.rectY(years, { x1: (y: YearRow) => y.year - 0.42, x2: (y: YearRow) => y.year + 0.42, y1: 0, y2: (y: YearRow) => -y.conflict, fill: c.conf }),
      Plot.ruleY([0], { stroke: c.ink }),
    ],
  });
}
