import Aside from './Aside.astro';
import Term from './Term.astro';

/** The components that a page may use without importing them. */
export const pageComponents = { Aside, Term };
