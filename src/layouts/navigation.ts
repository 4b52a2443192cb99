import { parse } from 'yaml';
import source from '../../content/navigation.yaml?raw';
import type { SemanticClass } from '../diagram/graph.ts';
import type { Localized } from '../i18n/locales.ts';

/** One topic of content/navigation.yaml; `pages` are full page ids (`images/dockerfile`). */
export interface Topic {
  readonly id: string;
  /** Drawn before the topic's name. */
  readonly symbol: SemanticClass;
  readonly title: Localized;
  readonly description: Localized;
  readonly pages: readonly string[];
}

interface TopicSource extends Omit<Topic, 'pages'> {
  readonly pages: readonly string[];
}

/** The topics in reading order. The form of the file is checked by build/content-check. */
export const topics: readonly Topic[] = (parse(source) as TopicSource[]).map((topic) => ({
  ...topic,
  pages: topic.pages.map((page) => `${topic.id}/${page}`),
}));

/** All page ids in reading order. */
export const readingOrder: readonly string[] = topics.flatMap((topic) => topic.pages);

/** The topic that the page belongs to. */
export function topicOf(pageId: string): Topic | undefined {
  return topics.find((topic) => topic.pages.includes(pageId));
}
