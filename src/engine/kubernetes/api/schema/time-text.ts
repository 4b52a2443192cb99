/**
 * What Go's `time.Parse` has against a text in RFC 3339 (time/format.go, Go 1.25); undefined when
 * it is one. `microTime` is written with six digits of a second, though any number is read.
 */
export function timeFault(text: string, precision: 'time' | 'microTime'): string | undefined {
  const layout =
    precision === 'time' ? '2006-01-02T15:04:05Z07:00' : '2006-01-02T15:04:05.000000Z07:00';
  const parsing = `parsing time ${JSON.stringify(text)}`;
  let rest = text;
  for (const { element, form, range } of ELEMENTS) {
    const match = form.exec(rest);
    if (!match)
      return `${parsing} as "${layout}": cannot parse ${JSON.stringify(rest)} as "${element}"`;
    if (range && !isWithin(Number(match[0]), range.least, range.most)) {
      return `${parsing}: ${range.name} out of range`;
    }
    rest = rest.slice(match[0].length);
  }
  if (rest !== '') return `${parsing}: extra text: ${JSON.stringify(rest)}`;
  return isDayOfMonth(text) ? undefined : `${parsing}: day out of range`;
}

interface Element {
  readonly element: string;
  readonly form: RegExp;
  readonly range?: { readonly name: string; readonly least: number; readonly most: number };
}

const ELEMENTS: readonly Element[] = [
  { element: '2006', form: /^\d{4}/ },
  { element: '-', form: /^-/ },
  { element: '01', form: /^\d{2}/, range: { name: 'month', least: 1, most: 12 } },
  { element: '-', form: /^-/ },
  { element: '02', form: /^\d{2}/, range: { name: 'day', least: 1, most: 31 } },
  { element: 'T', form: /^T/ },
  { element: '15', form: /^\d{2}/, range: { name: 'hour', least: 0, most: 23 } },
  { element: ':', form: /^:/ },
  { element: '04', form: /^\d{2}/, range: { name: 'minute', least: 0, most: 59 } },
  { element: ':', form: /^:/ },
  { element: '05', form: /^\d{2}(?:\.\d+)?/, range: { name: 'second', least: 0, most: 59.999 } },
  { element: 'Z07:00', form: /^(?:Z|[+-]\d{2}:\d{2})/ },
];

const isWithin = (value: number, least: number, most: number): boolean =>
  value >= least && (value <= most || Math.floor(value) <= Math.floor(most));

function isDayOfMonth(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split('-').map(Number);
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day <= (days[month - 1] ?? 0);
}
