import { refuse, type Refused } from './refused.ts';

/**
 * One record as Go's `encoding/csv` reads it: `type=bind,"source=/a,b"`. Fields are bare or
 * wholly in double quotes, in which a doubled quote stands for one.
 */
export function readCsv(text: string): string[] | Refused {
  const line = text.replace(/\r?\n[\s\S]*$/, '');
  if (line === '') return refuse('EOF');
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    if (line[at] !== '"') {
      const end = line.indexOf(',', at);
      const field = end === -1 ? line.slice(at) : line.slice(at, end);
      const quote = field.indexOf('"');
      if (quote !== -1) return fault(at + quote, 'bare " in non-quoted-field');
      fields.push(field);
      if (end === -1) return fields;
      at = end + 1;
      continue;
    }
    let field = '';
    at += 1;
    for (;;) {
      const end = line.indexOf('"', at);
      if (end === -1) return fault(line.length, 'extraneous or missing " in quoted-field');
      field += line.slice(at, end);
      at = end + 1;
      if (line[at] !== '"') break;
      field += '"';
      at += 1;
    }
    fields.push(field);
    if (at >= line.length) return fields;
    if (line[at] !== ',') return fault(at - 1, 'extraneous or missing " in quoted-field');
    at += 1;
  }
}

const fault = (column: number, why: string): Refused =>
  refuse(`parse error on line 1, column ${column + 1}: ${why}`);
