/**
 * The normal form of a drawing: what is committed and put into pages. It has our own ids, classes
 * and attributes and none of Mermaid's, no `<style>`, no style attribute, no reference by id but
 * those of title and description, and one set of coordinates without transformations. So a player
 * reads a box from `data-box` and travels an edge by `getPointAtLength` of its `figure-line`:
 *
 *     <svg id="ID-drawing" class="figure-drawing figure-KIND" viewBox width height role="img">
 *       <title id="ID-title"/> <desc id="ID-desc"/>
 *       <g class="figure-groups">      <g id="ID-node-GROUP" data-node="GROUP" data-box="x y w h">
 *       <g class="figure-edges">       <g id="ID-edge-E" data-edge="E" data-from="A" data-to="B">
 *                                        <path class="figure-line"/> <path class="figure-head"/>
 *       <g class="figure-titles">      <g data-title-of="GROUP">
 *       <g class="figure-edge-labels"> <g data-edge-label="E">
 *       <g class="figure-nodes">       <g id="ID-node-N" data-node="N" data-box="x y w h">
 *
 * Sequence diagrams have `figure-frames`, `figure-lifelines` and `figure-bars` beside these.
 */
import type { RawDrawing } from '../mermaid-page.ts';
import { element, elementsOf, hasClass, parseXml } from '../xml.ts';
import { widthClass } from '../width-class.ts';
import { shortNumber, writeXml, type XmlElement } from '../xml.ts';
import { boxLayers } from './boxes.ts';
import { titleRisePx } from './groups.ts';
import { sequenceLayers } from './sequence.ts';

/**
 * @param figure id of the figure, the prefix of every id in it
 * @returns the text of an SVG file, ending in a line feed
 */
export function toNormalForm(figure: string, raw: RawDrawing): string {
  const svg = parseXml(raw.svg);
  const { kind, title, description } = raw.graph;
  const layers =
    kind === 'sequence' ? sequenceLayers(figure, svg, raw) : boxLayers(figure, svg, raw);
  const [left = 0, top = 0, width = 0, height = 0] = (svg.attributes.viewBox ?? '')
    .split(/[\s,]+/)
    .map(Number);
  const frame = tighten({ left, top, width, height }, layers);
  const drawing = element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      id: `${figure}-drawing`,
      class: `figure-drawing figure-${kind} ${widthClass(frame.width)}`,
      viewBox: [frame.left, frame.top, frame.width, frame.height].map(shortNumber).join(' '),
      width: frame.width,
      height: frame.height,
      role: 'img',
      'aria-labelledby': `${figure}-title`,
      'aria-describedby': `${figure}-desc`,
    },
    element('title', { id: `${figure}-title` }, title),
    element('desc', { id: `${figure}-desc` }, description),
    ...layers,
  );
  return `${writeXml(drawing)}\n`;
}

interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** In whole pixels, so that the drawing is crisp, with room for titles and people at the top. */
function tighten(frame: Frame, layers: readonly XmlElement[]): Frame {
  const drawn = layers.flatMap((layer) => elementsOf(layer));
  const tops = drawn
    .filter((one) => hasClass(one, 'figure-group') || hasClass(one, 'figure-actor'))
    .map((one) => Number((one.attributes['data-box'] ?? '').split(' ')[1]) - titleRisePx - 1);
  const left = Math.floor(frame.left);
  const top = Math.floor(Math.min(frame.top, ...tops));
  return {
    left,
    top,
    width: Math.ceil(frame.left + frame.width) - left,
    height: Math.ceil(frame.top + frame.height) - top,
  };
}
