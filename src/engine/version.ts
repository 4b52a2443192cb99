/**
 * Version of the engine. It changes whenever the same journal leads to another state hash, so that
 * a link made before can say so.
 */
export const ENGINE_VERSION = '0.7.0';
