// Makes src/data/shapes.json: outlines of the states by ISO 3166 alpha-3, and a point for each that is too small for one.
// Source: Natural Earth (public domain) by way of world-atlas.  Run once: npm run shapes
import countries from 'i18n-iso-countries';
import { geoCentroid, geoArea } from 'd3-geo';
import { readFileSync, writeFileSync } from 'node:fs';
import { feature } from 'topojson-client';

const load = (name) => JSON.parse(readFileSync(new URL(`../node_modules/world-atlas/${name}`, import.meta.url)));
const coarse = load('countries-110m.json');
const fine = load('countries-50m.json');
const named = { Kosovo: 'XKX', 'N. Cyprus': null, Somaliland: null };
const code = (g) => countries.numericToAlpha3(String(g.id ?? '').padStart(3, '0')) ?? named[g.properties.name] ?? null;

const points = {};
for (const f of feature(fine, fine.objects.countries).features) {
  const id = code(f);
  if (!id) continue;
  // The largest part stands for the whole: France is in Europe.
  const parts = f.geometry.type === 'MultiPolygon' ? f.geometry.coordinates.map((c) => ({ type: 'Polygon', coordinates: c })) : [f.geometry];
  const most = parts.reduce((a, b) => (geoArea(b) > geoArea(a) ? b : a));
  points[id] = geoCentroid(most).map((v) => Math.round(v * 100) / 100);
}
const drawn = [];
for (const g of coarse.objects.countries.geometries) {
  const id = code(g);
  g.id = id ?? '';
  delete g.properties;
  if (id) drawn.push(id);
}
delete coarse.objects.land;
writeFileSync(new URL('../src/data/shapes.json', import.meta.url), JSON.stringify({ topology: coarse, points }));
console.log(`${drawn.length} outlines, ${Object.keys(points).length} points`);
