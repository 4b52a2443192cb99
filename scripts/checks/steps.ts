/** The steps of `npm test`, in order. Each is an npm script, so that it can be run by itself. */
export interface Step {
  /** The npm script. */
  script: string;
  /** How its outcome is counted: as one check, or by the tests it ran. */
  counts: 'one' | 'vitest' | 'playwright';
  /** Whether it reads dist/ and is left out, as failed, when the build failed. */
  needsBuild: boolean;
}

function check(script: string): Step {
  return { script, counts: 'one', needsBuild: false };
}

export const BUILD_STEP = 'build';

export const STEPS: readonly Step[] = [
  check('format:check'),
  check('lint'),
  check('typecheck:pages'),
  check('typecheck'),
  check('imports'),
  check('knip'),
  check('rooms:verify'),
  check('fonts:verify'),
  check('diagrams:verify'),
  { script: 'unit', counts: 'vitest', needsBuild: false },
  check(BUILD_STEP),
  { script: 'pages', counts: 'vitest', needsBuild: true },
  { script: 'e2e', counts: 'playwright', needsBuild: true },
];
