/**
 * A text that only help shows, whole. In the sources it stands where it belongs; the bundler of the worker
 * leaves a key in its place, which is what a command line needs of it, and puts here what the key
 * stands for (`src/build/pieces/thin-texts.ts`).
 */
export const wholeText = (text: string): string => text;
