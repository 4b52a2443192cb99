/** The browser to drive, undefined when this machine has none. `root` holds package.json. */
export function findChromium(root: string): string | undefined;
