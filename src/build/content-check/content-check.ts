import type { AstroIntegration } from 'astro';
import { fileURLToPath } from 'node:url';
import { AuthoringError, type Fault } from '../authoring-error.ts';
import { checkChallenges } from '../challenges/challenges.ts';
import { checkComparisons } from '../comparisons/comparisons.ts';
import { checkNavigation } from './navigation.ts';
import { readContent } from './pages.ts';
import { checkRedirects, checkTerms } from './references.ts';
import { checkFigureIds, checkHeadingIds, checkTwins } from './twins.ts';

/**
 * What the pages promise one another, checked over all of content/ before anything is rendered:
 * twins in every language, navigation, redirects, terms, and the form of comparisons and exercises.
 * Links are checked by the Markdown plugins, where a page is read.
 */
export function faultsOf(root: string): readonly Fault[] {
  const content = readContent(root);
  return [
    ...checkHeadingIds(content.pages),
    ...checkTwins(content.pages),
    ...checkFigureIds(content.pages),
    ...checkNavigation(content),
    ...checkRedirects(content),
    ...checkTerms(content),
    ...checkComparisons(root),
    ...checkChallenges(root),
  ];
}

/** A fault stops a build; the development server names it and goes on. */
export function contentCheck(): AstroIntegration {
  let root = process.cwd();
  const check = (): void => {
    const [first, ...others] = faultsOf(root);
    if (first !== undefined) throw new AuthoringError([first, ...others]);
  };
  return {
    name: 'content-check',
    hooks: {
      'astro:config:done': ({ config }) => {
        root = fileURLToPath(config.root);
      },
      'astro:build:start': check,
      'astro:server:start': ({ logger }) => {
        try {
          check();
        } catch (error) {
          logger.error(error instanceof Error ? error.message : String(error));
        }
      },
    },
  };
}
