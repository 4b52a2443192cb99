import { locales } from '../../i18n/locales.ts';
import type { Fault } from '../authoring-error.ts';
import type { PageSource } from './pages.ts';

/** Every page, heading and figure exists in every language, in the same order. */
export function checkTwins(pages: readonly PageSource[]): readonly Fault[] {
  return pages.flatMap((page) =>
    locales
      .filter((locale) => locale !== page.locale)
      .flatMap((locale) => {
        const twin = pages.find((other) => other.locale === locale && other.id === page.id);
        if (twin === undefined) {
          const file = `content/docs/${locale}/${page.id}.mdx`;
          return [missingPage(page, file)];
        }
        // A pair is compared once, from the default language.
        return page.locale === locales[0] ? differences(page, twin) : [];
      }),
  );
}

function missingPage(page: PageSource, file: string): Fault {
  return {
    file: page.file,
    line: 1,
    what: `The page "${page.id}" has no twin.`,
    remedy: `Write ${file} with the same headings and figures.`,
  };
}

interface Part {
  readonly id: string;
  readonly line: number;
}

function differences(page: PageSource, twin: PageSource): readonly Fault[] {
  const headings = ({ outline }: PageSource) =>
    outline.headings.flatMap(({ id, depth, line }) =>
      id === null ? [] : [{ id: `${'#'.repeat(depth)} ${id}`, line }],
    );
  const figures = ({ outline }: PageSource) => outline.figures;
  return [
    ...firstDifference('heading', page, headings(page), twin, headings(twin)),
    ...firstDifference('figure', page, figures(page), twin, figures(twin)),
  ];
}

/** Only the first difference is told: those after it mostly follow from it. */
function firstDifference(
  kind: string,
  page: PageSource,
  ours: readonly Part[],
  twin: PageSource,
  theirs: readonly Part[],
): readonly Fault[] {
  const at = [...Array(Math.max(ours.length, theirs.length)).keys()].find(
    (index) => ours[index]?.id !== theirs[index]?.id,
  );
  if (at === undefined) return [];
  const [our, their] = [ours[at], theirs[at]];
  if (our !== undefined && !theirs.some(({ id }) => id === our.id)) {
    return [missing(kind, page, our, twin)];
  }
  if (their !== undefined && !ours.some(({ id }) => id === their.id)) {
    return [missing(kind, twin, their, page)];
  }
  return [
    {
      file: page.file,
      line: our?.line ?? 1,
      what: `The ${kind} "${our?.id}" stands where ${twin.file}:${their?.line} has "${their?.id}".`,
      remedy: 'Give both languages the same order.',
    },
  ];
}

function missing(kind: string, page: PageSource, part: Part, twin: PageSource): Fault {
  return {
    file: page.file,
    line: part.line,
    what: `The ${kind} "${part.id}" has no twin in ${twin.file}.`,
    remedy: 'Write it there with the same id, or remove it here.',
  };
}

/** Every heading has an id; told here for all pages at once. */
export function checkHeadingIds(pages: readonly PageSource[]): readonly Fault[] {
  return pages.flatMap(({ file, outline }) =>
    outline.headings
      .filter(({ id }) => id === null)
      .map(({ text, line }) => ({
        file,
        line,
        what: `The heading "${text}" has no id.`,
        remedy: 'End it with [#id], the same in both languages.',
      })),
  );
}

/** A figure's id names it on the whole site, and is an anchor beside the headings of its page. */
export function checkFigureIds(pages: readonly PageSource[]): readonly Fault[] {
  const faults: Fault[] = [];
  const seen = new Map<string, PageSource>();
  for (const page of pages) {
    for (const { id, line } of page.outline.figures) {
      const remedy = 'Give the figure another id, in both languages.';
      const key = `${page.locale} ${id}`;
      const before = seen.get(key);
      if (before !== undefined) {
        const what = `The figure id "${id}" is taken by ${before.file}.`;
        faults.push({ file: page.file, line, what, remedy });
      }
      if (page.outline.headings.some((heading) => heading.id === id)) {
        const what = `The figure id "${id}" is also the id of a heading of this page.`;
        faults.push({ file: page.file, line, what, remedy });
      }
      seen.set(key, page);
    }
  }
  return faults;
}
