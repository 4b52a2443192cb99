/** The style sheet of the slices, and of fallbacks with the same metrics. */
import { FACES } from './families.ts';
import type { CutSlice } from './manifest.ts';
import { unicodeRange } from './slices.ts';

/**
 * Pretendard 1.3.9: ascent 1950, descent 494, advance of a syllable 1770, of 2048 units.
 * A fallback is scaled to the same advance and given the same line box, so that the swap moves
 * nothing. Measured: Arial and its twins need 100 % in text and 97.9 % in bold; every syllable of
 * Noto Sans CJK is 920 of 1000 units wide, hence 93.9 %.
 */
const ASCENT = 0.9521;
const DESCENT = 0.2412;
const FALLBACKS = [
  {
    family: 'Drydock Latin Fallback',
    weight: '400 500',
    scale: 1.0015,
    local: ['Arial', 'Liberation Sans', 'Helvetica'],
  },
  {
    family: 'Drydock Latin Fallback',
    weight: '600 700',
    scale: 0.979,
    local: ['Arial Bold', 'Liberation Sans Bold', 'Helvetica Bold'],
  },
  {
    family: 'Drydock Hangul Fallback',
    weight: '400 500',
    scale: 0.9394,
    local: ['Noto Sans CJK KR', 'Noto Sans KR', 'Source Han Sans KR'],
  },
  {
    family: 'Drydock Hangul Fallback',
    weight: '600 700',
    scale: 0.9394,
    local: ['Noto Sans CJK KR Bold', 'Noto Sans KR Bold', 'Source Han Sans KR Bold'],
  },
];

const percent = (share: number) => `${(share * 100).toFixed(2)}%`;

/** The core slices are asked for by any syllable that no later slice claims. */
function rangeOf(slice: CutSlice): string {
  return slice.name === 'core' ? 'U+AC00-D7A3' : unicodeRange([...slice.characters]);
}

export function renderStylesheet(slices: readonly CutSlice[]): string {
  // Where ranges overlap the later rule wins, so the core's wide range stands first.
  const inOrder = [...slices].sort((a, b) => Number(b.name === 'core') - Number(a.name === 'core'));
  const faces = inOrder.map((slice) => {
    const face = FACES.find((one) => one.role === slice.role)!;
    return [
      '@font-face {',
      `  font-family: '${face.family}';`,
      `  font-weight: ${face.weight};`,
      '  font-display: swap;',
      `  src: url('/fonts/${slice.file}') format('woff2');`,
      `  unicode-range: ${rangeOf(slice)};`,
      '}',
    ].join('\n');
  });
  const fallbacks = FALLBACKS.map(({ family, weight, scale, local }) =>
    [
      '@font-face {',
      `  font-family: '${family}';`,
      `  font-weight: ${weight};`,
      `  src: ${local.map((name) => `local('${name}')`).join(', ')};`,
      `  size-adjust: ${percent(scale)};`,
      `  ascent-override: ${percent(ASCENT / scale)};`,
      `  descent-override: ${percent(DESCENT / scale)};`,
      '  line-gap-override: 0%;',
      '}',
    ].join('\n'),
  );
  return [
    '/* Made by `npm run fonts:update` from what the site prints; do not edit. */',
    ...faces,
    ...fallbacks,
    '/* Set and taken away by islands/fonts-first.ts. */',
    '.fonts-awaited body {',
    '  opacity: 0;',
    '}',
    '',
  ].join('\n');
}
