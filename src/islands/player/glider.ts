import { make, type Move, type MovedWake } from '../../diagram/attach.ts';
import { tokenMark, wakeMark } from '../../diagram/marks.ts';
import type { XmlElement } from '../../diagram/xml.ts';
import { onLights } from '../lights.ts';

/**
 * Paints what moves through a drawing on a canvas above it, for as long as it moves. A change of the
 * drawing itself has the browser style, lay out and paint it anew, and ask what the pointer is over:
 * four times as much work in every frame. What rests is part of the drawing again.
 */
export interface Glider {
  /** @param moves undefined once nothing moves */
  readonly glide: (moves: readonly Move[] | undefined) => void;
  readonly end: () => void;
}

/** What the page's styles make of a shape. */
interface Ink {
  readonly alpha: number;
  readonly fill: string;
  readonly stroke: string;
  readonly width: number;
  readonly cap: CanvasLineCap;
  readonly join: CanvasLineJoin;
  readonly strokesFirst: boolean;
}

interface Shape {
  readonly path: Path2D;
  readonly ink: Ink;
}

/** What stands over the edges of a drawing has room beside it: see player-drawing.css. */
const ROOM_PX = 8;
/** Finer than this cannot be seen in motion. */
const FINEST = 2;

export function createGlider(drawing: SVGSVGElement): Glider {
  const canvas = document.createElement('canvas');
  canvas.className = 'figure-motion';
  canvas.setAttribute('aria-hidden', 'true');
  const context = canvas.getContext('2d');
  const brush = new Brush(drawing);
  let isPlaced = false;
  let isClear = true;
  const displace = (): void => {
    isPlaced = false;
  };
  const size = new ResizeObserver(displace);
  size.observe(drawing);
  const view = new MutationObserver(displace);
  view.observe(drawing, { attributeFilter: ['viewBox'] });
  const stopLights = onLights(() => brush.forget());
  const leave = (): void => {
    canvas.remove();
    brush.forget();
    isClear = true;
    isPlaced = false;
  };
  return {
    glide: (moves) => {
      if (!moves || !context) return leave();
      if (moves.length === 0 && isClear) return;
      if (!canvas.isConnected) drawing.after(canvas);
      if (isPlaced) clear(context);
      else place(canvas, context, drawing);
      isPlaced = true;
      brush.paint(context, moves);
      isClear = moves.length === 0;
    },
    end: () => {
      size.disconnect();
      view.disconnect();
      stopLights();
      leave();
    },
  };
}

/** Paints marks as the page's styles have them, which it reads once. */
class Brush {
  readonly #drawing: SVGSVGElement;
  readonly #shapes = new Map<string, readonly Shape[]>();
  readonly #lines = new Map<string, Path2D>();

  constructor(drawing: SVGSVGElement) {
    this.#drawing = drawing;
  }

  /** The styles may be others now. */
  forget(): void {
    this.#shapes.clear();
  }

  /** Wakes below tokens, and what the step itself sent above what is still on its way. */
  paint(context: CanvasRenderingContext2D, moves: readonly Move[]): void {
    const ordered = moves.toReversed();
    for (const { wakes, earlier } of ordered) {
      for (const wake of wakes) this.#wake(context, wake, earlier);
    }
    context.setLineDash([]);
    for (const { channel, place: at, earlier } of ordered) {
      context.save();
      context.translate(at.x, at.y);
      context.rotate((at.angle * Math.PI) / 180);
      const token = this.#shapesOf(channel, () => tokenMark(channel), earlier);
      for (const { path, ink } of token) inked(context, path, ink);
      context.restore();
    }
  }

  #wake(context: CanvasRenderingContext2D, wake: MovedWake, earlier: boolean): void {
    let line = this.#lines.get(wake.path);
    if (!line) this.#lines.set(wake.path, (line = new Path2D(wake.path)));
    const from = wake.from * wake.length;
    context.setLineDash([0, from, wake.to * wake.length - from, 2 * wake.length]);
    const shapes = this.#shapesOf('wake', () => wakeMark('M0 0', wake), earlier);
    for (const { ink } of shapes) inked(context, line, ink);
  }

  #shapesOf(name: string, mark: () => XmlElement, earlier: boolean): readonly Shape[] {
    const key = earlier ? `${name} earlier` : name;
    let known = this.#shapes.get(key);
    if (!known) this.#shapes.set(key, (known = sample(this.#drawing, mark(), earlier)));
    return known;
  }
}

/** Lays the canvas over the drawing, and has one unit of the drawing be one of the canvas. */
function place(
  canvas: HTMLCanvasElement,
  context: CanvasRenderingContext2D,
  drawing: SVGSVGElement,
): void {
  const box = drawing.getBoundingClientRect();
  const matrix = drawing.getScreenCTM();
  const frame = drawing.parentElement;
  if (!matrix || !frame) return;
  const outer = frame.getBoundingClientRect();
  const ratio = Math.min(FINEST, devicePixelRatio || 1);
  const [width, height] = [box.width + ROOM_PX, box.height + ROOM_PX];
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.left = `${box.left - outer.left - frame.clientLeft + frame.scrollLeft}px`;
  canvas.style.top = `${box.top - outer.top - frame.clientTop + frame.scrollTop}px`;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const [x, y] = [matrix.e - box.left, matrix.f - box.top];
  context.setTransform(ratio * matrix.a, 0, 0, ratio * matrix.d, ratio * x, ratio * y);
}

function clear(context: CanvasRenderingContext2D): void {
  context.save();
  context.resetTransform();
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  context.restore();
}

/** Puts a mark into the drawing where it is not shown, to read how it would look. */
function sample(drawing: SVGSVGElement, mark: XmlElement, isEarlier: boolean): readonly Shape[] {
  const unseen = make({ name: 'g', attributes: { display: 'none' }, children: [mark] });
  drawing.append(unseen);
  const root = unseen.firstElementChild as SVGElement;
  root.classList.toggle('is-earlier', isEarlier);
  const alpha = Number(getComputedStyle(root).opacity);
  const found = [root, ...root.querySelectorAll<SVGElement>('*')].flatMap((element) => {
    const style = getComputedStyle(element);
    const path = style.display === 'none' ? undefined : pathOf(element);
    return path ? [{ path, ink: inkOf(style, alpha) }] : [];
  });
  unseen.remove();
  return found;
}

function pathOf(element: SVGElement): Path2D | undefined {
  const path = new Path2D();
  if (element instanceof SVGCircleElement) {
    path.arc(0, 0, element.r.baseVal.value, 0, 2 * Math.PI);
  } else if (element instanceof SVGPathElement) {
    const moved = element.transform.baseVal.consolidate()?.matrix;
    path.addPath(new Path2D(element.getAttribute('d') ?? ''), moved);
  } else return undefined;
  return path;
}

function inkOf(style: CSSStyleDeclaration, alpha: number): Ink {
  return {
    alpha,
    fill: style.fill,
    stroke: style.stroke,
    width: Number.parseFloat(style.strokeWidth),
    cap: style.strokeLinecap as CanvasLineCap,
    join: style.strokeLinejoin as CanvasLineJoin,
    strokesFirst: style.paintOrder.startsWith('stroke'),
  };
}

function inked(context: CanvasRenderingContext2D, path: Path2D, ink: Ink): void {
  const fill = (): void => {
    if (ink.fill === 'none') return;
    context.fillStyle = ink.fill;
    context.fill(path);
  };
  context.globalAlpha = ink.alpha;
  if (!ink.strokesFirst) fill();
  if (ink.stroke !== 'none') {
    context.strokeStyle = ink.stroke;
    context.lineWidth = ink.width;
    context.lineCap = ink.cap;
    context.lineJoin = ink.join;
    context.stroke(path);
  }
  if (ink.strokesFirst) fill();
}
