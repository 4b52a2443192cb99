/**
 * Gives a font another name. The licences of our sources reserve theirs for the unmodified font,
 * and browsers refuse a font without a name table (OpenType 1.9, "name — Naming Table").
 */

const WINDOWS_UNICODE_ENGLISH = [3, 1, 0x409] as const;

/** Copyright, family, style, full name, PostScript name: ids 0, 1, 2, 4 and 6. */
function nameTable(family: string, copyright: string): Buffer {
  const names: readonly (readonly [number, string])[] = [
    [0, copyright],
    [1, family],
    [2, 'Regular'],
    [4, family],
    [6, family.replace(/ /g, '')],
  ];
  const start = 6 + names.length * 12;
  const head = Buffer.alloc(start);
  head.writeUInt16BE(names.length, 2);
  head.writeUInt16BE(start, 4);
  const strings: Buffer[] = [];
  let at = 0;
  for (const [index, [id, text]] of names.entries()) {
    const string = Buffer.from(text, 'utf16le').swap16();
    const record = [...WINDOWS_UNICODE_ENGLISH, id, string.length, at];
    for (const [field, value] of record.entries()) {
      head.writeUInt16BE(value, 6 + index * 12 + field * 2);
    }
    strings.push(string);
    at += string.length;
  }
  return Buffer.concat([head, ...strings]);
}

/** `font` (TrueType or OpenType, not compressed) with its name table replaced. */
export function renameFont(font: Buffer, family: string, copyright: string): Buffer {
  const count = font.readUInt16BE(4);
  const tables = Array.from({ length: count }, (_, index) => {
    const at = 12 + index * 16;
    const tag = font.toString('latin1', at, at + 4);
    const offset = font.readUInt32BE(at + 8);
    const data = font.subarray(offset, offset + font.readUInt32BE(at + 12));
    return { tag, data: tag === 'name' ? nameTable(family, copyright) : data };
  });
  const directory = Buffer.alloc(12 + count * 16);
  font.copy(directory, 0, 0, 12);
  const parts: Buffer[] = [directory];
  let offset = directory.length;
  for (const [index, { tag, data }] of tables.entries()) {
    const at = 12 + index * 16;
    directory.write(tag, at, 'latin1');
    // The checksum at +4 is computed when the font is cut.
    directory.writeUInt32BE(offset, at + 8);
    directory.writeUInt32BE(data.length, at + 12);
    const padded = Buffer.alloc(Math.ceil(data.length / 4) * 4);
    data.copy(padded);
    parts.push(padded);
    offset += padded.length;
  }
  return Buffer.concat(parts);
}
