/** Whether a Node of this version (`v24.21.0`) runs TypeScript files without a flag. */
export function runsTypeScript(version: string): boolean;
/** The path of the pinned Node, undefined where the platform has none. */
export function pinnedNode(root: string): string | undefined;
