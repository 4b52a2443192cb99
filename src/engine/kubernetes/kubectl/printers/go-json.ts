/** JSON as Go's `encoding/json` writes it: `<`, `>` and `&` escaped, fields in the order given. */
const ESCAPED: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};

export const goJson = (value: unknown, indent = 0): string =>
  (JSON.stringify(value, undefined, indent) ?? 'null').replace(
    /[<>&\u2028\u2029]/g,
    (char) => ESCAPED[char] ?? char,
  );

/** A value as Go's `%#v` shows it. */
export function goValue(value: unknown): string {
  if (value === null || value === undefined) return 'interface {}(nil)';
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return `[]interface {}{${value.map(goValue).join(', ')}}`;
  if (typeof value !== 'object') return JSON.stringify(value);
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => `${JSON.stringify(key)}:${goValue(field)}`);
  return `map[string]interface {}{${fields.join(', ')}}`;
}
