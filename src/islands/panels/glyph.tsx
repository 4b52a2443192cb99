import { stateGlyphs, type Glyph } from '../../diagram/state-glyphs.ts';

const glyphs: Readonly<Record<string, Glyph>> = stateGlyphs;

/** A state's glyph; nothing for what has none. The word beside it says the same. */
export function StateMark({ state }: { state: string | undefined }) {
  const glyph = state === undefined ? undefined : glyphs[state];
  if (!glyph) return <span class="panel-no-mark" />;
  return (
    <svg class={`symbol state-${state}`} viewBox="0 0 16 16" aria-hidden="true">
      {glyph.fill && <path class="symbol-fill" d={glyph.fill} />}
      {glyph.line && <path class="symbol-line" d={glyph.line} stroke-dasharray={glyph.dash} />}
    </svg>
  );
}
