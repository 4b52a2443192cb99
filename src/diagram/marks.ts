/**
 * What a run puts into a drawing, as plain elements: state lamps, badges, tokens. Both the live
 * figure and the stills are made of these.
 */
import type { Channel } from './bindings.ts';
import type { Box } from './box.ts';
import { badgeLeft, lampAt, USUAL_PLACES, type MarkPlaces } from './mark-places.ts';
import type { Place } from './path-geometry.ts';
import type { NodeView, Wait } from './projection/figure-view.ts';
import { stateGlyphs, travellerGlyphs, type Glyph } from './state-glyphs.ts';
import { glyphOfChannel, type Wake } from './travel.ts';
import { element, type XmlElement } from './xml.ts';

/** The classes that a node carries in a view, besides its own. */
export function nodeClasses(view: NodeView | undefined, acting: boolean): string[] {
  return [
    ...(view?.state ? ['has-state', `is-${view.state}`] : []),
    ...(view?.label === undefined ? [] : ['is-named']),
    ...(acting ? ['is-acting'] : []),
  ];
}

const LAMP_RADIUS = 8.5;
/** A character of the code face at 11 px, and what surrounds the text of a badge. */
const BADGE_CHARACTER = 6.7;
const BADGE_PADDING = 9;
const BADGE_HEIGHT = 16;

/** Lamp and badge of a node; nothing when it shows neither. */
export function nodeMarks(
  box: Box,
  view: NodeView,
  places: MarkPlaces = USUAL_PLACES,
): XmlElement | undefined {
  const { wait } = view;
  const text = wait ? countdown(wait.leftMs) : view.badge;
  const marks = [
    text === undefined ? null : badge(box, text, places.badge),
    view.state === undefined || view.state === 'empty'
      ? null
      : lamp(lampAt(box, places.lamp), stateGlyphs[view.state], wait),
  ].filter((mark) => mark !== null);
  return marks.length > 0 ? element('g', { class: 'node-marks' }, ...marks) : undefined;
}

/** The dashes that leave of a ring of 100 what is left of a wait. */
export const ringDashes = ({ wholeMs }: Wait, leftMs: number): string =>
  `${((100 * leftMs) / wholeMs).toFixed(1)} 200`;

/** `5m 0s`, `39s`: what is left, in whole seconds begun. */
export function countdown(leftMs: number): string {
  const seconds = Math.ceil(leftMs / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m ${seconds % 60}s`;
}

function ring(wait: Wait): XmlElement {
  const dashes = { pathLength: 100, 'stroke-dasharray': ringDashes(wait, wait.leftMs) };
  const place = { r: LAMP_RADIUS + 3, transform: 'rotate(-90)' };
  return element('circle', { class: 'lamp-wait', ...place, ...dashes });
}

function lamp(at: ReturnType<typeof lampAt>, glyph: Glyph, wait?: Wait): XmlElement {
  return element(
    'g',
    { class: 'state-lamp', transform: `translate(${at.x} ${at.y})` },
    element('circle', { class: 'lamp-ground', r: LAMP_RADIUS }),
    ...(wait ? [ring(wait)] : []),
    ...glyphPaths(glyph, 'lamp', 0.85),
  );
}

function badge(box: Box, text: string, place: MarkPlaces['badge']): XmlElement {
  const width = text.length * BADGE_CHARACTER + BADGE_PADDING;
  const left = badgeLeft(box, place, width);
  const top = box.y + box.height - 7;
  const ground = { x: left, y: top, width, height: BADGE_HEIGHT };
  return element(
    'g',
    { class: 'node-badge' },
    element('rect', { class: 'badge-ground', ...ground, rx: BADGE_HEIGHT / 2 }),
    element('text', { class: 'badge-text', x: left + width / 2, y: top + 11.7 }, text),
  );
}

/** A glyph around the origin. */
function glyphPaths(glyph: Glyph, name: string, scale: number): XmlElement[] {
  const transform = `translate(${-8 * scale} ${-8 * scale}) scale(${scale})`;
  const paths: XmlElement[] = [];
  if (glyph.fill) paths.push(element('path', { class: `${name}-fill`, d: glyph.fill, transform }));
  if (glyph.line) {
    const dash = { 'stroke-dasharray': glyph.dash };
    paths.push(element('path', { class: `${name}-line`, d: glyph.line, transform, ...dash }));
  }
  return paths;
}

/** What travels, drawn around the origin; see {@link tokenTransform}. */
export function tokenMark(channel: Channel): XmlElement {
  return element(
    'g',
    { class: `token token-${channel}` },
    element('circle', { class: 'token-ground', r: 10 }),
    ...glyphPaths(travellerGlyphs[glyphOfChannel[channel]], 'token', 1),
  );
}

/** Darts and blocks point where they go; rings look alike from all sides. */
export function tokenTransform(place: Place): string {
  const at = `translate(${place.x.toFixed(1)} ${place.y.toFixed(1)})`;
  return `${at} rotate(${place.angle.toFixed(0)})`;
}

/** The dashes that leave only the wake of a line, for a line whose `pathLength` is 100. */
function wakeDashes({ from, to }: Wake): string {
  const [a, b] = [Math.min(from, to) * 100, Math.max(from, to) * 100];
  return `0 ${a.toFixed(2)} ${(b - a).toFixed(2)} 200`;
}

export function wakeMark(path: string, wake: Wake): XmlElement {
  const dashes = { pathLength: 100, 'stroke-dasharray': wakeDashes(wake) };
  return element('path', { class: 'token-wake', d: path, ...dashes });
}
