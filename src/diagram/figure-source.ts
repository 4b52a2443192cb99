import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { mermaidConfiguration, normalFormVersion } from './configuration.ts';

/** A Mermaid fence in normal form, and where each of its lines came from. */
export interface FigureSource {
  /** Without own-line comments, trailing blanks and empty ends; lines end in a line feed. */
  readonly text: string;
  /** For each line of `text`, its line in the fence, from 1. */
  readonly lines: readonly number[];
}

/** Two fences with the same normal form have the same drawing. */
export function normaliseSource(fence: string): FigureSource {
  const kept = fence
    .split(/\r\n|\r|\n/)
    .map((text, index) => ({ text: text.trimEnd(), line: index + 1 }))
    .filter(({ text }) => !/^\s*%%(?!\{)/.test(text));
  while (kept[0]?.text === '') kept.shift();
  while (kept.at(-1)?.text === '') kept.pop();
  return {
    text: kept.map(({ text }) => `${text}\n`).join(''),
    lines: kept.map(({ line }) => line),
  };
}

export interface DrawingVersions {
  /** Version of the package `mermaid`. */
  readonly mermaid: string;
  /** Version of the package with the font the labels are measured with. */
  readonly font: string;
}

/** File name of a drawing without its ending: 20 hexadecimal digits over all that shapes it. */
export function drawingName(figure: string, source: string, versions: DrawingVersions): string {
  const key = JSON.stringify([
    figure,
    source,
    versions.mermaid,
    versions.font,
    normalFormVersion,
    mermaidConfiguration,
  ]);
  return bytesToHex(sha256(utf8ToBytes(key))).slice(0, 20);
}
