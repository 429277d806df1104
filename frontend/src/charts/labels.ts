// Where the names of a network stand: beside their dots, on no other name and on no other dot.

export interface Dot {
  x: number;
  y: number;
  size: number;
}
export interface Named extends Dot {
  width: number;
}
export interface Place {
  /** Left end of the name, and the middle of its height. */
  x: number;
  y: number;
}
type Box = [left: number, top: number, right: number, bottom: number];

const GAP = 3;

/** A place for each name in its order (the weightiest first), null where all four sides are taken. */
export function placed(names: Named[], dots: Dot[], height: number, width: number, tall: number): (Place | null)[] {
  const taken: Box[] = [];
  return names.map((one) => {
    const half = height / 2;
    const beside = one.size + GAP;
    const sides: Place[] = [
      { x: one.x + beside, y: one.y },
      { x: one.x - beside - one.width, y: one.y },
      { x: one.x - one.width / 2, y: one.y + beside + half },
      { x: one.x - one.width / 2, y: one.y - beside - half },
    ];
    const boxOf = (side: Place): Box => [side.x - 1, side.y - half, side.x + one.width + 1, side.y + half];
    const free = sides.filter((side) => {
      const box = boxOf(side);
      return box[0] >= 0 && box[1] >= 0 && box[2] <= width && box[3] <= tall && !taken.some((other) => crossed(box, other));
    });
    const others = dots.filter((dot) => Math.hypot(dot.x - one.x, dot.y - one.y) > 1);
    const clear = (least: number) => free.find((side) => !others.some((dot) => dot.size >= least && covers(boxOf(side), dot)));
    // A name that has no room beside smaller dots may lie on one of them.
    const side = clear(0) ?? clear(one.size);
    if (side) taken.push(boxOf(side));
    return side ?? null;
  });
}

/** Whether two boxes lie on one another. */
function crossed(a: Box, b: Box): boolean {
  return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
}

/** Whether a name would lie on the inner part of a dot. */
function covers(box: Box, dot: Dot): boolean {
  const dx = Math.max(box[0] - dot.x, 0, dot.x - box[2]);
  const dy = Math.max(box[1] - dot.y, 0, dot.y - box[3]);
  return dx * dx + dy * dy < dot.size * dot.size;
}
