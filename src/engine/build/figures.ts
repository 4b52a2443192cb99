/** Model figures of a build: virtual time that its steps take. Simplified: a real builder's times
 * depend on the machine; these keep the proportions that a reader would see. */
export const FIGURES = {
  definitionMs: 20,
  ignoreMs: 10,
  contextMs: 30,
  contextBytesPerMs: 50_000,
  copyMs: 40,
  copyBytesPerMs: 100_000,
  workdirMs: 30,
  mergeMs: 10,
  runMs: 220,
  killMs: 20,
  downloadMs: 350,
  /** A file fetched from a URL, whatever it is. */
  downloadBytes: 1_000_000,
  exportMs: 60,
  exportBytesPerMs: 40_000,
  unpackMs: 20,
  /** A command that is not in the table of understood ones. */
  unknownRunMs: 1500,
  unknownRunBytes: 1_000_000,
} as const;
