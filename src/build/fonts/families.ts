/**
 * The two families that the site serves and where their sources come from.
 *
 * Both licences reserve the original names, so the slices carry names of our own. The licences
 * are served beside them.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import subsetFont from 'subset-font';
import { renameFont } from './font-name.ts';

export interface Face {
  /** The start of its file names: `text`, `bold`, `code`. */
  readonly role: 'text' | 'bold' | 'code';
  readonly family: 'Drydock Text' | 'Drydock Code';
  /** CSS font-weight: a value, or a range drawn with the one face. */
  readonly weight: string;
  /** The source font, below node_modules. */
  readonly source: string;
  /** OpenType features that survive: kerning, and figures of equal width for tables. */
  readonly features: readonly string[];
  readonly copyright: string;
}

const PRETENDARD = 'Copyright (c) 2021, Kil Hyung-jin. SIL Open Font License 1.1';

export const FACES: readonly Face[] = [
  {
    role: 'text',
    family: 'Drydock Text',
    weight: '400 500',
    source: 'pretendard/dist/public/static/Pretendard-Regular.otf',
    features: ['kern', 'tnum'],
    copyright: PRETENDARD,
  },
  {
    role: 'bold',
    family: 'Drydock Text',
    weight: '600 700',
    source: 'pretendard/dist/public/static/Pretendard-SemiBold.otf',
    features: ['kern', 'tnum'],
    copyright: PRETENDARD,
  },
  {
    role: 'code',
    family: 'Drydock Code',
    weight: '400 700',
    source: '@ibm/plex-mono/fonts/complete/woff2/IBMPlexMono-Regular.woff2',
    features: [],
    copyright: 'Copyright © 2017 IBM Corp. SIL Open Font License 1.1',
  },
];

export const LICENCES: Readonly<Record<string, string>> = {
  'Pretendard-LICENSE.txt': 'pretendard/dist/LICENSE.txt',
  'IBM-Plex-Mono-LICENSE.txt': '@ibm/plex-mono/LICENSE.txt',
};

export function readSource(root: string, path: string): Buffer {
  return readFileSync(join(root, 'node_modules', path));
}

/** Cuts `characters` out of a face, as WOFF2 under our own name. */
export async function cutFace(
  source: Buffer,
  face: Face,
  characters: readonly string[],
): Promise<Buffer> {
  const text = characters.join('');
  const options = { keepFeatures: [...face.features], noHinting: true };
  const plain = await subsetFont(source, text, { ...options, targetFormat: 'truetype' });
  const renamed = renameFont(plain, face.family, face.copyright);
  return subsetFont(renamed, text, { ...options, targetFormat: 'woff2' });
}

/** The members of `characters` that the font can draw. */
export async function drawable(source: Buffer, characters: Iterable<string>): Promise<string[]> {
  const all = [...characters];
  const font = await subsetFont(source, all.join(''), { targetFormat: 'truetype' });
  const points = readCharacterMap(font);
  return all.filter((one) => points.has(one.codePointAt(0)!));
}

/**
 * Code points of an OpenType font's `cmap`, formats 4 and 12
 * (OpenType 1.9, "cmap — Character to Glyph Index Mapping Table").
 */
export function readCharacterMap(font: Buffer): Set<number> {
  const points = new Set<number>();
  const tables = font.readUInt16BE(4);
  let map = 0;
  for (let table = 0; table < tables; table += 1) {
    const at = 12 + table * 16;
    if (font.toString('latin1', at, at + 4) === 'cmap') map = font.readUInt32BE(at + 8);
  }
  for (let record = 0; record < font.readUInt16BE(map + 2); record += 1) {
    const at = map + font.readUInt32BE(map + 4 + record * 8 + 4);
    const format = font.readUInt16BE(at);
    if (format === 12) {
      for (let group = 0; group < font.readUInt32BE(at + 12); group += 1) {
        const from = font.readUInt32BE(at + 16 + group * 12);
        const to = font.readUInt32BE(at + 20 + group * 12);
        for (let point = from; point <= to; point += 1) points.add(point);
      }
    } else if (format === 4) {
      const segments = font.readUInt16BE(at + 6) / 2;
      for (let segment = 0; segment < segments; segment += 1) {
        const to = font.readUInt16BE(at + 14 + segment * 2);
        const from = font.readUInt16BE(at + 16 + (segments + segment) * 2);
        for (let point = from; point <= to && point < 0xffff; point += 1) points.add(point);
      }
    }
  }
  return points;
}
