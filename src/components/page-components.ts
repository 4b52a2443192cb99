import Aside from './Aside.astro';
import Glossary from './Glossary.astro';
import Term from './Term.astro';

/** The components that a page may use without importing them. */
export const pageComponents = { Aside, Glossary, Term };
