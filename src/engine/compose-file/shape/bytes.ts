import { goQuote } from '../../go/quote.ts';
import { failAt } from './decode-failure.ts';

/** Sizes as docker/go-units v0.5 `RAMInBytes` takes them: 1024s, `512m`, `1.5g`, `2GiB`. */
const POWERS = 'bkmgtpezy';
const FACTORS = [1];
for (let at = 1; at < POWERS.length; at++) FACTORS.push((FACTORS[at - 1] ?? 1) * 1024);

export function parseBytes(text: string, at: string): number {
  const invalid = (): number => failAt(at, `invalid size: '${text}'`);
  const cut = /[0-9.](?=[^0-9.]*$)/.exec(text);
  if (!cut) return invalid();
  const digits = text.slice(0, cut.index + 1);
  const number = digits.trimEnd();
  if (!/^(\d+\.?\d*|\.\d+)$/.test(number)) {
    return failAt(at, `strconv.ParseFloat: parsing ${goQuote(number)}: invalid syntax`);
  }
  const suffix = text.slice(digits.length).trim().toLowerCase();
  const unit = /^([bkmgtpezy]?)(i?b)?$/.exec(suffix);
  if (!unit || suffix === 'ib' || suffix === 'bib' || suffix === 'bb') {
    return failAt(at, `invalid suffix: '${suffix}'`);
  }
  const power = unit[1] === '' ? 0 : POWERS.indexOf(unit[1] ?? '');
  return Math.trunc(Number(number) * (FACTORS[power] ?? 1));
}
