/**
 * What the engine and the scenarios may not touch, since a run must be the same, byte for byte, in
 * Node and in every browser: clocks, chance, the outside world, the reader's language, and those
 * functions of Math that engines may round differently.
 *
 * Each list is plain data for ESLint's own rules; tests/rules/lint.test.ts plants each fault.
 */

const OUTSIDE_CLOCK = 'The engine has its own clock (engine/sim).';
const OUTSIDE_WORLD = 'The engine knows nothing outside its world.';
const BY_LANGUAGE = 'The result depends on the language of the machine; compare by code unit.';
const ROUNDING = 'Engines round it differently; use a table or integers.';

const GLOBALS: Readonly<Record<string, string>> = {
  Date: OUTSIDE_CLOCK,
  performance: OUTSIDE_CLOCK,
  setTimeout: OUTSIDE_CLOCK,
  setInterval: OUTSIDE_CLOCK,
  setImmediate: OUTSIDE_CLOCK,
  queueMicrotask: OUTSIDE_CLOCK,
  requestAnimationFrame: OUTSIDE_CLOCK,
  requestIdleCallback: OUTSIDE_CLOCK,
  crypto: 'Draw from a keyed sub-stream; hash with @noble/hashes.',
  fetch: OUTSIDE_WORLD,
  XMLHttpRequest: OUTSIDE_WORLD,
  WebSocket: OUTSIDE_WORLD,
  console: 'What a run tells is in its trace.',
  process: OUTSIDE_WORLD,
  Buffer: 'Node alone has it; use Uint8Array.',
  navigator: OUTSIDE_WORLD,
  localStorage: OUTSIDE_WORLD,
  sessionStorage: OUTSIDE_WORLD,
  Intl: BY_LANGUAGE,
  WeakRef: 'When memory is freed differs from run to run.',
  FinalizationRegistry: 'When memory is freed differs from run to run.',
};

/** The globals through which a module would reach the page. */
export const DOM_GLOBALS: readonly string[] = [
  'document',
  'window',
  'customElements',
  'history',
  'location',
  'matchMedia',
  'getComputedStyle',
  'HTMLElement',
  'SVGElement',
  'Element',
  'Node',
  'DOMParser',
  'MutationObserver',
  'ResizeObserver',
  'IntersectionObserver',
];

const MATH = [
  ...['acos', 'acosh', 'asin', 'asinh', 'atan', 'atan2', 'atanh', 'cbrt', 'cos', 'cosh', 'exp'],
  ...['expm1', 'hypot', 'log', 'log10', 'log1p', 'log2', 'pow', 'sin', 'sinh', 'tan', 'tanh'],
];

const METHODS_BY_LANGUAGE = [
  'localeCompare',
  'toLocaleString',
  'toLocaleDateString',
  'toLocaleTimeString',
  'toLocaleLowerCase',
  'toLocaleUpperCase',
];

function restrictedGlobals(names: readonly string[], message: string) {
  return names.map((name) => ({ name, message }));
}

const throughGlobalThis = {
  selector: "Identifier[name='globalThis']",
  message: 'Globals reached through globalThis escape the list of what is banned.',
};

/** ESLint rules for src/engine and src/scenarios, tests left out. */
export const EXACT_RUN_RULES = {
  'no-restricted-globals': [
    'error',
    ...Object.entries(GLOBALS).map(([name, message]) => ({ name, message })),
    ...restrictedGlobals(DOM_GLOBALS, 'The engine runs without a page.'),
  ],
  'no-restricted-properties': [
    'error',
    { object: 'Math', property: 'random', message: 'Draw from a keyed sub-stream.' },
    ...MATH.map((property) => ({ object: 'Math', property, message: ROUNDING })),
    ...METHODS_BY_LANGUAGE.map((property) => ({ property, message: BY_LANGUAGE })),
  ],
  'no-restricted-syntax': [
    'error',
    { selector: 'ForInStatement', message: 'Iterate over Object.keys or entries, in order.' },
    {
      selector: "BinaryExpression[operator='**']:not([left.type='Literal'][right.type='Literal'])",
      message: ROUNDING,
    },
    { selector: "AssignmentExpression[operator='**=']", message: ROUNDING },
    throughGlobalThis,
  ],
} as const;

/** ESLint rules for the files of src/diagram that must not know the page. */
export const NO_PAGE_RULES = {
  'no-restricted-globals': [
    'error',
    ...restrictedGlobals(DOM_GLOBALS, 'Only src/diagram/attach.ts knows the page.'),
  ],
} as const;
