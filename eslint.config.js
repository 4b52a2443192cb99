import ts from 'typescript-eslint';
import { EXACT_RUN_RULES, NO_PAGE_RULES } from './scripts/lint/exact-run-bans.ts';

/** The file of src/diagram that knows the reader's page, and those that drive our own browser. */
const DOM_FILES = [
  'src/diagram/attach.ts',
  'src/diagram/mermaid-page.ts',
  'src/diagram/browser.ts',
];

const TESTS = ['**/*.test.ts', '**/*.test.tsx', 'tests/**'];
const EXACT = ['src/engine/**/*.ts', 'src/scenarios/**/*.ts'];

export default ts.config(
  {
    ignores: ['dist*/', '.astro/', 'node_modules/', 'test-results/', 'playwright-report/'],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [ts.configs.strictTypeChecked, ts.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      eqeqeq: ['error', 'always'],
      'max-lines': ['error', { max: 500 }],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      // `const { id, ...rest }` is how a member is left out.
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      '@typescript-eslint/require-array-sort-compare': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // Numbers read well in a template; anything else must be turned into text on purpose.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/no-empty-function': ['error', { allow: ['arrowFunctions'] }],
      // Code points are what is wanted when text is measured or cut into letters.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      // Every index is `| undefined` to the compiler, also one whose bounds were just checked.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Walking a chain of nodes starts at `this`.
      '@typescript-eslint/no-this-alias': 'off',
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/prefer-nullish-coalescing': 'off',
      '@typescript-eslint/no-unnecessary-condition': 'off',
    },
  },
  {
    files: EXACT,
    ignores: TESTS,
    rules: EXACT_RUN_RULES,
  },
  {
    files: ['src/diagram/**/*.ts'],
    ignores: [...TESTS, ...DOM_FILES],
    rules: NO_PAGE_RULES,
  },
  {
    // One default export per file is what these tools ask for; elsewhere exports have names.
    files: ['src/**/*.{ts,tsx}', 'scripts/**/*.ts', 'tests/**/*.ts'],
    ignores: ['src/pages/**', 'tests/e2e/global-*.ts'],
    rules: {
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
    },
  },
  {
    // Commands speak to the terminal.
    files: ['scripts/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    // A group of tests is one function, and a test may lean on what it has just asserted.
    files: TESTS,
    rules: {
      'max-lines-per-function': 'off',
    },
  },
);
