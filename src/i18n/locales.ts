/** The languages of the site, the default first. */
export const locales = ['ko', 'en'] as const;

export type Locale = (typeof locales)[number];

/** A text that exists in every language. */
export type Localized = Readonly<Record<Locale, string>>;

export function isLocale(value: unknown): value is Locale {
  return locales.some((locale) => locale === value);
}

/** The language a page offers to switch to. */
export function otherLocale(locale: Locale): Locale {
  return locale === 'ko' ? 'en' : 'ko';
}
