/** The first difference between the lock file and node_modules, in words. */
export function installDifference(root: string): string | undefined;
/** What to tell somebody whose `npm ci` wrote `output` to stderr and failed. */
export function explainInstallFailure(output: string): string;
