// A chart as a file of its own, with its title above and its citation below.

const NS = 'http://www.w3.org/2000/svg';
const FACE = 'Georgia, "Noto Serif", serif';

/** The chart on paper: title, picture, citation; width and height in pixels of the screen. */
function framed(svg: SVGSVGElement, title: string, cite: string): SVGSVGElement {
  const box = svg.viewBox.baseVal;
  const width = box.width || Number(svg.getAttribute('width'));
  const height = box.height || Number(svg.getAttribute('height'));
  const lines = wrapped(cite, Math.floor(width / 5.6));
  const sheet = document.createElementNS(NS, 'svg');
  const total = height + 48 + lines.length * 14 + 12;
  sheet.setAttribute('xmlns', NS);
  sheet.setAttribute('width', String(width + 32));
  sheet.setAttribute('height', String(total));
  sheet.setAttribute('viewBox', `0 0 ${width + 32} ${total}`);
  sheet.setAttribute('font-family', 'system-ui, "Segoe UI", "Noto Sans", Arial, sans-serif');
  const ground = document.createElementNS(NS, 'rect');
  ground.setAttribute('width', '100%');
  ground.setAttribute('height', '100%');
  ground.setAttribute('fill', '#ffffff');
  sheet.append(ground, words(title, 16, 28, 17, '#1d1a16', FACE, '600'));
  const inner = svg.cloneNode(true) as SVGSVGElement;
  inner.setAttribute('x', '16');
  inner.setAttribute('y', '40');
  inner.setAttribute('width', String(width));
  inner.setAttribute('height', String(height));
  inner.setAttribute('color', '#1d1a16');
  sheet.append(inner);
  lines.forEach((line, n) => sheet.append(words(line, 16, height + 58 + n * 14, 10.5, '#514b43')));
  return sheet;
}

function words(text: string, x: number, y: number, size: number, fill: string, face = '', weight = ''): SVGTextElement {
  const node = document.createElementNS(NS, 'text');
  node.setAttribute('x', String(x));
  node.setAttribute('y', String(y));
  node.setAttribute('font-size', String(size));
  node.setAttribute('fill', fill);
  if (face) node.setAttribute('font-family', face);
  if (weight) node.setAttribute('font-weight', weight);
  node.textContent = text;
  return node;
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line && line.length + word.length + 1 > width) {
      lines.push(line);
      line = word;
    } else {
      line = line ? `${line} ${word}` : word;
    }
  }
  return [...lines, line];
}

function fileName(title: string, ending: string): string {
  const plain = title.normalize('NFKD').replace(/[^\w]+/g, '-').replace(/^-+|-+$/g, '').toLowerCase();
  return `${plain.slice(0, 80) || 'figure'}.${ending}`;
}

function hand(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Download as SVG. */
export function saveSvg(svg: SVGSVGElement, title: string, cite: string): void {
  const text = new XMLSerializer().serializeToString(framed(svg, title, cite));
  hand(new Blob([text], { type: 'image/svg+xml' }), fileName(title, 'svg'));
}

/** Download as PNG, twice as fine as the screen. */
export async function savePng(svg: SVGSVGElement, title: string, cite: string): Promise<void> {
  const sheet = framed(svg, title, cite);
  const width = Number(sheet.getAttribute('width'));
  const height = Number(sheet.getAttribute('height'));
  const image = new Image(width, height);
  // A data address: a strict policy need not allow others.
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(sheet))}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = width * 2;
  canvas.height = height * 2;
  const pen = canvas.getContext('2d');
  if (!pen) return;
  pen.scale(2, 2);
  pen.drawImage(image, 0, 0, width, height);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
  if (blob) hand(blob, fileName(title, 'png'));
}
