/**
 * `<drydock-figure>`: zoom, pan and full screen of a drawing, by pointer and keyboard. It changes
 * the drawing's `viewBox` only, so nothing around the figure moves and what a player draws into
 * the SVG stays in place. The wheel zooms with Ctrl or Cmd; without it the page scrolls.
 */
import { clampView, panned, zoomed, type View } from '../diagram/view.ts';

class DrydockFigure extends HTMLElement {
  #svg: SVGSVGElement | null = null;
  #whole: View = { x: 0, y: 0, width: 1, height: 1 };
  #view: View = this.#whole;
  readonly #pointers = new Map<number, { x: number; y: number }>();

  connectedCallback(): void {
    const frame = this.querySelector<HTMLElement>('.figure-view');
    this.#svg = this.querySelector<SVGSVGElement>('.figure-drawing');
    if (!frame || !this.#svg) return;
    const { x, y, width, height } = this.#svg.viewBox.baseVal;
    this.#whole = this.#view = { x, y, width, height };
    this.addEventListener('click', (event) => {
      const button = (event.target as Element).closest<HTMLElement>('[data-act]');
      if (button?.dataset.act) this.#act(button.dataset.act);
    });
    frame.addEventListener('keydown', (event) => this.#key(event));
    frame.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    frame.addEventListener('pointerdown', (event) => this.#down(event, frame));
    frame.addEventListener('pointermove', (event) => this.#move(event));
    for (const type of ['pointerup', 'pointercancel'] as const) {
      frame.addEventListener(type, (event) => this.#pointers.delete(event.pointerId));
    }
    this.classList.add('is-ready');
  }

  #show(view: View): void {
    this.#view = clampView(view, this.#whole);
    const { x, y, width, height } = this.#view;
    this.#svg?.setAttribute('viewBox', `${x} ${y} ${width} ${height}`);
    this.classList.toggle('is-zoomed', width < this.#whole.width - 0.01);
  }

  /** Drawing units for one CSS pixel. */
  #scale(): number {
    const matrix = this.#svg?.getScreenCTM();
    return matrix ? 1 / matrix.a : 1;
  }

  /** A point of the screen in the drawing. */
  #at(x: number, y: number): { x: number; y: number } {
    const matrix = this.#svg?.getScreenCTM()?.inverse();
    return matrix ? new DOMPoint(x, y).matrixTransform(matrix) : this.#middle();
  }

  #middle(): { x: number; y: number } {
    const { x, y, width, height } = this.#view;
    return { x: x + width / 2, y: y + height / 2 };
  }

  #act(act: string): void {
    const fitted = this.classList.contains('is-fitted');
    const whole = !this.classList.contains('is-zoomed');
    if (act === 'full') void this.#fullscreen();
    else if (act === 'reset') this.#fit(false, this.#whole);
    // A drawing that scrolls sideways can be seen whole, at smaller labels, by one more step out.
    else if (act === 'out' && whole) this.#fit(true, this.#whole);
    else if (act === 'in' && fitted && whole) this.#fit(false, this.#whole);
    else this.#show(zoomed(this.#view, this.#middle(), act === 'in' ? 1.4 : 1 / 1.4));
  }

  #fit(fitted: boolean, view: View): void {
    const frame = this.querySelector('.figure-view');
    const wide = frame !== null && frame.scrollWidth > frame.clientWidth;
    this.classList.toggle('is-fitted', fitted && (wide || this.classList.contains('is-fitted')));
    this.#show(view);
  }

  async #fullscreen(): Promise<void> {
    const figure = this.closest('figure') ?? this;
    if (document.fullscreenElement) await document.exitFullscreen();
    // Not every phone lets an element fill the screen; there the figure fills the window.
    else if ('requestFullscreen' in figure) await figure.requestFullscreen().catch(() => undefined);
    else (figure as HTMLElement).classList.toggle('is-full');
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = { '+': 'in', '=': 'in', '-': 'out', '0': 'reset', f: 'full', F: 'full' }[event.key];
    const arrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[
      event.key
    ];
    if (act) this.#act(act);
    else if (event.key === 'Escape') this.closest('figure')?.classList.remove('is-full');
    // At its whole size arrow keys scroll, as everywhere.
    else if (arrow && this.classList.contains('is-zoomed')) {
      const step = 48 * this.#scale();
      this.#show(panned(this.#view, arrow[0]! * step, arrow[1]! * step));
    } else return;
    event.preventDefault();
  }

  #wheel(event: WheelEvent): void {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const factor = event.deltaY < 0 ? 1.15 : 1 / 1.15;
    this.#show(zoomed(this.#view, this.#at(event.clientX, event.clientY), factor));
  }

  #down(event: PointerEvent, frame: HTMLElement): void {
    this.#pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const zoomedIn = this.classList.contains('is-zoomed');
    if (event.button === 0 && (zoomedIn || this.#pointers.size > 1))
      frame.setPointerCapture(event.pointerId);
  }

  #move(event: PointerEvent): void {
    const before = this.#pointers.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
    this.#pointers.set(event.pointerId, now);
    if (other) {
      const length = Math.hypot(before.x - other.x, before.y - other.y);
      const factor = length > 0 ? Math.hypot(now.x - other.x, now.y - other.y) / length : 1;
      this.#show(
        zoomed(this.#view, this.#at((now.x + other.x) / 2, (now.y + other.y) / 2), factor),
      );
    } else if (this.classList.contains('is-zoomed')) {
      const scale = this.#scale();
      this.#show(panned(this.#view, (before.x - now.x) * scale, (before.y - now.y) * scale));
    }
  }
}

customElements.define('drydock-figure', DrydockFigure);
