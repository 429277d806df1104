// How heavy the built page is: everything, and what the first page loads.  Fails over 250 kB gzip.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const root = new URL('../../comity/web/static/', import.meta.url).pathname;
const LIMIT = 250_000;
const weigh = (file) => gzipSync(readFileSync(file), { level: 9 }).length;
const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((f) => f.isFile()).map((f) => join(f.parentPath, f.name));
const html = readFileSync(join(root, 'index.html'), 'utf8');
const first = new Set(['index.html', 'theme.js', 'icon.svg'].map((name) => join(root, name)));
const follow = (text) => {
  for (const [, name] of text.matchAll(/["'(](?:\/|\.\/)?(?:assets\/)?([\w.-]+\.(?:js|css))["')]/g)) {
    const file = files.find((f) => f.endsWith(`/${name}`));
    if (!file || first.has(file)) continue;
    if (/import\(/.test(text) && !new RegExp(`(?:from|import)\\s*["']\\./${name.replaceAll('.', '\\.')}`).test(text) && !text.includes('<script') && !/^Home-/.test(name)) continue;
    first.add(file);
    follow(readFileSync(file, 'utf8'));
  }
};
follow(html);
const total = files.reduce((sum, f) => sum + weigh(f), 0);
const loaded = [...first].reduce((sum, f) => sum + weigh(f), 0);
for (const f of [...files].sort((a, b) => weigh(b) - weigh(a)).slice(0, 12)) console.log(`${String(weigh(f)).padStart(8)}  ${first.has(f) ? 'first page' : 'later     '}  ${f.slice(root.length)}`);
console.log(`${(loaded / 1000).toFixed(0)} kB gzip for the first page, ${(total / 1000).toFixed(0)} kB for all`);
if (loaded > LIMIT) {
  console.error(`more than ${LIMIT / 1000} kB for the first page`);
  process.exit(1);
}
