import { defineCollection } from 'astro:content';
import { glob } from 'astro/loaders';
import { z } from 'astro/zod';

const localized = z.object({ ko: z.string().min(1), en: z.string().min(1) }).strict();
const aliases = z.object({ ko: z.array(z.string()), en: z.array(z.string()) }).strict();

const docs = defineCollection({
  loader: glob({ base: './content/docs', pattern: '{ko,en}/**/*.mdx' }),
  schema: z
    .object({
      title: z.string().min(1),
      description: z.string().min(1),
      sources: z.array(z.object({ title: z.string().min(1), url: z.url() }).strict()).default([]),
    })
    .strict(),
});

const glossary = defineCollection({
  loader: glob({ base: './content/glossary', pattern: '*.yaml' }),
  schema: z
    .object({
      term: localized,
      aliases: aliases.default({ ko: [], en: [] }),
      definition: localized,
      page: z.string().optional(),
      source: z
        .object({ title: z.string().min(1), url: z.url() })
        .strict()
        .optional(),
      topic: z.string().min(1),
    })
    .strict(),
});

export const collections = { docs, glossary };
